"""gestand breach form, submit, notify, register: who is told, and what the register holds."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gestand.doors.cli.breach_said import instant, say_case
from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.organisation import opened
from gestand.doors.cli.output import emit, say
from gestand.kernel.clock import local_date
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId, SubjectId

if TYPE_CHECKING:
    from gestand.system import System

BreachArg = Annotated[str, typer.Argument(metavar="BREACH", help="The breach's id.")]
Actor = Annotated[str, typer.Option("--actor", help="Who acts.")]
Language = Annotated[str, typer.Option("--language", help="nl or en.")]
LANGUAGES = ("nl", "en")


def add_to(app: typer.Typer) -> None:
    """Give the group its words."""
    app.command("form")(form)
    app.command("submit")(submit)
    app.command("notify")(notify)
    app.command("register")(register)


def form(
    breach: BreachArg,
    pdf: Annotated[Path | None, typer.Option("--pdf", help="Write it as a PDF to this file.")] = None,
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Show the authority's form filled as far as known, for a person to submit; the rest follows in phases."""
    with opened(org) as house:
        filled = house.breaches.form(breach, actor=ActorId(actor))
        if pdf is not None:
            from gestand.doors.paper import sheet

            title, _, body = filled.text().partition("\n")
            name = house.statements.in_force().policy.controller.name
            made = sheet(title, body, sender=name, language="nl", dated=local_date(house.clock()))
            _write(pdf, made)
        if as_json:
            more = {
                "phase": str(filled.phase),
                "provisional": filled.provisional,
                "missing": list(filled.missing),
                "sections": [asdict(section) for section in filled.sections],
            }
            say_case(house, breach, as_json=True, **more)
            return
    say(str(pdf) if pdf else filled.text())


