"""Attribution: what claims, accuses, denies, with its place in the text; and what only looks like it."""

import pytest
from reports import read

CASES = [
    # asserted: no cue
    ("قتل {A:مسلحون} {T:حارسا} في الميناء.", "asserted", None),
    ("شنت {A:طائرات روسية} غارة على {L:سراقب}.", "asserted", None),
    ("انفجرت عبوة في {L:السوق} وقتلت {T:بائعا}.", "unknown", None),
    # claims
    ("تبنى {A:تنظيم داعش} {E:الهجوم} على {T:المخفر}.", "claimed", "تبنى"),
    ("وقد تبنّت {A:حركة الشباب} {E:الهجوم}.", "claimed", "تبنّت"),
    ("{E:الهجوم} الذي تبنته {A:حركة الشباب} قتل {T:حارسا}.", "claimed", "تبنته"),
    ("أعلن {A:تنظيم داعش} مسؤوليته عن {E:التفجير}.", "claimed", "أعلن تنظيم داعش مسؤوليته"),
    ("{A:وطالبان} تعلن مسؤوليتها عن {E:الهجوم}.", "claimed", "تعلن مسؤوليتها"),
    ("أعلنت {A:كتائب القسام} المسؤولية عن {E:الهجوم}.", "claimed", "أعلنت كتائب القسام المسؤولية"),
    ("أعلن {A:التنظيم} تبنيه {E:للاعتداء}.", "claimed", "أعلن التنظيم تبنيه"),
    ("أعلن {A:التحالف} أنه {E:استهدف} {T:المقر}.", "claimed", "أعلن"),
    ("وقالت {A:إسرائيل} إنها {E:قصفت} {T:المخزن}.", "claimed", "وقالت"),
    ("قال {A:الجيش} إن طائراته {E:قصفت} {T:المخزن}.", "claimed", "قال"),
    ("أعلنت {A:المقاومة} {E:استهداف} {T:الموقع} بالصواريخ.", "claimed", "أعلنت"),
    ("اعترف {A:الحراس} بالمشاركة في {E:الهجوم}.", "claimed", "اعترف الحراس بالمشاركة"),
    ("أعلن {A:الحلف} المكلف بحماية القوافل في الإقليم، ليل الجمعة، أنه {E:هاجم} {T:مخيما}.", "claimed", "أعلن"),
    ("وقالت {S:وزارة الدفاع التركية} إن {A:المدفعية التركية} {E:قصفت} {T:مخزنا}.", "claimed", "وقالت"),
    # no claims
    ("قال {S:ناشط سوري} إن {A:القوات السورية} {E:قصفت} {T:الحي}.", "asserted", None),
    ("لم تعلن أي جهة مسؤوليتها عن {E:الهجوم} الذي نفذه {A:انتحاري}.", "asserted", None),
    ("ولم يتبن أحد {E:الهجوم} على {T:المخفر} ونفذه {A:مسلحون}.", "asserted", None),
    ("لم تسارع أي جماعة لتبني {E:الهجوم} الذي نفذه {A:مسلحون}.", "asserted", None),
    ("انسحب {A:المسلحون} دون أن تتبنى جهة {E:الهجوم}.", "asserted", None),
    ("تبنى المجلس قرارا بعد {E:الهجوم} الذي شنه في الصباح الباكر على المخفر والسوق {A:مسلحون}.", "asserted", None),
    ("أعلن {A:الجيش} مقتل {T:جندي} في {E:كمين}.", "asserted", None),
    ("وأضاف أن {A:مسلحين} {E:قتلوا} {T:حارسا}.", "asserted", None),
    ("وصفت البلدية {A:الملثمين} بأنهم غرباء، وقالت إنهم {E:أحرقوا} {T:المخزن}.", "asserted", None),
    ("أعلنت {A:الحركة} وقف إطلاق النار بعد {E:الهجوم}.", "asserted", None),
    # accusations
    ("اتهمت {S:الحكومة} {A:المتمردين} ب{E:قصف} {T:السوق}.", "accused", "اتهمت"),
    ("ويتهم {S:الحوثيون} {A:التحالف العربي} بشن {E:الهجوم}.", "accused", "ويتهم"),
    ("حمّل {S:الجيش} {A:حركة حماس} مسؤولية {E:الهجوم}.", "accused", "حمّل الجيش حركة حماس مسؤولية"),
    ("محملة {A:الاحتلال} المسؤولية عن {E:قتل} {T:الشاب}.", "accused", "محملة الاحتلال المسؤولية"),
    ("{E:غارة} يُعتقد أنها {A:أمريكية} قتلت {T:حارسا}.", "accused", "يُعتقد"),
    ("{E:هجوم} يشتبه في أن {A:حركة الشباب} نفذته.", "accused", "يشتبه"),
    ("{A:طائرة} يشتبه بأنها أمريكية {E:أطلقت} صاروخا.", "accused", "يشتبه"),
    ("فر {A:المسلح المشتبه به} بعد {E:الهجوم}.", "accused", "المشتبه"),
    ("{E:غارة} نُسبت إلى {A:التحالف}.", "accused", "نُسبت إلى"),
    # no accusations of these
    ("قُتل حارس يُعتقد أنه من القرية في {E:غارة} شنتها على المخفر طائرات {A:روسية}.", "asserted", None),
    ("اتهم الجيش الحكومة بتسليح {A:رجال القبيلة} الذين {E:هاجموا} {T:القرية}.", "asserted", None),
    ("لا تتهم الشرطة {A:العمال} ب{E:إحراق} {T:المصنع}.", "asserted", None),
    # denials
    ("نفى {A:التحالف} تنفيذ أي {E:غارة} على {T:الحي}.", "denied", "نفى التحالف تنفيذ"),
    ("نفت {A:طالبان} مسؤوليتها عن {E:الهجوم}.", "denied", "نفت طالبان مسؤوليتها"),
    ("{E:قصفت} {A:طائرات روسية} {T:السوق}. ونفت وزارة الدفاع الروسية أن تكون قد فعلت.", "denied", None),
    ("نفت {A:طالبان} مقتل {T:زعيمها} في {E:غارة}.", "asserted", None),
    ("نافيا ما تردد عن تبني {A:التنظيم} {E:للهجوم}.", "asserted", None),
]


