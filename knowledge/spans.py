"""What a piece of a question is worth: whether it is free, and whether it asks."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, Final

from knowledge.clauses import RESTRICTING
from knowledge.lexicon import HARMLESS, group

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from knowledge.lexicon import Senses
    from knowledge.reading import Span

FREE_GROUPS: Final = frozenset({"prep", "joint", "talk", "cmp", "frame", "points"})
FREE_SENSES: Final = frozenset(
    {
        HARMLESS,
        "polar.opener",
        "polar.check",
        "polar.only",
        "polar.sole",
        "polar.or",
        "polar.include",
        "polar.mostly",
    }
)

_SHARES: Final = frozenset({"fraction", "percent"})
_BREAKING: Final = frozenset({"polar.opener", "polar.check", "prep.in", "prep.from", "prep.with"})
"""Where what a share is of ends: "a third of the banks *in* …", 三分之一的银行*来自* …"""
_PRONOUNS: Final = frozenset({"it", "its", "they", "them", "their", "theirs"})
_PRONOUN_ZH: Final = "它"
_JOINTS: Final = frozenset({"的", "s", "of", "new", "the", "its"})
_OWNING: Final = frozenset({"of", "by"})

_ASKING_EN: Final = re.compile(
    r"^((over|in|at|by|from|for|to|under|within|on|with|of|during|since|until|through|till|as of|up to) )?"
    r"(how|hw|howm|what|wat|wht|wot|which|who|where|when|why|y tho|name the)"
)
_ASKING_ZH: Final = re.compile("[几哪谁啥咩乜边]|多少|什么|何时|何|好多|多大|点解|怎")


def is_free(span: Span) -> bool:
    """Whether a span says nothing that could change the answer."""
    return _all_free(span.senses)


@lru_cache(maxsize=8192)
def _all_free(senses: Senses) -> bool:
    groups = {group(sense) for sense in senses}
    return groups.isdisjoint(RESTRICTING) and not (groups.isdisjoint(FREE_GROUPS) and FREE_SENSES.isdisjoint(senses))


@lru_cache(maxsize=8192)
def _asks(senses: Senses) -> bool:
    return any(sense.startswith("ask.") for sense in senses)


def is_asking(span: Span) -> bool:
    """Whether a span is an interrogative (``how many``), not merely the noun for it (``number``)."""
    if not _asks(span.senses):
        return False
    return bool(_ASKING_EN.search(span.repaired or span.text) or _ASKING_ZH.search(span.repaired or span.text))


def whole_of_share(spans: Sequence[Span]) -> frozenset[str]:
    """The article's senses of what a fraction is of: "a third of all *banks* are …", 占*外资银行*的三分之一."""
    at = next((index for index, span in enumerate(spans) if span.quantity and span.quantity.unit in _SHARES), -1)
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
