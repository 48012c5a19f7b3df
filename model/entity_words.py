"""Words that `entity_names` reads mentions by: heads that say what kind of thing a name is of, common nouns,
titles, aliases.

Single folded words and short phrases (`arabic.fold`), without the article. They were gathered from what stands
first in mentions of real reports; none is a name of a single event.
"""

from __future__ import annotations

from .arabic import fold
from .demonyms import ADJECTIVES
from .nouns import FORMS, THINGS


def _set(words: str) -> frozenset[str]:
    return frozenset(fold(words).split())


#: Heads that only say of what kind the name behind them is: تنظيم داعش is داعش. Spellings of one kind share a value.
KINDS = {
    form: kind
    for kind, forms in {
        "تنظيم": "تنظيم",
        "حركه": "حركه",
        "جماعه": "جماعه",
        "ميليشيا": "ميليشيا ميليشيات مليشيا مليشيات ميلشيا ميلشيات",
        "منظمه": "منظمه",
        "وكاله": "وكاله وكالات",
        "صحيفه": "صحيفه جريده",
        "قناه": "قناه فضاييه",
        "شبكه": "شبكه",
        "اذاعه": "اذاعه راديو",
        "تلفزيون": "تلفزيون",
        "موقع": "موقع",
        "مدينه": "مدينه",
        "بلده": "بلده",
        "قريه": "قريه",
        "محافظه": "محافظه",
        "ولايه": "ولايه",
        "اقليم": "اقليم",
        "عاصمه": "عاصمه",
    }.items()
    for form in forms.split()
}
#: The kind that a name is known to be of, for "الحركة" where nothing but "حماس" was said.
KIND_OF = {
    "داعش": "تنظيم",
    "قاعده": "تنظيم",
    "طالبان": "حركه",
    "حماس": "حركه",
    "فتح": "حركه",
    "شباب": "حركه",
    "رويترز": "وكاله",
    "سانا": "وكاله",
}
#: Kinds of settlement and of region: a bare name may be either, two given kinds that differ are two places.
SETTLEMENTS, REGIONS = frozenset(("مدينه", "بلده", "قريه", "عاصمه")), frozenset(("محافظه", "ولايه", "اقليم"))
#: Heads that act for whoever owns them: مقاتلات التحالف is التحالف where it attacks.
FORCES = _set(
    "قوات قوة طائرات طائرة مقاتلات مقاتلة طيران مدفعية دبابات دبابة مروحيات مروحية عناصر جنود مسلحو مسلحي "
    "مقاتلو مقاتلي رجال "
    "أفراد سلاح وحدات زوارق بوارج مسيرات مسيرة قناصة صواريخ آليات مسلحون مسلحين مقاتلون مقاتلين مدمرات راجمات"
)
#: Forces that are a state's own when a demonym follows (طائرات روسية); مسلحون سوريون are not Syria.
MACHINES = FORCES - _set("عناصر مسلحو مسلحي مقاتلو مقاتلي رجال أفراد مسلحون مسلحين مقاتلون مقاتلين وحدات")
#: What may stand beside a state's name in a mention that means the state as the attacker (الطيران الحربي الروسي).
STATE_WORDS = _set(
    "جيش احتلال عدو نظام حكومة حكومي حكومية نظامي نظامية جو جوي جوية حربي حربية بحرية مسلحة دفاع كيان "
    "عسكري عسكرية قوات استطلاع "
    "بدون من دون بلا طيار مدفعي قوة طيران"
)
#: Adjectives that tell no two names apart.
QUALIFIERS = _set(
    "إرهابي إرهابية متطرف متطرفة متشدد متشددة انقلابي انقلابية إجرامي إجرامية محظور محظورة متمرد متمردة ما "
    "يسمى بما يسمى تسمى "
    "مسمى مزعوم مزعومة نفس ذات نفسه ذاته نفسها ذاتها نفسهم أنفسهم للأنباء أنباء المدعو هذا هذه ذلك تلك "
    "هؤلاء ب ل أعلاه مذكور مذكورة "
    "سالف سابق"
)
#: Common nouns at the head of mentions, beside those of `nouns`: without ال they name nobody.
COMMON = (
    frozenset(FORMS)
    | THINGS
    | FORCES
    | _set(
        "مصدر مصادر أشخاص آخرين آخرون أخرى وزارة مسؤولون مسؤولين شهود شاهد شهداء جنود عبوة عبوات قنبلة "
        "قنابل قتلى جرحى ضحايا أفراد "
        "أطفال نساء رجال شبان شباب أعضاء متحدث متحدثة ناطق ناطقة سكان أهالي عمال طلاب تلاميذ مدنيون مدنيين "
        "مسلحون مسلحين مسلح انتحاري "
        "انتحاريون انتحاريين إرهابيون إرهابيين متمردون متمردين متشددون متشددين مجهولون مجهولين مهاجمون "
        "مهاجمين مهاجم منفذ منفذو منفذي "
        "جناة جاني مواطنون مواطنين ناشطون ناشطين نشطاء أطباء مسعفون مسعفين حراس حرس ضباط قادة قيادات قيادي "
        "قائد فصائل فصيل مجموعة مجموعات "
        "جماعات عصابة عصابات تنظيمات تعزيزات تجمعات مواقع أهداف آليات مركبات سيارات منازل مبان مباني مناطق "
        "منطقة أحياء حي شارع طريق ضواحي "
        "ضاحية محيط أطراف حدود جبهة جبهات محور محاور قرى بلدات مدن تقارير بيان وسائل إعلام صحيفة قناة شبكة "
        "وكالة جهة جهات سلطات سلطة حكومة "
        "جيش شرطة نيابة محكمة لجنة هيئة مجلس خبراء محققون محققين مراسل مراسلون جثة جثث إصابات رهائن ركاب "
        "مارة زوار سياح مصلون مصلين متظاهرون "
        "متظاهرين محتجون محتجين مستوطنون مستوطنين مستوطنات مقاومون مقاومين مقاتلون مقاتلين مقاتلات طائرات "
        "صاروخ صواريخ قذيفة قذائف عملية هجوم "
        "خلية خلايا عشرات مئات عدد بعض أحد إحدى اثنين ثلاثة أربعة خمسة عشرة وحدة جهاز فرع مكتب مركز نقطة "
        "حاجز قاعدة معسكر مقر مخيم سوق مسجد "
        "كنيسة مدرسة فندق مطعم مستشفى مبنى منزل منشأة مطار ميناء سفينة قطار حافلة شاحنة سيارة دراجة دبابة "
        "موكب دورية قافلة رتل كمين حزب تحالف "
        "مدينة بلدة قرية محافظة ولاية إقليم عاصمة مديرية ناحية قضاء قطاع جبل وادي ساحل دولة بلد بلاد جنوب "
        "شمال شرق غرب وسط جنوبي شمالي "
        "شرقي غربي"
    )
)
#: Adjectives (beside nisbas in ي and ية) that leave a head indefinite: مسلحون مجهولون.
ADJECTIVE_ENDINGS = ("ي", "يه", "ون", "ين", "ان", "ات", "يين", "يون")
ADJECTIVE_WORDS = _set(
    "مجهول مجهولة مسلح مسلحة مفخخ مفخخة ملغوم ملغومة ناسفة صغير صغيرة كبير كبيرة مختلفة مطلع مطلعة آخر "
    "أخرى خاصة قريب قريبة مقرب "
    "مسؤول مسؤولة موثوقة متعددة عدة متفرقة عيان رسمي مجاورة مشتركة حربية تابعة تابع موالية موال سابق سابقة كبار"
)
#: Prepositions and other words after which a name belongs to somebody else: مسلح من داعش, المتحدث باسم الجيش.
BREAKS = _set(
    "من في باسم على عن إلى مع بين ضد لدى عند داخل خارج بقيادة التابع التابعة تابعة تابع الموالية الموالي قرب أمام"
)
#: Titles in front of a person's name.
TITLES = _set(
    "رئيس رئيسة وزير وزيرة نائب نائبة مدير مديرة قائد محافظ حاكم سفير عمدة قاضي أمين مستشار عضو زعيم سيد "
    "سيدة دكتور دكتورة أستاذ "
    "عقيد عميد لواء فريق جنرال نقيب مقدم رائد ملازم رقيب عريف قيادي شيخ ملا أمير ملك صحافي صحفي صحافية "
    "صحفية مواطن شاب طفل طفلة "
    "شهيد شهيدة جندي مراسل مراسلة مصور زميل زميلة متحدث متحدثة ناطق متهم إرهابي انتحاري ناشط ناشطة طبيب "
    "محامي فتى فتاة مسعف"
)
#: Of these, titles that a lone surname may follow (العقيد العبدي); behind the others it may be a place or an office.
LONE_TITLES = _set(
    "سيد سيدة دكتور عقيد عميد لواء فريق جنرال نقيب مقدم رائد ملازم رقيب قيادي شيخ ملا صحافي صحفي مواطن شاب "
    "طفل شهيد جندي مراسل "
    "مصور زميل زميلة رئيس نائب"
)
#: Phrases of names -> the one word that stands for them.
_ALIASES = {
    "الدولة الإسلامية في العراق والشام": "داعش",
    "الدولة الإسلامية في العراق": "داعش",
    "الدولة الإسلامية": "داعش",
    "تنظيم الدولة": "داعش",
    "الدولة الاسلاميه": "داعش",
    "حركة المقاومة الإسلامية حماس": "حماس",
    "المقاومة الإسلامية في لبنان": "حزب_الله",
    "حزب الله اللبناني": "حزب_الله",
    "حزب الله": "حزب_الله",
    "الولايات المتحدة الأمريكية": "@الولايات المتحدة",
    "الولايات المتحدة الأميركية": "@الولايات المتحدة",
    "الولايات المتحدة": "@الولايات المتحدة",
    "حلف شمال الأطلسي الناتو": "ناتو",
    "حلف شمال الأطلسي": "ناتو",
    "حلف الأطلسي": "ناتو",
    "الناتو": "ناتو",
    "تحالف دعم الشرعية في اليمن": "تحالف عربي",
    "تحالف دعم الشرعية": "تحالف عربي",
    "التحالف بقيادة السعودية": "تحالف عربي",
    "التحالف العربي بقيادة السعودية": "تحالف عربي",
    "التحالف الدولي بقيادة الولايات المتحدة": "تحالف دولي",
    "التحالف الدولي بقيادة أمريكية": "تحالف دولي",
    "الحوثيون": "حوثي",
    "الحوثيين": "حوثي",
    "حوثيون": "حوثي",
    "حوثيين": "حوثي",
    "حوثية": "حوثي",
    "شهود عيان": "شهود",
}


def bare(word: str) -> str:
    """A folded ``word`` without the article."""
    return word[2:] if word.startswith(("ال", "لل")) and len(word) > 4 else word


def _states() -> dict[str, str]:
    table: dict[str, str] = {}
    for adjective, state in ADJECTIVES.items():
        for form in (fold(adjective), fold(adjective) + "ه", *([fold(state)] if " " not in state else [])):
            table[bare(form)] = "@" + state
    for form in _set("طالباني داعشي حوثي قسامي أسدي كردي أطلسي أوروبي حوثية طالبان داعش"):
        table.pop(form, None)
    return table


#: Names and adjectives of states -> "@" and the state.
STATES = _states()
#: Aliases as tuples of bare words, the longest first.
ALIASES = sorted(
    ((tuple(bare(w) for w in fold(phrase).split()), tuple(name.split() if name[0] != "@" else [name]))
     for phrase, name in _ALIASES.items()),
    key=lambda pair: -len(pair[0]),
)  # fmt: skip
KNOWN = frozenset(word for _, name in ALIASES for word in name) | frozenset(KIND_OF) | frozenset(STATES.values())
