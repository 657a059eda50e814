"""The shipped knowledge base, a way to ask it, and the measured numbers at the end of the run."""

from collections.abc import Callable

import pytest
from hypothesis import settings

from knowledge import text
from knowledge.engine import Knowledge
from knowledge.outcome import Context, Language, Outcome
from knowledge.question import Question

Ask = Callable[..., Outcome]
Read = Callable[[str], Question]

# A busy machine is no failure of a property.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return Knowledge.load()


@pytest.fixture
def ask(knowledge: Knowledge) -> Ask:
    """Ask one question, or the messages of one conversation; the last reply comes back."""

    def asked(*messages: str, language: Language | None = None) -> Outcome:
        context: Context | None = None
        for message in messages:
            outcome = knowledge.answer(message, context, language)
            context = outcome.context
        return outcome

    return asked


@pytest.fixture
def read(knowledge: Knowledge) -> Read:
    """The typed question that a text is read as."""

    def read_as(written: str) -> Question:
        return knowledge._turn(text.normalise(written), text.language_of(written), None).question

    return read_as
