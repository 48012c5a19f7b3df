"""What a service may be told: where it listens, what it takes, how long it waits. All limits stand here."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

#: Characters of Arabic news in one piece of the tokenizer, on the careful side: the cost of a text before it is read.
CHARS_PER_PIECE = 4
#: What reading even the shortest text costs, in pieces.
LEAST_COST = 16


def _limit(default: float, told: str) -> Any:
    return field(default=default, metadata={"told": told})


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeSettings:
    """Sizes in bytes, characters, texts or pieces (of the tokenizer) as named; times in seconds."""

    host: str = "127.0.0.1"
    port: int = 8000
    max_body: int = _limit(8 * 2**20, "bytes of a request; more is 413")
    max_chars: int = _limit(200_000, "characters of one text; more is 422")
    max_texts: int = _limit(256, "texts of one /predict; more is 422")
    max_reports: int = _limit(5_000, "reports of one file for /extract; more is 422")
    batch_pieces: int = _limit(4_096, "pieces read together in one batch; a text above it is a batch of its own")
    queue_pieces: int = _limit(250_000, "pieces that may wait; more is 503 with Retry-After")
    max_wait: float = _limit(0.15, "seconds of work that may stand before a new text; more is 503 with Retry-After")
    max_requests: int = _limit(128, "requests worked on at once; more is 503 with Retry-After")
    timeout: float = _limit(60.0, "seconds for /predict from the last byte of the request; later is 504")
    extract_timeout: float = _limit(600.0, "seconds for /extract; later is 504")
    header_timeout: float = _limit(10.0, "seconds for a request's headers; then the connection is closed")
    body_timeout: float = _limit(30.0, "seconds for a request's body; then 408")
    send_timeout: float = _limit(
        60.0, "seconds for a client to take 64 KiB of the answer, or its rest; then it is cut off"
    )
    drain_timeout: float = _limit(120.0, "seconds after SIGTERM to finish what was taken")

    def __post_init__(self) -> None:
        for one in limits():
            value = getattr(self, one.name)
            if not value > 0:
                raise ValueError(f"{one.name} {value}: a number above 0 is expected")
        if not 0 <= self.port <= 65_535:
            raise ValueError(f"port {self.port}: a number from 0 to 65535 is expected")
        if cost_of(self.max_chars) > self.queue_pieces:
            raise ValueError(
                f"queue_pieces {self.queue_pieces}: a text of max_chars {self.max_chars} would never fit; "
                f"give at least {cost_of(self.max_chars)}"
            )


def limits() -> list[Any]:
    """The dataclass fields of `ServeSettings` that are limits; ``metadata["told"]`` says what each means."""
    return [one for one in fields(ServeSettings) if "told" in one.metadata]


def cost_of(characters: int) -> int:
    """The pieces that a text of so many characters is counted as, in batches and in the queue."""
    return LEAST_COST + characters // CHARS_PER_PIECE
