"""Reads the data files: YAML to validated data, with the line of everything that is wrong.

Parsing YAML takes a second and pydantic 0.2 s to import, so what was read is kept in the user's cache folder and used
as long as no data or source file has changed.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from itertools import accumulate, pairwise
from mmap import ACCESS_READ, ALLOCATIONGRANULARITY, mmap
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from knowledge.errors import Finding, KnowledgeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from knowledge.schema import ArticleFolder

T = TypeVar("T")

PACKAGE: Final = Path(__file__).parent
LANGUAGE: Final = PACKAGE / "language"
ARTICLES: Final = PACKAGE / "articles"
PARTS: Final = {
    "article": "article.yaml",
    "concepts": "concepts.yaml",
    "facts": "facts.yaml",
    "derivations": "derivations.yaml",
}
LARGEST_FILE: Final = 1 << 20
WINDOW: Final = 1 << 20
"""Bytes of the cache file that are mapped at a time; each takes a file descriptor."""


def article_folders(folder: Path) -> list[Path]:
    """The folders below ``folder`` that hold an ``article.yaml``, by name."""
    return sorted(path.parent for path in folder.glob("*/article.yaml"))


def read_yaml(path: Path, *, lines: bool = False) -> Any:  # noqa: ANN401  (whatever the file holds)
    """The content of a YAML 1.2 file; with ``lines`` as ruamel's nodes, which know their place.

    Raises:
        KnowledgeError: the file is missing, too large, not YAML, or uses aliases (306 bytes of them make 4e8 leaves).

    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError
    from ruamel.yaml.tokens import AliasToken

    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError([Finding(path.name, 0, "", "", f"cannot be read: {error.__class__.__name__}")]) from error
    if len(source) > LARGEST_FILE:
        raise KnowledgeError([Finding(path.name, 0, "", "", "is larger than 1 MiB")])
    try:
        reader = YAML(typ="rt" if lines else "safe", pure=lines)
        if "*" in source and any(isinstance(token, AliasToken) for token in YAML(typ="rt").scan(source)):
            raise KnowledgeError([Finding(path.name, 0, "", "", "uses YAML aliases, which are not allowed")])
        return reader.load(source)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise KnowledgeError([Finding(path.name, line, "", "", f"is not YAML: {error.problem}")]) from error


def read_folder(folder: Path) -> ArticleFolder:
    """The validated data of one article.

    Raises:
        KnowledgeError: with one finding, with its line, for everything that does not fit the schema.

    """
    from pydantic import TypeAdapter, ValidationError

    from knowledge.schema import ArticleFolder

    raw = {
        part: read_yaml(folder / name)
        for part, name in PARTS.items()
        if (folder / name).exists() or part != "derivations"
    }
    try:
        return TypeAdapter(ArticleFolder).validate_python(raw)
    except ValidationError as error:
        raise KnowledgeError([_finding(folder, raw, dict(item)) for item in error.errors()]) from error


def json_schema(part: str) -> dict[str, Any]:
    """The JSON Schema of one file of an article's folder: ``article``, ``concepts``, ``facts`` or ``derivations``.

    Raises:
        KnowledgeError: there is no such file.

    """
    from pydantic import TypeAdapter

    from knowledge import schema

    types: dict[str, Any] = {
        "article": schema.Article,
        "concepts": dict[str, schema.Concept],
        "facts": tuple[schema.Fact, ...],
        "derivations": tuple[schema.Derivation, ...],
    }
    if part not in types:
        raise KnowledgeError([Finding(part, 0, "", "", f"is no knowledge file: use {', '.join(types)}")])
    return TypeAdapter(types[part]).json_schema()


def _finding(folder: Path, raw: dict[str, Any], item: dict[str, Any]) -> Finding:
    part, *path = item["loc"]
    message = str(item["msg"])
    entry, rest = "", path
    if path:
        place = raw.get(part)
        entry = str(path[0])
        if isinstance(place, list) and isinstance(path[0], int) and isinstance(place[path[0]], dict):
            entry = str(place[path[0]].get("id", f"entry {path[0] + 1}"))
            rest = path[1:]
        elif part == "concepts":
            rest = path[1:]
        else:
            entry = ""
    field = ".".join(str(step) for step in rest)
    return Finding(f"{folder.name}/{PARTS[str(part)]}", line_of(folder / PARTS[str(part)], path), entry, field, message)


