"""What other programs are told: addresses, how they fare, a trial, a new secret.

An address in the firm's own network is let in at the command line alone: a program that could name one could have this
machine ask around in it.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from pydantic import Field

from gestand.doors.api.access import House, needs
from gestand.doors.api.bodies import Body
from gestand.staff.programs import Program
from gestand.staff.webhooks import Webhook

routes = APIRouter(prefix="/webhooks", tags=["webhooks"])
Reader = Annotated[Program, Depends(needs("webhooks:read"))]
Writer = Annotated[Program, Depends(needs("webhooks:write"))]
WebhookPath = Annotated[str, Path(pattern=r"^whk_[a-z2-7]{16}$")]
EventName = Annotated[str, Field(max_length=60, pattern=r"^[a-z-]+\.[a-z-]+$", examples=["request.received"])]


class NewWebhook(Body):
    """An address, https alone, and the events of the ledger that it is told of."""

    url: Annotated[str, Field(min_length=9, max_length=500, pattern=r"^https://[\x21-\x7e]+$")]
    events: Annotated[tuple[EventName, ...], Field(min_length=1, max_length=100)]


@routes.get("")
def webhooks(house: House, program: Reader) -> dict[str, Any]:
    """List the addresses, what each is told of, and how it fares; no secrets."""
    del program
    return {"webhooks": [_told(one) for one in house.webhooks.all()]}


@routes.post("", status_code=201)
def add(house: House, program: Writer, body: NewWebhook) -> dict[str, Any]:
    """Tell an address of events, signed, with ids alone. The secret of the signatures is answered now and never again."""
    made, secret = house.webhooks.add(body.url, body.events, near=False, actor=program.actor)
    return {**_told(made), "secret": secret}


@routes.post("/{webhook}/test")
def test(house: House, program: Writer, webhook: WebhookPath) -> dict[str, Any]:
    """Send a signed message that tells of nothing, and answer whether it was taken; else by which code."""
    del program
    fault = house.webhooks.attempt(webhook)
    return {"webhook": webhook, "taken": not fault, "code": fault or None}


@routes.post("/{webhook}/secret")
def new_secret(house: House, program: Writer, webhook: WebhookPath) -> dict[str, Any]:
    """Give an address a new secret, answered now and never again; the earlier one signs nothing from now on."""
    made, secret = house.webhooks.replace_secret(webhook, actor=program.actor)
    return {"webhook": made.id, "secret": secret}


@routes.post("/{webhook}/remove", status_code=204)
def remove(house: House, program: Writer, webhook: WebhookPath) -> None:
    """Tell an address no more."""
    house.webhooks.remove(webhook, actor=program.actor)


def _told(one: Webhook) -> dict[str, Any]:
    return {
        "webhook": one.id, "url": one.url, "events": list(one.events), "made": one.made.isoformat(), "next_entry": one.next_entry,
        "failures": one.failures, "code": one.fault or None, "next_try": one.next_try.isoformat() if one.next_try else None,
    }  # fmt: skip
