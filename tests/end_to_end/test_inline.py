"""Inline mode and guest mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.world import GROUP, MEI, YOU
from tests.end_to_end.conversation import Person

if TYPE_CHECKING:
    from bot.app import Factline
    from bot.sandbox.testing import Sandbox


async def typed(sandbox: Sandbox, text: str, **details: Any) -> dict[str, Any]:
    """Type after the bot's name, and return what it offers."""
    return await sandbox.wait_for_answer(sandbox.ask_inline(text, **details))


async def test_cards_show_figure_scope_and_source(sandbox: Sandbox, factline: Factline) -> None:
    offered = await typed(sandbox, "how many qdlp pilots")
    card = offered["results"][0]
    assert card["title"] == "4 pilot enterprises"
    assert "Sou Hu Cai Jing" in card["description"]
    assert offered["results"][0]["id"] == (await typed(sandbox, "how many QDLP pilots?"))["results"][0]["id"]


async def test_an_empty_query_offers_the_key_figures_in_pages(sandbox: Sandbox, factline: Factline) -> None:
    first = await typed(sandbox, "")
    assert len(first["results"]) == 10
    second = await typed(sandbox, "", offset=first["next_offset"])
    assert second["next_offset"] == ""
    titles = {card["title"] for card in first["results"] + second["results"]}
    assert {"74 policies", "$730 million"} <= titles
    assert len(titles) == len(first["results"]) + len(second["results"])


async def test_any_offset_and_any_words_are_taken(sandbox: Sandbox, factline: Factline) -> None:
    for text, offset in (("", "x"), ("", "-1"), ("", "9" * 60), ("<b>&lt;", ""), ("𝔮𝔡𝔩𝔭" * 60, ""), ("\u202e", "²")):
        assert isinstance((await typed(sandbox, text, offset=offset))["results"], list)
    assert sandbox.journal.refused() == []


async def test_a_card_can_be_sent_and_is_noted(sandbox: Sandbox, factline: Factline) -> None:
    query = sandbox.ask_inline("how many qdlp pilots", user=MEI, chat=GROUP)
    offered = await sandbox.wait_for_answer(query)
    sent = sandbox.choose_inline(query, offered["results"][0]["id"], GROUP)
    assert "4" in (sent.text or "")
    await factline.services.journal.flush()
    assert not sandbox.replies(GROUP, after=sent.id), "the bot does not answer its own card"
    await Person(sandbox, YOU).asks("/stats")
    assert "inline 1" in await Person(sandbox, YOU).asks("/stats")


async def test_the_interface_speaks_the_language_of_the_client(sandbox: Sandbox, factline: Factline) -> None:
    offered = await typed(sandbox, "", user=MEI)
    assert offered["results"][0]["title"] == "74项政策"


async def test_a_guest_is_answered(sandbox: Sandbox, factline: Factline) -> None:
    sandbox.set_bot(GROUP, "left")
    sandbox.say(GROUP, "@factline_bot how many QDLP pilots?", user=MEI)
    await sandbox.wait_for(lambda: bool(sandbox.world.guest_queries))
    (query,) = sandbox.world.guest_queries
    await sandbox.wait_for_answer(query)
    assert any("4 pilot enterprises" in (m.text or "") for m in sandbox.messages(GROUP))
    assert sandbox.journal.refused() == []
