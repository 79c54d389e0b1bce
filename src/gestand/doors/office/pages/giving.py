"""Giving data to a recipient: chosen within the statement, judged without opening anything, then sealed and handed over once."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from gestand.doors.office.pages.people import matches
from gestand.doors.office.routes import CHOSEN, NONE, Page, Route
from gestand.doors.office.visit import Answer, Visit
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import FieldPath, PurposeId, RecipientId, SubjectId
from gestand.sharing.model import Form, Package

SEALED = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was filled in: to whom, for what, which fields, of whom."""

    recipient: RecipientId
    purpose: PurposeId
    ground: str
    fields: tuple[FieldPath, ...]
    subjects: tuple[SubjectId, ...]


def choose(visit: Visit) -> Answer:
    """Choose a recipient, then a purpose that the statement names for it, then the fields that both need."""
    policy, allowed = visit.policy, visit.purposes()
    recipient, purpose = visit.query.get("recipient", ""), visit.query.get("purpose", "")
    who = policy.recipients.get(recipient)
    purposes = [name for name in allowed if recipient in policy.purposes[name].recipients]
    if who is not None and not purpose and len(purposes) == 1:
        purpose = purposes[0]
    chosen = policy.purposes[purpose] if purpose in purposes else None
    reach = [
        (path, field)
        for path in policy.field_paths()
        if chosen is not None
        and who is not None
        and chosen.allows(path)
        and (not who.needs or path in who.needs)
        and (field := policy.field(path)) is not None
    ]
    agreement = visit.house.sharing.agreements.get(recipient)
    return visit.page(
        "give.html", visit.say("Gegevens verstrekken", "Giving data"), who=who, recipient=recipient, purpose=purpose, chosen=chosen,
        purposes=purposes, reach=reach, forms=tuple(Form), sealed=bool(agreement and agreement.sealed_to), subject=visit.query.get("subject", ""),
        recipients={id_: one for id_, one in policy.recipients.items() if one.role != "authority"},
    )  # fmt: skip


def judge(visit: Visit) -> Answer:
    """Say whether it may be given, and what would go; nothing is opened."""
    wanted = _wanted(visit)
    judged = visit.house.sharing.judge(wanted.recipient, wanted.fields, wanted.purpose, wanted.ground)
    held = {
        subject: [one.field for one in visit.house.vault.holdings(subject) if one.field in wanted.fields]
        for subject in wanted.subjects
    }
    return visit.page(
        "give_judged.html", visit.say("Wat er zou gaan", "What would go"), wanted=wanted, judged=judged, held=held, form=visit.form,
        back="sharing/give?" + urlencode({"recipient": wanted.recipient, "purpose": wanted.purpose}),
    )  # fmt: skip


def give(visit: Visit) -> Answer:
    """Give it: opened for its purpose, sealed to the recipient's key, noted before it opens and after it was handed over.

    To a key that was not agreed, or of many at once, only after a second look at exactly that.
    """
    wanted = _wanted(visit)
    made: list[Package] = []
    try:
        visit.house.sharing.disclose(
            wanted.recipient, wanted.subjects, wanted.fields, wanted.purpose, wanted.ground, actor=visit.actor,
            reason=visit.form.get("why", "").strip(), form=form_of(visit), sealed_to=visit.form.get("sealed_to", "").strip(), deliver=made.append,
        )  # fmt: skip
    except RefusedError as refused:
        if refused.code != "approval-missing":
            raise
        return visit.go("staff")  # it is asked; given there, the same form goes through
    return visit.file(made[0].sealed, made[0].file_name, SEALED)


def form_of(visit: Visit) -> Form:
    """Return how a package is written before it is sealed."""
    return next((form for form in Form if form == visit.form.get("form")), Form.JSON)


def people_named(visit: Visit, name: str) -> tuple[SubjectId, ...]:
    """Return the people that were named, one a line, each by what finds that one person alone.

    :raises UsageError: ``unknown-subject`` with the line that does not.
    """
    found: dict[SubjectId, None] = {}
    for line in filter(None, map(str.strip, visit.form.get(name, "").splitlines())):
        matched = matches(visit, line)
        if len(matched) != 1:
            raise UsageError(
                "unknown-subject",
                f"{len(matched)} people are known by line {len(found) + 1}",
                remedy="Look them up, and fill in the id at the foot of their card (sub_...).",
            )
        found[matched[0]] = None
    return tuple(found)


def _wanted(visit: Visit) -> Wanted:
    purpose = visit.purpose(visit.field("purpose"))
    subjects = people_named(visit, "subjects")
    if not subjects:
        raise UsageError("field-empty", "'subjects' is empty", remedy="Say of whom, one a line.")
    return Wanted(
        RecipientId(visit.field("recipient")), purpose, visit.policy.purposes[purpose].ground,
        tuple(map(FieldPath, visit.many.get("field", ()))), subjects,
    )  # fmt: skip


PAGE = Page(
    "giving",
    None,
    (
        Route("sharing/give", "GET", "staff", NONE, choose),
        Route("sharing/give/judge", "POST", "staff", CHOSEN, judge),
        Route("sharing/give", "POST", "staff", CHOSEN, give, fresh=True),
    ),
)
