"""Days of the Hijri calendar as Gregorian ones, with the `hijridate` library where it is installed.

The Umm al-Qura calendar, 1343 to 1500. Without the library, or outside that range, the answer is None: a moon sighted a
day later elsewhere is a reason not to compute it ourselves.
"""

from __future__ import annotations

from datetime import date


def gregorian(day: int, month: int, year: int | None, reported: date | None) -> date | None:
    """The Gregorian date of a Hijri one; without ``year`` the last such day up to the report's date."""
    try:
        from hijridate import Gregorian, Hijri
    except ImportError:
        return None
    try:
        if year is None:
            if reported is None:
                return None
            year = Gregorian.fromdate(reported).to_hijri().year
            if _day(Hijri(year, month, day)) > reported:
                year -= 1
        return _day(Hijri(year, month, day))
    except (ValueError, OverflowError):
        return None


def _day(hijri: object) -> date:
    given = hijri.to_gregorian()  # type: ignore[attr-defined]
    return date(given.year, given.month, given.day)
