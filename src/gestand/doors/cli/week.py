"""``gestand week``: this week on a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.output import emit, say
from gestand.kernel.errors import UsageError

if TYPE_CHECKING:
    from gestand.system import System


def command(
    org: Org = HERE,
    html: Annotated[Path | None, typer.Option("--html", help="Write it as one self-contained page.")] = None,
    pdf: Annotated[Path | None, typer.Option("--pdf", help="Write it as PDF.")] = None,
    mail: Annotated[bool, typer.Option("--mail", help="Queue it in the outbox, to the firm's own address.")] = False,
    as_json: Json = False,
) -> None:
    """Deze week: what is due, what leaves, what is broken. The promises are checked first."""
    from gestand.doors.house import world_of
    from gestand.doors.running.week import NOTHING, PARTS, as_page, as_text, week_of
    from gestand.evidence.service import prove
    from gestand.system import open_system

    with open_system(org) as house:
        found = week_of(house, prove(world_of(house), record=False))
        firm = house.publication.in_force().policy.controller.name
        if mail:
            _post(house, f"Deze week, vanaf {found.monday}", as_text(found))
    if html is not None:
        html.write_text(as_page(found, firm), "utf-8")
    if pdf is not None:
        from gestand.doors.paper import sheet

        pdf.write_bytes(
            sheet(f"Deze week, vanaf {found.monday}", as_text(found), sender=firm, language="nl", dated=found.monday)
        )
    if as_json:
        emit({
            "monday": found.monday.isoformat(),
            **{
                name: [
                    {"on": one.on.isoformat() if one.on else None, "nl": one.said.nl, "en": one.said.en, "late": one.late}
                    for one in getattr(found, name)
                ]
                for name, _ in PARTS
            },
        })  # fmt: skip
        return
    say(f"Deze week, vanaf {found.monday} (this week)")
    for name, title in PARTS:
        lines = getattr(found, name)
        say(f"\n{title.nl} ({title.en})")
        for one in lines:
            say(f"  {'!' if one.late else ' '} {one.on or '':10} {one.said.nl} ({one.said.en})")
        if not lines:
            say(f"    {NOTHING.nl} ({NOTHING.en})")


def _post(house: System, subject: str, text: str) -> None:
    """Queue the page to the firm itself; it names nobody."""
    from gestand.post.model import Mail, MailKind

    if not house.post.sender:
        raise UsageError(
            "smtp-not-set", "the settings name no server to send mail through", where="gestand.toml",
            remedy='Add [mail.smtp] with host, user, password = "env:NAME" and from.',
        )  # fmt: skip
    house.post.send(Mail(house.post.sender, subject, text, kind=MailKind.NOTICE, reference="week"))
