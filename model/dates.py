"""Dates of attacks: which day each date of a text is, and which of them is a frame's.

A date without a year, a weekday and "yesterday" are resolved against the report's own date; without one only what is
absolute is, and the rest keeps its place and no value. The rules are in ``docs/dates.md``. What it leaves out: times of
day, and dates that only other words imply ("the same day").
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime

from .date_grammar import Dated, read_dates
from .date_tokens import When
from .date_words import CURRENT, DAY, FUTURE, HOUR, MONTH, PAST, WEEK, YEAR
from .hijri import gregorian
from .results import DateMention

Days = tuple[date, date]
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?=$|[T ])")


def report_date(given: str | date | datetime | None) -> date | None:
    """The report's own date from ISO ("2017-09-05", with a time behind it or not), from the form of mail and
    feeds ("Tue, 05 Sep 2017 10:00:00 GMT"), or from a date object. The day is taken as written, whatever the time
    zone. Raises `ValueError` for anything else: "05/09/2017" may be May or September."""
    if given is None or isinstance(given, datetime):
        return given.date() if given else None
    if isinstance(given, date):
        return given
    if isinstance(given, str):
        text = given.strip()
        try:
            return date.fromisoformat(text[:10]) if _ISO.match(text) else parsedate_to_datetime(text).date()
        except (ValueError, TypeError, IndexError):
            pass
    raise ValueError(f"the report's date {given!r} cannot be read; write it as YYYY-MM-DD")


def find_dates(text: str, reported: date | None = None) -> list[tuple[DateMention, Dated]]:
    """Every date of ``text`` with its days where they can be known, and as read."""
    found = []
    for dated in read_dates(text):
        days = resolve(dated.when, reported)
        first, last = (days[0].isoformat(), days[1].isoformat()) if days else (None, None)
        relative = dated.when.year is None
        found.append((DateMention(dated.start, dated.end, text[dated.start : dated.end], first, last, relative), dated))
    return found


def resolve(when: When, reported: date | None) -> Days | None:
    """First and last day of ``when``, seen from the report's date; None where that cannot be known."""
    try:
        if when.day is not None:
            return _day(when, reported)
        if when.month is not None:
            return _month(when, reported)
        if when.year is not None:
            return date(when.year, 1, 1), date(when.year, 12, 31)
        if reported is None:
            return None
        if when.stretch:
            return _stretch(when, reported)
        if when.unit:
            return _ago(when, reported)
        return _weekday(when, reported) if when.weekday is not None else _around(reported, when.offset or 0)
    except (ValueError, OverflowError):
        return None  # 31 February, or before the calendar begins


def _around(reported: date, offset: int) -> Days:
    day = reported + timedelta(days=offset)
    return day, day


def _weekday(when: When, reported: date) -> Days | None:
    """The last such weekday up to the report's; "yesterday, Thursday" must be at most one day off, else it is
    unknown."""
    assert when.weekday is not None
    if when.offset is not None:
        told = reported + timedelta(days=when.offset)
        near = [told + timedelta(days=step) for step in (0, -1, 1)]
        first = next((day for day in near if day.weekday() == when.weekday), None)
        if first is None:
            return None
    elif when.tense == FUTURE:
        first = reported + timedelta(days=(when.weekday - reported.weekday() - 1) % 7 + 1)
    else:
        last = reported - timedelta(days=1) if when.tense == PAST else reported
        last -= timedelta(days=1) if when.until is not None and last.weekday() == when.weekday else timedelta()
        first = last - timedelta(days=(last.weekday() - when.weekday) % 7)
    length = (when.until - when.weekday) % 7 if when.until is not None else 0
    return first, first + timedelta(days=length)


def _day(when: When, reported: date | None) -> Days | None:
    assert when.day is not None and when.month is not None
    if when.hijri:
        day = gregorian(when.day, when.month, when.year, reported)
        return (day, day) if day else None
    year = when.year or _year(when, reported)
    if year is not None:
        return _around(date(year, when.month, when.day), 0)
    if reported is None:
        return None
    if when.month == 0:  # of the month that the report is of, or of the one before
        back = reported if when.tense == CURRENT else reported.replace(day=1) - timedelta(days=1)
        return _around(back.replace(day=when.day), 0)
    if when.tense == CURRENT and when.month == reported.month:
        return _around(date(reported.year, when.month, when.day), 0)
    return _nearest(when.day, when.month, reported, when.tense)


def _nearest(day: int, month: int, reported: date, tense: str) -> Days | None:
    """The last such day up to the report's (and the day after it: clocks differ), or the next one if it is to come."""
    latest = reported + timedelta(days=-1 if tense == PAST else 1)
    years = range(reported.year, reported.year + 9) if tense == FUTURE else range(latest.year, latest.year - 9, -1)
    for year in years:
        if month == 2 and day == 29 and not calendar.isleap(year):
            continue
        found = date(year, month, day)
        if found > reported if tense == FUTURE else found <= latest:
            return found, found
    return None


def _year(when: When, reported: date | None) -> int | None:
    """The year that "of last year" or "of this year" beside a month says."""
    if reported is None or not when.year_tense:
        return None
    return reported.year + {PAST: -1, CURRENT: 0, FUTURE: 1}[when.year_tense]


def _month(when: When, reported: date | None) -> Days | None:
    assert when.month is not None
    year = when.year or _year(when, reported)
    if year is None:
        if reported is None:
            return None
        past = when.tense == PAST
        year = reported.year - (when.month > reported.month or (past and when.month == reported.month))
        year += when.tense == FUTURE and when.month > reported.month
    return date(year, when.month, 1), date(year, when.month, calendar.monthrange(year, when.month)[1])


def _months_back(day: date, months: int) -> Days:
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, 1), date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def _stretch(when: When, reported: date) -> Days | None:
    if when.offset is not None:  # last night
        return reported - timedelta(days=1), reported
    if when.tense == FUTURE:
        return None
    if when.tense == CURRENT:
        opening = {WEEK: reported - timedelta(days=6), MONTH: reported.replace(day=1), YEAR: date(reported.year, 1, 1)}
        return (opening[when.unit], reported) if when.unit in opening else None
    if when.amount is None:
        return None
    if when.unit == MONTH and when.amount == 1:
        return _months_back(reported, 1)
    if when.unit == YEAR and when.amount == 1:
        return date(reported.year - 1, 1, 1), date(reported.year - 1, 12, 31)
    days = {DAY: when.amount, WEEK: 7 * when.amount, HOUR: -(-when.amount // 24)}.get(when.unit)
    if days is None:
        first = _months_back(reported, when.amount * (12 if when.unit == YEAR else 1))[0]
        return first, reported
    return reported - timedelta(days=days), reported - timedelta(days=1 if when.unit == WEEK else 0)


def _ago(when: When, reported: date) -> Days | None:
    """Days ago are a day; weeks ago the seven days around it; months and years ago the month or year."""
    if when.amount is None:
        return None
    if when.unit == DAY:
        return _around(reported, -when.amount)
    if when.unit == WEEK:
        middle = reported - timedelta(weeks=when.amount)
        return middle - timedelta(days=3), middle + timedelta(days=3)
    if when.unit == MONTH:
        return _months_back(reported, when.amount)
    if when.unit == YEAR:
        return date(reported.year - when.amount, 1, 1), date(reported.year - when.amount, 12, 31)
    return reported - timedelta(days=-(-when.amount // 24)), reported
