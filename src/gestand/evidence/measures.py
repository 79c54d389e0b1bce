"""The register of measures: undertakings that no machine can see, attested by a person until a date.

``measures.toml`` in the organisation's folder declares them; an attestation (who, when, on what evidence, until when) is a
row here and an entry in the ledger. What has lapsed is unproven; what a person found lacking is broken until mended.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from gestand.kernel.clock import Clock, local_date
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId
from gestand.law.periods import add
from gestand.ledger.model import Event
from gestand.ledger.service import Ledger
from gestand.statement.policy import Noun, PolicyPeriod, Text
from gestand.storage.engine import Engine

MIGRATIONS = (
    """CREATE TABLE measure_attestation (
        measure TEXT NOT NULL, seq INTEGER NOT NULL, outcome TEXT NOT NULL, owner TEXT NOT NULL, on_date TEXT NOT NULL,
        expires TEXT NOT NULL, evidence TEXT NOT NULL, PRIMARY KEY (measure, seq))""",
)
INSERT = (
    "INSERT INTO measure_attestation (measure, seq, outcome, owner, on_date, expires, evidence) VALUES (?,?,?,?,?,?,?)"
)
NEXT = "SELECT COALESCE(MAX(seq), 0) + 1 FROM measure_attestation WHERE measure = ?"
LAST = "SELECT outcome, owner, on_date, expires, evidence FROM measure_attestation WHERE measure = ? ORDER BY seq DESC LIMIT 1"


class Measure(Noun):
    """An undertaking that people keep: what it is, who answers for it, how it is attested, how long that counts."""

    id: str
    title: Text
    clauses: tuple[str, ...]
    owner: str
    how_to_attest: Text
    valid_for: PolicyPeriod


@dataclass(frozen=True, slots=True)
class Attestation:
    """A person's word on a measure. ``outcome`` is ``in-place`` or ``lacking``; ``evidence`` says what was seen."""

    measure: str
    outcome: str
    owner: str
    on: date
    expires: date
    evidence: str


def load_measures(folder: Path) -> tuple[Measure, ...]:
    """Read ``measures.toml``; an organisation without one has no measures.

    :raises UsageError: if it is no TOML, or a measure lacks something; names all that is wrong.
    """
    path = folder / "measures.toml"
    if not path.exists():
        return ()
    try:
        document: dict[str, Any] = tomllib.loads(path.read_bytes().decode("utf-8"))
        measures = tuple(Measure.model_validate(row) for row in document.get("measure", []))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise UsageError(
            "measures-not-toml", str(fault), where=str(path), remedy="Mend the place that is named; save it as UTF-8."
        ) from None
    except ValidationError as fault:
        what = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in fault.errors())
        raise UsageError(
            "measures-wrong", what, where=str(path), remedy="See docs/formats.md, section measures.toml."
        ) from None
    _check(document, measures, path)
    return measures


def _check(document: dict[str, Any], measures: tuple[Measure, ...], path: Path) -> None:
    faults = [f"'{key}' is no key" for key in document if key not in {"format", "measure"}]
    faults += ["format = 1 is missing or another"] if document.get("format") != 1 else []
    counted = Counter(measure.id for measure in measures)
    faults += [f"'{name}' stands there {n} times" for name, n in counted.items() if n > 1]
    if faults:
        raise UsageError(
            "measures-wrong",
            "; ".join(faults),
            where=str(path),
            remedy="See docs/formats.md, section measures.toml.",
        )


class Measures:
    """The register: what is declared, and who attested it last."""

    def __init__(self, declared: tuple[Measure, ...], engine: Engine, ledger: Ledger, clock: Clock) -> None:
        engine.migrate("measures", MIGRATIONS)
        self.declared: Mapping[str, Measure] = {measure.id: measure for measure in declared}
        self._engine = engine
        self._ledger = ledger
        self._clock = clock

    def attest(self, measure_id: str, *, evidence: str, actor: ActorId, in_place: bool = True) -> Attestation:
        """Record that ``actor`` saw the measure in place (or found it lacking), and on what evidence.

        :raises UsageError: if the measure is not declared or the evidence is empty.
        """
        measure = self.declared.get(measure_id)
        if measure is None:
            raise UsageError(
                "measure-unknown",
                f"'{measure_id}' is no measure",
                where="measures.toml",
                remedy=f"Declared are: {', '.join(self.declared) or 'none'}.",
            )
        if not evidence.strip():
            raise UsageError(
                "measure-evidence", "an attestation says what was seen", remedy="Give --evidence 'what you saw'."
            )
        now = self._clock()
        today = local_date(now)
        outcome = "in-place" if in_place else "lacking"
        made = Attestation(measure_id, outcome, str(actor), today, add(today, measure.valid_for), evidence.strip())
        with self._engine.transaction():
            [(number,)] = self._engine.execute(NEXT, (measure_id,))
            self._engine.execute(
                INSERT,
                (measure_id, number, outcome, made.owner, today.isoformat(), made.expires.isoformat(), made.evidence),
            )
            self._ledger.stage(
                Event(
                    "measure.attested",
                    now,
                    actor,
                    {
                        "measure": measure_id,
                        "outcome": outcome,
                        "expires": made.expires.isoformat(),
                        "evidence_digest": hashlib.sha256(made.evidence.encode()).hexdigest(),
                    },
                )
            )
        return made

    def last(self, measure_id: str) -> Attestation | None:
        """Return the last attestation of a measure, or None."""
        rows = self._engine.execute(LAST, (measure_id,))
        if not rows:
            return None
        outcome, owner, on, expires, evidence = (str(value) for value in rows[0])
        return Attestation(measure_id, outcome, owner, date.fromisoformat(on), date.fromisoformat(expires), evidence)
