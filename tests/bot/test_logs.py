"""No line of any log holds a token or a control character, at any level and from any library."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import logs

TOKEN = "123456789:AAEabcdefghijklmnopqrstuvwxyz012345"
URL = f"https://api.telegram.org/bot{TOKEN}/getMe"


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in logs.QUIET}
    yield
    root.handlers, root.level = handlers, level
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


@pytest.fixture(params=[True, False], ids=["json", "console"])
def output(request: pytest.FixtureRequest) -> io.StringIO:
    stream = io.StringIO()
    logs.configure(level="DEBUG", json=request.param, stream=stream)
    return stream


def fail() -> None:
    raise ValueError(f"cannot reach {URL}")


def test_tokens_are_taken_out_everywhere(output: io.StringIO) -> None:
    plain, own = logging.getLogger("some.library"), structlog.get_logger("factline")
    plain.info("GET %s", URL)
    plain.info(f"GET {URL}")
    plain.info("GET %(url)s", {"url": URL})
    plain.warning("too few %s %s", URL)
    plain.info({"url": URL})
    plain.info("escaped %s", URL.replace(":AAE", "%3AAAE"))
    plain.info("with the stack", stack_info=True)
    own.info(f"GET {URL}", url=URL, deep={URL: [URL, (URL,)]}, thing=ValueError(URL), raw=URL.encode())
    try:
        fail()
    except ValueError:
        plain.exception("failed")
        own.exception("failed", of=URL)
    text = output.getvalue()
    assert text.count(logs.MASK) >= 12
    assert "AAEabcdef" not in text
    assert "ValueError" in text


def test_control_characters_forge_nothing(output: io.StringIO) -> None:
    evil = 'first\n{"event": "forged"}\r\x1b[31m\x00\x9b\u2028\u202e\ud800 end'
    structlog.get_logger("factline").info(evil, name=evil)
    logging.getLogger("some.library").info("said %s", evil)
    text = output.getvalue()
    assert len(text.splitlines()) == 2
    assert not any(character in text for character in "\r\x1b\x00\x9b\u2028\u202e\ud800")


def test_libraries_that_print_addresses_and_statements_are_quiet(output: io.StringIO) -> None:
    for name in (
        "aiohttp.server",
        "httpx",
        "httpcore.http11",
        "telegram.Bot",
        "telegram.ext.Application",
        "sqlalchemy.engine",
    ):
        logging.getLogger(name).info("chatter")
        logging.getLogger(name).debug("chatter")
        logging.getLogger(name).warning("serious")
    assert "chatter" not in output.getvalue()
    assert output.getvalue().count("serious") == 6


def test_json_is_one_object_a_line() -> None:
    stream = io.StringIO()
    logs.configure(json=True, stream=stream)
    structlog.get_logger("factline").info("started", pilots=4, 城市="重庆")
    logging.getLogger("some.library").error("failed\ntwice")
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert (first["event"], first["pilots"], first["城市"], first["level"]) == ("started", 4, "重庆", "info")
    assert (second["event"], second["logger"]) == ("failed\\ntwice", "some.library")


def test_configuring_twice_writes_once() -> None:
    stream = io.StringIO()
    logs.configure(json=True, stream=io.StringIO())
    logs.configure(json=True, stream=stream)
    logging.getLogger("some.library").info("once")
    assert stream.getvalue().count("once") == 1
