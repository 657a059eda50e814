"""The client's side over HTTP: what tests in other processes and the page use."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from bot.sandbox.world import CHANNEL, FORUM, GROUP, MEI, YOU

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.testing import Sandbox


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=sandbox.url, trust_env=False) as connected:
        yield connected


def act(client: httpx.Client, action: str, **body: object) -> Any:
    answer = client.post(f"/client/{action}", json=body).json()
    assert answer["ok"], answer
    return answer["result"]


def test_the_page_and_its_parts_are_served(client: httpx.Client) -> None:
    page = client.get("/")
    assert "<title>Factline sandbox</title>" in page.text
    assert client.get("/static/main.js").status_code == 200
    assert client.get("/static/server.py").status_code == 404
    assert client.get("/static/..%2fserver.py").status_code == 404
    for source in ("http://", "https://", "//cdn"):
        assert f'src="{source}' not in page.text
        assert f'href="{source}' not in page.text


def test_state_shows_what_the_user_may_see(sandbox: Sandbox, client: httpx.Client) -> None:
    state = client.get("/client/state", params={"user": YOU}).json()
    assert {chat["id"] for chat in state["chats"]} == {YOU, GROUP, FORUM, CHANNEL}
    forum = next(chat for chat in state["chats"] if chat["id"] == FORUM)
    assert [topic["name"] for topic in forum["topics"]] == ["Green finance", "Pilots", "Off topic"]
    assert client.get("/client/state", params={"user": 1}).status_code == 400
    mei = client.get("/client/state", params={"user": MEI}).json()
    assert {chat["id"]: chat["can_write"] for chat in mei["chats"]}[CHANNEL] is False


def test_deeds(sandbox: Sandbox, client: httpx.Client) -> None:
    said = act(client, "say", user=YOU, chat=GROUP, text="hello")
    act(client, "edit", user=YOU, chat=GROUP, message=said["message_id"], text="hello!")
    listed = client.get("/client/messages", params={"user": YOU, "chat": GROUP}).json()["messages"]
    assert [(m["text"], "edit_date" in m) for m in listed] == [("hello!", True)]
    act(client, "delete", chat=GROUP, message=said["message_id"])
    assert client.get("/client/messages", params={"user": YOU, "chat": GROUP}).json()["messages"] == []
    topic = act(client, "topic", user=YOU, chat=FORUM, what="create", name="New")
    act(client, "topic", user=YOU, chat=FORUM, what="close", thread=topic)
    refused = client.post("/client/say", json={"user": MEI, "chat": FORUM, "thread": topic, "text": "x"}).json()
    assert refused["description"] == "Bad Request: TOPIC_CLOSED"
    act(client, "topic", chat=FORUM, what="delete", thread=topic)
    assert topic not in sandbox.world.chat(FORUM).topics
    act(client, "language", user=YOU, code="zh-hant")
    assert sandbox.world.users[YOU].language_code == "zh-hant"
    act(client, "bot", user=YOU, chat=GROUP, status="kicked")
    act(client, "block", user=YOU, blocked=True)
    assert sandbox.world.chat(YOU).blocked
    assert act(client, "migrate", user=YOU, chat=GROUP) < -1_000_000_000_000
    assert len(act(client, "bulk", kind="supergroup", number=50)) == 50
    assert act(client, "user", id=77, name="Ann", username="ann", language="en", chat=FORUM) == 77
    act(client, "privacy", on=False)
    assert sandbox.world.profile.can_read_all
    act(client, "limits", on=True, overall=5)
    assert (sandbox.limits.enabled, sandbox.limits.overall) == (True, 5)
    act(client, "faults", percent=10, kinds=["500"], methods=["sendMessage"])
    assert sandbox.faults.rate == 0.1


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("say", {"user": YOU, "chat": GROUP, "text": " "}),
        ("say", {"user": YOU, "chat": 5, "text": "x"}),
        ("say", {"user": MEI, "chat": YOU, "text": "x"}),
        ("say", {"user": MEI, "chat": CHANNEL, "text": "x"}),
        ("press", {"user": YOU, "chat": GROUP, "message": 99, "data": "x"}),
        ("choose", {"query": "x", "result": "y", "chat": GROUP}),
        ("bot", {"user": YOU, "chat": GROUP, "status": "emperor"}),
        ("faults", {"percent": 1, "kinds": ["earthquake"]}),
        ("bulk", {"kind": "moon"}),
        ("fly", {}),
    ],
)
def test_impossible_deeds_are_refused(client: httpx.Client, action: str, body: dict[str, object]) -> None:
    answer = client.post(f"/client/{action}", json=body)
    assert answer.status_code in {400, 403, 404}
    assert answer.json()["ok"] is False


def test_other_sites_cannot_speak_through_the_browser(sandbox: Sandbox, client: httpx.Client) -> None:
    form = client.post("/client/say", data={"user": str(YOU), "chat": str(GROUP), "text": "x"})
    assert form.status_code == 415
    rebound = client.get("/client/state", params={"user": YOU}, headers={"host": "evil.example"})
    assert rebound.status_code == 403
    assert sandbox.messages(GROUP) == []


def test_events_and_journal(sandbox: Sandbox, client: httpx.Client) -> None:
    got: list[dict[str, Any]] = []
    ready = threading.Event()

    def watch() -> None:
        with httpx.stream("GET", f"{sandbox.url}/client/events", params={"user": MEI}, trust_env=False) as stream:
            for line in stream.iter_lines():
                ready.set()
                if line.startswith("data: "):
                    got.append(json.loads(line[6:]))
                    return

    watcher = threading.Thread(target=watch)
    watcher.start()
    assert ready.wait(5)
    sandbox.say(YOU, "private")
    sandbox.say(GROUP, "for all")
    watcher.join(5)
    assert [event["message"]["text"] for event in got] == ["for all"], "nobody sees another one's private chat"
    client.post(f"/bot{sandbox.token}/sendMessage", json={"chat_id": GROUP, "text": "four"})
    journal = client.get("/client/journal").json()
    assert [(entry["method"], entry["text"]) for entry in journal] == [("sendMessage", "four")]
