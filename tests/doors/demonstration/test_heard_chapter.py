"""A letter at the receiver of the worked example: sealed, found, on its shelf; what it asks becomes a request at a person's word."""

from __future__ import annotations

import pytest

from gestand.doors.demonstration.chapters.heard import RARE, WRITER, accepted, mail_heard
from gestand.doors.demonstration.place import make_place
from gestand.doors.demonstration.story import TODAY
from gestand.kernel.ids import ActorId, PurposeId
from gestand.rights.model import Channel, Right

OWNER, ARCHIVE = ActorId("owner"), PurposeId("mail-archive")


@pytest.mark.slow
def test_a_letter_by_the_receiver_is_found_on_its_shelf_and_its_request_is_proposed(tmp_path):
    place = make_place(tmp_path / "koper")
    place.clock.move_to(TODAY)
    house = place.open()
    house.publication.adopt(actor=OWNER)
    told: list[tuple[str, str]] = []
    try:
        mail_heard(place, {}, lambda heading, what: told.append((heading, what)))
        [kept] = house.archive.search(f"from:{WRITER.email} {RARE}", ARCHIVE, actor=OWNER, reason="test")
        assert (kept.shelf, kept.rule) == ("mail", "archive")
        [way] = house.archive.open(kept.message, ARCHIVE, actor=OWNER, reason="test").ways
        assert (way.kind, way.envelope_from, way.received) == ("smtp", WRITER.email, TODAY)
        [(_, what)] = told
        assert f"to leave on {kept.due}" in what
        assert "It asks for access" in what
        request = accepted(house)
        assert (request.right, request.channel, request.received_at) == (Right.ACCESS, Channel.EMAIL, TODAY)
        assert next(iter(house.proposals.all())).request == request.id
    finally:
        place.close()
