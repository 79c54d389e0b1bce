"""After an erasure nothing of it stands in any byte of any file. The files here are without page encryption, so that the
search is honest: each thing searched for is found by the same search before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from vault_world import EMAIL, JOB, NAME, NOTE, OWNER, ROOT, SUPPORT, World, a_policy, a_statement, anna, bram

from gestand.kernel.crypto import Sealer, permute, unpermute
from gestand.kernel.errors import DamagedError
from gestand.kernel.ids import FieldPath, ItemId, SubjectId
from gestand.ledger.rules import LONGEST_LEAF, leaf_of
from gestand.statement.policy import FieldKind, Policy
from gestand.storage.sqlite import open_sqlite
from gestand.vault.epochs import EpochFiles
from gestand.vault.keys import KeyStore
from gestand.vault.model import NewItem, NewSubject
from gestand.vault.place import REFERENCE, item_place, subject_bytes
from gestand.vault.resealing import affected, reseal
from gestand.vault.sealing import bare_token, bound_value


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path, plain=True)
    yield made
    made.close()


def item_of(world: World, subject: SubjectId, field: str) -> ItemId:
    return next(h.item for h in world.vault.holdings(subject) if h.field == field)


def found(world: World, needle: bytes) -> list[str]:
    assert len(needle) >= 10
    return sorted(p.name for p in world.folder.rglob("*") if p.is_file() and needle in p.read_bytes())


def traces(world: World, item: ItemId) -> dict[str, bytes]:
    """What stands on disk of an item: ciphertext, blind token, its wrapped data key."""
    room = world.vault._room
    row = room.store.item(*item_place(item))
    assert row is not None
    ((wrapped,),) = room.keys._engine.execute(
        "SELECT wrapped FROM vault_key WHERE subject = ? AND bucket = ?", (row.subject, row.bucket)
    )
    assert isinstance(wrapped, bytes)
    return {"ciphertext": row.sealed[13:], "token": row.token or b"", "key": wrapped[13:]}


def test_no_byte_of_an_erased_datum_remains_and_each_was_there_before(world: World) -> None:
    (subject,) = world.vault.add([anna()], actor=OWNER, reason="order")
    email = item_of(world, subject, EMAIL)
    before = traces(world, email)
    for needle in before.values():
        assert found(world, needle), "the search does not see what is there"
    assert world.vault.erase([email], ground="17(1)(a)", actor=OWNER).found_afterwards == 0
    assert {name: found(world, needle) for name, needle in before.items()} == {n: [] for n in before}
    assert len(world.vault.open(subject, SUPPORT, actor=OWNER, reason="call").items) == 3


def test_with_the_last_datum_go_reference_key_consents_and_every_mark(world: World) -> None:
    subject, _ = world.vault.add([anna(), bram()], actor=OWNER, reason="order")
    items = [h.item for h in world.vault.holdings(subject)]
    world.vault.restrict(items[:1], reason="contested-by-anna-de-vries", actor=OWNER)
    world.vault.rectify(items[1], "new@example.nl", reason="changed-address-of-anna", actor=OWNER)
    world.vault.object_to(subject, [SUPPORT], reason="objection-of-anna-de-vries", actor=OWNER)
    ((wrapped,),) = world.vault._room.keys._engine.execute(
        "SELECT wrapped FROM vault_key WHERE subject = ? AND bucket = 0", (subject_bytes(subject),)
    )
    needles = (b"contested-by-anna", b"changed-address-of", b"objection-of-anna", subject_bytes(subject), wrapped[13:])
    for needle in needles:
        assert found(world, needle)
    world.vault.erase(items, ground="17(1)(b)", actor=OWNER)
    world.again()
    assert [found(world, needle) for needle in needles] == [[]] * 5


def test_a_wrong_value_and_the_key_it_stood_under_are_gone_after_rectification(world: World) -> None:
    (subject,) = world.vault.add([anna()], actor=OWNER, reason="order")
    email = item_of(world, subject, EMAIL)
    before = traces(world, email)
    assert found(world, before["key"])
    world.vault.rectify(email, "anna.devries@example.nl", actor=OWNER, reason="new address")
    assert found(world, before["key"]) == []
    world.engine.expunge()
    assert found(world, before["ciphertext"]) == found(world, before["token"]) == []


def test_plaintext_never_stands_on_disk(world: World) -> None:
    (subject,) = world.vault.add([anna()], actor=OWNER, reason="order")
    world.vault.open(subject, SUPPORT, actor=OWNER, reason="call")
    for value in (b"Anna de Vries", b"anna@example", b"Anna@Example", b"De laptop van", b"0612345678", b"+31612345678"):
        assert found(world, value) == []


def data_keys(keys: KeyStore, subject: SubjectId) -> list[Sealer | None]:
    place = subject_bytes(subject)
    ring = keys.ring(place)
    return [ring.sealer(number) for number in keys.numbers(place) if number != REFERENCE]


def test_an_old_copy_of_both_stores_opens_nothing_after_a_rotation(world: World, tmp_path: Path) -> None:
    (subject,) = world.vault.add([anna()], actor=OWNER, reason="order")
    email = item_of(world, subject, EMAIL)
    world.close()
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in ("data.db", "keys.db"):
        (copy / name).write_bytes((tmp_path / name).read_bytes())
    world.open()
    old_tokens = world.vault._room.token_key()
    bare = bare_token(world.vault._room.index_key, FieldKind.NAME, "Anna de Vries")
    assert bare is not None
    world.vault.erase([email], ground="17(1)(a)", actor=OWNER)

    def old_store() -> KeyStore:
        engine = open_sqlite(copy / "keys.db", b"", create=False)
        return KeyStore(engine, EpochFiles(tmp_path / "epochs", ROOT, world.entropy), world.entropy)

    keys = old_store()
    row = world.vault._room.store.item(*item_place(item_of(world, subject, NAME)))
    assert row is not None
    assert any(data_keys(keys, subject))  # until the epoch turns, it opens
    keys.close()
    turned = world.vault.rotate(actor=OWNER)
    assert turned.epoch == 2
    assert [path.name for path in (tmp_path / "epochs").iterdir()] == ["epoch-000002.kek"]
    keys = old_store()
    with pytest.raises(DamagedError) as gone:
        data_keys(keys, subject)
    assert gone.value.code == "epoch-key-missing"
    keys.close()
    assert permute(old_tokens, bare) in (copy / "data.db").read_bytes()
    assert permute(world.vault._room.token_key(), bare) not in (copy / "data.db").read_bytes()
    assert unpermute(world.vault._room.token_key(), permute(old_tokens, bare)) != bare
    assert world.vault.find(FieldKind.NAME, "anna de vries") == (subject,)
    assert len(world.vault.open(subject, SUPPORT, actor=OWNER, reason="call").items) == 3
    assert [e.name for e in world.ledger.events][-2:] != []
    assert "epoch.closed" in world.ledger.names()


@pytest.mark.parametrize("fields", [(NOTE,), (NOTE, NAME, EMAIL)], ids=["one datum", "several"])
def test_the_renewed_search_counts_rows_that_are_there_again(world: World, fields: tuple[FieldPath, ...]) -> None:
    (subject,) = world.vault.add([anna()], actor=OWNER, reason="order")
    items = [item_of(world, subject, field) for field in fields]
    rows = [tuple(row) for item in items if (row := world.vault._room.store.item(*item_place(item)))]

    def put_back(step: str) -> None:
        if step == "erase.destroyed":
            world.vault._room.store.put_items(rows)

    world.failpoint = put_back
    assert world.vault.erase(items, ground="17(1)(a)", actor=OWNER).found_afterwards == len(fields)


def test_the_renewed_search_finds_what_a_broken_erasure_leaves(world: World) -> None:
    """Seeded: the keys stay. The erasure says so instead of claiming absence."""
    (subject,) = world.vault.add([bram()], actor=OWNER, reason="order")
    items = [h.item for h in world.vault.holdings(subject)]
    world.vault._room.keys.destroy = lambda *_, **__: None  # type: ignore[method-assign]
    erasure = world.vault.erase(items, ground="17(1)(a)", actor=OWNER)
    assert erasure.found_afterwards == 3  # data key, reference key, and what was sealed opens
    assert world.ledger.events[-1].facts["absent"] is False


def test_a_sealed_value_opens_in_its_own_place_only(world: World) -> None:
    first, second = world.vault.add([anna(), anna()], actor=OWNER, reason="order")
    room = world.vault._room
    row = room.store.item(*item_place(item_of(world, first, NOTE)))
    assert row is not None
    sealer = room.keys.ring(row.subject).sealer(row.bucket)
    assert sealer is not None
    other = subject_bytes(second)
    assert (
        sealer.open(row.sealed, bound_value(row.subject, row.number, row.bucket, NOTE), "")
        == b"De laptop van Anna valt uit"
    )
    for place in (
        (other, row.number, row.bucket, NOTE),
        (row.subject, row.number + 1, row.bucket, NOTE),
        (row.subject, row.number, row.bucket + 1, NOTE),
        (row.subject, row.number, row.bucket, EMAIL),
    ):
        with pytest.raises(DamagedError):
            sealer.open(row.sealed, bound_value(*place), "")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE vault_item SET sealed = (SELECT sealed FROM vault_item WHERE item = 3) WHERE item = 4",
        "UPDATE vault_item SET activity = (SELECT activity FROM vault_item WHERE item = 3) WHERE item = 4",
        "UPDATE vault_item SET sealed = substr(sealed, 1, 40) WHERE item = 4",
    ],
)
def test_a_row_that_was_tampered_with_is_damage_when_opened(world: World, sql: str) -> None:
    (subject,) = world.vault.add([anna()], actor=OWNER, reason="order")
    world.engine.execute(sql)
    with pytest.raises(DamagedError) as fault:
        world.vault.open(subject, SUPPORT, actor=OWNER, reason="call")
    assert fault.value.exit_status == 4
    assert "data.opened" not in world.ledger.names()


def test_keys_moved_to_another_subject_or_bucket_do_not_unwrap(world: World) -> None:
    first, second = world.vault.add([anna(), anna()], actor=OWNER, reason="order")
    world.vault._room.keys._engine.execute(
        "UPDATE vault_key SET wrapped = (SELECT wrapped FROM vault_key WHERE subject = ?1 AND bucket = 1) "
        "WHERE subject = ?2 AND bucket = 1",
        (subject_bytes(first), subject_bytes(second)),
    )
    with pytest.raises(DamagedError):
        world.vault.open(second, SUPPORT, actor=OWNER, reason="call")


def test_a_key_store_that_is_gone_is_damage_and_not_made_anew(world: World) -> None:
    world.vault.add([anna()], actor=OWNER, reason="order")
    world.close()
    (world.folder / "keys.db").rename(world.folder / "lost.db")
    with pytest.raises(DamagedError) as gone:
        world.open()
    assert gone.value.code == "key-store-missing"
    world.engine.close()
    (world.folder / "lost.db").rename(world.folder / "keys.db")
    epoch = world.folder / "epochs" / "epoch-000001.kek"
    sealed = epoch.read_bytes()
    epoch.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(DamagedError):
        world.open()
    world.engine.close()
    epoch.write_bytes(sealed)
    world.open()


def test_a_datum_whose_key_is_missing_is_not_lost_by_a_change_beside_it(world: World) -> None:
    (subject,) = world.vault.add([anna()], actor=OWNER, reason="order")
    email = item_place(item_of(world, subject, EMAIL))
    room = world.vault._room
    row = room.store.item(*email)
    assert row is not None
    room.keys._engine.execute("DELETE FROM vault_key WHERE bucket = ?", (row.bucket,))

    def change() -> None:
        with world.engine.transaction():
            reseal(room, [replace(affected(room, row.subject), leaving={row.number})])

    with pytest.raises(DamagedError) as fault:
        change()
    assert fault.value.code == "key-missing"


def test_what_touches_many_items_names_each_of_them_in_leaves_that_fit(world: World) -> None:
    notes = tuple(NewItem(NOTE, f"Notitie {number}", JOB, "own") for number in range(600))
    (subject,) = world.vault.add([NewSubject(notes)], actor=OWNER, reason="order")
    items = [h.item for h in world.vault.holdings(subject)]
    marks = {world.vault.mark(item) for item in items}
    world.vault.restrict(items, reason="contested", actor=OWNER)
    world.vault.erase(items, ground="17(1)(a)", actor=OWNER)
    for name in ("data.restricted", "erasure.begun"):
        events = [event for event in world.ledger.events if event.name == name]
        assert sum(int(event.facts["items"] or 0) for event in events) == 600
        assert {mark for event in events for mark in event.facts["marks"]} == marks  # type: ignore[union-attr]
        assert all(len(leaf_of(event)) < LONGEST_LEAF for event in events)


def test_an_older_main_store_is_indexed_anew_when_its_epoch_is_gone(world: World) -> None:
    first, second = world.vault.add([anna(), bram()], actor=OWNER, reason="order")
    world.close()
    old = (world.folder / "data.db").read_bytes()
    world.open()
    world.vault.erase([h.item for h in world.vault.holdings(second)], ground="17(1)(a)", actor=OWNER)
    world.vault.rotate(actor=OWNER)
    assert world.vault.epochs() == (2,)
    world.close()
    (world.folder / "data.db").write_bytes(old)  # a restore, before erasures are replayed
    world.open()
    assert "index.rebuilt" in world.ledger.names()
    assert world.vault.find(FieldKind.EMAIL, "anna@example.nl") == (first,)
    assert world.vault.find(FieldKind.EMAIL, "bram@example.org") == ()  # its key is gone: nothing to make a token from
    assert len(world.vault.open(first, SUPPORT, actor=OWNER, reason="call").items) == 4


def test_a_field_that_becomes_identifying_finds_after_a_new_index(world: World) -> None:
    (subject,) = world.vault.add([anna()], actor=OWNER, reason="order")
    document = a_policy().model_dump(mode="json")
    document["version"] = "2026-09-01"
    document["categories"]["work"]["fields"]["note"]["identifies"] = True
    document["categories"]["contact"]["fields"]["name"]["identifies"] = False
    world.versions.all.append(a_statement(Policy.model_validate(document)))
    assert world.vault.find(FieldKind.TEXT, "de laptop van anna valt uit") == ()
    assert world.vault.reindex(actor=OWNER) == 3
    assert world.vault.find(FieldKind.TEXT, "de laptop van anna valt uit") == (subject,)
    assert world.vault.find(FieldKind.NAME, "anna de vries") == ()
    world.vault.erase([h.item for h in world.vault.holdings(subject)], ground="17(1)(a)", actor=OWNER)
    assert world.engine.execute("SELECT count(*) FROM vault_token") == [(0,)]
