"""An append-only record of every call that arrived: the judge of what was sent, when and how it ended."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SENDING = frozenset({"sendMessage", "copyMessage", "forwardMessage", "sendPhoto", "sendDocument"})


@dataclass(slots=True)
class Entry:
    """One call: `applied` says whether the world changed, whatever the caller was told."""

    method: str
    params: dict[str, Any]
    at: float = field(default_factory=time.time)
    clock: float = field(default_factory=time.monotonic)
    status: int = 0
    description: str = ""
    fault: str = ""
    applied: bool = False
    chat_id: int | None = None
    thread_id: int | None = None
    message_id: int | None = None
    text: str | None = None


class Journal:
    """The calls in the order of their arrival; with a path, each settled one is also written there at once."""

    def __init__(self, path: Path | None = None) -> None:
        self.entries: list[Entry] = []
        self._file = path.open("a", encoding="utf-8") if path else None

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def open(self, method: str, params: dict[str, Any]) -> Entry:
        """Note a call that arrived."""
        entry = Entry(method, params)
        self.entries.append(entry)
        return entry

    def settle(self, entry: Entry) -> None:
        """Note how a call ended; from here on the entry does not change."""
        if self._file is not None:
            self._file.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")
            self._file.flush()

    def calls(self, method: str) -> list[Entry]:
        """Return all calls of one method."""
        return [entry for entry in self.entries if entry.method == method]

    def delivered(self, chat_id: int | None = None) -> list[Entry]:
        """Return the messages that exist because a send took effect, whether or not its sender learnt it."""
        return [
            entry
            for entry in self.entries
            if entry.applied and entry.method in SENDING and (chat_id is None or entry.chat_id == chat_id)
        ]

    def refused(self) -> list[Entry]:
        """Return the calls that Telegram would have refused (400, 401, 403, 404), injected faults aside."""
        return [entry for entry in self.entries if 400 <= entry.status < 409 and not entry.fault]

    def clear(self) -> None:
        """Forget the entries; the file keeps them."""
        self.entries.clear()

    def close(self) -> None:
        """Close the file, if there is one."""
        if self._file is not None:
            self._file.close()
            self._file = None
