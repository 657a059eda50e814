"""Idioms: words that ask or deny by their look, and mean something else where they stand.

"Why is … a big deal" asks what it is, "how does it work" by which way, 不是80家吗 whether it is 80.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from knowledge.lexicon import HARMLESS
from knowledge.quantities import SHARES
from knowledge.spans import is_asking, names_a_thing
from knowledge.text import has_chinese

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.lexicon import Senses
    from knowledge.reading import Span

_IDIOMATIC: Final = frozenset(
    {
        *("polar.only", "polar.check", "cmp.lt", "attr.value"),
        *("ask.state", "ask.why", "ask.where", "ask.count", "ask.share"),
    }
)
"""What "not just", "are those", "under", "worth", "how does", "where", 几个 and 占 hold; a 不是 makes idioms too."""
_RELATIVES: Final = frozenset({"which", "who", "whose", "where", "in which", "of which", "for which", "by which"})
_ASKING_ALREADY: Final = frozenset({"polar.opener", "ask.list"})
"""What asks before a relative does: "name two sectors in which"."""
_STANDING: Final = frozenset("place placed stand stands rank ranks ranked sit sits land lands".split())
"""Verbs of a "where" that asks for a level: "where does it stand", not "where did it open"."""
_POINTING: Final = (" this", " that", " these", " those")
"""How a check ends that may as well point at what follows: "are those banks", but not "are those five"."""
_RISEN: Final = frozenset("climbed risen raised grown increased expanded widened".split())
"""What "to what level has it …" may end with: the level is asked for, not whether it rose."""
_AMOUNTS: Final = frozenset({"ask.count", "ask.amount", "ask.quantity"})
_RISING: Final = frozenset(
    {
        *"rise rises rose risen rising increase increases increased increasing grow grows grew grown growing".split(),
        *"climb climbs climbed expand expands expanded expanding widen widened swell swelled swollen".split(),
        *"up jump jumped gain gained surge surged".split(),
        *("go up", "goes up", "going up", "went up", "gone up"),
        *"增 增了 增加 增加了 增长 增长了 增多了 增设 增设了 多了 多出 多出了 净增".split(),
        *"涨 涨了 扩了 扩大了 扩容了 添了 加了".split(),
    }
)
"""Verbs that tell a change when its amount stands with them, and a level with "to" or 到."""
_FURTHER: Final = frozenset({"more", "additional", "extra", "further"})
"""What makes a number behind which it stands one of those that came to others: "four more pilots"."""
_OTHERS: Final = frozenset(
    {
        "other",
        "else",
        "others",
        "还有什么",
        "还有哪些",
        "还有哪个",
        "还有啥",
        "还有哪家",
        "还有谁",
        "仲有咩",
        "仲有乜",
        "仲有边个",
    }
)
_ASKED_ZH: Final = {"什么": "ask.what", "啥": "ask.what", "哪": "ask.which", "谁": "ask.who"}
_WAYS: Final = frozenset("do does did can could should would will was were to".split())
_HOW_ZH: Final = frozenset("如何 怎样 点样 咋个 啷个".split())
_PARTICLES: Final = frozenset("呢 了 啊 呀 的 吗 嘛 哦 咯 啦 ? , ; 请问 谢谢".split())
"""What may stand behind a 如何 that ends a question."""
_WHICH_ONES: Final = frozenset(
    {"which ones", "which one", "哪几个", "哪几家", "哪些", "是哪些", "有哪些", "哪几只", "哪几项"}
)
_RHETORICAL: Final = frozenset({"不是", "唔系", "不就是"})
_RHETORICAL_ENDS: Final = frozenset({"吗", "么", "咩"})
_TELLING: Final = _RHETORICAL | _WHICH_ONES | _RISING | _FURTHER | {"purposes"}
"""Words that may make an idiom, whatever they mean."""


def as_meant(spans: Sequence[Span]) -> Sequence[Span]:
    """The spans, idioms read as what they mean.

    "Why is … a big deal" and "what is special about …" ask what it is, and for no cause; "not just" denies nothing.
    """
    if any(span.text in _TELLING or not _IDIOMATIC.isdisjoint(span.senses) for span in spans):
        spans = [_as_meant(spans, index) for index in range(len(spans))]
    if spans and spans[0].text.startswith("to what") and "extent" not in spans[0].text:
        spans = [replace(span, senses=(HARMLESS,)) if span.text in _RISEN else span for span in spans]
    senses = {sense for span in spans for sense in span.senses}
    if "except.without" in senses:
        # "Apart from the provinces, which other place": the exception says what "other" is other than.
        spans = [replace(span, senses=_besides(span)) if span.text in _OTHERS else span for span in spans]
    if "why.significance" not in senses or senses.isdisjoint({"ask.why", "ask.what"}):
        return spans
    return [
        replace(span, senses=("ask.what",)) if {"ask.why", "why.significance"} & set(span.senses) else span
        for span in spans
    ]


def _besides(span: Span) -> Senses:
    """What is left of "which other", 还有什么 beside an exception: the question."""
    asked = next((ask for word, ask in _ASKED_ZH.items() if word in span.text), HARMLESS)
    return (asked,)


def _as_meant(spans: Sequence[Span], index: int) -> Span:
    span = spans[index]
    meant = _meaning(spans, index)
    return span if meant is None else replace(span, senses=meant)


def _meaning(spans: Sequence[Span], index: int) -> Senses | None:
    """The senses that a word has where it stands; None where it has its own."""
    span, following = spans[index], spans[index + 1] if index + 1 < len(spans) else None
    if _is_not_only(spans, index) or _is_not_only(spans, index + 1):
        return (HARMLESS,)
    if _asks_for_a_way(spans, index):
        return ("ask.how",)
    if span.text == "purposes" and index and names_a_thing(spans[index - 1]):
        return (HARMLESS,)  # "lent for green purposes" asks for none
    if span.text in _FURTHER and index and spans[index - 1].quantity is not None:
        return ("ask.trend",)
    if span.text in _RISING and _is_by_an_amount(spans, index):
        return ("ask.trend",)
    if span.text == "为何" and _ends(spans, index):
        return ("ask.what",)
    if span.text == "where" and any(each.text in _STANDING for each in spans[index + 1 :]):
        return ("ask.what",)
    if span.text in _WHICH_ONES and _is_all(spans, index):
        return ("ask.names",)
    if span.text == "咩" and _ends(spans, index) and any(each.text in _RHETORICAL for each in spans):
        return ("polar.check", HARMLESS)
    return None if following is None else _meaning_before(span, following)


def _meaning_before(span: Span, following: Span) -> Senses | None:
    """The senses that a word has before that other one."""
    if span.text.endswith(_POINTING) and "polar.check" in span.senses and names_a_thing(following):
        return ("polar.opener", HARMLESS)
    if span.text == "under" and names_a_thing(following):
        return (HARMLESS,)  # "under the agreement" is no less than it
    if span.senses == ("ask.count",) and _is_unit(following):
        return ("ask.quantity",)  # 几个 percentage points
    if span.text == "worth" and (following.quantity is not None or "cmp.gt" in following.senses):
        return (HARMLESS,)  # "products worth over three billion" asks for no value
    if span.text == "占" and _is_share(following):
        return (HARMLESS,)  # 五家占三分之一 asks for no share
    return None


def _asks_for_a_way(spans: Sequence[Span], index: int) -> bool:
    """Whether a "how" asks by which way, not in which state: "how does it work", 如何运作, but not 进展如何."""
    span = spans[index]
    if "ask.state" not in span.senses:
        return False
    if span.text == "how":
        return index + 1 < len(spans) and spans[index + 1].text.split(" ", 1)[0] in _WAYS
    return span.text in _HOW_ZH and not _ends(spans, index)


def _is_by_an_amount(spans: Sequence[Span], index: int) -> bool:
    """Whether a rise is told by its amount: "rose by four", "by how many did it rise", 增加了四家."""
    if has_chinese(spans[index].text):
        behind = (span for span in spans[index + 1 :] if span.text != "了")
        return any(_is_amount(span) for span in islice(behind, 1))
    stands = [at for at, span in enumerate(spans[:-1]) if span.text == "by" and _is_amount(spans[at + 1])]
    return any(at == index + 1 or (at < index and spans[at + 1].quantity is None) for at in stands)


def _is_amount(span: Span) -> bool:
    return span.quantity is not None or not _AMOUNTS.isdisjoint(span.senses)


def _is_share(span: Span) -> bool:
    return span.quantity is not None and span.quantity.unit in SHARES


def _is_unit(span: Span) -> bool:
    return span.quantity is None and any(sense.startswith("unit.") for sense in span.senses)


def _ends(spans: Sequence[Span], index: int) -> bool:
    """Whether nothing but particles follows: 日期为何 asks what it is, 为何更低 asks why."""
    return all(each.text in _PARTICLES for each in spans[index + 1 :])


def _is_not_only(spans: Sequence[Span], index: int) -> bool:
    """Whether "only" stands there with a negation before it."""
    return (
        0 < index < len(spans) and "polar.only" in spans[index].senses and spans[index - 1].text in {"not", "and not"}
    )


def without_relatives(spans: Sequence[Span]) -> list[Span]:
    """The spans, a "which", "who" or "whose" that follows on a thing made harmless: "how many firms which joined"."""
    return [
        replace(span, senses=(HARMLESS,))
        if span.text in _RELATIVES
        and names_a_thing(spans[index - 1])
        and any(is_asking(each) or not _ASKING_ALREADY.isdisjoint(each.senses) for each in spans[: max(0, index - 1)])
        else span
        for index, span in enumerate(spans)
    ]


def _is_all(spans: Sequence[Span], index: int) -> bool:
    """Whether nothing else is said: "which ones?" after a number wants their names."""
    return all(HARMLESS in span.senses or "joint.and" in span.senses for span in (*spans[:index], *spans[index + 1 :]))


def without_rhetoric(spans: Sequence[Span]) -> list[Span]:
    """The spans without the 不是 of 不是80家吗: it asks whether it is 80, and denies nothing."""
    rhetorical = any(span.text in _RHETORICAL_ENDS for span in spans)
    return [span for span in spans if not (rhetorical and span.text in _RHETORICAL)]
