"""Several questions in one message: each is answered, each is refused, by itself, where that says more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from knowledge.adjacency import points_back
from knowledge.answering import decide
from knowledge.base import GENERIC_ASKS
from knowledge.lexicon import HARMLESS
from knowledge.outcome import Answer, NotStated, SmallTalk
from knowledge.parts import MOST_PARTS, PREMISES, Piece, is_compound, joined_parts, sentence_parts
from knowledge.rules.listing import GIST
from knowledge.spans import is_free

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
    for pieces in (sentence_parts(whole.question.normalised), joined_parts(whole.question)):
        words = [piece.text.replace(" ", "") for piece in pieces]
        if 1 < len(pieces) <= MOST_PARTS and words != tried:
            tried = words
            combined = _combined(pieces, whole, outcome, previous, turn_of)
            if combined is not None:
                return combined
    return None


def _is_whole(whole: Turn, answer: Answer) -> bool:
    """Whether no part can say more: it compares, it is about the article, or all that is named is in it."""
    if answer.evidence.rule.startswith(("a comparison", "a question about")):
        return True
    return all(
        match.entry.id in answer.facts for match in whole.matches if match.identified and not match.entry.derived
    )


def _combined(
    pieces: Sequence[Piece], whole: Turn, outcome: Outcome, previous: Context | None, turn_of: TurnOf
) -> Answer | None:
    answers: list[Answer] = []
    refusals: list[NotStated] = []
    asked, each_asked = False, True
    each = any(word in whole.question.normalised for word in EACH)
    first: Turn | None = None
    context = previous
    for piece in pieces:
        turn = turn_of(piece.text, whole.language, context)
        part = decide(turn)
        asks = turn.question.asking or turn.question.polar or bool(turn.question.asks - GENERIC_ASKS)
        says_nothing = not turn.question.senses or isinstance(part, SmallTalk) or _is_idle(turn)
        if says_nothing:
            continue
        if isinstance(part, Answer) and part.evidence.rule == GIST and "ask.overview" not in turn.question.asks:
            return None  # "what did Chongqing" is the beginning of "what did Chongqing and MAS set up?"
        if first is None or piece.begins:
            first = turn
        elif _belongs_to(turn, part, first, answers, each=each) or (piece.comma and _goes_on(turn, first)):
            return None
        if isinstance(part, Answer) and (asks or _names_itself(turn)) and not refusals:
            answers.append(part)
            asked = asked or turn.question.asking or turn.question.polar
            each_asked = each_asked and (turn.question.asking or turn.question.polar)
            context = part.context
        elif isinstance(part, NotStated) and turn.question.asking and not isinstance(outcome, Answer):
            refusals.append(part)
            # "What is QFLP, how many are there": the second part leans on what the article does not hold.
            context = part.context if part.grade == "figure" else None
        else:
            return None
    if not asked and whole.question.polar and not whole.question.asking:
        return None  # 是不是建了新模式才有了REITs is asked of both together
    if not each_asked and (refusals or _is_derived(whole, outcome)):
        return None  # "12 provinces plus Hainan makes how many?" is one sum
    return _joined(answers, refusals, whole, outcome)


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
        context=answers[-1].context,
        statements=tuple(statements.values()),
        verdict=answers[0].verdict if len(answers) == 1 else "",
        not_stated=tuple(each.reason for each in refusals),
    )


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


def _belongs_to(turn: Turn, part: Outcome, first: Turn, answers: Sequence[Answer], *, each: bool) -> bool:
    """Whether a part is no question by itself, but what is said or asked of the first one.

    78家机构里,东盟的占三分之一吗 asks of the 78, and "38 bonds were issued, and they brought in $24bn" has of "they"
    what the article says of another thing. ``each``: the message says that it asks of several things.
    """
    asked, begun = (some.question.asking or some.question.polar for some in (turn, first))
    if asked and not begun and not each:
        return not (_opens_with(first, PREMISES) or _opens_with(turn, CONCLUSIONS))
    both_claim = bool(turn.question.quantities and first.question.quantities)
    if first.question.polar and not first.question.asking and not asked and not both_claim:
        return True  # "did MAS and the 12 provinces sign", but "is the quota 730m and the pilots four"
    claims = not asked and bool(turn.question.quantities) and points_back(turn.question.spans)
    return claims and bool(answers) and set(part.facts).isdisjoint(answers[-1].facts)


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
