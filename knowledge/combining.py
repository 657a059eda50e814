"""Several questions in one message: each is answered, each is refused, by itself, where that says more."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from knowledge.adjacency import points_back
from knowledge.answering import decide
from knowledge.base import GENERIC_ASKS
from knowledge.lexicon import HARMLESS
from knowledge.outcome import Answer, NotStated, SmallTalk
from knowledge.parts import (
    MOST_PARTS,
    PREMISES,
    Piece,
    asks_for_a_count,
    is_compound,
    joined_parts,
    listed_parts,
    sentence_parts,
)
from knowledge.rules.listing import GIST
from knowledge.spans import FREE_SENSES, is_free

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from knowledge.outcome import Context, Language, Outcome
    from knowledge.turn import Turn

    TurnOf = Callable[[str, Language, Context | None], Turn]
    """Reads a normalised piece of text, in a language, after a context."""

EACH: Final = (
    "respectively",
    "both",
    "two things",
    "2 things",
    "two numbers",
    "各",
    "分别",
    "两个数",
    "两件事",
    "两个问题",
)
"""Words that ask the same of each of several things, or that announce several questions."""
OF_EACH: Final = "各"
BARE: Final = frozenset({"ask.date", "ask.where", "ask.who", "ask.why", "ask.how", "ask.state"})
"""What an interrogative asks that says nothing of what it asks about."""
CONCLUSIONS: Final = frozenset("then so 那 那么 咁".split())


def in_parts(whole: Turn, outcome: Outcome, previous: Context | None, turn_of: TurnOf) -> Answer | None:
    """The answers of a message's parts, where they say more than ``outcome``; None where the whole stands."""
    if (
        not is_compound(whole.question, whole.base.about)
        or isinstance(outcome, SmallTalk)
        or (isinstance(outcome, Answer) and _is_whole(whole, outcome))
    ):
        return None
    tried: list[str] = []
    listed = _of_each(listed_parts(whole.question), whole, outcome, turn_of)
    if listed is not None:
        return listed
    for pieces in (sentence_parts(whole.question.normalised), joined_parts(whole.question)):
        words = [piece.text.replace(" ", "") for piece in pieces]
        if 1 < len(pieces) <= MOST_PARTS and words != tried:
            tried = words
            combined = _combined(pieces, whole, outcome, previous, turn_of)
            if combined is not None:
                return combined
    return None


def is_split(whole: Turn, outcome: Outcome, turn_of: TurnOf) -> NotStated | None:
    """The refusal of two figures of which the fact has the sum: "how much in dollar bonds and how much in RMB ones"."""
    asking = [span for span in whole.question.spans if asks_for_a_count(span)]
    if len(asking) < 2 or not isinstance(outcome, Answer):
        return None
    pieces = joined_parts(whole.question)
    parts = [decide(turn_of(piece.text, whole.language, None)) for piece in pieces]
    refusals = [part for part in parts if isinstance(part, NotStated)]
    return refusals[-1] if len(refusals) == len(pieces) > 1 else None


def _of_each(pieces: Sequence[Piece], whole: Turn, outcome: Outcome, turn_of: TurnOf) -> Answer | None:
    """The answers of the things of a list, where each has its own: "how many policies, bonds and members"."""
    answers: list[Answer] = []
    for piece in pieces[:MOST_PARTS]:
        part = decide(turn_of(piece.text, whole.language, None))
        known = {fact for each in answers for fact in each.facts}
        if not isinstance(part, Answer) or not known.isdisjoint(part.facts):
            return None
        answers.append(part)
    return _joined(answers, [], whole, outcome) if len(answers) == len(pieces) else None


def _is_whole(whole: Turn, answer: Answer) -> bool:
    """Whether no part can say more: it compares, it is about the article, or all that is named is in it."""
    if answer.evidence.rule.startswith(("a comparison", "a question about")):
        return True
    return all(
        match.entry.id in answer.facts for match in whole.matches if match.identified and not match.entry.derived
    )


@dataclass(slots=True)
class _Parts:
    """What the parts of a message got."""

    outcome: Outcome
    """What the message got as a whole."""
    context: Context | None
    answers: list[Answer] = field(default_factory=list)
    refusals: list[NotStated] = field(default_factory=list)
    asked: bool = False
    each_asked: bool = True

    def take(self, turn: Turn, part: Outcome) -> bool:
        """Keep what a part got; False where the message cannot be taken apart so."""
        question = turn.question
        if isinstance(part, Answer) and part.evidence.rule == GIST and "ask.overview" not in question.asks:
            return False  # "what did Chongqing" is the beginning of "what did Chongqing and MAS set up?"
        says = question.asking or question.polar
        asks = says or bool(question.asks - GENERIC_ASKS)
        if isinstance(part, Answer) and (asks or _names_itself(turn)) and not self.refusals:
            if self.answers and _says_of_another(turn, part, self.answers[-1]):
                return False
            self.answers.append(part)
            self.asked, self.each_asked = self.asked or says, self.each_asked and says
            self.context = part.context
            return True
        if isinstance(part, NotStated) and question.asking and not isinstance(self.outcome, Answer):
            self.refusals.append(part)
            # "What is QFLP, how many are there": the second part leans on what the article does not hold.
            self.context = part.context if part.grade == "figure" else None
            return True
        return False


