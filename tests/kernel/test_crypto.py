from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gestand.kernel.crypto import NONCE_SIZE, Sealer, derive, mac, permute, unpermute
from gestand.kernel.errors import DamagedError

KEY = bytes(range(32))
NONCE = b"n" * NONCE_SIZE


def test_derive_is_rfc_5869() -> None:
    import hashlib
    import hmac

    extracted = hmac.new(b"\x00" * 32, KEY, hashlib.sha256).digest()
    expanded = hmac.new(extracted, b"gestand/keys.db\x01", hashlib.sha256).digest()
    assert derive(KEY, "keys.db") == expanded
    assert derive(KEY, "data.db") != expanded


def test_mac_is_the_start_of_hmac_sha256() -> None:  # RFC 4231, test case 2
    assert mac(b"Jefe", b"what do ya want for nothing?", 8).hex() == "5bdcc146bf60754e"


@given(st.binary(max_size=200), st.binary(max_size=40))
def test_what_was_sealed_opens_again(plaintext: bytes, bound: bytes) -> None:
    sealed = Sealer(KEY).seal(plaintext, bound, NONCE)
    assert Sealer(KEY).open(sealed, bound, "here") == plaintext


@given(st.integers(0, 39), st.integers(1, 255))
def test_any_changed_byte_is_noticed(at: int, change: int) -> None:
    sealed = bytearray(Sealer(KEY).seal(b"0123456789a", b"place", NONCE))
    sealed[at % len(sealed)] ^= change
    with pytest.raises(DamagedError) as fault:
        Sealer(KEY).open(bytes(sealed), b"place", "here")
    assert fault.value.exit_status == 4


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" + NONCE, b"\x02" + bytes(40)])
def test_what_is_no_sealed_value_is_damage(sealed: bytes) -> None:
    with pytest.raises(DamagedError):
        Sealer(KEY).open(sealed, b"", "here")


def test_another_place_or_another_key_does_not_open() -> None:
    sealed = Sealer(KEY).seal(b"secret", b"place one", NONCE)
    for key, place in ((KEY, b"place two"), (bytes(32), b"place one")):
        with pytest.raises(DamagedError):
            Sealer(key).open(sealed, place, "here")


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16))
def test_a_permutation_of_single_blocks(one: bytes, other: bytes) -> None:
    both = permute(KEY, one + other)
    assert both == permute(KEY, one) + permute(KEY, other)
    assert unpermute(KEY, both) == one + other
    assert (permute(KEY, one) == permute(KEY, other)) == (one == other)
