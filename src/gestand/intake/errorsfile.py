"""The file of what was refused or needs a look: row, column, outcome, reason. The value only where it is asked for.

It opens in a spreadsheet, so nothing in it may work as a formula (OWASP: CSV injection). Its length is recorded with each
batch, so that after a crash it holds every remark once.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable
from pathlib import Path

from gestand.intake.model import Remark
from gestand.kernel.errors import UsageError

HEADER = ("row", "column", "outcome", "reason")
_FIRST = ",".join(HEADER).encode()


def neutral(text: str) -> str:
    """Return ``text`` as a spreadsheet shows and never computes it: a quote before = + - @, tab and line ends."""
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


class ErrorsFile:
    """``<name>.errors.csv`` beside the imported file; made with its first remark."""

    def __init__(self, imported: Path, *, repeat_values: bool) -> None:
        self.path = imported.with_name(imported.name + ".errors.csv")
        self._values = repeat_values

    def begin(self) -> None:
        """Take away the errors file of an earlier import.

        :raises UsageError: ``errors-file`` if another file of that name stands there, or the folder cannot be written.
        """
        try:
            if self.path.exists():
                with self.path.open("rb") as file:
                    ours = file.read(len(_FIRST)) == _FIRST
                if not ours:
                    raise UsageError(
                        "errors-file",
                        "a file that is no errors file stands where the errors file goes",
                        where=str(self.path),
                        remedy="Move it away and run again.",
                    )
                self.path.unlink()
        except OSError as fault:
            raise self._unwritable(fault) from None

    def put(self, length: int, remarks: Iterable[Remark]) -> int:
        """Write ``remarks`` after the first ``length`` bytes, drop what stood behind them, and return the new length.

        On stable storage when it returns.

        :raises UsageError: ``errors-file`` if it cannot be written.
        """
        text = io.StringIO()
        rows = csv.writer(text, lineterminator="\r\n")
        try:
            with self.path.open("r+b" if self.path.exists() else "w+b") as file:
                present = file.seek(0, os.SEEK_END)
                length = min(length, present)
                if not length:
                    rows.writerow((*HEADER, "value") if self._values else HEADER)
                for remark in remarks:
                    line = (str(remark.row), neutral(remark.column), remark.outcome, neutral(remark.reason))
                    rows.writerow((*line, neutral(remark.value)) if self._values else line)
                file.truncate(length)
                file.seek(length)
                file.write(text.getvalue().encode("utf-8", "replace"))
                file.flush()
                os.fsync(file.fileno())
                return file.tell()
        except OSError as fault:
            raise self._unwritable(fault) from None

    def _unwritable(self, fault: OSError) -> UsageError:
        return UsageError(
            "errors-file",
            f"the errors file cannot be written: {fault.strerror}",
            where=str(self.path),
            remedy="Give the import a folder it may write in, with room left.",
        )
