"""Complaints about a statement, gathered with the lines of its keys and clauses."""

from __future__ import annotations

from gestand.kernel.errors import Problem, Severity
from gestand.statement.load import POLICY
from gestand.statement.locate import KeyPath, line_of
from gestand.statement.model import Statement, StatementText


class Complaints:
    """Grows while a statement is judged; ``problems`` is what was found."""

    def __init__(self, statement: Statement) -> None:
        self._lines = statement.lines
        folder = statement.folder.rstrip("/")
        self._policy = POLICY if folder in {"", "."} else f"{folder}/{POLICY}"
        self.problems: list[Problem] = []

    def at(self, path: KeyPath, code: str, message: str, remedy: str) -> None:
        """Complain about a key of the policy."""
        self._add(self._policy, line_of(self._lines, path), code, message, remedy, severity="error")

    def warn(self, path: KeyPath, code: str, message: str, remedy: str) -> None:
        """Warn about a key of the policy."""
        self._add(self._policy, line_of(self._lines, path), code, message, remedy, severity="warning")

    def text(
        self, text: StatementText, line: int, code: str, message: str, remedy: str, *, severity: Severity = "error"
    ) -> None:
        """Complain about a line of a text."""
        self._add(text.file, line, code, message, remedy, severity=severity)

    def _add(self, file: str, line: int, code: str, message: str, remedy: str, *, severity: Severity) -> None:
        self.problems.append(Problem(file, line, code, message, remedy, severity))
