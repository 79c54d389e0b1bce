import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gestand.kernel.errors import DamagedError, GestandError, UsageError
from gestand.ledger.note import SigningKey
from gestand.ledger.receipt import verify_receipt
from gestand.ledger.rules import leaf_of
from ledger.world import World, opening


@pytest.fixture(scope="module")
def issued(tmp_path_factory):
    with World(tmp_path_factory.mktemp("koper")).open() as ledger:
        for number in range(300):
            ledger.append(opening(number))
        return [ledger.receipt(index) for index in (0, 7, 255, 256, 299)], ledger.key


def test_receipts_hold_for_whoever_has_the_key(issued):
    receipts, key = issued
    for receipt in receipts:
        entry = verify_receipt(receipt.to_text(), key)
        assert (entry.index, entry.leaf) == (receipt.index, leaf_of(opening(receipt.index)))


def test_a_receipt_has_the_form_of_the_standard(issued):
    lines = issued[0][1].to_text().split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1].startswith("extra ")
    assert lines[2] == "index 7"
    assert all(len(line) == 44 for line in lines[3:12])
    assert lines[12:15] == ["", "example.org/ledger", "300"]


def test_a_receipt_of_another_entry_or_key_does_not_hold(issued):
    (first, second, *_), key = issued
    swapped = first.to_text().replace("index 0", "index 7")
    with pytest.raises(DamagedError, match="not under its checkpoint"):
        verify_receipt(swapped, key)
    with pytest.raises(DamagedError):
        verify_receipt(second.to_text(), SigningKey(key.name, bytes(32)).verify_key)


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_bent_receipt_never_holds_for_another_entry(issued, data):
    receipts, key = issued
    receipt = data.draw(st.sampled_from(receipts))
    raw = bytearray(receipt.to_text().encode())
    for _ in range(data.draw(st.integers(1, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        entry = verify_receipt(raw.decode("utf-8", "replace"), key)
    except DamagedError:
        return
    assert entry.leaf == receipt.leaf
    assert entry.index == receipt.index


@given(st.text())
@settings(max_examples=50, deadline=None)
def test_no_text_gets_another_error_than_ours(issued, text):
    for given_text in (
        text,
        "c2sp.org/tlog-proof@v1\nextra " + text,
        "c2sp.org/tlog-proof@v1\nextra e30=\nindex 1\n\n" + text,
    ):
        with pytest.raises(GestandError):
            verify_receipt(given_text, issued[1])


def test_no_receipt_for_what_is_not_there(tmp_path):
    with World(tmp_path).open() as ledger:
        ledger.append(opening(0))
        with pytest.raises(UsageError, match="no entry 1"):
            ledger.receipt(1)
