"""A share of files as a source: each file is read and searched for the person's own identifiers.

A share has no transaction: each file is changed whole or not at all (written beside, synced, renamed), and an erasure that was killed
goes on with the files that are left.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path

from gestand.kernel.errors import GestandError, Problem
from gestand.reading.attachments import PLAIN, decoded
from gestand.sources.declared import FilesDeclared
from gestand.sources.knowing import Sought
from gestand.sources.load import SourceFile, fault_of
from gestand.sources.mentions import Mention, Mentions, black_out, passages
from gestand.sources.model import (
    NOBODY_SAID,
    Act,
    Confidence,
    Found,
    Judged,
    Known,
    Person,
    Search,
    SourcePlan,
    Trace,
    TraceValue,
)
from gestand.sources.piecewise import PiecewiseSource
from gestand.sources.place import SourcePlace
from gestand.sources.settling import settle
from gestand.sources.texts import text_of_file

BY_ROW = frozenset({".csv", ".tsv", ".xlsx", ".xlsm"})
"""File names of tables: each row is about somebody else."""


class FilesSource(PiecewiseSource):
    """One declared folder."""

    _out_of_use = "Move the files to a folder that nobody works in."

    def __init__(self, file: SourceFile, place: SourcePlace) -> None:
        super().__init__(file, place)
        assert isinstance(file.declared, FilesDeclared)
        self._declared = file.declared
        self._root = (place.folder / file.declared.folder).resolve()

    def test(self) -> tuple[Problem, ...]:
        """Say whether the folder is there and every file in it can be read or is left out with a reason."""
        try:
            unread = [search for search in self._unread() if search.why_not]
        except GestandError as fault:
            return (fault_of(self._file, fault),)
        return tuple(
            self._file.problem(
                ("folder",),
                "file-unsearched",
                f"{search.place}: {search.why_not}",
                'Remove it, or leave its kind out: skip = { "*.jpg" = "photographs of devices" }.',
            )
            for search in unread
        )

    def _unread(self) -> Iterator[Search]:
        for path in self._paths():
            _, search = self._text(path)
            if search is not None:
                yield search

    def find(self, people: Mapping[Person, Sequence[Known]], *, judged: Judged = NOBODY_SAID) -> Mapping[Person, Found]:
        """Read every file once and look in it for all persons together."""
        sought = Sought(people)
        mentions = Mentions(sought)
        traces: dict[Person, list[Trace]] = {person: [] for person in people}
        searches: list[Search] = []
        for path in self._paths():
            text, search = self._text(path)
            if search is not None:
                searches.append(search)
                continue
            named = f"{path.relative_to(self._root).as_posix()}\n{text}"
            for person, (agreement, where) in mentions.agreements(named).items():
                trace = settle(self._trace(path, text, named, agreement.confidence, agreement.why, where), judged)
                if trace is not None:
                    traces[person].append(trace)
        at = self._place.clock()
        return {
            person: Found(
                tuple(found),
                (),
                (Search(self.name, self._declared.folder, sought.kinds(), at, len(found)), *searches),
            )
            for person, found in traces.items()
        }

    def _trace(  # noqa: PLR0917 - what is known of a file
        self, path: Path, text: str, named: str, confidence: Confidence, why: str, where: Sequence[Mention]
    ) -> Trace:
        key = path.relative_to(self._root).as_posix()
        by_row = path.suffix.lower() in BY_ROW
        value = TraceValue("text", self._declared.field, passages(named, where, by_row=by_row))
        return Trace(
            self._place.trace_id(self.name, self._declared.folder, (key,)), self.name, key, (key,), (value,), confidence,
            why, self._place.digest(key, text),
        )  # fmt: skip

    def _text(self, path: Path) -> tuple[str, Search | None]:
        """Return the text of a file; or, where it is not searched, the line of the certificate that says why."""
        key = path.relative_to(self._root).as_posix()
        for pattern, why in self._declared.skip.items():
            if fnmatch(path.name.lower(), pattern.lower()):
                return "", Search(self.name, key, (f"left out: {why}",), self._place.clock(), 0)
        try:
            return text_of_file(path, self._place.reader, size_cap=self._declared.size_cap), None
        except GestandError as fault:
            return "", Search(self.name, key, (), self._place.clock(), 0, fault.message)
        except OSError as fault:
            return "", Search(self.name, key, (), self._place.clock(), 0, f"it cannot be read: {fault.strerror}")

    def _paths(self) -> Iterator[Path]:
        """Yield every file below the folder, in order; links are not followed out of it."""
        if not self._root.is_dir():
            raise GestandError(
                "source-unreachable",
                f"there is no folder {self._declared.folder}",
                where=self.name,
                remedy=f"Mend folder in sources/{self.name}.toml, or mount the share.",
            )
        number = 0
        for folder, folders, names in os.walk(self._root, followlinks=False):
            folders.sort()
            for name in sorted(names):
                path = Path(folder) / name
                if path.is_symlink() or not path.is_file():
                    continue
                number += 1
                if number > self._declared.file_cap:
                    raise GestandError(
                        "source-too-many",
                        f"it holds more than {self._declared.file_cap} files",
                        where=self.name,
                        remedy="Raise file_cap in its file, or declare its folders apart.",
                    )
                yield path

    def export(self, traces: Iterable[Trace]) -> Iterator[Trace]:
        """Yield the traces of files that are still there."""
        for trace in traces:
            if (self._root / str(trace.key[0])).is_file():
                yield trace

    def marks(self, plan: SourcePlan) -> tuple[str, ...]:
        """Return the mark of each file that leaves or changes: its name and text, as a keyed digest."""
        return tuple(f"{trace.id}:{trace.version}" for trace in plan.traces if self._act(trace) is not Act.KEEP)

    def returned(self, marks: Sequence[str]) -> int:
        """Return how many files with these marks are there again."""
        wanted, files = frozenset(marks), frozenset(mark.partition(":")[0] for mark in marks)
        back = 0
        for path in self._paths() if wanted else ():
            key = path.relative_to(self._root).as_posix()
            named = self._place.trace_id(self.name, self._declared.folder, (key,))
            if named in files:
                back += f"{named}:{self._place.digest(key, self._text(path)[0])}" in wanted
        return back

    def uncompared(self) -> tuple[str, ...]:
        """Return nothing: every file is compared."""
        return ()

    def _act(self, trace: Trace) -> Act:  # noqa: ARG002 - one way for every file of a share
        return {"delete": Act.DELETE, "black-out": Act.CHANGE, "keep": Act.KEEP}[self._declared.erase]

    def _kept(self, trace: Trace) -> tuple[str, str]:  # noqa: ARG002 - one ground for every file of a share
        return self._declared.ground, self._declared.until

    def _conflicts(self, traces: Sequence[Trace], known: Sequence[Known]) -> tuple[str, ...]:
        """Return the files that a person must edit: no text, or a text in which a name is written in another way."""
        if self._declared.erase != "black-out":
            return ()
        return tuple(
            f"{trace.place} cannot be edited by a program: edit or remove it by hand"
            for trace in traces
            if self._blacked(trace, Mentions(Sought({"": known}))) is None
        )

    def _blacked(self, trace: Trace, mentions: Mentions) -> str | None:
        """Return the text of a file without the person; None where it is no text, or something of them would still stand in it."""
        path = self._path(trace)
        if path.suffix.lower() not in PLAIN or not path.is_file():
            return None
        text = decoded(path.read_bytes(), "utf-8")
        left = black_out(text, [m for said in mentions.in_text(text).values() for m in said])
        again = self._place.reader.document(path.name, left.encode())
        return left if again.whole and not mentions.in_text(again.text) else None

    def _remove(self, traces: Sequence[Trace], known: Sequence[Known]) -> Iterator[Trace]:
        """Delete or black out file by file; each is compared with what was shown before."""
        mentions = Mentions(Sought({"": known}))
        for trace in traces:
            path = self._path(trace)
            if not path.is_file() or self._place.digest(trace.key[0], self._text(path)[0]) != trace.version:
                raise self._changed(f"the file {trace.place}")
            left = self._blacked(trace, mentions) if self._declared.erase == "black-out" else None
            if self._declared.erase == "delete":
                path.unlink()
            elif left is None:
                raise self._changed(f"the file {trace.place}")
            else:
                _replace(path, left)
            yield trace

    def _path(self, trace: Trace) -> Path:
        """Return where a file is.

        :raises RefusedError: ``source-changed`` if a link leads out of the folder by now.
        """
        path = self._root / str(trace.key[0])
        if path.resolve().parent != path.parent.resolve() or not path.resolve().is_relative_to(self._root):
            raise self._changed(f"the file {trace.place}")
        return path

    def count(self) -> int:
        """Return how many files there are."""
        return sum(1 for _ in self._paths())


def _replace(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.gestand-part")
    with part.open("w", encoding="utf-8", newline="") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    part.chmod(path.stat().st_mode & 0o777)
    part.replace(path)
