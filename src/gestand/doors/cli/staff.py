"""``gestand staff``: who may act; let somebody in, change their roles, revoke. Names are shown, never logged."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.organisation import OWNER, opened
from gestand.doors.cli.output import emit, say, table

app = typer.Typer(no_args_is_help=True)
Roles = Annotated[
    list[str] | None, typer.Option("--role", help="A role of policy.toml; more than one by repeating it.")
]
Port = Annotated[int | None, typer.Option("--port", help="The port the office is served on, for the link.")]


@app.command("list")
def list_(org: Org = HERE, as_json: Json = False) -> None:
    """List who may act, with their roles and how many keys they have."""
    with opened(org) as house:
        people = house.staff.people()
    if as_json:
        emit({"people": [_document(person) for person in people]})
        return
    rows = [
        (p.id, p.name, ", ".join(p.roles) or "-", "keeper" if p.keeper else "",
         f"{p.passkeys}" + (" + password" if p.password else ""), f"left {p.revoked:%Y-%m-%d}" if p.revoked else "")
        for p in people
    ]  # fmt: skip
    table("Who may act", ("id", "name", "roles", "", "keys", ""), rows)
    if not any(p.active and p.keeper for p in people):
        say("Nobody can open the office yet: gestand staff enrol --keeper")


@app.command()
def enrol(
    role: Roles = None,
    keeper: Annotated[bool, typer.Option("--keeper", help="Lets others in, and approves.")] = False,
    person: Annotated[str, typer.Option("--person", help="Somebody who is there and lost their keys.")] = "",
    port: Port = None,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Print a link with which one person makes a passkey, once, within 24 hours.

    Whoever can run this can open the organisation's keys: no printed code is asked.
    """
    from gestand.doors.house import office_site

    with opened(org) as house:
        if person:
            code = house.staff.readmit(person, actor=OWNER, asks_code=False)
        else:
            policy = house.publication.in_force().policy
            code = house.staff.invite(role or [], keeper=keeper, policy=policy, actor=OWNER)
        link = f"{office_site(house, port or house.config.port).origin}/office/nl/enrol#{code}"
    if as_json:
        emit({"link": link, "person": person or None, "hours": 24})
    else:
        say(f"Open this once, within 24 hours, while 'gestand serve' runs:\n  {link}")


@app.command()
def revoke(
    person: Annotated[str, typer.Argument(help="The id of somebody: stf_...")],
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Let somebody act no more: keys, codes and sessions end at once."""
    with opened(org) as house:
        ended = house.staff.revoke(person, actor=OWNER)
    if as_json:
        emit({"person": person, "sessions": ended})
    else:
        say(f"{person} may act no more; {ended} sessions ended.")


@app.command()
def roles(
    person: Annotated[str, typer.Argument(help="The id of somebody; all roles of the policy if left out.")] = "",
    role: Roles = None,
    keeper: Annotated[bool, typer.Option("--keeper", help="Lets others in, and approves.")] = False,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Show the roles of the policy with their purposes, or change those of somebody to what is named."""
    with opened(org) as house:
        policy = house.publication.in_force().policy
        if person:
            changed = house.staff.set_roles(person, role or [], keeper=keeper, policy=policy, actor=OWNER)
            if as_json:
                emit(_document(changed))
            else:
                say(f"{changed.id}: {', '.join(changed.roles) or 'no roles'}{', keeper' if changed.keeper else ''}.")
            return
    if as_json:
        emit({"roles": [{"id": id_, "purposes": list(one.purposes)} for id_, one in policy.roles.items()]})
    else:
        rows = [(id_, one.title.nl, ", ".join(one.purposes)) for id_, one in policy.roles.items()]
        table("Roles of the policy", ("role", "title", "purposes"), rows)


def _document(person: Any) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "roles": list(person.roles),
        "keeper": person.keeper,
        "active": person.active,
        "passkeys": person.passkeys,
        "password": person.password,
    }
