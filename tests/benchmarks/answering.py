"""One answer, in process, against one ``extractOne(token_sort_ratio)`` over the same phrasings; and hostile lengths."""

import json
from collections.abc import Iterator
from pathlib import Path

from rapidfuzz import fuzz, process

from knowledge.engine import Knowledge
from tests.benchmarks.row import Row, ratio

QUESTIONS = Path(__file__).parents[1] / "questions"
REPEATED = 20


def questions() -> list[str]:
    """The last turn of every development question."""
    lines = [
        line for path in sorted(QUESTIONS.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return [json.loads(line)["turns"][-1] for line in lines]


def rows() -> Iterator[Row]:
    """The rows of answering."""
    knowledge = Knowledge.load()
    stored = [each for entry in knowledge.entries.values() for each in (*entry.phrasings_en, *entry.phrasings_zh)]
    asked = questions()
    for name, chosen in (
        ("English", [q for q in asked if q.isascii()]),
        ("Chinese", [q for q in asked if not q.isascii()]),
    ):
        times = ratio(
            lambda chosen=chosen: [knowledge.answer(question) for question in chosen],  # type: ignore[misc]
            lambda chosen=chosen: [
                process.extractOne(question, stored, scorer=fuzz.token_sort_ratio) for question in chosen
            ],  # type: ignore[misc]
        )
        what = f"one answer, {name}, over {len(stored)} phrasings"
        yield Row(what, f"{times:.1f} × one extractOne", "≤ 10 ×", times <= 10)
    for name, text in hostile().items():
        times = ratio(
            lambda text=text: [knowledge.answer(text) for _ in range(REPEATED)],  # type: ignore[misc]
            lambda: [
                knowledge.answer("How many QDLP pilot enterprises are there in Chongqing now?") for _ in range(REPEATED)
            ],
        )
        yield Row(f"hostile: {name}", f"{times:.1f} × an ordinary question", "≤ 5 ×", times <= 5)


def hostile() -> dict[str, str]:
    """Inputs that a careless matcher is slow on."""
    noise = "xq zvw " * 300
    return {
        "4,096 characters of noise round a question": (noise + "how many QDLP pilots? " + noise)[:4096],
        "500 repeated words": "quota " * 500,
        "one token of 4,000 letters": "q" * 4000,
        "4,096 Chinese characters": "重庆额度融资渠道测试" * 410,
    }
