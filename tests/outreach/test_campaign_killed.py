"""A campaign killed in the middle, on a real mail server: every allowed person has one message, no other any."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from email import message_from_bytes

import pytest

from gestand.doors.demonstration.mailserver import mail_server
from gestand.doors.demonstration.place import Place
from gestand.post.model import State
from outreach.people import NEWSLETTER, OWNER, consenting, newsletter, seen, subscribe

CHILD = """
import sys
from datetime import datetime
from pathlib import Path
from gestand.doors.demonstration.mailserver import MailServer
from gestand.kernel.clock import SettableClock
from gestand.system import open_system
with open_system(Path(sys.argv[1]), clock=SettableClock(datetime.fromisoformat(sys.argv[2]))) as house:
    house.post.deliver(MailServer(port=int(sys.argv[3])).courier())
"""


@pytest.mark.parametrize(
    "size", [pytest.param(300, marks=pytest.mark.slow), pytest.param(10_000, marks=pytest.mark.long)]
)
def test_killed_in_the_middle_nobody_is_forgotten_and_nobody_written_to_twice(place: Place, size: int):
    house = place.open()
    allowed = consenting(house, size)
    subscribe(house, 5, first=size)  # never consented
    objecting = consenting(house, 5, first=size + 5)
    for person in objecting:
        house.choices.object_to(person, [NEWSLETTER], actor=OWNER, reason="Article 21(2)")
    campaign = newsletter(place)
    seen(place, campaign)
    house.outreach.send(campaign.id, actor=OWNER)
    place.close()
    with mail_server() as server:
        words = [sys.executable, "-c", CHILD, str(place.folder), place.clock().isoformat(), str(server.port)]
        with subprocess.Popen(words, env={**os.environ}) as child:
            while len(server.received) < size // 2:
                assert child.poll() is None
                time.sleep(0.002)
            child.send_signal(signal.SIGKILL)
        house = place.open()
        doubtful = house.post.recover()
        assert len(doubtful) <= 1
        counts = house.post.counts(campaign.id)
        taken = len(server.received)
        assert counts[State.SENT] in {taken, taken - 1}
        house.post.deliver(server.courier())
        ids = Counter(message_from_bytes(one.content)["Message-ID"] for one in server.received)
        if doubtful:  # said so, and not sent again by itself
            assert house.post.one(doubtful[0]).state is State.IN_DOUBT
            again = ids[doubtful[0]]
            assert house.post.retry(doubtful[0], actor=OWNER).message_id == doubtful[0]
            house.post.deliver(server.courier())
            ids = Counter(message_from_bytes(one.content)["Message-ID"] for one in server.received)
            assert ids[doubtful[0]] == again + 1
    assert house.post.counts(campaign.id)[State.SENT] == size
    by_address = Counter(one.recipient for one in server.received)
    assert set(by_address) == {f"abonnee{n}@example.nl" for n in range(size)}
    assert len(allowed) == size
    twice = [message for message, times in ids.items() if times > 1]
    assert set(twice) <= set(doubtful)
    assert sum(times - 1 for times in by_address.values()) == len(twice)
    known = {one.message_id for one in house.post.all(reference=campaign.id)}
    assert set(ids) <= known
