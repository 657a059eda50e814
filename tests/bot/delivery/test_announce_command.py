"""Announcing from scripts."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from bot.commands.announce import announce, list_announcements
from bot.store import subscriptions
from bot.store.store import Store
from bot.store.tables import announcements, chats, outbox


@pytest.fixture
def database(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """A database with one subscriber, which the settings name."""
    monkeypatch.setenv("FACTLINE_DATABASE_URL", sqlite_url)
    monkeypatch.chdir(tmp_path)

    async def fill() -> None:
        now = datetime.now(UTC)
        async with await Store.open(sqlite_url) as store, store.writing() as connection:
            await connection.execute(insert(chats).values(id=7, kind="private", seen_at=now, language="zh-Hans"))
            await subscriptions.subscribe(connection, 7, 0, by=7, zone="UTC", now=now)

    asyncio.run(fill())
    return sqlite_url


def queued(url: str) -> list[tuple[int, str]]:
    async def look() -> list[tuple[int, str]]:
        async with await Store.open(url) as store, store.reading() as connection:
            found = await connection.execute(select(outbox.c.chat_id, outbox.c.language))
            return [(row.chat_id, row.language) for row in found]

    return asyncio.run(look())


def test_a_fact_is_shown_and_queued(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert announce(fact="QDLP quota", dry_run=True) == 0
    assert queued(database) == []
    assert announce(fact="QDLP quota") == 0
    shown = capsys.readouterr().out
    assert "7.3亿美元" in shown
    assert "to 1 chats" in shown
    assert "Announcement #1 is accepted" in shown
    assert queued(database) == [(7, "zh-Hans")]
    assert list_announcements() == 0
    assert "#1\t" in capsys.readouterr().out


def test_a_text_is_read_from_a_file_and_may_be_planned(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = tmp_path / "words.txt"
    words.write_text("Hello <all>\n", encoding="utf-8")
    assert announce(text_file=words, at="2031-12-01 09:00") == 0
    assert "it goes out at 2031-12-01 09:00 UTC" in capsys.readouterr().out
    assert queued(database) == []


def test_the_words_of_a_file_are_no_options(database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = tmp_path / "words.txt"
    words.write_text("resend fact sheets until Friday\n", encoding="utf-8")
    assert announce(text_file=words, until="2031-12-01 12:00", on_uncertain="resend") == 0
    shown = capsys.readouterr().out
    assert "\nresend fact sheets until Friday\n" in shown
    assert "not after 2031-12-01 12:00 UTC; what may not have arrived is sent again" in shown

    async def kept() -> list[tuple[datetime | None, str]]:
        async with await Store.open(database) as store, store.reading() as connection:
            found = await connection.execute(select(announcements.c.expires_at, announcements.c.on_uncertain))
            return [(row.expires_at, row.on_uncertain) for row in found]

    assert asyncio.run(kept()) == [(datetime(2031, 12, 1, 12, tzinfo=UTC), "resend")]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "Give either --fact NAME or --text FILE."),
        ({"fact": "zzzzqqq"}, "There is no fact"),
        ({"fact": "QDLP quota", "at": "2020-01-01 09:00"}, "That time is past"),
        ({"fact": "QDLP quota", "until": "2020-01-01 09:00"}, "That time is past"),
        ({"fact": "QDLP quota", "until": "noon"}, "Write the time as"),
        ({"fact": "QDLP quota", "at": "2031-01-02 09:00", "until": "2031-01-01 09:00"}, "It ends before it begins"),
        ({"fact": "QDLP quota", "on_uncertain": "both"}, "Give --on-uncertain hold or --on-uncertain resend."),
        ({"text_file": Path("absent.txt")}, "absent.txt cannot be read"),
    ],
)
def test_what_is_wrong_is_one_sentence(
    database: str, options: dict[str, str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert announce(**options) == 1  # type: ignore[arg-type]
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.err.count("\n") == 1
