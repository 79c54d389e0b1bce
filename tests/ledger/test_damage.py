"""What a burglar, a bad disk or a careless restore can do to the files, and that each of it is noticed."""

import shutil

import pytest

from gestand.kernel.errors import DamagedError, GestandError
from gestand.ledger import service
from gestand.ledger.frames import frame
from gestand.ledger.rules import leaf_of
from ledger.world import World, opening

ENTRIES = 4


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path / "koper")
    made.folder.mkdir()
    made.filled(ENTRIES)
    return made


@pytest.fixture
def another_boot(monkeypatch):
    monkeypatch.setattr(service, "boot_of_machine", lambda: b"another boot....")


def verified(world):
    with world.open() as ledger:
        return ledger.verify()


def frames(world):
    """Return the frames of the log as they lie there."""
    found, at, raw = [], 0, world.log.read_bytes()
    while at < len(raw):
        stop = at + 16 + int.from_bytes(raw[at + 4 : at + 8], "little")
        found.append(raw[at:stop])
        at = stop
    return found


def flips(world, path, step=1):
    """Yield for every byte of a file, one bit of it flipped, whether it was noticed."""
    raw = path.read_bytes()
    copy = world.folder.with_name("pristine")
    shutil.copytree(world.folder, copy)
    for at in range(0, len(raw), step):
        bent = bytearray(raw)
        bent[at] ^= 1 << (at % 8)
        path.write_bytes(bent)
        try:
            head = verified(world)
        except GestandError as fault:
            yield at, fault
            shutil.rmtree(world.folder)
            shutil.copytree(copy, world.folder)
        else:
            yield at, head


@pytest.mark.parametrize("name", ["log", "tree/0", "tree/places", "checkpoints"])
def test_a_flip_of_any_byte_is_found(world, name):
    for at, found in flips(world, world.data / name):
        assert isinstance(found, DamagedError), f"byte {at}: {found}"


def test_a_flip_in_the_log_is_found_after_another_boot(world, another_boot):
    for at, found in flips(world, world.log, step=5):
        assert isinstance(found, DamagedError), f"byte {at}: {found}"


def test_a_flip_of_any_byte_of_what_is_remembered_is_found(world):
    for at, found in flips(world, world.remembered):
        assert isinstance(found, DamagedError), f"byte {at}: {found}"


def test_a_flip_in_the_key_is_found(world):
    for at, found in flips(world, world.remembered.with_name("ledger.key")):
        # the line break at its end is not part of the key
        last = chr(world.remembered.with_name("ledger.key").read_bytes()[at]).isspace()
        assert isinstance(found, DamagedError) or last, f"byte {at}: {found}"


@pytest.mark.parametrize("name", ["log", "tree/0", "tree/places", "checkpoints", "state"])
def test_a_file_cut_at_any_byte_is_found_or_changes_no_answer(world, name):
    right = verified(world)
    path = world.data / name
    sound, copy = path.read_bytes(), world.folder.with_name("pristine")
    shutil.copytree(world.folder, copy)
    for length in range(len(sound)):
        path.write_bytes(sound[:length])
        try:
            assert verified(world) == right
            assert name in {"state", "checkpoints"}, length
        except DamagedError as damage:
            assert damage.exit_status == 4  # noqa: PT017 - the other outcome is an answer that is right
        shutil.rmtree(world.folder)
        shutil.copytree(copy, world.folder)


@pytest.mark.parametrize("name", ["ledger.checkpoint", "ledger.key"])
def test_what_lies_outside_the_folder_cut_at_any_byte_is_found(world, name):
    path = world.remembered.with_name(name)
    sound = path.read_bytes()
    for length in range(len(sound.rstrip())):
        path.write_bytes(sound[:length])
        with pytest.raises(DamagedError) as damage:
            verified(world)
        assert damage.value.exit_status == 4


def test_a_flip_in_the_state_file_changes_no_answer(world):
    right = verified(world)
    for at, found in flips(world, world.data / "state"):
        assert found == right or isinstance(found, DamagedError), f"byte {at}: {found}"


def test_the_first_bad_entry_is_named(world):
    raw = bytearray(world.log.read_bytes())
    raw[sum(map(len, frames(world)[:2])) + 40] ^= 1
    world.log.write_bytes(raw)
    with pytest.raises(DamagedError, match="entry 2 is damaged") as damage:
        verified(world)
    assert damage.value.exit_status == 4
    with world.open() as ledger:
        entries = ledger.entries()
        with pytest.raises(DamagedError):
            list(entries)


@pytest.mark.parametrize("keep", range(ENTRIES))
def test_a_dropped_tail_is_found(world, keep):
    world.log.write_bytes(b"".join(frames(world)[:keep]))
    with pytest.raises(DamagedError):
        verified(world)


@pytest.mark.parametrize("keep", range(ENTRIES))
def test_a_dropped_tail_is_found_without_the_state_file(world, keep):
    world.log.write_bytes(b"".join(frames(world)[:keep]))
    (world.data / "state").unlink()
    shutil.rmtree(world.data / "tree")
    with pytest.raises(DamagedError) as damage:
        verified(world)
    assert damage.value.code == "ledger-rollback"


def test_two_swapped_entries_are_found(world):
    first, second, *rest = frames(world)
    assert len(first) == len(second)
    world.log.write_bytes(b"".join([second, first, *rest]))
    with pytest.raises(DamagedError, match="entry 0"):
        verified(world)


def test_a_doubled_entry_is_found(world):
    first, second, third, last = frames(world)
    world.log.write_bytes(b"".join([first, second, second, last]))
    with pytest.raises(DamagedError, match="entry 2"):
        verified(world)
    assert len(third) == len(second)


