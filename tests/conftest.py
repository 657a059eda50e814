"""What every test may ask for: an open store, on SQLite and on a real PostgreSQL."""

import asyncio
import os
import uuid
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.flood import prefer_timedelta
from bot.store.migrate import upgrade
from bot.store.store import Store
from tests.postgresql import Server

MEASURED = "measured"
"""Name of the property with which a test reports a figure for the end of the run."""

prefer_timedelta()  # as the program does; warnings are errors here


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Address of a PostgreSQL server: the one of TEST_DATABASE_URL, else one that is started for this session."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    with Server() as server:
        yield server.url


async def administer(server: str, *statements: str) -> None:
    """Run statements that PostgreSQL refuses inside a transaction."""
    engine = create_async_engine(server, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            for statement in statements:
                await connection.execute(text(statement))
    finally:
        await engine.dispose()


def database(server: str, name: str) -> str:
    """Address of another database of a server."""
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> Iterator[str]:
    """Name of a database with all tables, which each test's own database is copied from."""
    name = f"template_{uuid.uuid4().hex[:12]}"

    async def make() -> None:
        await administer(postgresql_server, f"CREATE DATABASE {name}")
        await upgrade(database(postgresql_server, name))

    asyncio.run(make())
    yield name
    asyncio.run(administer(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest_asyncio.fixture
async def empty_postgresql(postgresql_server: str) -> AsyncIterator[str]:
    """Address of a PostgreSQL database of this test's own, without tables."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    await administer(postgresql_server, f"CREATE DATABASE {name}")
    yield database(postgresql_server, name)
    await administer(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest_asyncio.fixture
async def postgresql_url(postgresql_server: str, postgresql_template: str) -> AsyncIterator[str]:
    """Address of a PostgreSQL database of this test's own, with all tables."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    await administer(postgresql_server, f"CREATE DATABASE {name} TEMPLATE {postgresql_template} STRATEGY WAL_LOG")
    yield database(postgresql_server, name)
    await administer(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Address of an SQLite database of this test's own; it does not exist yet."""
    return f"sqlite:///{tmp_path}/factline.db"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Address of a database of this test's own; the test runs once for each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest_asyncio.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """An open store of this test's own; the test runs once for each kind of database."""
    async with await Store.open(database_url) as opened:
        yield opened


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let what a test printed travel between processes: pytest-xdist cannot send a lone surrogate and stops."""
    report = yield
    report.sections = [(name, text.encode("utf-8", "replace").decode()) for name, text in report.sections]
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the tests measured: scores and counts, never a question of a frozen set."""
    lines = [
        str(value)
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
        if name == MEASURED
    ]
    if lines:
        terminalreporter.write_sep("-", "measured")
        for line in sorted(lines):
            terminalreporter.write_line(line)
