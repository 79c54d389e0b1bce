"""Two breaches at the worked example: a lost stick that no one can read, and a list that went to a stranger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from gestand.breach.affected import Reach
from gestand.breach.containing import Pull
from gestand.breach.model import Breach, Lever, Part, Reporter
from gestand.breach.notices import Audience
from gestand.breach.telling import Told
from gestand.doors.demonstration.place import Place
from gestand.kernel.clock import AMSTERDAM
from gestand.kernel.ids import ActorId, SubjectId
from gestand.statement.policy import Text
from gestand.system import System

OWNER = ActorId("owner")
OUTSIDE = ActorId("public-form")
STICK = {
    "incident": "lost_device",
    "cause": "internal_non_malicious",
    "encrypted_at_rest": "state_of_the_art",
    "key_compromised": False,
    "measure_before_breach": True,
    "other_backup": True,
}
MISSENT = {
    "incident": "wrong_attachment",
    "cause": "internal_non_malicious",
    "recipient": "unknown",
    "recipients": 1,
    "encrypted_at_rest": "no",
    "financial": "account numbers",
    "special_categories": False,
    "vulnerable": False,
    "cross_border": False,
}


def breach_chapter(place: Place, customers: Mapping[str, SubjectId], tell: Callable[[str, str], None]) -> None:
    """Go through both breaches, from report to register."""
    house = place.open()
    lost_stick(place, house, tell)
    list_to_a_stranger(place, house, tuple(customers.values())[2:4], tell)
    lines = house.breaches.register(actor=OWNER)
    lacking = sum(bool(one.lacks) for one in lines)
    tell(
        "The register of breaches",
        f"{len(lines)} entries, notified or not; "
        + (f"{lacking} lack something." if lacking else "none lacks anything."),
    )


def lost_stick(place: Place, house: System, tell: Callable[[str, str], None]) -> None:
    """A lost, encrypted USB stick: contained, assessed, confirmed, registered; nobody needs telling."""
    breaches = house.breaches
    breach = breaches.report("Mijn usb-stick met de adressenlijst is weg.", reporter=Reporter.STAFF, actor=OWNER)
    breaches.state_aware(breach.id, breach.reported_at, "overal gezocht, niet gevonden", actor=OWNER)
    for lever in (Lever.REVOKE_ACCESS, Lever.CLOSE_DOOR, Lever.FREEZE_SOURCE, Lever.HOLD_EVIDENCE):
        note = "op de stick staat niets waarmee iemand binnenkomt; de lijst staat ook hier"
        breaches.contain(breach.id, Pull(lever, "not-needed", note=note), actor=OWNER)
    breaches.contain(
        breach.id, Pull(Lever.ROTATE_KEYS, "by-hand", note="het wachtwoord van de stick is vervallen"), actor=OWNER
    )
    place.clock.advance(timedelta(minutes=10))
    people = breaches.count_people(breach.id, Reach(sources=("adreslijst",)), actor=OWNER)
    judged = breaches.state_facts(breach.id, STICK, actor=OWNER)
    breaches.confirm(
        breach.id, "de stick is met AES-256 versleuteld en het wachtwoord is van niemand anders", actor=OWNER
    )
    write(house, breach, Text(nl="Een versleutelde stick is kwijt.", en="An encrypted stick was lost."),
          Text(nl="Niemand kan de gegevens lezen.", en="Nobody can read the data."),
          Text(nl="Er gaan geen lijsten meer op een stick.", en="No lists go on a stick any more."))  # fmt: skip
    breaches.close(breach.id, lessons="lijsten blijven op kantoor", actor=OWNER)
    tell(
        "A stick is lost, and no one can read it",
        f"{people.people} people on it, computed; judged: a risk is {judged.risk} (Article 33(1)), confirmed by the owner; "
        "in the register all the same (Article 33(5)).",
    )


def list_to_a_stranger(
    place: Place, house: System, people: tuple[SubjectId, ...], tell: Callable[[str, str], None]
) -> None:
    """A list mailed to a stranger: contained, notified in time, people told."""
    breaches = house.breaches
    what = "Ik kreeg vandaag een lijst met rekeningnummers van andere klanten."
    breach = breaches.report(what, reporter=Reporter.OUTSIDER, contact="greet@example.org", actor=OUTSIDE)
    place.clock.advance(timedelta(minutes=5))
    breaches.state_aware(breach.id, place.clock(), "het bericht staat in onze verzonden mail", actor=OWNER)
    by_hand = "gevraagd om het bericht te wissen; toegang tot de mailbox nagekeken"
    breaches.contain(breach.id, Pull(Lever.REVOKE_ACCESS, "by-hand", note=by_hand), actor=OWNER)
    breaches.count_people(breach.id, Reach(subjects=people), actor=OWNER)
    held = breaches.contain(breach.id, Pull(Lever.HOLD_EVIDENCE), actor=OWNER)
    judged = breaches.state_facts(breach.id, MISSENT, actor=OWNER)
    write(house, breach,
          Text(nl="Een lijst met uw gegevens ging per ongeluk naar een vreemde.", en="A list with your data went to a stranger by mistake."),
          Text(nl="De ontvanger kan uw rekeningnummer misbruiken.", en="The recipient may abuse your account number."),
          Text(nl="Wij vroegen de ontvanger om de lijst te wissen.", en="We asked the recipient to delete the list."))  # fmt: skip
    place.clock.advance(timedelta(minutes=25))
    [due] = [one for one in breaches.due(breaches.case(breach.id)) if one.audience is Audience.AUTHORITY]
    assert due.due is not None
    form = breaches.form(breach.id, actor=OWNER)
    sent = breaches.submit(breach.id, reference="demonstratie-1", actor=OWNER)
    letters = list(breaches.letters(breach.id, actor=OWNER))
    breaches.told(breach.id, Told("post"), actor=OWNER)
    breaches.close(breach.id, lessons="een lijst gaat alleen nog na een tweede blik weg", actor=OWNER)
    tell(
        "A list goes to a stranger, who reports it",
        f"risk {judged.risk}; {held.count} data held as evidence; notified before {due.due.astimezone(AMSTERDAM):%Y-%m-%d %H:%M} "
        f"(Article 33(1)), {len(form.sections)} sections, {len(sent.missing)} parts missing; {len(letters)} people told by letter.",
    )


def write(house: System, breach: Breach, summary: Text, consequences: Text, measures: Text) -> None:
    """Write what happened in plain words."""
    for part, text in ((Part.SUMMARY, summary), (Part.CONSEQUENCES, consequences), (Part.MEASURES, measures)):
        house.breaches.write(breach.id, part, text, actor=OWNER)
