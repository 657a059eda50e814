"""``factline ask``: one question, or a stream of them as JSON lines."""

from __future__ import annotations

import json
import sys
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final, TextIO

from bot.commands.knowledge_base import open_knowledge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from knowledge.engine import Knowledge
    from knowledge.outcome import Context, Language, Outcome

ANSWERED: Final = 0
NOT_ANSWERED: Final = 3
MOST_CHATS: Final = 10_000
LANGUAGES: Final[dict[str, Language]] = {"en": "en", "zh": "zh-Hans", "zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}


def language_named(name: str | None) -> Language | None:
    """The language that ``--lang`` names.

    Raises:
        ValueError: it names none.

    """
    if name is None:
        return None
    if name.lower() not in LANGUAGES:
        raise ValueError(f"unknown language “{name}”: use en, zh-Hans or zh-Hant")
    return LANGUAGES[name.lower()]


def as_json(question: str, outcome: Outcome) -> dict[str, Any]:
    """The reply of the contract."""
    return {
        "question": question,
        "outcome": outcome.kind,
        "text": outcome.text,
        "language": outcome.language,
        "facts": list(outcome.facts),
        "confidence": round(outcome.confidence, 3),
        "suggestions": [suggestion.question for suggestion in outcome.suggestions],
    }


def ask(question: str, *, explain: bool = False, language: str | None = None, json_: bool = False) -> int:
    """Answer one question on standard output; 0 where it was answered, 3 where it was not."""
    outcome = open_knowledge().answer(question, language=language_named(language))
    if json_:
        reply = as_json(question, outcome)
        if explain:
            reply["evidence"] = evidence_json(outcome)
        print_line(sys.stdout, json.dumps(reply, ensure_ascii=False))
    else:
        print_line(sys.stdout, outcome.text)
        if explain:
            print_line(sys.stdout, "\n" + explained(outcome))
    return ANSWERED if outcome.kind in {"answer", "chat"} else NOT_ANSWERED


def evidence_json(outcome: Outcome) -> dict[str, Any]:
    """The evidence as plain JSON."""
    from dataclasses import asdict

    return asdict(outcome.evidence)


def explained(outcome: Outcome) -> str:
    """The evidence as lines: what was read, repaired and left over, the candidates, the rule that decided."""
    evidence = outcome.evidence
    lines = [f"normalised  {evidence.normalised}", "read"]
    for read in evidence.read:
        repaired = f"  (repaired: {read.repaired})" if read.repaired else ""
        lines.append(f"  {read.text or '·'} → {read.concept or 'unknown'}{repaired}")
    lines.append(f"asked       {evidence.asked or '—'}")
    lines.append(f"left over   {', '.join(evidence.leftover) or '—'}")
    lines.append("candidates")
    lines += [
        f"  {each.score:.3f}  {each.fact}" + (f"  refused: {each.refused}" if each.refused else "")
        for each in evidence.candidates
    ]
    lines.append(f"rule        {evidence.rule}")
    return "\n".join(lines)


def ask_lines(source: Iterable[str], target: TextIO, *, language: str | None = None) -> int:
    """Answer one JSON object a line as soon as it was read; a bad line gets an error object and the rest go on."""
    spoken = language_named(language)
    knowledge = open_knowledge()
    contexts: OrderedDict[str, Context] = OrderedDict()
    for number, line in enumerate(source, 1):
        if line.strip():
            print_line(target, json.dumps(_line(knowledge, line, number, contexts, spoken), ensure_ascii=False))
    return ANSWERED


def _line(
    knowledge: Knowledge, line: str, number: int, contexts: OrderedDict[str, Context], language: Language | None
) -> dict[str, Any]:
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError):
        return {"error": "not a JSON object", "line": number}
    if not isinstance(raw, dict) or not isinstance(raw.get("question"), str):
        return {"error": 'needs {"question": "text"} and, for follow-ups, "chat"', "line": number}
    chat = str(raw.get("chat", ""))
    outcome = knowledge.answer(raw["question"], contexts.get(chat) if "chat" in raw else None, language)
    if "chat" in raw:
        contexts[chat] = outcome.context
        contexts.move_to_end(chat)
        if len(contexts) > MOST_CHATS:
            contexts.popitem(last=False)
    return as_json(raw["question"], outcome)


def print_line(target: TextIO, line: str) -> None:
    """Write a line at once; what the terminal or JSON cannot hold (lone surrogates) is written as “?”."""
    target.write(line.encode("utf-8", "replace").decode("utf-8") + "\n")
    target.flush()
