"""``gestand disclose``: orders by authorities, from intake to the late notice."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.output import emit, say, table
from gestand.kernel.clock import local_date
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId, FieldPath, PurposeId, RecipientId, SubjectId
from gestand.sharing.model import Demand, Form, Order

OrderArg = Annotated[str, typer.Argument(metavar="ORDER", help="The order's id.")]
Actor = Annotated[str, typer.Option("--actor", help="Who acts.")]
Facts = Annotated[
    list[str] | None,
    typer.Option("--fact", help="A fact of the demand: NAME for yes, no-NAME for no, NAME=WORDS; such as written, third_party_tax."),
]  # fmt: skip


def add_to(app: typer.Typer) -> None:
    """Add these commands to the group."""
    app.command("order")(take_in)
    app.command("orders")(list_orders)
    app.command("carry-out")(carry_out)
    app.command("refuse")(refuse)
    app.command("lift")(lift)
    app.command("notify")(notify)


def take_in(
    authority: Annotated[str, typer.Argument(help="Who asks, in words: tax inspector, public prosecutor, …")],
    article: Annotated[str, typer.Option("--article", help="The article it names, such as 'AWR 53' or '126nd Sv'.")],
    document: Annotated[str, typer.Option("--document", help="What lies before you: letter of …, by mail from ….")],
    field: Annotated[list[str] | None, typer.Option("--field", help="What is asked and is in policy.toml, as category.field; once for each.")] = None,
    subject: Annotated[list[str] | None, typer.Option("--subject", help="Whose data; may follow when it is carried out.")] = None,
    asks: Annotated[str, typer.Option("--asks", help="What it asks, in its own words; also what you do not hold.")] = "",
    recipient: Annotated[str, typer.Option("--recipient", help="The recipient of the statement that this authority is.")] = "authorities",
    purpose: Annotated[str, typer.Option("--purpose", help="The purpose of the statement.")] = "orders",
    received: Annotated[str, typer.Option("--received", help="When it came in, with zone; now if left out.")] = "",
    secret: Annotated[bool, typer.Option("--secret", help="The document forbids to tell anyone.")] = False,
    secret_until: Annotated[datetime | None, typer.Option("--secret-until", formats=["%Y-%m-%d"], help="The last day on which nobody may be told.")] = None,
    fact: Facts = None,
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:  # fmt: skip
    """Take in a demand by an authority: judged at once, nothing opened, nobody told."""
    from gestand.system import open_system

    with open_system(org) as house:
        demand = Demand(
            authority=authority,
            article=article,
            asks=asks,
            document=document,
            received_at=_instant(received) or house.clock(),
            recipient=RecipientId(recipient),
            purpose=PurposeId(purpose),
            fields=tuple(map(FieldPath, field or ())),
            subjects=tuple(map(SubjectId, subject or ())),
            facts=facts_of(fact),
            secret=secret,
            secret_until=secret_until.date() if secret_until else None,
        )
        order = house.sharing.receive_order(demand, actor=ActorId(actor))
        until = order.demand.secret_until
    _show(order, as_json=as_json, due=until.isoformat() if until else None)


def carry_out(
    order: OrderArg,
    confirm: Annotated[str, typer.Option("--confirm", help="The order's id once more: you read it afresh.")] = "",
    called_back: Annotated[bool, typer.Option("--called-back", help="You verified who asks through a number found elsewhere.")] = False,
    subject: Annotated[list[str] | None, typer.Option("--subject", help="Whose data, if not said before.")] = None,
    field: Annotated[list[str] | None, typer.Option("--field", help="Less than the demand reaches; once for each.")] = None,
    fact: Facts = None,
    form: Annotated[Form, typer.Option("--format", help="How it is written before it is sealed.")] = Form.JSON,
    sealed_to: Annotated[str, typer.Option("--sealed-to", help="The authority's age recipient.")] = "",
    out: Annotated[Path, typer.Option("--out", help="The folder in which the sealed package is put.")] = HERE,
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:  # fmt: skip
    """Carry out an order that the law obliges to: verified, waited for, confirmed afresh, and no more than it reaches."""
    from gestand.doors.cli.disclose import given, write
    from gestand.system import open_system

    facts = facts_of(fact) | ({"identity_checked": True} if called_back else {})
    with open_system(org) as house:
        made = house.sharing.carry_out(
            order,
            actor=ActorId(actor),
            proof=confirm,
            facts=facts,
            subjects=tuple(map(SubjectId, subject or ())),
            fields=tuple(map(FieldPath, field or ())),
            form=form,
            sealed_to=sealed_to,
            deliver=lambda package: write(package, out),
        )
    given(made, out, (), as_json=as_json)


def refuse(
    order: OrderArg,
    reason: Annotated[str, typer.Option("--reason", help="Why, beside what was found against it.")] = "",
    language: Annotated[str, typer.Option("--language", help="Of the letter: nl or en.")] = "nl",
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Refuse an order, and show the letter with every reason and what would be needed."""
    from gestand.system import open_system

    with open_system(org) as house:
        refused, letter = house.sharing.refuse_order(order, actor=ActorId(actor), reason=reason, language=language)
    _show(refused, as_json=as_json, letter=letter)


