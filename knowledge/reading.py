"""A question's words read as phrases of the lexicon: the reading that explains most, in the fewest pieces."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from knowledge import text
from knowledge.lexicon import BEGINNING, HARMLESS, ORDINARY
from knowledge.numerals import may_be_number, read_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.homophones import Homophones
    from knowledge.lexicon import Lexicon, Senses
    from knowledge.quantities import Quantity
    from knowledge.spelling import Speller

UNKNOWN_COST: Final = 10.0
ORDINARY_COST: Final = 4.0
KNOWN_COST: Final = 1.0
HARMLESS_COST: Final = 1.05
ASK_COST: Final = 0.9
"""What is asked wins a tie: 多少 + 了, not 多 + 少了."""
LONGEST_PHRASE: Final = 12
REMEMBERED: Final = 8192
"""Look-ups of each kind that are kept, 0.1 KB each."""
MOST_REPAIRS: Final = 8
"""Noise is not spelt wrong: after so many repairs the rest of the unknown words stay unknown."""
IGNORED_SIGNS: Final = frozenset("-/&~+=<>%±,、:;")


@dataclass(slots=True, eq=False)
class Span:
    """Tokens ``start`` to ``end`` and what they may mean; no senses: unknown.

    Never changed: frozen, it would take thrice as long to make, and a question has ten.
    """

    start: int
    end: int
    text: str
    senses: Senses
    quantity: Quantity | None = None
    repaired: str = ""
    misspelt: str = ""
    """The words that were repaired, as they were written."""

    @property
    def unknown(self) -> bool:
        """Whether the lexicon knows nothing of it."""
        return not self.senses and self.quantity is None


class _Token(NamedTuple):
    written: str
    key: str
    repaired: str = ""
    odd: bool = False
    """Whether it is a Latin word that is none of the lexicon's."""
    number: bool = False
    """Whether a number may start with it."""


_Piece = tuple[float, int, tuple[str, ...], "Quantity | None"]
"""Cost, end, senses and number of a span that is not yet chosen."""


_NO_PHRASE: Final[tuple[float, Senses, int]] = (UNKNOWN_COST, (), 0)


