"""Quoting: the article's own sentence, only from a text that is the very text the data was made from."""

import hashlib
import shutil
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from knowledge import loading
from knowledge.engine import Knowledge
from knowledge.outcome import Answer


@pytest.fixture
def article(tmp_path: Path) -> Path:
    """A folder with an article and its own text."""
    source = Path(__file__).parent.parent / "articles"
    shutil.copytree(source, tmp_path / "articles")
    return tmp_path / "articles"


def quoted(folder: Path, question: str) -> str:
    outcome = Knowledge.load(folder, texts_folder=folder).answer(question)
    assert isinstance(outcome, Answer)
    return outcome.statements[0].quotation


def test_the_articles_own_sentence_is_quoted_from_its_own_text(article: Path) -> None:
    sentence = quoted(article, "how many museum halls are there?")
    text = (article / "harbour-museum-2025.txt").read_text(encoding="utf-8")
    assert sentence in text
    assert "halls" in sentence


def test_a_text_that_differs_by_a_letter_is_not_quoted(article: Path) -> None:
    path = article / "harbour-museum-2025.txt"
    path.write_text(path.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert quoted(article, "how many museum halls are there?") == ""


def test_without_the_text_nothing_is_quoted(article: Path) -> None:
    (article / "harbour-museum-2025.txt").unlink()
    assert quoted(article, "how many museum halls are there?") == ""


def test_a_text_that_cannot_be_read_is_passed_over(article: Path) -> None:
    (article / "harbour-museum-2025.txt").write_bytes(b"\xff\xfe\x00")
    assert quoted(article, "how many museum halls are there?") == ""


def test_the_shipped_article_names_its_text_by_hash() -> None:
    for folder in loading.article_folders(loading.ARTICLES):
        raw = YAML(typ="safe").load((folder / "article.yaml").read_text(encoding="utf-8"))
        assert len(raw["text_sha256"]) == len(hashlib.sha256(b"").hexdigest())
