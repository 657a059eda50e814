"""One way to write a text: what is done here is done to questions and to the lexicon alike, once, at the door."""

from __future__ import annotations

import itertools
import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from knowledge.outcome import Language

MATCHED_CHARACTERS: Final = 300
"""A question is read up to here; matching cost grows with length (1.3 ms at 300 characters, 9 ms at 4096)."""
MATCHED_TOKENS: Final = 120
"""… and up to here: 300 Chinese characters are 300 tokens, an ordinary question has 10 to 20."""
MATCHED_WORDS: Final = MATCHED_CHARACTERS // 2
"""So many words, however short, are as many characters as are matched: what follows is not taken apart."""
RAW_CHARACTERS: Final = 4096
"""What Telegram lets a message hold; nothing after it is even cleaned."""
SETTLING_ROUNDS: Final = 6

CJK: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002ffff"
_PLAIN = re.compile("[ -~\u3001-\u303d\u4e00-\u9fff\uff01-\uff5e]*")
"""Text in which nothing is to be cleaned: printable ASCII, common Chinese characters and their punctuation."""
_CJK = re.compile(f"[{CJK}]+")
_TAG = re.compile(r"<[/!]?[a-z][^<>]{0,200}>", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[a-z]{4})(?<!approx)\.\s+(?=[a-z])|(?<![!?。])[!?。]++(?=\s*[^\W_])")
"""Where a sentence ends and another begins; short words before a full stop are abbreviations ("no. of")."""
_REWRITTEN: Final[tuple[tuple[frozenset[str], re.Pattern[str], Callable[[re.Match[str]], str] | str], ...]] = (
    (
        frozenset("'’`´"),
        re.compile(r"\b(?!(?:it|that|this|what|who|how|here|there)\b)([a-z]+)['’`´]s(?=\W*$)"),
        r"\1 one",
    ),
    (frozenset("'’`´"), re.compile(r"['’`´]s\b"), ""),
    (frozenset("'’`´"), re.compile(r"(?<=[a-z])['’`´](?=[a-z])"), ""),
    (frozenset("."), re.compile(r"\b(?:[a-z]\.){2,}[a-z]?\b\.?"), lambda match: match.group().replace(".", "") + " "),
    (frozenset("-"), re.compile(r"(?<=[a-z0-9])-(?=[a-z])"), " "),
    (frozenset(" "), re.compile(r"\b(?:[a-z] ){2,}[a-z]\b"), lambda match: match.group().replace(" ", "")),
    (frozenset(".!?。"), _SENTENCE_END, " ; "),
    (frozenset("/"), re.compile(r"\bw/o\b"), "without"),
    (frozenset("/"), re.compile(r"\bw/(?=\s|[a-z])"), "with "),
)
"""Possessives, dots, hyphens, words spelled out, sentence ends and shorthand: a pattern, what takes its place, and the
signs without one of which there is nothing to look for, which is half of the time that 300 characters take."""
_WORD_WITH_FOREIGN_LETTERS = re.compile(r"[^\W\d_]+")

_LATIN_LOOKALIKES: Final = str.maketrans(
    "авекмнорстухіјѕԁԛԝһɡαβεικνορτυχѵӏ",
    "abekmhopctyxijsdqwhgabeiknoptuxvl",
)
"""Cyrillic and Greek letters that look like Latin ones, in small letters."""

_TRADITIONAL_IN_GB_2312: Final = re.compile("[乾吒夥後徵拚捱摺於榘菸薹袷醣麴麽坏哩沈藉覆]")
"""What GB 2312, the standard of Simplified Chinese, can write and OpenCC converts all the same; the last five in words
only, as 覆 in 答覆."""
_CANTONESE: Final = re.compile("[嘅咗喺啲嗰冇佢哋係唔嚟㗎咩邊]")
_TOKEN: Final = re.compile(
    rf"""
      [{CJK}]                                   # a Chinese character
    | \d+(?:,\d{{3}})+(?:\.\d+)?(?!\d)          # 24,000,000
    | \d+\.\d+ | \d+                            # 1.03, 74
    | [a-z]+                                    # a Latin word
    | [$¥€£%+&<>=≥≤~/±,、:;-]                   # signs that carry meaning beside a number, and what separates
    | [^\W\d_]+                                 # a run of letters of another script
    """,
    re.VERBOSE,
)
_LETTER: Final = re.compile("[A-Za-z]")
_BREAK: Final = re.compile(r"[?!;。]+|\.(?=\s|$)|[\n\r]+")

_KEPT_PLURALS: Final = frozenset(
    (
        "polices news goods less plus lens always perhaps does series species thus besides towards afterwards overseas"
    ).split()
)


@cache
def _converter(config: str) -> Callable[[str], str]:
    """OpenCC's converter of that name, loaded when it is first needed: 7 MB from Traditional, 49 MB to it."""
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC(config).convert
    return convert


def simplified(text: str) -> str:
    """``text`` with Traditional characters turned into Simplified ones."""
    return _converter("t2s")(text) if _may_be_traditional(text) else text


def _may_be_traditional(text: str) -> bool:
    """Whether there is a character in ``text`` that OpenCC could convert; Simplified Chinese never loads it."""
    chinese = "".join(_CJK.findall(text))
    try:
        chinese.encode("gb2312")
    except UnicodeEncodeError:
        return True
    return _TRADITIONAL_IN_GB_2312.search(chinese) is not None


def traditional(text: str) -> str:
    """``text`` with Simplified characters turned into Traditional ones."""
    return _converter("s2tw")(text) if _CJK.search(text) else text


def has_chinese(text: str) -> bool:
    """Whether any Chinese character stands in ``text``."""
    return not text.isascii() and _CJK.search(text) is not None


