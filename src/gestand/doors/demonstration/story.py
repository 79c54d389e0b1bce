"""What happens at the worked example, step by step. Each step does what an owner would do through the same services.

2019: the statement of 2018 is in force; a customer comes and never returns. 2024: the old address list comes in. 2026: that
customer's time is over; a new version is announced and comes into force; one person asks what is held, another wants to be
erased.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from textwrap import indent

from gestand.backup.model import Drill
from gestand.backup.recipients import new_identity, recipient_of
from gestand.doors.demonstration.announcing import announce
from gestand.doors.demonstration.cast import ACCESS, CAST, ERASURE, FORGOTTEN, Person, address_list
from gestand.doors.demonstration.chapters import CHAPTERS
from gestand.doors.demonstration.chapters.heard import accepted
from gestand.doors.demonstration.place import Place
from gestand.evidence.sandbox import Known
from gestand.intake.model import ImportOrder, ImportOutcome
from gestand.kernel.config import BackupSettings
from gestand.kernel.errors import GestandError
from gestand.kernel.ids import ActorId, FieldPath, PurposeId, SubjectId
from gestand.publication.folder import read_statement
from gestand.register.model import DossierKind, Involved
from gestand.retention.model import RetentionRun
from gestand.rights.access_letter import access_letter
from gestand.rights.giving import Given
from gestand.rights.model import AccessAnswer, Channel, ErasureOutcome, IdentityLevel, Right, SubjectRequest
from gestand.statement.compare import compare
from gestand.statement.policy import FieldKind, Trigger
from gestand.system import System

OWNER = ActorId("owner")
LISTED = datetime(2024, 3, 4, 9, 0, tzinfo=UTC)
SEVEN_YEARS_ON = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
ANNOUNCED = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)
IN_FORCE = date(2026, 12, 1)
BUSY_DAY = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)
TODAY = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)

Tell = Callable[[str, str], None]
"""Called with the heading of a step and what happened."""


def silent(_heading: str, _what: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Happened:
    """What the story did, for whoever tells it."""

    imported: ImportOutcome
    asked: SubjectRequest
    answer: AccessAnswer
    erasure: ErasureOutcome
    retention: RetentionRun
    known: Known


def live(place: Place, tell: Tell = silent) -> Happened:
    """Let everything happen at ``place``, which is new; the house stays open afterwards."""
    house = place.open()
    begin(house, tell)
    imported = bring_in(place, tell)
    retention = leave(place, tell)
    publish_new_version(place, tell)
    place.clock.move_to(BUSY_DAY)
    attest(house, tell)
    customers = {person.number: subject_of(house, person) for person in CAST if person is not FORGOTTEN}
    sell(house, customers[ERASURE.number], tell)
    choices(house, customers, tell)
    asked, answer = give_access(house, tell)
    back_up(place)
    erasure = erase(place, tell)
    drilled = drill(place)
    tell(
        "The backup from before the erasure is brought back, in a drill",
        f"{drilled.items} data, every seal checked; {drilled.replayed} of the ledger's acts replayed: what was erased stays erased.",
    )
    for chapter in CHAPTERS:
        chapter(place, customers, tell)
    house = place.open()
    pending = accepted(house)
    tell(
        "A request that still runs", f"{CAST[3].name} asked so by mail: answer before {pending.conservative:%Y-%m-%d}."
    )
    known = Known(customers[CAST[2].number], customers[ERASURE.number], pending.subject)
    return Happened(imported, asked, answer, erasure, retention, known)


def begin(house: System, tell: Tell) -> None:
    """Publish the statement of 2018, as the firm did."""
    house.publication.adopt(actor=OWNER)
    old = house.publication.in_force()
    tell(
        "The statement of 2018 is in force",
        f"version {old.version}, {len(old.texts[0].clauses)} clauses, digest {old.digest[:16]}…",
    )
    values = {FieldPath("contact.name"): FORGOTTEN.name, FieldPath("contact.email"): FORGOTTEN.email}
    house.intake.admit(None, values, PurposeId("service"), source="counter", actor=OWNER)
    tell("A customer comes in 2019", f"{FORGOTTEN.name}, who never returns.")


def bring_in(place: Place, tell: Tell) -> ImportOutcome:
    """Import the old address list: first dry, then for real."""
    place.clock.move_to(LISTED)
    house = place.open()
    file = place.folder / "adressen.csv"
    file.write_bytes(address_list())
    order = ImportOrder(file, None, PurposeId("service"), "adreslijst")
    plan = house.intake.plan_import(order)
    refused = ", ".join(f"'{column.name}' ({column.reason})" for column in plan.columns.refused)
    tell("The address list comes in (dry run)", f"{plan.read} rows, {plan.sound} sound; refused by name: {refused}.")
    outcome = house.intake.import_file(order, actor=OWNER)
    listed = outcome.errors_file.read_text("utf-8").splitlines() if outcome.errors_file else []
    tell(
        "The address list comes in",
        f"{outcome.read} read, {outcome.added} added, {outcome.refused} refused: {listed[1] if len(listed) > 1 else ''}",
    )
    for spent in (file, outcome.errors_file):
        if spent is not None:
            spent.unlink()
    return outcome


def publish_new_version(place: Place, tell: Tell) -> None:
    """Announce the version of 2026 three weeks before it comes into force."""
    place.clock.move_to(ANNOUNCED)
    house = place.open()
    old = house.publication.in_force()
    new = read_statement(place.folder)
    house.publication.publish(new, in_force_from=IN_FORCE, actor=OWNER)
    changes = compare(old, new)
    counts = ", ".join(
        f"{sum(c.kind == kind for c in changes)} {kind}" for kind in ("enlarging", "narrowing", "neutral")
    )
    shown = next(c for c in changes if c.kind == "narrowing" and "period" in c.what)
    tell(
        "A new version is announced",
        f"version {new.version}, in force from {IN_FORCE}; changes in meaning: {counts}, such as {shown.what}: "
        f"{shown.before} → {shown.after}. The old version stays readable, and decides for the data collected under it.",
    )
    announce(house, new.version, tell)


def attest(house: System, tell: Tell) -> None:
    """The owner attests what no machine can see."""
    for measure in house.measures.declared:
        house.measures.attest(measure, evidence="demonstration: seen by the invented owner", actor=OWNER)
    tell("What no machine sees is attested", f"{len(house.measures.declared)} measures, each until a date.")


def subject_of(house: System, person: Person) -> SubjectId:
    """Return the subject of an invented person."""
    [found] = house.vault.find(FieldKind.EMAIL, person.email)
    return found


def sell(house: System, customer: SubjectId, tell: Tell) -> None:
    """An agreement, its job and its invoice: the invoice must stay seven years."""
    invoice = house.register.open_dossier(
        DossierKind.INVOICE, PurposeId("administration"), [Involved(customer, "customer")], number="2026-041",
        on=date(2026, 12, 2), actor=OWNER,
    )  # fmt: skip
    house.intake.admit(
        customer,
        {
            FieldPath("contact.name"): ERASURE.name,
            FieldPath("contact.street"): ERASURE.street,
            FieldPath("contact.postcode"): ERASURE.postcode,
            FieldPath("contact.town"): ERASURE.town,
            FieldPath("payment.invoice"): "Reparatie laptop, 1 uur, EUR 75,00",
        },
        purpose=PurposeId("administration"), dossier=invoice.id, source="office", actor=OWNER,
    )  # fmt: skip
    house.register.record_event(invoice.id, Trigger.INVOICE_ISSUED, on=date(2026, 12, 2), actor=OWNER)
    house.register.close(invoice.id, on=date(2026, 12, 2), actor=OWNER)
    tell(
        "A job is done and invoiced", f"invoice {invoice.number} for {ERASURE.name} lies on the shelf 'administration'."
    )


def choices(house: System, customers: dict[str, SubjectId], tell: Tell) -> None:
    """A correction, a restriction, an objection, a consent."""
    vault = house.vault
    daan, eva, chaima = (customers[CAST[n].number] for n in (3, 4, 2))
    phone = next(h.item for h in vault.holdings(daan) if h.field == "contact.phone")
    vault.rectify(phone, "0485-340199", actor=OWNER, reason="the person's own word, by telephone")
    wishes = next(h.item for h in vault.holdings(eva) if h.field == "service.wishes")
    vault.restrict([wishes], actor=OWNER, reason="accuracy contested, Article 18(1)(a)")
    house.choices.consent(chaima, PurposeId("newsletter"), channel="web", actor=OWNER)
    vault.object_to(eva, [PurposeId("offers-mail")], actor=OWNER, reason="Article 21(1)")
    try:
        vault.open(chaima, PurposeId("newsletter"), actor=OWNER, reason="newsletter of December")
        vault.open(customers[CAST[0].number], PurposeId("service"), actor=OWNER, reason="customer on the telephone")
    except GestandError as refused:
        tell("A read is refused", str(refused))
    tell("People choose", "one telephone number corrected, one note restricted, one consent, one objection.")


def leave(place: Place, tell: Tell) -> RetentionRun:
    """Whoever's time is over leaves."""
    place.clock.move_to(SEVEN_YEARS_ON)
    house = place.open()
    plan = house.retention.plan()
    run = house.retention.run(actor=OWNER)
    tell(
        "What is due leaves",
        f"the time of {FORGOTTEN.name} is over: {run.erased} of {len(plan.leaving)} data erased, certificate {run.certificate[:16]}…",
    )
    return run


