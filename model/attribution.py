"""How it is known who attacked: asserted by the report, claimed by the attacker, said by an accuser, or denied.

What it does: finds cues (`attribution_cues`) and an attacker's own announcements ("أعلن الجيش أنه استهدف") in the
sentences of a frame, and ties each to the attacker that stands next to it. What it leaves out: cues whose
attacker is only a pronoun, and judging who is right. No cue means asserted, never a guess.
"""

from __future__ import annotations

from collections.abc import Sequence

from .arabic import fold
from .attribution_cues import SAYING, RawCue, find_cues
from .demonyms import ADJECTIVES
from .folded import Token, bare, between, word_at
from .results import ACCUSED, ASSERTED, CLAIMED, DENIED, Attribution, Cue, EventFrame, Mention

#: Which status decides where a frame has cues of several: what the attacker says of himself comes first.
_ORDER = (CLAIMED, DENIED, ACCUSED)
#: Words that may stand between a cue and its attacker: (attacker first, cue first).
_NEAR = {CLAIMED: (4, 8), DENIED: (5, 12), ACCUSED: (0, 10)}
_PASSIVE = (0, 6)
_THAT = frozenset(fold("أنه أنها أنهم أنهما إنه إنها إنهم بأنه بأنها بأنهم").split())
_THAT_BARE = frozenset(fold("أن إن بأن").split())
_DEEDS = frozenset(
    fold(
        "استهدف قصف هاجم دمر نفذ شن قتل أطلق ضرب فجر أسقط اقتحم اغتال أسر خطف أعدم أحرق أغار نسف اعترض أصاب صفى حيد"
    ).split()
)
_DEED_NOUNS = frozenset(
    fold(
        "استهداف استهدافه استهدافها استهدافهم قصف قصفه قصفها قصفهم تنفيذ تنفيذه تنفيذها شن شنه شنها إطلاق "
        "إطلاقه إطلاقها تدمير "
        "اغتيال تصفية تفجير إسقاط أسر مهاجمة اقتحام ضرب تحييد اعتراض"
    ).split()
)
#: Who speaks for a state.
_OFFICIAL = frozenset(
    fold("وزارة جيش قوات حكومة متحدث متحدثة ناطق قيادة هيئة رئاسة رئيس وزير دفاع أركان سلطات مركز").split()
)
#: How many words may stand between a verb of saying and what is said ("أعلن الحلف، ليل الجمعة، أنه").
_SENTENCE = 14
_QUOTES = frozenset('"«»“”()[]')
_CHARGES = tuple(
    "ب" + noun
    for noun in fold(
        "الوقوف شن تنفيذ قصف استهداف ارتكاب قتل تفجير تدبير دعم محاول تنظيم المسؤول الضلوع التورط اغتيال إطلاق "
        "زرع مهاجم ضرب الهجوم التخطيط المشارك إيواء تعمد السعي تسليح تمويل تدريب تحريض"
    ).split()
)
#: وقف إطلاق النار, عدم استهداف: announced, but no deed.
_TRUCES = ("وقف", "الوقف", "هدن", "عدم", "بعدم", "انهاء")
_STATES = {form: state for word, state in ADJECTIVES.items() for form in (fold(word), fold(word) + "ه")}


def attribute(
    text: str, tokens: Sequence[Token], frame: EventFrame, free: Sequence[tuple[int, int]] = ()
) -> Attribution:
    """The attribution of ``frame``; ``tokens`` are those of the whole ``text`` (`folded.tokenize`),
    ``free`` the sentences right behind the frame's that no frame rests on: a denial there can still be its own."""
    if not frame.attacker:
        return Attribution()
    cues: dict[tuple[int, int], Cue] = {}
    for start, end in frame.sentences:
        first, last = between(tokens, start, end)
        sentence = tokens[first:last]
        here = [m for m in frame.attacker if start <= m.start < end]
        spots = [(m, *between(sentence, m.start, m.end)) for m in here]
        for raw in find_cues(sentence):
            owner = _owner(sentence, raw, spots, frame)
            if owner is not None:
                cue = _cue(text, sentence, raw, owner)
                cues.setdefault((cue.start, cue.end), cue)
        for mention, a, b in spots:
            said = _announces(sentence, a, b)
            said = _state_says(sentence, a, b) if said is None else said
            if said is not None:
                cue = _cue(text, sentence, RawCue(CLAIMED, said, said), mention)
                if not any(c.start <= cue.start < c.end for c in cues.values()):
                    cues[cue.start, cue.end] = cue
    for start, end in free:
        first, last = between(tokens, start, end)
        sentence = tokens[first:last]
        for raw in find_cues(sentence):
            owner = _same_state(sentence, raw, frame) if raw.status == DENIED else None
            if owner is not None:
                cue = _cue(text, sentence, raw, owner)
                cues.setdefault((cue.start, cue.end), cue)
    ordered = tuple(cues[spot] for spot in sorted(cues))
    deciding = next((cue for status in _ORDER for cue in ordered if cue.status == status), None)
    return Attribution(deciding.status if deciding else ASSERTED, deciding, ordered)


