"""Every encoder that the documentation names, proved as far as that goes without its published weights.

    python benchmarks/encoders.py asafaya-mini arabertv02-base          # at real dimensions, a process each
    python benchmarks/encoders.py --all --pieces 512                    # all of them; a stopped run goes on
    python benchmarks/encoders.py --write                               # the table of docs/encoders.md, nothing is run
    python benchmarks/encoders.py --sizes                               # parameters of all, nothing is run

For each: a folder is built on the spot with the published configuration (random weights, a stand-in vocabulary trained
on our corpus, the files that the hub holds), then loaded, trained for a step, saved, reloaded, exported to ONNX and
asked to predict, on documents of our corpus. Printed, and written to docs/figures/encoders.json: parameters, seconds a
step by the clock and by the processor (what other work on the machine does not change), peak memory, how far the
outputs lie apart. It does not say how well any of them reads: that takes the published weights.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from encoders_page import FIGURES, held, keep, key, table, write_page

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


@dataclass(frozen=True)
class Encoder:
    """A published encoder: hub name, our config for it, and its configuration as published."""

    hub: str
    config: str
    model_type: str = "bert"
    vocab_size: int = 64000
    shape: dict[str, Any] = field(default_factory=dict)


SMALL = {"hidden_size": 256, "num_hidden_layers": 4, "num_attention_heads": 4, "intermediate_size": 1024}
MEDIUM = {"hidden_size": 512, "num_hidden_layers": 8, "num_attention_heads": 8, "intermediate_size": 2048}
LARGE = {"hidden_size": 1024, "num_hidden_layers": 24, "num_attention_heads": 16, "intermediate_size": 4096}
BASE = {"hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072}
XLMR = {"max_position_embeddings": 514, "type_vocab_size": 1, "layer_norm_eps": 1e-5, "pad_token_id": 1}
MDEBERTA = {
    "relative_attention": True,
    "position_buckets": 256,
    "max_relative_positions": -1,
    "norm_rel_ebd": "layer_norm",
    "share_att_key": True,
    "pos_att_type": ["p2c", "c2p"],
    "position_biased_input": False,
    "type_vocab_size": 0,
    "layer_norm_eps": 1e-7,
}
CAMEL = "CAMeL-Lab/bert-base-arabic-camelbert"
ENCODERS = {
    "asafaya-mini": Encoder("asafaya/bert-mini-arabic", "arabert", vocab_size=32000, shape=SMALL),
    "asafaya-medium": Encoder("asafaya/bert-medium-arabic", "arabert", vocab_size=32000, shape=MEDIUM),
    "arabertv02-base": Encoder("aubmindlab/bert-base-arabertv02", "arabert", shape=BASE),
    "arabertv02-large": Encoder("aubmindlab/bert-large-arabertv02", "arabert", shape=LARGE),
    "camelbert-msa": Encoder(f"{CAMEL}-msa", "camelbert", vocab_size=30000, shape=BASE),
    "camelbert-mix": Encoder(f"{CAMEL}-mix", "camelbert", vocab_size=30000, shape=BASE),
    "camelbert-da": Encoder(f"{CAMEL}-da", "camelbert", vocab_size=30000, shape=BASE),
    "camelbert-ca": Encoder(f"{CAMEL}-ca", "camelbert", vocab_size=30000, shape=BASE),
    "marbert": Encoder("UBC-NLP/MARBERT", "marbert", vocab_size=100000, shape=BASE),
    "marbertv2": Encoder("UBC-NLP/MARBERTv2", "marbert", vocab_size=100000, shape=BASE),
    "arbert": Encoder("UBC-NLP/ARBERT", "marbert", vocab_size=100000, shape=BASE),
    "arbertv2": Encoder("UBC-NLP/ARBERTv2", "marbert", vocab_size=100000, shape=BASE),
    "araelectra": Encoder(
        "aubmindlab/araelectra-base-discriminator", "araelectra", "electra", shape={**BASE, "embedding_size": 768}
    ),
    "xlm-r-base": Encoder("FacebookAI/xlm-roberta-base", "arabert", "xlm-roberta", 250002, {**BASE, **XLMR}),
    "mdeberta-base": Encoder("microsoft/mdeberta-v3-base", "arabert", "deberta-v2", 251000, {**BASE, **MDEBERTA}),
}
TINY = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 48}


def build(name: str, folder: Path, texts: Sequence[str], *, tiny: bool = False) -> Path:
    """A folder as the hub holds it: config, random weights, and the tokenizer's own files with a small vocabulary."""
    from transformers import AutoConfig, AutoModel

    encoder = ENCODERS[name]
    folder.mkdir(parents=True, exist_ok=True)
    pieces = (
        wordpiece(folder, texts) if encoder.model_type in ("bert", "electra") else sentencepiece(folder, name, texts)
    )
    small = {**TINY, "vocab_size": pieces, **({"embedding_size": 32} if encoder.model_type == "electra" else {})}
    changes = {**encoder.shape, **small} if tiny else {**encoder.shape, "vocab_size": encoder.vocab_size}
    shape = AutoConfig.for_model(encoder.model_type, **changes)
    AutoModel.from_config(shape).save_pretrained(folder)
    return folder


