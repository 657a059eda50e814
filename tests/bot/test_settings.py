"""Settings are read once; what is wrong with them is one sentence without a secret."""

import pickle
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError
from bot.settings_form import Form, load

TOKEN = "123456789:AAEabcdefghijklmnopqrstuvwxyz012345"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def test_nothing_has_to_be_set() -> None:
    settings = load()
    assert settings.token is None
    assert settings.admins == frozenset()
    assert settings.database_url.get_secret_value() == "sqlite:///factline.db"


def test_environment_and_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"FACTLINE_TOKEN={TOKEN}\nFACTLINE_ADMINS=1, 22\nOTHER=x\n")
    monkeypatch.setenv("FACTLINE_ADMINS", "333 4444444444")
    monkeypatch.setenv("FACTLINE_PORT", "")
    settings = load()
    assert settings.token is not None
    assert settings.token.get_secret_value() == TOKEN
    assert settings.admins == {333, 4444444444}
    assert settings.port == 8080


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TOKEN", "hunter2"),
        ("TOKEN", f"{TOKEN} hunter2"),
        ("API_URL", "hunter2"),
        ("ADMINS", "1,hunter2"),
        ("ADMINS", "-5"),
        ("DATABASE_URL", "mysql://root:hunter2@host/x"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite://"),
        ("WEBHOOK_URL", "http://bot.example.org/hunter2"),
        ("WEBHOOK_URL", "bot.example.org"),
        ("WEBHOOK_SECRET", "hunter2 with blanks"),
        ("LISTEN", "not an address hunter2"),
        ("PORT", "hunter2"),
        ("PORT", "70000"),
        ("ARTICLES", "/nowhere/hunter2"),
        ("LANGUAGE", "hunter2"),
        ("TIMEZONE", "Mars/hunter2"),
        ("TIMEZONE", "../../etc/passwd"),
        ("BROADCAST_RATE", "nan"),
        ("BROADCAST_RATE", "0"),
    ],
)
def test_what_is_malformed_is_one_sentence(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"FACTLINE_{name}", value)
    with pytest.raises(SettingsError) as caught:
        load()
    said = str(caught.value)
    assert said.startswith((f"FACTLINE_{name} must be ", f"FACTLINE_{name} must have "))
    assert said.endswith(".")
    assert "\n" not in said
    assert "hunter2" not in said
    assert caught.value.__cause__ is None


def test_several_faults_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTLINE_PORT", "x")
    monkeypatch.setenv("FACTLINE_ADMINS", "y,z")
    with pytest.raises(SettingsError, match=r"FACTLINE_ADMINS .*; FACTLINE_PORT"):
        load()


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match=r"\.env is not UTF-8"):
        load()


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("sqlite:///data/x.db", "sqlite:///data/x.db"),
        ("sqlite+aiosqlite:////data/x.db", "sqlite:////data/x.db"),
        ("postgres://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
        ("postgresql://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
    ],
)
def test_common_spellings_of_a_database(given: str, used: str) -> None:
    assert load(database_url=given).database_url.get_secret_value() == used


def test_no_secret_is_shown() -> None:
    settings = load(token=TOKEN, webhook_secret="hunter2", database_url="postgres://u:hunter2@h/d")
    for shown in (repr(settings), str(settings), f"{settings.token} {settings.webhook_secret} {settings.database_url}"):
        assert TOKEN not in shown
        assert "hunter2" not in shown


def test_settings_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        load().port = 1  # type: ignore[misc]


def test_what_is_read_is_what_is_set_with_the_same_defaults() -> None:
    assert list(Form.model_fields) == [field.name for field in fields(Settings)]
    assert load() == Settings()
    settings = load(token=TOKEN, articles=Path(__file__).parent, admins="1 2")
    assert pickle.loads(pickle.dumps(settings)) == settings, "it comes from a process of its own"


def test_a_webhook_of_the_same_machine_may_be_http() -> None:
    local = load(webhook_url="http://127.0.0.1:9000/x/", api_url="http://localhost:8081")
    assert local.webhook_url == "http://127.0.0.1:9000/x"


def test_every_replica_derives_the_same_secret() -> None:
    one, two = load(token=TOKEN).secret_of_webhook(), load(token=TOKEN).secret_of_webhook()
    assert one == two
    assert len(one) == 64
    assert one != load(token=TOKEN[:-1] + "6").secret_of_webhook()
    assert load(token=TOKEN, webhook_secret="own").secret_of_webhook() == "own"