class Reader:
    """Reads normalised text into spans."""

    def __init__(self, lexicon: Lexicon, speller: Speller, homophones: Homophones) -> None:
        self._lexicon = lexicon
        self._speller = speller
        self._homophones = homophones
        # A packed table takes 0.6 µs a look-up, and the same few thousand beginnings are looked up again and again.
        self._begins = lru_cache(maxsize=2 * REMEMBERED)(self._beginning)
        self._known = lru_cache(maxsize=REMEMBERED)(self._phrase)
        self._read_as = lru_cache(maxsize=REMEMBERED)(self._written_out)

    def knows(self, word: str) -> bool:
        """Whether a Latin word is one of the lexicon's, or stands for one."""
        lexicon = self._lexicon
        return word in lexicon.spelling or word in lexicon.variants or text.singular(word) in lexicon.senses

    def read(self, normalised: str) -> list[Span]:
        """The spans of ``normalised``, in order, covering every token."""
        tokens = self._tokens(normalised)
        if any(token.odd for token in tokens):
            tokens = self._respelt(self._unslipped(tokens))
        spans = self._segment(tokens)
        for _ in range(MOST_REPAIRS):
            repaired = self._by_sound(tokens, spans)
            if repaired is None:
                break
            tokens = repaired
            spans = self._segment(tokens)
        return spans

    def senses(self, sentence: str) -> frozenset[str]:
        """Every sense that words of a sentence have, alone or together: *cross-border*, *financing* and both."""
        tokens = self._tokens(text.normalise(sentence))
        keys = [token.key for token in tokens]
        read = (self._options(tokens, keys, start) for start in range(len(keys)))
        return frozenset(sense for options in read for _, _, senses, _ in options for sense in senses)

    def _tokens(self, normalised: str) -> list[_Token]:
        """The tokens, those that people shorten written out."""
        return [token for written in text.tokens(normalised) for token in self._read_as(written)]

    def _written_out(self, written: str) -> tuple[_Token, ...]:
        return tuple(map(self._token, self._lexicon.variants.get(written, (written,))))

    def _token(self, word: str) -> _Token:
        number = may_be_number(word)
        return _Token(word, text.singular(word), odd=not number and self._is_no_word(word), number=number)

    def _unslipped(self, tokens: list[_Token]) -> list[_Token]:
        """The tokens, two words beside each other put right where the space slipped by a letter."""
        read = list(tokens)
        tries = 2 * MOST_REPAIRS  # as in _respelt: noise is not spelt wrong
        for index, pair in enumerate(pairwise([token.odd for token in tokens])):
            if not tries:
                break
            if any(pair) and not read[index].repaired:
                tries -= 1
                left, right = tokens[index].written, tokens[index + 1].written
                parts = self._speller.unslipped(left, right)
                if parts:
                    first, second = map(text.singular, parts)
                    read[index : index + 2] = _Token(f"{left} {right}", first, " ".join(parts)), _Token("", second)
        return read

    def _respelt(self, tokens: list[_Token]) -> list[_Token]:
        """Unknown Latin words replaced by what they were meant to be."""
        read: list[_Token] = []
        repairs = 0
        tried: set[str] = set()
        for token in tokens:
            if repairs < MOST_REPAIRS and len(tried) < 2 * MOST_REPAIRS and token.odd:
                tried.add(token.written)
                meant = self._speller.repair(token.written)
                repairs += bool(meant)
                if meant:
                    read.extend(
                        token._replace(key=key, repaired=" ".join(meant)) if not position else _Token("", key)
                        for position, key in enumerate(meant)
                    )
                    continue
            read.append(token)
        return read

    def _is_no_word(self, written: str) -> bool:
        spelling = self._lexicon.spelling
        if not written.isascii() or not written.isalpha():
            return False
        return written not in spelling and text.singular(written) not in spelling

    def _by_sound(self, tokens: list[_Token], spans: Sequence[Span]) -> list[_Token] | None:
        if "".join(token.key for token in tokens).isascii():
            return None
        unknown = [False] * len(tokens)
        for span in spans:
            if span.unknown:
                unknown[span.start : span.end] = [True] * (span.end - span.start)
        if not any(flag and text.has_chinese(token.key) for flag, token in zip(unknown, tokens, strict=True)):
            return None
        repair = self._homophones.repair([token.key for token in tokens], unknown)
        if repair is None:
            return None
        start, end, phrase = repair
        put = [
            token._replace(key=character, repaired=phrase if not position else "")
            for position, (token, character) in enumerate(zip(tokens[start:end], phrase, strict=True))
        ]
        return tokens[:start] + put + tokens[end:]

    def _segment(self, tokens: Sequence[_Token]) -> list[Span]:
        """The cheapest cover of the tokens by phrases, numbers and unknown tokens, by dynamic programming."""
        keys = [token.key for token in tokens]
        costs = [0.0, *[float("inf")] * len(keys)]
        last: list[tuple[int, _Piece] | None] = [None] * (len(keys) + 1)
        for start in range(len(keys)):
            base = costs[start]
            for piece in self._options(tokens, keys, start):
                cost, end, _, _ = piece
                if base + cost < costs[end]:
                    costs[end], last[end] = base + cost, (start, piece)
        spans: list[Span] = []
        end = len(keys)
        while end:
            chosen = last[end]
            if chosen is None:
                raise AssertionError(keys)
            start, (_, _, senses, quantity) = chosen
            spans.append(self._span(tokens, start, end, senses, quantity))
            end = start
        return spans[::-1]

    def _options(self, tokens: Sequence[_Token], keys: Sequence[str], start: int) -> list[_Piece]:
        """What may start at a token. The innermost loop of reading: a fifth of an answer's time."""
        cost, senses, reach = self._begins(keys[start])
        found: list[_Piece] = [(cost, start + 1, senses, None)] if senses else []
        single = bool(senses)
        if reach > 1 and start + 1 < len(keys):
            self._add_longer(found, keys, start)
        if tokens[start].number:
            quantity = read_number([token.written for token in tokens], start)
            if quantity:
                # The longer number wins a tie: "the + one third", not "the one + third".
                cost = KNOWN_COST - 0.01 * (quantity.end - start - 1)
                found.append((cost, quantity.end, (), quantity))
                single = single or quantity.end == start + 1
        if not single:
            ignored = tokens[start].written in IGNORED_SIGNS or not tokens[start].written
            cost = HARMLESS_COST if ignored else UNKNOWN_COST
            found.append((cost, start + 1, (HARMLESS,) if ignored else (), None))
        return found

    def _add_longer(self, found: list[_Piece], keys: Sequence[str], start: int) -> None:
        """Add the phrases of several tokens that start there: "the" begins long ones, "the quota" does not."""
        phrase, reach = keys[start], LONGEST_PHRASE
        for end in range(start + 2, len(keys) + 1):
            phrase = f"{phrase} {keys[end - 1]}"
            if end - start <= BEGINNING:
                cost, senses, reach = self._begins(phrase)
            else:
                cost, senses = self._known(phrase)
            if senses:
                found.append((cost, end, senses, None))
            if end - start >= reach:
                break

    def _beginning(self, key: str) -> tuple[float, Senses, int]:
        """What up to three tokens mean, what that costs, and of how many the longest phrase is that they begin."""
        reach = self._lexicon.longest.get(key, 0)
        return (*self._phrase(key), min(reach, LONGEST_PHRASE)) if reach else _NO_PHRASE

    def _phrase(self, phrase: str) -> tuple[float, Senses]:
        """What a phrase may mean, and what reading it so costs."""
        senses = self._lexicon.senses.get(phrase, ())
        return _cost(senses, phrase.count(" ") + 1) if senses else UNKNOWN_COST, senses

    def _span(self, tokens: Sequence[_Token], start: int, end: int, senses: Senses, quantity: Quantity | None) -> Span:
        if end == start + 1 and not tokens[start].repaired:
            return Span(start, end, tokens[start].written, senses, quantity)
        written = [token.written for token in tokens[start:end] if token.written]
        joined = "".join(written)
        if not text.has_chinese(joined):
            joined = " ".join(written)
        if not any(token.repaired for token in tokens[start:end]):
            return Span(start, end, joined, senses, quantity)
        repaired = " ".join(token.repaired for token in tokens[start:end] if token.repaired)
        misspelt = " ".join(token.written for token in tokens[start:end] if token.repaired)
        return Span(start, end, joined, senses, quantity, repaired, misspelt if misspelt.isascii() else joined)


def _cost(senses: Senses, length: int) -> float:
    """Cost of reading so many tokens as a phrase: pieces cost, so that few long phrases beat many short ones."""
    if senses == (ORDINARY,):
        return ORDINARY_COST
    if any(sense.startswith("ask.") for sense in senses):
        return ASK_COST + 0.001 / length
    return (HARMLESS_COST if HARMLESS in senses else KNOWN_COST) + 0.001 / length
