"""Files into a Statement. Every fault of form in every file is found in one run and named with file, line and remedy.

An organisation's folder holds ``policy.toml``, ``statement.<language>.md`` for each language of the policy and, where the
text is not Markdown, ``version.toml`` with ``layout = "plain"``. Reading the disk is left to ``publication.folder``.
"""

from __future__ import annotations

import difflib
import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from pydantic import ValidationError

from gestand.kernel.errors import InputError, Problem
from gestand.statement import faults, fill, markup
from gestand.statement.locate import KeyPath, line_of, locate
from gestand.statement.model import Clause, Statement, StatementText
from gestand.statement.policy import Policy
from gestand.statement.spans import Layout, find_spans, without_marks

POLICY = "policy.toml"
VERSION = "version.toml"
TEXT = re.compile(r"statement\.(?P<language>[a-z]+)\.md")
_LANGUAGES: tuple[Literal["nl", "en"], ...] = ("nl", "en")
_PLACE = re.compile(r" \(at line (?P<line>\d+), column \d+\)| \(at end of document\)")


@dataclass(frozen=True, slots=True)
class Draft:
    """What could be read of a folder. With ``problems`` the statement holds stand-ins and serves only to judge further."""

    statement: Statement | None
    problems: tuple[Problem, ...]


def belongs(name: str) -> bool:
    """Say whether the file ``name`` is part of a version of the statement."""
    return name in {POLICY, VERSION} or TEXT.fullmatch(name) is not None


def load_statement(files: Mapping[str, bytes], folder: str) -> Statement:
    """Return the statement in ``files`` (name to content). ``folder`` is how messages name their place.

    :raises InputError: with every fault of form in every file.
    """
    draft = read_draft(files, folder)
    if draft.problems or draft.statement is None:
        raise InputError(draft.problems)
    return draft.statement


