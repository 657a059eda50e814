"""The shape of the code: imports point down, nothing goes round in a circle, nothing private is in the repository."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("knowledge", "handlers", "bot")
ASSEMBLY = ("bot.app", "bot.commands", "bot.cli", "bot.__main__", "bot.running")
"""Modules that put the parts together; every other module of the bot is a leaf that handlers may use."""
PUBLIC_HOSTS = {"pypi.org", "files.pythonhosted.org"}


@cache
def modules() -> dict[str, Path]:
    """Every module of ours by its name."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(name: str, *, at_start: bool) -> Iterator[str]:
    """Modules of ours that a module imports: when it is imported itself, or at any time."""
    tree = ast.parse(modules()[name].read_text(encoding="utf-8"))
    for node in nodes(tree, at_start=at_start):
        if isinstance(node, ast.Import):
            for each in node.names:
                yield from ours(each.name)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for each in node.names:
                inner = f"{node.module}.{each.name}"
                yield from ours(inner if inner in modules() else node.module)


def nodes(tree: ast.AST, *, at_start: bool) -> Iterator[ast.AST]:
    """The nodes of a module; at its start, not those in functions and not those for the type checker."""
    for node in ast.iter_child_nodes(tree):
        if at_start and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if at_start and isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        yield node
        yield from nodes(node, at_start=at_start)


def ours(name: str) -> Iterator[str]:
    if name in modules():
        yield name


def test_the_knowledge_imports_nothing_of_ours() -> None:
    for name in modules():
        if name.startswith("knowledge"):
            assert {each.split(".")[0] for each in imports(name, at_start=False)} <= {"knowledge"}, name


def test_the_knowledge_is_pure() -> None:
    foreign = {"telegram", "sqlalchemy", "asyncio", "httpx", "starlette", "socket", "subprocess", "threading"}
    for name, path in modules().items():
        if name.startswith("knowledge"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    assert not {each.name.split(".")[0] for each in node.names} & foreign, name
                elif isinstance(node, ast.ImportFrom):
                    assert (node.module or "").split(".")[0] not in foreign, name


def test_handlers_import_the_knowledge_and_leaves_of_the_bot_only() -> None:
    for name in modules():
        if name.startswith("handlers"):
            for imported in imports(name, at_start=False):
                assert not imported.startswith(ASSEMBLY), (name, imported)


def test_only_what_assembles_imports_handlers() -> None:
    for name in modules():
        if name.startswith("bot") and not name.startswith(ASSEMBLY):
            assert not [each for each in imports(name, at_start=False) if each.startswith("handlers")], name


def test_the_sandbox_knows_nothing_of_the_bot() -> None:
    """The local Telegram stands beside the bot: what it accepts must not come from what the bot sends."""
    for name in modules():
        if name.startswith("bot.sandbox"):
            others = [each for each in imports(name, at_start=False) if not each.startswith("bot.sandbox")]
            assert not [each for each in others if each != "bot"], name


@pytest.mark.parametrize("at_start", [True], ids=["at start"])
def test_no_circle_of_imports(at_start: bool) -> None:
    graph = {name: set(imports(name, at_start=at_start)) - {name} for name in modules()}
    done: set[str] = set()
    for name in graph:
        circle = circle_from(name, graph, [], done)
        assert circle == [], " → ".join(circle)


def circle_from(name: str, graph: dict[str, set[str]], path: list[str], done: set[str]) -> list[str]:
    if name in path:
        return [*path[path.index(name) :], name]
    if name in done:
        return []
    for imported in sorted(graph[name]):
        circle = circle_from(imported, graph, [*path, name], done)
        if circle:
            return circle
    done.add(name)
    return []


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "util", "helpers", "helper", "const", "constants", "common", "misc", "manager", "service"}
    for name in modules():
        assert not set(name.split(".")) & drawers, name


def test_every_module_says_in_a_line_what_it_is() -> None:
    for name, path in modules().items():
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), name


def test_the_top_level_holds_three_packages() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert packages == set(PACKAGES)


@cache
def tracked() -> list[Path]:
    """Files of the repository; a copy without its history has none."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


def contents() -> Iterator[tuple[Path, str]]:
    if not tracked():
        pytest.skip("no git repository here")
    for path in tracked():
        if path.is_file():
            try:
                yield path, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


HOME = re.compile("/" + r"(?:home|Users)/[a-z]\w+/|[A-Z]:\\\\?Users\\")
"""A folder of someone's machine."""
SECRETS = re.compile(
    r"gh[pousr]_[A-Za-z0-9]{36}|AKIA[0-9A-Z]{16}|xox[bap]-[0-9A-Za-z-]{20}|-----BEGIN (?:RSA |EC )?PRIVATE KEY"
)


def test_no_tracked_file_names_a_machine_or_holds_a_secret() -> None:
    work = "/" + "work/"
    for path, written in contents():
        assert not HOME.search(written), path
        assert not SECRETS.search(written), path
        assert work + "main" not in written, path
        assert work + "shared" not in written, path


def test_no_tracked_file_holds_a_real_looking_token_but_the_tests() -> None:
    token = re.compile(r"\b\d{8,10}:[A-Za-z0-9_-]{35}\b")
    for path, written in contents():
        if path.relative_to(ROOT).parts[0] != "tests":
            assert not token.search(written), path


def test_the_lock_file_names_only_public_hosts() -> None:
    written = (ROOT / "uv.lock").read_text(encoding="utf-8")
    assert set(re.findall(r"https?://([^/\"\s]+)", written)) <= PUBLIC_HOSTS
    assert "file://" not in written
    locked = tomllib.loads(written)
    sources = {str(package["source"]) for package in locked["package"]}
    assert sources <= {str({"registry": "https://pypi.org/simple"}), str({"editable": "."})}


def test_every_dependency_is_imported_somewhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {re.split(r"[><=\[; ]", each)[0] for each in project["dependencies"]}
    modules_of = {"python-telegram-bot": "telegram", "ruamel-yaml": "ruamel"}
    through_others = {"asyncpg", "sniffio"}  # SQLAlchemy's driver, and what httpcore looks for
    source = "\n".join(path.read_text(encoding="utf-8") for path in modules().values())
    source += (ROOT / "bot/store/migrations/env.py").read_text(encoding="utf-8")
    for name in named - through_others:
        module = modules_of.get(name, name.replace("-", "_"))
        assert re.search(rf"\b(?:import|from) {module}\b", source), name
