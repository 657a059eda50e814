"""Work in a process of its own: its outcome, its errors as they are, and its way out where there is no process."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot import app, child
from bot.settings import Settings
from bot.store.errors import StoreError
from knowledge.compiling import compiled
from knowledge.errors import Finding, KnowledgeError

ARTICLES = Path(__file__).parent.parent / "articles"
HEAVY = {"ruamel", "pydantic", "pypinyin"}


def which() -> int:
    print("this is not the outcome")
    return os.getpid()


def refuse(sentence: str) -> None:
    raise StoreError(sentence)


def complain() -> None:
    raise KnowledgeError([Finding("facts.yaml", 7, "policies", "value", "is odd"), Finding("b.yaml", 0, "", "", "too")])


def die() -> int:
    if os.environ.get("PARENT") != str(os.getpid()):
        os._exit(9)
    return 7


def test_it_is_another_process() -> None:
    assert child.call(which) != os.getpid()


def test_a_sentence_for_the_operator_arrives_as_it_is() -> None:
    with pytest.raises(StoreError) as refused:
        child.call(refuse, "The database is full.")
    assert str(refused.value) == "The database is full."
    with pytest.raises(KnowledgeError) as complained:
        child.call(complain)
    assert str(complained.value) == "facts.yaml:7: policies value: is odd\nb.yaml: too"
    assert [each.line for each in complained.value.findings] == [7, 0]


def test_a_child_that_dies_is_replaced_by_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARENT", str(os.getpid()))
    assert child.call(die) == 7


@pytest.mark.parametrize("python", ["/nowhere/python", "/bin/true"])
def test_without_a_python_it_is_done_here(monkeypatch: pytest.MonkeyPatch, python: str) -> None:
    monkeypatch.setattr(sys, "executable", python)
    assert child.call(which) == os.getpid()


def test_a_folder_with_names_like_ours_is_not_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "__init__.py").write_text("raise SystemExit('the wrong bot')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert child.call(which) != os.getpid()


@pytest.mark.parametrize("writable", [True, False])
def test_a_cold_start_compiles_elsewhere(tmp_path: Path, writable: bool) -> None:
    """Whether the cache can be written or not: neither YAML nor pydantic gets into the process that will run."""
    (tmp_path / "cache").touch() if not writable else (tmp_path / "cache").mkdir()
    script = (
        "import sys\n"
        "from bot import child\n"
        "from knowledge.compiling import compiled\n"
        "from knowledge.engine import Knowledge\n"
        "known = Knowledge.load(compile_=lambda folders: child.call(compiled, folders))\n"
        "assert known.answer('how many QDLP pilots?').facts\n"
        f"print(*({HEAVY!r} & {{name.split('.')[0] for name in sys.modules}}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")},
    )
    assert done.stdout.strip() == ""
    assert len(list(tmp_path.glob("cache/factline/knowledge-*.pickle"))) == writable


def test_broken_data_is_told_as_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    shutil.copytree(ARTICLES, tmp_path / "articles")
    facts = tmp_path / "articles" / "harbour-museum-2025" / "facts.yaml"
    facts.write_text(facts.read_text(encoding="utf-8").replace('number: "9"', 'number: "nine"'), encoding="utf-8")
    with pytest.raises(KnowledgeError) as here:
        compiled([tmp_path / "articles"])
    with pytest.raises(KnowledgeError) as there:
        app.load_knowledge(Settings(articles=tmp_path / "articles"))
    assert str(there.value) == str(here.value)
    assert "facts.yaml" in str(there.value)
