"""What an article's data files hold. The fields are the file format: pydantic checks them, an editor completes them.

Plain frozen dataclasses, so that answering never imports pydantic (it would double the start of ``factline ask``);
:mod:`knowledge.loading` validates with ``pydantic.TypeAdapter``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

STRICT: dict[str, object] = {"extra": "forbid", "str_strip_whitespace": True}

ValueUnit = Literal["count", "usd", "point", "fraction", "rank", "basis-point"]
ValueComparator = Literal["eq", "over", "nearly", "about", "within", "below"]
Ask = Literal[
    "count", "amount", "share", "rank", "rate", "who", "which", "where", "what", "list", "how", "average", "total",
    "breakdown", "trend", "names", "asof", "purpose", "why", "date", "country",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Text:
    """The same sentence in English and in Simplified Chinese; Traditional is converted."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Names:
    """What people call a thing, the name first."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    en: tuple[str, ...]
    zh: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """A subject, measure, party or place of the article, or a neighbour that it must not be confused with."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    names: Names
    gloss: Text | None = None
    """What the term means in general; shown as *not from the article*."""
    near: tuple[str, ...] = ()
    """For a neighbour only: the facts that it gets confused with. Its presence always refuses."""
    why: Text | None = None
    """For a neighbour only: why it is another thing."""
    place: bool = False
    """A place that "in …" may name, where the figures of the article need not hold."""
    weak: bool = False
    """May stand beside anything and refuses nothing (``financial``, ``cooperation``)."""


@dataclass(frozen=True, slots=True)
class Value:
    """A typed figure. ``number`` is a decimal or a fraction (``24000000000``, ``1/3``) in whole units."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    number: str
    unit: ValueUnit
    comparator: ValueComparator = "eq"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where the article says it: section, reference mark and the sentence's place in the article's text."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    section: str
    """Id of a section of ``article.yaml``."""
    sentence: tuple[int, int]
    """Character positions in the text whose SHA-256 is ``article.yaml``'s ``text_sha256``; the end is excluded."""
    mark: str = ""
    """The article's own reference mark, as ``[2]``."""


@dataclass(frozen=True, slots=True)
class Phrasings:
    """Questions that this fact answers, in our words; each belongs to one fact only."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    en: tuple[str, ...]
    zh: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that people ask and the article does not say: its words beside the fact's, and the reply."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    asked: tuple[str, ...]
    """Concept ids or asks (``ask.which``, ``attr.size``); any of them beside the fact means this gap."""
    wording: Text


@dataclass(frozen=True, slots=True)
class Fact:
    """A statement of the article: subject, measure, value, scope, wording, evidence."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    id: str
    topic: str
    name: Text
    """What the figure is called, without the figure: ``cumulative QDLP quota``."""
    identified_by: tuple[str, ...]
    """Sets of concepts, each a line of ids, any of which names this fact: ``qdlp quota``."""
    asks: tuple[Ask, ...]
    """What the fact can be asked for; anything else is a gap."""
    wording: Text
    """The answer sentence, with ``{value}`` where the figure stands."""
    evidence: Evidence
    phrasings: Phrasings
    value: Value | None = None
    figure: Text | None = None
    """The figure with what it counts: ``{value} pilot enterprises``."""
    also: tuple[str, ...] = ()
    """Concepts that may stand beside the identifying ones, and are true of the fact."""
    mentions: tuple[str, ...] = ()
    """Concepts that may stand beside them without being true of it: the answer then carries no yes or no."""
    names: tuple[str, ...] = ()
    """Concepts that the sentence names one by one: "which sectors" asks for it though "which institutions" does not."""
    unnamed: tuple[str, ...] = ()
    """Concepts that it speaks of without naming one: "which institution" is a gap though "which project" is not."""
    party: tuple[str, ...] = ()
    """Whom the sentence names as the other side: "who worked with the authority?" asks for the one that it does not."""
    giver: tuple[str, ...] = ()
    """Who grants it: "a *Singapore* licence", but "a licence of a *Singapore* firm" is another one."""
    receiver: tuple[str, ...] = ()
    """What is granted to, and the giver never stands before: "a Singapore firm"."""
    antecedent: tuple[str, ...] = ()
    """What "it" and "they" mean in a follow-up, where the question that led here did not name it."""
    contrasts: tuple[str, ...] = ()
    """Concepts that a claim may wrongly make of it ("is it a bank?"): the fact answers, and that it does not say so."""
    whole: tuple[str, ...] = ()
    """What the share is of. A claim that names another whole ("a third of all banks") is not decided."""
    numbers: tuple[str, ...] = ()
    """Other numbers that a question may mention: the three areas, the two countries."""
    places: tuple[str, ...] = ()
    """Places that "in …" may name; the article's home places may always. A claim of another one is set right."""
    direction: Literal["", "lower", "higher"] = ""
    tags: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    caveat: Text | None = None
    counted: str = ""
    """Concept of what the figure counts, for comparing like with like: ``policy``."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """Arithmetic that is allowed over facts, and nothing else is ever computed."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    id: str
    topic: str
    name: Text
    source: tuple[str, ...]
    """The facts it follows from."""
    formula: str
    """Over the facts' ids with + - * /, as ``qdlp-quota / qdlp-enterprises``; the value is computed from it."""
    unit: ValueUnit
    identified_by: tuple[str, ...]
    asks: tuple[Ask, ...]
    wording: Text
    caveat: Text
    phrasings: Phrasings
    comparator: ValueComparator = "eq"
    figure: Text | None = None
    also: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    direction: Literal["", "lower", "higher"] = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the article."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    id: str
    title: Text
    concepts: tuple[str, ...] = ()
    """Concepts that ask for the section, as the words of its heading."""
    whole: tuple[str, ...] = ()
    """Concepts of single facts that ask for the section beside "everything about"."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A group of facts that belong together in an overview."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    id: str
    title: Text
    concepts: tuple[str, ...]
    """Concepts any of which, alone, asks for the topic."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """A piece of the article's text that no fact claims, and why."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    sentence: tuple[int, int]
    why: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article: where it is from, what it is about, and how its gist reads."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    slug: str
    title: Text
    publisher: Text
    published: str
    """ISO 8601 date, with the time where it is known."""
    text_sha256: str
    text_file: str
    """Name of the article's text in the operator's folder."""
    about: tuple[str, ...]
    """Concepts that are what the article is about: never a reason to refuse."""
    home: tuple[str, ...]
    """Places that figures hold for unless a fact says otherwise."""
    gist: Text
    key_facts: tuple[str, ...]
    """Facts of the overview, in order."""
    sections: tuple[Section, ...]
    topics: tuple[Topic, ...]
    publisher_names: Names = Names((), ())
    """What else people call the publisher, for "is it from …?"."""
    overview_words: tuple[str, ...] = ()
    """Concepts that may stand beside a heading without asking for anything else: progress, area."""
    gaps: tuple[Gap, ...] = ()
    """Gaps of the article as a whole: its author, what its figures hold until."""
    ignored: tuple[Ignored, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleFolder:
    """All of an article's data, as :mod:`knowledge.loading` reads it from its folder."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    article: Article
    concepts: dict[str, Concept]
    facts: tuple[Fact, ...]
    derivations: tuple[Derivation, ...] = field(default=())
