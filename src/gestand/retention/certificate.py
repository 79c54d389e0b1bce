"""The certificate of a run: what left, counted, with the proof that the ledger holds it. For whoever asks for it later.

It names nobody. Its digest binds it to what left and what stayed; the receipt is checked by anyone with the public key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from gestand.kernel.errors import UsageError
from gestand.ledger.service import Ledger
from gestand.storage.engine import Engine

ONE = "SELECT id, at, on_date, due, erased, moved, staying, certificate FROM retention_run WHERE id = ? OR certificate = ?"
ALL = "SELECT id, at, on_date, due, erased, moved, staying, certificate FROM retention_run ORDER BY at"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A run as it stands on record; ``receipt`` is the ledger's proof, empty where it was not asked for."""

    run: str
    at: datetime
    on: date
    due: int
    erased: int
    moved: int
    staying: int
    digest: str
    receipt: str = ""

    def text(self, firm: str) -> str:
        """Return the certificate in plain Dutch with English beneath."""
        return (
            f"Bewijs van vernietiging\n\n{firm} heeft op {self.at:%Y-%m-%d %H:%M} UTC uitgevoerd wat volgens zijn privacyverklaring "
            f"op {self.on} weg moest.\n\n"
            f"Aan de beurt: {self.due}\nGewist, en daarna niet meer gevonden: {self.erased}\n"
            f"Naar een volgende termijn: {self.moved}\nGebleven, met reden: {self.staying}\n\n"
            f"Run {self.run}\nControlegetal {self.digest}\n\n"
            "Certificate of destruction: what had to leave by the privacy statement was erased and searched for again.\n\n"
            f"Bewijs uit het logboek (na te gaan met: gestand ledger verify BESTAND --key SLEUTEL):\n\n{self.receipt}"
        )


def certificate(engine: Engine, ledger: Ledger, name: str) -> Certificate:
    """Return the certificate of a run, by the run's id or the certificate's digest, with its receipt.

    :raises UsageError: if there is no such run.
    """
    rows = engine.execute(ONE, (name, name))
    if not rows:
        raise UsageError(
            "run-unknown", f"there is no run or certificate '{name}'", remedy="See 'gestand retention certificates'."
        )
    found = _certificate(rows[0])
    for entry in ledger.entries():
        if entry.event.name == "retention.run" and entry.event.facts.get("run") == found.run:
            return _certificate(rows[0], ledger.receipt(entry.index).to_text())
    return found


def certificates(engine: Engine) -> tuple[Certificate, ...]:
    """Return every run on record, oldest first, without receipts."""
    return tuple(_certificate(row) for row in engine.execute(ALL))


def _certificate(row: tuple[object, ...], receipt: str = "") -> Certificate:
    run, at, on, due, erased, moved, staying, digest = map(str, row)
    return Certificate(
        run,
        datetime.fromisoformat(at),
        date.fromisoformat(on),
        int(due),
        int(erased),
        int(moved),
        int(staying),
        digest,
        receipt,
    )
