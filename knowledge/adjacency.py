"""How the pieces of a question stand to each other: what a number counts, what a share is of, whom a pronoun means.

Each looks at the words beside a word, and knows nothing of an article but the senses that they have.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, Final

from knowledge.lexicon import HARMLESS, ORDINARY, group
from knowledge.quantities import SHARES
from knowledge.spans import is_asking, names_a_thing
from knowledge.text import has_chinese

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from knowledge.reading import Span

_BREAKING: Final = frozenset({"polar.opener", "polar.check", "prep.in", "prep.from", "prep.with"})
"""Where what a share is of ends: "a third of the banks *in* …", 三分之一的银行*来自* …"""
_PRONOUNS: Final = frozenset({"it", "its", "they", "them", "their", "theirs"})
_PRONOUN_ZH: Final = "它"
_JOINTS: Final = frozenset({"的", "s", "of", "new", "the", "its"})
_LINKS: Final = frozenset({"的", "the", "s", "那", "这", "those", "these"})
_SKIPPED: Final = frozenset({"polar.opener", "joint.of-the"})
"""What may stand between "how many" and what is counted: "how many *of those are* brokers"."""
_OWNING: Final = frozenset({"of", "by"})
_ONLY: Final = frozenset({"just", "only", "merely", "不只", "不仅", "不光", "不止"})
_LEVELS: Final = frozenset({"ask.count", "ask.rank", "ask.amount", "ask.quantity", "ask.money", "ask.rate"})
"""What asks for a level, from which something may have started."""


def whole_of_share(spans: Sequence[Span]) -> frozenset[str]:
    """The article's senses of what a fraction is of: "a third of all *banks* are …", 占*外资银行*的三分之一."""
    at = next((index for index, span in enumerate(spans) if span.quantity and span.quantity.unit in SHARES), -1)
    shared: Iterable[Span] = ()
    if any("ask.share" in span.senses for span in spans[: max(at, 0)]):
        shared = takewhile(lambda span: "ask.share" not in span.senses, reversed(spans[:at]))
    elif at >= 0 and any(span.text.startswith(("of", "的")) for span in spans[at + 1 : at + 2]):
        shared = takewhile(lambda span: _BREAKING.isdisjoint(span.senses), spans[at + 1 :])
    return frozenset(sense for span in shared for sense in span.senses if not group(sense))


def is_origin_claimed(spans: Sequence[Span], parties: frozenset[str]) -> bool:
    """Whether a claim says that things come from a party: "do the members come *from China*"."""
    said = [span for span in spans if span.senses != (HARMLESS,)]
    return any(
        not parties.isdisjoint(span.senses)
        and ("ask.source" in before.senses or ("prep.from" in before.senses and before.text not in _OWNING))
        for before, span in pairwise(said)
    )


def beside(spans: Sequence[Span], sense: str) -> frozenset[str]:
    """The article's senses of what stands directly before or behind a word of ``sense``: *China*'s first."""
    said = [span for span in spans if span.senses != (HARMLESS,)]
    return frozenset(
        other
        for pair in pairwise(said)
        for span, neighbour in (pair, pair[::-1])
        if sense in span.senses
        for other in neighbour.senses
        if not group(other)
    )


def points_back(spans: Iterable[Span]) -> bool:
    """Whether a pronoun stands for what was spoken of before: "what has been set up with *it*", 跟*它*合作了什么."""
    return any(not _PRONOUNS.isdisjoint(span.text.split()) or _PRONOUN_ZH in span.text for span in spans)


def says_of_all(spans: Sequence[Span]) -> bool:
    """Whether something is said of every one; not of the two that an "and" before it names: 12个省和海南都在协议里."""
    at = next((index for index, span in enumerate(spans) if "polar.all" in span.senses), -1)
    return at >= 0 and not any("joint.and" in span.senses for span in spans[:at])


def counted_things(spans: Sequence[Span], end: int) -> frozenset[str]:
    """The article's senses of what a number that ends at token ``end`` counts."""
    return things_behind([span for span in spans if span.start >= end])