def _combined(
    pieces: Sequence[Piece], whole: Turn, outcome: Outcome, previous: Context | None, turn_of: TurnOf
) -> Answer | None:
    parts = _Parts(outcome, previous)
    each = any(word in whole.question.normalised for word in EACH)
    first: Turn | None = None
    for piece in pieces:
        turn = turn_of(piece.text, whole.language, parts.context)
        if not turn.question.senses or _is_idle(turn):
            continue
        if first is None and _is_bare(turn):
            return None  # "when and where will the next summit be?" is one question
        if first is None or piece.begins:
            first = turn
        elif _belongs_to(turn, first, comma=piece.comma, each=each):
            return None  # looked at before the part is answered, which is what takes the time
        part = decide(turn)
        if not isinstance(part, SmallTalk) and not parts.take(turn, part):
            return None
    if not parts.asked and whole.question.polar and not whole.question.asking:
        return None  # 是不是建了新模式才有了REITs is asked of both together
    if not parts.each_asked and (parts.refusals or _is_derived(whole, outcome) or _counts_each(whole)):
        return None  # "12 provinces plus Hainan makes how many?" is one sum, 中方和新方机构各有几家 two counts
    return _joined(parts.answers, parts.refusals, whole, outcome)


def _joined(answers: Sequence[Answer], refusals: Sequence[NotStated], whole: Turn, outcome: Outcome) -> Answer | None:
    facts = list(dict.fromkeys(fact for each in answers for fact in each.facts))
    if len(answers) + len(refusals) < 2 or not answers:
        return None
    if isinstance(outcome, Answer) and not set(outcome.facts) < set(facts):
        return None
    lines = [each.text for each in _without_repetition(answers)] + [each.reason for each in refusals]
    statements = {each.fact: each for answer in answers for each in answer.statements}
    return Answer(
        text="\n\n".join(lines),
        language=whole.language,
        facts=tuple(facts),
        confidence=min(each.confidence for each in answers),
        evidence=whole.evidence("several questions in one message, each by itself"),
        context=replace(answers[-1].context, facts=tuple(facts)),
        statements=tuple(statements.values()),
        verdict=answers[0].verdict if len(answers) == 1 else "",
        not_stated=tuple(each.reason for each in refusals),
    )


def _counts_each(whole: Turn) -> bool:
    return OF_EACH in whole.question.normalised and any(asks_for_a_count(span) for span in whole.question.spans)


def _is_derived(whole: Turn, outcome: Outcome) -> bool:
    entries = whole.base.entries
    return isinstance(outcome, Answer) and any(fact in entries and entries[fact].derived for fact in outcome.facts)


def _without_repetition(answers: Sequence[Answer]) -> list[Answer]:
    """The answers but those that say only what another says: "new bonds issued, how many"."""
    return [
        each
        for position, each in enumerate(answers)
        if each.verdict
        or not any(
            set(each.facts) < set(other.facts) or (set(each.facts) == set(other.facts) and before < position)
            for before, other in enumerate(answers)
            if other is not each
        )
    ]


def _is_bare(turn: Turn) -> bool:
    """Whether a part is an interrogative and nothing else: "when", 何时."""
    question = turn.question
    return bool(question.asks) and question.asks <= BARE and question.senses <= BARE | FREE_SENSES


def _is_idle(turn: Turn) -> bool:
    """Whether a part names nothing and asks nothing ("no time to read it", "what was that", 是不是)."""
    if all(any(s.startswith("polar") or s == HARMLESS for s in span.senses) for span in turn.question.spans):
        return True
    return (
        not any(m.identified for m in turn.matches)
        and not turn.question.quantities
        and all(
            not span.unknown
            and (
                is_free(span)
                or any(s.startswith(("ask.what", "ask.which", "polar", "talk")) or s == HARMLESS for s in span.senses)
            )
            for span in turn.question.spans
        )
    )


def _belongs_to(turn: Turn, first: Turn, *, comma: bool, each: bool) -> bool:
    """Whether a part is no question by itself, but what is said or asked of the first one.

    78家机构里,东盟的占三分之一吗 asks of the 78. ``each``: the message says that it asks of several things;
    ``comma``: nothing else joins the part.
    """
    if comma and _goes_on(turn, first):
        return True
    asked, begun = (some.question.asking or some.question.polar for some in (turn, first))
    if asked and not begun and not each:
        return not (_opens_with(first, PREMISES) or _opens_with(turn, CONCLUSIONS))
    # "Did MAS and the 12 provinces sign", but "is the quota 730m and the pilots four".
    both_claim = bool(turn.question.quantities and first.question.quantities)
    return first.question.polar and not first.question.asking and not asked and not both_claim


def _says_of_another(turn: Turn, part: Outcome, before: Answer) -> bool:
    """Whether it has of "they" what the article says of another thing: "38 bonds came, and they brought in $24bn"."""
    question = turn.question
    claims = not (question.asking or question.polar) and bool(question.quantities) and points_back(question.spans)
    return claims and set(part.facts).isdisjoint(before.facts)


def _goes_on(turn: Turn, first: Turn) -> bool:
    """Whether a part is the verb of what is asked before it: "how large a quota, in all, *have they been given*"."""
    opens = bool(turn.question.spans) and "polar.opener" in turn.question.spans[0].senses
    return first.question.asking and opens and not (turn.question.asking or turn.question.quantities)


def _opens_with(turn: Turn, words: frozenset[str]) -> bool:
    return bool(turn.question.spans) and turn.question.spans[0].text.split(" ")[0] in words


def _names_itself(turn: Turn) -> bool:
    """Whether a part names its fact without leaning on another part."""
    return any(match.fits and not match.numbers for match in turn.matches) and bool(
        {sense for sense in turn.question.senses if "." not in sense} - turn.base.about
    )
