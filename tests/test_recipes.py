"""docs/recipes.md: every block runs with the embedded model and prints what the page says."""

import recipes


def test_every_recipe_prints_what_the_page_says():
    page = recipes.PAGE.read_text(encoding="utf-8")
    found = recipes.blocks(page)
    assert 8 <= len(found) <= 14 and sum(bool(told) for _, told in found) == len(found) - 1
    again = "python benchmarks/recipes.py --write, and read what changed"
    assert recipes.outputs(page) == [told for _, told in found], again
