"""Questions about the article itself: where it is from, when it appeared, its title; its author is a gap."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from knowledge.lexicon import ARTICLE, PUBLISHER, group
from knowledge.outcome import Answer, NotStated, Statement
from knowledge.rules.dating import MONTHS, dated, is_date_word
from knowledge.spans import is_free

if TYPE_CHECKING:
    from knowledge.outcome import Outcome
    from knowledge.question import Question
    from knowledge.turn import Turn

ABOUT_ARTICLE: Final = ("ask.author", "ask.asof", "ask.title", "ask.source", "ask.date")
TOLERATED: Final = frozenset(
    (
        "ask.what ask.which ask.who ask.where ask.date ask.source ask.title ask.author ask.asof ask.list "
        "ask.overview ask.quantity ask.names"
    ).split()
)


def meta(turn: Turn) -> Outcome | None:
    """The reply to a question about the article itself; None for any other."""
    question = turn.question
    gap = _article_gap(turn)
    if gap is not None:
        return gap
    if _other_content(turn):
        return None
    if _claims_another_source(turn):
        verdict = turn.say("verdict_no")
        return _answer(
            turn, "source", verdict + (" " if turn.language == "en" else "") + _sentence(turn, "source"), verdict
        )
    if _claims_the_source(turn):
        verdict = turn.say("verdict_yes")
        return _answer(
            turn, "source", verdict + (" " if turn.language == "en" else "") + _sentence(turn, "source"), verdict
        )
    if _claims_a_date(turn):
        return _date_claim(turn)
    asked = next((ask for ask in ABOUT_ARTICLE if ask in question.asks), "")
    if not asked and "ask.where" in question.senses and question.senses & {"prep.from", ARTICLE}:
        asked = "ask.source"  # "where are these figures from?"
    if not asked or question.quantities:
        return None
    if asked == "ask.date" and _dates_something_else(turn):
        return None
    if "ask.who" in question.asks and turn.inherited.topics and ARTICLE not in question.senses:
        return None  # "how many bonds?" - "who issued them?"
    return _said(turn, asked.removeprefix("ask."))


def _dates_something_else(turn: Turn) -> bool:
    """Whether "when" is asked of what was spoken of, or of a thing that is named and is not the article."""
    senses = turn.question.senses
    if ARTICLE in senses or senses & {"ask.source", PUBLISHER}:
        return False
    # 最近一项是哪天出的, after a question for policies: what came out is one of them.
    return bool(turn.inherited.topics) or ("published.by" not in senses and bool(senses & turn.base.about))


def _article_gap(turn: Turn) -> NotStated | None:
    """Author, period of the figures, reference list: the article's own gaps, wherever they are asked for."""
    senses = turn.question.senses
    for gap in turn.base.newest().gaps:
        if senses & set(gap.asked) and not _other_content(turn, besides=set(gap.asked)):
            reason = turn.pick(gap.wording)
            return NotStated(
                text=reason + "\n" + _sentence(turn, "date"),
                language=turn.language,
                evidence=turn.evidence("a gap of the article as a whole", ()),
                grade="figure",
                reason=reason,
            )
    return None


def _other_content(turn: Turn, besides: set[str] | None = None) -> bool:
    """Whether anything in the question is about more than the article and its publication."""
    dates: bool | None = None
    for span in turn.question.spans_left():
        senses = set(span.senses)
        if (
            is_free(span)
            or senses & turn.base.about
            or senses & TOLERATED
            or senses & (besides or set())
            or senses & {"polar.check", "published.by"}
        ):
            continue
        timely = is_date_word(span.text) or _is_of_time(senses)
        if timely and dates is None:
            dates = _puts_a_date(turn.question)
        if (timely and dates) or (_names_a_publisher(turn) and _is_body(senses)):
            continue
        return True
    return False


def _is_body(senses: set[str]) -> bool:
    return any(sense.startswith("names.organisations") for sense in senses)


def _claims_another_source(turn: Turn) -> bool:
    """Whether another body is put forward as the source: the publisher is known, so that is wrong."""
    question = turn.question
    return question.polar and not question.asking and _names_a_publisher(turn) and _is_body(set(question.senses))


def _names_a_publisher(turn: Turn) -> bool:
    """Whether the question is who published the article: the source, or 发布的 behind a name."""
    return bool(turn.question.senses & {"ask.source", "published.by"})


def _claims_the_source(turn: Turn) -> bool:
    """Whether the article's own publisher is put forward as such."""
    question = turn.question
    return question.polar and not question.asking and _names_a_publisher(turn) and PUBLISHER in question.senses


def _is_of_time(senses: set[str]) -> bool:
    return any(group(sense) in {"period", "aside"} for sense in senses) and "period.last" not in senses


def _puts_a_date(question: Question) -> bool:
    """Whether all its numbers and times are of dates."""
    timely = bool(question.quantities) or _is_of_time(set(question.senses))
    return timely and dated(question.normalised).whole


def _claims_a_date(turn: Turn) -> bool:
    question = turn.question
    if question.asking or not _puts_a_date(question):
        return False
    about = bool(question.senses & {"ask.date", "ask.source", "published.by", ARTICLE, PUBLISHER})
    # "Is this from 2025?" asks for the article's date, "we are looking at 2019" says which year is meant.
    bare = not (turn.inherited.senses or turn.inherited.topics or "frame.speaker" in question.senses)
    return about or (question.polar and bare)


def _date_claim(turn: Turn) -> Answer:
    """Whether the date in the question is the article's."""
    published = datetime.fromisoformat(turn.base.newest().published)
    verdict = turn.say("verdict_yes" if dated(turn.question.normalised).fits(published) else "verdict_no")
    glue = " " if turn.language == "en" else ""
    return _answer(turn, "date", verdict + glue + _sentence(turn, "date"), verdict)


def _said(turn: Turn, asked: str) -> Answer:
    return _answer(turn, asked, _sentence(turn, asked), "")


def _answer(turn: Turn, asked: str, text: str, verdict: str) -> Answer:
    fact = f"meta-{asked}"
    return Answer(
        text=text,
        language=turn.language,
        facts=(fact,),
        confidence=1.0,
        evidence=turn.evidence(f"a question about the article itself: {asked}", ()),
        statements=(Statement(fact, "", text, ""),),
        verdict=verdict,
    )


def _sentence(turn: Turn, asked: str) -> str:
    article = turn.base.newest()
    return turn.say(
        f"meta_{asked}",
        publisher=turn.pick(article.publisher),
        date=date(turn),
        title=turn.pick(article.title),
        title_zh=article.title.zh,
    )


def date(turn: Turn) -> str:
    """The publication date and time as the reader's language writes it."""
    at = datetime.fromisoformat(turn.base.newest().published)
    time = f"{at:%H:%M}" if "T" in turn.base.newest().published else ""
    if turn.language == "en":
        return f"{at.day} {MONTHS[at.month - 1].title()} {at.year}" + (f", {time}" if time else "")
    return f"{at.year}年{at.month}月{at.day}日" + (f" {time}" if time else "")
