"""Entities: which mentions of a role are one, and which stay apart."""

import pytest
from reports import joined, read

from adwar.model.entity_names import read_name, stem

TOGETHER = [
    # equal names, whatever letters, marks and judgements they bear
    ("attacker", "هاجم {A:تنظيم داعش} القرية. وقال شهود إن {A:داعش} قصفها.", "تنظيم داعش"),
    ("attacker", 'تبنى {A:تنظيم "الدولة الإسلامية"} الهجوم. وانسحب {A:داعش}.', 'تنظيم "الدولة الإسلامية"'),
    ("attacker", "هاجم {A:تنظيم داعش الإرهابي} القرية ثم انسحب {A:التنظيم}.", "تنظيم داعش الإرهابي"),
    ("attacker", "قصفت {A:طائرات التحالف الدولي} القرية. ونفى {A:التحالف} ذلك.", "طائرات التحالف الدولي"),
    ("attacker", "قال {A:التحالف الدولي} إن {A:قوات التحالف} قصفت القرية، وأكد {A:التحالف} ذلك.", "التحالف الدولي"),
    ("attacker", "اقتحم {A:مسلحو طالبان} المخفر. وقالت {A:حركة طالبان} إنها فعلت.", "حركة طالبان"),
    ("attacker", "فجّرت {A:حركة حماس} النفق، وقالت {A:الحركة} ذلك.", "حركة حماس"),
    ("attacker", "أطلقت {A:ميليشيات الحوثي} صاروخاً. وزرع {A:الحوثيون} ألغاماً.", "ميليشيات الحوثي"),
    # a state and the forces that are its own
    ("attacker", "غارة {A:إسرائيلية} ثم قصف {A:الجيش الإسرائيلي} الحي.", "الجيش الإسرائيلي"),
    ("attacker", "غارة {A:إسرائيلية} بعد غارة {A:إسرائيلية} أمس.", "إسرائيل"),
    ("attacker", "قصفت {A:طائرات روسية} المدينة، وقالت {A:روسيا} إنها فعلت.", "روسيا"),
    ("attacker", "اقتحمت {A:قوات الاحتلال الإسرائيلي} المخيم، وأطلق {A:الاحتلال} النار.", "قوات الاحتلال الإسرائيلي"),
    # a name and its beginning
    ("source", "قالت {S:وزارة الدفاع الروسية} ذلك، وأضافت {S:الوزارة} أن المقر دُمّر.", "وزارة الدفاع الروسية"),
    ("source", "أفاد {S:المرصد السوري لحقوق الإنسان} بذلك. وقال {S:المرصد} لاحقاً.", "المرصد السوري لحقوق الإنسان"),
    ("source", "نقلت {S:وكالة رويترز} الخبر، وقالت {S:رويترز} إنه صحيح.", "وكالة رويترز"),
    ("source", "قال {S:مصدر أمني} ذلك، وأضاف {S:المصدر نفسه} المزيد.", "مصدر أمني"),
    # people
    ("source", "قال {S:مدير المركز سامر الدالي} ذلك. وأضاف {S:الدالي} المزيد.", "مدير المركز سامر الدالي"),
    (
        "source",
        "قال {S:رولي} ذلك، وأكد {S:نائب مدير الدفاع المدني، مارك رولي} المزيد.",
        "نائب مدير الدفاع المدني، مارك رولي",
    ),
    ("target", "أصيب {T:النائب حازم الربيعي} بجروح، ونُقل {T:الربيعي} إلى المشفى.", "النائب حازم الربيعي"),
    # places
    ("location", "في {L:العاصمة السورية دمشق} هدوء، أما {L:دمشق} فهادئة.", "العاصمة السورية دمشق"),
    ("location", "في {L:مدينة الخالص بمحافظة ديالى} انفجار. وتقع {L:الخالص} شمالاً.", "مدينة الخالص بمحافظة ديالى"),
    ("location", "قُصفت {L:مدينة عفرين}، واقتُحمت {L:المدينة}.", "مدينة عفرين"),
    # common nouns within one frame
    ("attacker", "أطلق {A:مسلحون مجهولون} النار ثم فر {A:المهاجمون}.", "مسلحون مجهولون"),
    ("attacker", "طعن {A:رجل} حارساً، وقُتل {A:المهاجم}.", "المهاجم"),
    ("target", "مقتل {C:خمسة} {T:جنود} في كمين، ونُقل {T:القتلى} جواً.", "القتلى"),
    ("target", "قُصفت {T:حافلة ركاب}، واحترقت {T:الحافلة}.", "حافلة ركاب"),
    ("target", "قُتل {C:22} {T:شخصا}. وقال الطبيب إن {C:22} {T:شخصا} قُتلوا.", "شخصا"),
]


@pytest.mark.parametrize(("role", "marked", "name"), TOGETHER)
def test_one_entity(role, marked, name):
    prediction = read(marked)
    found = [entity for entity in prediction.entities if entity.role == role]
    assert [entity.name for entity in found] == [name]
    assert len({m.entity for frame in prediction.frames for m in getattr(frame, role)}) == 1