def lift(
    order: OrderArg,
    reason: Annotated[str, typer.Option("--reason", help="The document that ends the secrecy, with its date.")],
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Record that an order need not be kept secret any longer."""
    from gestand.system import open_system

    with open_system(org) as house:
        lifted = house.sharing.lift_secrecy(order, actor=ActorId(actor), because=reason)
    _show(lifted, as_json=as_json)


def notify(
    order: OrderArg,
    language: Annotated[str, typer.Option("--language", help="Of the notice: nl or en.")] = "nl",
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Tell the people of an order whose secrecy is over: show the notice, and record that they are told."""
    from gestand.system import open_system

    with open_system(org) as house:
        told, letter = house.sharing.tell_subjects(order, actor=ActorId(actor), language=language)
    _show(told, as_json=as_json, letter=letter)


def list_orders(org: Org = HERE, as_json: Json = False) -> None:
    """List the orders, with what the law says of each. Shows secret ones: not for other eyes."""
    from gestand.system import open_system

    with open_system(org) as house:
        found = list(house.sharing.orders())
    if as_json:
        emit([_document(one) for one in found])
        return
    rows = [
        (one.id, local_date(one.taken_at).isoformat(), one.demand.authority, one.demand.article, str(one.state), "secret" if one.secret else "", "; ".join(one.against))
        for one in found
    ]  # fmt: skip
    table("Orders by authorities", ("id", "taken in", "who", "article", "state", "", "against it"), rows)


def facts_of(given: list[str] | None) -> dict[str, bool | str]:
    """Return ``--fact`` options as facts."""
    found: dict[str, bool | str] = {}
    for one in given or ():
        name, equals, words = one.partition("=")
        if equals:
            found[name.strip()] = words.strip()
        elif name.startswith("no-"):
            found[name.removeprefix("no-")] = False
        else:
            found[name] = True
    return found


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise UsageError(
            "order-instant", f"'{text}' is no instant", where="--received", remedy="Write 2026-11-22T09:30:00+01:00."
        )
    return found


def _document(order: Order, **more: Any) -> dict[str, Any]:
    from gestand.doors.cli.disclose import document

    counts = {"people": len(order.demand.subjects), "fields": len(order.give), "withheld": len(order.withhold)}
    due = more.pop("due", None)
    return document(
        order.id, allowed=not order.against, why=order.against, due=due, counts=counts, state=order.state,
        secret=order.secret, articles=list(order.articles), ask_for=list(order.ask_for), must_do=list(order.must_do), **more,
    )  # fmt: skip


def _show(order: Order, *, as_json: bool, **more: Any) -> None:
    if as_json:
        emit(_document(order, **more))
        return
    say(f"{order.id}: {order.state}; {'nothing against it' if not order.against else 'not to be carried out'}.")
    for line in order.against:
        say(f"  against it: {line}")
    for line in order.ask_for if order.against else order.must_do:
        say(f"  {'ask for' if order.against else 'do'}: {line}")
    if order.secret:
        say("  Secret: tell no one, the person concerned included.")
    if "letter" in more:
        say()
        say(str(more["letter"]))
