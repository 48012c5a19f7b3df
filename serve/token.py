"""The bearer token: read from the environment or a file, compared in constant time, never logged.

It is no command-line argument, because arguments show in ``ps``.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from pathlib import Path

VARIABLE = "ADWAR_TOKEN"
FILE_VARIABLE = "ADWAR_TOKEN_FILE"
LEAST = 16
#: What RFC 6750 lets a bearer token be made of.
_FORM = re.compile(r"[A-Za-z0-9\-._~+/]+=*")


class Token:
    """A secret that can be compared with and does not print."""

    __slots__ = ("_secret",)

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode("ascii")

    def admits(self, authorization: bytes | None) -> bool:
        """Whether an ``Authorization`` header bears this token. The time taken does not tell how much of it fits."""
        scheme, _, given = (authorization or b"").partition(b" ")
        fits = hmac.compare_digest(given.strip(), self._secret)
        return fits and scheme.lower() == b"bearer"

    def __repr__(self) -> str:
        return "Token(***)"


def read_token(environment: Mapping[str, str], file: str | None = None) -> Token | None:
    """The token from ``file``, else from the file that `FILE_VARIABLE` names, else from `VARIABLE`; None where none is
    given. Raises ValueError, without the token in it, for one that is empty, too short or of other characters."""
    name = file or environment.get(FILE_VARIABLE)
    if name:
        try:
            secret, where = Path(name).read_text(encoding="utf-8").strip(), name
        except (OSError, UnicodeDecodeError):
            raise ValueError(f"{name}: the token file cannot be read as text") from None
    elif VARIABLE in environment:
        secret, where = environment[VARIABLE].strip(), VARIABLE
    else:
        return None
    if len(secret) < LEAST or not _FORM.fullmatch(secret):
        raise ValueError(
            f"{where}: a token has at least {LEAST} letters, digits or -._~+/ and nothing else; "
            "make one with: python -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return Token(secret)
