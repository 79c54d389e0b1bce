"""Someone takes their data along to another firm."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gestand.doors.demonstration.cast import CAST
from gestand.doors.demonstration.place import Place
from gestand.kernel.ids import ActorId, SubjectId
from gestand.rights.giving import Given
from gestand.rights.model import Channel, IdentityLevel, Right


def portability(place: Place, _customers: Mapping[str, SubjectId], tell: Callable[[str, str], None]) -> None:
    """A request for portability: received, identity judged, the copy given."""
    house, owner = place.open(), ActorId("owner")
    asked = house.requests.receive(Right.PORTABILITY, contact=CAST[2].email, channel=Channel.WEB, actor=owner)
    house.requests.confirm(asked.id, IdentityLevel.CONTACT_POINT, actor=owner)
    copy = house.requests.port(asked.id, actor=owner)
    house.requests.given(asked.id, Given.ANSWER, Channel.EMAIL, actor=owner)
    tell(
        "Someone takes their data along",
        f"{CAST[2].name}: {len(copy.data)} data as JSON, CSV and vCard (Article 20); what the firm made of them stays out.",
    )
