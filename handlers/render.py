"""What a reply looks like. The only place that makes HTML: everything that comes in is text, and is escaped here."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from handlers.texts import say
from knowledge.outcome import Answer, NotStated, Suggestions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from knowledge.outcome import Language, Outcome, Statement

Style = Literal["", "bold", "italic", "code", "pre", "quote"]

MAX_TEXT: Final = 4096
"""Characters of a message, counted after parsing as Telegram counts them: code points."""
MAX_CAPTION: Final = 1024
MAX_ENTITIES: Final = 90
"""Telegram drops those after the hundredth; some are left for what it finds by itself, such as links."""
MAX_LABEL: Final = 60
MAX_QUOTATIONS: Final = 3
TAGS: Final = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "code": ("<code>", "</code>"),
    "pre": ("<pre>", "</pre>"),
    "quote": ("<blockquote expandable>", "</blockquote>"),
}
UNSENDABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters (Unicode's Cc) but tab and line feed, and surrogates (Cs)."""
# How the answering core begins a line that names a source.
SOURCE_MARKS: Final = ("Source: ", "来源：", "來源：")


@dataclass(slots=True)
class Span:
    """A piece of text in one style. Never changed, as a key: frozen, they would take thrice as long to make."""

    text: str
    style: Style = ""


@dataclass(slots=True)
class Key:
    """A button that the bot acts on."""

    label: str
    action: str
    payload: dict[str, Any] = field(default_factory=dict)
    group: str = ""
    """Of the buttons of a message that share a group, one can be used."""
    repeatable: bool = False
    anyone: bool = False
    """Whether others than the one who asked may press it."""


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens an address."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A message that is about to be sent."""

    spans: tuple[Span, ...]
    rows: tuple[tuple[Key | Link, ...], ...] = ()

    @property
    def html(self) -> str:
        """The text with Telegram's tags."""
        return to_html(cut(self.spans))

    @property
    def plain(self) -> str:
        """The text without any, for when Telegram refuses the tags."""
        return to_plain(cut(self.spans))


def to_html(spans: Iterable[Span]) -> str:
    """Write spans as HTML; the text inside is always escaped."""
    return "".join(_tagged(span) for span in spans)


def to_plain(spans: Iterable[Span]) -> str:
    """Write spans as plain text."""
    return "".join(_clean(span.text) for span in spans)


def _tagged(span: Span) -> str:
    """Write one span."""
    text = html.escape(_clean(span.text), quote=False)
    if not span.style or not text.strip():
        return text
    opening, closing = TAGS[span.style]
    return f"{opening}{text}{closing}"


def _clean(text: str) -> str:
    """Take out what cannot be sent: lone surrogates and control characters."""
    return text if text.isprintable() else UNSENDABLE.sub("", text)


def cut(spans: Sequence[Span], limit: int = MAX_TEXT) -> tuple[Span, ...]:
    """Keep so many characters and so many styled spans; what is cut ends with an ellipsis."""
    whole = "".join([span.text for span in spans])
    if len(whole) <= limit and len(spans) <= MAX_ENTITIES and UNSENDABLE.search(whole) is None:
        return tuple(spans)  # as nearly always: looked at once and not span by span
    kept: list[Span] = []
    left, styled = limit, 0
    for span in spans:
        text = _clean(span.text)
        styled += bool(span.style)
        style = span.style if styled <= MAX_ENTITIES else ""
        if len(text) > left:
            kept.append(Span(text[: max(left - 1, 0)] + "…"[:left], style))
            break
        kept.append(Span(text, style))
        left -= len(text)
    return tuple(kept)


def label(text: str) -> str:
    """Shorten the text of a button."""
    return short(text, MAX_LABEL)


def short(text: str, length: int = 200) -> str:
    """Put a text into one line of so many characters."""
    text = " ".join(_clean(text).split())
    return text if len(text) <= length else text[: length - 1] + "…"


# --- replies ----------------------------------------------------------------------------------------------------------


def plain(text: str, *rows: tuple[Key | Link, ...]) -> Reply:
    """Make a reply of a text without any style."""
    return Reply((Span(text),), rows)


def titled(title: str, body: str, *rows: tuple[Key | Link, ...]) -> Reply:
    """Make a reply of a title and what stands below it."""
    return Reply((Span(title, "bold"), Span("\n" + body)), rows)


