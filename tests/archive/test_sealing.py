"""A sealed message opens as it came, or says that it is damaged and which it is: nothing is moved, left out or cut off unseen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gestand.archive import sealing
from gestand.archive.sealing import message_id, open_message, seal_message
from gestand.kernel.entropy import system_entropy
from gestand.kernel.errors import DamagedError

KEY, THING, OTHER = b"k" * 32, b"0123456789", b"9876543210"
RAW = system_entropy(5_000)  # what cannot be packed smaller, so several parts


@pytest.fixture
def parts(monkeypatch) -> list[bytes]:
    monkeypatch.setattr(sealing, "PART", 2_000)
    made = seal_message(KEY, THING, RAW, system_entropy)
    assert len(made) == 3
    assert open_message(KEY, THING, made, len(RAW)) == RAW
    return made


@given(st.binary(max_size=3_000))
def test_any_bytes_come_back(raw):
    assert open_message(KEY, THING, seal_message(KEY, THING, raw, system_entropy), len(raw)) == raw


@pytest.mark.parametrize(
    "harmed",
    [
        lambda p: [p[0][:40] + bytes([p[0][40] ^ 1]) + p[0][41:], *p[1:]],
        lambda p: [p[1], p[0], p[2]],
        lambda p: p[:2],
        lambda p: p[1:],
        lambda p: [*p, p[2]],
        lambda p: [p[0], p[2]],
        lambda p: [b"\x07" + p[0][1:], *p[1:]],
        lambda p: [b"", *p[1:]],
        lambda _: [],
        lambda p: [*p[:2], seal_message(KEY, OTHER, RAW, system_entropy)[2]],
    ],
)
def test_a_part_that_was_changed_moved_left_out_or_put_in_is_noticed_and_the_message_named(parts, harmed):
    with pytest.raises(DamagedError) as noticed:
        open_message(KEY, THING, harmed(parts), len(RAW))
    assert noticed.value.where == message_id(THING)
    assert noticed.value.remedy


def test_another_key_another_message_and_another_size_are_noticed(parts):
    for key, thing, size in (
        (b"l" * 32, THING, len(RAW)),
        (KEY, OTHER, len(RAW)),
        (KEY, THING, len(RAW) + 1),
        (KEY, THING, 1),
    ):
        with pytest.raises(DamagedError) as noticed:
            open_message(key, thing, parts, size)
        assert noticed.value.where == message_id(thing)
