"""How many pieces a word takes on held-out news, against the size of the vocabulary, and how many pieces are unknown.

    python benchmarks/tokens.py --raw TEXT --sizes 8000 16000 20000 24000 32000 -o docs/figures/tokens.json

Each vocabulary is trained on the same ``--sample`` documents, spread over all files, as `adwar shards` trains it; every
two hundredth document is held out and counted on. A word is what white space separates (as in `docs/encoder.md`). The
shipped tokenizer stands beside them; it may have seen the held-out documents. A finished size is not run again.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from kept import keep, kept
from tokenizers import Tokenizer

from adwar.data.rawtext import documents
from adwar.train.build_shards import train_tokenizer
from adwar.train.encoder import OUR_ENCODER
from adwar.train.shards import HELD_OUT_EVERY


def sample(raw: Path, size: int, most_held: int = 2000) -> tuple[list[str], list[str]]:
    """(texts to train on, texts held out): every n-th document of ``raw``, so that all its files count."""
    total = sum(1 for _ in documents(raw))
    step = max(1, total // max(1, size))
    train, out = [], []
    for number, doc in enumerate(documents(raw)):
        if number % HELD_OUT_EVERY == HELD_OUT_EVERY - 1:
            out.append(doc.text)
        elif number % step == 0 and len(train) < size:
            train.append(doc.text)
    return train, out[:most_held]


def measure(tokenizer: Tokenizer, texts: Sequence[str]) -> dict[str, Any]:
    """Pieces a word, share of words kept whole, share of unknown pieces."""
    words = [word for text in texts for word in text.split()]
    unknown = tokenizer.token_to_id("[UNK]")
    pieces = whole = strange = 0
    rest = iter(words)
    while some := list(islice(rest, 20_000)):
        for encoding in tokenizer.encode_batch_fast(some, add_special_tokens=False):
            pieces += len(encoding.ids)
            whole += len(encoding.ids) == 1
            strange += sum(number == unknown for number in encoding.ids)
    return {
        "vocabulary": tokenizer.get_vocab_size(),
        "held-out documents": len(texts),
        "words": len(words),
        "pieces a word": pieces / max(1, len(words)),
        "words of one piece": whole / max(1, len(words)),
        "unknown pieces": strange / max(1, pieces),
    }


def table(runs: dict[str, Any]) -> str:
    lines = [
        "| vocabulary | pieces | pieces a word | words of one piece | unknown pieces |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, r in runs.items():
        shares = f"{r['words of one piece']:.1%} | {r['unknown pieces']:.4%}"
        lines.append(f"| {name} | {r['vocabulary']:,} | {r['pieces a word']:.3f} | {shares} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--raw", type=Path, required=True, help="folder of .txt or .txt.xz files")
    parser.add_argument("--sizes", type=int, nargs="+", default=[8000, 16000, 20000, 24000, 32000])
    parser.add_argument("--sample", type=int, default=20_000, help="documents that a vocabulary is trained on")
    parser.add_argument("-o", "--output", type=Path, default=Path("docs/figures/tokens.json"))
    options = parser.parse_args()
    if not options.raw.is_dir():
        raise SystemExit(f"{options.raw}: no such folder; give the folder of the raw text")
    runs = kept(options.output)
    names = {f"{size:,} from {options.sample:,} documents": size for size in options.sizes}
    if missing := [name for name in [*names, "shipped"] if name not in runs]:
        train, texts = sample(options.raw, options.sample)
        if not texts:
            raise SystemExit(f"{options.raw} holds fewer than {HELD_OUT_EVERY} documents: nothing to hold out")
        for name in missing:
            made = name != "shipped"
            tokenizer = (
                train_tokenizer(train, names[name]) if made else Tokenizer.from_file(f"{OUR_ENCODER}/tokenizer.json")
            )
            runs[name] = measure(tokenizer, texts)
            keep(options.output, runs)
            print(name, runs[name], flush=True)
    print(table(runs))


if __name__ == "__main__":
    main()
