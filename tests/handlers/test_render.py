"""What is sent is ours: whatever comes in, the tags are those of the templates, and the text is the text."""

from __future__ import annotations

import html
from html.parser import HTMLParser

from hypothesis import given, settings, strategies

from handlers import render
from handlers.render import MAX_ENTITIES, MAX_TEXT, TAGS, Key, Reply, Span, Style
from knowledge.engine import Knowledge
from knowledge.outcome import Answer, NotStated, Statement, Suggestion, Suggestions

HOSTILE = strategies.one_of(
    strategies.text(max_size=200),
    strategies.text("<>&\"'/abi =", max_size=60),
    strategies.sampled_from(
        ["<b>", "</b>", "<a href='tg://user?id=1'>", "&lt;b&gt;", "</blockquote><b>", "\ud800", "\x00", "💥"]
    ),
)
STYLES: list[Style] = ["", "bold", "italic", "code", "pre", "quote"]


class Parsed(HTMLParser):
    """The HTML as a strict reader sees it: its tags, and its text."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


ALLOWED = {("b", ()), ("i", ()), ("code", ()), ("pre", ()), ("blockquote", ("expandable",))}


def judge(reply: Reply) -> None:
    """Parse what would be sent."""
    parsed = Parsed(reply.html)
    assert set(parsed.tags) <= ALLOWED
    assert parsed.text == reply.plain
    assert len(reply.plain) <= MAX_TEXT
    assert len(parsed.tags) <= MAX_ENTITIES
    reply.html.encode("utf-8")


@given(strategies.lists(strategies.builds(Span, HOSTILE, strategies.sampled_from(STYLES)), max_size=12))
def test_spans_become_our_tags_only(spans: list[Span]) -> None:
    judge(Reply(tuple(spans)))


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_every_kind_of_outcome(figure: str, sentence: str, source: str, quotation: str) -> None:
    stated = Statement("id", figure, sentence, source, quotation, note=figure)
    text = f"{sentence}\nSource: {source}"
    for outcome in (
        Answer(text, "en", ("id",), statements=(stated,)),
        Answer(text, "en", ("id",), statements=(stated, stated), verdict=figure),
        NotStated(text, "zh-Hant", ("id",), near=(stated,)),
        Suggestions(text, "zh-Hans", suggestions=(Suggestion(sentence, "id"),)),
    ):
        judge(render.outcome(outcome, "en", question=sentence))
    judge(render.statement(stated, "zh-Hans", name=sentence))
    judge(render.joined([render.plain(sentence), render.titled(figure, source)], title=quotation))


@settings(max_examples=150, deadline=None)
@given(HOSTILE)
def test_whatever_is_asked(question: str) -> None:
    judge(render.outcome(knowledge().answer(question), "en", question=question))


def knowledge(kept: list[Knowledge] = []) -> Knowledge:  # noqa: B006 - read once
    """The built-in knowledge."""
    if not kept:
        kept.append(Knowledge.load())
    return kept[0]


def test_a_text_is_cut_at_telegram_s_limit() -> None:
    long = Reply((Span("💥" * 5000, "bold"),))
    assert len(long.plain) == MAX_TEXT
    assert long.plain.endswith("…")
    judge(long)
    assert len(Reply((Span("x" * MAX_TEXT),)).plain) == MAX_TEXT
    assert Reply((Span("x" * MAX_TEXT),)).plain.endswith("x")


def test_too_many_styles_lose_the_style_and_not_the_text() -> None:
    many = Reply(tuple(Span("x", "bold") for _ in range(300)))
    assert many.plain == "x" * 300
    judge(many)


def test_the_figure_comes_first_and_the_quotation_is_folded() -> None:
    stated = Statement("id", "over $24 billion", "It is over $24 billion.", "A & B, 2026", "Its <own> sentence.")
    reply = render.outcome(
        Answer("It is over $24 billion.\nSource: A & B, 2026.", "en", ("id",), statements=(stated,)), "en"
    )
    assert reply.html == (
        "<b>Over $24 billion</b>\nIt is over $24 billion.\n<i>Source: A &amp; B, 2026.</i>\n"
        "<blockquote expandable>Its &lt;own&gt; sentence.</blockquote>"
    )


def test_a_verdict_comes_before_the_figure() -> None:
    stated = Statement("id", "4 pilots", "There are 4 pilots.", "A")
    reply = render.outcome(Answer("No. There are 4 pilots.", "en", ("id",), statements=(stated,), verdict="No."), "en")
    assert reply.html == "<b>No.</b> There are <b>4 pilots</b>."


def test_buttons_are_four_at_most() -> None:
    answer = Answer("x", "en", ("id",))
    (row,) = render.outcome(answer, "en").rows
    assert [key.label for key in row] == ["Related", "Why?", "👍", "👎"]
    options = tuple(Suggestion(f"Question {number}?", "id") for number in range(5))
    rows = render.outcome(Suggestions("x", "en", suggestions=options), "en").rows
    keys = [key for row in rows for key in row if isinstance(key, Key)]
    assert [key.label for key in keys] == ["Question 0?", "Question 1?", "Question 2?", "None of these"]
    assert {key.group for key in keys} == {"options"}


def test_the_templates_are_well_formed() -> None:
    for opening, closing in TAGS.values():
        assert Parsed(f"{opening}x{closing}").text == "x"
    assert html.escape("<>&", quote=False) == "&lt;&gt;&amp;"
