"""A share of files as a source: each file is read and searched for the person's own identifiers.

A share has no transaction: each file is changed whole or not at all (written beside, synced, renamed), and an erasure that was killed
goes on with the files that are left.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path

from gestand.kernel.errors import GestandError, Problem, RefusedError
from gestand.sources.declared import FilesDeclared
from gestand.sources.knowing import Sought
from gestand.sources.load import SourceFile, fault_of
from gestand.sources.mentions import Mention, Mentions, black_out, passages
from gestand.sources.model import (
    NOBODY_SAID,
    Act,
    Confidence,
    Corrected,
    Correction,
    Found,
    Judged,
    Known,
    Person,
    PlannedRows,
    Removal,
    Retained,
    Search,
    SourceName,
    SourcePlan,
    Trace,
    TraceValue,
)
from gestand.sources.place import SourcePlace
from gestand.sources.settling import settle
from gestand.sources.texts import PLAIN, decoded, text_of_file


class FilesSource:
    """One declared folder."""

    whole = False

    def __init__(self, file: SourceFile, place: SourcePlace) -> None:
        assert isinstance(file.declared, FilesDeclared)
        self._file = file
        self._declared = file.declared
        self._place = place
        self._root = (place.folder / file.declared.folder).resolve()

    @property
    def name(self) -> SourceName:
        """The name of its file."""
        return self._file.name

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
        value = TraceValue("text", self._declared.field, passages(named, where))
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
            return text_of_file(path, size_cap=self._declared.size_cap), None
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

    def plan(self, traces: Sequence[Trace], *, known: Sequence[Known] = (), rehearse: bool = True) -> SourcePlan:  # noqa: ARG002 - files have no constraints to try
        """Say which files are deleted, blacked out, kept; one that must be edited by hand is in the way."""
        sure = [trace for trace in traces if trace.confidence is not Confidence.DOUBTFUL]
        way = self._declared.erase
        ground, until = self._declared.ground, self._declared.until
        act = {"delete": Act.DELETE, "black-out": Act.CHANGE, "keep": Act.KEEP}[way]
        rows = tuple(PlannedRows(trace.place, act, 1, (), ground, until) for trace in sure)
        by_hand = [t for t in sure if way == "black-out" and Path(t.place).suffix.lower() not in PLAIN]
        conflicts = tuple(
            f"{trace.place} cannot be edited by a program: edit or remove it by hand" for trace in by_hand
        )
        digest = self._place.digest("plan", way, *sorted(f"{trace.id}:{trace.version}" for trace in sure))
        return SourcePlan(self.name, rows, tuple(sure), digest, conflicts, len(traces) - len(sure), tuple(known))

    def erase(self, plan: SourcePlan) -> Removal:
        """Delete or black out file by file; each is compared with what was shown before."""
        if plan.conflicts:
            raise RefusedError("source-conflict", plan.conflicts[0], where=self.name, remedy="Do that, and plan again.")
        mentions = Mentions(Sought({"": plan.known}))
        done = 0
        for trace in plan.traces if self._declared.erase != "keep" else ():
            path = self._root / str(trace.key[0])
            if path.resolve().parent != path.parent.resolve() or not path.resolve().is_relative_to(self._root):
                raise self._changed(trace)
            if not path.is_file() or self._place.digest(trace.key[0], self._text(path)[0]) != trace.version:
                raise self._changed(trace)
            if self._declared.erase == "delete":
                path.unlink()
            else:
                text = decoded(path.read_bytes())
                found = [m for said in mentions.in_text(text).values() for m in said]
                _replace(path, black_out(text, found))
            done += 1
            self._place.failpoint(f"{self.name}.file")
        kept = tuple(Retained(row.place, row.rows, row.ground, row.until) for row in plan.rows if row.act is Act.KEEP)
        return Removal(self.name, done, kept)

    def _changed(self, trace: Trace) -> RefusedError:
        return RefusedError(
            "source-changed",
            f"the file {trace.place} was changed or removed since the plan was made",
            where=self.name,
            remedy="Make the plan again, and read what changed.",
        )

    def rectify(self, traces: Sequence[Trace], corrections: Sequence[Correction], *, note: str) -> Corrected:  # noqa: ARG002 - of the protocol
        """Rewrite no document: what was written stays, and the correction stays in the file of the request."""
        sure = [trace for trace in traces if trace.confidence is not Confidence.DOUBTFUL]
        return Corrected(self.name, 0, 0, len(sure))

    def restrict(self, traces: Sequence[Trace], *, restricted: bool) -> int:  # noqa: ARG002 - of the protocol
        """Refuse: a share has no place for the mark.

        :raises RefusedError: ``source-cannot-restrict``.
        """
        raise RefusedError(
            "source-cannot-restrict",
            "a share of files has no place for a mark of restriction",
            where=self.name,
            remedy="Move the files to a folder that nobody works in.",
        )

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
