"""Lists and overviews: all the dollar amounts, the firsts, a topic, the gist of the article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from knowledge.adjacency import points_back
from knowledge.explaining import FIRST
from knowledge.lexicon import ARTICLE, group
from knowledge.rules.choices import chooses_context
from knowledge.spans import is_free
from knowledge.turn import state

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Set as AbstractSet

    from knowledge.base import Entry
    from knowledge.outcome import Answer
    from knowledge.question import Question
    from knowledge.turn import Turn

LISTING: Final = frozenset(
    {
        "ask.list",
        "ask.which",
        "ask.what",
        "ask.overview",
        "ask.quantity",
        "ask.amount",
        "ask.money",
        "ask.count",
        "ask.total",
        "ask.who",
    }
)
NARROW: Final = frozenset({"ask.count", "ask.amount", "ask.who", "ask.total"})
"""What asks for one fact, and for no overview."""
FIGURES: Final = frozenset({"ask.list", "ask.quantity"})
"""What "which figures are given for the channels" asks with."""
MOST_FACTS: Final = 8
GIST: Final = "an overview of the article"
"""The rule that tells what the whole article is about."""
EXTREMES: Final = (("list_largest", "ask.superlative-max", -1), ("list_smallest", "ask.superlative-min", 0))
"""Reply, what asks for it, and the place among the amounts in ascending order."""
MOST_POINTS: Final = 10
"""A number up to here in "summarise in 3 points" is how long the summary may be, not a figure."""


def listing(turn: Turn) -> Answer | None:
    """All facts of a kind: amounts, counts, figures, firsts; None where the question asks for something else."""
    senses = turn.question.senses
    extreme = senses & {"ask.superlative-max", "ask.superlative-min"}
    if turn.inherited.topics and senses.isdisjoint({"ask.amount", "unit.usd"}):
        extreme = frozenset()  # "what is the quota?" - "who has the most?"
    if (
        extreme
        and senses & {"ask.amount", "ask.quantity", "ask.count", "unit.usd"}
        and not _content(turn)
        and not turn.question.quantities
    ):
        return _extremes(turn, extreme)
    tags = turn.base.tags & senses
    general = set(turn.base.newest().overview_words)  # "what areas saw breakthroughs"
    if tags and turn.inherited.topics and "ask.list" not in senses:
        return None  # "how many branches?" - "which opened first?"
    if tags and not _content(turn, besides=set(tags)) - general and not turn.question.quantities:
        return _list(turn, "list_firsts" if tags == {FIRST} else "", lambda entry: not tags.isdisjoint(entry.tags))
    if not senses & {"ask.list", "ask.order"} or _content(turn) or turn.question.quantities:
        return None
    if senses & {"ask.amount", "unit.usd"}:
        return _list(turn, "list_amounts", lambda entry: entry.unit == "usd")
    if "ask.share" in senses:
        return _list(turn, "list_figures", lambda entry: entry.unit in {"fraction", "point"})
    if senses & {"ask.quantity", "ask.count"}:
        return _list(turn, "list_figures", lambda entry: entry.numeric)
    return None


def overview(turn: Turn) -> Answer | None:
    """The gist of the article, or all facts of one topic."""
    question = turn.question
    summary = "ask.overview" in question.asks and all(
        quantity.number <= MOST_POINTS for quantity in question.quantities
    )
    numbered = question.quantities and not (summary or _numbers_a_section(question))
    if numbered or question.negated or not question.asks <= _open_asks(question):
        return None
    if not question.asks.isdisjoint(NARROW) and "ask.topics" not in question.asks:
        return None
    if turn.matches and chooses_context(turn, turn.matches[0].entry):
        return None
    content = _content(turn)
    if not content and "ask.topics" in question.asks:
        return _topics(turn)
    if not content:
        if turn.inherited.topics and points_back(question.spans):
            return None  # "what is Yijiehui?" - "what did it get in Singapore?"
        about = question.senses & turn.base.about
        whole = "ask.overview" in question.senses or (
            about and question.asks & {"ask.what"} and (ARTICLE in about or not question.polar)
        )
        return (
            _gist(turn)
            if whole and not (question.asks - {"ask.overview", "ask.what", "ask.list", "ask.which"})
            else None
        )
    of_section = any(sense.startswith("section-") for sense in content) or question.asks >= FIGURES
    if ("ask.quantity" in question.asks and not of_section) or (question.polar and not question.asking):
        return None
    found = _topic(turn, content)
    best = turn.matches[0] if turn.matches else None
    if found and best and best.fits and best.entry.id not in found.facts:
        return None  # "what did the institutions build by joining forces?" names another topic's fact by all its words
    return found


def _numbers_a_section(question: Question) -> bool:
    """Whether the one number is how many things of a section are asked for: "which two firsts of the … system"."""
    of_section = any(sense.startswith("section-") for sense in question.senses)
    return of_section and bool(question.numbered) and len(question.quantities) == 1


def _open_asks(question: Question) -> frozenset[str]:
    """What an overview may be asked with; a section's achievements may be named, a consortium's name not."""
    asks = LISTING | {"ask.source", "ask.title"}
    if "ask.state" in question.asks:
        asks |= {"ask.state", "ask.how"}  # "how is fintech?", not "how does fintech work?"
    section = any(sense.startswith("section-") for sense in question.senses)
    return asks | {"ask.names"} if section else asks


def _content(turn: Turn, besides: set[str] | None = None) -> set[str]:
    """Senses that say what the question is about, and ``?`` for what nothing knows."""
    content: set[str] = set()
    # Spans of the same senses weigh the same, and noise is mostly one: the unknown.
    for span in {span.senses: span for span in turn.question.spans_left()}.values():
        senses = set(span.senses)
        weak = any(sense in turn.base.concepts and turn.base.concepts[sense].weak for sense in senses)
        if is_free(span) or weak or senses & turn.base.about or senses & (besides or set()):
            continue
        if any(group(sense) == "ask" for sense in senses) or "unit.usd" in senses:
            continue
        if any(sense.startswith("section-") for sense in senses):
            senses = {sense for sense in senses if sense.startswith("section-")}
        content |= {sense for sense in senses if not group(sense)} or {"?"}
    return content


def _topic(turn: Turn, content: set[str]) -> Answer | None:
    for article in turn.base.articles.values():
        if set(turn.question.places) & turn.base.about - {*article.about, *article.home}:
            continue  # a place that only another article is about
        stated = [entry for entry in turn.base.entries.values() if entry.article == article.slug and not entry.derived]
        for section in article.sections:
            if content.isdisjoint(section.concepts) and (
                not (turn.question.asks >= FIGURES or "ask.overview" in turn.question.asks)
                or content.isdisjoint(section.whole)
            ):
                continue
            entries = [entry for entry in stated if entry.section == section.id]
            if content <= {*section.concepts, *article.overview_words}.union(*(entry.explains for entry in entries)):
                return _whole(turn, entries)
        for topic in article.topics:
            if content <= set(topic.concepts):
                entries = [entry for entry in stated if entry.topic == topic.id]
                return None if _asks_for_names(turn, content, entries) else _whole(turn, entries)
    return None


def _asks_for_names(turn: Turn, content: set[str], entries: Sequence[Entry]) -> bool:
    """Whether things that the topic only counts are asked for one by one: "which institutions are there?"."""
    asked = turn.question.asks & {"ask.which", "ask.names", "ask.list"}
    return bool(asked) and any(e.counted in content for e in entries) and not any(asked & e.asks for e in entries)


def _whole(turn: Turn, entries: Sequence[Entry]) -> Answer:
    entries = entries[:MOST_FACTS]
    said = _bulleted(turn, "", entries) if len(entries) > 1 else state(turn, entries)
    return turn.answer("an overview of the topic", entries, said)


def _topics(turn: Turn) -> Answer:
    article = turn.base.newest()
    entries = [turn.base.entries[fact] for fact in article.key_facts]
    topics = turn.join([turn.pick(topic.title) for topic in article.topics])
    return turn.answer("the topics of the article", entries, turn.say("list_topics", topics=topics))


def _gist(turn: Turn) -> Answer:
    article = turn.base.newest()
    entries = [turn.base.entries[fact] for fact in article.key_facts]
    opening = turn.say("overview", gist=turn.pick(article.gist) + (" " if turn.language == "en" else ""))
    return turn.answer(GIST, entries, _itemised(turn, opening.replace("  ", " "), entries))


def _list(turn: Turn, opening: str, chosen: Callable[[Entry], bool]) -> Answer:
    entries = [entry for entry in turn.base.entries.values() if chosen(entry) and not entry.derived]
    if any(not entry.numeric for entry in entries):
        return turn.answer(
            "a list of facts of a kind", entries, _bulleted(turn, turn.say(opening) if opening else "", entries)
        )
    return turn.answer("a list of facts of a kind", entries, _itemised(turn, turn.say(opening), entries))


def _extremes(turn: Turn, asked: AbstractSet[str]) -> Answer:
    """The largest of the amounts (or of the counts), the smallest, or both."""
    senses = turn.question.senses
    unit = "count" if "ask.count" in senses and not senses & {"ask.amount", "ask.quantity", "unit.usd"} else "usd"
    amounts = [entry for entry in turn.base.entries.values() if entry.unit == unit and not entry.derived]
    amounts.sort(key=lambda entry: entry.number or 0)
    found = [(key, amounts[at]) for key, sense, at in EXTREMES if sense in asked]
    lines = [turn.say(key, name=turn.pick(entry.name), figure=turn.pick(entry.figure)) for key, entry in found]
    entries = [entry for _, entry in found]
    sources = state(turn, entries).partition("\n")[2]
    return turn.answer("the extreme of the amounts", entries, "\n".join([*lines, sources]), verdict="\n".join(lines))


def _itemised(turn: Turn, opening: str, entries: Sequence[Entry]) -> str:
    lines = [turn.say("item", name=turn.pick(entry.name), figure=turn.pick(entry.figure)) for entry in entries]
    return "\n".join([opening, *lines, _source(turn, entries)])


def _bulleted(turn: Turn, opening: str, entries: Sequence[Entry]) -> str:
    lines = [turn.say("item_sentence", sentence=turn.pick(entry.sentence)) for entry in entries]
    return "\n".join([*([opening] if opening else []), *lines, _source(turn, entries)])


def _source(turn: Turn, entries: Sequence[Entry]) -> str:
    """One line for the whole list: publisher and date, not each section."""
    article = turn.base.articles[entries[0].article]
    separator = ", " if turn.language == "en" else "，"
    return turn.say("source", source=f"{turn.pick(article.publisher)}{separator}{article.published[:10]}")
