"""``factline check``, ``eval`` and ``schema``: exit codes, and a line for everything that is wrong."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.commands.command import ROOT, run

SHARED = Path(os.environ.get("FACTLINE_SHARED") or ROOT.parent / "shared")
ARTICLE = SHARED / "article" / "chongqing-singapore-2026.txt"
TESTED = ROOT / "tests" / "articles"


def test_the_shipped_data_have_no_findings() -> None:
    done = run("check")
    assert done.returncode == 0, done.stdout
    assert "no findings" in done.stdout


@pytest.mark.skipif(not ARTICLE.is_file(), reason=f"the article's text is not in the repository, nor at {SHARED}")
def test_the_articles_own_text_proves_every_figure() -> None:
    done = run("check", "--text", str(ARTICLE))
    assert done.returncode == 0, done.stdout
    assert f"{ARTICLE.name} proves every figure" in done.stdout


@pytest.mark.skipif(not ARTICLE.is_file(), reason=f"the article's text is not in the repository, nor at {SHARED}")
def test_a_sentence_is_quoted_where_the_operator_has_the_text() -> None:
    done = run("ask", "how many QDLP pilots?", "--lang", "en", settings={"FACTLINE_ARTICLES": str(ARTICLE.parent)})
    assert done.returncode == 0
    assert "4 QDLP pilot" in done.stdout


def test_a_second_articles_text_proves_its_figures() -> None:
    text = TESTED / "harbour-museum-2025.txt"
    done = run("check", "--text", str(text), settings={"FACTLINE_ARTICLES": str(TESTED)})
    assert done.returncode == 0, done.stdout
    assert "2 article(s)" in done.stdout


def test_another_text_proves_nothing(tmp_path: Path) -> None:
    (tmp_path / "chongqing-singapore-2026.txt").write_text("Something else.", encoding="utf-8")
    done = run("check", "--text", str(tmp_path / "chongqing-singapore-2026.txt"))
    assert done.returncode == 1
    assert "chongqing-singapore-2026/article.yaml:" in done.stdout
    assert "SHA-256" in done.stdout


def test_a_text_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    done = run("check", "--text", str(tmp_path / "missing.txt"))
    assert done.returncode == 1
    assert "cannot be read" in done.stdout
    assert "Traceback" not in done.stderr


def question(outcome: str, must: str = "", **more: Any) -> str:
    raw = {"id": "q", "kind": "direct", "lang": "en", "turns": ["how many QDLP pilots?"], "outcome": outcome}
    return json.dumps({**raw, "must": [must] if must else [], **more})


def test_a_set_without_a_false_answer_exits_0(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    missed = question("answer", turns=["how many QFLP pilots?"])
    path.write_text(question("answer", r"\b4\b") + "\n" + missed + "\n", encoding="utf-8")
    done = run("eval", str(path))
    assert done.returncode == 0
    assert "2 questions: 1 right (50.0 %), 0 false, 1 missed" in done.stdout
    assert "how many QFLP pilots?" not in done.stdout


def test_a_false_answer_exits_1_and_show_shows_it(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(question("none") + "\n", encoding="utf-8")
    done = run("eval", str(path), "--show")
    assert done.returncode == 1
    assert "1 questions: 0 right (0.0 %), 1 false, 0 missed" in done.stdout
    assert "false  q  how many QDLP pilots?" in done.stdout


def test_several_sets_are_counted_together(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.jsonl").write_text(question("answer", "4") + "\n", encoding="utf-8")
    done = run("eval", str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl"))
    assert "2 questions: 2 right (100.0 %)" in done.stdout


def test_an_empty_set_has_no_questions(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n", encoding="utf-8")
    done = run("eval", str(tmp_path / "empty.jsonl"))
    assert done.returncode == 0
    assert "0 questions" in done.stdout


@pytest.mark.parametrize("content", ["{", '{"id": 1}', question("maybe"), question("none", "(")])
def test_a_broken_set_exits_2_and_names_its_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_text(question("answer") + "\n" + content + "\n", encoding="utf-8")
    done = run("eval", str(path))
    assert done.returncode == 2
    assert "broken.jsonl:2" in done.stderr.replace("\n", "")
    assert "Traceback" not in done.stderr


def test_a_set_that_is_not_there_exits_2(tmp_path: Path) -> None:
    assert run("eval", str(tmp_path / "missing.jsonl")).returncode == 2
    assert run("eval").returncode == 2


@pytest.mark.parametrize("part", ["article", "concepts", "facts", "derivations"])
def test_the_schema_of_each_file_is_json(part: str) -> None:
    done = run("schema", part)
    assert done.returncode == 0
    assert json.loads(done.stdout)


def test_a_schema_that_is_not_there_exits_1() -> None:
    done = run("schema", "nonsense")
    assert done.returncode == 1
    assert "no knowledge file" in done.stderr


def test_help_names_every_command() -> None:
    done = run("--help")
    assert done.returncode == 0
    for command in ("ask", "chat", "check", "eval", "schema"):
        assert command in done.stdout
