"""Start of ``factline ask`` against ``python -c "import pydantic, rapidfuzz"``."""

import subprocess
import sys
from collections.abc import Iterator

from tests.benchmarks.row import Row, ratio

QUESTIONS = ("how many QDLP pilots?", "重庆QDLP额度多少", "hw mny asean bank brnches in CQ")


def run(*arguments: str) -> None:
    """Run Python once, output thrown away."""
    subprocess.run([sys.executable, *arguments], check=False, stdout=subprocess.DEVNULL)


def rows() -> Iterator[Row]:
    """The rows of starting."""
    for question in QUESTIONS:
        run("-m", "bot", "ask", question)  # the first start compiles the knowledge base into the cache
        times = ratio(
            lambda question=question: run("-m", "bot", "ask", question),  # type: ignore[misc]
            lambda: run("-c", "import pydantic, rapidfuzz"),
            rounds=25,
        )
        yield Row(f"factline ask “{question}”", f"{times:.2f} × import pydantic, rapidfuzz", "≤ 2 ×", times <= 2)
