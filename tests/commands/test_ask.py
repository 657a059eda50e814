"""``factline ask``: one question, one answer, an exit code; or a stream of them as JSON lines."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.commands.command import FACTLINE, ROOT, environment, run

KEYS = ["question", "outcome", "text", "language", "facts", "confidence", "suggestions"]


def test_an_answer_exits_0() -> None:
    done = run("ask", "how many QDLP pilots?")
    assert done.returncode == 0
    first, source = done.stdout.splitlines()
    assert "4 QDLP pilot" in first
    assert source.startswith("Source: Sou Hu Cai Jing, 2026-01-14")
    assert done.stderr == ""


def test_no_answer_exits_3() -> None:
    done = run("ask", "how many QFLP pilots?")
    assert done.returncode == 3
    assert "does not mention QFLP" in done.stdout


def test_small_talk_exits_0() -> None:
    assert run("ask", "hello").returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask"],
        ["ask", "a", "b"],
        ["ask", "x", "--jsonl"],
        ["ask", "x", "--lang", "fr"],
        ["ask", "x", "--nonsense"],
        ["wat"],
    ],
    ids=" ".join,
)
def test_bad_usage_exits_2(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_explain_shows_why() -> None:
    done = run("ask", "how many qdlp piltos in Shanghai", "--explain")
    assert done.returncode == 3
    for words in ("normalised  how many", "names.places.shanghai", "left over   shanghai", "candidates", "rule  "):
        assert words in done.stdout
    assert "refused: unexplained: shanghai" in done.stdout
    assert "(repaired: " in done.stdout


@pytest.mark.parametrize(
    ("language", "words"), [("en", "policies"), ("zh-Hans", "项"), ("zh-Hant", "項"), ("zh", "项"), ("ZH-HANT", "項")]
)
def test_lang_is_the_language_of_the_answer(language: str, words: str) -> None:
    done = run("ask", "how many policies", "--lang", language)
    assert done.returncode == 0
    assert words in done.stdout


def test_json_has_the_keys_of_the_contract() -> None:
    done = run("ask", "--json", "how many QDLP pilots?")
    reply: dict[str, Any] = json.loads(done.stdout)
    assert list(reply) == KEYS
    assert reply["question"] == "how many QDLP pilots?"
    assert reply["outcome"] == "answer"
    assert reply["language"] == "en"
    assert reply["facts"] == ["qdlp-enterprises"]
    assert 0 < reply["confidence"] <= 1
    assert reply["suggestions"] == []


def test_json_of_a_refusal_and_with_evidence() -> None:
    done = run("ask", "上海QDLP額度？", "--json", "--explain")
    assert done.returncode == 3
    reply: dict[str, Any] = json.loads(done.stdout)
    assert list(reply) == [*KEYS, "evidence"]
    assert (reply["outcome"], reply["language"]) == ("none", "zh-Hant")
    assert reply["evidence"]["leftover"] == ["上海"]


PLAIN = [
    ["how many QDLP pilots?"],
    ["QDLP有几家", "--explain"],
    ["--json", "quota of QFLP"],
    ["x", "--json", "--explain"],
]


@pytest.mark.parametrize("arguments", PLAIN, ids=" ".join)
def test_the_form_that_is_read_by_hand_equals_typers(arguments: list[str]) -> None:
    by_typer = f"import sys; sys.argv[0] = 'factline'; from bot.cli import app; app({['ask', *arguments]!r})"
    by_hand, through_typer = run("ask", *arguments), run(program=[sys.executable, "-c", by_typer])
    assert (by_hand.returncode, by_hand.stdout, by_hand.stderr) == (
        through_typer.returncode,
        through_typer.stdout,
        through_typer.stderr,
    )


def test_the_installed_command_is_the_same() -> None:
    assert FACTLINE.exists()
    for arguments in (["ask", "how many QDLP pilots?"], ["ask", "QFLP", "--json"], ["--help"]):
        ours, installed = run(*arguments), run(*arguments, program=[str(FACTLINE)])
        assert (ours.returncode, ours.stdout.replace("python -m bot", "factline")) == (
            installed.returncode,
            installed.stdout.replace("python -m bot", "factline"),
        )


def test_a_question_loads_neither_telegram_nor_database_nor_web_nor_pydantic() -> None:
    run("ask", "how many QDLP pilots?")
    script = (
        "import sys; sys.argv = ['factline', 'ask', 'how many QDLP pilots?']\n"
        "from bot.__main__ import main\n"
        "try: main()\n"
        "except SystemExit as end: assert end.code == 0\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    loaded = set(run(program=[sys.executable, "-c", script]).stderr.split())
    heavy = {"telegram", "sqlalchemy", "starlette", "uvicorn", "pydantic", "typer", "rich", "httpx", "ruamel", "babel"}
    assert loaded & {"knowledge"}
    assert not loaded & heavy


@pytest.mark.parametrize("question", ["", " ", "🙂", "\u202e", "<b>", "-", "--", "' OR 1=1"])
def test_odd_questions_end_well(question: str) -> None:
    done = run("ask", "--", question) if question.startswith("-") else run("ask", question)
    assert done.returncode in {0, 3}
    assert done.stdout.strip()
    assert "Traceback" not in done.stderr


def test_a_reader_that_goes_away_is_no_error() -> None:
    done = run(program=["/bin/sh", "-c", f'"{sys.executable}" -m bot ask "how many pilots" | true'])
    assert "Traceback" not in done.stderr


# --- a stream of questions ---


def replies(*lines: str) -> list[dict[str, Any]]:
    done = run("ask", "--jsonl", typed="".join(line + "\n" for line in lines))
    assert done.returncode == 0
    assert done.stderr == ""
    return [json.loads(line) for line in done.stdout.splitlines()]


def line(question: str, chat: str | None = None) -> str:
    return json.dumps({"question": question} | ({"chat": chat} if chat is not None else {}), ensure_ascii=False)


def test_each_line_gets_one_reply_in_order() -> None:
    got = replies(line("how many QDLP pilots?"), line("上海QDLP额度"), "", line("hi"), line("東盟分行幾家"))
    assert [each["outcome"] for each in got] == ["answer", "none", "chat", "answer"]
    assert [each["language"] for each in got] == ["en", "zh-Hans", "en", "zh-Hant"]
    assert all(list(each) == KEYS for each in got)


def test_a_chat_keeps_its_follow_ups_apart() -> None:
    got = replies(
        line("how many QDLP pilots?", "a"),
        line("how many bonds were issued?", "b"),
        line("and the quota?", "a"),
        line("what is their rank?", "b"),
        line("which ones?"),
    )
    assert got[2]["facts"] == ["qdlp-quota"]
    assert got[3]["facts"] == ["bonds-rank"]
    assert got[4]["outcome"] != "answer"


def test_a_bad_line_gets_an_error_object_and_the_run_goes_on() -> None:
    bad = ["{", "[]", "null", "7", '"x"', "{}", '{"question": 5}', '{"question": null}', "[" * 5000, "\x00"]
    got = replies(*bad, line("how many QDLP pilots?"))
    assert len(got) == len(bad) + 1
    for number, each in enumerate(got[:-1], 1):
        assert list(each) == ["error", "line"]
        assert each["line"] == number
    assert got[-1]["facts"] == ["qdlp-enterprises"]


def test_bytes_that_are_no_utf8_and_lone_surrogates_end_nothing() -> None:
    typed = b'{"question": "\xff\xfe quota"}\n' + rb'{"question": "\ud800 QDLP quota"}' + b'\n{"question": "hi"}\n'
    done = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "--jsonl"],
        input=typed,
        env=environment(),
        cwd=ROOT,
        capture_output=True,
        timeout=120,
        check=True,
    )
    got = [json.loads(each) for each in done.stdout.decode("utf-8").splitlines()]
    assert len(got) == 3
    assert got[1]["facts"] == ["qdlp-quota"]


def test_a_reply_comes_before_the_next_line_is_written() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "ask", "--jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(),
        cwd=ROOT,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdin
        assert process.stdout
        for question, outcome in (("how many QDLP pilots?", "answer"), ("QFLP?", "none"), ("thanks", "chat")):
            process.stdin.write(line(question) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["outcome"] == outcome
        process.stdin.close()
        assert process.wait(timeout=30) == 0


def test_lang_holds_for_the_whole_stream() -> None:
    done = run("ask", "--jsonl", "--lang", "zh-Hant", typed=line("how many policies") + "\n")
    assert json.loads(done.stdout)["language"] == "zh-Hant"
