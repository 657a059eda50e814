"""A question, typed: what is asked, the numbers with their comparators, and how it is put."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from knowledge.adjacency import another_counted, behind, defined, excepted, head, numbered
from knowledge.clauses import ENDS, without_asides
from knowledge.figures import figures, without_denied
from knowledge.idioms import as_meant, without_relatives, without_rhetoric
from knowledge.lexicon import HARMLESS, group
from knowledge.spans import asks_for_kind, is_asking, is_free
from knowledge.text import has_chinese

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.outcome import Language
    from knowledge.quantities import Quantity
    from knowledge.reading import Span

_PLACING: Final = frozenset("across throughout around 去 赴 前往 去往 去了 跑去 跑到 杀到 走进 进军".split())
"""What else puts things somewhere: what is counted is there, not here."""
_HAVING: Final = ("有", "共有", "设有", "开了", "设了")
_PUT: Final = re.compile(r"[?!]\W*$")
"""How a sentence ends that is put to someone, whatever blanks or smileys follow."""
_TAGS: Final = frozenset({"没", "没有", "未", "不", "冇", "否"})


@dataclass(slots=True)
class Question:
    """One question as it was understood. Never changed; frozen, its thirty fields would take thrice as long to set."""

    normalised: str
    language: Language
    spans: tuple[Span, ...]
    quantities: tuple[Quantity, ...] = ()
    """Numbers with unit and comparator, in order."""
    used: frozenset[int] = frozenset()
    """Indexes of spans that belong to a number: its unit, its comparator."""
    senses: frozenset[str] = frozenset()
    """All senses of all spans, and ``unit.…`` of each number."""
    asks: frozenset[str] = frozenset()
    polar: bool = False
    """Asks for yes or no."""
    asking: bool = False
    """Holds an interrogative: how many, which, 多少 …"""
    counting: bool = False
    """Holds one that counts."""
    negations: tuple[Span, ...] = ()
    """Words that deny: not those that only open or end a question."""
    only: bool = False
    alternatives: bool = False
    places: tuple[str, ...] = ()
    """Senses of the places that "in …" names."""
    partners: frozenset[str] = frozenset()
    """Senses of what "with …" names: who takes part, and does not act alone."""
    excepted: tuple[frozenset[str], ...] = ()
    """Senses of each of the things that "apart from … and …" sets aside."""
    counted_from: frozenset[str] = frozenset()
    """Senses of what follows directly on "how many": whose things are counted ("how many Chongqing firms in …")."""
    numbered: Fraction = Fraction(0)
    """The number that stands directly behind "which": "which 12 provinces"."""
    headed: frozenset[str] = frozenset()
    """Senses of what follows directly on "which": what is to be named ("which sectors")."""
    defined: frozenset[str] = frozenset()
    """Senses of what "what is the …" asks to be told."""
    represented: frozenset[str] = frozenset()
    """Senses of whom somebody acted for: "who signed for Hainan"."""
    content: tuple[tuple[Span, frozenset[str]], ...] = ()
    """What an entry has to explain: spans that are no number, no part of one and not free, with their senses."""

    @property
    def negated(self) -> bool:
        """Whether anything is denied."""
        return bool(self.negations)

    def denies(self, quantity: Quantity) -> bool:
        """Whether a number is denied in its own clause: "it is not four", but not 还是四家, 没再增加."""
        ends = [span.start for span in self.spans if span.text in ENDS]
        clause = sum(end < quantity.end for end in ends)
        return any(sum(end < span.end for end in ends) == clause for span in self.negations)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to read."""
        return not self.spans

    def spans_left(self) -> list[Span]:
        """The spans that are neither numbers nor part of one."""
        return [span for index, span in enumerate(self.spans) if index not in self.used and span.quantity is None]


