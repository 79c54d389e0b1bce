import pytest

from gestand.kernel.errors import DamagedError, UsageError
from gestand.ledger.exported import verify_export, write_export
from gestand.ledger.note import SigningKey
from ledger.world import World, opening


@pytest.fixture
def exported(tmp_path):
    """Return the path of an export of 6 entries under 2 checkpoints, and the key."""
    with World(tmp_path).open() as ledger:
        for number in range(6):
            ledger.append(opening(number))
            if number == 2:
                ledger.checkpoint()
        last = ledger.checkpoint()
        path = tmp_path / "ledger.export"
        with path.open("wb") as file:
            write_export(file, ledger.leaves(last.head.size), ledger.key, ledger.checkpoints())
        return path, ledger.key


def test_an_export_verifies_without_the_organisation(exported):
    path, key = exported
    found = verify_export(path, key)
    assert (found.head.size, found.checkpoints, found.trusted) == (6, 2, True)
    assert verify_export(path, None).trusted is False


def test_an_export_under_another_key_does_not_hold(exported):
    path, key = exported
    with pytest.raises(DamagedError) as damage:
        verify_export(path, SigningKey(key.name, bytes(32)).verify_key)
    assert damage.value.code == "ledger-checkpoint"


def test_the_bad_stretch_is_named(exported):
    path, key = exported
    path.write_bytes(path.read_bytes().replace(b'"reason":"call 4"', b'"reason":"call 9"'))
    with pytest.raises(DamagedError, match="entries 3 to 5 are not those that were signed") as damage:
        verify_export(path, key)
    assert damage.value.code == "ledger-fork"


def test_a_flip_of_any_byte_is_found(exported):
    path, key = exported
    raw = path.read_bytes()
    for at in range(len(raw)):
        bent = bytearray(raw)
        bent[at] ^= 1 << (at % 8)
        path.write_bytes(bent)
        try:
            found = verify_export(path, key)
        except DamagedError:
            continue
        # The key in the file is only a copy of the one that is given; all else must be whole.
        assert raw.index(b"key ") <= at < raw.index(b"entries"), f"byte {at}"
        assert found.head.size == 6


@pytest.mark.parametrize("cut", [0, 10, 100, 300, 900, -1, -60, -200])
def test_a_cut_export_is_found(exported, cut):
    path, key = exported
    raw = path.read_bytes()
    path.write_bytes(raw[:cut])
    if cut == -1:  # only the line break after the last note
        assert verify_export(path, key).head.size == 6
        return
    with pytest.raises(DamagedError):
        verify_export(path, key)


def test_what_is_no_export(tmp_path):
    with pytest.raises(UsageError):
        verify_export(tmp_path / "absent", None)
    with pytest.raises(UsageError):
        verify_export(tmp_path, None)
    for number, raw in enumerate((b"", b"\xff\xfe" * 500, b"gestand-ledger-export@v1\nkey x\nentries 9\n\n")):
        path = tmp_path / str(number)
        path.write_bytes(raw)
        with pytest.raises(DamagedError):
            verify_export(path, None)
