"""The card beside the shipped encoder says what its files are."""

import json
import re
import struct
from math import prod

import pytest

from adwar.train.encoder import OUR_ENCODER

CARD = (OUR_ENCODER / "README.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| ([a-z ]+) \| ([^|]+?) \|$", CARD, re.M))
NAMES = {
    "layers": "num_hidden_layers",
    "width": "hidden_size",
    "attention heads": "num_attention_heads",
    "width between": "intermediate_size",
    "local attention": "local_attention",
    "one layer global in every": "global_attn_every_n_layers",
    "positions at most": "max_position_embeddings",
    "vocabulary": "vocab_size",
}


@pytest.mark.parametrize("row", NAMES)
def test_the_card_agrees_with_the_config(row):
    config = json.loads((OUR_ENCODER / "config.json").read_text(encoding="utf-8"))
    assert int(ROWS[row]) == config[NAMES[row]]
    assert ROWS["architecture"].lower() == config["model_type"]


def test_the_card_agrees_with_the_weights():
    with (OUR_ENCODER / "model.safetensors").open("rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        held = json.loads(file.read(size))
    held.pop("__metadata__", None)
    assert int(ROWS["parameters"]) == sum(prod(tensor["shape"]) for tensor in held.values())
    assert {tensor["dtype"] for tensor in held.values()} == {"F16"}
    assert f"({round((OUR_ENCODER / 'model.safetensors').stat().st_size / 1e6)} MB)" in CARD


def test_the_card_agrees_with_the_page():
    page = (OUR_ENCODER.parents[1] / "docs" / "encoder.md").read_text(encoding="utf-8")
    for figure in ("107,083 documents", "3,162 of 110,245", "perplexity 128", "5,000 steps"):
        assert figure in CARD.replace("\n", " ") and figure in page.replace("\n", " ").replace("  ", " "), figure
