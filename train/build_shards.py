"""From raw text to a shards folder: decontamination, tokenizer, piece ids, weights, skip-gram start values.

adwar shards TEXT -o runs/shards --keep-out news/dev.jsonl --weight wiki=0.25
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer, decoders, models, processors, trainers

from ..data.lock import only_run
from ..data.rawtext import RawDocument, documents
from ..data.whole_file import whole_path, write_whole
from ..model.cleanup import cleanup, pre_tokenizer
from .contamination import Contamination, conflict_share
from .shards import SPECIAL_TOKENS

#: How often a document is seen in an epoch, by its share of attack words: what we read is about attacks, and a small
#: encoder that gets to see little text in all should see that.
FOCUS = ((0.025, 3.0), (0.008, 0.8), (0.0, 0.15))


def measured_texts(files: Sequence[str]) -> list[str]:
    """Title and text of every JSON Lines record, or the sentences of a token-per-line file."""
    texts: list[str] = []
    for name in files:
        lines = Path(name).read_text(encoding="utf-8").split("\n")
        if name.endswith(".jsonl"):
            records = [json.loads(line) for line in lines if line.strip()]
            texts += [part for r in records for part in (r.get("title") or "", r.get("text") or "")]
            continue
        sentence: list[str] = []
        for line in [*lines, ""]:
            if line.strip():
                sentence.append(line.split()[0])
            elif sentence:
                texts.append(" ".join(sentence))
                sentence = []
    return texts


def train_tokenizer(texts: Sequence[str], size: int = 24000) -> Tokenizer:
    """A WordPiece tokenizer of ``size`` pieces with the clean-up inside."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=64))
    tokenizer.normalizer, tokenizer.pre_tokenizer = cleanup(), pre_tokenizer()
    tokenizer.decoder = decoders.WordPiece()
    trainer = trainers.WordPieceTrainer(
        vocab_size=size, min_frequency=3, limit_alphabet=300, special_tokens=list(SPECIAL_TOKENS)
    )
    tokenizer.train_from_iterator(texts, trainer, length=len(texts))
    ids = {token: tokenizer.token_to_id(token) for token in SPECIAL_TOKENS}
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B [SEP]",
        special_tokens=[("[CLS]", ids["[CLS]"]), ("[SEP]", ids["[SEP]"])],
    )
    return tokenizer


def weight(doc: RawDocument, by_source: Mapping[str, float]) -> float:
    share = conflict_share(doc.text)
    return by_source.get(doc.source, 1.0) * next(w for least, w in FOCUS if share >= least)


def build_shards(
    text: str | Path,
    output: str | Path,
    *,
    keep_out: Sequence[str] = (),
    by_source: Mapping[str, float] | None = None,
    vocabulary: int = 24000,
    width: int = 0,
    seed: int = 1,
    chunk: int = 2000,
    tokenizer_file: str | Path | None = None,
) -> dict[str, Any]:
    """Write ``output`` and return what was kept and dropped. ``width`` > 0 also trains skip-gram vectors (gensim);
    ``tokenizer_file`` takes the place of a tokenizer trained on the text."""
    output = Path(output)
    measured = Contamination()
    measured.add(measured_texts(keep_out))
    kept: list[RawDocument] = []
    dropped: Counter[str] = Counter()
    for doc in documents(text):
        if measured.touches(doc.text):
            dropped[doc.source] += 1
        else:
            kept.append(doc)
    if not kept:
        raise ValueError(f"{text}: every document shares a run of words with what is kept out; nothing to train on")
    if tokenizer_file:
        tokenizer = Tokenizer.from_file(str(tokenizer_file))
    else:
        tokenizer = train_tokenizer([doc.text for doc in kept], vocabulary)
    if tokenizer.get_vocab_size() > 65535:
        raise ValueError("shards hold 16-bit ids: a vocabulary of at most 65,535 pieces")
    ids = []
    for at in range(0, len(kept), chunk):
        batch = tokenizer.encode_batch_fast([doc.text for doc in kept[at : at + chunk]], add_special_tokens=False)
        ids += [np.array(e.ids, dtype=np.uint16) for e in batch]
    words = sum(len(doc.text.split()) for doc in kept)
    pieces = sum(map(len, ids))
    report = {
        "documents": len(kept),
        "dropped": dict(dropped),
        "words": words,
        "pieces": pieces,
        "pieces a word": pieces / words,
    }
    with only_run(output):
        _save(output / "tokens.npy", np.concatenate(ids))
        _save(output / "lengths.npy", np.array([len(i) for i in ids]))
        _save(output / "weights.npy", np.array([weight(doc, by_source or {}) for doc in kept]))
        with whole_path(output / "tokenizer.json") as part:
            if tokenizer_file:
                shutil.copyfile(tokenizer_file, part)
            else:
                tokenizer.save(str(part))
        if width:
            _save(output / "skipgram.npy", piece_vectors(ids, tokenizer.get_vocab_size(), width, output, seed))
        write_whole(output / "shards.json", json.dumps(report, indent=1))
    return report


def _save(path: Path, array: np.ndarray) -> None:
    with whole_path(path) as part, part.open("wb") as out:
        np.save(out, array)


def piece_vectors(
    ids: Sequence[np.ndarray],
    vocabulary: int,
    width: int,
    scratch: Path,
    seed: int,
    *,
    skip_gram: bool = True,
    passes: int = 2,
) -> np.ndarray:
    """Skip-gram (or CBOW) vectors (vocabulary, width) float16 of the pieces; pieces never seen stay zero."""
    from gensim.models import Word2Vec

    rows = scratch / "pieces.part"
    with rows.open("w") as out:
        for row in ids:
            out.write(" ".join(map(str, row.tolist())) + "\n")
    try:
        model = Word2Vec(
            corpus_file=str(rows),
            vector_size=width,
            window=6,
            sg=int(skip_gram),
            negative=5,
            min_count=1,
            sample=3e-5,
            workers=os.cpu_count() or 1,
            epochs=passes,
            alpha=0.05,
            min_alpha=0.002,
            seed=seed,
        )
    finally:
        rows.unlink(missing_ok=True)
    table = np.zeros((vocabulary, width), dtype=np.float16)
    for at, piece in enumerate(model.wv.index_to_key):
        table[int(piece)] = model.wv.vectors[at]
    return table
