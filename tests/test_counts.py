"""Counts as news writes them, the number of a noun, the kind of a count; and that no text can break the readers."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adwar.model.counts import CountValue, count_kind, read_count, read_noun

#: value -> expressions that state it exactly, parted by "|"
EXACT = {
    0: "0 | صفر",
    1: "1 | ١ | واحد | واحدة | واحداً | واحدا | الواحد | أحد | إحدى | احد | وواحد | بواحد",
    2: "2 | اثنان | اثنين | اثنتان | اثنتين | إثنان | أثنين | الاثنين | واثنين | لاثنين | اثْنَيْنِ",
    3: "3 | ٣ | ۳ | ثلاثة | ثلاث | وثلاثة | الثلاثة | لثلاثة | بثلاث | ثلاثه | ثَلاثَةٌ | الثلاث | فثلاثة",
    4: "أربعة | اربعة | أربع | اربع | الأربعة | وأربعة | واربعه",
    5: "خمسة | خمس | الخمسة | وخمسة | خمسه | خمـسة",
    6: "ستة | ست | الستة | وستة | بستة",
    7: "سبعة | سبع | السبعة",
    8: "ثمانية | ثمان | ثماني | ثمانى | ثمانٍ | الثمانية | وثمانية",
    9: "تسعة | تسع | (9) | [9] | «9» | \u200f9\u200f",
    10: "عشرة | عشر | عشراً | العشرة | وعشرة | (10)",
    11: "أحد عشر | احد عشر | إحدى عشرة | أحدعشر | الأحد عشر | وأحد عشر | 11 | ١١",
    12: "اثنا عشر | اثني عشر | إثنا عشر | إثني عشر | اثنتا عشرة | اثنتي عشرة | الاثني عشر | 12 | ١٢ | ۱۲ | و12 | "
    "12شخصا",
    13: "ثلاثة عشر | ثلاث عشرة | الثلاثة عشر | ثلاثة عشرة",
    14: "أربعة عشر | اربع عشرة | أربعةعشر",
    15: "خمسة عشر | خمس عشرة | و15 | بـ15 | لـ15 | الـ15 | ال15",
    16: "ستة عشر | الستة عشر | ست عشرة",
    17: "سبعة عشر | سبع عشرة",
    18: "ثمانية عشر | ثماني عشرة | ثمانى عشرة",
    19: "تسعة عشر | تسع عشرة",
    20: "عشرون | عشرين | العشرين | وعشرين | 20 قتيلا | عدد 20",
    21: "واحد وعشرون | واحد وعشرين | إحدى وعشرين | أحد وعشرين | واحداً وعشرين | واحد و عشرين | الواحد والعشرين",
    22: "اثنين وعشرين | اثنان وعشرون | اثنتين وعشرين | اثنين و عشرين",
    25: "خمسة وعشرين | خمس وعشرون | الخمسة والعشرين | وخمسة وعشرين",
    30: "ثلاثون | ثلاثين | والثلاثين",
    35: "خمسة وثلاثين",
    40: "أربعون | أربعين | اربعين",
    48: "ثمانية وأربعين | ثمان واربعون",
    50: "خمسون | خمسين",
    57: "سبعة وخمسين",
    60: "ستون | ستين",
    70: "سبعون | سبعين",
    80: "ثمانون | ثمانين",
    90: "تسعون | تسعين",
    99: "تسعة وتسعين | تسع وتسعون",
    100: "مئة | مائة | ماية | مِئة | المئة | والمئة | لمئة | بمائة | 100 | ١٠٠ | مئةٍ",
    105: "مئة وخمسة | مائة وخمسة",
    110: "مئة وعشرة",
    112: "مئة واثني عشر | مائة واثنا عشر",
    120: "مئة وعشرين | مائة وعشرون",
    150: "مئة وخمسين | مائة وخمسين",
    200: "مئتان | مئتين | مائتان | مائتين | مئتا | مئتي | مائتا | مائتي | المائتين | ومئتي",
    253: "مئتين وثلاثة وخمسين | مائتان وثلاثة وخمسون | 253",
    300: "ثلاثمئة | ثلاثمائة | ثلاث مئة | ثلاث مائة | ثلاثماية | الثلاثمئة | ثلاث مئات | 3 مئة",
    400: "أربعمئة | أربعمائة | اربعمائة | أربع مئة",
    500: "خمسمئة | خمسمائة | خمس مئة",
    600: "ستمئة | ستمائة | ست مئة",
    700: "سبعمئة | سبعمائة",
    800: "ثمانمئة | ثمانمائة | ثمانيمئة | ثماني مئة | ثمانيمائة",
    900: "تسعمئة | تسعمائة",
    1000: "ألف | الف | ألفاً | الألف | 1000 | 1,000 | 1.000 | ١٬٠٠٠ | 1 000 | 1 ألف",
    1200: "1,200 | 1.200 | 1،200 | ١٬٢٠٠ | 1 200 | ألف ومئتين | ألف ومئتا | ألف ومائتي | 1.2 ألف | 1200",
    1500: "1,500 | ألف وخمسمئة | ألف وخمسمائة | 1.5 ألف | ألف ونصف",
    2000: "ألفان | ألفين | ألفا | ألفي | الألفين | وألفي | 2 ألف",
    3000: "ثلاثة آلاف | ثلاثة الاف | 3 آلاف | 3آلاف | 3,000 | ٣ آلاف",
    10_000: "عشرة آلاف | 10 آلاف | 10 000 | 10,000 | ١٠٬٠٠٠",
    11_000: "أحد عشر ألفا | أحد عشر ألفاً | 11 ألف | 11 ألفاً",
    12_000: "12 ألفاً | 12 ألفا | 12 ألف | 12ألف | اثني عشر ألفا | ١٢ ألف",
    12_500: "12 ألفا و500 | 12.5 ألف | ١٢٫٥ ألف | اثني عشر ألفا وخمسمئة",
    25_200: "خمسة وعشرين ألفا ومئتين",
    100_000: "مئة ألف | مائة الف | 100 ألف | 100,000",
    200_000: "مئتي ألف | مئتا ألف",
    250_000: "ربع مليون | 250 ألفا",
    500_000: "نصف مليون | خمسمئة ألف",
    1_000_000: "مليون | مليوناً | 1,000,000 | 1.000.000",
    1_200_000: "مليون ومئتي ألف | 1.2 مليون | 1.200 مليون | 1,2 مليون",
    1_500_000: "1.5 مليون | 1,5 مليون | ١٫٥ مليون | مليون ونصف | مليون و500 ألف",
    2_000_000: "مليونان | مليونين | مليوني | مليونا",
    3_500_000: "ثلاثة ملايين ونصف | 3.5 ملايين",
    2_000_000_000: "ملياران | ملياري | 2 مليار",
}
EXACT_CASES = [(text.strip(), value) for value, row in EXACT.items() for text in row.split("|")]

#: (value, min, max, approximate) -> expressions
BOUNDED = {
    (20, None, None, True): "نحو 20 | حوالي 20 | حوالى 20 | قرابة 20 | زهاء 20 | ما يقارب 20 | ما يقرب من 20 | "
    "مايقارب 20 | 20 تقريبا | 20 تقريباً | ونحو 20 | بنحو 20 | يناهز 20 | ما يناهز 20 | في حدود 20 | نحو عشرين | "
    "بحوالى 20 | نَحْوَ 20",
    (2000, None, None, True): "نحو ألفي | قرابة ألفين | حوالي 2,000",
    (10, 11, None, True): "أكثر من عشرة | اكثر من 10 | لأكثر من عشرة | وأكثر من 10 | أزيد من 10 | "
    "ما يزيد على 10 | بأكثر من 10 | ما يزيد عن 10 | يزيد عن عشرة | ما يربو على 10 | فوق 10 | يفوق 10 | "
    "يتجاوز 10 | تجاوز العشرة | وما يزيد على 10 | مايزيد على 10 | تخطت عتبة 10",
    (200, 201, None, True): "وأكثر من مائتي | أكثر من مئتين",
    (100, 101, None, True): "أكثر من مئة | اكثر من مائة | أكثر من 100",
    (1000, 1001, None, True): "أكثر من ألف",
    (40, 40, None, False): "ما لا يقل عن 40 | ما لا يقل عن أربعين | لا يقل عن 40 | على الأقل 40 | 40 على الأقل | "
    "40 على الاقل | مالا يقل عن 40 | ما لايقل عن 40 | مالايقل عن 40 | ما لا يقل عن عن 40 | ما لا يقل عن40 | "
    "40 أو أكثر | 40 فأكثر | 40 كحد أدنى | بما لا يقل عن 40 | لا تقل عن 40 | 40 على أقل تقدير | "
    "ما لا يقل عن «40» | ليس أقل من 40",
    (30, 30, None, True): "نحو 30 على الأقل",
    (30, 31, None, True): "ثلاثون ونيف | نيف وثلاثون",
    (6, 6, None, False): "مالايقل عن ستة | ستة على الأقل",
    (5, None, 4, True): "أقل من 5 | اقل من خمسة | دون 5 | يقل عن 5",
    (300, None, 300, False): "ما يصل إلى 300 | حتى 300 | ما لا يزيد عن 300 | لا يتجاوز 300 | لا يزيد على 300 | "
    "300 على الأكثر | 300 كحد أقصى | يصل إلى ثلاثمئة | لم يتجاوز 300 | 300 أو أقل | مالايزيد عن 300",
    (None, 10, 15, False): "بين 10 و15 | ما بين 10 و15 | 10-15 | 10 - 15 | ١٠-١٥ | 10–15 | 10 إلى 15 | "
    "من 10 الى 15 | 15-10 | عشرة إلى خمسة عشر | ما يتراوح بين 10 و15 | وما بين 10 و15 | بين عشرة وخمسة عشر | "
    "10ـ15 | 10 أو 15 | مابين 10 و15 | بين 10 و 15 | بين 10 أو 15",
    (None, 10, 12, False): "عشرة أو اثني عشر",
    (None, 3, 4, False): "الأربع أو الثلاث | ثلاثة أو أربعة | 3 أو 4",
    (None, 5, 20, False): "بين خمسة وعشرين",
    (None, 20, 30, False): "بين عشرين وثلاثين | 20 حتى 30",
    (None, 100, 200, False): "بين مئة ومئتين | بين 100 و200",
    (None, 1000, 2000, False): "بين ألف وألفين",
    (None, 3000, 5000, False): "بين 3 و5 آلاف | 3-5 آلاف | ثلاثة إلى خمسة آلاف",
    (None, 10, 15, True): "نحو 10 إلى 15",
}
VAGUE = {
    (20, 99): "عشرات | العشرات | وعشرات | بالعشرات | عدة عشرات | والعشرات",
    (30, 99): "بضع عشرات",
    (200, 999): "مئات | المئات | لمئات | ومئات | عدة مئات | مئآت",
    (300, 999): "بضع مئات | بضعة مئات",
    (2000, 9999): "آلاف | الآلاف | الاف | عدة آلاف | ألوف",
    (3000, 9999): "بضعة آلاف",
    (20_000, 99_999): "عشرات الآلاف | عشرات الالاف",
    (200_000, 999_999): "مئات الآلاف",
    (3, 9): "بضعة | بضع | وبضعة",
    (13, 19): "بضعة عشر | بضع عشرة",
    (2, None): "عدة | عدّة | عدد | عدداً | عددا | عددٍ | وعدد | بعدد | عدد من | عدد كبير | العديد | العديد من | "
    "والعديد | عديد | كثير | الكثير | كثيرا | كثيرين | كثيرون | بعض | أعداد كبيرة | رقم عالٍ | وعدة | عدد آخر",
}
BOUNDED_CASES = [(text.strip(), bounds) for bounds, row in BOUNDED.items() for text in row.split("|")] + [
    (text.strip(), (None, *bounds, True)) for bounds, row in VAGUE.items() for text in row.split("|")
]
NO_COUNT = (
    "كل | جميع | معظم | نصف | أكثر من نصف | نصفهم | ثلث | ثلثا | 20% | ٪20 | 20 في المئة | 30 بالمائة | الأول | "
    "الثاني | ثالث | الخامسة والعشرين | الحادي عشر | الثالثة | 1.5 | 12.5.2015 | 12/5 | 10:30 | شخص | خسة | "
    "القتلى | | ، | عن | نحو | لست | 1234567890123456789 | آخرين | لم | و | الأحد | أكثر من"
)


@pytest.mark.parametrize(("text", "value"), EXACT_CASES)
def test_exact_counts(text: str, value: int) -> None:
    assert read_count(text) == CountValue(value, value, value, False)


@pytest.mark.parametrize(("text", "expected"), BOUNDED_CASES)
def test_bounded_and_vague_counts(text: str, expected: tuple[int | None, int | None, int | None, bool]) -> None:
    assert read_count(text) == CountValue(*expected)


@pytest.mark.parametrize("text", [text.strip() for text in NO_COUNT.split("|")])
def test_what_is_no_count(text: str) -> None:
    assert read_count(text) is None


#: (before, span, after, (value, min, max, approximate)): words outside the span that bound it, or seem to
IN_CONTEXT = [
    ("مقتل ", "12", " شخصا على الأقل", (12, 12, None, False)),
    ("مقتل ", "12", " من عناصر الحركة على الأقل، وفق", (12, 12, None, False)),
    ("", "12", " جنديا على الأكثر", (12, None, 12, False)),
    ("", "12", " شخصا أو أكثر", (12, 12, None, False)),
    ("", "20", " قتيلا تقريبا", (20, None, None, True)),
    ("", "12", " ألفا من الجنود", (12_000,) * 3 + (False,)),
    ("", "12", " ألف شخص على الأقل", (12_000, 12_000, None, False)),
    ("", "ثلاثة", " آلاف شخص", (3000,) * 3 + (False,)),
    ("", "عشرات", " الآلاف من النازحين", (None, 20_000, 99_999, True)),
    ("إصابة نحو ", "85", " آخرين", (85, None, None, True)),
    ("مقتل أكثر من ", "عشرين", " جنديا", (20, 21, None, True)),
    ("مقتل ما لا يقل عن ", "12", " جنديا", (12, 12, None, False)),
    ("زهاء ", "750", " شخصا", (750, None, None, True)),
    ("قرابة «", "30", "» قتيلا", (30, None, None, True)),
    ("أن عدد القتلى تجاوز ", "المائتين", " وأن", (200, 201, None, True)),
    ("تجاوز عدد الجرحى ", "35", "", (35, 36, None, True)),
    ("ليصل إلى ", "8", " قتلى", (8, 8, 8, False)),
    ("قد يصل إلى ", "8", " قتلى", (8, None, 8, False)),
    ("بين ", "10", " و15 قتيلا", (None, 10, 15, False)),
    ("بين ", "10 و15", " قتيلا", (None, 10, 15, False)),
    ("من بين ", "خمسة وعشرين", " قتيلا", (25, 25, 25, False)),
    ("من بين القتلى ", "ثلاثة", " جنود", (3, 3, 3, False)),
    ("مقتل ", "25", " عاملا وجرح تسعة سواهم على الأقل", (25, 25, 25, False)),
    ("", "37", " قتيلا و24 مصابا على الأقل", (37, 37, 37, False)),
    ("37 قتيلا ", "و24", " مصابا على الأقل", (24, 24, None, False)),
    ("خلف ", "41", " قتيلا وأكثر من 70 جريحا", (41, 41, 41, False)),
    ("14 قتيلا على الأقل ", "ونحو 90", " جريحا", (90, None, None, True)),
    ("مقتل 5 على الأقل ", "ثلاثة", " منهم", (3, 3, 3, False)),
    ("", "عشرة", " آخرون نصفهم في حالة خطرة", (10, 10, 10, False)),
    ("", "12", " قتيلا.\nعلى الأقل", (12, 12, 12, False)),
    ("", "12", "، على الأقل", (12, 12, 12, False)),
    ("نحو.\n", "12", "", (12, 12, 12, False)),
    ("قتل ", "7", " في هجوم دام يوما تقريبا", (7, 7, 7, False)),
    ("", "27", " شخصا بينهم طفل على الأقل", (27, 27, 27, False)),
]


@pytest.mark.parametrize(("before", "span", "after", "expected"), IN_CONTEXT)
def test_words_outside_the_span(
    before: str, span: str, after: str, expected: tuple[int | None, int | None, int | None, bool]
) -> None:
    assert read_count(span, after=after, before=before) == CountValue(*expected)


def test_share_behind_the_span_is_no_count() -> None:
    assert read_count("20", after=" في المئة من الجنود") is None
    assert read_count("20", after="% من الجنود") is None


UNITS = ["", "واحد", "اثنين", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة"]
STEMS = ["", "", "", "ثلاث", "أربع", "خمس", "ست", "سبع", "ثمان", "تسع"]


def spoken(n: int, hundred: str) -> str:
    """``n`` below a million in words, genitive; ``hundred`` is how مئة is spelt."""
    if n >= 1000:
        head = {1: "ألف", 2: "ألفين"}.get(
            n // 1000
        ) or f"{spoken(n // 1000, hundred)} {'آلاف' if n < 11000 else 'ألفا'}"
        return head + (f" و{spoken(n % 1000, hundred)}" if n % 1000 else "")
    if n >= 100:
        head = {1: hundred, 2: hundred[:-1] + "تين"}.get(n // 100) or STEMS[n // 100] + hundred
        return head + (f" و{spoken(n % 100, hundred)}" if n % 100 else "")
    if n <= 10:
        return UNITS[n]
    if n < 20:
        return {11: "أحد", 12: "اثني"}.get(n, UNITS[n % 10]) + " عشر"
    tens = ("عشر" if n < 30 else STEMS[n // 10]) + "ين"
    return f"{UNITS[n % 10]} و{tens}" if n % 10 else tens


@given(st.integers(1, 999_999), st.sampled_from(["مئة", "مائة", "ماية"]))
def test_every_number_in_words_reads_back(n: int, hundred: str) -> None:
    assert read_count(spoken(n, hundred)) == CountValue(n, n, n, False)


@given(st.integers(0, 10**11), st.sampled_from(["{}", "{:,}", "و{:,}", "بـ{}", "({})"]))
def test_every_number_in_digits_reads_back(n: int, form: str) -> None:
    assert read_count(form.format(n)) == CountValue(n, n, n, False)


#: number told by the form -> nouns
NOUNS = {
    2: "جنديين | جنديان | قتيلان | قتيلين | سيارتين | سيارتان | شخصين | شخصان | الجنديين | وجنديين | امرأتين | "
    "امرأتان | ضابطا شرطة | ضابطي شرطة | رجلي أمن | عنصرين من الشرطة | شرطيين | شرطيان | مدنيان | مسلحان | "
    "طفلين | وطفلين | رهينتين | جريحين | موقعين | مبنيين | منزلين | سيارتي إسعاف | ناقلتي نفط | آخران | "
    "دبابتين | دوريتين | فلسطينيان | عراقيان | مدنيين اثنين | مسلحين اثنين | شقيقيه | ابنتيه | الضحيتين | "
    "لمنزلين | بسيارتين | رجلا الشرطة | فندقين | ضابطين كبيرين",
    1: "شخص | شخصاً | شخصا | جندي | جنديا | جندياً | مدني | امرأة | طفل | قتيل | ضابط شرطة | ضابطا عراقيا | "
    "رجل أمن | والضابط | سيارة | سيارته | زوجته | أحد المارة | إحدى الدوريات الثابتة | فلسطيني | فلسطينية | "
    "القيادي | مسجدا | منزل | بأحد الجنود | آخر | رابع | شابّ | للجندي",
}
NOUN_CASES = [(text.strip(), number) for number, row in NOUNS.items() for text in row.split("|")]
NO_NUMBER = (
    "قتلى | جرحى | مدنيون | جنود | عناصر | مدنيين | مسلحين | المسلحين | مقاتلين | مواطنين | سلطان | السودان | "
    "لبنان | بستان | حسين | الصين | طهران | آخرين | فلسطينيين | طالبان | عائلة | دورية | قوات | المقاومة | "
    "القاعدة | أبنية | فتيان | سكان | عمان | محمد | سيارات | المارة | قادة | مسلحو القاعدة | مقاتلي التنظيم | "
    "رئيسية | | ، | 12 | فنان | رمضان | البرلمان"
)


@pytest.mark.parametrize(("text", "number"), NOUN_CASES)
def test_number_of_a_noun(text: str, number: int) -> None:
    assert read_noun(text) == CountValue(number, number, number, False)


@pytest.mark.parametrize("text", [text.strip() for text in NO_NUMBER.split("|")])
def test_noun_that_tells_no_number(text: str) -> None:
    assert read_noun(text) is None


#: "before [noun] after" by kind; the count stands where the bracket opens
KINDS = {
    "killed": "سقوط [قتلى] | أوقع [قتيلا] | ارتقى [شهداء] | عثر على [جثث] | مقتل [شخصا] | قتل [جنود] | "
    "بمقتل [مدنيين] | أسفر عن مصرع [آخرين] | أودى بحياة [أشخاص] | لقي [أشخاص] مصرعهم | إن [شخصا] لقوا حتفهم | "
    "أن [جنود] قتلوا في هجوم | استشهاد [مواطنين] | حصيلة القتلى إلى [شخصا] | إعدام [أشخاص] | راح ضحيته [شخصا] | "
    "وقُتل [أشخاص] | القتلى [] | مقتل 12 شخصا بينهم [أطفال] | وإصابة 30 ومقتل [جنود] | "
    "قتلت قوات الجيش [مسلحين] | تصفية [عناصر] | قتل [] وأصيب ستة | أصيب جندي، فيما قال المصدر إن [آخرين] قتلوا | "
    "سقوط عدد [] من القتلى",
    "wounded": "سقوط [جريحا] | نقل [مصابا] | تسجيل [إصابة] | مقتل 5 وإصابة [آخرين] | وأصيب [آخرون] | وجرح [] | "
    "وأُصيب [شخصا] بجروح | أن [جنود] أصيبوا بالتفجير | مقتل اثنين واصابة [آخرين] | لقوا حتفهم وأصيب [آخرون] | "
    "قتلوا وجرح [آخرون] | عدد الجرحى بلغ [شخصا] | قتل 5. وأصيب [آخرون] | فأصاب [من أفراد الوحدة]",
    "taken": "خطف [جنود] | احتجاز [أشخاص] | إطلاق سراح [رهائن] | واختطفوا [آخرين] | أسر [جنود] | "
    "تحرير [مختطفين] | أن [صيادين] خطفوا",
    "destroyed": "تدمير [دبابات] | استهدف [مواقع] | تضرر [منازل] | وإصابة [سيارات] | قصف [مباني] | "
    "احتراق [] من المنازل | دمر [آليات] | أضرار في [محلات] | هاجموا [فنادق]",
    "casualties": "سقوط [ضحايا] | [أشخاص] | سقوط [] | مقتل وإصابة [أشخاص] | سقط [قتيل وجريح] | قتل وجرح [جنود] | "
    "سقوط [القتلى] والجرحى | سقوط [] منهم بين قتيل وجريح | [مفقودا] | ارتفع عدد القتلى والجرحى إلى [] | "
    "قتل جندي. ووصل [أشخاص] إلى المكان",
}


def _kind_case(case: str) -> tuple[str, str, str]:
    before, _, rest = case.strip().partition("[")
    noun, _, after = rest.partition("]")
    return before, noun, f" {noun}{after}" if noun else after


@pytest.mark.parametrize(("case", "kind"), [(case, kind) for kind, row in KINDS.items() for case in row.split("|")])
def test_kind_of_a_count(case: str, kind: str) -> None:
    before, noun, after = _kind_case(case)
    assert count_kind(before, noun, after) == kind


def test_tables_are_as_long_as_promised() -> None:
    assert len({text for text, _ in EXACT_CASES + BOUNDED_CASES}) + len(NO_COUNT.split("|")) >= 300
    assert len(NOUN_CASES) + len(NO_NUMBER.split("|")) >= 60
    assert sum(len(row.split("|")) for row in KINDS.values()) >= 50


def _sound(count: CountValue | None) -> bool:
    """Bounds in order, and the value within them, or beside a strict bound that names it."""
    if count is None:
        return True
    low, value, high = count.min, count.value, count.max
    if value is None:
        return low is not None and low >= 0 and (high is None or low <= high)
    return (low is None or low - 1 <= value) and (high is None or value <= high + 1)


WORDS = sorted({word for text, _ in EXACT_CASES + BOUNDED_CASES for word in text.split()})
MORE_WORDS = ["ألف", "،", ".", "-", "و", "10", "1,5", "شخصا", "وإصابة", "أقل من", "بين", "%"]
news = st.lists(st.sampled_from([*WORDS, *MORE_WORDS]), max_size=8).map(" ".join)


@given(news, news, news)
@settings(max_examples=400)
def test_bounds_are_in_order_whatever_the_words(span: str, after: str, before: str) -> None:
    assert _sound(read_count(span, after, before))


@given(st.text(), st.text(), st.text())
@settings(max_examples=300)
def test_nothing_raises(span: str, after: str, before: str) -> None:
    assert _sound(read_count(span, after, before))
    assert _sound(read_noun(span))
    assert count_kind(before, span, after) in KINDS


HOSTILE = ["9", "1,", "و", "ألف ", "مئة و", "-", "\u064b", "((", " ", "ﷺ", "بين 1 و", "على الأقل ", "1 200 ", "لا"]


@pytest.mark.parametrize("unit", HOSTILE)
def test_a_megabyte_takes_no_time(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    started = time.perf_counter()
    read_count(text, text, text)
    read_noun(text)
    count_kind(text, text, text)
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize("word", ["۵۵⒌", "⒌", "5.", "٫5", "1٬٬2"])
def test_a_mark_with_no_digits_beside_it_is_no_trouble(word):
    for text in (word, f"{word} مدنيين", f"قتل {word} ألف شخص"):
        read = read_count(text)
        assert read is None or read.value is None or read.value >= 0
