"""Invented subscribers for campaigns: who consented, who did not, who objected."""

from __future__ import annotations

from gestand.doors.demonstration.place import Place
from gestand.kernel.ids import ActorId, PurposeId, SubjectId
from gestand.outreach.model import Campaign, CampaignKind, Via
from gestand.post.model import State
from gestand.statement.policy import FieldKind
from gestand.system import System
from gestand.vault.model import NewItem, NewSubject

OWNER = ActorId("owner")
NEWSLETTER, OFFERS, PHONE, SERVICE = map(PurposeId, ("newsletter", "offers-mail", "offers-phone", "service-messages"))
WORDS = "# Nieuws\n\nBeste {{ contact.name }},\n\nLees [meer](https://www.kopercom.nl/nieuws).\n"


def subscribe(house: System, count: int, *, purpose: PurposeId = NEWSLETTER, first: int = 0) -> list[SubjectId]:
    """Add people whose address was collected for a purpose; nobody consents yet."""
    shelf = house.publication.in_force().policy.purposes[purpose].shelf
    field, value = ("contact.phone", "0485-34{:04}") if purpose == PHONE else ("contact.email", "abonnee{}@example.nl")
    new = [
        NewSubject(
            (
                NewItem("contact.name", f"Abonnee Nummer {n}", shelf, "web", purposes=(purpose,)),
                NewItem(field, value.format(n), shelf, "web", purposes=(purpose,)),
            )
        )
        for n in range(first, first + count)
    ]
    return list(house.vault.add(new, actor=OWNER, reason="test"))


def consenting(house: System, count: int, *, purpose: PurposeId = NEWSLETTER, first: int = 0) -> list[SubjectId]:
    people = subscribe(house, count, purpose=purpose, first=first)
    for person in people:
        house.choices.consent(person, purpose, channel="web", actor=OWNER)
    return people


def newsletter(place: Place, words: str = WORDS, **more) -> Campaign:
    house = place.open()
    return house.outreach.new(
        CampaignKind.NEWSLETTER, Via.MAIL, NEWSLETTER, title="Nieuws van december", template=words, actor=OWNER, **more
    )


def seen(place: Place, campaign: Campaign) -> None:
    house = place.open()
    trial = house.outreach.test(campaign.id, "info@example.nl", actor=OWNER)
    assert house.post.one(trial).state is State.QUEUED
    assert house.post.counts(campaign.id) == {}  # a trial is no message of the campaign
    house.post.cancel(campaign.id)


def subject_of(house: System, number: int) -> SubjectId:
    [found] = house.vault.find(FieldKind.EMAIL, f"abonnee{number}@example.nl")
    return found
