"""The settings of a subscription with their buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from handlers.render import Key, Reply, Span
from handlers.texts import say

if TYPE_CHECKING:
    from bot.store.subscriptions import Subscription
    from knowledge.outcome import Language

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
TIMES: Final = ("07:00", "09:00", "12:00", "18:00", "21:00")
ZONES: Final = ("UTC", "Asia/Shanghai", "Asia/Singapore", "Europe/London", "America/New_York")
QUIET: Final = ("22:00", "08:00")
LANGUAGES: Final = ((None, "button.automatic"), ("en", "English"), ("zh-Hans", "简体"), ("zh-Hant", "繁體"))


def menu(found: Subscription, language: Language, *, opening: str = "settings.title") -> Reply:
    """Make the view of a subscription's settings."""
    lines = [
        _line(language, "announcements", _on(found.announcements, language)),
        _line(language, "digest", _digest(found, language)),
        _line(language, "on_change", _on(found.on_change, language)),
        _line(language, "silent", _on(found.silent, language)),
        _line(language, "quiet", f"{found.quiet_from}–{found.quiet_until}" if found.quiet_from else "–"),
        _line(language, "language", found.language or say(language, "button.automatic")),
    ]
    spans = (Span(say(language, opening), "bold"), Span("\n" + "\n".join(lines)))
    return Reply((*spans, Span("\n" + say(language, "settings.words"), "italic")), _rows(found, language))


def _line(language: Language, name: str, value: str) -> str:
    """Write one setting."""
    return f"{say(language, f'settings.{name}')}: {value}"


def _on(value: bool, language: Language) -> str:
    """Say whether a setting is on."""
    return say(language, "settings.on" if value else "settings.off")


def _digest(found: Subscription, language: Language) -> str:
    """Say when digests come."""
    if found.digest == "off":
        return say(language, "settings.off")
    day = say(language, f"day.{WEEKDAYS[found.digest_day]}") if found.digest == "weekly" else ""
    return f"{say(language, f'digest.{found.digest}')} {day} {found.digest_time} {found.zone}".replace("  ", " ")


def _rows(found: Subscription, language: Language) -> tuple[tuple[Key, ...], ...]:
    """Make the buttons."""

    def key(label: str, **changes: Any) -> Key:  # noqa: ANN401 - any setting
        chosen = all(getattr(found, name) == value for name, value in changes.items())
        payload = {"subscription": found.id, "set": changes}
        return Key(f"● {label}" if chosen else label, "setting", payload, repeatable=True, anyone=True)

    def switch(name: str) -> Key:
        value = not getattr(found, name)
        mark = "☐" if value else "☑"
        payload = {"subscription": found.id, "set": {name: value}}
        label = f"{mark} {say(language, f'settings.{name}')}"
        return Key(label, "setting", payload, repeatable=True, anyone=True)

    rows = [
        (switch("announcements"), switch("on_change"), switch("silent")),
        tuple(key(say(language, f"digest.{each}"), digest=each) for each in ("daily", "weekly", "off")),
    ]
    if found.digest != "off":
        rows.append(tuple(key(each, digest_time=each) for each in TIMES))
        rows.append(tuple(key(each.rpartition("/")[2].replace("_", " "), zone=each) for each in ZONES))
    if found.digest == "weekly":
        rows.append(tuple(key(say(language, f"day.{day}"), digest_day=at) for at, day in enumerate(WEEKDAYS)))
    quiet = dict(zip(("quiet_from", "quiet_until"), (None, None) if found.quiet_from else QUIET, strict=True))
    label = say(language, "button.quiet.off" if found.quiet_from else "button.quiet.on", hours="–".join(QUIET))
    rows.append((key(label, **quiet), key(say(language, "button.unsubscribe"), active=False)))
    rows.append(tuple(key(say(language, name) if code is None else name, language=code) for code, name in LANGUAGES))
    return tuple(rows)
