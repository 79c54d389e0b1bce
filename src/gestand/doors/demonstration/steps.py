"""What happens on the day at Koper, a function a step: each asks the services what an owner would ask them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from email.message import EmailMessage

from gestand.archive.model import Way
from gestand.doors.demonstration.cast import CAST, Person
from gestand.doors.demonstration.chapters import breach, sharing
from gestand.doors.demonstration.chapters.newsletter import newsletter as send_newsletter
from gestand.doors.demonstration.place import Place
from gestand.doors.demonstration.story import subject_of
from gestand.kernel.clock import local_date
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import ActorId, DossierId, FieldPath, PurposeId, SubjectId
from gestand.publication.folder import read_statement
from gestand.register.device import Slip
from gestand.register.model import DossierKind, Involved
from gestand.register.slips import certificate_text, slip_text
from gestand.rights.model import Channel, IdentityLevel, Right
from gestand.statement.compare import compare
from gestand.statement.policy import Trigger
from gestand.system import System

OWNER = ActorId("owner")
CALLER = Person(
    "K-1008", "Hanna Mulder", "Wilgenpad 9", "7890 HJ", "Zandstad", "0485-340108", "06-12345608", "hanna@example.nl",
    "Laptop start niet meer",
)  # fmt: skip
"""Who calls that morning, and was not known before."""
QUESTIONS, QUOTE, ADMINISTRATION, ARCHIVE = map(PurposeId, ("questions", "quote", "administration", "mail-archive"))


NOBODY, NO_DOSSIER = SubjectId(""), DossierId("")


@dataclass(slots=True)
class Day:
    """What one step leaves for the next."""

    place: Place
    caller: SubjectId = NOBODY
    question: DossierId = NO_DOSSIER
    told: list[str] = field(default_factory=list)

    @property
    def house(self) -> System:
        """The organisation, opened."""
        return self.place.open()

    @property
    def today(self) -> date:
        """The local date."""
        return local_date(self.place.clock())

    def hear(self, heading: str, what: str) -> None:
        """Take down what a chapter of the story tells."""
        self.told.append(f"{heading}: {what}")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step came to, in words and in figures."""

    what: str
    figures: Mapping[str, str | int] = field(default_factory=dict)


def fields(**values: str) -> dict[FieldPath, str]:
    """Return values by their path: ``contact_name="…"`` is ``contact.name``."""
    return {FieldPath(name.replace("_", ".", 1)): value for name, value in values.items()}


def call(day: Day) -> Outcome:
    """A stranger asks something by telephone: no more is noted than an answer needs, and it opens for nothing else."""
    house = day.house
    wanted = fields(contact_name=CALLER.name, contact_mobile=CALLER.mobile, service_request=CALLER.wishes)
    refused = ""
    try:
        house.intake.admit(None, wanted | fields(payment_iban="NL91ABNA0417164300"), QUESTIONS, source="telephone",
                           actor=OWNER)  # fmt: skip
    except RefusedError as fault:
        refused = fault.code
    day.caller = house.intake.admit(None, wanted, QUESTIONS, source="telephone", actor=OWNER)
    people = [Involved(day.caller, "prospect")]
    dossier = house.register.open_dossier(DossierKind.QUESTION, QUESTIONS, people, number="2026-051", actor=OWNER)
    day.question = dossier.id
    opening = house.vault.open(day.caller, QUESTIONS, actor=OWNER, reason="called back about the question")
    other = house.vault.open(day.caller, QUOTE, actor=OWNER, reason="to make an offer")
    return Outcome(
        f"{CALLER.name} asks why her laptop does not start. {len(wanted)} data noted; a bank account number is not needed for a "
        f"question and is refused ({refused}). Opened to call back: {len(opening.items)} data; for a quote that she did not ask for: {len(other.items)}.",
        {"admitted": len(wanted), "refused": refused, "opened": len(opening.items), "for_a_quote": len(other.items)},
    )


def quote(day: Day) -> Outcome:
    """The question is answered and closed; a quote is asked for and accepted."""
    house = day.house
    answered = house.register.close(day.question, on=day.today, actor=OWNER)
    people = [Involved(day.caller, "prospect")]
    dossier = house.register.open_dossier(DossierKind.QUOTE, QUOTE, people, number="2026-052", actor=OWNER)
    values = fields(contact_name=CALLER.name, contact_email=CALLER.email, service_request="Onderzoek en nieuwe schijf")
    house.intake.admit(day.caller, values, QUOTE, dossier=dossier.id, source="telephone", actor=OWNER)
    quoted = house.register.close(dossier.id, on=day.today, actor=OWNER)
    due = next(h.due for h in house.vault.holdings(day.caller) if h.dossier == dossier.id)
    return Outcome(
        f"Question {answered.number} is answered and closed; quote {quoted.number} has {len(values)} data of its own, "
        f"which leave on {due}.",
        {"question": answered.state, "quote": quoted.state, "leaves": str(due)},
    )


