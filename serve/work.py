"""From a request to predictions: texts into the queue, answers awaited, with a time limit and an eye on the client."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Coroutine, Iterable
from datetime import date as Date
from typing import Any, TypeVar

from starlette.requests import Request

from ..model.frames import Prediction
from .batcher import Batcher, QueueFull
from .settings import cost_of

#: Texts of one file that wait in the queue at a time, and the share of the queue that they may take (one text always
#: may), so that a large file leaves room for others.
ABREAST = 32
SHARE = 1 / 4
#: How long a file's next texts wait before they knock at a full queue again, in seconds.
KNOCK = 0.2

T = TypeVar("T")


class TooLate(Exception):
    """The time limit passed before the answer was there."""


class ClientGone(Exception):
    """The client closed the connection; nobody waits for the answer."""


async def predict_all(
    batcher: Batcher, texts: list[str], min_score: float, date: Date | None = None
) -> list[Prediction]:
    """Predictions in order; all texts are taken into the queue at once or none (`QueueFull`). ``date`` is the reports'
    own."""
    futures = [asyncio.wrap_future(future) for future in batcher.submit(texts, min_score, date)]
    try:
        return list(await asyncio.gather(*futures))
    finally:
        for future in futures:
            future.cancel()


async def predict_abreast(
    batcher: Batcher, reports: Iterable[tuple[str, Date | None]], min_score: float
) -> list[Prediction]:
    """Predictions of (text, its own date), in order, at most `ABREAST` in the queue at a time; waits where the queue is
    full."""
    waiting: deque[tuple[asyncio.Future[Prediction], int]] = deque()
    found: list[Prediction] = []
    try:
        for text, day in reports:
            cost = cost_of(len(text))
            room = batcher.share(SHARE)
            while waiting and (len(waiting) >= ABREAST or cost + sum(held for _, held in waiting) > room):
                found.append(await waiting.popleft()[0])
            waiting.append((await _enter(batcher, text, min_score, day), cost))
        while waiting:
            found.append(await waiting.popleft()[0])
        return found
    finally:
        for future, _ in waiting:
            future.cancel()


async def _enter(batcher: Batcher, text: str, min_score: float, day: Date | None) -> asyncio.Future[Prediction]:
    while True:
        try:
            return asyncio.wrap_future(batcher.submit([text], min_score, day)[0])
        except QueueFull:
            await asyncio.sleep(KNOCK)


async def bounded(request: Request, work: Coroutine[Any, Any, T], timeout: float) -> T:
    """``work``'s result. Stops it and raises `TooLate` after ``timeout`` seconds, `ClientGone` if the client leaves."""
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_gone(request))
    try:
        done, _ = await asyncio.wait({task, gone}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        if task in done:
            return task.result()
        raise ClientGone if gone in done else TooLate
    finally:
        for one in (task, gone):
            one.cancel()
        await asyncio.gather(task, gone, return_exceptions=True)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
