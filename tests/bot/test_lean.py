"""A module can be hidden from an import, for as long as it takes."""

import os
import sys
from pathlib import Path

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