def give_access(house: System, tell: Tell) -> tuple[SubjectRequest, AccessAnswer]:
    """An access request: received, identity judged, answered with the context of every datum."""
    asked = house.requests.receive(Right.ACCESS, contact=ACCESS.email, channel=Channel.EMAIL, actor=OWNER)
    house.requests.confirm(asked.id, IdentityLevel.CONTACT_POINT, actor=OWNER)
    answer = house.requests.answer(asked.id, actor=OWNER)
    house.requests.given(asked.id, Given.ANSWER, Channel.EMAIL, actor=OWNER)
    tell(
        "An access request is answered",
        f"{ACCESS.name}: due {asked.due:%Y-%m-%d} (Article 12(3)), {len(answer.data)} data, each with its context. One of them:\n"
        + indent("\n".join(access_letter(answer, "nl").split("\n\n")[3].splitlines()), "        "),
    )
    return asked, answer


def back_up(place: Place) -> None:
    """Back up to a folder beside the organisation's, for an identity made on the spot."""
    if not place.identity.exists():
        place.identity.write_text(new_identity(), "ascii")
        place.identity.chmod(0o600)
    place.open().backups.make(actor=OWNER, settings=_settings(place))


def drill(place: Place) -> Drill:
    """Bring the newest backup back to a scratch folder and check it."""
    return place.open().backups.drill([place.identity], actor=OWNER, settings=_settings(place))