def repair(day: Day) -> Outcome:
    """The laptop is taken in with a slip and given back with a certificate; the access code is destroyed at once."""
    house = day.house
    policy = house.statements.in_force().policy
    house.intake.admit(
        day.caller, fields(contact_name=CALLER.name, contact_mobile=CALLER.mobile), PurposeId("repair"),
        source="counter", actor=OWNER,
    )  # fmt: skip
    slip = Slip(
        "Laptop Voorbeeld 14, serienummer 0001", CALLER.wishes, "lader", "alleen wat de test nodig heeft", "0000"
    )
    device = house.devices.take_in(day.caller, slip, number="2026-053", actor=OWNER)
    paper = slip_text(device, slip, policy, "nl")[1]
    day.place.clock.advance(timedelta(hours=2))
    certificate = house.devices.give_back(device.id, actor=OWNER)
    checked = house.devices.check(certificate.code)
    assert checked is not None
    letter = certificate_text(certificate, policy, "nl")[1]
    return Outcome(
        f"Taken in with a slip ({len(paper.splitlines())} lines, the access code is not on it), given back with a certificate: "
        f"{certificate.destroyed} access code destroyed, which she can check herself (ledger entry {checked.entry}).",
        {
            "slip_shows_code": int(slip.access_code in paper),
            "destroyed": certificate.destroyed,
            "checked": checked.paper,
            "certificate_names_her": int(CALLER.name in letter),
        },
    )


def invoice(day: Day) -> Outcome:
    """An invoice goes on the shelf of the administration, on which the law keeps it."""
    house = day.house
    people = [Involved(day.caller, "customer")]
    dossier = house.register.open_dossier(DossierKind.INVOICE, ADMINISTRATION, people, number="2026-054", actor=OWNER)
    values = fields(
        contact_name=CALLER.name, contact_street=CALLER.street, contact_postcode=CALLER.postcode,
        contact_town=CALLER.town, payment_invoice="Onderzoek en nieuwe schijf, EUR 140,00",
    )  # fmt: skip
    house.intake.admit(day.caller, values, ADMINISTRATION, dossier=dossier.id, source="office", actor=OWNER)
    house.register.record_event(dossier.id, Trigger.INVOICE_ISSUED, on=day.today, actor=OWNER)
    house.register.close(dossier.id, on=day.today, actor=OWNER)
    due = next(h.due for h in house.vault.holdings(day.caller) if h.dossier == dossier.id)
    return Outcome(
        f"Invoice 2026-054, {len(values)} data on the shelf 'administration' until {due}, because tax law demands it.",
        {"data": len(values), "leaves": str(due)},
    )


def mail(day: Day) -> Outcome:
    """Her mail is in the archive, and is found and opened for a stated purpose only."""
    archive = day.house.archive
    way = Way("file", "post.eml", day.place.clock())
    admitted = archive.admit(letter(day), way)
    again = archive.admit(letter(day), way)
    archive.admit(
        letter(day).replace(b"hanna@", b"greet@").replace(b"Hanna Mulder", b"Greet Bos").replace(b"schijf", b"printer"),
        way,
    )
    found = archive.search("schijf", ARCHIVE, actor=OWNER, reason="what was agreed about the repair")
    opened = archive.open(admitted.message, ARCHIVE, actor=OWNER, reason="what was agreed about the repair")
    refused = ""
    try:
        archive.open(admitted.message, PurposeId("newsletter"), actor=OWNER, reason="to send a newsletter")
    except RefusedError as fault:
        refused = fault.code
    return Outcome(
        f"Sealed in the archive under a key of its own (offered twice, kept once); 'schijf' finds {len(found)}; opened for the "
        f"e-mail archive, refused for the newsletter ({refused}); leaves on {opened.kept.due}.",
        {
            "again": int(again.new),
            "found": len(found),
            "same": int(opened.raw == letter(day)),
            "refused": refused,
            "leaves": str(opened.kept.due),
        },
    )


def letter(day: Day) -> bytes:
    """Return her mail, as it comes in that day."""
    message = EmailMessage()
    message["From"] = f"{CALLER.name} <{CALLER.email}>"
    message["To"] = "info@kopercom.nl"
    message["Date"] = day.place.clock().replace(minute=0)
    message["Subject"] = "Dank u wel"
    message["Message-ID"] = "<dank-u-wel@example.nl>"
    message.set_content("De nieuwe schijf werkt. Past mijn oude schijf in een kastje?\n")
    return message.as_bytes()


