"""Opens the knowledge base for a command."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.engine import Knowledge


def articles_folder() -> Path | None:
    """``FACTLINE_ARTICLES``: the operator's folder of article texts and further articles.

    Reading the one variable here, and ``.env`` only where there is one, keeps pydantic out of ``factline ask``.
    """
    if Path(".env").is_file():
        from bot.settings_form import load

        return load().articles
    folder = os.environ.get("FACTLINE_ARTICLES", "").strip()
    return Path(folder) if folder else None


def open_knowledge() -> Knowledge:
    """The knowledge base with the operator's articles and texts.

    Raises:
        KnowledgeError: the data cannot be used.

    """
    from knowledge.engine import Knowledge

    folder = articles_folder()
    return Knowledge.load(*([folder] if folder else []), texts_folder=folder)
