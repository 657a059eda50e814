"""``factline check``: validates the knowledge base, and proves it against the articles' own texts."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from bot.commands.ask import print_line
from bot.commands.knowledge_base import articles_folder

if TYPE_CHECKING:
    from pathlib import Path

    from knowledge.errors import Finding

SOUND: Final = 0
FINDINGS: Final = 1


def check(text_file: Path | None = None) -> int:
    """Print one line per finding and return 1; or one line of what was checked and 0."""
    from knowledge import loading
    from knowledge.checking import check_articles
    from knowledge.errors import KnowledgeError

    extra = articles_folder()
    folders = [loading.ARTICLES, *([extra] if extra else [])]
    paths = [path for folder in folders for path in loading.article_folders(folder)]
    try:
        articles = check_articles(paths)
        findings = _self_test(folders) + (_proof(paths, text_file) if text_file else [])
    except KnowledgeError as error:
        findings = error.findings
    for finding in findings:
        print_line(sys.stdout, str(finding))
    if findings:
        return FINDINGS
    facts = sum(len(article.facts) for article in articles)
    derivations = sum(len(article.derivations) for article in articles)
    proved = f"; {text_file.name} proves every figure" if text_file else ""
    print_line(
        sys.stdout, f"{len(articles)} article(s), {facts} facts, {derivations} derivations: no findings{proved}."
    )
    return SOUND


def _self_test(folders: list[Path]) -> list[Finding]:
    """Every phrasing is answered by the fact it belongs to."""
    from knowledge.compiling import compile_all
    from knowledge.engine import Knowledge
    from knowledge.errors import Finding

    knowledge = Knowledge(compile_all(folders))
    findings = []
    for entry in knowledge.entries.values():
        for phrasing in (*entry.phrasings_en, *entry.phrasings_zh):
            outcome = knowledge.answer(phrasing)
            if outcome.kind != "answer" or entry.id not in outcome.facts:
                left = ", ".join(outcome.evidence.leftover)
                message = f"the phrasing “{phrasing}” is not answered by its fact" + (
                    f" (unexplained: {left})" if left else ""
                )
                findings.append(Finding(entry.article, 0, entry.id, "phrasings", message))
    return findings


def _proof(paths: list[Path], text_file: Path) -> list[Finding]:
    from knowledge import loading
    from knowledge.errors import Finding
    from knowledge.proving import prove

    try:
        source = text_file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return [Finding(str(text_file), 0, "", "", f"cannot be read: {error.__class__.__name__}")]
    articles = [(path, loading.read_folder(path)) for path in paths]
    named = [(path, article) for path, article in articles if article.article.text_file == text_file.name] or articles[
        :1
    ]
    return [finding for path, article in named for finding in prove(path, article, source)]
