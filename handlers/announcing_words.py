"""Progress and reports of announcements in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import render
from handlers.render import Reply, Span
from handlers.texts import known, say

if TYPE_CHECKING:
    from bot.store.announcements import Announcement
    from bot.store.announcements_report import Report
    from knowledge.outcome import Language

SHOWN = ("sent", "retracted", "failed", "blocked", "uncertain", "expired", "cancelled")
CELLS = 20


def state_name(found: Announcement, language: Language) -> str:
    """Name the state of an announcement."""
    return say(language, f"announcement.{found.state}")


def report_text(found: Announcement, report: Report, language: Language) -> str:
    """Say what has become of the messages of an announcement, and why."""
    lines = [state_name(found, language)]
    lines += [say(language, f"report.{state}", number=report.counts[state]) for state in SHOWN if report.counts[state]]
    if report.unsettled:
        lines.append(say(language, "report.left", number=report.unsettled))
    if sum(report.changes.values()):
        done, total = report.changes["sent"], sum(report.changes.values()) - report.changes["cancelled"]
        lines.append(say(language, "report.changes", done=done, total=total))
    lines += [f"· {say(language, f'reason.{state}')}: {reason} ({number})" for state, reason, number in report.reasons]
    return "\n".join(lines)


class Words:
    """What the delivery says to whoever announced."""

    async def progress(self, announcement: Announcement, report: Report) -> str:
        """Say how far an announcement has come."""
        language = _language(announcement)
        settled, total = _settled(report)
        full = CELLS * settled // total if total else CELLS
        bar = "█" * full + "░" * (CELLS - full)
        body = f"{bar} {settled}/{total}\n{report_text(announcement, report, language)}"
        return _titled(announcement, body, language)

    async def report(self, announcement: Announcement, report: Report) -> str:
        """Say how an announcement ended."""
        language = _language(announcement)
        body = report_text(announcement, report, language)
        if report.counts["uncertain"]:
            body += "\n" + say(language, "report.resend")
        return _titled(announcement, body, language)


def _settled(report: Report) -> tuple[int, int]:
    """Count what is done, of all that is to be done at the moment."""
    counts = report.changes if sum(report.changes.values()) else report.counts
    total = sum(counts.values())
    return total - counts["pending"] - counts["sending"], total


def _language(announcement: Announcement) -> Language:
    """Return the language of whoever announced."""
    return known(announcement.language) or "en"


def _titled(announcement: Announcement, body: str, language: Language) -> str:
    """Put the title above."""
    title = say(language, "announce.title", number=announcement.id)
    name = f" · {render.short(announcement.title, 60)}" if announcement.title else ""
    return Reply((Span(title, "bold"), Span(name), Span("\n" + body))).html
