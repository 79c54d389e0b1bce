"""The judgements that join words to policy and controls: what is promised is kept, what is done is said."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence

from gestand.statement.complaint import Complaints
from gestand.statement.model import Clause, Statement, StatementText
from gestand.statement.render import words_of


def check(statement: Statement, controls: Collection[str] | None, found: Complaints) -> None:
    """Add to ``found`` what is wrong between the texts, the policy and the controls."""
    first = statement.texts[0]
    for clause in first.clauses:
        _kept(statement, first, clause, found)
    _notes(statement, found)
    for other in statement.texts[1:]:
        _translated(first, other, found)
    for text in statement.texts:
        _said(statement, text, found)
    if controls is not None:
        _controls(statement.texts, controls, found)


def _kept(statement: Statement, text: StatementText, clause: Clause, found: Complaints) -> None:
    note = statement.policy.clauses.get(clause.id)
    if note is not None and note.status == "informative" and (clause.kept_by or clause.awaits):
        found.text(
            text,
            clause.line,
            "clause-contradiction",
            f"clause {clause.id} names what keeps it, and [clauses.{clause.id}] says that it only informs",
            "Take one of the two away.",
        )
    if not clause.kept_by and not clause.awaits and (note is None or note.status == "mended"):
        found.text(
            text,
            clause.line,
            "promise-unkept",
            f'nothing keeps clause {clause.id}: "{_short(clause.text)}"',
            f'Name a control in its kept-by="…", or say in [clauses.{clause.id}] of policy.toml why it needs none.',
        )
    if clause.awaits:
        found.text(
            text,
            clause.line,
            "clause-awaits",
            f"clause {clause.id} awaits what is not built yet: {', '.join(clause.awaits)}",
            "Until then its verdict is unproven.",
            severity="warning",
        )


def _notes(statement: Statement, found: Complaints) -> None:
    there = {clause.id for text in statement.texts for clause in text.clauses}
    for clause, note in statement.policy.clauses.items():
        if clause not in there and note.status != "withdrawn":
            found.at(
                ("clauses", clause),
                "note-without-clause",
                f"no text has a clause {clause}, which [clauses.{clause}] calls {note.status}",
                f"Mark its sentence [ … ]{{#{clause}}}, or take the note away.",
            )


def _translated(first: StatementText, other: StatementText, found: Complaints) -> None:
    """Each language carries the same clauses, kept by the same controls."""
    for clause in first.clauses:
        if other.clause(clause.id) is None:
            found.text(
                other,
                0,
                "translation-lacks-clause",
                f'clause {clause.id} of {_name(first)} (line {clause.line}) is not in this text: "{_short(clause.text)}"',
                f"Translate the sentence and mark it [ … ]{{#{clause.id}}}.",
            )
    for clause in other.clauses:
        twin = first.clause(clause.id)
        if twin is None:
            found.text(
                other,
                clause.line,
                "translation-has-more",
                f"clause {clause.id} is not in {_name(first)}",
                "Add it there, or take its mark away here.",
            )
        elif (set(twin.kept_by), set(twin.awaits)) != (set(clause.kept_by), set(clause.awaits)):
            found.text(
                other,
                clause.line,
                "translation-differs",
                f"clause {clause.id} is kept by other controls here than in {_name(first)} (line {twin.line})",
                f"Write only {{#{clause.id}}} here: the controls are taken from {_name(first)}.",
            )


def _said(statement: Statement, text: StatementText, found: Complaints) -> None:
    """Find what the policy does and the text does not say: purposes, recipients, how long (Article 13(1)(c), (e) and 13(2)(a))."""
    policy, language = statement.policy, text.language
    words = words_of(text).casefold()

    def named(phrase: str) -> bool:
        return " ".join(phrase.split()).casefold() in words

    for name, purpose in policy.purposes.items():
        if not named(purpose.title.into(language)):
            found.at(
                ("purposes", name, "title"),
                "purpose-unnamed",
                f"{_name(text)} does not name the purpose '{name}': \"{purpose.title.into(language)}\"",
                f"Write {{{{ purpose.{name}.title }}}} where the text tells what data are used for.",
            )
    for name, recipient in policy.recipients.items():
        if not named(recipient.title.into(language)):
            found.at(
                ("recipients", name, "title"),
                "recipient-unnamed",
                f"{_name(text)} does not name the recipient '{name}': \"{recipient.title.into(language)}\"",
                f"Write {{{{ recipient.{name}.title }}}} or {{{{ recipients }}}} where the text tells who gets data.",
            )
    for name, shelf in policy.shelves.items():
        if not named(shelf.title.into(language)) and not named(shelf.period.spoken(language)):
            found.warn(
                ("shelves", name, "period"),
                "shelf-unnamed",
                f"{_name(text)} does not say that '{name}' is kept for {shelf.period.spoken(language)}",
                f"Write {{{{ shelf.{name}.period }}}} where the text tells how long data are kept.",
            )


def _controls(texts: Sequence[StatementText], controls: Collection[str], found: Complaints) -> None:
    text = texts[0]
    used: set[str] = set()
    for clause in text.clauses:
        used |= set(clause.kept_by) | set(clause.awaits)
        for control in clause.kept_by:
            if control not in controls:
                near = difflib.get_close_matches(control, controls, n=1)
                advice = f"Did you mean '{near[0]}'? " if near else ""
                found.text(
                    text,
                    clause.line,
                    "control-unknown",
                    f"clause {clause.id} is kept by '{control}', and there is no such control",
                    f'{advice}Name a control there is, or write awaits="{control}" until it is built.',
                )
        for control in clause.awaits:
            if control in controls:
                found.text(
                    text,
                    clause.line,
                    "awaits-built",
                    f"clause {clause.id} awaits '{control}', which is built",
                    "Move it to kept-by.",
                    severity="warning",
                )
    for control in sorted(set(controls) - used):
        found.text(
            text,
            0,
            "control-idle",
            f"the control '{control}' keeps no promise of this statement",
            'Name it in the kept-by="…" of the sentence that it keeps.',
        )


def _name(text: StatementText) -> str:
    return text.file.rpartition("/")[2]


def _short(words: str) -> str:
    return words if len(words) <= 80 else words[:79].rstrip() + "…"
