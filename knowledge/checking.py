"""What the schema cannot see: ids, references, phrasings, figures; and the proof against the article's own text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge import loading
from knowledge.errors import Finding, KnowledgeError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from knowledge.schema import ArticleFolder


def check_articles(paths: Sequence[Path]) -> list[ArticleFolder]:
    """Every article below ``paths``, validated.

    Raises:
        KnowledgeError: with every finding of every article.

    """
    articles: list[ArticleFolder] = []
    findings: list[Finding] = []
    for path in paths:
        try:
            articles.append(loading.read_folder(path))
        except KnowledgeError as error:
            findings.extend(error.findings)
    if findings:
        raise KnowledgeError(findings)
    return articles