def test_bytes_behind_the_last_entry_never_become_one(world):
    right = verified(world)
    world.log.write_bytes(b"".join(frames(world)) + frame(ENTRIES, 0, leaf_of(opening(9))))
    assert verified(world) == right
    with world.open() as ledger:
        assert ledger.append(opening(4)) == ENTRIES
        assert [entry.event.facts["items"] for entry in ledger.entries()] == [0, 1, 2, 3, 4]


def rewritten(world, changed):
    leaves = [leaf_of(opening(number)) for number in range(ENTRIES)]
    leaves[changed] = leaf_of(opening(changed, items=7))
    world.log.write_bytes(b"".join(frame(index, 0, leaf) for index, leaf in enumerate(leaves)))


def test_a_changed_entry_with_a_right_checksum_is_found_and_named(world):
    rewritten(world, 1)
    with pytest.raises(DamagedError, match="stored hash 1 of level 0"):
        verified(world)


def test_a_changed_entry_with_all_hashes_made_again_is_found(world):
    rewritten(world, 1)
    (world.data / "state").unlink()
    shutil.rmtree(world.data / "tree")
    with pytest.raises(DamagedError) as damage:
        verified(world)
    assert damage.value.code == "ledger-rollback"


def test_an_older_copy_put_back_is_refused(world):
    old = world.folder.with_name("old")
    shutil.copytree(world.data, old)
    with world.open() as ledger:
        ledger.append(opening(ENTRIES))
    shutil.rmtree(world.data)
    shutil.copytree(old, world.data)
    with pytest.raises(DamagedError, match="older or another history") as damage:
        world.open()
    assert damage.value.code == "ledger-rollback"


def test_another_history_under_the_same_key_is_refused(world, tmp_path):
    fork = World(tmp_path / "fork")
    fork.folder.mkdir()
    with fork.open() as ledger:
        for number in range(ENTRIES + 3):
            ledger.append(opening(number + 1))
    shutil.rmtree(world.data)
    shutil.copytree(fork.data, world.data)
    with pytest.raises(DamagedError) as damage:
        world.open()
    assert damage.value.code == "ledger-rollback"


def test_a_ledger_that_vanished_is_refused(world):
    shutil.rmtree(world.data)
    with pytest.raises(DamagedError):
        world.open()


def test_what_was_remembered_cannot_just_be_removed(world):
    world.remembered.unlink()
    with pytest.raises(DamagedError) as damage:
        world.open()
    assert damage.value.code == "ledger-not-remembered"


def test_nothing_is_signed_over_another_history(world):
    with world.open() as ledger:
        kept = world.remembered.read_text()
        other = World(world.folder.with_name("other"))
        other.folder.mkdir()
        with other.open() as theirs:
            for number in range(ENTRIES + 1):
                theirs.append(opening(number + 1))
        world.remembered.write_bytes(other.remembered.read_bytes())
        ledger.append(opening(5))
        with pytest.raises(DamagedError):
            ledger.checkpoint()
        world.remembered.write_text(kept)


@pytest.fixture
def torn(tmp_path, monkeypatch):
    """Return a ledger in the middle of its life: 3 entries on stable storage, 2 more not yet, and the bytes of each."""
    monkeypatch.setattr(service, "SYNC_WITHIN", 60.0)
    live = World(tmp_path / "live")
    live.folder.mkdir()
    ledger = live.open()
    for number in range(3):
        ledger.append(opening(number), durable=True)
    for number in (3, 4):
        ledger.append(opening(number))
    still = World(tmp_path / "still")

    def after_power_loss(cut):
        shutil.rmtree(still.folder, ignore_errors=True)
        shutil.copytree(live.folder, still.folder)
        still.log.write_bytes(still.log.read_bytes()[:cut])
        return still

    lengths = [len(one) for one in frames(live)]
    yield after_power_loss, lengths
    ledger.close()


def test_a_torn_tail_is_cut_back_to_the_last_whole_entry(torn, another_boot):
    after_power_loss, lengths = torn
    safe = sum(lengths[:3])
    for cut in range(safe, sum(lengths) + 1, 7):
        world = after_power_loss(cut)
        whole = 3 + (cut - safe) // lengths[3]
        assert verified(world).size == whole
        with world.open() as ledger:
            assert ledger.append(opening(9)) == whole
        assert verified(world).size == whole + 1


def test_nothing_on_stable_storage_is_ever_cut(torn, another_boot):
    after_power_loss, lengths = torn
    for cut in range(0, sum(lengths[:3]), 11):
        world = after_power_loss(cut)
        with pytest.raises(DamagedError):
            world.open()
        assert world.log.stat().st_size == cut


def test_within_one_boot_nothing_acknowledged_is_ever_cut(torn):
    after_power_loss, lengths = torn
    for cut in range(0, sum(lengths), 13):
        with pytest.raises(DamagedError):
            after_power_loss(cut).open()


def test_a_tail_of_zeros_after_power_loss_is_cut(torn, another_boot):
    after_power_loss, lengths = torn
    world = after_power_loss(sum(lengths[:4]))
    world.log.write_bytes(world.log.read_bytes() + bytes(500))
    assert verified(world).size == 4


def test_without_any_state_only_a_torn_last_write_is_cut(torn):
    after_power_loss, lengths = torn
    world = after_power_loss(sum(lengths) - 5)
    (world.data / "state").unlink()
    assert verified(world).size == 4
    world = after_power_loss(sum(lengths))
    (world.data / "state").unlink()
    raw = bytearray(world.log.read_bytes())
    raw[lengths[0] + 30] ^= 1
    world.log.write_bytes(raw)
    with pytest.raises(DamagedError, match="entry 1"):
        verified(world)
