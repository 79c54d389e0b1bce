"""A newsletter and a call, through a real mail server on this machine; one reader unsubscribes, and the next one finds nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from email import message_from_bytes

from gestand.doors.demonstration.cast import CAST
from gestand.doors.demonstration.mailserver import mail_server
from gestand.doors.demonstration.place import Place
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import ActorId, FieldPath, PurposeId, SubjectId
from gestand.outreach.model import Campaign, CampaignKind, Outcome, Via
from gestand.outreach.tokens import token_in
from gestand.post.model import State
from gestand.system import System

OWNER = ActorId("owner")
READER, CALLED = CAST[4], CAST[3]
NEWSLETTER, PHONE = PurposeId("newsletter"), PurposeId("offers-phone")
WORDS = """\
# Nieuws van december

Beste {{ contact.name }},

Controleer deze maand uw reservekopie. Hoe dat gaat, staat op [onze website](https://www.kopercom.nl).
"""


def newsletter(place: Place, customers: Mapping[str, SubjectId], tell: Callable[[str, str], None]) -> None:
    """Send a newsletter to who asked for it, take the unsubscribe, and refuse the next; call who said yes."""
    house = place.open()
    reader = customers[READER.number]
    address = {FieldPath("contact.name"): READER.name, FieldPath("contact.email"): READER.email}
    house.intake.admit(reader, address, NEWSLETTER, source="web", actor=OWNER)
    house.choices.consent(reader, NEWSLETTER, channel="web", actor=OWNER)
    campaign = _made(house)
    with mail_server() as server:
        house.outreach.test(campaign.id, house.post.sender, actor=OWNER)
        house.post.deliver(server.courier())
        audience = house.outreach.send(campaign.id, actor=OWNER)
        done = house.post.deliver(server.courier())
        received = message_from_bytes(server.received[-1].content)
    [allowed] = audience.allowed
    given = allowed.ground.consent
    assert given is not None
    tell(
        "A newsletter goes out",
        f"{done.count(State.SENT)} of {len(audience.judged)} may get it: consent of {given.at:%Y-%m-%d} by {given.channel}, to the text "
        f"of version {allowed.ground.version}. The mail server's answer is kept as proof, the words and the address are not.",
    )
    token = token_in(str(received["List-Unsubscribe"]).replace("%20", " "))
    said = house.outreach.unsubscribing.unsubscribe(token).said.into("nl")
    try:
        again = _made(house)
        house.outreach.test(again.id, house.post.sender, actor=OWNER)
        house.post.cancel(again.id)
        house.outreach.send(again.id, actor=OWNER)
        refused = ""
    except RefusedError as fault:
        refused = fault.message
    tell("One click, and it stops", f'"{said}" The next newsletter: {refused}.')
    _call(house, customers[CALLED.number], tell)


def _made(house: System) -> Campaign:
    return house.outreach.new(
        CampaignKind.NEWSLETTER, Via.MAIL, NEWSLETTER, title="Nieuws van december", template=WORDS, actor=OWNER
    )


def _call(house: System, person: SubjectId, tell: Callable[[str, str], None]) -> None:
    number = {FieldPath("contact.name"): CALLED.name, FieldPath("contact.mobile"): CALLED.mobile}
    house.intake.admit(person, number, PHONE, source="counter", actor=OWNER)
    house.choices.consent(person, PHONE, channel="counter", actor=OWNER)
    campaign = house.outreach.new(
        CampaignKind.OFFER, Via.TELEPHONE, PHONE, title="Onderhoud", template="Vraag hoe de laptop bevalt.", actor=OWNER
    )
    [line] = house.outreach.calls(campaign.id, actor=OWNER)
    house.outreach.record(campaign.id, line.subject, Outcome.SPOKEN, offered=True, objected=False, actor=OWNER)
    tell("A call is made", f"one person consented to calls; the right to object was offered and ticked ({line.name}).")
