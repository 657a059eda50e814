"""The documents hold: their commands run and print what they say, and nothing that can be set or called is left out.

In the documents, a block marked ``console`` is run: lines that begin with ``$ `` are commands, the lines below them are
what is printed, with ``…`` for whatever is not repeated. A block with ``file=NAME`` is written to that file first. All
blocks of a page share one folder. Any other block is only shown.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import pytest
from typer.main import get_command

from bot.cli import app
from bot.commands.run import ExitCode
from bot.metrics import Metrics
from bot.settings import PREFIX
from bot.settings_form import Form, load
from handlers import menus, routes
from knowledge import schema

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
OPERATIONS = ROOT / "docs" / "operations.md"
KNOWLEDGE = ROOT / "docs" / "knowledge.md"
PAGES = [README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(?P<kind>\w+)(?: file=(?P<file>\S+))?\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)(?:#[^)\s]*)?\)")
EXPORT = re.compile(r"export (\w+)=(\S*)")


@dataclass(frozen=True)
class Step:
    """A file to write, or a command with what it prints."""

    file: str = ""
    command: str = ""
    text: str = ""


def steps(page: Path) -> Iterator[Step]:
    """Read a page's steps, in order."""
    for block in BLOCK.finditer(page.read_text(encoding="utf-8")):
        if block["file"]:
            yield Step(file=block["file"], text=block["body"])
        elif block["kind"] == "console":
            for part in re.split(r"^\$ ", block["body"], flags=re.MULTILINE)[1:]:
                command, _, printed = part.partition("\n")
                yield Step(command=command, text=printed)


def as_pattern(printed: str) -> str:
    """Make a pattern of what a page shows: ``…`` alone on a line stands for lines, elsewhere for some characters."""
    lines = [
        r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", r"[^\n]*?") + r"\n"
        for line in printed.splitlines()
    ]
    return "".join(lines)


def environment() -> dict[str, str]:
    """Return an environment without the operator's own settings, in which `factline` is the one under test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return {**kept, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', '')}"}


@pytest.mark.parametrize("page", [page for page in PAGES if any(steps(page))], ids=lambda page: page.name)
def test_what_a_page_shows_happens(page: Path, tmp_path: Path) -> None:
    variables = {**environment(), "XDG_CACHE_HOME": str(tmp_path / ".cache")}
    for step in steps(page):
        if step.file:
            target = tmp_path / step.file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(step.text, encoding="utf-8")
        elif exported := EXPORT.fullmatch(step.command):
            variables[exported[1]] = exported[2]
        else:
            done = subprocess.run(
                step.command,
                shell=True,
                cwd=tmp_path,
                env=variables,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                timeout=120,
                check=False,
            )
            assert re.fullmatch(as_pattern(step.text), done.stdout), f"$ {step.command}\n{done.stdout}"


def test_readme_answers_five_questions_and_refuses_where_the_article_is_silent() -> None:
    asked = [step.command for step in steps(README) if step.command.startswith("factline ask ")]
    assert len(asked) >= 5
    assert any("does not" in step.text or "no such figure" in step.text for step in steps(README))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def settings_named_in(text: str) -> set[str]:
    return set(re.findall(rf"\b{PREFIX}[A-Z_]*[A-Z]\b", text))


@pytest.mark.parametrize("page", [OPERATIONS, ROOT / ".env.example"], ids=lambda page: page.name)
def test_every_setting_is_documented_and_no_other(page: Path) -> None:
    known = {PREFIX + name.upper() for name in Form.model_fields}
    assert settings_named_in(page.read_text(encoding="utf-8")) == known


@pytest.mark.parametrize("page", [*PAGES, ROOT / "compose.yaml", ROOT / "Dockerfile"], ids=lambda page: page.name)
def test_no_page_names_a_setting_that_is_not_there(page: Path) -> None:
    known = {PREFIX + name.upper() for name in Form.model_fields}
    assert settings_named_in(page.read_text(encoding="utf-8")) <= known


def test_examples_of_settings_are_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Form.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    defaults = load()
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    shown = dict(re.findall(rf"^#({PREFIX}\w+)=(.+)$", text, re.MULTILINE))
    assert shown  # those without a default are shown without a value
    for name, value in shown.items():
        monkeypatch.setenv(name, value)
    assert load() == defaults


def test_every_metric_and_exit_code_is_documented() -> None:
    text = OPERATIONS.read_text(encoding="utf-8")
    metrics = [family.name for family in Metrics().registry.collect()]
    assert metrics
    assert [name for name in metrics if f"`{name}`" not in text] == []
    assert [code for code in ExitCode if f"\n| {code.value} | " not in text] == []


def test_no_example_holds_a_secret() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == []


def commands_named_in(page: Path) -> set[str]:
    """Return the commands of the command line that a page names in code."""
    return set(re.findall(r"(?:`|^\$ )factline ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE))


def test_every_command_of_the_command_line_is_in_the_readme() -> None:
    known = set(get_command(app).commands)  # type: ignore[attr-defined]
    assert known <= commands_named_in(README)
    for page in PAGES:
        assert commands_named_in(page) <= known, page.name


def test_every_command_of_the_bot_is_in_the_readme() -> None:
    text = README.read_text(encoding="utf-8")
    named = set(re.findall(r"`/([a-z]+)", text))
    assert named == {*routes.COMMANDS, *routes.ADMIN_COMMANDS}
    assert {*menus.PRIVATE, *menus.GROUP, *menus.ADMIN} <= named


@pytest.mark.parametrize(
    "part",
    [schema.Article, schema.Concept, schema.Fact, schema.Derivation, schema.Gap, schema.Value, schema.Evidence],
    ids=lambda part: part.__name__,
)
def test_every_field_of_the_knowledge_files_is_explained(part: type) -> None:
    text = KNOWLEDGE.read_text(encoding="utf-8")
    assert [field.name for field in fields(part) if f"`{field.name}`" not in text] == []


def test_every_module_that_the_architecture_names_exists() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:bot|handlers|knowledge|tests)/[\w/]*(?:\.py)?)`", text))
    assert named
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def test_every_make_target_of_a_page_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for page in [*PAGES, ROOT / ".ci" / "run"]:
        assert set(re.findall(r"\bmake ([a-z]+)[`\n]", page.read_text(encoding="utf-8"))) <= targets, page.name


def test_make_help_lists_every_target() -> None:
    assert shutil.which("make"), "make is needed to build Factline at all"
    shown = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, timeout=30, check=True
    ).stdout
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert phony is not None
    assert [line.split()[1] for line in shown.splitlines()] == phony[1].split()


def test_the_changelog_tells_of_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
