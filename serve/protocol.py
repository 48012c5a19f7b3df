"""uvicorn's HTTP/1.1 protocol with the limits that it lacks: time for headers that never end (the connection is closed)
and for answers that nobody takes (it is cut), and a number of connections (those beyond are told to come again)."""

from __future__ import annotations

import asyncio

import h11
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

#: Bytes of an answer that a client must take in each ``send_timeout``, or all that is left.
LEAST_TAKEN = 65_536


async def too_many(scope: Scope, receive: Receive, send: Send) -> None:
    """The application that connections beyond the limit get."""
    headers = [(b"retry-after", b"1"), (b"connection", b"close"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def limited_protocol(header_timeout: float, send_timeout: float, max_connections: int) -> type[H11Protocol]:
    """A protocol class for ``uvicorn.Config(http=...)``; times in seconds."""

    class LimitedProtocol(H11Protocol):
        _header_timer: asyncio.TimerHandle | None = None
        _send_timer: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            if len(self.connections) > max_connections:
                self.app = too_many
            self._watch_headers()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._watch_headers()

        def connection_lost(self, exc: Exception | None) -> None:
            for timer in (self._header_timer, self._send_timer):
                if timer:
                    timer.cancel()
            super().connection_lost(exc)

        def on_response_complete(self) -> None:
            super().on_response_complete()
            if self._send_timer:
                self._send_timer.cancel()
            self._watch_answer()

        def _watch_answer(self) -> None:
            left = self.transport.get_write_buffer_size()
            if left:
                self._send_timer = self.loop.call_later(send_timeout, self._cut_if_not_taken, left)

        def _watch_headers(self) -> None:
            """While a request's headers are incomplete, and only then, the clock runs; more bytes do not stop it."""
            if self.conn.their_state is not h11.IDLE:
                if self._header_timer:
                    self._header_timer.cancel()
                self._header_timer = None
            elif self._header_timer is None:
                self._header_timer = self.loop.call_later(header_timeout, self._close_if_no_request)

        def _close_if_no_request(self) -> None:
            self._header_timer = None
            if self.conn.their_state is h11.IDLE:
                self.transport.abort()

        def _cut_if_not_taken(self, before: int) -> None:
            left = self.transport.get_write_buffer_size()
            if left > max(0, before - LEAST_TAKEN):
                self.transport.abort()
            else:
                self._watch_answer()

    return LimitedProtocol
