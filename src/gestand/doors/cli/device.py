"""gestand device: customers' devices in hand, from the slip to the certificates."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.organisation import opened
from gestand.doors.cli.output import emit, say, table
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId, SubjectId

if TYPE_CHECKING:
    from gestand.register.device import Certificate, Device
    from gestand.system import System

app = typer.Typer(add_completion=False, rich_markup_mode=None)

DeviceArg = Annotated[str, typer.Argument(metavar="DEVICE", help="The device's id.")]
Actor = Annotated[str, typer.Option("--actor", help="Who acts.")]
Language = Annotated[str, typer.Option("--language", help="nl or en.")]
Pdf = Annotated[Path | None, typer.Option("--pdf", help="Write the paper as a PDF to this file.")]


@app.command("intake")
def intake(
    subject: Annotated[str, typer.Option("--subject", help="Whose device, by id.")],
    model: Annotated[str, typer.Option("--model", help="Make, model, serial number.")],
    permission: Annotated[str, typer.Option("--permission", help="What may be looked at.")],
    fault: Annotated[str, typer.Option("--fault", help="What is wrong.")] = "",
    accessories: Annotated[str, typer.Option("--accessories", help="What came with it.")] = "",
    code: Annotated[bool, typer.Option("--code", help="Ask for the access code; it is sealed and not shown.")] = False,
    code_file: Annotated[Path | None, typer.Option("--code-file", help="Read the access code from this file.")] = None,
    number: Annotated[str, typer.Option("--number", help="The firm's own number of the job; no names.")] = "",
    language: Language = "nl",
    pdf: Pdf = None,
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Take a device in: a job is opened, the slip is sealed, and its text is for the customer."""
    from gestand.register.device import Slip
    from gestand.register.slips import slip_text

    secret = _secret(code_file, ask=code)
    slip = Slip(model, fault, accessories, permission, secret)
    with opened(org) as house:
        device = house.devices.take_in(SubjectId(subject), slip, number=number, actor=ActorId(actor))
        title, body = slip_text(device, slip, house.statements.in_force().policy, language)
        _paper(house, title, body, language, pdf)
    _show(device, as_json=as_json, slip=f"{title}\n\n{body}", code_sealed=bool(secret))


def _secret(file: Path | None, *, ask: bool) -> str:
    if file is not None:
        try:
            return file.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise UsageError(
                "device-code",
                "the file with the access code cannot be read",
                where=str(file),
                remedy="Name a text file.",
            ) from None
    return str(typer.prompt("Access code", hide_input=True)).strip() if ask else ""


