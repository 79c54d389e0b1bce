"""An organisation whose outbox is empty: what the demonstration sent is not looked at here."""

from __future__ import annotations

import pytest

from gestand.doors.demonstration.place import Place


@pytest.fixture
def place(place: Place) -> Place:
    place.open().post.forget([one.message_id for one in list(place.open().post.all())])
    return place
