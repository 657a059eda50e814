"""What was compiled is kept, and made anew when a file changes; a home that cannot be written costs only time."""

import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge import loading
from knowledge.engine import Knowledge

ARTICLES = Path(__file__).parent.parent / "articles"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "factline"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.yaml").write_text("x", encoding="utf-8")
    return tmp_path / "data"


@pytest.fixture
def made() -> tuple[list[int], Callable[[], int]]:
    """How often something was made, and what makes it."""
    times: list[int] = []

    def make() -> int:
        times.append(1)
        return len(times)

    return times, make


Made = tuple[list[int], Callable[[], int]]


def test_it_is_made_once(home: Path, folder: Path, made: Made) -> None:
    times, make = made
    assert [loading.cached("thing", [folder], make) for _ in range(3)] == [1, 1, 1]
    assert len(times) == 1
    assert len(list(home.glob("thing-*.pickle"))) == 1


def test_a_changed_an_added_and_a_removed_file_make_it_anew(home: Path, folder: Path, made: Made) -> None:
    times, make = made
    loading.cached("thing", [folder], make)
    (folder / "a.yaml").write_text("longer", encoding="utf-8")
    loading.cached("thing", [folder], make)
    (folder / "b.yaml").write_text("y", encoding="utf-8")
    loading.cached("thing", [folder], make)
    (folder / "b.yaml").unlink()
    loading.cached("thing", [folder], make)
    assert len(times) == 4
    assert len(list(home.glob("thing-*.pickle"))) == 1


def test_a_file_of_the_same_size_but_another_time_counts_as_changed(home: Path, folder: Path, made: Made) -> None:
    times, make = made
    loading.cached("thing", [folder], make)
    os.utime(folder / "a.yaml", ns=(1, 1))
    loading.cached("thing", [folder], make)
    assert len(times) == 2


@pytest.mark.parametrize("content", [b"", b"garbage", b"\x80\x05", pickle.dumps(1)[:-1]])
def test_a_broken_cache_is_made_anew(home: Path, folder: Path, made: Made, content: bytes) -> None:
    times, make = made
    loading.cached("thing", [folder], make)
    (path,) = home.glob("thing-*.pickle")
    path.write_bytes(content)
    assert loading.cached("thing", [folder], make) == 2
    assert len(times) == 2


def test_only_its_owner_may_read_it(home: Path, folder: Path, made: Made) -> None:
    loading.cached("thing", [folder], made[1])
    (path,) = home.glob("thing-*.pickle")
    assert path.stat().st_mode & 0o077 == 0
    assert home.stat().st_mode & 0o077 == 0


def test_a_home_that_cannot_be_written_costs_only_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Path, made: Made
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))  # a file where a folder should be: not even root can
    times, make = made
    assert loading.cached("thing", [folder], make) == 1
    assert loading.cached("thing", [folder], make) == 2
    assert len(times) == 2


def test_a_changed_fact_is_answered_at_the_next_start(home: Path, tmp_path: Path) -> None:
    shutil.copytree(ARTICLES, tmp_path / "articles")
    before = Knowledge.load(tmp_path / "articles")
    assert "9 halls" in before.answer("how many museum halls are there?").text
    path = tmp_path / "articles" / "harbour-museum-2025" / "facts.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace('number: "9"', 'number: "12"'), encoding="utf-8")
    after = Knowledge.load(tmp_path / "articles")
    assert "12 halls" in after.answer("how many museum halls are there?").text
    assert after.version != before.version
    assert Knowledge.load(tmp_path / "articles").version == after.version