def line_of(path: Path, steps: Sequence[str | int]) -> int:
    """The 1-based line of what ``steps`` lead to in a YAML file, or of the nearest thing above it; 0 if unknown."""
    try:
        node = read_yaml(path, lines=True)
    except KnowledgeError:
        return 0
    line = 1
    for step in steps:
        place = getattr(node, "lc", None)
        try:
            position = place.item(step) if isinstance(step, int) else place.key(step)  # type: ignore[union-attr]
            line = position[0] + 1
            node = node[step]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    return line


def cached(name: str, folders: Sequence[Path], make: Callable[[], T]) -> T:
    """What ``make`` returns, from the cache folder where no file of ours or of ``folders`` has changed since."""
    found: T | None = kept(name, folders)
    if found is not None:
        return found
    made = make()
    _store(_cache_file(name, folders), made, name)
    return made


def kept(name: str, folders: Sequence[Path]) -> Any | None:  # noqa: ANN401  (whatever was made)
    """What the cache folder holds, if no file of ours or of ``folders`` has changed since; else None."""
    path = _cache_file(name, folders)
    try:
        if path.stat().st_uid == os.getuid():
            return _mapped(path)
    except (OSError, pickle.UnpicklingError, AttributeError, EOFError, ImportError, IndexError, TypeError, ValueError):
        pass
    return None


def _cache_file(name: str, folders: Sequence[Path]) -> Path:
    return _cache_folder() / f"{name}-{_fingerprint(folders)}.pickle"


def _cache_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "factline"


def _fingerprint(folders: Sequence[Path]) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for folder in (PACKAGE, *folders):
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".py", ".yaml", ".txt"}:
                status = path.stat()
                digest.update(f"{path.relative_to(folder)}|{status.st_size}|{status.st_mtime_ns}".encode())
    return digest.hexdigest()[:32]


def _store(path: Path, made: object, name: str) -> None:
    """Write the cache whole or not at all; a read-only home only costs time."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for old in path.parent.glob(f"{name}-*.pickle"):
            old.unlink(missing_ok=True)
        partial = path.with_suffix(f".{os.getpid()}")
        partial.write_bytes(_written(made))
        partial.chmod(0o600)
        partial.replace(path)
    except OSError:
        return


def _written(made: object) -> bytes:
    """The content of a cache file: how long the large blocks of bytes are, the blocks, and the rest."""
    blocks: list[pickle.PickleBuffer] = []
    rest = pickle.dumps(made, protocol=pickle.HIGHEST_PROTOCOL, buffer_callback=blocks.append)
    views = [block.raw() for block in blocks]
    return b"".join((pickle.dumps([len(view) for view in views]), *views, rest))


def _mapped(path: Path) -> Any:  # noqa: ANN401  (whatever was made)
    """What a cache file holds; its blocks are pages of the file, in memory only where they are looked at."""
    with path.open("rb") as file:
        sizes = pickle.load(file)  # noqa: S301  (our own file, our own user)
        places = list(accumulate(sizes, initial=file.tell()))
        file.seek(places[-1])
        return pickle.load(file, buffers=_blocks(file.fileno(), places))  # noqa: S301  (as above)


def _blocks(file: int, places: Sequence[int]) -> Iterator[memoryview[int]]:
    """Parts of a file, mapped some at a time: of 2 MB in one piece Linux may make one page, read as a whole."""
    first = last = 0
    window = memoryview(b"")
    for start, end in pairwise(places):
        if end > last:
            first = start - start % ALLOCATIONGRANULARITY
            last = max(end, min(first + WINDOW, places[-1]))
            window = memoryview(mmap(file, last - first, offset=first, access=ACCESS_READ))
        yield window[start - first : end - first]
