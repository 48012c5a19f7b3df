"""What the page says, in English and in Arabic: ``static/phrases.json``, key -> [English, Arabic]."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from ..eval.html_text import isolated, shown

LANGUAGES = ("en", "ar")
_FILE = Path(__file__).parent / "static" / "phrases.json"


@lru_cache(maxsize=1)
def phrases() -> dict[str, list[str]]:
    held: dict[str, list[str]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return held


class Say:
    """Phrases as elements that the page's script can put into the other language."""

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"language {language!r}: one of {', '.join(LANGUAGES)} is expected")
        self.language = language

    def plain(self, key: str, **values: int) -> str:
        """The phrase as text. Raises KeyError for a key that has none."""
        return phrases()[key][LANGUAGES.index(self.language)].format(**{k: f"{n:,}" for k, n in values.items()})

    def __call__(self, key: str, **values: int) -> str:
        """A span with the phrase; its values stay beside it as data."""
        beside = "".join(f' data-v-{name}="{number:,}"' for name, number in values.items())
        return f'<span data-say="{key}"{beside}>{shown(self.plain(key, **values))}</span>'

    def term(self, name: str, value: str) -> str:
        """A type or an attribution; what has no phrase (types of other models) as it is."""
        key = f"{name}.{value}"
        return self(key) if key in phrases() else isolated(value)
