"""The gate before the routes: who may come in, how much they may send, and how long they may take to send it.

Pure ASGI. Refuses without reading the text: a wrong token (401), other sites' pages (403), compressed bodies (415), too
much (413), too slowly sent (408), too many at once (503). Puts the security headers on every answer and counts all.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .metrics import Metrics
from .settings import ServeSettings
from .token import Token

#: A refused body is read on to its end and thrown away, up to so many times the limit and so many seconds, so that a
#: client which is still sending gets to read why.
OVERRUN = 4
PATIENCE = 5.0
#: What watches the service; always answered.
WATCHED = ("/health", "/metrics")
#: Whatever is not here, and not the page's own files, wants the token.
OPEN = ("/", "/health", "/ready", "/openapi.json")
PAGE_FILES = "/static/"
SECURITY_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        b"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)


class Refusal(Exception):
    """An answer that the gate gives itself. ``ended``: the body was read to its end, nothing more will come."""

    ended = False

    def __init__(self, status: int, detail: str, headers: Iterable[tuple[bytes, bytes]] = ()) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, list(headers)


class Gate:
    """Wraps ``app``; ``routes`` are the paths that metrics may name (all others count as "other")."""

    def __init__(
        self, app: ASGIApp, *, settings: ServeSettings, token: Token | None, metrics: Metrics, routes: frozenset[str]
    ) -> None:
        self.app, self.settings, self.token = app, settings, token
        self.metrics, self.routes = metrics, routes
        self._working = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), 499  # what stays if the client leaves before an answer

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", []), *SECURITY_HEADERS]
            await send(message)

        route = scope["path"] if scope["path"] in self.routes else "other"
        # asking how the service is takes no client's place
        place = 0 if scope["path"] in WATCHED else 1
        self._working += place
        self.metrics.in_flight.set(self._working)
        try:
            await self._admit(scope, receive, answer)
        finally:
            self._working -= place
            self.metrics.in_flight.set(self._working)
            method = scope["method"] if scope["method"] in ("GET", "POST", "HEAD", "OPTIONS") else "other"
            self.metrics.requests.labels(route, method, str(status)).inc()
            self.metrics.seconds.labels(route).observe(time.perf_counter() - began)

    async def _admit(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        try:
            self._check(scope, headers)
            body = await self._body(headers, receive)
        except Refusal as refusal:
            await self._refuse(refusal, headers, receive, send)
            return
        except ConnectionResetError:
            return
        await self.app(scope, _replay(body, receive), send)

    def _check(self, scope: Scope, headers: dict[bytes, bytes]) -> None:
        path = scope["path"]
        if self._working > self.settings.max_requests and path not in WATCHED:
            raise Refusal(503, "too many requests at once; try again", [(b"retry-after", b"1")])
        guarded = path not in OPEN and not path.startswith(PAGE_FILES)
        if self.token and guarded and not self.token.admits(headers.get(b"authorization")):
            detail = "this service asks for a bearer token: Authorization: Bearer TOKEN"
            raise Refusal(401, detail, [(b"www-authenticate", b"Bearer")])
        if scope["method"] == "POST" and headers.get(b"sec-fetch-site") in (b"cross-site", b"same-site"):
            raise Refusal(403, "pages of other sites may not use this service")
        if headers.get(b"content-encoding", b"identity").strip().lower() not in (b"", b"identity"):
            raise Refusal(415, "compressed bodies are not taken; send it as it is", [(b"accept-encoding", b"identity")])

    async def _body(self, headers: dict[bytes, bytes], receive: Receive) -> bytes:
        """The whole body, at most ``max_body`` bytes of it, in at most ``body_timeout`` seconds."""
        limit = self.settings.max_body
        too_much = Refusal(413, f"the body is larger than the {limit} bytes that this service takes")
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or len(length) > 15 or int(length) > limit:
            raise too_much
        parts: list[bytes] = []
        held = 0
        deadline = asyncio.get_running_loop().time() + self.settings.body_timeout
        more = True
        while more:
            try:
                wait = deadline - asyncio.get_running_loop().time()
                message = await asyncio.wait_for(receive(), max(0.0, wait))
            except asyncio.TimeoutError:
                raise Refusal(408, f"the body took longer than {self.settings.body_timeout:g} seconds") from None
            if message["type"] == "http.disconnect":
                raise ConnectionResetError
            held += len(message.get("body", b""))
            more = message.get("more_body", False)
            if held > limit:
                too_much.ended = not more
                raise too_much
            parts.append(message.get("body", b""))
        return b"".join(parts)

    async def _refuse(self, refusal: Refusal, headers: dict[bytes, bytes], receive: Receive, send: Send) -> None:
        length = headers.get(b"content-length", b"")
        overrun = OVERRUN * self.settings.max_body
        endless = length.isdigit() and (len(length) > 15 or int(length) > overrun)
        # a client that waits for "100 Continue" has sent nothing yet and would be told to by reading on
        if refusal.status != 408 and not refusal.ended and not endless and b"expect" not in headers:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(_discard(receive, overrun), PATIENCE)
        content = json.dumps({"detail": refusal.detail}).encode()
        start = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(content)).encode()),
            (b"connection", b"close"),
        ]
        await send({"type": "http.response.start", "status": refusal.status, "headers": [*start, *refusal.headers]})
        await send({"type": "http.response.body", "body": content})


async def _discard(receive: Receive, limit: int) -> None:
    held = 0
    while held <= limit:
        message = await receive()
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return
        held += len(message.get("body", b""))


def _replay(body: bytes, receive: Receive) -> Receive:
    """``receive`` as if ``body`` were still to come; what follows it is the connection's own."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
