"""Stand-off annotations hold no text, and give the documents back to whoever holds the texts."""

import json
import lzma

import pytest

from adwar.data.errors import DataError
from adwar.data.rawtext import documents
from adwar.data.schema import Document
from adwar.data.standoff import read_standoff, write_standoff


@pytest.fixture
def held(documents, tmp_path):
    named = [Document(f"news:{i}", d.text, d.title, d.events) for i, d in enumerate(documents)]
    texts = tmp_path / "texts"
    texts.mkdir()
    with lzma.open(texts / "news.txt.xz", "wt", encoding="utf-8") as out:
        out.write("\n\n".join(f"{d.title}\n{d.text}" for d in named) + "\n")
    write_standoff(named, tmp_path / "notes.jsonl")
    return named, texts, tmp_path / "notes.jsonl"


def test_round_trip(held):
    named, texts, file = held
    assert list(read_standoff(file, texts)) == named


def test_the_beginning_of_a_longer_text_may_be_annotated_alone(held):
    named, texts, file = held
    (texts / "news.txt.xz").unlink()
    (texts / "news.txt").write_text("\n\n".join(f"{d.title}\n{d.text} زيادة" for d in named), encoding="utf-8")
    assert list(read_standoff(file, texts)) == named
    records = [json.loads(line) for line in file.read_text().splitlines()]
    assert [record.pop("length") for record in records] == [len(d.text) for d in named]
    file.write_text("\n".join(json.dumps(record) for record in records))  # as older files are: the whole text is meant
    with pytest.raises(DataError, match="another version"):
        list(read_standoff(file, texts))


def test_passages_of_one_text_are_documents_of_their_own(held, tmp_path):
    named, texts, file = held
    first, second = named[:2]
    (texts / "news.txt.xz").unlink()
    (texts / "news.txt").write_text(f"{first.title}\n{first.text}\n{second.text}\n", encoding="utf-8")
    later = Document(f"news:0+{len(first.text) + 1}", second.text, first.title, second.events)
    write_standoff([first, later], file)
    assert [json.loads(line).get("start") for line in file.read_text().splitlines()] == [None, len(first.text) + 1]
    assert list(read_standoff(file, texts)) == [first, later]


def test_no_word_of_the_text_is_in_the_file(held):
    named, _, file = held
    assert not any(word in file.read_text() for d in named for word in d.text.split() if not word.isascii())


def test_a_changed_or_missing_text_is_refused(held):
    named, texts, file = held
    (texts / "news.txt.xz").unlink()
    (texts / "news.txt").write_text("\n\n".join(f"{d.title}\nزيادة {d.text}" for d in named), encoding="utf-8")
    with pytest.raises(DataError, match=r"notes\.jsonl:1: document 'news:0': .*another version"):
        list(read_standoff(file, texts))
    (texts / "news.txt").rename(texts / "other.txt")
    with pytest.raises(DataError, match="is not in"):
        list(read_standoff(file, texts))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "no record"),
        ('{"source": "news", "number": 0, "events": []}', "digest"),
        ('{"source": "news", "number": 0, "digest": "1", "events": [], "length": "9"}', "length"),
        ('{"source": "news", "number": 0, "digest": "1", "events": [], "start": [1]}', "start"),
        ('{"source": "news", "number": 1, "digest": "1", "events": []}', "in line 2 already"),
    ],
)
def test_a_broken_or_doubled_line_is_told_by_its_number(held, line, told):
    _, texts, file = held
    lines = file.read_text().splitlines()
    file.write_text("\n".join([*lines, line]))
    with pytest.raises(DataError, match=rf"notes\.jsonl:{len(lines) + 1}: .*{told}"):
        list(read_standoff(file, texts))


def test_broken_offsets_are_told(held):
    _, texts, file = held
    records = [json.loads(line) for line in file.read_text().splitlines()]
    records[0]["events"][0]["target"] = [[3]]
    file.write_text("\n".join(json.dumps(record) for record in records))
    with pytest.raises(DataError, match=r"notes\.jsonl:1: document 'news:0': its events"):
        list(read_standoff(file, texts))


def test_a_folder_without_texts_is_told(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no \.txt"):
        list(documents(tmp_path))
