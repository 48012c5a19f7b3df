"""Training in several processes: what two learn together, one learns from the same batches."""

import subprocess
import sys

import pytest
from test_extract_ray import free_port

torch = pytest.importorskip("torch")

from adwar.data.jsonl import write_jsonl  # noqa: E402
from adwar.data.schema import Document  # noqa: E402
from adwar.model.encoding import Settings, load_tokenizer  # noqa: E402
from adwar.train.batches import Windows  # noqa: E402
from adwar.train.config import ConfigError, load_config  # noqa: E402
from adwar.train.finetune import make_trainer, train  # noqa: E402

STEPS = 4
OPTIONS = [f"training.max_steps={STEPS}", "training.disable_tqdm=true", "optim.batch_pieces=64"]
OPTIONS += ["training.eval_strategy=no", "training.save_strategy=no", "optim.mask_pieces=0.2"]
#: The links' head has dropout, which each process draws for itself.
OPTIONS += ["optim.link_weight=0"]


@pytest.fixture
def options(documents, tokenizer_folder, tmp_path):
    """Overrides of a run over enough documents that no pass ends within `STEPS` steps of two batches."""
    docs = [Document(f"{d.id}-{n}", d.text, d.title, d.events) for n in range(6) for d in documents]
    write_jsonl(docs, tmp_path / "train.jsonl")
    write_jsonl(docs[:1], tmp_path / "dev.jsonl")
    data = [f"data.train=[{tmp_path / 'train.jsonl'}]", f"data.dev=[{tmp_path / 'dev.jsonl'}]"]
    return [*data, f"model.tokenizer={tokenizer_folder}", *OPTIONS]


def weights(folder):
    from safetensors.torch import load_file

    return load_file(folder / "model.safetensors")


def furthest(a, b):
    ours, theirs = weights(a), weights(b)
    assert set(ours) == set(theirs)
    return max(float((ours[name] - theirs[name]).abs().max()) for name in ours)


def windows(options, documents, tokenizer_folder):
    tokenizer = load_tokenizer(tokenizer_folder)
    special = {name: tokenizer.token_to_id(f"[{name.upper()}]") for name in ("cls", "sep", "pad")}
    settings = Settings(window=128, overlap=32, **{f"{name}_id": number for name, number in special.items()})
    return Windows(list(documents) * 3, tokenizer, settings, load_config("tiny", options), 1)


def test_processes_share_the_batches_that_one_has(options, documents, tokenizer_folder):
    alone = list(windows(options, documents, tokenizer_folder))
    shares = [windows(options, documents, tokenizer_folder) for _ in range(2)]
    for rank, share in enumerate(shares):
        share.share(rank, 2)
    together = [batch for pair in zip(*shares, strict=True) for batch in pair]
    assert len(together) == len(alone) // 2 * 2 == 2 * len(shares[0]) > 2
    assert all(torch.equal(a["input_ids"], b["input_ids"]) for a, b in zip(alone, together, strict=False))


def test_more_processes_than_batches_are_refused(options, documents, tokenizer_folder):
    with pytest.raises(ConfigError, match="batches for 100 processes"):
        windows(options, documents, tokenizer_folder).share(0, 100)


def test_a_pass_has_as_many_steps_as_the_batches_make(options, documents, tmp_path):
    passes = ["training.max_steps=-1", "training.num_train_epochs=3", f"output={tmp_path / 'out'}"]
    steps = []
    for accumulated in (1, 2):
        config = load_config("tiny", [*options, *passes, f"training.gradient_accumulation_steps={accumulated}"])
        steps.append(make_trainer(config, 1, tmp_path / "out", documents * 6, [])[0].args.max_steps)
    assert steps[1] == 3 * -(-steps[0] // 3 // 2)


@pytest.mark.slow
def test_two_processes_learn_what_one_learns(options, tmp_path):
    """Two gloo processes, and one that adds up the gradients of two batches a step."""
    launch = [sys.executable, "-m", "accelerate.commands.launch", "--multi_gpu", "--num_processes", "2"]
    launch += ["--num_machines", "1", "--mixed_precision", "no", "--dynamo_backend", "no"]
    launch += ["--main_process_port", str(free_port()), "-m", "adwar", "train", "--config", "tiny"]
    two = tmp_path / "two"
    told = subprocess.run([*launch, *options, f"output={two}"], capture_output=True, text=True)
    assert told.returncode == 0, told.stderr[-3000:]
    assert told.stdout.count(f"written: {two}") == 1
    one = train(load_config("tiny", [*options, "training.gradient_accumulation_steps=2", f"output={tmp_path / 'one'}"]))
    other = train(load_config("tiny", [*options, f"output={tmp_path / 'other'}"]))  # batches of half the size
    assert furthest(one, two) < 1e-5 < 1e-3 < furthest(one, other)
