"""Data files made into what answering uses: lexicon, base, sounds and reply sentences, fit for the cache."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from knowledge import loading, text
from knowledge.building import build
from knowledge.homophones import Homophones
from knowledge.lexicon import ASIDE, HARMLESS, ORDINARY, PUBLISHER, Draft, add_groups, add_names
from knowledge.misspellings import Misspellings
from knowledge.phrasings import all_phrasings, sorted_tokens
from knowledge.pinyin import Pinyin
from knowledge.reading import Reader
from knowledge.schema import Text
from knowledge.spelling import Speller

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from knowledge.base import Base
    from knowledge.lexicon import Lexicon
    from knowledge.schema import ArticleFolder

NAME: Final = "knowledge"
"""Of the cache's file."""


PARTICLES: Final = frozenset(
    (
        "的 了 在 有 是 和 与 跟 吗 呢 几 哪 谁 家 个 项 只 笔 占 到 "
        "一共 总共 目前 现在 已经 请问 一下 告诉 帮我 累计 共有"
    ).split()
)
"""Harmless words that are read in pinyin. Not all are: Yichang is a city, and 一场 is harmless."""


WHOLE: Final = {"en": 2, "zh": 4}
"""Tokens from which on an entry about the asker is a phrase."""


@dataclass(slots=True)
class Compiled:
    """A knowledge base, ready to be loaded."""

    base: Base
    lexicon: Lexicon
    misspellings: Misspellings
    homophones: Homophones
    pinyin: Pinyin
    replies: dict[str, Text]
    phrased: list[tuple[str, str]]
    """Fact id and each of its phrasings, as :mod:`knowledge.phrasings` compares them."""
    version: str
    """Changes with any word of the data."""


def compiled(folders: Sequence[Path]) -> Compiled:
    """The articles below ``folders``, compiled: from the cache, or now and into the cache.

    Raises:
        KnowledgeError: with every finding.

    """
    return loading.cached(NAME, folders, lambda: compile_all(folders))


def kept(folders: Sequence[Path]) -> Compiled | None:
    """The articles below ``folders`` as the cache holds them; None where they have yet to be compiled."""
    found = loading.kept(NAME, folders)
    return found if isinstance(found, Compiled) else None


def into_cache(folders: Sequence[Path]) -> Compiled | None:
    """Compile into the cache; returns what was compiled only where the cache does not hold it then.

    Raises:
        KnowledgeError: with every finding.

    """
    made = compiled(folders)
    return made if kept(folders) is None else None


def compile_all(folders: Sequence[Path]) -> Compiled:
    """Read, validate, check and compile every article below ``folders``.

    Raises:
        KnowledgeError: with every finding.

    """
    from knowledge.checking import check_articles

    paths = [path for folder in folders for path in loading.article_folders(folder)]
    articles = check_articles(paths)
    draft = language_draft()
    for article in articles:
        add_article(draft, article)
    chinese = {
        key: any("." not in sense for sense in senses)
        for key, senses in draft.senses.items()
        if any("." not in sense or sense.startswith(("ask.", "unit.")) for sense in senses)
    }
    lexicon, homophones = draft.packed(), Homophones.of(chinese)
    misspellings = Misspellings.of(lexicon)
    reader = Reader(lexicon, Speller(lexicon, misspellings), homophones)
    base = build(articles, reader.senses)
    phrased = [(entry.id, sorted_tokens(phrase)) for entry in base.entries.values() for phrase in all_phrasings(entry)]
    return Compiled(
        base,
        lexicon,
        misspellings,
        homophones,
        Pinyin.of(_chinese(draft)),
        replies(),
        phrased,
        _version(paths),
    )


def _chinese(draft: Draft) -> list[str]:
    """The Chinese phrases that are read in pinyin, those first that a spelling likelier means: names, then the rest."""
    phrases = {key.replace(" ", ""): senses for key, senses in draft.senses.items() if text.is_chinese(key)}

    named = {phrase for phrase, senses in phrases.items() if any("." not in sense for sense in senses)}
    asking = {
        phrase
        for phrase, senses in phrases.items()
        if any(sense.startswith(("ask.", "unit.", "polar.", "cmp.")) for sense in senses)
    }
    read = {phrase for phrase in named | asking if len(phrase) > 1} | PARTICLES
    return sorted(read, key=lambda phrase: (phrase not in named, phrase not in asking, phrase))


def language_draft() -> Draft:
    """The words of the languages, without any article's."""
    draft = Draft()
    for name in ("en", "zh"):
        add_groups(draft, loading.read_yaml(loading.LANGUAGE / f"{name}.yaml"))
        draft.add_all(_lines(loading.LANGUAGE / f"harmless.{name}.txt"), HARMLESS)
        for line in _lines(loading.LANGUAGE / f"aside.{name}.txt"):
            # A whole phrase ("for my slides", 领导等着要) is of the asker wherever it stands; a word only in a clause.
            draft.add(line, "frame.self" if len(text.tokens(line)) >= WHOLE[name] else ASIDE)
    draft.add_all(_lines(loading.LANGUAGE / "phrases.en.txt"), HARMLESS)
    add_names(draft, loading.read_yaml(loading.LANGUAGE / "names.yaml"))
    for name in ("en", "zh"):
        for word in _lines(loading.LANGUAGE / f"ordinary.{name}.txt"):
            if word not in draft.senses:
                draft.add(word, ORDINARY)
    for name in ("en", "zh"):
        for line in _lines(loading.LANGUAGE / f"variants.{name}.txt"):
            draft.alias(*line.split("\t"))
    return draft


def add_article(draft: Draft, article: ArticleFolder) -> None:
    """Add an article's concepts, and what its publisher is called."""
    publisher, names = article.article.publisher, article.article.publisher_names
    draft.add_all((publisher.en, publisher.zh, *names.en, *names.zh), PUBLISHER)
    for sense, concept in article.concepts.items():
        draft.add_all((*concept.names.en, *concept.names.zh), sense)
        draft.name(sense, concept.names.en[0], concept.names.zh[0])
        if not concept.near:
            draft.speak(concept.names.en)
    draft.speak(fact.wording.en for fact in article.facts)


def replies() -> dict[str, Text]:
    """The core's reply sentences by key."""
    raw = loading.read_yaml(loading.LANGUAGE / "replies.yaml")
    return {key: Text(entry["en"], entry["zh"]) for key, entry in raw.items()}


def _lines(path: Path) -> Iterable[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()


def _version(paths: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(path.glob("*.yaml")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
