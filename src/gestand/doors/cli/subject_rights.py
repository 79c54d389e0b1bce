"""gestand subject rectify, move, restrict, release, object, consent: what a person chooses, carried out on the data themselves."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.organisation import OWNER, opened
from gestand.doors.cli.output import emit, say
from gestand.doors.cli.sent import Language, say_sent, sent_document
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ItemId, PurposeId, SubjectId

if TYPE_CHECKING:
    from gestand.rights.rectifying import Rectified
    from gestand.sources.marking import Restrained

Subject = Annotated[str, typer.Argument(metavar="SUBJECT", help="Whose data, by id.")]
Item = Annotated[str, typer.Argument(metavar="ITEM", help="The datum, by id: see 'gestand subject show'.")]
Value = Annotated[str, typer.Argument(metavar="VALUE", help="The right value; - reads it from standard input.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, in words that name nobody: they stand in the ledger.")]
Fields = Annotated[
    list[str] | None, typer.Option("--field", help="Only this field, as contact.phone; repeat it. All if left out.")
]
Withdraw = Annotated[bool, typer.Option("--withdraw", help="Take it back, at the person's own word.")]


def add_to(app: typer.Typer) -> None:
    """Give the group its words."""
    app.command("rectify")(rectify)
    app.command("move")(move)
    app.command("moved")(moved)
    app.command("restrict")(restrict)
    app.command("release")(release)
    app.command("object")(object_)
    app.command("consent")(consent)


def rectify(
    item: Item,
    value: Value,
    reason: Reason,
    request: Annotated[str, typer.Option("--request", help="The request that asks it.")] = "",
    sure: Annotated[
        str, typer.Option("--sure", help="Of a new address that the old one did not confirm: second-fact or in-person.")
    ] = "",
    only_here: Annotated[bool, typer.Option("--only-here", help="Leave other systems as they are.")] = False,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Put the right value in place of a wrong one, in every system; the wrong one is not kept (Article 16)."""
    from gestand.rights.rectifying import sure_of

    with opened(org) as house:
        done = house.requests.rectify(
            ItemId(item), _read(value), actor=OWNER, reason=reason, request=request, sure=sure_of(sure),
            everywhere=not only_here,
        )  # fmt: skip
    _tell_rectified(done, as_json=as_json)


def move(
    item: Item, value: Value, reason: Reason, language: Language = "nl", org: Org = HERE, as_json: Json = False
) -> None:
    """Ask the old address to confirm a new one: a code goes there, by mail or on paper. Nothing changes before."""
    with opened(org) as house:
        made = house.requests.moving.ask(ItemId(item), _read(value), actor=OWNER, reason=reason, language=language)
    if as_json:
        emit({"move": made.id, "item": made.item, "until": made.until.isoformat(), **sent_document(made.sent)})
        return
    say(f"{made.id}: the old address is asked. Then: gestand subject moved {made.id} --code CODE")
    say_sent(made.sent)


def moved(
    number: Annotated[str, typer.Argument(metavar="MOVE", help="The number of the change.")],
    code: Annotated[str, typer.Option("--code", help="The code that went to the old address.")],
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Let a change of address take effect with the code that went to the old one."""
    with opened(org) as house:
        done = house.requests.moving.confirm(number, code, actor=OWNER)
    _tell_rectified(done, as_json=as_json)


def _read(value: str) -> str:
    return sys.stdin.read().strip() if value == "-" else value


def _tell_rectified(done: Rectified, *, as_json: bool) -> None:
    if as_json:
        emit({
            "item": done.item, "rectified": True, "also": list(done.also), "issued": done.issued,
            "systems": [
                {"source": one.source, "changed": one.changed, "attached": one.attached, "to_attach": one.to_attach,
                 "conflicts": [{"place": c.place, "field": c.field, "says": c.says} for c in one.conflicts]}
                for one in done.systems
            ],
            "to_tell": [{"nl": text.nl, "en": text.en} for text in done.to_tell],
        })  # fmt: skip
        return
    more = f", and {len(done.also)} that said the same" if done.also else ""
    say(f"{done.item} is corrected{more}.")
    if done.issued:
        say(f"{done.issued} of what was issued keep what they said.")
    for one in done.systems:
        if one.changed or one.attached or one.to_attach:
            say(
                f"{one.source}: {one.changed} corrected, {one.attached} with the correction attached, "
                f"{one.to_attach} not rewritten."
            )
    for source, conflict in done.conflicts:
        say(f"{source}, {conflict.place} says something else: {conflict.says}. Look which is right.")
    if done.to_tell:
        told = ", ".join(text.nl for text in done.to_tell)
        say(f"Tell who got it: {told}. 'gestand disclose tell' lists it with the letter.")


def restrict(subject: Subject, reason: Reason, field: Fields = None, org: Org = HERE, as_json: Json = False) -> None:
    """Restrict data: they are kept, and open only to answer the person they are about (Article 18).

    Without --field also in the archive and in every other system. What has no place for the mark is told.
    """
    with opened(org) as house:
        items = _items(house, subject, field or ())
        house.choices.restrict(items, actor=OWNER, reason=reason)
        elsewhere = () if field else _elsewhere(house, subject, reason, restricted=True)
    _limited(subject, "restricted", len(items), elsewhere, as_json=as_json)


def release(subject: Subject, reason: Reason, field: Fields = None, org: Org = HERE, as_json: Json = False) -> None:
    """Lift a restriction. Tell the person before you do (Article 18(3))."""
    with opened(org) as house:
        items = _items(house, subject, field or ())
        house.choices.release(items, actor=OWNER, reason=reason)
        elsewhere = () if field else _elsewhere(house, subject, reason, restricted=False)
    _limited(subject, "released", len(items), elsewhere, as_json=as_json)


def _elsewhere(house: Any, subject: str, reason: str, *, restricted: bool) -> tuple[Restrained, ...]:
    done: tuple[Restrained, ...] = house.requests.restrict_elsewhere(
        SubjectId(subject), restricted=restricted, actor=OWNER, reason=reason
    )
    return done


def _limited(subject: str, done: str, items: int, elsewhere: Sequence[Restrained], *, as_json: bool) -> None:
    from gestand.mailcopies import NAME

    messages = sum(one.rows for one in elsewhere if one.source == NAME)
    systems = [one for one in elsewhere if one.source != NAME]
    if as_json:
        rows = [
            {
                "source": one.source,
                "rows": one.rows,
                "why_not": one.why_not,
                "unmarked": [{"place": left.place, "keys": list(left.keys), "why": left.why} for left in one.unmarked],
            }
            for one in systems
        ]
        emit({"subject": subject, done: items, "messages": messages, "systems": rows})
        return
    say(f"{items} data {done}" + (f", and {messages} messages in the archive." if messages else "."))
    for one in systems:
        if one.why_not and not one.unmarked:
            say(f"{one.source}: {one.why_not}. See to it there; it is a task now ('gestand retention tasks').")
        elif not one.why_not:
            say(f"{one.source}: {one.rows} {done}.")
        for left in one.unmarked:
            say(
                f"{one.source}: {left.why}, so {len(left.keys)} are not {done} there: {', '.join(left.keys)}. "
                "See to it by hand; it is a task now ('gestand retention tasks')."
            )


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
    channel: Annotated[
        str, typer.Option("--channel", help="How it was given: web, form, email, telephone, counter, post.")
    ],
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
