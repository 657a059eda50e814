"""What only admins may."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ruamel.yaml import YAML

from bot.sandbox.world import GROUP, MEI, YOU
from knowledge.errors import Finding, KnowledgeError
from tests.end_to_end.conversation import Person, labels

if TYPE_CHECKING:
    from bot.app import Factline
    from bot.sandbox.testing import Sandbox
    from knowledge.engine import Knowledge


async def test_unanswered_questions_are_grouped_and_marked_done(sandbox: Sandbox, you: Person) -> None:
    for text in ("How many QFLP pilots?", "how many qflp pilots?", "Who is the mayor?"):
        await you.asks(text)
    listed = await you.gets("/unanswered")
    first, patch = (listed.text or "").split("\n")[1:3]
    assert first == "1. how many qflp pilots? · 2×"
    line = YAML(typ="safe").load(patch)
    assert line["phrasings"] == {"en": ["how many qflp pilots?"]}
    assert line["id"]
    assert labels(listed) == ["✓ 1", "✓ 2"]
    assert await you.presses(listed, "✓ 1") == "Marked as done."
    await sandbox.wait_for(lambda: "qflp" not in _text(sandbox, listed.id))
    assert "mayor" in _text(sandbox, listed.id)


def _text(sandbox: Sandbox, message_id: int) -> str:
    return next(m.text or "" for m in sandbox.messages(YOU) if m.id == message_id)


async def test_statistics_name_nobody(sandbox: Sandbox, you: Person) -> None:
    await you.asks("How many QDLP pilots?")
    await Person(sandbox, MEI).asks("QDLP试点企业有几家？")
    text = await you.asks("/stats")
    assert "Questions: 2, from 2 people" in text
    assert "answer 2" in text
    assert str(MEI) not in text


async def test_reload_swaps_the_knowledge_or_refuses_it_whole(
    factline: Factline, you: Person, knowledge: Knowledge
) -> None:
    assert "Nothing has changed" in await you.asks("/reload")

    def broken() -> Knowledge:
        raise KnowledgeError([Finding("facts.yaml", 7, "qdlp-quota", "value", "<b>is not a number</b>")])

    factline.services.load = broken
    refused = await you.asks("/reload")
    assert "was refused" in refused
    assert "facts.yaml:7: qdlp-quota value: <b>is not a number</b>" in refused
    assert "4 pilot" in await you.asks("How many QDLP pilots?")


@pytest.mark.parametrize("command", ["/unanswered", "/stats", "/reload"])
async def test_nobody_else_may(sandbox: Sandbox, factline: Factline, command: str) -> None:
    mei = Person(sandbox, MEI)
    assert "没有这个命令" in await mei.asks(command)
    said = Person(sandbox, YOU, GROUP).says(f"{command}@factline_bot")
    reply = await sandbox.wait_for_reply(GROUP, after=said.id)
    assert "do not know this command" in (reply.text or ""), "not even an admin in a group"
