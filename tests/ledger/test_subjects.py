"""The entries about one subject: found by an index that reads no others, and that can always be made again."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gestand.ledger import subjects
from ledger.world import World, opening


@pytest.fixture
def world(tmp_path, monkeypatch):
    monkeypatch.setattr(subjects, "BLOCK", 8)
    monkeypatch.setattr(subjects, "FAN", 4)
    made = World(tmp_path / "koper")
    made.folder.mkdir()
    return made


def about(number, who):
    return replace(opening(number), subject=f"{who:032x}" if who else "")


def write(ledger, whose):
    for number, who in enumerate(whose):
        ledger.append(about(number, who))


def found(ledger, who):
    return [entry.index for entry in ledger.of_subject(f"{who:032x}")]


def expected(whose, who):
    return [index for index, one in enumerate(whose) if one == who]


def files(world):
    folder = world.data / "tree" / "subjects"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@given(st.lists(st.integers(0, 5), max_size=150), st.lists(st.integers(0, 150), max_size=4))
@settings(max_examples=25)
def test_it_finds_what_reading_everything_finds_whenever_it_is_asked(tmp_path_factory, whose, asked):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subjects, "BLOCK", 8)
        patch.setattr(subjects, "FAN", 4)
        world = World(tmp_path_factory.mktemp("koper"))
        with world.open() as ledger, world.open() as other:
            for number, who in enumerate(whose):
                ledger.append(about(number, who))
                if number in asked and who:
                    assert found(other, who) == expected(whose[: number + 1], who)
            for who in range(1, 6):
                assert found(ledger, who) == found(other, who) == expected(whose, who)
        with world.open() as again:
            assert found(again, 3) == expected(whose, 3)


def test_few_files_and_few_reads(world, monkeypatch):
    whose = [number % 11 for number in range(300)]
    with world.open() as ledger:
        write(ledger, whose)
        assert found(ledger, 7) == expected(whose, 7)
        assert len(files(world)) <= 9, files(world)
        read = []
        entries = ledger._entries
        monkeypatch.setattr(ledger, "_entries", lambda first, last: (read.append(first), entries(first, last))[1])
        assert found(ledger, 7) == expected(whose, 7)
        assert read == expected(whose, 7)


@pytest.mark.parametrize("harm", ["flip", "cut", "gone", "all gone", "left over"])
def test_a_damaged_index_is_made_again(world, harm):
    whose = [number % 5 for number in range(100)]
    with world.open() as ledger:
        write(ledger, whose)
        assert found(ledger, 2) == expected(whose, 2)
    folder = world.data / "tree" / "subjects"
    for path in sorted(folder.iterdir())[: None if harm == "all gone" else 2]:
        raw = path.read_bytes()
        if harm == "flip":
            path.write_bytes(raw[:20] + bytes([raw[20] ^ 1]) + raw[21:])
        elif harm == "cut":
            path.write_bytes(raw[:-3])
        elif harm == "left over":
            (folder / "8-16").write_bytes(raw)
        else:
            path.unlink()
    with world.open() as again:
        assert found(again, 2) == expected(whose, 2)
        assert again.verify().size == 100


def test_of_nobody_there_is_nothing(world):
    with world.open() as ledger:
        write(ledger, [0, 1, 0])
        assert list(ledger.of_subject("")) == []
        assert found(ledger, 9) == []
        assert [entry.index for entry in ledger.of_subject(f"{1:032x}", 2)] == []