def submit(
    breach: BreachArg,
    reference: Annotated[str, typer.Option("--reference", help="The number that the authority gave.")],
    at: Annotated[
        str,
        typer.Option("--at", help="When it was submitted: a day and time; of a day alone its end; now if left out."),
    ] = "",
    reasons: Annotated[str, typer.Option("--reasons", help="The reasons of a delay, as the authority was told.")] = "",
    withdrawal: Annotated[bool, typer.Option("--withdrawal", help="It withdraws the notification.")] = False,
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Record that a person submitted the form; a second time is an addition (Article 33(4))."""
    from gestand.breach.notices import Phase

    with opened(org) as house:
        house.breaches.submit(
            breach,
            reference=reference,
            submitted_at=instant(at, "--at", last=True),
            reasons=reasons,
            phase=Phase.WITHDRAWAL if withdrawal else None,
            actor=ActorId(actor),
        )
        say_case(house, breach, as_json=as_json)


def notify(
    breach: BreachArg,
    to: Annotated[str, typer.Option("--to", help="people, public or controller.")] = "people",
    write: Annotated[Path | None, typer.Option("--write", help="Write the letters to this folder.")] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="As PDF.")] = False,
    send: Annotated[
        bool, typer.Option("--send", help="Mail them; a letter on the pile to print for who has no mail address.")
    ] = False,
    told: Annotated[bool, typer.Option("--told", help="Record that it was sent, by hand.")] = False,
    publish: Annotated[bool, typer.Option("--publish", help="Put the public notice on the public pages.")] = False,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take the public notice down.")] = False,
    channel: Annotated[
        str, typer.Option("--channel", help="How it was sent: post, email, telephone, counter.")
    ] = "post",
    at: Annotated[
        str, typer.Option("--at", help="When: a day and time; of a day alone its end; now if left out.")
    ] = "",
    subject: Annotated[list[str] | None, typer.Option("--subject", help="Only this person; repeat it.")] = None,
    others: Annotated[int, typer.Option("--others", help="How many who are not on the list.")] = 0,
    language: Language = "nl",
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Tell people, the public, or a controller: show it, write letters, send, publish, or record that it was done."""
    from gestand.breach.telling import Told

    if to not in {"people", "public", "controller"} or language not in LANGUAGES:
        raise UsageError(
            "breach-audience", f"'{to}' in '{language}'", remedy="To people, public or controller; in nl or en."
        )
    who = ActorId(actor)
    record = Told(channel, instant(at, "--at", last=True), tuple(map(SubjectId, subject)) if subject else None, others)
    more: dict[str, object] = {}
    with opened(org) as house:
        house.breaches.settle(breach, actor=who)
        if to == "controller":
            text = house.breaches.for_controller(breach, actor=who, language=language)
            more["text"] = text
            if told:
                house.breaches.told_controller(breach, record, actor=who)
        elif to == "public":
            made = (
                house.breaches.publish(breach, actor=who)
                if publish
                else house.breaches.notice_for_all(breach, actor=who)
            )
            if withdraw:
                house.breaches.withdraw(breach, actor=who)
            more["text"] = f"{made.title.into(language)}\n\n{made.body.into(language)}"
        else:
            if write is not None:
                more["written"] = _letters(house, breach, write, language, who, pdf=pdf)
            if send:
                queued = house.breaches.send(breach, actor=who, language=language)
                more |= {"mails": queued.mails, "letters": queued.letters, "unreachable": queued.unreachable}
            if told:
                house.breaches.told(breach, record, actor=who)
            more |= {} if write is not None or send or told else _first(house, breach, language, who)
        say_case(house, breach, as_json=as_json, **more)
    if not as_json and more:
        say("\n".join(_said(name, value) for name, value in more.items()))


def _first(house: System, breach: str, language: str, who: ActorId) -> dict[str, object]:
    """Return the letter to the first who was not told yet, to be read before any goes."""
    found = next(iter(house.breaches.letters(breach, actor=who, language=language)), None)
    return {"text": f"{found.title}\n\n{found.body}"} if found else {}


def _said(name: str, value: object) -> str:
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return f"{name}: {value}" if isinstance(value, int) else str(value)


def _letters(house: System, breach: str, folder: Path, language: str, who: ActorId, *, pdf: bool) -> list[str]:
    """Write a letter for everyone who was not told yet, readable for its owner alone."""
    from gestand.doors.paper import sheet

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = house.statements.in_force().policy.controller.name
    today = local_date(house.clock())
    written: list[str] = []
    for letter in house.breaches.letters(breach, actor=who, language=language):
        lines = (*letter.address, *((letter.email,) if not letter.address and letter.email else ()))
        path = folder / f"{letter.subject}.{'pdf' if pdf else 'txt'}"
        if pdf:
            made = sheet(letter.title, letter.body, sender=name, language=language, dated=today, addressee=lines)
        else:
            made = "\n".join([*lines, "", letter.title, "", letter.body, ""]).encode()
        _write(path, made)
        written.append(str(path))
    return written


def _write(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.write(content)


def register(
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="Write it as a workbook to this file.")] = None,
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Show the register of Article 33(5): every breach, notified or not; no rehearsals."""
    from gestand.breach.registering import as_json as in_json
    from gestand.breach.registering import as_xlsx

    with opened(org) as house:
        lines = house.breaches.register(actor=ActorId(actor))
        name = house.statements.in_force().policy.controller.name
        made = in_json(lines, name, house.clock())
    if xlsx is not None:
        _write(xlsx, as_xlsx(lines))
    if as_json:
        emit(made)
        return
    for line in lines:
        say(f"{line.entry['id']}  {line.entry['first_signal']}")
        for column, title in made["columns"].items():
            if line.entry[column]:
                say(f"    {title}: {line.entry[column]}")
        if line.lacks:
            say(f"    ontbreekt nog: {' '.join(line.lacking)}")
    say(("1 entry" if len(lines) == 1 else f"{len(lines)} entries") + (f", written to {xlsx}" if xlsx else ""))