def _settings(place: Place) -> BackupSettings:
    recipient = (recipient_of(place.identity),)
    return BackupSettings(folder=place.backups, recipients=recipient, keys_recipients=recipient)


def erase(place: Place, tell: Tell) -> ErasureOutcome:
    """An erasure request: planned datum by datum, carried out, searched again."""
    house = place.open()
    asked = house.requests.receive(Right.ERASURE, contact=ERASURE.email, channel=Channel.POST, actor=OWNER)
    house.requests.confirm(asked.id, IdentityLevel.SECOND_FACT, actor=OWNER)
    house.requests.plan(asked.id, actor=OWNER)
    place.clock.move_to(TODAY)
    house.retention.run(actor=OWNER)
    outcome = house.requests.erase(asked.id, actor=OWNER)
    house.requests.given(asked.id, Given.ANSWER, Channel.POST, actor=OWNER)
    kept = [d for d in outcome.plan.decisions if d.decision != "erase"]
    until = max((d.until for d in kept if d.until), default=None)
    tell(
        "An erasure request is carried out",
        f"{ERASURE.name}: {outcome.erasure.items if outcome.erasure else 0} erased, searched again: "
        f"{outcome.found_afterwards} found; {len(kept)} kept until {until} for the tax administration.",
    )
    return outcome
