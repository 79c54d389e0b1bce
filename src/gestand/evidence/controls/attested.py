"""Controls of what no machine can see: a person attested it, on evidence, until a date."""

from __future__ import annotations

from collections.abc import Callable

from gestand.evidence.model import Control, Finding, Verdict, World
from gestand.kernel.clock import local_date
from gestand.statement.policy import Text


def attested(measure: str) -> Callable[[World], Verdict]:
    """Return the check of one measure of the register: what a person said of it last, while that counts."""

    def check(world: World) -> Verdict:
        last = world.measures.last(measure)
        if last is None:
            return Verdict(
                Finding.UNPROVEN,
                Text(nl="Nog door niemand verklaard.", en="Attested by nobody yet."),
                {"measure": measure},
            )
        figures = {"owner": last.owner, "on": last.on.isoformat(), "counts_until": last.expires.isoformat()}
        if last.outcome != "in-place":
            why = Text(nl=f"Niet op orde bevonden: {last.evidence}", en=f"Found lacking: {last.evidence}")
            return Verdict(Finding.BROKEN, why, figures)
        if local_date(world.clock()) > last.expires:
            return Verdict(
                Finding.UNPROVEN, Text(nl="De verklaring is verlopen.", en="The attestation has lapsed."), figures
            )
        why = Text(nl=f"Gezien: {last.evidence}", en=f"Seen: {last.evidence}")
        return Verdict(Finding.KEPT, why, figures)

    return check


_TITLES = {
    "measure-premises": Text(nl="Kasten en ruimten op slot", en="Cupboards and rooms locked"),
    "measure-devices-encrypted": Text(nl="Computers en telefoons versleuteld", en="Computers and telephones encrypted"),
    "measure-confidentiality": Text(nl="Geheimhouding afgesproken", en="Confidentiality agreed"),
    "measure-paper": Text(nl="Papier vernietigd", en="Paper shredded"),
    "measure-breach-procedure": Text(nl="Datalekprocedure geoefend", en="Breach procedure rehearsed"),
    "measure-people-decide": Text(nl="Mensen besluiten, geen computer", en="People decide, no computer"),
    "measure-processor-agreements": Text(nl="Verwerkersovereenkomsten getekend", en="Processor agreements signed"),
}

CONTROLS = tuple(
    Control(
        measure,
        title,
        Text(nl="het register van maatregelen", en="the register of measures"),
        "attested",
        attested(measure),
        __name__,
    )
    for measure, title in _TITLES.items()
)
