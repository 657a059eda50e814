"""Every sentence of the interface, in each language: gettext catalogues, compiled in memory when first needed."""

from __future__ import annotations

import gettext
import io
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from knowledge.text import traditional

if TYPE_CHECKING:
    from collections.abc import Callable

    from knowledge.base import Entry
    from knowledge.outcome import Language
    from knowledge.schema import Text

LOCALE: Final = Path(__file__).parent / "locale"
CATALOGUES: Final = {"en": "en", "zh-Hans": "zh_Hans", "zh-Hant": "zh_Hans"}
_ready: Final[dict[str, bytes]] = {}
LANGUAGES: Final[tuple[Language, ...]] = ("en", "zh-Hans", "zh-Hant")


def say(language: Language, key: str, **values: object) -> str:
    """Return a sentence, filled in; a key that no catalogue holds is a mistake and raises KeyError."""
    return _template(language, key).format(**values) if values else _template(language, key)


def spoken(code: str | None, otherwise: Language) -> Language:
    """Return our language for a client's language code, such as `zh-hans`, `zh-TW` or `pt-br`."""
    parts = (code or "").lower().replace("_", "-").split("-")
    if parts[0] in {"zh", "yue"}:
        return "zh-Hant" if parts[0] == "yue" or {"hant", "tw", "hk", "mo"} & set(parts) else "zh-Hans"
    return "en" if parts[0] else otherwise


def known(code: str | None) -> Language | None:
    """Return a language that was kept, if it is one of ours."""
    return next((language for language in LANGUAGES if language == code), None)


@cache
def _template(language: Language, key: str) -> str:
    """Look a sentence up; Traditional Chinese is converted from Simplified."""
    found = catalogue(CATALOGUES[language]).gettext(key)
    if found == key:
        raise KeyError(key)
    return traditional(found) if language == "zh-Hant" else found


@cache
def catalogue(name: str) -> gettext.GNUTranslations:
    """Return a catalogue; no generated file lies beside its source that could be older than it."""
    return gettext.GNUTranslations(io.BytesIO(_ready.get(name) or compiled()[name]))


def prepare(elsewhere: Callable[[Callable[[], dict[str, bytes]]], dict[str, bytes]]) -> None:
    """Have the catalogues compiled elsewhere, once: Babel would leave 1 MB behind in a running bot."""
    if not _ready:
        _ready.update(elsewhere(compiled))


def compiled() -> dict[str, bytes]:
    """Compile every catalogue."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - only where the interface is used
    from babel.messages.pofile import read_po  # noqa: PLC0415

    made: dict[str, bytes] = {}
    for name in sorted(set(CATALOGUES.values())):
        with (LOCALE / name / "LC_MESSAGES" / "factline.po").open("rb") as source:
            messages = read_po(source, locale=name)
        written = io.BytesIO()
        write_mo(written, messages)
        made[name] = written.getvalue()
    return made


def pick(wording: Text, language: Language) -> str:
    """Return a text of the knowledge base in a language."""
    if language == "en":
        return wording.en
    return traditional(wording.zh) if language == "zh-Hant" else wording.zh


def phrasing(entry: Entry, language: Language) -> str:
    """Return a question that a fact answers."""
    if language == "en":
        question = entry.phrasings_en[0]
        return f"{question[:1].upper()}{question[1:]}?"
    question = entry.phrasings_zh[0] + "？"
    return traditional(question) if language == "zh-Hant" else question
