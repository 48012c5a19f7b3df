"""The words that Arabic dates are made of: months of four calendars, weekdays, parts of the day, units, ordinals.

Everything is a table of folded forms (`arabic.fold`); reading them in running text is `date_grammar`. What it leaves
out: the Libyan month names of 1978 to 2011 (الطير, الماء, الحرث), which are common words first.
"""

from __future__ import annotations

from .arabic import fold

#: Month -> its names: Levantine | Egyptian and Gulf | Maghrebi (Tunisia, Algeria, Morocco, Mauritania).
_MONTHS = {
    1: "كانون الثاني,كانون ثاني|يناير|جانفي",
    2: "شباط|فبراير|فيفري",
    3: "آذار|مارس",
    4: "نيسان|أبريل,إبريل|أفريل,افريل",
    5: "أيار|مايو|ماي",
    6: "حزيران|يونيو,يونيه|جوان",
    7: "تموز|يوليو,يوليه|جويلية,جويليه,يوليوز",
    8: "آب|أغسطس|أوت,غشت,أغشت",
    9: "أيلول|سبتمبر|شتنبر,شتمبر",
    10: "تشرين الأول,تشرين أول|أكتوبر,اوكتوبر|أكتوبر",
    11: "تشرين الثاني,تشرين ثاني|نوفمبر|نونبر,نوفنبر",
    12: "كانون الأول,كانون أول|ديسمبر|دجنبر,دجمبر",
}
_HIJRI = {
    1: "محرم",
    2: "صفر",
    3: "ربيع الأول",
    4: "ربيع الآخر,ربيع الثاني",
    5: "جمادى الأولى,جمادى الأول",
    6: "جمادى الآخرة,جمادى الثانية,جمادى الآخر,جمادى الثاني",
    7: "رجب",
    8: "شعبان",
    9: "رمضان",
    10: "شوال",
    11: "ذو القعدة,ذي القعدة,ذو القعده",
    12: "ذو الحجة,ذي الحجة",
}
#: Python's numbers: Monday is 0.
_WEEKDAYS = {
    0: "الاثنين,الإثنين",
    1: "الثلاثاء",
    2: "الأربعاء",
    3: "الخميس",
    4: "الجمعة",
    5: "السبت",
    6: "الأحد",
}


def _words(names: str) -> list[tuple[str, ...]]:
    return [tuple(fold(name).split()) for part in names.split("|") for name in part.split(",")]


#: Folded words of a month's name -> (month, whether of the Hijri calendar).
MONTHS: dict[tuple[str, ...], tuple[int, bool]] = {
    name: (number, hijri)
    for table, hijri in ((_MONTHS, False), (_HIJRI, True))
    for number, names in table.items()
    for name in _words(names)
}
WEEKDAYS: dict[str, int] = {word: number for number, names in _WEEKDAYS.items() for (word,) in _words(names)}
#: Parts of the day that open a date ("مساء أمس"); a date of their own they are not.
PARTS = frozenset(
    fold("صباح فجر مساء ظهر عصر ليل ليلة عشية ضحى نهار سحر غروب صبيحة صبيحه ظهيرة منتصف أمسية طيلة طوال").split()
)
NIGHTS = frozenset(fold("ليل ليلة").split())
#: Words of narrowing before a month or year, which stay in the span and do not change what it resolves to.
NARROWING = frozenset(fold("مطلع أوائل بداية منتصف أواسط نهاية أواخر آخر أول شهر خلال غضون").split())

PAST, CURRENT, FUTURE = "past", "current", "future"
TENSES = {
    fold(word): PAST
    for word in fold(
        "الماضي الماضية الفائت الفائتة المنصرم المنصرمة الأخير الأخيرة السابق الفارط الفارطة المنقضي المنقضية"
    ).split()
}
TENSES |= {fold(word): CURRENT for word in ["الجاري", "الجارية", "الحالي", "الحالية", "هذا"]}
TENSES |= {fold(word): FUTURE for word in ["المقبل", "المقبلة", "القادم", "القادمة", "الآتي"]}

DAY, WEEK, MONTH, YEAR, HOUR = "day", "week", "month", "year", "hour"
#: Every form of a unit of time -> (unit, what its own form says of number: 1, 2, or 0 for nothing).
UNITS: dict[str, tuple[str, int]] = {
    fold(form): (unit, number)
    for unit, one, two, more in (
        (DAY, "يوم", "يومين يومان", "أيام يوما"),
        (WEEK, "أسبوع", "أسبوعين أسبوعان", "أسابيع أسبوعا"),
        (MONTH, "شهر", "شهرين شهران", "أشهر شهور شهرا"),
        (YEAR, "عام سنة", "عامين سنتين عامان سنتان", "أعوام سنوات سنين عاما"),
        (HOUR, "ساعة", "ساعتين ساعتان", "ساعات"),
    )
    for forms, number in ((one, 1), (two, 2), (more, 0))
    for form in forms.split()
}

_TENTH = "أول ثاني ثالث رابع خامس سادس سابع ثامن تاسع عاشر"
_TEENS = "حادي ثاني ثالث رابع خامس سادس سابع ثامن تاسع"


def _ordinals() -> dict[tuple[str, ...], int]:
    table: dict[tuple[str, ...], int] = {}
    for number, word in enumerate(fold(_TENTH).split(), 1):
        table["ال" + word,] = table[word,] = number
    for number, word in enumerate(fold(_TEENS).split(), 11):
        table["ال" + word, "عشر"] = number
    for ten, word in ((20, "عشر"), (30, "ثلاث")):
        for ending in ("ين", "ون"):
            table["ال" + word + ending,] = ten
            for number, unit in enumerate(fold(_TEENS).split(), 1):
                table["ال" + unit, "وال" + word + ending] = ten + number
    return {words: number for words, number in table.items() if number <= 31}


#: Words of a day of the month ("الثامن والعشرين") -> its number.
ORDINALS = _ordinals()

#: "14 آذار" and "25 يناير" name a party, a revolution, a street behind these words, and no day of this report.
NAMED = frozenset(
    fold(
        "قوى فريق تيار ثورة حركة شارع ساحة ميدان جسر مستشفى جامعة كتيبة كتائب لواء معسكر حي مدينة مدرسة "
        "ملعب مخيم أحداث "
        "انتفاضة ذكرى قطار حزب كلية سد بلدة قرية منطقة قاعة سجن مجزرة منظمة جماعة تحالف موقع صحيفة قناة"
    ).split()
)
#: What makes a weekday or "today" a part of a name: سوق الثلاثاء, صلاة الجمعة, روسيا اليوم.
NOT_WEEKDAY = frozenset(
    fold("سوق صلاة خطبة مسجد جامع حي بلدة مدينة قرية منطقة مصلى الشهيدين عدد خطيب خطباء صلوات").split()
)
NOT_TODAY_BEFORE = frozenset(
    fold("روسيا المصري سوريا فلسطين اليمن العراق لبنان القدس الأردن ليبيا ذلك هذا نفس ذات حتى إلى منذ حصيلة").split()
)
NOT_TODAY_AFTER = frozenset(
    fold("التالي السابق نفسه ذاته السابع الفضائية العالمي الوطني التاسع العاشر الأخير الواحد الدامي الموعود").split()
) | {words[0] for words in ORDINALS if len(words) == 1}