def _cue(text: str, sentence: Sequence[Token], raw: RawCue, owner: Mention) -> Cue:
    a, b = sentence[raw.first], sentence[raw.last]
    return Cue(a.start, b.end, text[a.start : b.end], raw.status, owner.entity)


_Spots = Sequence[tuple[Mention, int, int]]


def _owner(sentence: Sequence[Token], raw: RawCue, spots: _Spots, frame: EventFrame) -> Mention | None:
    """The attacker that a cue speaks of: the nearest within reach on the side where its grammar puts him."""
    before, behind = _PASSIVE if raw.passive else _NEAR[raw.status]
    best: tuple[int, Mention] | None = None
    for mention, a, b in spots:
        if (
            a <= raw.last and raw.first < b
        ):  # the cue spans him (أعلن داعش مسؤوليته) or stands in him (المسلح المشتبه به)
            distance = 0
        elif b <= raw.first:
            distance = _words_between(sentence, b, raw.first)
            if distance > before:
                continue
        else:
            distance = _words_between(sentence, raw.last + 1, a)
            if distance > behind or (raw.status == ACCUSED and _charged(sentence, raw.last + 1, a)):
                continue
        if best is None or distance < best[0]:
            best = (distance, mention)
    if best is not None:
        return best[1]
    return _same_state(sentence, raw, frame) if raw.status == DENIED else None


def _words_between(sentence: Sequence[Token], first: int, last: int) -> int:
    return sum(token.word not in _QUOTES for token in sentence[first:last])


def _charged(sentence: Sequence[Token], first: int, last: int) -> bool:
    """Does the charge (بشن، بالوقوف وراء) stand between an accusation and a mention? Then the accused was named
    before."""
    return any(token.word.startswith(_CHARGES) for token in sentence[first:last])


def _same_state(sentence: Sequence[Token], raw: RawCue, frame: EventFrame) -> Mention | None:
    """نفت وزارة الدفاع الروسية … where the attackers are "طائرات روسية": the speaker is of the attacker's state."""
    said = {state for k in range(raw.first + 1, raw.first + 6) if (state := _state(word_at(sentence, k)))}
    for mention in frame.attacker:
        if said & {state for word in mention.text.split() if (state := _state(fold(word)))}:
            return mention
    return None


def _state(word: str) -> str:
    return _STATES.get(word.removeprefix("ال"), "")


def _announces(sentence: Sequence[Token], a: int, b: int) -> int | None:
    """The verb of saying beside the attacker at tokens [a, b) if what he says is that he did it, else None."""
    verb = _verb_beside(sentence, a, b)
    if verb is None:
        return None
    feminine = sentence[verb].word.endswith("ت")
    start = max(verb + 1, b)
    for k in range(start, min(start + _SENTENCE, len(sentence))):
        word = sentence[k].word
        if bare(word, SAYING):
            return None
        if bare(word, _DEED_NOUNS) and k - start <= 3:
            return None if any(token.word.startswith(_TRUCES) for token in sentence[start:k]) else verb
        if word in _THAT:  # قالت إنها, قال إنه: who says "they" after a singular verb may speak of others
            own = word.endswith("ها") if feminine else not word.endswith("ها")
            return verb if own and any(_is_deed(word_at(sentence, n)) for n in range(k + 1, k + 4)) else None
        if word in _THAT_BARE:
            after = word_at(sentence, k + 1)
            owned = after.endswith(("ه", "ها", "هم")) and not after.startswith("ال")
            return verb if owned and any(_is_deed(word_at(sentence, n)) for n in range(k + 2, k + 6)) else None
    return None


def _state_says(sentence: Sequence[Token], a: int, b: int) -> int | None:
    """The verb with which the ministry, the army or the spokesman of the attacker's own state tells of his deed."""
    states = {state for token in sentence[a:b] if (state := _state(token.word))}
    if not states or word_at(sentence, a - 1) not in _THAT_BARE:
        return None
    for k in range(a - 2, max(-1, a - _SENTENCE), -1):
        if bare(word_at(sentence, k), SAYING):
            speaker = sentence[k + 1 : a - 1]
            official = bool(speaker) and speaker[0].word.removeprefix("ال") in _OFFICIAL
            return k if official and any(_state(token.word) in states for token in speaker) else None
    return None


def _verb_beside(sentence: Sequence[Token], a: int, b: int) -> int | None:
    """A verb of saying whose subject the mention can be: right before it, or behind it unless و opens a new clause."""
    for k in (a - 1, a - 2):
        between = word_at(sentence, a - 1) if k == a - 2 else ""
        if bare(word_at(sentence, k), SAYING) and between not in _THAT | _THAT_BARE and between != "،":
            return k
    for k in (b, b + 1):
        if word_at(sentence, k) in SAYING and word_at(sentence, b) != "،":
            return k
    return None


def _is_deed(word: str) -> bool:
    stems = {word, *(word.removesuffix(ending) for ending in ("ت", "وا", "نا", "ا", "ه", "ها", "ته", "تها"))}
    return bool(stems & _DEEDS)
