"""Broken data: every finding names file, line, entry and field, and nothing starts with it."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge import loading
from knowledge.checking import check_articles
from knowledge.errors import KnowledgeError
from knowledge.proving import prove

ARTICLES = Path(__file__).parent.parent / "articles"
SLUG = "harbour-museum-2025"
Break = Callable[[str, str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of a sound article, to be broken."""
    shutil.copytree(ARTICLES, tmp_path / "articles")
    return tmp_path / "articles"


@pytest.fixture
def broken(folder: Path) -> Break:
    """Replace a piece of one of its files."""

    def replaced(part: str, old: str, new: str) -> None:
        path = folder / SLUG / f"{part}.yaml"
        written = path.read_text(encoding="utf-8")
        assert old in written
        path.write_text(written.replace(old, new, 1), encoding="utf-8")

    return replaced


def findings(folder: Path) -> list[str]:
    with pytest.raises(KnowledgeError) as caught:
        check_articles(loading.article_folders(folder))
    assert str(caught.value) == "\n".join(str(finding) for finding in caught.value.findings)
    return [str(finding) for finding in caught.value.findings]


def line_of(folder: Path, part: str, piece: str) -> int:
    lines = (folder / SLUG / f"{part}.yaml").read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if piece in line)


BROKEN = [
    # part, what, by what, piece on the line, entry, field, words
    ("facts", "unit: count, comparator: over", "unit: furlong", "furlong", "ship-models", "value.unit", "count"),
    ("facts", 'number: "9"', 'number: "nine"', '"nine"', "museum-halls", "value.number", "no number"),
    ("facts", "id: museum-halls", "id: ship-models", "", "ship-models", "id", "another entry"),
    (
        "facts",
        "number of museum halls",
        "number of ship models",
        "",
        "museum-halls",
        "phrasings.en",
        "belongs to ship-models",
    ),
    ("facts", 'zh: "博物馆有{value}个展厅。"', 'zh: ""', "", "museum-halls", "wording.zh", "missing"),
    (
        "facts",
        "identified_by: [hall]",
        "identified_by: [ballroom]",
        "ballroom",
        "museum-halls",
        "identified_by",
        "no concept",
    ),
    ("facts", "also: [collection, hall]", "also: [attic]", "attic", "ship-models", "also", "no concept"),
    ("facts", "topic: museum-public", "topic: museum-pets", "museum-pets", "museum-visitors", "topic", "no topic"),
    ("facts", "section: visitors", "section: cellar", "cellar", "museum-visitors", "evidence.section", "no section"),
    ("facts", "asks: [share]", "asks: [share, colour]", "colour", "donor-share", "asks", "count"),
    ("facts", "asks: [share]", "asks: [share]\n  colour: red", "colour: red", "donor-share", "colour", "nexpected"),
    ("facts", "  topic: museum-building\n", "", "", "renovation-cost", "topic", "required"),
    (
        "facts",
        "{en: The museum's floating gallery is the country's first.,",
        '{en: "The {value} gallery.",',
        "{value} gallery",
        "floating-gallery-first",
        "wording.en",
        "no figure",
    ),
    (
        "facts",
        '"The museum has {value} halls."',
        '"The museum has halls."',
        "has halls",
        "museum-halls",
        "wording.en",
        "{value}",
    ),
    (
        "derivations",
        "renovation-cost / museum-halls",
        "renovation-cost ** 2",
        "** 2",
        "renovation-per-hall",
        "formula",
        "formula",
    ),
    (
        "derivations",
        "source: [renovation-cost,",
        "source: [roof-cost,",
        "roof-cost",
        "renovation-per-hall",
        "source",
        "no fact",
    ),
    ("concepts", "zh: [捐赠者, 捐款人, 捐款, 私人捐助]", "zh: []", "zh: []", "donor", "names", "missing"),
    (
        "concepts",
        "zh: 入场费是进入场馆时支付的费用。",
        "zh: entrance",
        "zh: entrance",
        "entrance-fee",
        "gloss.zh",
        "no Chinese",
    ),
    (
        "concepts",
        "zh: 入场费是进入场馆时支付的费用。",
        "zh: 入場費是費用。",
        "入場費",
        "entrance-fee",
        "gloss.zh",
        "Traditional",
    ),
    ("article", "key_facts: [museum-halls", "key_facts: [museum-roofs", "museum-roofs", SLUG, "key_facts", "no fact"),
    ("article", "about: [port-alden, museum]", "about: [port-alden, zoo]", "zoo", SLUG, "about", "no concept"),
]


@pytest.mark.parametrize(
    ("part", "old", "new", "piece", "entry", "field", "words"),
    BROKEN,
    ids=[f"{entry} {field} {words}" for *_, entry, field, words in BROKEN],
)
def test_a_finding_names_file_line_entry_and_field(  # noqa: PLR0917
    folder: Path, broken: Break, part: str, old: str, new: str, piece: str, entry: str, field: str, words: str
) -> None:
    broken(part, old, new)
    concerned = [each for each in findings(folder) if field in each and words in each]
    assert concerned
    place = re.match(rf"{SLUG}/{part}\.yaml:(\d+): (\S+)", concerned[0])
    assert place, concerned
    assert place[2].rstrip(":") == entry
    if piece:
        assert abs(int(place[1]) - line_of(folder, part, piece)) <= 1
    assert int(place[1]) > 0