def digest_of(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256, in hexadecimal, over the files of a version.

    For each file in order of its name: the name, a zero byte, the length in decimal, a zero byte, the content.
    """
    total = hashlib.sha256()
    for name in sorted(filter(belongs, files)):
        total.update(name.encode() + b"\0" + str(len(files[name])).encode() + b"\0" + files[name])
    return total.hexdigest()


def read_draft(files: Mapping[str, bytes], folder: str) -> Draft:
    """Return as much of the statement as can be read, with every fault of form."""
    reading = _Reading(files, "" if folder in {"", "."} else folder.rstrip("/") + "/")
    policy, lines = reading.policy()
    layout = reading.layout()
    texts = tuple(reading.text(language, policy, layout) for language in reading.languages(policy, lines))
    problems = tuple(sorted(reading.problems, key=lambda p: (p.file, p.line)))
    if policy is None or not texts:
        return Draft(None, problems)
    texts = _completed(texts)
    return Draft(Statement(policy.version, policy, texts, digest_of(files), folder, lines), problems)


@lru_cache(maxsize=8)
def _read_before(content: bytes) -> tuple[Policy, Mapping[KeyPath, int]] | None:
    """Return a policy without a fault, and its lines; None where there is one, so that it is told.

    It is remembered by its bytes: while a text is typed, the policy beside it is judged again and again.
    """
    try:
        source = content.decode("utf-8")
        return Policy.model_validate(tomllib.loads(source)), locate(source)
    except (ValueError, RecursionError):
        # Not UTF-8, no TOML or no policy: it is read once more, to say what is wrong and where.
        return None


class _Reading:
    """One run over the files; ``problems`` grows."""

    def __init__(self, files: Mapping[str, bytes], prefix: str) -> None:
        self.files = files
        self.prefix = prefix
        self.problems: list[Problem] = []

    def complain(self, name: str, line: int, code: str, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.prefix + name, line, code, message, remedy))

    def decoded(self, name: str) -> str:
        """Return the file as text; bytes that are no UTF-8 are named and stand as U+FFFD."""
        content = self.files[name]
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError as fault:
            line = content.count(b"\n", 0, fault.start) + 1
            self.complain(
                name,
                line,
                "not-utf8",
                f"byte {fault.start + 1} of the file (0x{content[fault.start]:02x}) is no UTF-8",
                "Save the file as UTF-8.",
            )
            return content.decode("utf-8", "replace")

    def toml(self, name: str) -> tuple[dict[str, Any] | None, str]:
        source = self.decoded(name)
        if source.startswith("\ufeff"):
            self.complain(
                name, 1, "byte-order-mark", "the file begins with a byte-order mark", "Save it as UTF-8 without BOM."
            )
            source = source[1:]
        try:
            return tomllib.loads(source), source
        except tomllib.TOMLDecodeError as fault:
            place = _PLACE.search(str(fault))
            line = int(place["line"]) if place and place["line"] else source.count("\n") + 1
            self.complain(
                name, line, "not-toml", _PLACE.sub("", str(fault)), "Mend this line; see https://toml.io for the form."
            )
        except ValueError:  # Python reads no whole number of thousands of digits
            self.complain(name, 0, "not-toml", "a number in this file is too long to read", "Write it shorter.")
        except RecursionError:
            self.complain(name, 0, "not-toml", "lists or tables stand within each other too deeply", "Nest them less.")
        return None, source

    def policy(self) -> tuple[Policy | None, Mapping[KeyPath, int]]:
        if POLICY not in self.files:
            self.complain(
                POLICY, 0, "no-policy", "there is no policy.toml here", "Make an organisation with 'gestand init DIR'."
            )
            return None, {}
        if (known := _read_before(self.files[POLICY])) is not None:
            return known
        document, source = self.toml(POLICY)
        if document is None:
            return None, {}
        lines = locate(source)
        try:
            return Policy.model_validate(document), lines
        except ValidationError as error:
            self.problems += faults.problems_of(error, Policy, self.prefix + POLICY, lines)
            try:
                return Policy.model_validate(faults.patched(document, error, Policy)), lines
            except ValidationError:
                return None, lines

    def layout(self) -> Layout:
        document, source = self.toml(VERSION) if VERSION in self.files else ({}, "")
        layout: Layout = "markdown"
        for key, value in (document or {}).items():
            line = line_of(locate(source), (key,))
            if key != "layout":
                self.complain(VERSION, line, "key-unknown", f"'{key}' is no key of a version", "Known here: layout.")
            elif value == "plain":
                layout = "plain"
            elif value != "markdown":
                self.complain(
                    VERSION, line, "value-unknown", f"layout: {value!r} is no layout", "Write one of markdown, plain."
                )
        return layout

    def languages(self, policy: Policy | None, lines: Mapping[KeyPath, int]) -> tuple[Literal["nl", "en"], ...]:
        declared = policy.languages if policy is not None else _LANGUAGES
        for name in sorted(self.files):
            match = TEXT.fullmatch(name)
            if match and match["language"] not in declared:
                near = difflib.get_close_matches(match["language"], declared, n=1)
                remedy = f"Did you mean '{near[0]}'? " if near else ""
                self.complain(
                    name,
                    0,
                    "language-undeclared",
                    f"policy.toml names no language '{match['language']}'",
                    remedy + "Name it in languages (nl, en), or take the file away.",
                )
        there = tuple(language for language in declared if f"statement.{language}.md" in self.files)
        if policy is not None:
            for language in declared:
                if language not in there:
                    self.complain(
                        POLICY,
                        line_of(lines, ("languages",)),
                        "text-missing",
                        f"there is no statement.{language}.md",
                        "Write it, with the same clauses, or leave the language out.",
                    )
        return there

    def text(self, language: Literal["nl", "en"], policy: Policy | None, layout: Layout) -> StatementText:
        name = f"statement.{language}.md"
        file = self.prefix + name
        source = self.decoded(name)
        spoken: dict[str, tuple[str, ...]] = {}
        if layout == "markdown":
            marked, _ = find_spans(source, layout=layout, file=file)  # before the values stand in it
            spoken = {span.id: fill.used(source[span.start : span.end]) for span in marked}
            source, unfilled = fill.fill(source, fill.names(policy, language) if policy else None, file)
            self.problems += unfilled
        spans, broken = find_spans(source, layout=layout, file=file)
        self.problems += broken
        if layout == "plain":
            body, places = without_marks(source, spans)
            words = {clause: " ".join(body[start:end].split()) for start, end, clause in places}
        else:
            words = markup.sentences(source)
        for span in spans:
            if span.id not in words:
                self.complain(
                    name,
                    span.line,
                    "span-broken",
                    f"clause {span.id} does not stand within one paragraph, heading or list item",
                    "Give each paragraph or list item a clause of its own, and write literal brackets as \\[ and \\].",
                )
            elif not words[span.id]:
                self.complain(
                    name,
                    span.line,
                    "clause-empty",
                    f"clause {span.id} has no words",
                    "Write the sentence between '[' and ']'.",
                )
        clauses = tuple(
            Clause(s.id, words.get(s.id, ""), s.kept_by, s.awaits, s.line, spoken.get(s.id, ())) for s in spans
        )
        return StatementText(language, file, source, clauses, layout)


def _completed(texts: tuple[StatementText, ...]) -> tuple[StatementText, ...]:
    """Give a translation's clause that names no controls those that the same clause names in another language."""
    named = {c.id: c for text in reversed(texts) for c in text.clauses if c.kept_by or c.awaits}
    return tuple(
        replace(
            text,
            clauses=tuple(
                replace(c, kept_by=named[c.id].kept_by, awaits=named[c.id].awaits)
                if c.id in named and not (c.kept_by or c.awaits)
                else c
                for c in text.clauses
            ),
        )
        for text in texts
    )
