"""Announcing from scripts."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from bot.commands.announce import announce, list_announcements
from bot.store import subscriptions
from bot.store.store import Store
from bot.store.tables import chats, outbox


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


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "Give either --fact NAME or --text FILE."),
        ({"fact": "zzzzqqq"}, "There is no fact"),
        ({"fact": "QDLP quota", "at": "2020-01-01 09:00"}, "That time is past"),
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
