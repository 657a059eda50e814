"""Commands that ask in a form of their own: /verify a claim, /compare two things."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from handlers import render
from handlers.addressing import question
from handlers.questions import Asking, respond
from handlers.sending import back_to, send
from handlers.texts import say
from knowledge import text
from knowledge.outcome import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telegram import Update

    from handlers.context import Context
    from knowledge.engine import Knowledge
    from knowledge.outcome import Language

BETWEEN = re.compile(r"\s*(?:\n|,|，|、|;|/|\bvs\.?\s|\bversus\b|\band\b|与|和|跟|對比|对比)\s*", re.IGNORECASE)
MOST_WORDS = 10


async def verify(update: Update, context: Context) -> None:
    """Check a claim."""
    await _asked(update, context, "verify")


async def compare(update: Update, context: Context) -> None:
    """Compare two things."""
    await _asked(update, context, "compare")


async def _asked(update: Update, context: Context, name: str) -> None:
    """Turn the argument into a question and answer it; without one, show how it is used."""
    message = update.message
    if message is None:
        return
    argument = question(message, context.bot.bot)
    if not argument:
        usage = render.plain(say(context.asker.language, f"usage.{name}"))
        await send(context, back_to(message, None), usage)
        return
    asking = Asking(message, phrased(name, argument, context), context.asker)
    await respond(asking, context, lean=False)


def phrased(name: str, argument: str, context: Context) -> str:
    """Return the first wording of a command's argument that the article answers, else the plainest."""
    knowledge = context.services.knowledge
    language = text.language_of(argument, context.asker.language)
    wordings = list(_claims(argument, language) if name == "verify" else _comparisons(argument, language))
    return next((each for each in wordings if _answers(knowledge, each, language, name)), wordings[0])


def _answers(knowledge: Knowledge, wording: str, language: Language, name: str) -> bool:
    """Tell whether a wording gets what the command promises: a verdict, or two facts."""
    outcome = knowledge.answer(wording, None, language)
    if not isinstance(outcome, Answer):
        return False
    return bool(outcome.verdict) if name == "verify" else len(outcome.statements) > 1


def _claims(claim: str, language: Language) -> Iterator[str]:
    """Word a claim as a question that is answered with yes or no."""
    yield claim
    yield f"Is it true that {claim}?" if language == "en" else f"{claim.rstrip('。？?！!')}，对吗？"


def _comparisons(argument: str, language: Language) -> Iterator[str]:
    """Word a comparison; where nothing stands between the two, each gap between words is tried."""
    parts = [part for part in BETWEEN.split(argument, maxsplit=1) if part.strip()]
    words = argument.split()[:MOST_WORDS]
    pairs = [(parts[0], parts[1])] if len(parts) == 2 else []
    pairs += [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))] if not pairs else []
    for first, second in pairs:
        yield f"Compare {first} and {second}" if language == "en" else f"比较{first}和{second}"
    yield f"Compare {argument}" if language == "en" else f"比较{argument}"
