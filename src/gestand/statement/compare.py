"""What changed in meaning between two versions of the statement, and whether those concerned must be told.

A change is *enlarging* where more happens with personal data, or less is promised, than before: notice goes out before it is
in force (Articles 5(1)(a), 13(3) and 14(4) GDPR). It is *narrowing* where less happens or more is promised, and *neutral*
where only words differ. In doubt it is enlarging.
"""

from __future__ import annotations

from collections.abc import Iterator

from gestand.statement.compare_policy import policy_changes
from gestand.statement.model import Change, Kind, Statement

_ORDER = {"enlarging": 0, "narrowing": 1, "neutral": 2}


def compare(old: Statement, new: Statement) -> tuple[Change, ...]:
    """Return what changed from ``old`` to ``new``: enlarging first, then narrowing, then neutral."""
    changes = (*policy_changes(old, new), *_clauses(old, new), *_words(old, new))
    return tuple(sorted(changes, key=lambda change: _ORDER[change.kind]))


def _clauses(old: Statement, new: Statement) -> Iterator[Change]:
    """Yield promises that came, went, changed their status or are kept by others."""
    before = {c.id: c for c in old.texts[0].clauses}
    after = {c.id: c for c in new.texts[0].clauses}
    for clause in dict.fromkeys((*before, *after, *old.policy.clauses, *new.policy.clauses)):
        was, now = _status(old, clause), _status(new, clause)
        if clause in before and clause in after and _WEIGHT[was] == _WEIGHT[now] == 2:
            yield from _kept(clause, before[clause].kept_by, after[clause].kept_by)
        if was != now:
            first = before[clause].text if clause in before else was
            last = after[clause].text if clause in after else now
            note = new.policy.clauses.get(clause)
            told = f"{last} ({now}: {note.reason.en})" if note is not None else last
            kind: Kind = "enlarging" if _WEIGHT[now] < _WEIGHT[was] else "narrowing"
            yield Change(
                "neutral" if _WEIGHT[now] == _WEIGHT[was] else kind, f"clause {clause}: {now}", first, told, (clause,)
            )


_WEIGHT = {"promise": 2, "mended": 2, "informative": 1, "withdrawn": 0, "absent": 0}
"""How much a clause binds: a mended promise still binds, one that only informs binds less."""


def _status(statement: Statement, clause: str) -> str:
    note = statement.policy.clauses.get(clause)
    there = statement.texts[0].clause(clause) is not None
    if note is not None:
        return note.status
    return "promise" if there else "absent"


def _kept(clause: str, before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[Change]:
    if set(before) == set(after):
        return
    kind: Kind = "enlarging" if set(before) - set(after) else "narrowing"
    yield Change(
        kind, f"clause {clause}: kept-by", " ".join(before) or "nothing", " ".join(after) or "nothing", (clause,)
    )


def _words(old: Statement, new: Statement) -> Iterator[Change]:
    """Yield sentences whose words differ; what they mean is told by the other changes."""
    for text in new.texts:
        former = next((t for t in old.texts if t.language == text.language), None)
        if former is None:
            yield Change("narrowing", f"language {text.language}", "absent", "added")
            continue
        for clause in text.clauses:
            twin = former.clause(clause.id)
            if twin is not None and twin.text != clause.text:
                yield Change(
                    "neutral", f"clause {clause.id}: words ({text.language})", twin.text, clause.text, (clause.id,)
                )
    for text in old.texts:
        if all(t.language != text.language for t in new.texts):
            yield Change("enlarging", f"language {text.language}", "present", "removed")
