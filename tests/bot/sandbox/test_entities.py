"""HTML as Telegram reads it: offsets in UTF-16 units, and markup that does not parse is refused."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.checks import utf16
from bot.sandbox.entities import parse_html, trim, with_found
from bot.sandbox.errors import ApiError

PARSED = [
    ("plain &amp; simple &lt;3", "plain & simple <3", []),
    ("<b>bold</b>", "bold", [("bold", 0, 4)]),
    ("\U0001f600<i>x</i>", "\U0001f600x", [("italic", 2, 1)]),
    ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
    ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
    ("<blockquote>q</blockquote>", "q", [("blockquote", 0, 1)]),
    ('<span class="tg-spoiler">s</span>', "s", [("spoiler", 0, 1)]),
    ('<a href="https://example.org/?a=1&amp;b=2">l</a>', "l", [("text_link", 0, 1)]),
    ("<a href='nonsense'>l</a>", "l", []),
    ('<pre><code class="language-python">x</code></pre>', "x", [("pre", 0, 1)]),
    ("&#20013;&#x6587; &nbsp; & &copy;", "中文 &nbsp; & &copy;", []),
    ("<B>case</B>", "case", [("bold", 0, 4)]),
]


@pytest.mark.parametrize(("source", "text", "entities"), PARSED)
def test_markup_is_read(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    parsed, found = parse_html(source)
    assert parsed == text
    assert [(e["type"], e["offset"], e["length"]) for e in found] == entities


def test_details_of_links_and_code() -> None:
    assert parse_html('<a href="https://example.org/?a=1&amp;b=2">l</a>')[1][0]["url"] == "https://example.org/?a=1&b=2"
    assert parse_html('<pre><code class="language-python">x</code></pre>')[1][0]["language"] == "python"
    assert parse_html('<tg-emoji emoji-id="5">x</tg-emoji>')[1][0]["custom_emoji_id"] == "5"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("中<p>x</p>", 'Unsupported start tag "p" at byte offset 3'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<tg-emoji>x</tg-emoji>", "Invalid custom emoji identifier"),
    ],
)
def test_bad_markup_is_refused(source: str, words: str) -> None:
    with pytest.raises(ApiError, match="can't parse entities") as refusal:
        parse_html(source)
    assert words in refusal.value.description


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    assert parse_html(f"<b>{html.escape(text, quote=False)}</b>")[0] == text


@given(st.text(alphabet="<>/&;b i=\"'#ax1中\U0001f600"))
def test_any_source_is_parsed_or_refused(source: str) -> None:
    try:
        text, entities = parse_html(source)
    except ApiError:
        return
    for entity in entities:
        assert 0 <= entity["offset"] < entity["offset"] + entity["length"] <= utf16(text)


def test_trimming_moves_entities() -> None:
    text, entities = trim(
        "  ab  ", [{"type": "bold", "offset": 0, "length": 6}, {"type": "code", "offset": 3, "length": 1}]
    )
    assert text == "ab"
    assert [(e["offset"], e["length"]) for e in entities] == [(0, 2), (1, 1)]


def test_telegram_finds_commands_mentions_links_and_tags() -> None:
    text = "/ask@factline_bot see @mei_lin, https://example.org/a. #绿色 me@example.org"
    kinds = [entity["type"] for entity in with_found(text, [])]
    assert kinds == ["bot_command", "mention", "url", "hashtag", "email"]
    code = [{"type": "code", "offset": 0, "length": len(text)}]
    assert with_found(text, code) == code, "nothing is found inside code"
    assert len(with_found("/a " * 200, [])) == 100
