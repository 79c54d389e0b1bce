"""What a restore removes again: whatever left the store since the backup was made."""

from __future__ import annotations

from collections.abc import Sequence

from gestand.kernel.ids import RequestId
from gestand.post.outbox import token_of
from gestand.post.store import OutboxStore
from gestand.rights.portal.store import CodeStore
from gestand.rights.store import RequestStore
from gestand.sharing.store import SharingStore
from gestand.sources.jobs import Jobs
from gestand.staff.store import cut_off
from gestand.storage.engine import Engine


def forget_requests(engine: Engine, left: Sequence[str]) -> int:
    """Remove requests, records of sharing and messages that left after a backup was made; return how many were in it.

    For a restore: a message that was sent since is not sent again.
    """
    requests, records, outbox = RequestStore(engine), SharingStore(engine), OutboxStore(engine)
    codes, jobs = CodeStore(engine), Jobs(engine)
    gone = set(left)
    asked = [RequestId(one) for one in left if requests.one(one) is not None]
    shared = [one for one in left if records.one(one) is not None]
    sent = [one.message_id for one in outbox.all() if token_of(one.message_id) in gone]
    with engine.transaction():
        for request in asked:
            requests.delete(request)
            codes.forget(request)
            jobs.forget(request)
        for record in shared:
            records.delete(record)
        for message in sent:
            outbox.delete(message)
    return len(asked) + len(shared) + len(sent) + cut_off(engine, left)
