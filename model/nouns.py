"""Nouns that news counts: what their endings say of number, and whether they name people or things.

``number_of("جنديين")`` -> 2, ``number_of("مدنيين")`` -> None. An ending alone cannot tell a dual (-ين) from a sound
plural (-ين): مدنيين is "civilians" far oftener than "two civilians". So the table says of each noun how it makes its
plural. Where that is broken (جنود, أشخاص) or in -ات, -ين is a dual for certain; people with a plural in -ين are read
as dual in -ان only. Words outside the table (سلطان, لبنان, حسين) are never guessed at.
"""

from __future__ import annotations

from .arabic import fold, strip_letters
from .demonyms import ADJECTIVES

#: People with a broken plural: -ان and -ين are dual. شرطي is here because news writes the plural رجال شرطة or
#: counts it (ثمانية شرطيين, where the number is read off the count), and uses bare شرطيين for two.
_PEOPLE = """
جندي ضابط قتيل جريح شهيد شخص طفل رجل شاب ولد عنصر فرد حارس قائد زعيم رئيس نائب وزير سفير قاضي قاض عالم طبيب خبير
عميل جاسوس أسير سجين رهين حاج سائح راكب تلميذ طالب شيخ أمير ملك قس راهب كاهن إمام خطيب تاجر راعي راع شقيق ابن
زوج والد جد عم صهر قريب رفيق صديق عضو شريك ضيف مريض رضيع عجوز غريق لص نقيب عقيد عميد رائد مقدم رقيب عريف مساعد
أجنبي كردي تركي هندي يهودي بدوي قبطي أستاذ جار شرطي دركي عون سيد دكتور ملا توأم سكرتير نجل حفيد فقيد مدير كبير
مشبوه محافظ حاكم أمين وكيل ناظر غلام رفيق زميل نزيل بطل
"""
#: People with a plural in -ون, -ين: only -ان is a dual.
_PEOPLE_SOUND = """
مدني مسلح مقاتل مواطن عسكري مهاجم مصاب مستوطن متمرد متشدد متطرف إرهابي انتحاري انقلابي صحفي صحافي إعلامي مراسل
مصور مهندس سائق موظف عامل مسؤول مسئول معلم مدرس متظاهر محتج مصلي مصل مرافق مهاجر لاجئ نازح مقيم مزارع فلاح صياد
قناص مجند متطوع متعاقد مقاول منتسب مرتزق مراقب مدرب مترجم مدون محاضر مؤذن مخرب ملثم مفجر مشيع مسافر مختطف مخطوف
محتجز مفقود معتقل منفذ متهم مطلوب مقاوم مجاهد قيادي سياسي دبلوماسي مستشار برلماني مرشح محامي محام ناشط مسعف ممرض
إطفائي طيار ملاح بحار سلفي جهادي تكفيري إسلامي شيعي سني مسيحي مسلم متسلل متسلق مهرب خاطف قاتل راحل لاعب
مشرد معارض موالي منشق حزبي عشائري قبلي أمني متقاعد باحث مشجع متدرب ملازم مرشد مفتش
مضرب متفرج متسوق بائع طباخ حلاق خباز بستاني حمّال فني تقني نقابي حقوقي متضرر محاصر مقتول مجروح ناجي ناج متوفى
مدعو ملتحي أصولي مؤيد مناصر مجهول غريب مغترب مسن قاصر بالغ كشاف عتال خادم عالق
"""
_WOMEN = """
امرأة مرأة سيدة فتاة طفلة شابة زوجة شقيقة ابنة طالبة تلميذة صحفية صحافية إعلامية مراسلة مصورة ممرضة مسعفة ناشطة
معلمة مدرسة موظفة عاملة مجندة شرطية جندية ضابطة رهينة ضحية جثة رضيعة مسنة سائحة راهبة زميلة شهيدة قتيلة جريحة
مصابة انتحارية والدة جدة حفيدة قيادية نائبة وزيرة رئيسة قاضية طبيبة محامية جارة مواطنة مدنية لاجئة نازحة مهاجرة
مقاتلة مسلحة مستوطنة رفيقة صديقة قريبة عمة خالة عضوة شخصية فلاحة مزارعة داعية بنت أخت
"""
#: Things without the feminine ending, with their plural: -ان and -ين are dual.
_THINGS = """
موقع:مواقع منزل:منازل بيت:بيوت مبنى:مباني,مبان مقر:مقرات,مقار مركز:مراكز مكتب:مكاتب معسكر:معسكرات
مخيم:مخيمات مسجد:مساجد جامع:جوامع معبد:معابد كنيس:كنس ضريح:أضرحة مزار:مزارات قبر:قبور فندق:فنادق مطعم:مطاعم
مقهى:مقاهي,مقاه متجر:متاجر محل:محلات,محال سوق:أسواق مصنع:مصانع معمل:معامل مستودع:مستودعات مخزن:مخازن
مستشفى:مستشفيات مشفى:مشافي,مشاف مستوصف:مستوصفات مجمع:مجمعات برج:أبراج جسر:جسور نفق:أنفاق حاجز:حواجز خندق:خنادق
مخفر:مخافر مطار:مطارات ميناء:موانئ مرفأ:مرافئ قصر:قصور مصرف:مصارف بنك:بنوك متحف:متاحف ملعب:ملاعب
مصلى:مصليات ملهى:ملاهي,ملاه صهريج:صهاريج قطار:قطارات باص:باصات زورق:زوارق قارب:قوارب مركب:مراكب طقم:أطقم
جرار:جرارات خزان:خزانات أنبوب:أنابيب حقل:حقول بئر:آبار صاروخ:صواريخ مدفع:مدافع هدف:أهداف مرصد:مراصد
رادار:رادارات معقل:معاقل وكر:أوكار مخبأ:مخابئ مربض:مرابض مسكن:مساكن كوخ:أكواخ مكان:أماكن مطبخ:مطابخ
معرض:معارض مختبر:مختبرات سجن:سجون مكمن:مكامن تحصين:تحصينات ملجأ:ملاجئ سد:سدود متراس:متاريس
محول:محولات فرن:أفران مخبز:مخابز معهد:معاهد مرآب:مرائب طريق:طرق معبر:معابر منبر:منابر
"""
#: Things in -ة: the dual is -تان, -تين and the plural -ات beside the one given.
_FEMININE_THINGS = """
سيارة مركبة عربة شاحنة حافلة دبابة مدرعة آلية ناقلة دراجة عجلة طائرة مروحية مسيرة سفينة:سفن فرقاطة مدمرة
بارجة:بوارج مقاتلة منصة قاعدة:قواعد نقطة:نقاط محطة مدرسة:مدارس جامعة كنيسة:كنائس حسينية بناية عمارة شقة:شقق
غرفة:غرف قاعة ثكنة قلعة:قلاع صيدلية عيادة بوابة مزرعة:مزارع خيمة:خيام جرافة حفارة رافعة سفارة قنصلية مؤسسة
منشأة بطارية منظومة مئذنة:مآذن حاملة كاسحة غواصة قاطرة عبارة باخرة:بواخر حاصدة مقطورة راجمة مزرعة ورشة:ورش
مقبرة:مقابر زاوية:زوايا مكتبة مطبعة:مطابع مصفاة:مصافي عوامة استراحة
"""
#: Groups: two patrols are two, but one patrol says nothing of how many people were in it.
_GROUPS = (
    "دورية:دوريات قافلة:قوافل مجموعة عائلة:عوائل أسرة:أسر وحدة كتيبة:كتائب سرية:سرايا خلية:خلايا عصابة فرقة:فرق قوة"
)
_MASCULINE_GROUPS = "موكب:مواكب رتل:أرتال تجمع:تجمعات لواء:ألوية فصيل:فصائل فوج:أفواج طاقم:أطقم كمين:كمائن"
#: What only looks like a form of a noun above; طالبان is far oftener the movement than two students.
_NOT_DUAL = "فتيان صبيان طالبان ولدي ولديه ولديها ولديهم ولديهما ولدينا عمان القصرين إخوان أبنية مقاومة معارضة"
_ONE = (
    "فتى أخ أخيه أخاه أخوه أخيها أخاها أخوها أحد إحدى واحد واحدة آخر ثان ثاني ثانية ثالث ثالثة ثالثا رابع رابعة رابعا "
    "خامس خامسة خامسا سادس سادسة سادسا سابع سابعة سابعا ثامن ثامنا"
)
_TWO = "اثنان اثنين اثنتان اثنتين كلا كلاهما كليهما كلتا كلتاهما آخران أخريان أخريين أخوين فتيين"
#: Nouns that stand second in an idafa without ال: after them رجلا and ضابطا are construct duals, not accusatives.
_GENITIVES = frozenset(fold("شرطة أمن جيش مرور إسعاف إطفاء استخبارات مخابرات حراسة حدود دورية دفاع درك جمارك").split())
_PRONOUNS = ("ه", "ها", "هم", "هما", "هن", "نا")
#: Nouns met as "his two …": elsewhere -يه is an adjective in -ية (رئيسية, شخصية).
_OWNED = frozenset(fold("ابن شقيق طفل حارس زميل رفيق نجل حفيد صديق").split())