@app.command("image")
def image(
    device: DeviceArg,
    file: Annotated[Path | None, typer.Option("--add", help="Seal this file as a copy of the disk.")] = None,
    name: Annotated[str, typer.Option("--open", help="Open this copy.")] = "",
    to: Annotated[Path | None, typer.Option("--to", help="Where the opened copy goes.")] = None,
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Seal a copy of the disk on its own shelf, open one to put files back, or list them with when they leave."""
    if (name == "") != (to is None):
        raise UsageError(
            "device-image", "a copy is opened to a file", remedy="Give --open NAME and --to FILE together."
        )
    with opened(org) as house:
        who = ActorId(actor)
        if file is not None:
            house.devices.add_image(device, file, actor=who)
        size = house.devices.put_back(device, name, to, actor=who) if to is not None else None
        found = house.devices.images(device)
        one = house.devices.one(device)
    _show(one, as_json=as_json, images=[{"name": n, "leaves": _day(due)} for n, due in found], opened_bytes=size)


@app.command("return")
def give_back(
    device: DeviceArg,
    language: Language = "nl",
    pdf: Pdf = None,
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Give it back: the job is closed, the access code destroyed, and the customer gets a certificate with a code."""
    with opened(org) as house:
        certificate = house.devices.give_back(device, actor=ActorId(actor))
        text = _certificate(house, certificate, language, pdf)
    _show(certificate.device, as_json=as_json, code=certificate.code, destroyed=certificate.destroyed, text=text)


@app.command("wipe")
def wipe(
    device: DeviceArg,
    method: Annotated[
        str, typer.Option("--method", help="How the customer's own disk was wiped by hand, if it was.")
    ] = "",
    language: Language = "nl",
    pdf: Pdf = None,
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Destroy every copy of its disk now; the customer gets a certificate with a code."""
    with opened(org) as house:
        certificate = house.devices.wipe(device, method=method, actor=ActorId(actor))
        text = _certificate(house, certificate, language, pdf)
    _show(certificate.device, as_json=as_json, code=certificate.code, destroyed=certificate.destroyed, text=text)


@app.command("check")
def check(
    code: Annotated[str, typer.Argument(help="The code on a certificate.")],
    language: Language = "nl",
    org: Org = HERE,
    as_json: Json = False,
) -> int:
    """Say what the code of a certificate proves, with the ledger's receipt; exit status 1 if nothing."""
    from gestand.register.slips import checked_text

    with opened(org) as house:
        found = house.devices.check(code)
    if found is None:
        if as_json:
            emit({"found": False})
        else:
            say("No certificate has this code." if language == "en" else "Geen bewijs heeft deze code.")
        return 1
    if as_json:
        emit(
            {
                "found": True,
                "paper": found.paper,
                "on": found.on.isoformat(),
                "destroyed": found.destroyed,
                "method": found.method,
                "entry": found.entry,
                "receipt": found.receipt,
            }
        )
    else:
        say(checked_text(found, language))
        say(found.receipt)
    return 0


@app.command("slip")
def slip(
    device: DeviceArg,
    language: Language = "nl",
    pdf: Pdf = None,
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Show the slip again, for the bench; the access code is never on it."""
    from gestand.register.slips import slip_text

    with opened(org) as house:
        one = house.devices.one(device)
        written = house.devices.slip(device, actor=ActorId(actor))
        title, body = slip_text(one, written, house.statements.in_force().policy, language)
        _paper(house, title, body, language, pdf)
    _show(one, as_json=as_json, slip=f"{title}\n\n{body}")


@app.command("list")
def list_devices(org: Org = HERE, as_json: Json = False) -> None:
    """List the devices, those in hand and those given back."""
    with opened(org) as house:
        found = [(one, house.devices.images(one.id)) for one in house.devices.all()]
    if as_json:
        emit({"devices": [_document(one) | {"images": len(images)} for one, images in found]})
        return
    rows = [(one.id, _day(one.received_on) or "", _day(one.returned_on) or "in hand", str(len(copies))) for one, copies in found]  # fmt: skip
    table("devices", ("id", "received", "returned", "copies"), rows)


def _certificate(house: System, certificate: Certificate, language: str, pdf: Path | None) -> str:
    from gestand.register.slips import certificate_text

    title, body = certificate_text(certificate, house.statements.in_force().policy, language)
    _paper(house, title, body, language, pdf)
    return f"{title}\n\n{body}"


def _paper(house: System, title: str, body: str, language: str, pdf: Path | None) -> None:
    if pdf is None:
        return
    from gestand.doors.paper import sheet
    from gestand.kernel.clock import local_date

    name = house.statements.in_force().policy.controller.name
    made = sheet(title, body, sender=name, language=language, dated=local_date(house.clock()))
    pdf.touch(mode=0o600)
    pdf.write_bytes(made)


def _document(device: Device) -> dict[str, Any]:
    return {
        "id": device.id,
        "subject": device.subject,
        "dossier": device.dossier,
        "role": device.role,
        "received": _day(device.received_on),
        "returned": _day(device.returned_on),
        "wiped": _day(device.wiped_on),
    }


def _show(device: Device, *, as_json: bool, **more: Any) -> None:
    if as_json:
        emit(_document(device) | more)
        return
    say(f"{device.id}  received {device.received_on}, " + (f"returned {device.returned_on}" if device.returned_on else "in hand"))  # fmt: skip
    for name in ("slip", "text"):
        if name in more:
            say(more[name])
    for one in more.get("images", ()):
        say(f"  copy {one['name']}, leaves {one['leaves'] or 'after the job'}")


def _day(on: date | None) -> str | None:
    return on.isoformat() if on else None
