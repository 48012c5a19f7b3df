"""A span's edges: quotes and brackets in pairs, no marks."""

import pytest

from adwar.data.schema import words
from adwar.model.edges import tidy


@pytest.mark.parametrize(
    ("text", "found", "left"),
    [
        ("أعلنت حركة طالبان» أمس", "حركة طالبان»", "حركة طالبان"),
        ("قتل «داعش» مدنيا", "«داعش»", "داعش"),
        ("قتل «داعش» مدنيا", "«داعش", "داعش"),
        ("قال تنظيم «الدولة» إن", "تنظيم «الدولة»", "تنظيم «الدولة»"),
        ("قال تنظيم «الدولة» إن", "تنظيم «الدولة", "تنظيم «الدولة»"),
        ("أن امرأة (انتحارية) فجرت", "امرأة (انتحارية", "امرأة (انتحارية)"),
        ('قالت صحيفة النهار " إن', 'صحيفة النهار "', "صحيفة النهار"),
        ('قالت "النهار" أمس', '"النهار"', "النهار"),
        ('تنظيم "الفجر" في بلدة "النور"', '"الفجر" في بلدة "النور"', '"الفجر" في بلدة "النور"'),
        ("(الشمال) و(الجنوب) هنا", "(الشمال) و(الجنوب)", "(الشمال) و(الجنوب)"),
        ("مقتل خمسة، أمس", "خمسة،", "خمسة"),
        ("في حلب.", "حلب.", "حلب"),
        ("المتهم محمود ع. أمس", "المتهم محمود ع.", "المتهم محمود ع."),
        ("كتائب “النصر“ قالت", "كتائب “النصر“", "كتائب “النصر“"),
        ("و27 جريحا", "و27", "و27"),
        ('قال " ثم', '"', None),
        ("قال ... ثم", "...", None),
    ],
)
def test_edges(text, found, left):
    spots = words(text)
    start = text.index(found)
    first = next(n for n, (a, _) in enumerate(spots) if a == start)
    last = next(n for n, (_, b) in enumerate(spots) if b == start + len(found))
    edges = tidy([text[a:b] for a, b in spots], first, last)
    assert (None if edges is None else text[spots[edges[0]][0] : spots[edges[1]][1]]) == left
