"""Which pieces a step sees: by its number alone, each once an epoch, while batches grow and sequences get longer."""

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from adwar.train.config import ConfigError, load_config
from adwar.train.packing import Batches, long_from, pieces_before, shape
from adwar.train.pretrain_config import PretrainConfig

GROWING = {"batch": 8, "length": 16, "steps": 40, "batch_start": 2, "batch_ramp": 16}
LONGER = {"length_end": 64, "length_end_share": 0.25}


class Text:
    """Shards whose documents are numbers in order, every document once an epoch."""

    def __init__(self, documents=30, size=50):
        self.ends = np.arange(1, documents + 1) * size
        self.starts = self.ends - size
        self.weights = np.ones(documents)

    def concatenate(self, order):
        return np.concatenate([np.r_[self.starts[n] : self.ends[n], 9999] for n in order]).astype(np.uint16)


def test_the_batch_grows_in_strides_and_sequences_get_longer():
    config = PretrainConfig(**GROWING, **LONGER)
    shapes = [shape(step, config) for step in range(40)]
    assert [shapes[n] for n in (0, 4, 8, 12, 16, 29, 30, 39)] == [
        (2, 16), (3, 16), (5, 16), (6, 16), (8, 16), (8, 16), (2, 64), (2, 64)
    ]  # fmt: skip
    assert long_from(config) == 30 and len(set(shapes)) == 6


@pytest.mark.parametrize("changes", [{}, LONGER])
def test_the_place_in_the_text_is_the_sum_of_what_was_seen(changes):
    config = PretrainConfig(**GROWING, **changes)
    seen = np.cumsum([0, *(rows * length for rows, length in (shape(step, config) for step in range(40)))])
    assert [pieces_before(step, config) for step in range(41)] == seen.tolist()


def test_each_piece_is_seen_once_an_epoch():
    config = PretrainConfig(**GROWING, **LONGER)
    batches = Batches(Text(), config)  # 30 x 51 pieces: 11 whole batches of 128 an epoch, the first within the ramp
    row = np.concatenate([batches.batch(step).ravel() for step in range(40)])
    epoch = batches._usable(0)
    assert epoch == 11 * 128 and len(row) > 2 * epoch
    text = row[:epoch][row[:epoch] != 9999]
    assert len(set(text.tolist())) == len(text)
    assert (row[:epoch] != row[epoch : 2 * epoch]).any()


def test_a_step_gives_the_same_whatever_came_before():
    config = PretrainConfig(**GROWING, **LONGER)
    straight = Batches(Text(), config)
    wanted = [straight.batch(step) for step in range(40)]
    for step in (39, 3, 12, 20, 31, 0):
        assert (Batches(Text(), config).batch(step) == wanted[step]).all()
        assert (straight.batch(step) == wanted[step]).all()


def test_without_either_every_batch_is_the_next_of_its_size():
    config = PretrainConfig(batch=4, length=10, steps=9)
    batches = Batches(Text(4, 50), config)  # 204 pieces: five batches an epoch
    assert {batches.batch(step).shape for step in range(12)} == {(4, 10)}
    assert all(b - a == 40 for a, b in pairwise(pieces_before(step, config) for step in range(12)))


def test_a_text_of_less_than_a_batch_is_told():
    with pytest.raises(ValueError, match="fewer than one batch of 40"):
        Batches(SimpleNamespace(**vars(Text(1, 20))), PretrainConfig(batch=4, length=10)).batch(0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"batch_ramp": 10}, "go together"),
        ({"batch_start": 4}, "go together"),
        ({"batch_start": 99, "batch_ramp": 10}, "at most 'batch'"),
        ({"length_end": 300}, "no multiple of 300"),
        ({"length_end": 512, "length_end_share": 0}, "share above 0"),
        ({"length_end": 2048, "batch": 64}, "max_position_embeddings is 1024"),
        ({"length_end": 512, "batch_start": 4, "batch_ramp": 5900}, "must end before"),
    ],
)
def test_settings_that_do_not_fit_are_told(changes, message):
    with pytest.raises(ConfigError, match=message):
        load_config("pretrain-small", [f"{k}={v}" for k, v in changes.items()], PretrainConfig)
