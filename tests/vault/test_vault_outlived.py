"""An older copy of the data beside a later key store: what has no key leaves with everything that stood of it."""

from __future__ import annotations

from pathlib import Path

from vault_world import EMAIL, OWNER, World, anna, bram

from gestand.statement.policy import FieldKind
from gestand.vault.place import subject_bytes


def test_what_has_no_key_leaves_with_its_tokens_and_keys_without_a_datum_go(tmp_path: Path) -> None:
    world = World(tmp_path)
    annas, brams = world.vault.add([anna(), bram()], actor=OWNER, reason="order")
    room, subject = world.vault._room, subject_bytes(annas)
    email = next(one.item for one in world.vault.holdings(annas) if one.field == EMAIL)
    (row,) = [one for one in room.store.items(subject) if email.endswith(f"_{one.number}")]
    shared = sum(one.bucket == row.bucket for one in room.store.items(subject))
    room.keys.engine.execute("DELETE FROM vault_key WHERE subject = ? AND bucket = ?", (subject, row.bucket))
    room.keys.engine.execute("DELETE FROM vault_key WHERE subject = ?", (subject_bytes(brams),))
    stray = "INSERT INTO vault_key SELECT subject, 999, shelf, period, epoch, wrapped FROM vault_key WHERE subject = ? LIMIT 1"
    room.keys.engine.execute(stray, (subject,))

    outlived = world.vault.drop_outlived(set())

    assert outlived.emptied == (brams,)
    assert sum(outlived.sealed_again.values()) == shared
    assert world.vault.find(FieldKind.EMAIL, "anna@example.nl") == ()
    kept = {(one.subject, one.number) for one in room.store.items(subject)}
    tokens = room.store.engine.execute("SELECT DISTINCT subject, item FROM vault_token")
    assert tokens
    assert set(tokens) <= kept
    assert {number for number in room.keys.numbers(subject) if number} == room.store.buckets(subject)
    assert room.keys.subjects() == [subject]
    world.vault.verify_seals()
    world.close()
