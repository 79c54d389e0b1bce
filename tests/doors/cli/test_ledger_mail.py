"""The state of the ledger in a mailbox elsewhere: a witness that needs no second host."""

from __future__ import annotations

import email
import email.policy
import re
import shutil

from gestand.kernel.ids import ActorId
from gestand.ledger.note import read_checkpoint

OWNER = ActorId("owner")


def mailed(gestand, place) -> tuple[int, str]:
    done = gestand("ledger", "witness", "mail", "--to", "fg@example.org", "--json")
    assert done.status == 0, done.err
    *_, waiting = place.open().post.all(reference="ledger")
    raw = place.open().post.content(waiting.message_id, actor=OWNER, reason="printed")
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert "fg@example.org" in message["To"]
    part = message.get_body(("plain",))
    assert part is not None
    return done.document["size"], part.get_content().replace("\r\n", "\n")


def test_who_keeps_the_mail_knows_a_history_that_was_put_back(gestand, place, tmp_path):
    older = tmp_path / "older"
    place.close()
    shutil.copytree(place.folder, older)
    house = place.open()
    [subject, *_] = house.vault.subjects()
    house.vault.restrict([house.vault.holdings(subject)[0].item], reason="contested", actor=OWNER)
    size, text = mailed(gestand, place)
    [line] = re.findall(r'--printed "(GESTAND-1 [^"]+)"', text)
    [note] = re.findall(r"^(\S+\n\d+\n\S+\n\n— .+\n)", text, re.MULTILINE)
    key = place.open().ledger.key
    assert read_checkpoint(note, key).head.size == size
    assert str(key) in text
    assert gestand("ledger", "verify", "--printed", line).status == 0
    place.close()
    shutil.rmtree(place.folder)
    older.rename(place.folder)  # all of it: what is remembered too
    assert gestand("ledger", "verify").status == 0, "alone it cannot know"
    found = gestand("ledger", "verify", "--printed", line)
    assert found.status == 4
    assert "entries were printed" in found.err
