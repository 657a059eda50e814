"""Why a question is refused, in one sentence: what is missing, of another scope, or asked for and not given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from knowledge.lexicon import ORDINARY, group
from knowledge.schema import Text
from knowledge.spans import is_free
from knowledge.text import has_chinese, singular

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.lexicon import Senses
    from knowledge.matching import Match
    from knowledge.outcome import Grade
    from knowledge.reading import Span
    from knowledge.turn import Turn

MOST_NAMED: Final = 3
LONGEST_WORD: Final = 40
"""Letters of a word that a refusal repeats."""
ASK_ORDER: Final = (
    "forecast opinion procedure why effect breakdown trend average difference sum compare date who "
    "which list country where count amount share rank rate quantity how definition author asof source"
).split()


def reason_of(turn: Turn, match: Match) -> tuple[str, Grade]:
    """What keeps the match from answering, and how near the article comes."""
    known = _gap(turn, match)
    if known:
        return known, "figure"
    spans = match.unexplained
    return (
        _scope_reason(turn, match)
        or word_reason(turn, spans)
        or _ask_reason(turn, spans)
        or _number_reason(turn, match)
        or (turn.say("absent_all"), "topic")
    )


def _gap(turn: Turn, match: Match) -> str:
    """The authored sentence, where the article's data knows this gap."""
    unexplained = {sense for span in match.unexplained for sense in span.senses}
    if any(group(sense) == "names" or sense == ORDINARY for sense in unexplained):
        return ""
    asked = unexplained or turn.question.asks
    for gap in match.entry.gaps:
        if asked & set(gap.asked):
            return turn.pick(gap.wording)
    return ""


def _scope_reason(turn: Turn, match: Match) -> tuple[str, Grade] | None:
    """Names a period, place or currency that the fact is not of: "no such figure", where it has one."""
    figure = match.entry.numeric
    for span in match.unexplained:
        groups = {group(sense) for sense in span.senses}
        if "period" in groups:
            return turn.say("scope_period" if figure else "not_together", what=_with_number(turn, span)), "scope"
        if any(sense.startswith("names.places") for sense in span.senses) or set(span.senses) & turn.base.about:
            return turn.say("scope_place" if figure else "not_together", what=_called(turn, span)), "scope"
        if any(sense.startswith(("unit.", "names.currencies")) for sense in span.senses):
            return turn.say("scope_currency"), "scope"
    return None


def _with_number(turn: Turn, unit: Span) -> str:
    """What the user wrote of a period, with the number before its unit: 2024年, not 年."""
    before = [span.text for span in turn.question.spans if span.end == unit.start and span.quantity is not None]
    return "".join([*before, unit.text]) if has_chinese(unit.text) else " ".join([*before, unit.text])


def word_reason(turn: Turn, spans: Sequence[Span]) -> tuple[str, Grade] | None:
    """Names the words that the article does not have; else those that it has, but not together with the rest."""
    words = [span for span in spans if not any(sense.startswith(("ask.", "except.")) for sense in span.senses)]
    named = [span for span in words if not is_free(span)]
    foreign = [span for span in named if not _is_article_word(turn, span)]
    absent = [(word, span) for word, span in _whole_words(turn, foreign) if not _is_spoken(turn, word, span)]
    quoted = [f"“{word}”" for word, _ in absent or _whole_words(turn, foreign or named)]
    if not quoted:
        return None
    what = turn.join(list(dict.fromkeys(quoted))[:MOST_NAMED])
    return turn.say("absent" if absent else "unrelated" if foreign else "not_together", what=what), "topic"


def _is_spoken(turn: Turn, word: str, span: Span) -> bool:
    """Whether an article may well have the word, so that "does not mention" could be false: *up*, *rates*, 部."""
    if any(group(sense) == "names" for sense in span.senses):
        return False
    if has_chinese(word):
        return len(word) == 1
    return any(singular(each) in turn.spoken for each in word.split())


def _whole_words(turn: Turn, spans: Sequence[Span]) -> list[tuple[str, Span]]:
    """What to call each span; unknown Chinese characters that stand together are one word: 江山, not 江 and 山."""
    words: list[tuple[str, Span]] = []
    said: set[tuple[str, Senses]] = set()
    end = -1
    for span in spans:
        unknown = span.unknown
        if span.start == end and unknown and has_chinese(span.text):
            words[-1] = (words[-1][0] + span.text, span)
        elif unknown or (span.text, span.senses) not in said:  # what is known is called the same each time
            said.add((span.text, span.senses))
            words.append((_called(turn, span), span))
        end = span.end if unknown else -1
    return words


def _is_article_word(turn: Turn, span: Span) -> bool:
    """Whether the article speaks of it, so that "does not mention" would be false."""
    return any(sense in turn.base.concepts and not turn.base.concepts[sense].near for sense in span.senses)


def _called(turn: Turn, span: Span) -> str:
    """What to call a piece of the question: a known name as it is written, any other word as the user wrote it."""
    for sense in span.senses:
        if group(sense) == "names" and sense in turn.names:
            return _name(turn, span.text, *turn.names[sense])
        concept = turn.base.concepts.get(sense)
        if concept:
            if span.text[1:] in concept.names.zh:
                return span.text[1:]  # the measure word is no part of the name: 家银行
            written = (name for name in (*concept.names.en, *concept.names.zh) if name.casefold() == span.text)
            return next(written, span.text)
    return (span.repaired or span.text)[:LONGEST_WORD]


def _name(turn: Turn, written: str, english: str, chinese: str) -> str:
    """What to call a known name: 局长, not the 董事 that it is listed under; "Shanghai", though it was typed small."""
    if has_chinese(written):
        chinese = written
    elif english.islower():
        english = written
    return turn.pick(Text(english, chinese))


def _ask_reason(turn: Turn, spans: Sequence[Span]) -> tuple[str, Grade] | None:
    asked = {sense.removeprefix("ask.") for span in spans for sense in span.senses if sense.startswith("ask.")}
    for ask in ASK_ORDER:
        if ask in asked:
            return turn.say("no_figure", what=turn.say(f"no_{ask}")), "figure"
    return None


def _number_reason(turn: Turn, match: Match) -> tuple[str, Grade] | None:
    if not match.numbers:
        return None
    years = [quantity for quantity in match.numbers if quantity.unit == "year"]
    if years:
        return turn.say("scope_period" if match.entry.numeric else "not_together", what=years[0].text), "scope"
    currency = [quantity for quantity in match.numbers if quantity.unit in {"cny", "sgd", "currency"}]
    if currency:
        return turn.say("scope_currency"), "scope"
    return turn.say("wrong_premise", what=match.numbers[0].text), "figure"
