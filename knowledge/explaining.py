"""What an entry accounts for in a question, and what it leaves unexplained."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, Final

from knowledge.adjacency import asked_start, beside, things_behind
from knowledge.base import GENERIC_ASKS, VALUE_ASKS
from knowledge.entry_figures import is_value
from knowledge.lexicon import HARMLESS, group
from knowledge.spans import is_asking, is_free

if TYPE_CHECKING:
    from collections.abc import Iterable

    from knowledge.base import Base, Entry
    from knowledge.question import Question
    from knowledge.reading import Span

NOUN_ASKS: Final = frozenset({"ask.list", "ask.sum", "ask.asof", "ask.total"})
SUMS: Final = frozenset({"ask.sum", "ask.total"})
MOST_NAMED: Final = 3
"""No sentence of an article names more things one by one."""
SEVERAL: Final = frozenset({"ask.list", "ask.where"})
"""What may be asked of a fact that names more than one thing."""
NAMING: Final = frozenset({"ask.which", "ask.list"})
"""Asking to name what stands behind the word: "which sectors"."""
RATES: Final = frozenset({"point", "basis-point"})
"""Units that nothing adds up in: 一共节省了多少利息 asks for money."""
EARLIER: Final = frozenset({"period.before"})
FIRST: Final = "first"
INCLUDED: Final = "polar.include"
PARTIES: Final = frozenset({"ask.who", "ask.which", "ask.names"})
VALUE_NOUNS: Final = frozenset({"ask.count", "ask.amount", "ask.quantity"})
"""Nouns of what is ranked: the *number* of bonds ranks where."""
ORDINAL_ASKS: Final = frozenset({"ask.where", "ask.how", "ask.which"})
"""How people ask for a rank: *where* does it rank."""
DIFFERENCES: Final = frozenset(
    {"dir.lower", "dir.higher", "attr.gap", "ask.compare", "ask.difference", "unit.point", "unit.basis-point"}
)
"""What tells a question for a difference from one for a level."""
QUALIFIED: Final = {"over": "cmp.gt", "nearly": "cmp.lt"}
"""How a question may put the qualifier of a figure."""
COMPATIBLE_UNITS: Final = {
    "unit.usd": {"usd"},
    "unit.percent": {"fraction"},
    "unit.point": {"point", "basis-point"},
    "unit.basis-point": {"basis-point", "point"},
    "unit.rank": {"rank"},
    "unit.fraction": {"fraction"},
    "unit.scale": {"usd", "count"},
}


def left_unexplained(base: Base, entry: Entry, question: Question, value_asks: frozenset[str]) -> tuple[Span, ...]:
    """The pieces of a question that the entry does not account for; ``value_asks``: what its interrogatives ask."""
    # Looked at once for each set of senses: 4,096 Chinese characters are 48 spans of seven.
    unexplained = {
        senses
        for senses in {senses for _, senses in question.content}
        if not _explains(base, entry, senses, question, value_asks)
    }
    left = [span for span, senses in question.content if senses in unexplained] if unexplained else []
    return (
        *left,
        *_elsewhere(base, entry, question),
        *_reversed(entry, question),
        *_of_another_whole(base, entry, question),
        *_of_the_other_side(entry, question),
        *asked_start(question.spans),
        *_of_another_noun(base, entry, question),
    )


def _explains(base: Base, entry: Entry, senses: frozenset[str], question: Question, value_asks: frozenset[str]) -> bool:
    if _is_lacking(entry, senses, question):
        return False
    asks = _asks_of(senses)
    if asks and (_asks_for_part(entry, asks, question) or ("ask.breakdown" in asks and is_claim(question))):
        return False
    if (
        not senses.isdisjoint(entry.explains)
        or not senses.isdisjoint(base.weak)
        or _is_context(base, entry, senses, question)
    ):
        return True
    if _may_stand_beside(entry, senses, question):
        return True
    if "except.without" in senses:
        return _is_left_over(base, entry, question)
    says = is_claim(question) or (bool(question.quantities) and not question.asking)
    if says and not senses.isdisjoint(entry.contrasts):
        return True
    if asks:
        distributes = "polar.all" in senses and HARMLESS not in senses  # "each of the 12", not "all 12"
        return _may_ask(entry, asks, question) or (not distributes and _is_noun_ask(asks, question, value_asks))
    if any(entry.unit in COMPATIBLE_UNITS.get(sense, ()) for sense in senses):
        return True
    if any(group(sense) == "dir" for sense in senses):
        # "Exceeds how many billion?" asks for the figure that the article says is exceeded.
        return bool(entry.direction) or (question.asking and QUALIFIED.get(entry.comparator, "-") in senses)
    # "Are all of them …" claims, "how much did each get" asks for what each got.
    return question.polar and ("polar.not" in senses or ("polar.all" in senses and not question.asking))


@lru_cache(maxsize=4096)
def _asks_of(senses: frozenset[str]) -> frozenset[str]:
    return frozenset(sense for sense in senses if sense.startswith("ask."))


def _may_stand_beside(entry: Entry, senses: frozenset[str], question: Question) -> bool:
    """Whether it may stand in a question for the entry without being said of it."""
    if not senses.isdisjoint(entry.mentions) or _is_earlier_than_first(entry, senses, question):
        return True
    return not senses.isdisjoint(entry.premises) and gives_sources(entry, question)


def gives_sources(entry: Entry, question: Question) -> bool:
    """Whether a question gives all the figures that a derivation starts from: "if the *five* are *a third*, …"."""
    sources = entry.numbers - {entry.number}
    return entry.derived and len(sources) > 1 and sources <= {quantity.number for quantity in question.quantities}


def _is_earlier_than_first(entry: Entry, senses: frozenset[str], question: Question) -> bool:
    """Whether a claim has something before what was the first: the fact says what it was the first of."""
    return FIRST in entry.tags and question.polar and not senses.isdisjoint(EARLIER)


def _is_lacking(entry: Entry, senses: frozenset[str], question: Question) -> bool:
    """Whether the fact is known not to say it, or all that it names is set aside: "apart from funds and microloans"."""
    if "except.without" in senses and len(question.excepted) > 1:
        return True
    return not senses.isdisjoint(entry.lacks) and not _is_earlier_than_first(entry, senses, question)


def _is_left_over(base: Base, entry: Entry, question: Question) -> bool:
    """Whether the fact names more than what is set aside: "besides RMB funds, which policy …"."""
    known = len(question.excepted) == 1 and not question.excepted[0].isdisjoint(
        entry.explains - base.about - entry.antecedent
    )
    asked = question.headed or question.asks & (NAMING | {"ask.what"})
    return known and bool(asked) and FIRST not in entry.tags and not entry.allowed.isdisjoint(SEVERAL)


def is_claim(question: Question) -> bool:
    """Whether it only asks for yes or no."""
    return question.polar and not question.asking


def _may_ask(entry: Entry, asks: frozenset[str], question: Question) -> bool:
    """Whether an entry can be asked for that; "which …" by what it names, and never by what it leaves unnamed.

    Who knows the number asks for something else: "how many of the 38 bonds", "which 12 provinces".
    """
    if (asks & NAMING or "ask.what" in asks) and not question.headed.isdisjoint(entry.unnamed):
        return False
    if "ask.what" in asks and not question.defined.isdisjoint(entry.unnamed):
        return False
    if "ask.country" in asks and asks.isdisjoint(entry.allowed - NAMING):
        return False
    if "ask.who" in asks and not question.represented.isdisjoint(entry.explains):
        return False
    if asks & PARTIES and _asks_for_other_side(entry, question):
        return False
    if entry.unit in RATES and "joint.altogether" in question.senses:
        return False
    if asks & NAMING and question.numbered > MOST_NAMED and question.numbered in entry.numbers:
        return False
    if "ask.who" in asks:
        asks = asks - GENERIC_ASKS  # 谁发的 may ask for the source, and of a fact for whom
    return bool(asks & entry.allowed or (asks & NAMING and not question.headed.isdisjoint(entry.named)))


def _asks_for_part(entry: Entry, asks: frozenset[str], question: Question) -> bool:
    """Whether it knows the number and wants a part of it: "how many of the 38 bonds", "out of the $3bn, how much"."""
    counts = question.asking and "ask.count" in asks and bool(entry.counted)
    amounts = question.asking and "joint.of-the" in question.senses and bool(asks & VALUE_NOUNS)
    return (counts or amounts) and any(is_value(entry, quantity) for quantity in question.quantities)


def _asks_for_other_side(entry: Entry, question: Question) -> bool:
    """Whether it is like "who signed with the authority?": the authority, which the entry names, is not who."""
    return not question.senses.isdisjoint(entry.party) and question.headed.isdisjoint(entry.named | entry.party)


def _is_context(base: Base, entry: Entry, senses: frozenset[str], question: Question) -> bool:
    """What the article is about refuses nothing, but a party restricts a count: "Singaporean consortium members".

    And it is part of what a claim says: "is there a Singapore firm among the pilots?", "did Singapore lend the 24
    billion?". Only a partner does nothing alone: "has financing with Singapore passed 24 billion?".
    """
    about = senses & base.about
    if entry.numeric and about and about.isdisjoint(base.home[entry.article] | entry.affirmed | question.partners):
        return False  # "the quota of Singapore's funds"
    claims = is_claim(question) and not (question.quantities and about <= question.partners)
    return bool(about) and (
        not (entry.counted or entry.unit == "count" or claims) or bool(about & base.home[entry.article])
    )


def _is_noun_ask(asks: frozenset[str], question: Question, value_asks: frozenset[str]) -> bool:
    """Whether it is no question of its own, as "all" beside "how many"."""
    if asks <= ORDINAL_ASKS and not question.asks.isdisjoint({"ask.rank", "ask.compare"}):
        return True
    if asks <= VALUE_NOUNS and asks.isdisjoint(value_asks) and "ask.rank" in value_asks:
        return True
    beside = value_asks - asks - ({"ask.what"} if "ask.total" in asks else set())
    if asks.isdisjoint(value_asks):
        beside = beside | (question.asks - asks - GENERIC_ASKS)
    claimed = asks <= SUMS and bool(question.quantities) and not question.asking  # 加起来才3亿美元？
    return claimed or (asks <= NOUN_ASKS and bool(beside or question.polar))


def _elsewhere(base: Base, entry: Entry, question: Question) -> Iterable[Span]:
    """Spans of a place that the figure does not hold for ("ASEAN branches in Singapore") or of another party.

    "How many Chongqing firms are in Singapore" has all the words of "Singapore firms in Chongqing".
    """
    home = base.home[entry.article]
    foreign = {place for place in question.places if place in base.places and place not in home | entry.places}
    others = question.counted_from & base.about
    if others:
        parties = frozenset.intersection(*entry.identified) & base.about - home
        if parties and not others & parties:
            foreign |= others
    return [span for span in question.spans if foreign & set(span.senses)] if foreign else []


def _reversed(entry: Entry, question: Question) -> Iterable[Span]:
    """Spans of a giver that own what receives: "a licence for a Singapore firm", 新加坡有没有公司拿到牌照."""
    if entry.giver.isdisjoint(question.senses):
        return ()
    said = [span for span in question.spans if not is_free(span) and not all(map(_asks_only, span.senses))]
    return [
        giver
        for giver, receiver in pairwise(said)
        if not entry.giver.isdisjoint(giver.senses) and not entry.receiver.isdisjoint(receiver.senses)
    ]


def _asks_only(sense: str) -> bool:
    return group(sense) in {"ask", "polar"}


def _of_another_whole(base: Base, entry: Entry, question: Question) -> Iterable[Span]:
    """The "all" of a share of something else: 占*全部*银行分行的比例, where the share is of the foreign ones.

    And what widens it: "Chinese ones *included*".
    """
    if not entry.whole:
        return ()
    included = beside(question.spans, INCLUDED)
    widened = question.asking and included.isdisjoint(entry.explains - base.about) and bool(included & base.about)
    return [
        span
        for index, span in enumerate(question.spans)
        if (widened and INCLUDED in span.senses)
        or (
            "polar.all" in span.senses
            and (named := things_behind(question.spans[index + 1 :]))
            and named.isdisjoint(entry.whole)
        )
    ]


def _of_another_noun(base: Base, entry: Entry, question: Question) -> Iterable[Span]:
    """The noun behind "how many" that the fact does not say it counts: QDLP *licences*, where it counts enterprises."""
    if not entry.counted or not question.counting or entry.derived:
        return ()
    at = next(index for index, span in enumerate(question.spans) if "ask.count" in span.senses and is_asking(span))
    nouns = takewhile(lambda span: not base.concepts.keys().isdisjoint(span.senses), question.spans[at + 1 :])
    # A plural is no verb: "how many firms *hold* …". In Chinese what is counted stands right behind.
    counted = [
        span
        for position, span in enumerate(nouns)
        if span.text.endswith("s") or (not position and not span.text.isascii())
    ]
    return [
        span
        for span in counted
        if not any(
            sense in base.concepts and (sense in entry.affirmed or sense in base.weak or sense in base.about)
            for sense in span.senses
        )
    ]


def _of_the_other_side(entry: Entry, question: Question) -> Iterable[Span]:
    """What a difference is a difference from, asked for by itself: *domestic* of "what is the domestic cost"."""
    if not entry.direction or question.asks.isdisjoint(VALUE_ASKS[entry.unit] | {"ask.share"}):
        return ()
    if any(sense in DIFFERENCES or group(sense) == "cmp" for sense in question.senses):
        return ()
    return [span for span in question.spans if not entry.unnamed.isdisjoint(span.senses)]
