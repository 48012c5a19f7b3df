"""A two-layer model and a word list, built on the spot: no test needs a network or the embedded model."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import settings

from adwar.data.markup import parse

# Before torch is loaded, here and in every process that a test starts: two threads gain nothing on models this small,
# and where something else holds a core they wait for each other at every step (150 steps: 115 seconds for 7).
os.environ.setdefault("OMP_NUM_THREADS", "1")

# what a busy machine does to the clock is no fault of the code; tests that measure time measure the process's own
settings.register_profile("no clock", deadline=None)
settings.load_profile("no clock")

SAMPLE = """@id: a-1
@title: غارة على حارم
@event 1: airstrike
@event 2: shooting
---
قتل {C1:ثلاثة} {T1:مدنيين} في {E1:غارة} {A1:روسية} على {L1:بلدة حارم بريف إدلب}، بحسب {S1:مصدر طبي}.
وفي حادث آخر {E2:أطلق} {A2:مسلحون} النار على {T2:دورية للشرطة} {L2:بالرقة} فأصيب {C2:12} {T2:شرطيا}، وفق {S2:الشرطة}.
===
@id: a-2
@title: محادثات
---
بحث وزير الخارجية مع نظيره سبل وقف إطلاق النار، ولم يعلن عن أي تقدم.
===
@id: a-3
@title: تفجير
@event 1: bombing
---
أعلنت {S1:الشرطة العراقية} {E1:تفجير} سيارة مفخخة قرب {L1:سوق شعبي شمالي بغداد} أوقع {C1:نحو 40} {T1:قتيلا}.
"""


@dataclass
class Found:
    """A span as a scorer takes it: offsets, a role, perhaps a score."""

    start: int
    end: int
    role: str
    score: float = 0.5


@dataclass
class Guess:
    """A prediction as a scorer takes it."""

    spans: list = field(default_factory=list)
    frames: list = field(default_factory=list)


def gold_guess(doc):
    """The prediction that is right in everything."""
    return Guess([Found(s.start, s.end, role) for role, s in doc.role_spans()], list(doc.events))


SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def documents():
    return list(parse(SAMPLE))


def build_tokenizer(texts, size=600):
    from tokenizers import Tokenizer, models, processors, trainers

    from adwar.model.cleanup import cleanup, pre_tokenizer

    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=64))
    tokenizer.normalizer, tokenizer.pre_tokenizer = cleanup(), pre_tokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(
        texts, trainers.WordPieceTrainer(vocab_size=size, special_tokens=special, show_progress=False)
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return tokenizer


@pytest.fixture(scope="session")
def tokenizer_folder(documents, tmp_path_factory):
    import json

    folder = tmp_path_factory.mktemp("tokenizer")
    build_tokenizer([d.text for d in documents] * 5).save(str(folder / "tokenizer.json"))
    names = {"pad": "[PAD]", "unk": "[UNK]", "cls": "[CLS]", "sep": "[SEP]", "mask": "[MASK]"}
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "PreTrainedTokenizerFast", **{f"{k}_token": v for k, v in names.items()}})
    )
    return folder


@pytest.fixture(scope="session")
def corpus_files(documents, tmp_path_factory):
    """(train, dev) JSON Lines files of the sample."""
    from adwar.data.jsonl import write_jsonl

    folder = tmp_path_factory.mktemp("corpus")
    write_jsonl(documents, folder / "train.jsonl")
    write_jsonl(documents[:1], folder / "dev.jsonl")
    return folder / "train.jsonl", folder / "dev.jsonl"


@pytest.fixture(scope="session")
def tiny_overrides(tokenizer_folder, corpus_files):
    train, dev = corpus_files
    return [f"data.train=[{train}]", f"data.dev=[{dev}]", f"model.tokenizer={tokenizer_folder}"]


@pytest.fixture(scope="session")
def checkpoint(tiny_overrides, tmp_path_factory):
    """A tagger that learned the sample by heart: real spans come out of it."""
    pytest.importorskip("torch")
    from adwar.train.config import load_config
    from adwar.train.finetune import train

    folder = tmp_path_factory.mktemp("run") / "tagger"
    overrides = [f"output={folder}", "training.max_steps=150", "training.eval_steps=75", "training.save_steps=75"]
    overrides += ["training.eval_strategy=steps", "training.save_strategy=steps", "training.learning_rate=0.005"]
    overrides += ["training.disable_tqdm=true"]
    return train(load_config("tiny", [*tiny_overrides, *overrides]))


@pytest.fixture(scope="session")
def exported(checkpoint, tmp_path_factory):
    from adwar.train.export import export

    folder = tmp_path_factory.mktemp("export") / "model"
    export(checkpoint, folder)
    return folder


@pytest.fixture(scope="session")
def labeler(exported):
    from adwar.model.loading import load

    return load(exported)


@pytest.fixture
def run_cli(capsys):
    """Call the command line in this process: returns (status, standard output, standard error)."""

    def call(*argv, stdin=None, monkeypatch=None):
        from adwar.cli import main

        status = main([str(a) for a in argv])
        out, err = capsys.readouterr()
        return status, out, err

    return call


sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).resolve().parents[1] / "benchmarks")]