#: How a form is read: its number, or a form that needs the next word to tell.
ONE, TWO, OPEN, TWO_IF_GENITIVE, TWO_IF_FOLLOWED, TWO_IF_TOLD = 1, 2, 0, -1, -2, -3


def _split(entries: str) -> list[tuple[str, list[str]]]:
    """[(folded singular, folded plurals)] of a table above."""
    pairs = (entry.partition(":") for entry in entries.split())
    return [(fold(noun), [fold(p) for p in plurals.split(",") if p]) for noun, _, plurals in pairs]


def _masculine(noun: str, ending_in: int) -> dict[str, int]:
    forms = {noun + end: TWO_IF_FOLLOWED if ending_in == TWO else OPEN for end in ("ي",)}
    forms |= {noun + "ا" + p: TWO for p in _PRONOUNS if ending_in == TWO}
    forms |= {noun + "ي" + p: TWO for p in _PRONOUNS if ending_in == TWO and (p != "ه" or noun in _OWNED)}
    forms |= {noun: ONE, noun + "ا": TWO_IF_GENITIVE, noun + "ان": TWO, noun + "ين": ending_in}
    return forms | {noun + p: ONE for p in _PRONOUNS}


def _feminine(noun: str) -> dict[str, int]:
    stem = noun.removesuffix("ه").removesuffix("ت") + "ت"
    forms = {stem + "ان": TWO, stem + "ين": TWO, stem + "ا": TWO, stem + "ي": TWO_IF_FOLLOWED, noun: ONE}
    forms |= {stem + p: ONE for p in _PRONOUNS}
    return forms | {stem + link + p: TWO for link in "اي" for p in _PRONOUNS}


