"""Cutting a message into the pieces that may each be a question."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from knowledge import text
from knowledge.spans import is_asking, is_free, names_a_thing

if TYPE_CHECKING:
    from knowledge.question import Question
    from knowledge.reading import Span

MOST_PARTS: Final = 4
JOINING: Final = frozenset({"joint.and"})
WITHIN: Final = frozenset({"also"})
"""What joins to something that was said before, inside of one clause: "has Hainan also issued bonds"."""
SUPPOSING: Final = frozenset("if suppose supposing assuming imagine 假如 假设 如果 要是 倘若 若是 假使".split())
"""Words of a case that is only thought of."""
PREMISES: Final = SUPPOSING | frozenset("given since going 既然 若 按 照 按照 根据".split())
"""How a statement opens that the question behind it builds on: "if five branches are a third, …"."""
COUNTS: Final = frozenset({"ask.count", "ask.quantity", "ask.amount", "ask.breakdown"})
"""What may be asked of each thing of a list."""
_EACH: Final = re.compile("^(各自|分别|各)(?:[有是为]$)?")
SEPARATORS: Final = frozenset({",", ";", "、"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a message, and whether a sentence begins with it."""

    text: str
    begins: bool
    comma: bool = False
    """Whether nothing but a comma joins it to what is before it."""


_JOINERS: Final = ("and ", "or ", "plus ", "also ", "then ", "so ", "but ")


def sentence_parts(normalised: str) -> list[Piece]:
    """The pieces of a message between sentence ends and commas; the whole alone where there is one only."""
    pieces: list[Piece] = []
    for sentence in text.sentences(normalised):
        said = [piece.strip() for piece in _commas(sentence) if piece.strip()]
        pieces.extend(
            Piece(piece, begins=not position, comma=position > 0 and not piece.startswith(_JOINERS))
            for position, piece in enumerate(said)
        )
    return pieces


def _commas(sentence: str) -> list[str]:
    """Cut at commas, but not inside a number such as 24,000."""
    pieces, start = [], 0
    for position, character in enumerate(sentence):
        inside = (
            character == ","
            and sentence[position + 1 : position + 2].isdecimal()
            and sentence[position - 1 : position].isdecimal()
        )
        if character in ",，、" and not inside:
            pieces.append(sentence[start:position])
            start = position + 1
    return [*pieces, sentence[start:]]


def is_compound(question: Question, about: frozenset[str]) -> bool:
    """Whether more than one piece of a message says anything: only then is it worth taking it apart.

    What is claimed of all of something is claimed in one, 74项政策都和保险有关吗, and "nothing else" is said of the
    whole message. ``about``: the senses that are the articles' context.
    """
    if not question.asking and ("polar.sole" in question.senses or ("polar.all" in question.senses and question.polar)):
        return False
    said = 0
    open_piece = True
    for span in question.spans:
        if span.text in SEPARATORS or _joins(span):
            open_piece = True
        elif open_piece and (span.quantity is not None or not (is_free(span) or about.intersection(span.senses))):
            said += 1
            open_piece = False
    return said > 1


def _joins(span: Span) -> bool:
    return not JOINING.isdisjoint(span.senses) and span.text not in WITHIN


def joined_parts(question: Question) -> list[Piece]:
    """The words as they were read, cut at "and", 还有 …."""
    commas = [False]
    pieces: list[list[Span]] = [[]]
    for span in question.spans:
        if _joins(span):
            # "A, and B": the word counts, not the comma before it.
            if pieces[-1]:
                pieces.append([])
                commas.append(True)
            commas[-1] = commas[-1] and span.text == ","
        else:
            pieces[-1].append(span)
    said = [
        (" ".join(span.text for span in piece), comma) for piece, comma in zip(pieces, commas, strict=True) if piece
    ]
    return [Piece(words, begins=not position, comma=comma) for position, (words, comma) in enumerate(said)]


def listed_parts(question: Question) -> list[Piece]:
    """The things of a list, each with the one interrogative: 政策、债券*各有多少*, "*how many* A, B and C"."""
    joints = [span.text for span in question.spans if _joins(span)]
    pieces = [piece for piece in _cut(question) if any(names_a_thing(span) or asks_for_a_count(span) for span in piece)]
    asking = [at for at, piece in enumerate(pieces) if any(asks_for_a_count(span) for span in piece)]
    if len(pieces) < 2 or set(joints) == {","} or len(asking) != 1 or asking[0] not in {0, len(pieces) - 1}:
        return []
    asks = " ".join(_EACH.sub("", span.text) for span in pieces[asking[0]] if asks_for_a_count(span))
    things = [[span for span in piece if names_a_thing(span)] for piece in pieces]
    said = (
        span
        for piece in pieces
        for span in piece
        if not (asks_for_a_count(span) or names_a_thing(span) or is_free(span))
    )
    if any(_EACH.sub("", span.text) for span in said) or question.polar or question.quantities:
        return []
    return [Piece(" ".join([asks, *(span.text for span in piece)]), begins=True) for piece in things if piece]


def asks_for_a_count(span: Span) -> bool:
    """Whether it asks how many or how much."""
    return is_asking(span) and not COUNTS.isdisjoint(span.senses)


def _cut(question: Question) -> list[list[Span]]:
    pieces: list[list[Span]] = [[]]
    for span in question.spans:
        if _joins(span):
            pieces.append([])
        else:
            pieces[-1].append(span)
    return pieces
