"""A service in a thread of the test's own process, and a labeler that is slow or fails on demand."""

from __future__ import annotations

import contextlib
import threading
import time

from adwar.model.dates import report_date


class Gated:
    """A labeler whose `read` waits for ``gate`` and remembers its batches; a text with "BOOM" fails."""

    def __init__(self, labeler):
        self.labeler, self.batches = labeler, []
        self.gate = threading.Event()
        self.gate.set()

    def read(self, texts):
        self.batches.append(len(texts))
        assert self.gate.wait(30)
        if any("BOOM" in text for text in texts):
            raise ValueError("boom")
        return self.labeler.read(texts)

    def frames_of(self, reading, min_score=0.0, reported=None):
        return self.labeler.frames_of(reading, min_score, reported)

    def predict(self, text, *, min_score=0.0, date=None):
        return self.frames_of(self.read([text])[0], min_score, report_date(date))


@contextlib.contextmanager
def running(app, **limits):
    """``app`` behind a real uvicorn with our protocol; yields its port."""
    import uvicorn

    from adwar.serve.protocol import limited_protocol

    protocol = limited_protocol(
        limits.get("header_timeout", 10), limits.get("send_timeout", 10), limits.get("max_connections", 100)
    )
    config = uvicorn.Config(app, port=0, http=protocol, ws="none", log_config=None, timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.time() + 20
    while not server.started:
        assert thread.is_alive() and time.time() < deadline, "the service did not start"
        time.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()


def wait_until(true, seconds=10):
    deadline = time.time() + seconds
    while not true():
        assert time.time() < deadline, "it did not come to pass"
        time.sleep(0.005)