def _forms() -> dict[str, int]:
    table: dict[str, int] = {}
    groups = [_masculine(n, TWO) for n, _ in _split(_MASCULINE_GROUPS)] + [_feminine(n) for n, _ in _split(_GROUPS)]
    for forms in groups:
        table |= {form: OPEN if number in (ONE, TWO_IF_GENITIVE) else number for form, number in forms.items()}
    sound = [fold(adjective) for adjective in ADJECTIVES] + [n for n, _ in _split(_PEOPLE_SOUND)]
    for noun in sound:
        table |= _masculine(noun, TWO_IF_TOLD)
    for noun in [n for n, _ in _split(_PEOPLE)] + [n for n, _ in _split(_THINGS)]:
        table |= _masculine(noun, TWO)
    for noun in [n for n, _ in _split(_WOMEN)] + [n for n, _ in _split(_FEMININE_THINGS)]:
        table |= _feminine(noun)
    table |= {fold(adjective) + "ه": ONE for adjective in ADJECTIVES}
    for words, number in ((_ONE, ONE), (_TWO, TWO), (_NOT_DUAL, OPEN)):
        table |= {fold(word): number for word in words.split()}
    return table


FORMS = _forms()
_OWNED_FORMS = frozenset(
    noun + p for noun, _ in _split(_PEOPLE_SOUND) + _split(_PEOPLE) + _split(_THINGS) for p in _PRONOUNS
) - frozenset(noun for noun, _ in _split(_WOMEN) + _split(_FEMININE_THINGS))


def _thing_words() -> frozenset[str]:
    words: set[str] = set()
    masculine = _split(_THINGS) + [(n, p) for n, p in _split(_MASCULINE_GROUPS)]
    feminine = _split(_FEMININE_THINGS) + _split("دورية:دوريات قافلة:قوافل")
    for noun, plurals in masculine:
        words |= {noun, *_masculine(noun, TWO), *plurals, *(plural + p for plural in plurals for p in _PRONOUNS)}
    for noun, plurals in feminine:
        plurals = [*plurals, noun.removesuffix("ه") + "ات"]
        words |= {noun, *_feminine(noun), *plurals, *(plural + p for plural in plurals for p in _PRONOUNS)}
    return frozenset(words)


#: Every form, singular to plural, of a noun for a building, a vehicle or a place that can be hit.
THINGS = _thing_words()


def number_of(words: list[str]) -> int | None:
    """1 or 2 if the head of a noun phrase (folded ``words``, first to last) says so by its form, else None."""
    if not words:
        return None
    follower = words[1] if len(words) > 1 else ""
    if follower in ("اثنين", "اثنان", "اثنتين", "اثنتان", "كلاهما", "كليهما"):
        return 2
    form = next((FORMS[rest] for _, rest in strip_letters(words[0]) if _fits(words[0], rest)), OPEN)
    if words[0].endswith("القاعده") and not follower:
        return None  # the group, not a base
    if form == TWO_IF_GENITIVE:  # ضابطا شرطة, جنديا الاحتلال: an accusative (ضابطاً) is never followed so
        return 2 if follower in _GENITIVES or follower.startswith("ال") else 1
    if form == TWO_IF_FOLLOWED:
        return 2 if follower else None
    return form if form in (ONE, TWO) else None


def is_thing(word: str) -> bool:
    """Whether a folded ``word``, attached letters and all, names a building, a vehicle or a place."""
    return any(rest in THINGS for _, rest in strip_letters(word))


def _fits(word: str, rest: str) -> bool:
    """Is ``rest``, left of ``word`` without attached letters, in the table? With ال it can have no owner as well."""
    return rest in FORMS and not (rest in _OWNED_FORMS and word.endswith(("ال" + rest, "لل" + rest)))
