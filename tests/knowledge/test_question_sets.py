"""Whole question sets: no false answer, ever, and a floor under what is right. Frozen sets show their score only."""

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.engine import Knowledge
from knowledge.evaluation import QuestionSetError, evaluate, judge, read_items
from tests.conftest import MEASURED
from tests.knowledge.conftest import Ask
from tests.knowledge.questions import FROZEN, SETS, items

FLOOR = 0.95
"""Share of the open sets' questions that come out right; a little below what was measured."""
Record = Callable[[str, object], None]


@pytest.fixture(scope="module")
def verdicts(knowledge: Knowledge) -> dict[Path, Counter[str]]:
    """How often each verdict fell, by set."""
    return {path: Counter(result.verdict for result in evaluate(knowledge, read_items(path))) for path in SETS}


@pytest.mark.parametrize("path", SETS, ids=[path.name for path in SETS])
def test_no_answer_of_an_open_set_is_false(verdicts: dict[Path, Counter[str]], path: Path) -> None:
    assert verdicts[path].total()
    assert verdicts[path]["false"] == 0


def test_the_open_sets_come_out_right(verdicts: dict[Path, Counter[str]], record_property: Record) -> None:
    total = sum(verdicts.values(), Counter[str]())
    record_property(MEASURED, score("open question sets", total))
    assert total["right"] >= FLOOR * total.total()


@pytest.mark.parametrize("path", FROZEN, ids=[path.name for path in FROZEN])
def test_no_answer_of_a_frozen_set_is_false(knowledge: Knowledge, path: Path, record_property: Record) -> None:
    total = Counter(result.verdict for result in evaluate(knowledge, read_items(path)))
    record_property(MEASURED, score(f"frozen set {path.name}", Counter(total)))
    false = total["false"]  # a bare number: the report of a failure must show no question
    assert false == 0


def score(name: str, counts: Counter[str]) -> str:
    share = 100 * counts["right"] / counts.total()
    return f"{name}: {counts['right']} of {counts.total()} right ({share:.1f} %), {counts['false']} false"


def test_there_are_enough_questions_of_every_kind() -> None:
    frozen = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in FROZEN)
    assert len(items()) >= 400
    assert frozen >= 130
    assert sum(item.expected == "none" for item in items()) >= 120
    assert {item.language for item in items()} >= {"en", "zh", "zh-Hant"}


def test_no_two_questions_have_one_id() -> None:
    counts = Counter(item.id for item in items())
    assert [name for name, count in counts.items() if count > 1] == []


def test_a_gold_reply_passes_its_own_expressions() -> None:
    for path in SETS:
        for line in path.read_text(encoding="utf-8").splitlines():
            raw = json.loads(line)
            if not raw.get("gold") or raw["outcome"] != "answer":
                continue
            for pattern in raw["must"]:
                assert re.search(pattern, raw["gold"], re.IGNORECASE), raw["id"]
            for pattern in raw.get("must_not", []):
                assert not re.search(pattern, raw["gold"], re.IGNORECASE), raw["id"]


def test_the_verdicts(tmp_path: Path, ask: Ask) -> None:
    def verdict(question: str, expected: str, must: str = "", must_not: str = "") -> str:
        path = tmp_path / "set.jsonl"
        raw = {"id": 1, "kind": "k", "lang": "en", "turns": [question], "outcome": expected}
        raw |= {"must": [must] if must else [], "must_not": [must_not] if must_not else []}
        path.write_text(json.dumps(raw) + "\n\n", encoding="utf-8")
        (item,) = read_items(path)
        return judge(item, ask(question))

    assert verdict("how many QDLP pilots?", "answer", r"\b4\b") == "right"
    assert verdict("how many QDLP pilots?", "answer", r"\b5\b") == "false"
    assert verdict("how many QDLP pilots?", "answer", r"\b4\b", "pilot") == "false"
    assert verdict("how many QDLP pilots?", "none") == "false"
    assert verdict("how many QFLP pilots?", "answer") == "missed"
    assert verdict("how many QFLP pilots?", "none") == "right"
    assert verdict("how many QFLP pilots?", "either", "QFLP") == "right"
    assert verdict("how many QFLP pilots?", "either", "nonsense") == "missed"


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "{}",
        '{"id": "a", "kind": "k", "lang": "en", "turns": ["x"], "outcome": "maybe"}',
        '{"id": "a", "kind": "k", "lang": "en", "turns": [], "outcome": "none"}',
        '{"id": "a", "kind": "k", "lang": "en", "turns": ["x"], "outcome": "none", "must": ["("]}',
        '{"id": "a", "kind": "k", "lang": "en", "turns": 5, "outcome": "none"}',
    ],
)
def test_a_broken_set_names_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_text("\n" + line + "\n", encoding="utf-8")
    with pytest.raises(QuestionSetError, match=r"broken\.jsonl:2: "):
        list(read_items(path))


def test_a_missing_set_is_said(tmp_path: Path) -> None:
    with pytest.raises(QuestionSetError, match="cannot be read"):
        list(read_items(tmp_path / "missing.jsonl"))