APART = [
    ("attacker", "هاجم {A:التحالف الدولي} القرية، وقصف {A:التحالف العربي} المرفأ، ونفى {A:التحالف}.", 3),
    ("attacker", "أطلق {A:مسلحون} النار. وفي الجنوب خطف {A:مسلحون} طبيباً.", 2),
    ("attacker", "قصف {A:الجيش السوري} البلدة وهاجمتها {A:المعارضة السورية}.", 2),
    ("attacker", "قصفت {A:قوات سوريا الديمقراطية} البلدة، وأغارت {A:طائرات سورية}.", 2),
    ("attacker", "فجّر {A:تنظيم داعش} المقر، ونفّذ {A:مسلح} الهجوم، وقُتل {A:المهاجم}.", 2),
    ("source", "قالت {S:وزارة الدفاع} ذلك، ونفت {S:وزارة الداخلية}، ثم أكدت {S:الوزارة}.", 3),
    ("source", "قال {S:المتحدث باسم الجيش} ذلك، وأكد {S:الجيش}.", 2),
    ("source", "قالت {S:مصادر عسكرية} ذلك، وقالت {S:مصادر عسكرية} أخرى.", 2),
    ("source", "قال {S:محافظ بغداد} ذلك، وقالت {S:بغداد} غيره.", 2),
    ("target", "مقتل {C:ثلاثة} {T:مدنيين} وإصابة {C:تسعة} {T:مدنيين}.", 2),
    ("target", "قُتل {C:3} {T:جنود} و{C:4} {T:مدنيين}، وشُيّع {T:القتلى}.", 3),
    ("target", "قُتل {T:جندي}، وشُيّع {T:القتلى}.", 2),
    ("target", "قصفوا مواقع {T:الحوثيين} وقتلوا {T:حوثيين} في البيضاء.", 2),
    ("location", "قصفٌ على {L:خان يونس} وآخر {L:شرق خان يونس}.", 2),
    ("location", "قصفٌ على {L:مخيم جنين} وآخر على {L:جنين}.", 2),
    ("location", "قصفٌ على {L:مدينة حمص} و{L:مدينة حماة} ثم {L:المدينة}.", 3),
]


@pytest.mark.parametrize(("role", "marked", "number"), APART)
def test_entities_stay_apart(role, marked, number):
    assert len(joined(read(marked), role)) == number


def test_common_nouns_stay_in_their_frame():
    marked = "أطلق {A:مسلح مجهول} النار في الكوت. وفي عدن فجّر {A2:انتحاري} نفسه وقُتل {A2:المهاجم}."
    assert joined(read(marked), "attacker") == [["مسلح مجهول"], ["انتحاري", "المهاجم"]]


def test_entities_of_frames_hold_the_frames_mentions_only():
    marked = "قصف {A:الجيش الإسرائيلي} {L:رفح}. وفي الشمال قتلت غارة {A2:إسرائيلية} {T2:طبيبا}."
    prediction = read(marked)
    first, second = prediction.frames
    assert first.attacker[0].entity == second.attacker[0].entity
    assert [m.text for e in second.entities if e.role == "attacker" for m in e.mentions] == ["إسرائيلية"]
    assert next(e.name for e in second.entities if e.role == "attacker") == "الجيش الإسرائيلي"
    assert [e.id for e in prediction.entities] == list(range(len(prediction.entities)))
    for entity in prediction.entities:
        assert all(m.entity == entity.id for m in entity.mentions)


def test_the_naming_mention_comes_first():
    (entity,) = read("نفى {S:المرصد} ذلك، ثم قال {S:المرصد السوري} إنه لا يعلم.").entities
    assert [m.text for m in entity.mentions] == ["المرصد السوري", "المرصد"]
    assert entity.to_dict()["mentions"][0] == [entity.mentions[0].start, entity.mentions[0].end]


@pytest.mark.parametrize(
    ("name", "role", "core", "definite"),
    [
        ("طائرات التحالف الدولي", "attacker", ("تحالف", "دولي"), True),
        ("طائرات التحالف الدولي", "target", ("طايرات", "تحالف", "دولي"), True),
        ("تنظيم داعش الإرهابي", "attacker", ("داعش",), True),
        ("ثلاثة مسلحين", "attacker", ("مسلحين",), False),
        ("أحد المسلحين", "attacker", ("احد", "مسلحين"), False),
        ("مدينة ساحلية", "location", ("مدينه", "ساحليه"), False),
        ("", "source", (), False),
        ("...", "source", (), False),
    ],
)
def test_names(name, role, core, definite):
    read_as = read_name(name, role)
    assert read_as.core == core and read_as.definite == definite


def test_cases_of_a_noun_are_one_stem():
    assert stem("مسلحون") == stem("مسلحين") and stem("سايق") != stem("سايقون")