def test_several_findings_come_at_once(folder: Path, broken: Break) -> None:
    broken("facts", 'number: "9"', 'number: "nine"')
    broken("facts", "identified_by: [hall]", "identified_by: [ballroom]")
    broken("facts", "section: visitors", "section: cellar")
    assert len(findings(folder)) >= 3


@pytest.mark.parametrize("content", ["- id: [", "a: b: c", "\t- x", "- {id: 1, id: 2}", "'unclosed"])
def test_what_is_no_yaml_is_said_with_its_line(folder: Path, content: str) -> None:
    (folder / SLUG / "facts.yaml").write_text("# first\n" + content, encoding="utf-8")
    (message, *_) = findings(folder)
    assert re.match(r"facts\.yaml:\d+: is not YAML", message)


def test_an_alias_bomb_is_refused_before_it_unfolds(folder: Path) -> None:
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12))
    (folder / SLUG / "facts.yaml").write_text(f"l0: &l0 [x]\n{levels}\n", encoding="utf-8")
    (message,) = findings(folder)
    assert "aliases" in message


def test_a_huge_file_is_refused(folder: Path) -> None:
    (folder / SLUG / "facts.yaml").write_text("#" * (loading.LARGEST_FILE + 1), encoding="utf-8")
    assert "larger than 1 MiB" in findings(folder)[0]


def test_a_missing_or_unreadable_file_is_said(folder: Path) -> None:
    (folder / SLUG / "facts.yaml").write_bytes(b"\xff\xfe\x00\x01")
    assert "cannot be read" in findings(folder)[0]
    (folder / SLUG / "facts.yaml").unlink()
    assert "cannot be read" in findings(folder)[0]


def test_two_articles_with_one_slug(folder: Path) -> None:
    shutil.copytree(folder / SLUG, folder / "copy")
    assert any("slug of another article" in each for each in findings(folder))


@pytest.mark.parametrize(
    ("part", "old", "new", "words"),
    [
        ("facts", 'number: "45000000"', 'number: "46000000"', "renovation-cost value.number"),
        ("facts", 'mark: "[3]"', 'mark: "[7]"', "evidence.mark"),
        ("facts", 'number: "9"', 'number: "8"', "museum-halls value.number"),
        ("article", "text_sha256: ", "text_sha256: 0", "SHA-256"),
        ("article", "sentence: [0, 21]", "sentence: [0, 3]", "claimed by no fact"),
    ],
)
def test_a_wrong_figure_is_found_against_the_text(
    folder: Path, broken: Break, part: str, old: str, new: str, words: str
) -> None:
    broken(part, old, new)
    article = loading.read_folder(folder / SLUG)
    source = (folder / article.article.text_file).read_text(encoding="utf-8")
    assert any(words in str(finding) for finding in prove(folder / SLUG, article, source))


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env={"FACTLINE_ARTICLES": str(folder), "PATH": "", "XDG_CACHE_HOME": str(folder.parent / "cache")},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_check_exits_1_with_a_line_per_finding(folder: Path, broken: Break) -> None:
    assert run(folder, "check").returncode == 0
    broken("facts", 'number: "9"', 'number: "nine"')
    broken("facts", "section: visitors", "section: cellar")
    done = run(folder, "check")
    assert done.returncode == 1
    assert "value.number" in done.stdout
    assert "evidence.section" in done.stdout
    assert done.stderr == ""


def test_a_start_with_such_data_stops_with_that_message(folder: Path, broken: Break) -> None:
    broken("facts", 'number: "9"', 'number: "nine"')
    for arguments in (("ask", "how many halls?"), ("chat",), ("ask", "how many halls?", "--lang", "en")):
        done = run(folder, *arguments)
        assert done.returncode == 1
        assert f"{SLUG}/facts.yaml:" in done.stderr
        assert "museum-halls value.number" in done.stderr
        assert "Traceback" not in done.stderr
        assert done.stdout == ""


def test_check_finds_a_phrasing_that_its_fact_does_not_answer(folder: Path, broken: Break) -> None:
    broken("facts", "number of museum halls", "number of zebra crossings")
    done = run(folder, "check")
    assert done.returncode == 1
    assert "museum-halls phrasings: the phrasing “number of zebra crossings” is not answered by its fact" in done.stdout


@pytest.mark.parametrize("part", sorted(loading.PARTS))
def test_the_json_schema_names_every_field(part: str) -> None:
    schema = loading.json_schema(part)
    assert "title" in str(schema) or "$defs" in schema
    assert "additionalProperties" in str(schema)


def test_there_is_no_schema_of_anything_else() -> None:
    with pytest.raises(KnowledgeError, match="no knowledge file"):
        loading.json_schema("nonsense")
