"""The package is whole: the wheel has its data files and works on its own, and the image's files fit the checkout."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

import pytest
from ruamel.yaml import YAML

from bot.settings import PREFIX

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "handlers", "knowledge")
DATA = frozenset({".yaml", ".txt", ".po", ".mako", ".html", ".css", ".js", ".svg"})
PUBLIC_HOSTS = {"pypi.org", "files.pythonhosted.org"}
QUESTION = "how many QDLP pilots?"


def uv() -> str:
    """Find uv: beside the Python that runs the tests, where `make setup` puts it, or on the path."""
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if beside.exists() else shutil.which("uv")
    assert found, "uv is missing: run the tests with `make test`"
    return found


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    """Run a command outside the checkout's virtual environment, without the operator's settings."""
    removed = {"VIRTUAL_ENV", "PYTHONPATH", "UV_PROJECT_ENVIRONMENT"}
    kept = {k: v for k, v in os.environ.items() if k not in removed and not k.startswith(PREFIX)}
    done = subprocess.run(
        [str(each) for each in command],
        cwd=cwd,
        env=kept,
        capture_output=True,
        encoding="utf-8",
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, f"{shlex.join(map(str, command))}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def files_of_the_packages() -> set[str]:
    """List what is installed: everything but what Python and git leave out."""
    files = (path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file())
    return {
        path.relative_to(ROOT).as_posix()
        for path in files
        if path.parent.name != "__pycache__" and path.suffix not in {".mo", ".db"}
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(uv(), "build", "--quiet", "--wheel", "--python", sys.executable, "--out-dir", folder)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_every_file_of_the_packages_and_nothing_else(wheel: Path) -> None:
    ours = files_of_the_packages()
    assert {PurePosixPath(name).suffix for name in ours} >= DATA
    assert {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name} == ours


def test_the_wheel_answers_in_a_fresh_environment(wheel: Path, tmp_path: Path) -> None:
    locked, fresh = tmp_path / "locked.txt", tmp_path / "fresh"
    run(uv(), "export", "--quiet", "--locked", "--no-dev", "--no-emit-project", "--output-file", locked)
    run(uv(), "venv", "--quiet", "--python", sys.executable, fresh)
    run(uv(), "pip", "install", "--quiet", "--python", fresh / "bin" / "python", "--require-hashes", "-r", locked)
    run(uv(), "pip", "install", "--quiet", "--python", fresh / "bin" / "python", "--no-deps", wheel)
    answer = run(fresh / "bin" / "factline", "ask", QUESTION, cwd=tmp_path)
    assert "4" in answer.splitlines()[0]
    assert answer == run(fresh / "bin" / "python", "-m", "bot", "ask", QUESTION, cwd=tmp_path)
    assert "no findings" in run(fresh / "bin" / "factline", "check", cwd=tmp_path)
    # The interface's texts, the migrations and the chat page are read from the installed files too.
    run(fresh / "bin" / "python", "-c", INSTALLED, cwd=tmp_path)


INSTALLED = """
import asyncio
from handlers.texts import say
from bot.store.store import Store
from bot.sandbox.testing import Sandbox

async def main():
    async with await Store.open("sqlite:///factline.db"):
        pass

assert say("en", "command.help") != say("zh-Hans", "command.help") != "command.help"
asyncio.run(main())
Sandbox().start().stop()
"""


def test_the_lock_file_is_fresh_and_names_only_public_hosts() -> None:
    run(uv(), "lock", "--check", "--quiet", "--python", sys.executable)
    hosts = set(re.findall(r"https?://([^/\"]+)", (ROOT / "uv.lock").read_text(encoding="utf-8")))
    assert hosts == PUBLIC_HOSTS


def test_nothing_that_is_published_names_a_place_of_one_machine() -> None:
    files = [".ci/run", "Makefile", "Dockerfile", "compose.yaml", ".env.example", "pyproject.toml", "README.md"]
    local = re.compile(r"file://|/home/|/Users/|/root/|\b(?:10|192\.168)\.\d+\.\d+\b")
    assert [name for name in files if local.search((ROOT / name).read_text(encoding="utf-8"))] == []


Instruction = tuple[str, str]


def instructions() -> list[Instruction]:
    """Read the Dockerfile: comments out, continued lines joined."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = [line.strip() for line in text.replace("\\\n", " ").splitlines() if line.strip()]
    return [(name.upper(), rest.strip()) for name, _, rest in (line.partition(" ") for line in lines)]


def stages() -> list[list[Instruction]]:
    found: list[list[Instruction]] = []
    for instruction in instructions():
        if instruction[0] == "FROM":
            found.append([])
        found[-1].append(instruction)
    return found


def copied() -> list[str]:
    """List what the image takes from the checkout."""
    sources = []
    for name, rest in instructions():
        words = shlex.split(rest)
        if name in {"COPY", "ADD"} and not any(word.startswith("--from=") for word in words):
            sources += [word for word in words if not word.startswith("--")][:-1]
    return sources


def test_what_the_image_copies_exists_and_reaches_the_builder() -> None:
    lines = [line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    assert lines[0] == "*"
    assert copied()
    assert [source for source in copied() if not (ROOT / source).exists()] == []
    assert set(copied()) == {line[1:] for line in lines if line.startswith("!")}
    assert set(PACKAGES) <= set(copied())


def test_the_image_copies_only_between_its_own_stages() -> None:
    names = {rest.split()[2] for name, rest in instructions() if name == "FROM" and " AS " in rest}
    used = {source for name, rest in instructions() if name == "COPY" for source in re.findall(r"--from=(\S+)", rest)}
    assert used
    assert used <= names


def test_the_image_runs_as_a_numeric_user_with_exec_forms() -> None:
    last = dict(stages()[-1])
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", last["USER"])
    assert last["ENTRYPOINT"] == '["factline"]'
    assert last["CMD"].startswith("[")
    assert "/healthz" in last["HEALTHCHECK"]
    assert last["VOLUME"] == '["/data"]'
    assert not any("<<" in rest for _, rest in instructions())


def test_the_image_holds_no_secret() -> None:
    given = " ".join(rest for name, rest in instructions() if name in {"ENV", "ARG"})
    assert not re.search(r"TOKEN|SECRET|PASSWORD", given, re.IGNORECASE)


def test_compose_builds_this_image_and_keeps_its_data() -> None:
    compose = YAML(typ="safe").load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    service = compose["services"]["factline"]
    assert service["build"] == "."
    assert service["env_file"] == ".env"
    assert set(service["volumes"]) == {f"{name}:/data" for name in compose["volumes"]}
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert service["healthcheck"]["test"][0] == "CMD"


def test_the_check_of_a_clean_checkout_can_be_started() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    run("bash", "-n", script)
    assert "step make test" in script.read_text(encoding="utf-8")