def stand_in(name: str, folder: Path, model: Path) -> Path:
    """A tagger of the published dimensions with random weights and the tokenizer of our ``model``, for speed alone: a
    vocabulary trained on little text would cut words into more pieces than the published one does."""
    from same_weights import tokenizer_config
    from transformers import AutoConfig, AutoModelForTokenClassification

    from adwar.model.labels import LABELS

    encoder = ENCODERS[name]
    labels = {"id2label": dict(enumerate(LABELS)), "label2id": {label: n for n, label in enumerate(LABELS)}}
    shape = AutoConfig.for_model(encoder.model_type, **encoder.shape, vocab_size=encoder.vocab_size, **labels)
    AutoModelForTokenClassification.from_config(shape).save_pretrained(folder)
    settings = json.loads((model / "adwar.json").read_text(encoding="utf-8"))["encoding"]
    (folder / "tokenizer.json").write_bytes((model / "tokenizer.json").read_bytes())
    (folder / "tokenizer_config.json").write_text(json.dumps(tokenizer_config(model / "tokenizer.json", settings)))
    return folder


def wordpiece(folder: Path, texts: Sequence[str]) -> int:
    """``vocab.txt`` with no clean-up, a tatweel and letters with hamza in it, as Arabic vocabularies have."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=4000, special_tokens=SPECIAL, show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    vocabulary = tokenizer.get_vocab()
    lines = [*sorted(vocabulary, key=lambda piece: vocabulary[piece]), *({"ـ", "أ", "##أ"} - set(vocabulary))]
    (folder / "vocab.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(json.dumps({"do_lower_case": False, "model_max_length": 512}))
    return len(lines)


def sentencepiece(folder: Path, name: str, texts: Sequence[str]) -> int:
    """``sentencepiece.bpe.model`` as XLM-R has it, or ``spm.model`` with the pieces of mDeBERTa."""
    import sentencepiece as spm

    deberta = ENCODERS[name].model_type == "deberta-v2"
    source = folder / "texts"
    source.write_text("\n".join(line for text in texts for line in text.split("\n")), encoding="utf-8")
    special = {"pad_id": 0, "bos_id": 1, "eos_id": 2, "unk_id": 3}
    named = {"pad_piece": "[PAD]", "bos_piece": "[CLS]", "eos_piece": "[SEP]", "unk_piece": "[UNK]"}
    spm.SentencePieceTrainer.train(
        input=str(source),
        model_prefix=str(folder / "spm"),
        vocab_size=4000,
        model_type="unigram",
        character_coverage=1.0,
        hard_vocab_limit=False,
        minloglevel=2,
        **({**special, **named} if deberta else {}),
    )
    source.unlink()
    (folder / "spm.vocab").unlink()
    if not deberta:
        (folder / "spm.model").rename(folder / "sentencepiece.bpe.model")
    (folder / "tokenizer_config.json").write_text(json.dumps({"do_lower_case": False} if deberta else {}))
    return 4010  # a few more than the vocabulary: special pieces are added when it is loaded


def prove(name: str, work: Path, files: Sequence[Path], *, tiny: bool = False, pieces: int = 2048) -> dict[str, Any]:
    """Load, step, save, reload, export, predict; returns what was measured. Raises AssertionError where it fails."""
    from adwar.data.jsonl import read_jsonl
    from adwar.model.loading import load
    from adwar.train.config import load_config
    from adwar.train.export import export
    from adwar.train.finetune import train

    docs = [doc for file in files for doc in read_jsonl(file)]
    folder = build(name, work / "encoder", [d.text for d in docs], tiny=tiny)
    overrides = [f"model.encoder={folder}", f"data.train=[{','.join(map(str, files))}]", "data.dev=[]"]
    overrides += [f"output={work / 'tagger'}", "training.max_steps=1", "training.disable_tqdm=true"]
    overrides += ["training.save_strategy='no'", f"optim.batch_pieces={pieces}"]
    checkpoint = train(load_config(ENCODERS[name].config, overrides))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    run = json.loads((checkpoint / "run.json").read_text(encoding="utf-8"))
    assert run["facts"]["gold that can never be predicted"] == 0, run["facts"]["lost in"]
    short = "قُتِلَ ١٢جنديًّا و«3» مَدَنيّين في غارة على بلدة حارم، بحسب BBC."
    texts = [short, docs[0].text, "\n".join(d.text for d in docs)[:4000]]  # from one window to several
    first, again = load(checkpoint, engine="torch"), load(checkpoint, engine="torch")
    assert first.engine.model.config.model_type == ENCODERS[name].model_type
    assert [first.predict(t) for t in texts] == [again.predict(t) for t in texts]
    check_cleanup(first.tokenizer)
    export(checkpoint, work / "onnx")
    exported = load(work / "onnx")
    apart = max(float(np.abs(a - b).max()) for a, b in zip(states(first, texts), states(exported, texts), strict=True))
    assert apart < 0.05, f"{name}: the export's label probabilities lie {apart:.3f} apart"
    alone = [exported.predict(text) for text in texts]
    assert [p.spans for p in exported.predict_many(texts)] == [p.spans for p in alone]
    assert all(p.text[s.start : s.end] == s.text for p in alone for s in p.spans)
    return {
        "encoder": ENCODERS[name].hub,
        "model_type": ENCODERS[name].model_type,
        "parameters": run["expected"]["parameters"],
        "pieces a step": pieces,
        "seconds a step": run["expected"]["seconds a step"],
        "processor seconds a step": run["expected"]["processor seconds a step"],
        "peak memory in GiB": memory,
        "export apart": apart,
        "export in MB": (work / "onnx" / "model.onnx").stat().st_size / 1e6,
    }


def check_cleanup(tokenizer: Any) -> None:
    """The clean-up travels in ``tokenizer.json``: marks, native digits and tatweel make no difference to the pieces."""

    def pieces(text: str) -> list[str]:
        return tokenizer.encode(text, add_special_tokens=False).tokens

    assert pieces("مَدَنيّين") == pieces("مدنيين") == pieces("مدنـيـين")
    assert pieces("قتل ١٢ و۱۲") == pieces("قتل 12 و12")
    assert any("أ" in piece for piece in pieces("أعلن أمس")), "the hamza is lost"


def states(labeler: Any, texts: Sequence[str]) -> list[np.ndarray]:
    """Label probabilities (words, labels) of each text; words without pieces left out."""
    found = [np.exp(reading.log_probs) for reading in labeler.read(list(texts))]
    return [probabilities[np.isfinite(probabilities).all(axis=1)] for probabilities in found]


def sizes() -> str:
    """Parameters of every encoder with our head, counted without making them, and what training must hold of each:
    weights, gradients and two moments in fp32, 16 bytes a parameter. Activations come on top."""
    import torch
    from transformers import AutoConfig, AutoModelForTokenClassification

    from adwar.model.labels import LABELS

    lines = ["| encoder | type | vocabulary | parameters | held in training |", "|---|---|---:|---:|---:|"]
    for encoder in ENCODERS.values():
        settings = {**encoder.shape, "vocab_size": encoder.vocab_size, "num_labels": len(LABELS)}
        with torch.device("meta"):
            model = AutoModelForTokenClassification.from_config(AutoConfig.for_model(encoder.model_type, **settings))
        count = sum(p.numel() for p in model.parameters())
        lines.append(
            f"| {encoder.hub} | {encoder.model_type} | {encoder.vocab_size:,} | {count / 1e6:.1f}M "
            f"| {16 * count / 2**30:.1f} GiB |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(ENCODERS)}")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--pieces", type=int, default=2048, help="pieces of a training step (default 2048)")
    parser.add_argument(
        "-o", "--output", type=Path, default=FIGURES, help=f"the figures as JSON (default {FIGURES.name})"
    )
    parser.add_argument("--again", action="store_true", help="measure what the file already holds, too")
    parser.add_argument(
        "--write", action="store_true", help="write the table of docs/encoders.md from the file, and end"
    )
    parser.add_argument("--sizes", action="store_true", help="print the parameters of all and end")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.sizes:
        print(sizes())
        return
    if arguments.write:
        write_page(arguments.output, of=len(ENCODERS))
        return
    names = list(ENCODERS) if arguments.all else arguments.names
    if unknown := [name for name in names if name not in ENCODERS]:
        parser.error(f"unknown: {', '.join(unknown)}")
    if not names:
        parser.error(f"name encoders, or --all; of {', '.join(ENCODERS)}")
    if arguments.one:
        one_of(names[0], arguments.pieces, arguments.output)
        return
    rows = held(arguments.output)
    for name in names:
        if (place := key(name, arguments.pieces)) in rows and not arguments.again:
            print(f"{place}: measured already (--again measures it anew)", flush=True)
            continue
        rows[place] = measured(name, arguments.pieces)
        keep(arguments.output, rows, list(ENCODERS))
    print(table([rows[key(name, arguments.pieces)] for name in names]))


def measured(name: str, pieces: int) -> dict[str, Any]:
    """The row of an encoder, measured in a process of its own, so that peaks of memory do not add up."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "row.json"
        command = [sys.executable, __file__, name, "--one", "--pieces", str(pieces), "--output", str(out)]
        subprocess.run(command, check=True)
        return json.loads(out.read_text(encoding="utf-8"))


def one_of(name: str, pieces: int, out: Path) -> None:
    from adwar.data.splits import split_file

    with tempfile.TemporaryDirectory() as work:
        row = prove(name, Path(work), [split_file("dev")], pieces=pieces)
    out.write_text(json.dumps(row), encoding="utf-8")


if __name__ == "__main__":
    main()