def understand(
    normalised: str, spans: Sequence[Span], language: Language, about: frozenset[str] = frozenset()
) -> Question:
    """The typed question that ``spans`` make; ``about``: the senses that are the articles' context."""
    spans = without_denied(without_relatives(without_asides(as_meant(spans), about)))
    quantities, used = figures(spans)
    units = {f"unit.{quantity.unit}" for quantity in quantities if quantity.unit}
    free_used = frozenset(used)
    plain = [span for index, span in enumerate(spans) if index not in free_used]
    # Most questions hold few of the senses that are looked for below, and what is not there need not be searched.
    held = frozenset(sense for span in spans for sense in span.senses)
    senses = (frozenset(sense for span in plain for sense in span.senses) if used else held) | units
    asks = frozenset(sense for sense in senses if sense.startswith("ask."))
    opening = next((span for span in plain if _opens(span)), None)
    opened = opening is not None and "polar.opener" in opening.senses
    tag = _tag(plain)
    asking = any(is_asking(span) or asks_for_kind(span) for span in plain)
    another = another_counted(plain) if "ask.count" in asks else None
    return Question(
        normalised=normalised,
        language=language,
        spans=tuple(spans),
        quantities=tuple(quantities),
        used=free_used,
        senses=senses,
        asks=asks,
        polar=opened
        or (tag is not None and not asking)
        or "polar.check" in senses
        or (not asking and not senses.isdisjoint({"polar.not", "polar.opener"}) and _PUT.search(normalised) is not None)
        or ("polar.opener" in senses and has_chinese(normalised)),
        asking=asking,
        counting="ask.count" in asks and any("ask.count" in span.senses and is_asking(span) for span in plain),
        negations=tuple(
            span
            for span in without_rhetoric(plain)
            if "polar.not" in span.senses and span not in {opening, tag} and HARMLESS not in span.senses
        )
        if "polar.not" in senses
        else (),
        only="polar.only" in senses,
        alternatives="polar.or" in senses,
        places=_places(spans, about),
        partners=behind(spans, "prep.with") if "prep.with" in held else frozenset(),
        excepted=excepted(spans) if "except.without" in held else (),
        numbered=numbered(spans) if quantities else Fraction(0),
        counted_from=head(spans, "ask.count") if "ask.count" in held else frozenset(),
        headed=_headed(spans, held),
        defined=defined(spans),
        represented=behind(spans, "prep.for") if "prep.for" in held else frozenset(),
        content=tuple(
            (span, frozenset(span.senses))
            for span in plain
            if span.quantity is None and not (asking and span is tag) and (not is_free(span) or span is another)
        ),
    )


def _headed(spans: Sequence[Span], held: frozenset[str]) -> frozenset[str]:
    """Senses of what is to be named, behind "which" or "list", or an opening "what" or a 什么 with a noun."""
    named = {sense for ask in ("ask.which", "ask.list") if ask in held for sense in head(spans, ask, trailing=True)}
    if "ask.what" in held:
        what = next(span for span in spans if "ask.what" in span.senses)
        if what is spans[0] or has_chinese(what.text):
            named |= head(spans, "ask.what")
    return frozenset(named)


def _opens(span: Span) -> bool:
    """Whether a question may start with it: greetings and harmless words before it are passed over."""
    if "polar.opener" in span.senses:
        return True
    return HARMLESS not in span.senses and not any(sense.startswith(("talk.", "joint.")) for sense in span.senses)


def _tag(spans: Sequence[Span]) -> Span | None:
    """The 没有 that ends a Chinese yes-or-no question (落地了没有): it asks, and negates nothing."""
    last = next((span for span in reversed(spans) if HARMLESS not in span.senses), None)
    return last if last is not None and len(spans) > 1 and last.text in _TAGS else None


def _places(spans: Sequence[Span], about: frozenset[str]) -> tuple[str, ...]:
    """Senses of what follows directly on "in": the place that a figure is asked for."""
    found: list[str] = []
    for index, span in enumerate(spans):
        if "prep.in" not in span.senses and not span.text.endswith(" in") and span.text not in _PLACING:
            continue
        beside = list(takewhile(lambda each: "prep.with" not in each.senses, spans[index + 1 : index + 3]))
        following = next(
            (each for each in beside if HARMLESS not in each.senses), None
        )  # 在与新加坡的合作上 is no place
        if following is not None:
            found.extend(sense for sense in following.senses if not group(sense))
    return (*found, *_holder(spans, about))


def _holder(spans: Sequence[Span], about: frozenset[str]) -> tuple[str, ...]:
    """Senses of the place that a Chinese question opens with before 有, whose own things are counted.

    新加坡有多少家机构 and 新加坡有多少家重庆的机构 ask for Singapore; 新加坡有多少家机构在重庆 does not.
    """
    said = [span for span in spans if not (HARMLESS in span.senses and len(span.senses) == 1)]
    if len(said) < 2 or not said[1].text.startswith(_HAVING) or "ask.count" not in said[1].senses:
        return ()
    owners = [index for index, span in enumerate(said[1:], 1) if (set(span.senses) & about) - set(said[0].senses)]
    if owners and not all(index + 1 < len(said) and "prep.in" not in said[index - 1].senses for index in owners):
        return ()
    return tuple(sense for sense in said[0].senses if not group(sense))
