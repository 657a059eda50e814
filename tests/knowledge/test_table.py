"""A packed mapping is the mapping that it was made of, in every process and whatever it holds."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import compiling, loading
from knowledge.table import Table, Texts

KEYS = st.text(max_size=8)
"""Of every kind: surrogates and zero characters too."""
MAPPINGS = st.dictionaries(KEYS, KEYS) | st.dictionaries(KEYS, st.tuples(KEYS)) | st.dictionaries(KEYS, st.integers())


@given(MAPPINGS, st.lists(KEYS))
def test_it_is_what_it_was_made_of(entries: dict[str, object], others: list[str]) -> None:
    table: Table[object] = Table(entries)
    assert dict(table) == entries
    assert list(table) == list(entries)
    assert list(table.items()) == list(entries.items())
    assert len(table.items()) == len(entries)
    assert len(table) == len(entries)
    for key in (*entries, *others):
        assert (key in table) == (key in entries)
        assert table.get(key) == entries.get(key)
        assert table.get(key, 7) == entries.get(key, 7)
    assert dict(pickle.loads(pickle.dumps(table))) == entries


def test_what_is_absent_is_a_key_error() -> None:
    table = Table({"a": 1})
    assert table["a"] == 1
    with pytest.raises(KeyError, match="b"):
        table["b"]
    assert "b" not in table
    assert not Table[int]({})


def test_more_than_two_bytes_can_count() -> None:
    entries = {str(number): number for number in range(70_000)}
    assert dict(Table(entries)) == entries
    assert dict(Table({key: str(value) for key, value in entries.items()})) == {key: key for key in entries}


@given(st.lists(st.text()))
def test_strings_together_are_a_sequence(texts: list[str]) -> None:
    packed = Texts(texts)
    assert list(packed) == texts
    assert packed[1:] == texts[1:]
    with pytest.raises(IndexError):
        packed[len(texts)]


def test_the_compiled_knowledge_is_packed() -> None:
    """As dicts it takes 13 MB in every process, packed 5."""
    compiled = compiling.compiled((loading.ARTICLES,))
    lexicon, homophones = compiled.lexicon, compiled.homophones
    for packed in (lexicon.senses, lexicon.longest, lexicon.spelling, homophones.by_sound, homophones.by_gap):
        assert isinstance(packed, Table)
