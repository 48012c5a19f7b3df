"""Bytes to text: UTF-8, or another encoding if the reader was told so; what else it looks like is said in one sentence.

What it leaves out: converting by guess. Half of all bytes decode as Windows Arabic without an error, so a guess would
turn other files to rubbish unseen; the guess goes into the message, and the choice is the caller's.
"""

from __future__ import annotations

import codecs

from .errors import DataError

_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UNMARKED = "looks like UTF-16: read it with --encoding utf-16-le or utf-16-be"
#: How much is looked at to guess.
_SAMPLE = 4096


def looks_like(raw: bytes) -> str:
    """For readers that take UTF-8 only: what ``raw``, which is not, looks like, and the command that converts it."""
    if raw[:2] in _UTF16:
        return "it is UTF-16; convert it first: iconv -f UTF-16 -t UTF-8"
    if "CP1256" in _guess(raw):
        return "it looks like CP1256 (Windows Arabic); convert it first: iconv -f CP1256 -t UTF-8"
    return "convert it first (iconv -t UTF-8)"


def known(encoding: str) -> str:
    """``encoding`` by Python's own name for it. Raises ValueError for one that is unknown or no text encoding."""
    try:
        found = codecs.lookup(encoding)
        "".encode(found.name)
    except (LookupError, UnicodeError, TypeError, ValueError):
        problem = f"encoding {encoding!r} is not known; utf-8, utf-16 and cp1256 (Windows Arabic) are the usual ones"
        raise ValueError(problem) from None
    return found.name


def decode(raw: bytes, file: str, *, line: int | None = None, encoding: str | None = None) -> str:
    """The text of ``raw``, which stands in ``file``, byte order mark taken off. Raises `DataError` with what the bytes
    look like and how to read them."""
    name = known(encoding) if encoding else "utf-8"
    if name == "utf-8":
        name = "utf-8-sig"
        if raw[:2] in _UTF16:
            raise _is(raw, file, line)
        if encoding is None and _is_unmarked_utf16(raw[:_SAMPLE]):
            raise DataError(_UNMARKED, file=file, line=line)
    try:
        return raw.decode(name)
    except UnicodeDecodeError as error:
        if encoding and name != "utf-8-sig":
            raise DataError(f"not {encoding} at byte {error.start}; {_guess(raw)}", file=file, line=line) from None
        raise DataError(f"not UTF-8 at byte {error.start}; {_guess(raw)}", file=file, line=line) from None


def _is(raw: bytes, file: str, line: int | None) -> DataError:
    name = "utf-32" if raw[:4] in _UTF32 else "utf-16"
    return DataError(f"is {name.upper()}, not UTF-8: read it with --encoding {name}", file=file, line=line)


def _guess(raw: bytes) -> str:
    """What ``raw``, which is not in the encoding that was expected, looks like, and what to do."""
    sample = raw[:_SAMPLE]
    if _is_unmarked_utf16(sample):
        return f"it {_UNMARKED}"
    high = [byte for byte in sample if byte > 0x7F]
    letters = sum(_is_arabic(byte) for byte in high)
    if high and letters >= 0.7 * len(high):
        return "it looks like CP1256 (Windows Arabic): read it with --encoding cp1256"
    return "say which encoding it is in with --encoding, or save it as UTF-8"


def _is_unmarked_utf16(sample: bytes) -> bool:
    """UTF-16 without a mark is valid UTF-8 where it is Arabic, but its blanks are a NUL in every second place."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    return min(even, odd) == 0 and max(even, odd) >= max(3, len(sample) // 25)


def _is_arabic(byte: int) -> bool:
    return "\u060c" <= bytes((byte,)).decode("cp1256") <= "\u06ff"