@pytest.mark.parametrize(("marked", "status", "cue"), CASES)
def test_attribution(marked, status, cue):
    prediction = read(marked)
    (frame,) = prediction.frames
    told = frame.attribution
    assert told.status == status
    if cue is not None:
        assert told.cue.text == cue
    for one in told.cues:
        assert prediction.text[one.start : one.end] == one.text
        assert one.entity in {m.entity for m in frame.attacker}


def test_every_cue_is_kept_and_the_attackers_own_word_decides():
    marked = "اتهمت {S:الحكومة} {A:المتمردين} ب{E:قصف} {T:السوق}. وتبنت {A:كتيبة النور} القصف."
    told = read(marked).frames[0].attribution
    assert [cue.status for cue in told.cues] == ["accused", "claimed"] and told.status == "claimed"
    marked = "اتهمت {S:الحكومة} {A:التحالف} ب{E:قصف} {T:السوق}. ونفى {A:التحالف} مسؤوليته."
    assert read(marked).frames[0].attribution.status == "denied"


def test_a_cue_speaks_of_its_own_attack_only():
    marked = "{E:قتل} {A:مسلحون} {T:حارسا} في عدن. وتبنى {A2:تنظيم القاعدة} {E2:تفجير} {T2:المخفر} في أبين."
    assert [frame.attribution.status for frame in read(marked).frames] == ["asserted", "claimed"]


def test_to_dict_is_plain():
    told = read("تبنى {A:تنظيم داعش} {E:الهجوم}.").frames[0].attribution.to_dict()
    assert told["status"] == "claimed" and told["cue"] == told["cues"][0]
    assert list(told["cue"]) == ["start", "end", "text", "status", "entity"]
