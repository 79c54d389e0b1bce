"""gestand subject rectify, restrict, release, object, consent: what a person chooses, carried out on the data themselves."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.organisation import OWNER, opened
from gestand.doors.cli.output import emit, say
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ItemId, PurposeId, SubjectId

Subject = Annotated[str, typer.Argument(metavar="SUBJECT", help="Whose data, by id.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, in words that name nobody: they stand in the ledger.")]
Fields = Annotated[
    list[str] | None, typer.Option("--field", help="Only this field, as contact.phone; repeat it. All if left out.")
]
Withdraw = Annotated[bool, typer.Option("--withdraw", help="Take it back, at the person's own word.")]


def add_to(app: typer.Typer) -> None:
    """Give the group its words."""
    app.command("rectify")(rectify)
    app.command("restrict")(restrict)
    app.command("release")(release)
    app.command("object")(object_)
    app.command("consent")(consent)


def rectify(
    item: Annotated[str, typer.Argument(metavar="ITEM", help="The datum, by id: see 'gestand subject show'.")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="The right value; - reads it from standard input.")],
    reason: Reason,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Put the right value in place of a wrong one; the wrong one is not kept (Article 16)."""
    right = sys.stdin.read().strip() if value == "-" else value
    with opened(org) as house:
        house.choices.rectify(ItemId(item), right, actor=OWNER, reason=reason)
    _tell({"item": item, "rectified": True}, f"{item} is corrected.", as_json=as_json)


def restrict(subject: Subject, reason: Reason, field: Fields = None, org: Org = HERE, as_json: Json = False) -> None:
    """Restrict data: they are kept, and open only to answer the person they are about (Article 18)."""
    with opened(org) as house:
        items = _items(house, subject, field or ())
        house.choices.restrict(items, actor=OWNER, reason=reason)
        messages = 0 if field else _messages(house, subject, reason, restricted=True)
    told = f"{len(items)} data restricted" + (f", and {messages} messages in the archive." if messages else ".")
    _tell({"subject": subject, "restricted": len(items), "messages": messages}, told, as_json=as_json)


def release(subject: Subject, reason: Reason, field: Fields = None, org: Org = HERE, as_json: Json = False) -> None:
    """Lift a restriction. Tell the person before you do (Article 18(3))."""
    with opened(org) as house:
        items = _items(house, subject, field or ())
        house.choices.release(items, actor=OWNER, reason=reason)
        messages = 0 if field else _messages(house, subject, reason, restricted=False)
    told = f"{len(items)} data released" + (f", and {messages} messages in the archive." if messages else ".")
    _tell({"subject": subject, "released": len(items), "messages": messages}, told, as_json=as_json)


def _messages(house: Any, subject: str, reason: str, *, restricted: bool) -> int:
    """Restrict or release the messages in which a person stands; return how many."""
    purpose = PurposeId(house.publication.in_force().policy.rights.purpose)
    found = [one.message for one in house.archive.of_person(subject, purpose, actor=OWNER, reason=reason)]
    return int(house.archive.restrict(found, reason=reason, actor=OWNER, restricted=restricted))


def object_(
    subject: Subject,
    purpose: Annotated[list[str], typer.Argument(metavar="PURPOSE...", help="What is objected to.")],
    reason: Reason,
    withdraw: Withdraw = False,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Record an objection; it works from the next read on (Article 21)."""
    purposes = [PurposeId(name) for name in purpose]
    with opened(org) as house:
        whose = _known(house, subject)
        act = house.choices.withdraw_objection if withdraw else house.choices.object_to
        act(whose, purposes, actor=OWNER, reason=reason)
        standing = [str(name) for name in house.vault.objections(whose)]
    said = f"{subject} objects to: {', '.join(standing) or 'nothing'}."
    _tell({"subject": subject, "objections": standing}, said, as_json=as_json)


def consent(
    subject: Subject,
    purpose: Annotated[str, typer.Argument(metavar="PURPOSE", help="What is consented to.")],
    channel: Annotated[str, typer.Option("--channel", help="How it was given: web, email, post, telephone, counter.")],
    withdraw: Withdraw = False,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Record a consent to the text in the statement, or its end (Article 7)."""
    with opened(org) as house:
        whose = _known(house, subject)
        act = house.choices.withdraw_consent if withdraw else house.choices.consent
        act(whose, PurposeId(purpose), channel=channel, actor=OWNER)
        standing = [str(name) for name in house.vault.consents(whose)]
    said = f"{subject} consents to: {', '.join(standing) or 'nothing'}."
    _tell({"subject": subject, "consents": standing}, said, as_json=as_json)


def _known(house: Any, subject: str) -> SubjectId:
    if not house.vault.exists(SubjectId(subject)):
        raise UsageError(
            "subject-unknown", f"there is no subject {subject}", remedy="Look it up with 'gestand subject find'."
        )
    return SubjectId(subject)


def _items(house: Any, subject: str, fields: Sequence[str]) -> list[ItemId]:
    held = house.vault.holdings(_known(house, subject))
    missing = set(fields) - {str(holding.field) for holding in held}
    if missing:
        raise UsageError(
            "field-not-held",
            f"nothing is held of {subject} in {', '.join(sorted(missing))}",
            where="--field",
            remedy="See 'gestand subject show' for what is held.",
        )
    return [holding.item for holding in held if not fields or str(holding.field) in fields]


def _tell(document: dict[str, Any], words: str, *, as_json: bool) -> None:
    if as_json:
        emit(document)
    else:
        say(words)
