"""CEAF-REE and CEAF-RME: worked examples, gold against gold, order, and the best map against brute force."""

import itertools
import random

import pytest

from adwar.data.schema import Document, Event, Span
from adwar.eval import ceaf
from adwar.eval.ceaf import PHIS, Template, normalise, ree, rme, score_ceaf, template
from adwar.eval.scores import Score


def entity(*names):
    return frozenset(names)


def made(kind, **fillers):
    return Template(kind, {role: tuple(entities) for role, entities in fillers.items()})


def micro(scores):
    return sum(scores.values(), Score())


def test_normal_form_is_mucs():
    assert normalise('The  "Shining Path", a group.') == "shining path group"
    assert normalise("«الجيش»،") == "«الجيش»،"  # Arabic punctuation and article stay, as in MultiMUC
    assert normalise("...") == ""


def test_gold_against_gold_is_one_in_any_order(documents):
    frames = [list(reversed(d.events)) for d in documents]
    scored = score_ceaf(documents, frames)
    assert all(scored["RME"][phi]["f1"] == 1.0 for phi in PHIS)
    assert all(row["f1"] == 1.0 for row in scored["REE"].values())


def test_equal_mentions_of_one_role_are_one_entity_and_empty_ones_are_none():
    text = "الجيش الجيش ..."
    spans = (Span(0, 5, "الجيش"), Span(6, 11, "الجيش"), Span(12, 15, "..."))
    assert template(Event("clash", None, attacker=spans)).fillers["attacker"] == (entity("الجيش"),)
    scored = score_ceaf([Document("d", text, events=(Event("clash", None, attacker=spans),))], [[]])
    assert scored["REE"]["attacker"]["gold"] == 1 and scored["REE"]["type"]["gold"] == 1


def test_a_count_read_off_its_target_is_no_filler():
    dual = (Span(0, 6, "جنديين"),)
    assert template(Event("clash", None, target=dual, count=dual)).fillers["count"] == ()


def test_ree_counts_subsets_of_any_gold_entity_and_the_type_slot():
    gold = [made("bombing", target=[entity("a", "b"), entity("c")], attacker=[entity("x")])]
    ours = [made("bombing", target=[entity("a"), entity("b"), entity("a", "z")], attacker=[])]
    scores = ree(ours, gold)
    assert scores["target"] == Score(3, 2, 2, 1)
    assert scores["attacker"] == Score(0, 1, 0, 0)
    assert scores["type"] == Score(1, 1, 1, 1)


def test_ree_maps_only_where_the_type_is_part_of_the_gold_type():
    filler = {"target": [entity("a")]}
    assert micro(ree([made("attack", **filler)], [made("attack / bombing", **filler)])).right_gold == 2
    assert micro(ree([made("arson", **filler)], [made("bombing", **filler)])) == Score(2, 2, 0, 0)


def brute(predicted, gold):
    best = 0.0
    for size in range(min(len(predicted), len(gold)) + 1):
        for rows in itertools.combinations(range(len(predicted)), size):
            for columns in itertools.permutations(range(len(gold)), size):
                pairs = list(zip(rows, columns, strict=True))
                if any(predicted[p].type not in gold[g].type for p, g in pairs):
                    continue
                total = Score(
                    sum(1 + len(t.entities()) for t in predicted), sum(1 + len(t.entities()) for t in gold), 0, 0
                )
                for p, g in pairs:
                    total = total + micro(ceaf._hits(predicted[p], gold[g]))
                best = max(best, total.f1)
    return best


def random_templates(rng):
    def some():
        return tuple({entity(*rng.sample("abcd", rng.randint(1, 2))) for _ in range(rng.randint(0, 3))})

    return [made(rng.choice(["clash", "arson"]), target=some(), source=some()) for _ in range(rng.randint(0, 4))]


@pytest.mark.parametrize("seed", range(60))
def test_ree_takes_the_best_map_and_order_never_matters(seed, monkeypatch):
    rng = random.Random(seed)
    predicted, gold = random_templates(rng), random_templates(rng)
    exact = ree(predicted, gold)
    assert micro(exact).f1 == pytest.approx(brute(predicted, gold))
    assert ree(predicted[::-1], gold[::-1]) == exact
    monkeypatch.setattr(ceaf, "MAX_STATES", 0)
    assert micro(ree(predicted, gold)).f1 <= micro(exact).f1 + 1e-12


def test_many_events_fall_back_to_matching_and_are_still_found():
    gold = [made("clash", target=[entity(f"t{i}")], count=[entity(str(i))]) for i in range(14)]
    assert micro(ree(gold[::-1], gold)).f1 == 1.0


def test_rme_by_hand():
    gold = [made("bombing", target=[entity("a", "b"), entity("c")])]
    ours = [made("bombing", target=[entity("a"), entity("b", "c"), entity("z")])]
    # phi-3: a with {a, b} and {b, c} with {c}: two mentions in common; of 4 and 3 mentions, 3 and 2 entities
    assert rme(ours, gold, "phi3-mention") == Score(4, 3, 2, 2)
    assert rme(ours, gold, "phi3-entity") == Score(3, 2, 2, 2)
    # subset: two predicted entities touch gold ones, and both touch {a, b} first
    assert rme(ours, gold, "phi-subset") == Score(3, 2, 2, 1)


def test_rme_needs_type_and_role_and_aligns_one_to_one():
    gold = [made("bombing", target=[entity("a")])]
    assert rme([made("arson", target=[entity("a")])], gold, "phi3-entity").right_gold == 0
    assert rme([made("bombing", source=[entity("a")])], gold, "phi-subset").right_predicted == 0
    assert rme(gold * 2, gold, "phi3-entity") == Score(2, 1, 1, 1)
    with pytest.raises(ValueError, match="phi3-mention"):
        rme(gold, gold, "phi4")


def test_on_our_data_both_phi3_agree(documents):
    frames = [list(d.events[:1]) for d in documents]
    scored = score_ceaf(documents, frames)["RME"]
    assert scored["phi3-mention"] == scored["phi3-entity"] and 0 < scored["phi3-entity"]["recall"] < 1
