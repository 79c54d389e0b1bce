"""``gestand ledger witness``: be one for others, or ask one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.output import emit, say, say_now
from gestand.kernel.errors import UsageError

app = typer.Typer(
    no_args_is_help=True, add_completion=False, rich_markup_mode=None, help="Be a witness for others, or ask one's own."
)


@app.command("run")
def run(
    folder: Annotated[Path, typer.Argument(help="Where it keeps its key and what it has seen.")],
    name: Annotated[str, typer.Option("--name", help="Its name, like witness.example.org/w1.")],
    log: Annotated[list[str], typer.Option("--log", help="The public key of a ledger it witnesses; may be repeated.")],
    host: Annotated[str, typer.Option("--host", help="Where it listens.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="0 takes a free one.")] = 8471,
) -> None:
    """Run a witness: it cosigns a ledger's checkpoints as long as that ledger only grows. Best on another machine."""
    from gestand.doors.public.server import serve
    from gestand.doors.witness import witness_door
    from gestand.kernel.clock import system_clock
    from gestand.kernel.entropy import system_entropy
    from gestand.ledger.keys import load_key, make_key
    from gestand.ledger.note import verify_key
    from gestand.ledger.witness import Witness

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = folder / "witness.key"
    seed = (load_key(place) or make_key(place, name, system_entropy)).seed
    known = {key.name: key for key in map(verify_key, log)}
    witness = Witness(folder / "seen", name, seed, known, lambda: int(system_clock().timestamp()))
    say(f"Key: {witness.key}")
    serve(witness_door(witness), host, port, lambda address: say_now(f"The witness listens at {address} (Ctrl-C ends)"))


@app.command("ask")
def ask(org: Org = HERE, as_json: Json = False) -> None:
    """Ask the witnesses of gestand.toml to cosign the present state. Status 4 if one has seen another history."""
    from gestand.kernel.config import load_config
    from gestand.kernel.egress import Egress
    from gestand.ledger.asking import ask as ask_all
    from gestand.ledger.asking import peers_of, poster, witness_at
    from gestand.system import open_system

    settings = load_config(org).ledger
    witnesses = [witness_at(text) for text in settings.witnesses]
    if not witnesses:
        raise UsageError(
            "witness-none", "gestand.toml names no witness", where="[ledger] witnesses",
            remedy='Add one: [ledger] witnesses = ["https://witness.example.org KEY"].',
        )  # fmt: skip
    with open_system(org) as house:
        post = poster(Egress(peers_of(witnesses, near=settings.near)))
        signed, heard = ask_all(house.ledger, witnesses, post, house.config.folder / "keys")
    if as_json:
        emit({
            "size": signed.head.size,
            "witnesses": [
                {"name": one.witness, "at": one.cosignature.at if one.cosignature else None, "why": one.why} for one in heard
            ],
        })  # fmt: skip
    else:
        for one in heard:
            say(f"{one.witness}: " + ("cosigned" if one.cosignature else one.why))
    if not all(one.cosignature for one in heard):
        raise typer.Exit(1)


@app.command("mail")
def mail(
    to: Annotated[str, typer.Option("--to", help="A mailbox that others keep: of the officer, the accountant.")],
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Queue the present state, signed, to a mailbox elsewhere: who has the mail can tell whether this history was changed."""
    from gestand.ledger.printed import printed
    from gestand.post.model import Mail, MailKind
    from gestand.system import open_system

    with open_system(org) as house:
        if not house.post.sender:
            raise UsageError(
                "smtp-not-set", "the settings name no server to send mail through", where="gestand.toml",
                remedy='Add [mail.smtp] with host, user, password = "env:NAME" and from.',
            )  # fmt: skip
        signed, key = house.ledger.checkpoint(), str(house.ledger.key)
        line = printed(signed.head)
        subject = f"Stand van het logboek: {signed.head.size} regels (state of the ledger)"
        house.post.send(
            Mail(
                to,
                subject,
                _LETTER.format(line=line, note=signed.text, key=key),
                kind=MailKind.NOTICE,
                reference="ledger",
            )
        )
    if as_json:
        emit({"to": to, "size": signed.head.size, "printed": line})
        return
    say(f"Queued to {to}: {signed.head.size} entries, signed. 'gestand post deliver' sends it.")
    say("Whoever keeps that mailbox: not you alone.")


_LETTER = """\
Bewaar deze mail. Hij zegt hoe ver het logboek nu is. Is er later iets in veranderd of weggehaald, dan blijkt dat hiermee:

  gestand ledger verify --printed "{line}"

Keep this mail. It says how far the ledger is now. Should anything in it be changed or cut off later, the line above shows it.
The same state, signed (for 'gestand restore --remembered FILE', from its first line to the end of its signature):

{note}
Key: {key}
"""
