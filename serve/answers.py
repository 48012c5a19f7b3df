"""Answers as JSON: what was asked for, and what each failure is called in HTTP."""

from __future__ import annotations

import json
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from ..data.errors import DataError
from .batcher import Closed, QueueFull, Unreadable
from .work import ClientGone, TooLate

NO_STORE = {"cache-control": "no-store"}


def add_error_answers(app: FastAPI) -> None:
    """Have ``app`` answer every error of ours with its status and a ``detail``."""

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        # where and why, but never the text itself back
        found = [{"loc": list(one["loc"]), "msg": one["msg"], "type": one["type"]} for one in error.errors()]
        return _problem(422, found)

    @app.exception_handler(DataError)
    async def unreadable(_: Request, error: DataError) -> Response:
        return _problem(422, str(error))

    @app.exception_handler(QueueFull)
    async def full(_: Request, error: QueueFull) -> Response:
        return _problem(503, "too much waits already; try again later", {"retry-after": str(error.retry_after)})

    @app.exception_handler(Closed)
    async def closed(_: Request, error: Closed) -> Response:
        return _problem(503, "shutting down", {"retry-after": "5", "connection": "close"})

    @app.exception_handler(TooLate)
    async def too_late(_: Request, error: TooLate) -> Response:
        return _problem(504, "not read in time; send less at once, or try again when less waits")

    @app.exception_handler(ClientGone)
    async def gone(_: Request, error: ClientGone) -> Response:
        return Response(status_code=499)  # nobody reads it; it is for the counters

    @app.exception_handler(Unreadable)
    async def failed(_: Request, error: Unreadable) -> Response:
        return _problem(500, str(error))


def json_answer(content: Any) -> Response:
    return Response(json.dumps(content, ensure_ascii=False), media_type="application/json", headers=NO_STORE)


def _problem(status: int, detail: Any, headers: dict[str, str] | None = None) -> Response:
    # ASCII only: a field's name may hold what no encoding can carry
    return Response(json.dumps({"detail": detail}), status, {**NO_STORE, **(headers or {})}, "application/json")
