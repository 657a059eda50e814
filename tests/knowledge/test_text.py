"""Normalising: any text, always the same, twice is once."""

import json
import os
import subprocess
from pathlib import Path

import opencc
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from opencc import OpenCC

from knowledge import text

ANY_TEXT = st.text(st.characters(), max_size=400)
"""Every code point, lone surrogates among them."""


@given(ANY_TEXT)
@example("\ud800QDLP\udfff")
@example("\u202eQDLP\u202c \u200fquota")
@example("İıſßŉǰΐΰ ﬀ ﬃ")
@example("q d l p" * 20)
@example("<b><i></b>" * 50)
@example("q.d.l.p..q.d" * 20)
def test_normalising_twice_is_normalising_once(written: str) -> None:
    once = text.normalise(written)
    assert text.normalise(once) == once
    assert len(once) <= text.MATCHED_CHARACTERS


@given(st.text(st.sampled_from("qdlp QDLP.-’'s重慶額度１２３\u200b\u202e\ud83d\n<>"), max_size=80))
def test_normalising_twice_is_normalising_once_for_what_is_treated_specially(written: str) -> None:
    once = text.normalise(written)
    assert text.normalise(once) == once


@given(ANY_TEXT)
def test_what_is_matched_holds_nothing_invisible(written: str) -> None:
    normalised = text.normalise(written)
    assert text.clean(normalised) == normalised
    assert normalised == normalised.strip()
    assert "\n" not in normalised
    normalised.encode("utf-8")


@given(ANY_TEXT)
def test_every_text_has_tokens_and_a_language(written: str) -> None:
    for token in text.tokens(text.normalise(written)):
        assert token.strip()
    assert text.language_of(written) in {"en", "zh-Hans", "zh-Hant"}


def test_4096_characters_are_cut_to_what_is_matched() -> None:
    assert len(text.normalise("qdlpquota " * 410)) <= text.MATCHED_CHARACTERS
    assert len(text.tokens(text.normalise("重庆" * 2048))) == text.MATCHED_TOKENS
    assert text.is_cut("重庆" * 2048)
    assert not text.is_cut("重庆" * 50)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("How many QDLP pilots?", "how many qdlp pilots?"),
        ("ＱＤＬＰ　ｑｕｏｔａ？", "qdlp quota?"),
        ("Q\u200bD\u200dL\ufeffP quota", "qdlp quota"),
        ("\u202eQDLP\u202c \u200fquota", "qdlp quota"),
        ("QDLР quota", "qdlp quota"),  # a Cyrillic Р
        ("Quоtа", "quota"),  # Cyrillic о and а
        ("the city's quota", "the city quota"),
        ("what’s", "what"),
        ("Q.D.L.P. quota", "qdlp quota"),
        ("q d l p quota", "qdlp quota"),
        ("China-Singapore", "china singapore"),
        ("重慶額度", "重庆额度"),
        ("５家　分行", "5家 分行"),
        ("a\n\n  b\tc", "a ; ; b c"),
        ("<b>QDLP</b>", "qdlp"),
        ("  ", ""),
        ("\x00\x07\x1b", ""),
    ],
)
def test_ways_to_write_the_same(written: str, expected: str) -> None:
    assert text.normalise(written) == expected


def test_a_cyrillic_word_stays_cyrillic() -> None:
    assert text.normalise("сколько банков") == "сколько банков"


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ("how many pilots", "en"),
        ("重庆有几家", "zh-Hans"),
        ("重慶有幾家", "zh-Hant"),
        ("QDLP额度", "zh-Hans"),
        ("QDLP額度 in USD", "zh-Hant"),
        ("重庆有冇QDLP", "zh-Hant"),
        ("12345", "en"),
        ("", "en"),
        ("🙂", "en"),
    ],
)
def test_the_script_of_a_question_tells_its_language(written: str, language: str) -> None:
    assert text.language_of(written) == language


def test_a_text_without_letters_keeps_the_language_of_the_conversation() -> None:
    assert text.language_of("78?", "zh-Hant") == "zh-Hant"
    assert text.language_of("78", "zh-Hans") == "zh-Hans"


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        ("pilots", "pilot"),
        ("companies", "company"),
        ("branches", "branch"),
        ("news", "news"),
        ("basis", "basis"),
        ("gas", "gas"),
        ("分行", "分行"),
        ("taxes", "tax"),
    ],
)
def test_a_word_and_its_plural_have_one_key(plural: str, singular: str) -> None:
    assert text.singular(plural) == singular


def test_numbers_dotted_and_grouped_stay_whole() -> None:
    assert text.tokens("24,000,000 or 1.03, 74项") == ["24,000,000", "or", "1.03", ",", "74", "项"]


CONVERT = OpenCC("t2s").convert


def test_what_opencc_would_convert_is_never_left_to_it_in_vain() -> None:
    """Of every character that there is, alone."""
    for code in (*range(0x3400, 0xA000), *range(0xF900, 0xFB00), *range(0x20000, 0x30000)):
        assert text.simplified(chr(code)) == CONVERT(chr(code))


def test_words_that_opencc_would_convert_are_converted(tmp_path: Path) -> None:
    """Of every word of its dictionary: some change although none of their characters does alone, as 回覆."""
    clib = Path(opencc.__file__).parent / "clib"
    source, words = clib / "share" / "opencc" / "TSPhrases.ocd2", tmp_path / "words.txt"
    subprocess.run(
        [clib / "bin" / "opencc_dict", "-i", source, "-f", "ocd2", "-o", words, "-t", "text"],
        check=True,
        env={**os.environ, "LD_LIBRARY_PATH": str(clib / "lib64")},
    )
    known = [line.split("\t")[0] for line in words.read_text(encoding="utf-8").splitlines()]
    assert len(known) > 300
    for word in known:
        assert text.simplified(word) == CONVERT(word), word


def test_every_question_is_simplified_as_by_opencc() -> None:
    asked = [
        turn
        for path in sorted((Path(__file__).parents[1] / "questions").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        for turn in json.loads(line)["turns"]
    ]
    assert len(asked) > 1000
    for question in asked:
        assert text.simplified(question) == CONVERT(question), question
