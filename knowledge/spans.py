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

FREE_GROUPS: Final = frozenset({"prep", "joint", "talk", "cmp", "frame"})
FREE_SENSES: Final = frozenset(
    {HARMLESS, "polar.opener", "polar.check", "polar.only", "polar.sole", "polar.or", "polar.include"}
)

_ASKING_EN: Final = re.compile(
    r"^(how|hw|howm|what|wat|wht|wot|which|who|where|when|why|y tho|name the|since when|by who|with who)"
)
_ASKING_ZH: Final = re.compile("[几哪谁啥咩乜边]|多少|什么|何时|何|好多|多大|点解|怎")


def is_free(span: Span) -> bool:
    """Whether a span says nothing that could change the answer."""
    return _all_free(span.senses)


@lru_cache(maxsize=8192)
def _all_free(senses: Senses) -> bool:
    groups = {group(sense) for sense in senses}
    return groups.isdisjoint(RESTRICTING) and not (groups.isdisjoint(FREE_GROUPS) and FREE_SENSES.isdisjoint(senses))


def is_asking(span: Span) -> bool:
    """Whether a span is an interrogative (``how many``), not merely the noun for it (``number``)."""
    if not any(sense.startswith("ask.") for sense in span.senses):
        return False
    return bool(_ASKING_EN.search(span.repaired or span.text) or _ASKING_ZH.search(span.repaired or span.text))
