"""What a piece of a question is worth: whether it is free, and whether it asks."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from knowledge.clauses import RESTRICTING
from knowledge.lexicon import HARMLESS, group

if TYPE_CHECKING:
    from knowledge.lexicon import Senses
    from knowledge.reading import Span

FREE_GROUPS: Final = frozenset({"prep", "joint", "talk", "cmp", "frame", "points", "change"})
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

_ASKING_EN: Final = re.compile(
    r"^((over|in|at|by|from|for|to|under|within|on|with|of|during|since|until|through|till|as of|up to) )?"
    r"(how|hw|howm|what|wat|wht|wot|which|who|where|when|why|y tho|name (?:the|two|three|some|any))"
    r"|\b(how many|how much|what|which|who|whom)$"
)
_ASKING_ZH: Final = re.compile("[几哪谁啥咩乜边]|多少|什么|何时|何|好多|多大|点解|怎")


_ASKING_FOR_KIND: Final = re.compile("^(what|which|whose|who|how) |什么|哪|啥|何种|咩|乜")


def asks_for_kind(span: Span) -> bool:
    """Whether an interrogative is part of what names a thing of the article: *what kind of company* is it."""
    return _names(span.senses) and _ASKING_FOR_KIND.search(span.repaired or span.text) is not None


def names_a_thing(span: Span) -> bool:
    """Whether it is a thing of an article."""
    return any(not group(sense) for sense in span.senses)


def is_free(span: Span) -> bool:
    """Whether a span says nothing that could change the answer."""
    return _all_free(span.senses)


@lru_cache(maxsize=8192)
def _all_free(senses: Senses) -> bool:
    groups = {group(sense) for sense in senses}
    return groups.isdisjoint(RESTRICTING) and not (groups.isdisjoint(FREE_GROUPS) and FREE_SENSES.isdisjoint(senses))


@lru_cache(maxsize=8192)
def _names(senses: Senses) -> bool:
    return any(group(sense) in {"", "attr"} for sense in senses)


@lru_cache(maxsize=8192)
def _asks(senses: Senses) -> bool:
    return any(sense.startswith("ask.") for sense in senses)


def is_asking(span: Span) -> bool:
    """Whether a span is an interrogative (``how many``), not merely the noun for it (``number``)."""
    if not _asks(span.senses):
        return False
    return bool(_ASKING_EN.search(span.repaired or span.text) or _ASKING_ZH.search(span.repaired or span.text))
