"""What a crash left half done: erasures, changes of the keys, heirs that did not take their place yet, bytes in the logs."""

from __future__ import annotations

from gestand.kernel.errors import GestandError
from gestand.vault.erasing import finish
from gestand.vault.keys import KeyStore
from gestand.vault.place import REFERENCE
from gestand.vault.ring import Heir
from gestand.vault.room import Room
from gestand.vault.store import Store


def resume(room: Room) -> int:
    """Finish what a crash interrupted; see ``Vault.resume``."""
    with room.store.engine.transaction():  # no other process is between its two commits while we hold this
        _file_heirs(room)
        for change, subjects in room.keys.unsettled():
            stray: list[tuple[bytes, int]] = []
            for subject in subjects:
                used = room.store.buckets(subject) | ({REFERENCE} if room.store.subject(subject) else set())
                stray.extend((subject, number) for number in room.keys.numbers(subject) if number not in used)
            room.keys.destroy(stray, settles=change)
    jobs = room.store.erasures()
    for job in jobs:
        finish(room, job, [])
    _cut_after_crash(room)
    return len(jobs)


def _file_heirs(room: Room) -> None:
    """Put heirs in the key store that a crash has kept from it, in the place of their ancestors."""
    with_heirs = list(room.store.with_heirs())
    if not with_heirs:
        return
    for subject in with_heirs:
        kin, ring = room.store.heirs([subject])[subject], room.keys.ring(subject)
        last = set(kin).difference(kin.values())
        for bucket in sorted(last):
            key, place = ring.key(bucket), ring.place(bucket)
            if not ring.has(bucket) and key is not None and place is not None:
                room.keys.inherit([Heir(subject, bucket, kin[bucket], ring.line(bucket), *place, key)])
    room.keys.file_heirs()
    room.keys.harden(of_all=True)  # another process may have filed them a moment ago
    room.keys.filed_heirs()
    room.store.forget_all_heirs()


def forget_filed(store: Store, keys: KeyStore) -> None:
    """Forget of the heirs that are filed on stable storage from which key they come; nobody may be reading it meanwhile."""
    filed = keys.filed_heirs()
    if filed:
        with store.engine.transaction(durable=False):
            store.forget_heirs(filed)


def _cut_after_crash(room: Room) -> None:
    """Cut what a killed process left in the logs; where another process is at work, soon."""
    try:
        room.residue.cut()
    except GestandError as fault:
        if fault.code != "store-busy":
            raise
        room.residue.left()
