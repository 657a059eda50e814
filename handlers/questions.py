"""Questions: from a message to its answer, and from an edited message to the edit of its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.intake.stages import next_stage
from bot.store import conversations
from bot.store.conversations import Answered, Place, Turn
from bot.store.questions import Asked
from bot.store.tables import NO_THREAD
from handlers import render
from handlers.addressing import ASKING, command, is_private, question, topic
from handlers.sending import Target, edit, send
from handlers.texts import say
from handlers.threads import leaning, thread_of
from knowledge import text
from knowledge.outcome import Answer, NotStated

if TYPE_CHECKING:
    from telegram import Message, Update

    from handlers.context import Context, Services
    from handlers.people import Asker
    from handlers.render import Reply
    from knowledge.outcome import Context as Thread
    from knowledge.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Asking:
    """A message that asks something."""

    message: Message
    text: str
    asker: Asker

    @property
    def place(self) -> Place:
        """Whose conversation it belongs to."""
        return Place(self.message.chat.id, self.asker.id, topic(self.message) or NO_THREAD)

    @property
    def target(self) -> Target:
        """Where the answer goes: a reply in the same topic, with buttons for the one who asked."""
        return Target(self.message.chat.id, topic(self.message), self.message.message_id, self.asker.person)

    @property
    def source(self) -> str:
        """Where it was asked, for the statistics."""
        return "private" if is_private(self.message) else "group"


async def ask(update: Update, context: Context) -> None:
    """Answer a text in a private chat, or one in a group that is meant for the bot."""
    message = update.message
    if message is None:
        return
    asking = Asking(message, question(message, context.bot.bot), context.asker)
    if not asking.text:
        await send(context, asking.target, render.plain(say(asking.asker.language, "usage.ask")))
        return
    await respond(asking, context)


async def hint(update: Update, context: Context) -> None:
    """Say that only text is read, to whoever sends something else in a private chat."""
    if update.message is not None:
        target = Target(update.message.chat.id, topic(update.message), update.message.message_id)
        await send(context, target, render.plain(say(context.asker.language, "question.text_only")))


async def ask_again(update: Update, context: Context) -> None:
    """Answer an edited question by an edit of its answer; edits of anything else change nothing."""
    message = update.edited_message
    if message is None:
        return
    given = command(message, context.bot.bot)
    asking = Asking(message, question(message, context.bot.bot), context.asker)
    if not asking.text or (given is not None and given not in ASKING):
        return
    async with context.services.store.reading() as connection:
        before = await conversations.answer_to(connection, message.chat.id, message.message_id)
    if before is None and given in ASKING[1:]:
        return
    await respond(asking, context, answer_id=before.answer_id if before else None)


async def respond(asking: Asking, context: Context, *, answer_id: int | None = None, lean: bool = True) -> None:
    """Answer a question; what it was and how it went is written down after the answer is out."""
    services = context.services
    previous = await _previous(services, asking.place) if lean else None
    language = text.language_of(asking.text, asking.asker.language)
    await next_stage()
    outcome = services.answer(asking.text, previous, language)
    normalised = outcome.evidence.normalised or text.normalise(asking.text)
    reply = render.outcome(outcome, asking.asker.language, question=normalised)
    await next_stage()
    answered = await _deliver(asking, context, reply, answer_id)
    note(services, asking.source, outcome, asking.asker, chat_id=asking.message.chat.id)
    await _remember(services, asking, outcome, answered)


async def _deliver(asking: Asking, context: Context, reply: Reply, answer_id: int | None) -> int:
    """Send the answer, or put it into the message that answered before."""
    if answer_id is not None:
        await edit(context, asking.target, answer_id, reply)
        return answer_id
    return await send(context, asking.target, reply)


async def _previous(services: Services, place: Place) -> Thread | None:
    """Return what a follow-up may lean on."""
    found = services.threads.recall(place)
    if found is not None:
        return found[0]
    previous = thread_of(await services.store.lookups.find(conversations.recall, (place, services.now())))
    if previous is None:
        services.threads.remember(place, None)
    return previous


async def _remember(services: Services, asking: Asking, outcome: Outcome, answer_id: int) -> None:
    """Keep what /why, an edit, a follow-up and a correction will need."""
    answered = Answered(
        asking.message.chat.id,
        asking.message.message_id,
        answer_id,
        asking.asker.id,
        outcome.language,
        asking.place.thread_id,
        explanation(outcome, services.knowledge.version),
        leaning(outcome.context),
    )
    facts = [fact for fact in outcome.facts if fact in services.knowledge.entries]
    stated = facts if isinstance(outcome, Answer) else []
    await services.keep(conversations.keep, Turn(answered, stated, services.knowledge.version, services.now()))
    services.threads.remember(asking.place, outcome.context)


def explanation(outcome: Outcome, version: str) -> dict[str, Any]:
    """Return what /why shows about an answer."""
    evidence = outcome.evidence
    return {
        "question": evidence.normalised,
        "outcome": outcome.kind,
        "asked": evidence.asked,
        "rule": evidence.rule,
        "read": [[each.text, each.concept, each.repaired] for each in evidence.read],
        "leftover": list(evidence.leftover),
        "candidates": [[each.fact, each.score, each.refused] for each in evidence.candidates[:5]],
        "facts": list(outcome.facts),
        "version": version,
    }


def note(services: Services, source: str, outcome: Outcome, asker: Asker, *, chat_id: int | None) -> None:
    """Note what was asked and how it went, off the path of the reply."""
    services.metrics.questions.labels(outcome.kind, outcome.language).inc()
    services.journal.note(
        Asked(
            services.now(),
            asker.person,
            chat_id,
            source,
            outcome.evidence.normalised,
            outcome.kind,
            outcome.language,
            outcome.grade if isinstance(outcome, NotStated) else None,
            outcome.facts,
        )
    )
