import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gestand.kernel.errors import DamagedError, GestandError, UsageError
from gestand.ledger.merkle import EMPTY
from gestand.ledger.model import Head
from gestand.ledger.note import (
    SigningKey,
    _check_signatures,
    check_origin,
    origin_of,
    read_checkpoint,
    sign,
    signing_key,
    split_notes,
    verify_key,
)

# The example of Go's golang.org/x/mod/sumdb/note, the format's first implementation.
GO_PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_SIGNATURE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
)

KEY = SigningKey("example.org/ledger", bytes(range(32)))
OTHER = SigningKey("example.org/ledger", bytes(32))
SIGNED = sign(Head(3, EMPTY), KEY)


def test_keys_and_signatures_are_those_of_the_format():
    assert str(signing_key(GO_PRIVATE).verify_key) == GO_PUBLIC
    assert signing_key(GO_PRIVATE).to_text() == GO_PRIVATE
    _check_signatures(GO_TEXT.encode(), [GO_SIGNATURE], verify_key(GO_PUBLIC))
    with pytest.raises(DamagedError):
        _check_signatures(GO_TEXT.upper().encode(), [GO_SIGNATURE], verify_key(GO_PUBLIC))


def test_a_checkpoint_reads_back():
    lines = SIGNED.text.split("\n")
    assert lines[:4] == ["example.org/ledger", "3", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", ""]
    assert read_checkpoint(SIGNED.text, KEY.verify_key) == SIGNED
    assert "seed" not in repr(KEY)


def test_signatures_of_witnesses_are_passed_over_and_kept():
    witness = sign(Head(3, EMPTY), SigningKey("witness.example", bytes(32))).text.split("\n")[-2]
    cosigned = SIGNED.text + witness + "\n"
    assert read_checkpoint(cosigned, KEY.verify_key).text == cosigned


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n\n",
        SIGNED.text.replace("\n3\n", "\n4\n"),
        SIGNED.text.replace("\n3\n", "\n03\n"),
        SIGNED.text.replace("47DE", "57DE"),
        SIGNED.text.rstrip("\n"),
        SIGNED.text.replace("—", "-"),
        SIGNED.text + "— nonsense\n",
        SIGNED.text.replace("example.org", "example.nl"),
        SIGNED.text.replace("\n", "\r\n"),
        sign(Head(3, EMPTY), OTHER).text,
        sign(Head(3, b"short"), KEY).text,
        SIGNED.text + "— example.org/ledger AAAA\n" * 70,
    ],
)
def test_what_is_not_signed_so_does_not_hold(note):
    with pytest.raises(DamagedError) as damage:
        read_checkpoint(note, KEY.verify_key)
    assert damage.value.exit_status == 4


@given(st.one_of(st.text(), st.binary().map(lambda raw: raw.decode("utf-8", "surrogateescape"))))
@example("a\n1\nb\n\n— a ====\n")
@example("\ud800\n\n— a AAAAAAAA\n")
@settings(max_examples=100, deadline=None)
def test_no_text_at_all_gets_another_error_than_ours(text):
    for read in (lambda: read_checkpoint(text, KEY.verify_key), lambda: verify_key(text), lambda: signing_key(text)):
        with pytest.raises(GestandError):
            read()
    split_notes(text)


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_bent_checkpoint_never_holds_as_another(data):
    raw = bytearray(SIGNED.text.encode())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at] = data.draw(st.integers(0, 255))
    text = raw.decode("utf-8", "replace")
    try:
        assert read_checkpoint(text, KEY.verify_key).head == SIGNED.head
    except DamagedError:
        return


@given(st.lists(st.integers(0, 10**9), max_size=5))
@settings(max_examples=30, deadline=None)
def test_notes_that_stand_together_come_apart_again(sizes):
    notes = [sign(Head(size, EMPTY), KEY).text for size in sizes]
    assert split_notes("".join(note + "\n" for note in notes)) == notes
    assert split_notes("".join(notes)) == notes


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\tb", "x" * 201, "a\u2028b"])
def test_a_name_that_the_format_forbids(name):
    with pytest.raises(UsageError):
        check_origin(name)


@given(st.text())
@settings(max_examples=50, deadline=None)
def test_any_folder_can_lend_its_name(text):
    key = SigningKey(check_origin(origin_of(text.encode("utf-8", "replace").decode())), bytes(32))
    assert verify_key(str(key.verify_key)) == key.verify_key


@pytest.mark.parametrize("text", ["", "a+b+c", GO_PUBLIC[:-4], GO_PUBLIC.replace("c74f", "c74e"), GO_PRIVATE + "x"])
def test_what_is_no_key(text):
    with pytest.raises(UsageError):
        verify_key(text)
    with pytest.raises(UsageError):
        signing_key(text)
