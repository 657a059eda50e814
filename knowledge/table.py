"""Mappings that are only read, packed: a lexicon of 39,000 phrases in 1.5 MB, where a dict and its strings take 5.5 MB.

Keys lie one after another in one run of bytes, found by their check sum, which unlike ``hash`` is the same in every
process; so a table is a few blocks of bytes that nothing has to be built of. In the cache they are mapped, not read
(:mod:`knowledge.loading`): of 5 MB, a question in English looks at 1.5, and the rest takes no memory.
"""

from __future__ import annotations

from array import array
from collections.abc import ItemsView, Mapping, Sequence
from itertools import accumulate
from pickle import PickleBuffer
from typing import TYPE_CHECKING, Any, Final, SupportsIndex, TypeVar, overload
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Kept = tuple[str, PickleBuffer | bytes]
V = TypeVar("V")
D = TypeVar("D")

OUT_OF_BAND: Final = 5
"""Pickle's protocol that lets bytes lie outside of the pickle."""
SPARSE: Final = 3
"""Slots for each key: a third of them taken, so that most of what is absent is known by one look."""


class Texts(Sequence[str]):
    """Strings in one run of bytes."""

    __slots__ = ("_bytes", "_starts")

    def __init__(self, texts: Iterable[str]) -> None:
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        self._bytes = memoryview(b"".join(encoded))
        self._starts = _numbers(accumulate(map(len, encoded), initial=0), len(self._bytes))

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> list[str]: ...

    def __getitem__(self, index: int | slice) -> str | list[str]:
        """The string at a place."""
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        if not 0 <= index < len(self):
            raise IndexError(index)
        return str(self._bytes[self._starts[index] : self._starts[index + 1]], "utf-8", "surrogatepass")

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[object, ...]:
        """Be pickled as blocks of bytes."""
        return object.__new__, (Texts,), (_kept(self._bytes, protocol), _kept(self._starts, protocol))

    def __setstate__(self, blocks: tuple[Kept, Kept]) -> None:
        self._bytes, self._starts = map(_seen, blocks)


class Table(Mapping[str, V]):
    """A mapping from strings that is never changed; equal values are one object."""

    __slots__ = ("_bytes", "_slots", "_starts", "_values", "_which")

    def __init__(self, entries: Mapping[str, V]) -> None:
        distinct = list(dict.fromkeys(entries.values()))
        place_of = {value: place for place, value in enumerate(distinct)}
        self._values = _packed(distinct)
        self._which = _numbers((place_of[value] for value in entries.values()), len(distinct))
        keys = Texts(entries)
        self._bytes, self._starts = keys._bytes, keys._starts  # noqa: SLF001 - one module, and a call less each time
        slots = 1 << (SPARSE * len(entries)).bit_length()
        self._slots = _numbers((0 for _ in range(slots)), len(entries))
        for position, key in enumerate(entries, 1):
            self._slots[self._empty(key)] = position

    def _empty(self, key: str) -> int:
        mask = len(self._slots) - 1
        slot = crc32(key.encode("utf-8", "surrogatepass")) & mask
        while self._slots[slot]:
            slot = (slot + 1) & mask
        return slot

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[object, ...]:
        """Be pickled as blocks of bytes."""
        blocks = (self._which, self._bytes, self._starts, self._slots)
        return object.__new__, (Table,), (self._values, [_kept(block, protocol) for block in blocks])

    def __setstate__(self, state: tuple[Sequence[V], list[Kept]]) -> None:
        self._values, blocks = state
        self._which, self._bytes, self._starts, self._slots = map(_seen, blocks)

    def _find(self, key: str) -> int:
        """The position of a key, counted from 1; 0 where it is absent."""
        wanted = key.encode("utf-8", "surrogatepass")
        slots = self._slots
        mask = len(slots) - 1
        slot = crc32(wanted) & mask
        while position := slots[slot]:
            if self._bytes[self._starts[position - 1] : self._starts[position]] == wanted:
                return position
            slot = (slot + 1) & mask
        return 0

    def __getitem__(self, key: str) -> V:
        """The value of a key."""
        position = self._find(key)
        if not position:
            raise KeyError(key)
        return self._values[self._which[position - 1]]

    @overload
    def get(self, key: str, /) -> V | None: ...

    @overload
    def get(self, key: str, /, default: V | D) -> V | D: ...

    def get(self, key: str, /, default: Any = None) -> Any:
        """The value of a key, or ``default``; nothing is raised on the way, as Mapping's own would."""
        position = self._find(key)
        return self._values[self._which[position - 1]] if position else default

    def __contains__(self, key: object) -> bool:
        """Whether there is such a key."""
        return isinstance(key, str) and self._find(key) > 0

    def items(self) -> ItemsView[str, V]:
        """Every key with its value."""
        return _Items(self)

    def __len__(self) -> int:
        return len(self._which)

    def __iter__(self) -> Iterator[str]:
        starts = self._starts
        for position in range(len(self)):
            yield str(self._bytes[starts[position] : starts[position + 1]], "utf-8", "surrogatepass")


class _Items(ItemsView[str, V]):
    """Goes through a table place by place; Mapping's own would look up every key again."""

    _mapping: Table[V]

    def __iter__(self) -> Iterator[tuple[str, V]]:
        table = self._mapping
        for key, which in zip(table, table._which, strict=True):  # noqa: SLF001 - its own table
            yield key, table._values[which]  # noqa: SLF001


def _numbers(numbers: Iterable[int], most: int) -> memoryview[int]:
    """Whole numbers up to ``most``, in two bytes each where that is enough."""
    return memoryview(array("H" if most < 1 << 16 else "I", numbers))


def _kept(block: memoryview[int], protocol: SupportsIndex) -> Kept:
    """What is pickled of a block: what its bytes are, and the bytes, which may lie outside of the pickle."""
    return block.format, PickleBuffer(block) if int(protocol) >= OUT_OF_BAND else block.tobytes()


def _seen(kept: Kept) -> memoryview[int]:
    """The block again; Python does not cast what is empty."""
    kind, written = kept
    bytes_ = memoryview(written)
    return bytes_.cast("B").cast(kind) if bytes_.nbytes else memoryview(array(kind))  # type: ignore[call-overload]


def _packed(values: list[V]) -> Sequence[V]:
    """Values as they are kept: strings together, anything else in a tuple."""
    if values and all(isinstance(value, str) for value in values):
        return Texts(values)  # type: ignore[arg-type, return-value]
    return tuple(values)
