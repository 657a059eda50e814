"""A module can be hidden from an import, for as long as it takes."""

import os
import ssl
import subprocess
import sys
from pathlib import Path

import certifi
import pytest

from bot import lean


def test_a_module_is_hidden_for_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "extra_of_a_library.py").write_text("HERE = True", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    with lean.without("extra_of_a_library", "os"):
        with pytest.raises(ModuleNotFoundError):
            __import__("extra_of_a_library")
        assert __import__("os") is os
    assert __import__("extra_of_a_library").HERE
    assert sys.modules["os"] is os


def test_it_is_found_again_after_an_error() -> None:
    with pytest.raises(KeyError), lean.without("turtledemo"):
        raise KeyError
    assert "turtledemo" not in sys.modules


def test_a_stand_in_can_be_named_and_is_gone_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real_thing.py").write_text("class Thing: HERE = True", encoding="utf-8")
    (tmp_path / "names_it.py").write_text(
        "import real_thing\ndef use(it: real_thing.Thing | None) -> None: ...\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    with lean.standing_in("real_thing", "os"):
        __import__("names_it")
        assert __import__("os") is os
        assert not hasattr(__import__("real_thing"), "__file__")
    assert __import__("real_thing").Thing.HERE


RESTARTED = """
import os, sys
from bot import lean
if sys.flags.optimize < 2:
    print(os.getpid(), sys.argv[1:], flush=True)
lean.restart()
print(os.getpid(), sys.argv[1:])
print(sys.flags.dev_mode, lean.__doc__, os.environ["MALLOC_ARENA_MAX"])
"""


def test_a_restart_is_the_same_process_and_command_without_docstrings() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-c", RESTARTED, "a b", "-OO"],
        capture_output=True,
        text=True,
        check=True,
        env={name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
    )
    before, after, state = done.stdout.splitlines()
    assert after == before
    assert state == "True None 1"


def test_without_a_python_to_restart_all_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    lean.restart()


def test_what_is_prepared_for_tls_within_a_block_trusts_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", certifi.where())
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    with lean.trusting_nobody():
        assert ssl.create_default_context().get_ca_certs() == []
        assert ssl.create_default_context().verify_mode is ssl.CERT_REQUIRED
    assert ssl.create_default_context().get_ca_certs() != []
    assert os.environ["SSL_CERT_FILE"] == certifi.where()
    assert "SSL_CERT_DIR" not in os.environ
