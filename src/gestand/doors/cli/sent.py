"""How a letter leaves, as it is shown: waiting in the outbox for the mail, or on the pile to print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from gestand.doors.cli.output import say

if TYPE_CHECKING:
    from gestand.rights.sending import Sent

Send = Annotated[bool, typer.Option("--send/--no-send", help="Queue the letter in the outbox, or give it yourself.")]
Language = Annotated[str, typer.Option("--language", help="Of a letter on paper: nl or en. A mail is in both.")]


def sent_document(sent: Sent | None) -> dict[str, Any]:
    """Return how a letter leaves, for a machine; nothing where none does."""
    return {"sent": {"way": str(sent.way), "message": sent.message}} if sent is not None else {}


def say_sent(sent: Sent | None) -> None:
    """Say how a letter leaves."""
    if sent is None:
        return
    token = sent.message.strip("<>").partition("@")[0]
    if sent.way == "mail":
        say("It waits in the outbox; 'gestand post deliver' sends it.")
    else:
        say(f"It waits to be printed: gestand post print {token} --into brief.pdf")