def newsletter(day: Day) -> Outcome:
    """A newsletter goes to the one who asked for it; one click, and the next finds nobody."""
    before = len(day.told)
    customers = {person.number: subject_of(day.house, person) for person in CAST[:5]}
    send_newsletter(day.place, customers, day.hear)
    sent, stopped = day.told[before : before + 2]
    return Outcome(f"{sent} {stopped}", {"told": len(day.told) - before})


def access(day: Day) -> Outcome:
    """She asks what is held of her: nothing before her identity is judged, then everything with its context."""
    requests = day.house.requests
    asked = requests.receive(Right.ACCESS, contact=CALLER.email, channel=Channel.EMAIL, actor=OWNER)
    early = ""
    try:
        requests.answer(asked.id, actor=OWNER)
    except RefusedError as fault:
        early = fault.code
    requests.confirm(asked.id, IdentityLevel.CONTACT_POINT, actor=OWNER)
    answer = requests.answer(asked.id, actor=OWNER)
    return Outcome(
        f"Answer due {asked.due:%Y-%m-%d}; before her identity is judged nothing is given ({early}); then {len(answer.data)} data, "
        "each with why, from whom, for whom and until when.",
        {"early": early, "answered": len(answer.data), "held": len(day.house.vault.holdings(day.caller))},
    )


def erasure(day: Day) -> Outcome:
    """She asks to be erased: what may go goes at once, what must stay is explained with its end."""
    requests = day.house.requests
    asked = requests.receive(Right.ERASURE, contact=CALLER.email, channel=Channel.TELEPHONE, actor=OWNER)
    requests.confirm(asked.id, IdentityLevel.SECOND_FACT, actor=OWNER)
    requests.plan(asked.id, actor=OWNER)
    outcome = requests.erase(asked.id, actor=OWNER)
    kept = [one for one in outcome.plan.decisions if one.decision != "erase"]
    until = max(one.until for one in kept if one.until)
    erased = outcome.erasure.items if outcome.erasure else 0
    return Outcome(
        f"{erased} data erased, searched again: {outcome.found_afterwards} found; {len(kept)} stay until {until}, each with its ground.",
        {"erased": erased, "found": outcome.found_afterwards, "kept": len(kept), "until": str(until)},
    )


def stick(day: Day) -> Outcome:
    """A lost, encrypted stick: the leak is closed first, the risk is judged and confirmed, the register has it."""
    before = len(day.told)
    breach.lost_stick(day.place, day.house, day.hear)
    lines = day.house.breaches.register(actor=OWNER)
    return Outcome(day.told[before], {"register": len(lines), "lacking": sum(bool(one.lacks) for one in lines)})


def order(day: Day) -> Outcome:
    """A question by telephone is refused; a written demand under a law waits, is checked, and gets the least."""
    day.place.close()
    sharing.register(day.place)
    before = len(day.told)
    sharing.order(day.place, day.house, subject_of(day.house, CAST[3]), day.hear)
    given = list(day.house.sharing.disclosures())
    return Outcome(day.told[before], {"disclosures": len(given), "values": sum(one.values for one in given)})


def version(day: Day) -> Outcome:
    """A wider version is refused on short notice; a stricter one is published, and the old one stays readable."""
    house, folder = day.house, day.place.folder
    policy = folder / "policy.toml"
    before = policy.read_text("utf-8")
    tomorrow = day.today + timedelta(days=1)
    dated = before.replace(f'version = "{read_statement(folder).version}"', f'version = "{tomorrow.isoformat()}"', 1)
    head, shelf, rest = dated.partition("[shelves.quote]")
    refused = ""
    policy.write_text(head + shelf + rest.replace('period = "6 months"', 'period = "12 months"', 1), "utf-8")
    try:
        house.publication.publish(read_statement(folder), in_force_from=tomorrow, actor=OWNER)
    except RefusedError as fault:
        refused = fault.code
    policy.write_text(head + shelf + rest.replace('period = "6 months"', 'period = "3 months"', 1), "utf-8")
    old, new = house.publication.in_force(), read_statement(folder)
    house.publication.publish(new, in_force_from=tomorrow, actor=OWNER)
    narrower = [change for change in compare(old, new) if change.kind == "narrowing"]
    return Outcome(
        f"Quotes a year instead of six months, from tomorrow: refused ({refused}). Three months: published, in force from {tomorrow}. "
        f"{house.publication.verify()} versions can be read, each as it was published.",
        {"refused": refused, "narrower": len(narrower), "versions": len(house.publication.history())},
    )
