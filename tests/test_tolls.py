"""The figures to show: which of a report's tolls stands for the killed and the wounded."""

import pytest
from reports import read

CASES = [
    ("{E:قتل} {C:تسعة} {T:مدنيين} في غارة.", 9),
    # parts, also across sentences
    ("{E:قتل} {C:12} {T:شخصا} بينهم {C:ثلاثة} {T:أطفال}.", 12),
    ("{E:قتل} {C:12} {T:شخصا}. ومن بينهم {C:ثلاثة} {T:أطفال}.", 12),
    # later and greater
    ("{E:قتل} {C:7} {T:أشخاص}. وقالت الشرطة لاحقا إن {C:9} {T:أشخاص} قتلوا.", 9),
    ("{E:قتل} {C:20} {T:شخصا}. وقال شاهد إنه رأى مقتل {C:خمسة} {T:رجال}.", 20),
    # told as the total
    ("{E:قتل} {C:عشرة} {T:أشخاص}. وأعلنت الوزارة أن عدد القتلى {C:سبعة}.", 7),
    ("ارتفعت حصيلة {E:الهجوم} إلى {C:15} {T:قتيلا}. وكانت حصيلة سابقة تحدثت عن مقتل {C:11} {T:شخصا}.", 15),
    # exact before hedged, hedged before vague
    ("{E:قتل} {C:12} {T:شخصا} على الأقل. وأكد المشفى مقتل {C:12} {T:شخصا} .", 12),
    ("{E:قتل} {C:العشرات}. وقالت الشرطة إن {C:27} {T:شخصا} قتلوا.", 27),
    # nothing is added up
    ("{E:قتل} {C:9} {T:مدنيين} و{C:3} {T:جنود}.", 9),
    # read off the noun
    ("{E:مقتل} {T:جنديين} في كمين.", 2),
    ("محاولة {E:اغتيال} {T:وزير} في العاصمة.", None),
    ("أصيب {C:أربعة} {T:مدنيين} في {E:قصف}.", None),
]


@pytest.mark.parametrize(("marked", "value"), CASES)
def test_killed(marked, value):
    (frame,) = read(marked).frames
    assert (frame.killed.value if frame.killed else None) == value


def test_bounds_and_mention_of_the_figure_shown():
    prediction = read("{E:قتل} {C:ما لا يقل عن 12} {T:شخصا} وأصيب {C:نحو 30} {T:آخرين}.")
    (frame,) = prediction.frames
    assert (frame.killed.value, frame.killed.min, frame.killed.max) == (12, 12, None)
    assert (frame.wounded.value, frame.wounded.mention.approximate) == (30, True)
    mention = frame.killed.mention
    assert prediction.text[mention.start : mention.end] == mention.text == "ما لا يقل عن 12"


def test_a_vague_word_alone_is_shown_with_its_bounds():
    (frame,) = read("{E:قتل} {C:العشرات} في غارة.").frames
    assert (frame.killed.value, frame.killed.min, frame.killed.max) == (None, 20, 99)


def test_the_exact_figure_is_shown_though_a_hedged_one_comes_later():
    (frame,) = read("{E:قتل} {C:12} {T:شخصا}. وقالت الإذاعة إن {C:نحو 12} {T:شخصا} قتلوا.").frames
    assert frame.killed.mention.text == "12" and len(frame.killed.others) == 1


def test_other_figures_keep_their_sources():
    marked = "قال {S:الجيش} إن {C:85} {T:مسلحا} {E:قتلوا}. وقال {S:المرصد} إن {C:40} {T:مسلحا} قتلوا."
    killed = read(marked).frames[0].killed
    assert killed.value == 85 and [s.name for s in killed.sources] == ["الجيش"]
    (other,) = killed.others
    assert other.mention.value == 40 and [s.name for s in other.sources] == ["المرصد"]
    told = killed.to_dict()
    assert told["value"] == 85 and told["sources"] == ["الجيش"] and told["others"][0]["sources"] == ["المرصد"]