def outcome(result: Outcome, interface: Language, *, question: str = "") -> Reply:
    """Make the reply to a question: the figure first, then sentence, source and quotation, and the buttons."""
    statements = _statements(result)
    spans: list[Span] = []
    heading = _heading(result)
    if heading:
        spans += [Span(heading, "bold"), Span("\n")]
    figures = [] if heading else [each.figure for each in statements if each.figure]
    verdict = result.verdict if isinstance(result, Answer) else ""
    spans += _lines(result.text, verdict, figures)
    spans += _quotations(statements)
    return Reply(tuple(spans), _keys(result, interface, question))


def _statements(result: Outcome) -> tuple[Statement, ...]:
    """Return what the text of an outcome states."""
    if isinstance(result, Answer):
        return result.statements
    return result.near if isinstance(result, NotStated) else ()


def _heading(result: Outcome) -> str:
    """Return the figure, where the answer has one and only one and does not begin with a verdict."""
    if not isinstance(result, Answer) or result.verdict or len(result.statements) != 1:
        return ""
    figure = result.statements[0].figure
    return figure[:1].upper() + figure[1:]


def _lines(text: str, verdict: str, figures: Sequence[str]) -> list[Span]:
    """Style the lines of a text: the verdict and each figure bold where it first stands, sources italic."""
    spans: list[Span] = []
    if verdict and text.startswith(verdict):
        spans.append(Span(verdict, "bold"))
        text = text[len(verdict) :]
    left = list(dict.fromkeys(figures))
    for number, line in enumerate(text.split("\n")):
        spans += [Span("\n")] if number else []
        if line.startswith(SOURCE_MARKS):
            spans.append(Span(line, "italic"))
        else:
            spans += _emphasised(line, left)
    return spans


def _emphasised(line: str, figures: list[str]) -> list[Span]:
    """Make the figures of a line bold, and take them off the list."""
    found = min(((line.find(figure), figure) for figure in figures if figure in line), default=None)
    if found is None:
        return [Span(line)] if line else []
    at, figure = found
    figures.remove(figure)
    before = [Span(line[:at])] if at else []
    return [*before, Span(figure, "bold"), *_emphasised(line[at + len(figure) :], figures)]


def _quotations(statements: Sequence[Statement]) -> list[Span]:
    """Add the article's own sentences, folded."""
    quoted = list(dict.fromkeys(each.quotation for each in statements if each.quotation))
    return [part for text in quoted[:MAX_QUOTATIONS] for part in (Span("\n"), Span(text.strip(), "quote"))]


def _keys(result: Outcome, interface: Language, question: str) -> tuple[tuple[Key, ...], ...]:
    """Choose the buttons below an outcome."""
    if isinstance(result, Suggestions):
        noted = {"question": question, "language": result.language}
        options = [
            (Key(label(each.question), "option", {**noted, "fact": each.fact}, "options"),)
            for each in result.suggestions[:3]
        ]
        none = Key(say(interface, "button.none"), "none", {**noted, "facts": list(result.facts)}, "options")
        return (*options, (none,)) if options else ()
    if isinstance(result, Answer | NotStated):
        return answer_keys(result.facts, interface, language=result.language, question=question)
    return ()


def answer_keys(
    facts: Sequence[str], interface: Language, *, language: Language, question: str = ""
) -> tuple[tuple[Key, ...], ...]:
    """Make the four buttons below an answer: related facts, why, and the two verdicts."""
    about = {"facts": list(facts), "question": question, "language": language}
    related = (Key(say(interface, "button.related"), "related", about),) if facts else ()
    return (
        (
            *related,
            Key(say(interface, "button.why"), "why", {}),
            Key("👍", "up", about, "verdict"),
            Key("👎", "down", about, "verdict"),
        ),
    )


def statement(stated: Statement, interface: Language, *, name: str = "") -> Reply:
    """Make a reply of one fact: figure, sentence, caveat, source, quotation."""
    spans: list[Span] = [Span(name + "\n")] if name else []
    if stated.figure:
        spans += [Span(stated.figure[:1].upper() + stated.figure[1:], "bold"), Span("\n")]
    spans.append(Span(stated.sentence + "\n"))
    if stated.note:
        spans.append(Span(stated.note + "\n"))
    if stated.source:
        spans.append(Span(say(interface, "source", source=stated.source), "italic"))
    return Reply((*spans, *_quotations([stated])))


def joined(replies: Sequence[Reply], *, title: str = "") -> Reply:
    """Put several replies into one message."""
    spans: list[Span] = [Span(title, "bold"), Span("\n\n")] if title else []
    for number, each in enumerate(replies):
        spans += [Span("\n\n")] if number else []
        spans += each.spans
    return Reply(tuple(spans))


def with_rows(reply: Reply, *rows: tuple[Key | Link, ...]) -> Reply:
    """Put buttons below a reply."""
    return replace(reply, rows=rows)