def is_chinese(key_: str) -> bool:
    """Whether a key of the lexicon is of Chinese characters only."""
    return all(_CJK.match(token) for token in key_.split(" "))


def language_of(text: str, otherwise: Language = "en") -> Language:
    """The language to answer in: the question's script decides; ``otherwise`` where it has no letters."""
    if text.isascii() and _LETTER.search(text[:RAW_CHARACTERS]):
        return "en"
    folded = unicodedata.normalize("NFKC", clean(text))
    if not has_chinese(folded):
        return "en" if _LETTER.search(folded) or otherwise not in {"zh-Hans", "zh-Hant"} else otherwise
    if simplified(folded) != folded or _CANTONESE.search(folded):
        return "zh-Hant"
    return "zh-Hant" if otherwise == "zh-Hant" and traditional(folded) == folded else "zh-Hans"


def clean(text: str) -> str:
    """The first ``RAW_CHARACTERS`` without control, format and surrogate characters; white space becomes spaces."""
    text = text[:RAW_CHARACTERS]
    if _PLAIN.fullmatch(text):
        return text
    return "".join(map(_visible, text))


@lru_cache(maxsize=4096)
def _visible(character: str) -> str:
    if character.isspace():
        return "\n" if character in "\n\r\u2028\u2029" else " "
    if character.isascii():
        return character if character.isprintable() else ""
    category = unicodedata.category(character)
    # Format characters (zero-width, right-to-left marks), surrogates, private use; variation selectors are marks.
    if category in {"Cf", "Cc", "Cs", "Co", "Cn"} or "\ufe00" <= character <= "\ufe0f":
        return ""
    return character


def is_cut(text: str) -> bool:
    """Whether ``text`` is longer than what is matched."""
    if len(text) <= MATCHED_TOKENS:
        return False  # a token is a character at least; most questions are known to be short without being taken apart
    visible = _spaced(clean(text))
    return len(visible) > MATCHED_CHARACTERS or len(tokens(visible.casefold())) > MATCHED_TOKENS


def normalise(text: str) -> str:
    """``text`` as it is matched: at most 300 characters, NFKC, small letters, Simplified, no invisible characters.

    Idempotent: single steps may undo each other's form for rare characters, so they are repeated until nothing moves.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)  # a tag may be written in full width
    current = _first_characters(_spaced(_TAG.sub(" ", clean(text)).strip().replace("\n", " ; ")))
    if current.isascii():
        current = current.lower()  # so that most questions settle in one round
    for _ in range(SETTLING_ROUNDS):
        following = _settle(current)
        if following == current:
            break
        current = following
    return current


def _settle(text: str) -> str:
    folded = clean(text.lower()) if text.isascii() else _folded(text)
    present = {*folded, " "}  # a space may come of a hyphen
    for signs, pattern, instead in _REWRITTEN:
        if not signs.isdisjoint(present):
            folded = pattern.sub(instead, folded)
    return _first_tokens(_first_characters(_spaced(folded))).strip()


def _folded(text: str) -> str:
    """Small letters of one width, in Simplified Chinese, none of them in disguise."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    folded = clean(folded.replace("⁄", "/").replace("—", " - ").replace("–", "-"))
    # OpenCC leaves 著 as it is, since 显著 has it in both scripts; so 跟著 and 跟着 are written alike here,
    # and 甚麼 is written 什么.
    return simplified(_undisguised(folded)).replace("著", "着").replace("甚么", "什么")


def _spaced(text: str) -> str:
    """One space for any white space, none at either end; what follows on the words that are matched stays as it is."""
    return " ".join(text.split(None, MATCHED_WORDS))


def _first_characters(text: str) -> str:
    """The first ``MATCHED_CHARACTERS``; half a word at their end would be an unknown word, so it goes too."""
    if len(text) <= MATCHED_CHARACTERS:
        return text
    head = text[:MATCHED_CHARACTERS]
    whole, space, half = head.rpartition(" ")
    cut_through = half.isascii() and half.isalpha() and text[MATCHED_CHARACTERS].isalpha()
    return whole if space and cut_through else head


def _first_tokens(text: str) -> str:
    if len(text) <= MATCHED_TOKENS:
        return text
    last = next(itertools.islice(_TOKEN.finditer(text), MATCHED_TOKENS, None), None)
    return text if last is None else text[: last.start()]


def _undisguised(text: str) -> str:
    """Look-alike letters made Latin, in words that mix them with Latin ones (``qdlр`` with a Cyrillic р)."""
    if text.isascii():
        return text
    return _WORD_WITH_FOREIGN_LETTERS.sub(_undisguised_word, text)


def _undisguised_word(match: re.Match[str]) -> str:
    word = match.group()
    if word.isascii() or not re.search("[a-z]", word):
        return word
    return word.translate(_LATIN_LOOKALIKES)


def tokens(normalised: str) -> list[str]:
    """Words, numbers, single Chinese characters and the signs that matter, in order."""
    return _TOKEN.findall(normalised)


def sentences(normalised: str) -> list[str]:
    """The pieces between sentence ends, empty ones left out."""
    return [piece.strip() for piece in _BREAK.split(normalised) if piece.strip()]


@lru_cache(maxsize=8192)
def singular(word: str) -> str:
    """A Latin word without its plural ending; anything else as it is."""
    if len(word) <= 3 or not word.endswith("s") or word in _KEPT_PLURALS or not word.isascii():
        return word
    if word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "zzes", "sses")):
        return word[:-2]
    return word[:-1]


def key(tokens_: list[str]) -> str:
    """The lexicon's key of a run of tokens."""
    return " ".join(singular(token) for token in tokens_)
