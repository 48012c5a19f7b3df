"""The golden file of the embedded model: what it says of a few texts, to compare every later run with.

    python benchmarks/golden.py            # compare; status 1 if something differs
    python benchmarks/golden.py --write    # write tests/golden/embedded.json, after a new model was embedded on purpose

The file names the model by the checksum of its checksums.json. Scores are kept to five decimals.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import adwar
from adwar.model.integrity import CHECKSUMS, digest
from adwar.model.loading import EMBEDDED

FILE = Path(__file__).resolve().parent.parent / "tests" / "golden" / "embedded.json"
AGAIN = "regenerate with: python benchmarks/golden.py --write"
TEXTS = (
    "قُتل تسعة مدنيين في غارة روسية على سوق وسط بلدة كفرزيتا، وفق الدفاع المدني السوري.",
    "أعلنت الشرطة العراقية مقتل 12 جنديا وإصابة نحو عشرين آخرين بتفجير سيارة مفخخة قرب حاجز غربي الرمادي.",
    "خطف مسلحون مهندسين اثنين من حقل نفطي جنوبي البلاد. وقال مصدر أمني إن الخاطفين طلبوا فدية.",
    "وصل الوزير إلى العاصمة لبحث اتفاق التجارة مع نظيره، ولم يدل بأي تصريح.",
    "قصفت المدفعية حي الزهراء فقتلت ما لا يقل عن ٣ أطفال.\nوفي بلدة مجاورة دارت اشتباكات بين الجيش ومسلحين.",
    "",
)


def model_checksum() -> str:
    return digest(EMBEDDED / CHECKSUMS)


def rounded(value: Any) -> Any:
    """``value`` with every float to five decimals."""
    if isinstance(value, float):
        return round(value, 5)
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    return [rounded(one) for one in value] if isinstance(value, list) else value


def answers(labeler: adwar.Labeler) -> list[Any]:
    return [rounded(p.to_dict()) for p in labeler.predict_many(TEXTS)]


def difference(one: Any, two: Any, at: str = "answers", score: float = 1e-4) -> str | None:
    """Where two answers differ first; floats may by ``score`` (another processor rounds otherwise)."""
    if isinstance(one, float) and isinstance(two, float):
        return None if abs(one - two) <= score else f"{at}: {one} and {two}"
    if type(one) is not type(two):
        return f"{at}: {one!r} and {two!r}"
    if isinstance(one, dict) and one.keys() == two.keys():
        return next((d for k in one if (d := difference(one[k], two[k], f"{at}.{k}", score))), None)
    if isinstance(one, list) and len(one) == len(two):
        pairs = enumerate(zip(one, two, strict=True))
        return next((d for i, (a, b) in pairs if (d := difference(a, b, f"{at}[{i}]", score))), None)
    return None if one == two else f"{at}: {one!r} and {two!r}"


def main() -> int:
    parser = argparse.ArgumentParser(description="The golden file of the embedded model.")
    parser.add_argument("--write", action="store_true")
    if parser.parse_args().write:
        held = {"model": model_checksum(), "answers": answers(adwar.load())}
        part = FILE.with_name(FILE.name + ".part")
        part.write_text(json.dumps(held, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        part.replace(FILE)
        print(f"written: {FILE}")
        return 0
    held = json.loads(FILE.read_text(encoding="utf-8"))
    found = None if held["model"] == model_checksum() else f"the golden file is of another model; {AGAIN}"
    found = found or difference(held["answers"], answers(adwar.load()))
    print(found or "the same", file=sys.stderr if found else sys.stdout)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
