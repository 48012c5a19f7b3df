"""Published encoders without their weights: each model type from load to prediction, and what their tokenizers get."""

import json
import shutil

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("sentencepiece")

from encoders import ENCODERS, build, prove  # noqa: E402

from adwar.model.encoding import Settings, encode_all  # noqa: E402
from adwar.train.encoder import load_tokenizer_of, loses_hamza, mask_token, unknown_id  # noqa: E402
from adwar.train.facts import facts  # noqa: E402
from adwar.train.facts_page import warnings  # noqa: E402

#: One of each model type.
KINDS = {encoder.model_type: name for name, encoder in reversed(ENCODERS.items())}


@pytest.mark.parametrize("name", sorted(KINDS.values()))
def test_each_model_type_from_load_to_prediction(name, corpus_files, tmp_path):
    found = prove(name, tmp_path, [corpus_files[0]], tiny=True, pieces=256)
    assert found["export apart"] < 1e-3 and found["model_type"] == ENCODERS[name].model_type


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(ENCODERS))
def test_each_encoder_at_real_dimensions(name, corpus_files, tmp_path):
    found = prove(name, tmp_path, [corpus_files[0]], pieces=256)
    assert found["parameters"] > 10e6
    shutil.rmtree(tmp_path)


@pytest.fixture(scope="module", params=sorted(KINDS.values()))
def stand_in(request, documents, tmp_path_factory):
    return build(request.param, tmp_path_factory.mktemp("encoder"), [d.text for d in documents], tiny=True)


def test_every_word_has_a_piece_of_its_own(stand_in, documents):
    tokenizer, ids = load_tokenizer_of(str(stand_in))
    odd = 'قُتل  «داعش» ("أحرار"), 12جنديا؛«و40%»\n وسم_جديد\u00a0١٢'
    texts = [odd, *(d.text for d in documents)]
    for encoded in encode_all(texts, tokenizer, Settings(32, 8, *ids)):
        kept = [int(w) for piece in encoded.windows for w in piece.words]
        assert kept == list(range(len(encoded.words)))


def test_its_tokenizer_travels_with_the_checkpoint(stand_in, tmp_path):
    tokenizer, ids = load_tokenizer_of(str(stand_in))
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    names = {f"{k}_token": tokenizer.id_to_token(i) for k, i in zip(("cls", "sep", "pad"), ids, strict=True)}
    config = {"tokenizer_class": "PreTrainedTokenizerFast", **names}
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(config))
    again, same = load_tokenizer_of(str(tmp_path))
    ours, theirs = (json.loads(one.to_str()) for one in (again, tokenizer))
    assert same == ids and all(
        ours[part] == theirs[part] for part in ("normalizer", "pre_tokenizer")
    )  # not put in twice


def test_unknown_pieces_and_masks_have_their_own_names(stand_in, documents):
    tokenizer, ids = load_tokenizer_of(str(stand_in))
    assert mask_token(tokenizer) in ("[MASK]", "<mask>")
    assert tokenizer.id_to_token(unknown_id(tokenizer)) in ("[UNK]", "<unk>")
    found = facts(documents, tokenizer, Settings(64, 16, *ids))
    assert found["gold that can never be predicted"] == 0 and found["unknown pieces"] == 0


def bert(folder, documents, config, *, with_json):
    build("arabertv02-base", folder, [d.text for d in documents], tiny=True)
    if with_json:
        tokenizer, _ = load_tokenizer_of(str(folder))
        whole = json.loads(tokenizer.to_str())
        whole["normalizer"] = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True}
        whole["normalizer"] |= {"strip_accents": None, "lowercase": False}
        (folder / "tokenizer.json").write_text(json.dumps(whole), encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    return load_tokenizer_of(str(folder))[0]


def test_the_hamza_stays_where_the_folder_says_so(documents, tmp_path):
    # the class alone would write lower case and take the hamza off; the file of the encoder says otherwise
    tokenizer = bert(tmp_path / "a", documents, {"tokenizer_class": "BertTokenizer"}, with_json=True)
    assert tokenizer.normalizer.normalize_str("أُعلن ١٢") == "أعلن 12" and loses_hamza(tokenizer) == 0


def test_a_tokenizer_that_takes_the_hamza_off_is_told(documents, tmp_path):
    tokenizer = bert(tmp_path / "b", documents, {"do_lower_case": True}, with_json=False)
    assert loses_hamza(tokenizer) > 0
    (told,) = [w for w in warnings(facts(documents, tokenizer, Settings())) if "hamza" in w]
    assert '"do_lower_case": false' in told
