"""The sentences of the interface: the same keys and placeholders in every language, none missing, none left over."""

from __future__ import annotations

import re
import string
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po

from handlers import texts
from handlers.menus import ADMIN, GROUP, PRIVATE
from handlers.texts import LOCALE, say, spoken

if TYPE_CHECKING:
    from knowledge.outcome import Language

ROOT = Path(__file__).parents[2]


def messages(name: str) -> dict[str, str]:
    """All sentences of a catalogue."""
    with (LOCALE / name / "LC_MESSAGES" / "factline.po").open("rb") as source:
        return {str(each.id): str(each.string) for each in read_po(source) if each.id}


def placeholders(text: str) -> set[str]:
    """What is filled in."""
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


def test_both_languages_hold_the_same_keys_and_placeholders() -> None:
    english, chinese = messages("en"), messages("zh_Hans")
    assert english.keys() == chinese.keys()
    assert {key: placeholders(text) for key, text in english.items()} == {
        key: placeholders(text) for key, text in chinese.items()
    }
    assert all(text.strip() for text in (*english.values(), *chinese.values()))


def test_every_key_that_the_code_names_exists() -> None:
    source = "\n".join(path.read_text() for path in (ROOT / "handlers").glob("*.py"))
    named = set(re.findall(r'\bsay\([\w.]+, "([a-z_.]+)"', source))
    assert len(named) > 40
    assert named <= messages("en").keys()


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_command_is_described_within_telegram_s_limits(language: Language) -> None:
    for name in (*PRIVATE, *GROUP, *ADMIN):
        assert 1 <= len(say(language, f"command.{name}")) <= 256
    assert len(say(language, "bot.description")) <= 512
    assert len(say(language, "bot.short_description")) <= 120


def test_traditional_is_converted() -> None:
    assert say("zh-Hans", "button.why") == "依据"
    assert say("zh-Hant", "button.why") == "依據"
    assert say("zh-Hant", "unknown.nearest", nearest="help").endswith("/help嗎？")


def test_a_missing_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("en", "no.such.key")


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("en", "en"), ("en-GB", "en"), ("pt-br", "en"), ("zh", "zh-Hans"), ("zh-hans", "zh-Hans"), ("zh_CN", "zh-Hans"),
        ("zh-TW", "zh-Hant"), ("zh-hant-hk", "zh-Hant"), ("yue", "zh-Hant"), (None, "zh-Hans"), ("", "zh-Hans"),
    ],
)  # fmt: skip
def test_clients_codes(code: str | None, language: str) -> None:
    assert spoken(code, "zh-Hans") == language
