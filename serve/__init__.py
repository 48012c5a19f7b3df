"""The HTTP service and its page: ``adwar serve``. Needs the extra ``[serve]``; `app.create_app` is the way in."""
