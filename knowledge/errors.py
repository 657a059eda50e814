"""Errors of the knowledge base. Their text is shown to the operator as it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with the knowledge base, and where."""

    file: str
    line: int
    """1-based; 0 where the finding belongs to no line."""
    entry: str
    field: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        what = " ".join(part for part in (self.entry, self.field) if part)
        return f"{place}: {what}: {self.message}" if what else f"{place}: {self.message}"


class KnowledgeError(Exception):
    """The knowledge base cannot be used; stops the start and says what to mend, one line per finding."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings

    def __reduce__(self) -> tuple[type[KnowledgeError], tuple[list[Finding]]]:
        """Pickled by its findings: the data may have been compiled in another process."""
        return KnowledgeError, (self.findings,)
