"""``gestand api``: what other programs may do (tokens), and what they are told (webhooks)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.organisation import OWNER, opened
from gestand.doors.cli.output import emit, say, table

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)
tokens = typer.Typer(no_args_is_help=True, help="What other programs may do: new, list, revoke.")
webhooks = typer.Typer(no_args_is_help=True, help="What other programs are told: add, list, test, rotate, remove.")
app.add_typer(tokens, name="token")
app.add_typer(webhooks, name="webhook")


@tokens.command("new")
def token_new(
    name: Annotated[str, typer.Option("--name", help="The program, as it stands in the ledger: webshop.")],
    scope: Annotated[list[str], typer.Option("--scope", help="What it may do; may be repeated.")],
    purpose: Annotated[list[str] | None, typer.Option("--purpose", help="For which purposes; may be repeated.")] = None,
    days: Annotated[int, typer.Option("--days", help="For how long.")] = 90,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Make a token for a program. It is shown once; only its digest is kept."""
    with opened(org) as house:
        policy = house.publication.in_force().policy
        program, text = house.programs.admit(name, scope, purpose or (), days=days, policy=policy, actor=OWNER)
    if as_json:
        emit({"token": text, "id": program.id, "actor": program.actor, "until": program.until.isoformat()})
    else:
        say(f"{program.id} until {program.until:%Y-%m-%d}; it is not shown again:\n{text}")


@tokens.command("list")
def token_list(org: Org = HERE, as_json: Json = False) -> None:
    """List the tokens: what each may do, until when."""
    with opened(org) as house:
        found = house.programs.all()
    if as_json:
        emit({
            "tokens": [
                {"id": one.id, "name": one.name, "scopes": list(one.scopes), "purposes": list(one.purposes),
                 "until": one.until.isoformat(), "revoked": one.revoked.isoformat() if one.revoked else None}
                for one in found
            ]
        })  # fmt: skip
        return
    rows = [
        (one.id, one.name, " ".join(one.scopes), " ".join(one.purposes),
         "revoked" if one.revoked else f"{one.until:%Y-%m-%d}")
        for one in found
    ]  # fmt: skip
    table("Tokens", ("id", "program", "scopes", "purposes", "until"), rows)


@tokens.command("revoke")
def token_revoke(token: Annotated[str, typer.Argument(help="Its id.")], org: Org = HERE, as_json: Json = False) -> None:
    """End a token at once."""
    with opened(org) as house:
        house.programs.revoke(token, actor=OWNER)
    _done({"id": token, "revoked": True}, f"{token} is revoked.", as_json=as_json)


@webhooks.command("add")
def webhook_add(
    url: Annotated[str, typer.Argument(help="https://host/path")],
    event: Annotated[list[str], typer.Option("--event", help="A ledger event, as request.received; may be repeated.")],
    near: Annotated[bool, typer.Option("--near", help="It stands in your own network; http is allowed.")] = False,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Tell an address of events, signed, with ids alone. The secret of the signatures is shown once."""
    with opened(org) as house:
        webhook, secret = house.webhooks.add(url, event, near=near, actor=OWNER)
    _done(
        {"id": webhook.id, "secret": secret, "events": list(webhook.events)},
        f"{webhook.id}; the secret is not shown again:\n{secret}",
        as_json=as_json,
    )


@webhooks.command("list")
def webhook_list(org: Org = HERE, as_json: Json = False) -> None:
    """List the webhooks, and how they fare."""
    with opened(org) as house:
        found = house.webhooks.all()
    if as_json:
        emit({
            "webhooks": [
                {"id": one.id, "url": one.url, "events": list(one.events), "failures": one.failures, "code": one.fault,
                 "next_entry": one.next_entry, "next_try": _at(one.next_try)}
                for one in found
            ]
        })  # fmt: skip
        return
    rows = [(one.id, one.url, " ".join(one.events), one.fault) for one in found]
    table("Webhooks", ("id", "address", "events", "failing"), rows)


@webhooks.command("test")
def webhook_test(
    webhook: Annotated[str, typer.Argument(help="Its id.")], org: Org = HERE, as_json: Json = False
) -> None:
    """Send a signed message that tells of nothing, and say whether it was taken."""
    with opened(org) as house:
        fault = house.webhooks.attempt(webhook)
    said = f"it was not taken: {fault}" if fault else "it was taken"
    _done({"id": webhook, "taken": not fault, "code": fault}, said, as_json=as_json)
    if fault:
        raise typer.Exit(1)


@webhooks.command("rotate")
def webhook_rotate(
    webhook: Annotated[str, typer.Argument(help="Its id.")], org: Org = HERE, as_json: Json = False
) -> None:
    """Give an address a new secret, shown once; from now on it alone signs."""
    with opened(org) as house:
        _, secret = house.webhooks.replace_secret(webhook, actor=OWNER)
    _done({"id": webhook, "secret": secret}, f"{webhook}; the secret is not shown again:\n{secret}", as_json=as_json)


@webhooks.command("remove")
def webhook_remove(
    webhook: Annotated[str, typer.Argument(help="Its id.")], org: Org = HERE, as_json: Json = False
) -> None:
    """Stop telling an address."""
    with opened(org) as house:
        house.webhooks.remove(webhook, actor=OWNER)
    _done({"id": webhook, "removed": True}, f"{webhook} is removed.", as_json=as_json)


@app.command("openapi")
def openapi(org: Org = HERE) -> None:
    """Print the OpenAPI 3.1 document of the HTTP API."""
    from gestand.doors.api.app import api

    with opened(org) as house:
        say(json.dumps(api(house).document(), indent=2))


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _done(document: dict[str, Any], said: str, *, as_json: bool) -> None:
    if as_json:
        emit(document)
    else:
        say(said)