def things_behind(spans: Sequence[Span]) -> frozenset[str]:
    """The article's senses of the nouns that ``spans`` begin with."""
    named: set[str] = set()
    for span in spans:
        senses = {sense for sense in span.senses if not group(sense)}
        if span.text in _JOINTS or (not senses and "joint.measure" in span.senses):
            continue
        if not senses:
            break
        named |= senses
    return frozenset(named)


def starts_elsewhere(spans: Sequence[Span]) -> bool:
    """Whether a number is where something started: "grown to 78 *from 56*", 从3家增加到4家."""
    return sum(span.quantity is not None for span in spans) > 1 and any(
        following.quantity is not None and "prep.from" in span.senses and span.text not in _OWNING
        for span, following in pairwise(spans)
    )


def asked_start(spans: Sequence[Span]) -> Iterable[Span]:
    """What asks where something started: "from *which place* to the top three", 从*几家*到78家."""
    for position, (span, following) in enumerate(pairwise(spans)):
        starts = "prep.from" in span.senses and span.text not in _OWNING
        asks = is_asking(following) and not _LEVELS.isdisjoint(following.senses)
        if starts and asks and any(later.quantity is not None for later in spans[position + 2 :]):
            yield following


def behind(spans: Sequence[Span], marker: str) -> frozenset[str]:
    """Senses of what follows on a preposition, past words that say nothing."""
    said = [span for span in spans if span.senses != (HARMLESS,)]
    return frozenset(
        sense
        for span, following in pairwise(said)
        if marker in span.senses
        for sense in following.senses
        if not group(sense)
    )


def excepted(spans: Sequence[Span]) -> tuple[frozenset[str], ...]:
    """Senses of each of the things behind "apart from", which only an "and" may join."""
    at = next((index for index, span in enumerate(spans) if "except.without" in span.senses), len(spans))
    things: list[set[str]] = [set()]
    for span in spans[at + 1 :]:
        named = {sense for sense in span.senses if not group(sense)}
        if "joint.and" in span.senses and span.text != ",":
            things.append(set())
        elif named:
            things[-1] |= named
        elif span.quantity is None and "joint.measure" not in span.senses and span.text not in _LINKS:
            break
    return tuple(frozenset(thing) for thing in things if thing)


def defined(spans: Sequence[Span]) -> frozenset[str]:
    """Senses of what follows on an opening "what is the": the level that a difference is measured against."""
    opening = [span.text for span in spans[:3]]
    if len(spans) < 4 or "ask.what" not in spans[0].senses or opening[2] != "the":
        return frozenset()
    return frozenset(sense for sense in spans[3].senses if not group(sense))


def another_counted(spans: Sequence[Span]) -> Span | None:
    """The noun behind "how many", if no word of the article: who masters is harmless, "how many masters" not."""
    said = [span for span in spans if not _SKIPPED.intersection(span.senses)]
    for span, following in pairwise(said):
        if "ask.count" in span.senses and is_asking(span):
            noun = ORDINARY in following.senses and following.text.endswith("s") and not names_a_thing(following)
            return following if noun else None
    return None


def head(spans: Sequence[Span], ask: str, *, trailing: bool = False) -> frozenset[str]:
    """Senses of what follows directly on an interrogative of that kind; ``trailing``: or stands before it (X有哪些)."""
    for index, span in enumerate(spans):
        if ask in span.senses and is_asking(span):
            ends = index + 1 == len(spans)
            beside = (
                spans[index - 1]
                if ends and trailing and has_chinese(span.text)
                else spans[min(index + 1, len(spans) - 1)]
            )
            return frozenset(sense for sense in beside.senses if not group(sense))
    return frozenset()


def not_only(spans: Sequence[Span]) -> frozenset[str]:
    """The article's senses of what something is not limited to: "in Asia, not just in *China*", 不只中国."""
    at = next((index for index, span in enumerate(spans) if span.text in _ONLY and span.senses == (HARMLESS,)), None)
    return things_behind(spans[at + 1 :]) if at is not None else frozenset()


def numbered(spans: Sequence[Span]) -> Fraction:
    """The number that stands directly behind "which"; 0 where none does."""
    for span, following in pairwise(spans):
        if following.quantity is not None and not {"ask.which", "ask.list"}.isdisjoint(span.senses) and is_asking(span):
            return following.quantity.number
    return Fraction(0)
