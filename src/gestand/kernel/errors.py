"""Every error this program raises on purpose, and the exit status each one has.

    GestandError                    1   the answer is "no" (a promise broken, a check failed)
    ├── UsageError                  2   wrong use: an option, a file that is not there, a value that is not one
    │   └── InputError              2   a file that cannot be read as what it should be; carries all its problems
    ├── RefusedError                3   refused by policy: the statement does not allow it
    └── DamagedError                4   a store, key file, ledger or backup is damaged or was rolled back

Codes are stable, written kebab-case, and listed in docs/formats.md (a test compares).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file, with its place and its remedy.

    ``file`` is as the user named it; ``line`` counts from 1, 0 where a whole file is meant.
    """

    file: str
    line: int
    code: str
    message: str
    remedy: str
    severity: Severity = "error"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.severity} [{self.code}] {self.message}\n    → {self.remedy}"


class GestandError(Exception):
    """Base of all errors on purpose: what is wrong, where, and what to do."""

    exit_status = 1

    def __init__(self, code: str, message: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f"\n    → {self.remedy}" if self.remedy else ""
        return f"{place}{self.message} [{self.code}]{advice}"


class UsageError(GestandError):
    """Wrong use: the command, an option or a path."""

    exit_status = 2


class InputError(UsageError):
    """A file that is not what it should be; ``problems`` holds all of them at once."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        first = problems[0]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(first.code, first.message + more, where=f"{first.file}:{first.line}", remedy=first.remedy)
        self.problems = problems


class RefusedError(GestandError):
    """The policy, the law or the ledger forbids it. ``clause`` names the sentence of the statement, if one does."""

    exit_status = 3

    def __init__(self, code: str, message: str, *, where: str = "", remedy: str = "", clause: str = "") -> None:
        super().__init__(code, message, where=where, remedy=remedy)
        self.clause = clause


class DamagedError(GestandError):
    """A store, key file, ledger or backup does not verify."""

    exit_status = 4
