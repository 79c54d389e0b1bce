"""Witnesses: a second host that cosigns as long as the ledger only grows, and refuses every other history."""

import shutil
from datetime import timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gestand.doors.witness import witness_door
from gestand.kernel.egress import Egress
from gestand.kernel.errors import DamagedError, UsageError
from gestand.ledger.asking import WitnessAt, ask, peers_of, poster, witness_at
from gestand.ledger.cosigning import cosign, cosignatures, public_of, read_cosignature, witness_key
from gestand.ledger.model import Head
from gestand.ledger.note import read_checkpoint
from gestand.ledger.printed import printed, read_printed
from gestand.ledger.witness import Witness, parse, request_body
from proof.browsing import served

SEED, NAME = b"w" * 32, "witness.example.org/w1"
NOW = 1_790_000_000


def attest(house):
    name = next(iter(house.measures.declared))
    house.measures.attest(name, evidence="seen", actor="owner")


@pytest.fixture
def ledger(place):
    return place.open().ledger


@pytest.fixture
def witness(ledger, tmp_path):
    return Witness(tmp_path / "witness", NAME, SEED, {ledger.key.name: ledger.key}, lambda: NOW)


def post_to(witness):
    def post(_url, body):
        answer = witness.add_checkpoint(body)
        return answer.status, answer.body.encode()

    return post


def at(witness):
    return [WitnessAt("https://witness.example.org", witness.key)]


def test_a_cosignature_is_what_the_standard_says():
    note = "example.org/log\n2\n" + "A" * 43 + "=\n\n— example.org/log AAAA\n"
    key = public_of(NAME, SEED)
    found = read_cosignature(note, cosign(note, NAME, SEED, NOW), key)
    assert (found.witness, found.at) == (NAME, NOW)
    assert key.key_id == sha256(NAME.encode() + b"\n\x04" + key.public).digest()[:4]
    assert witness_key(str(key)) == key
    with pytest.raises(DamagedError):
        read_cosignature(note.replace("\n2\n", "\n3\n"), cosign(note, NAME, SEED, NOW), key)


def test_a_ledger_that_grows_is_cosigned_again_and_again(place, ledger, witness, tmp_path):
    for _ in range(3):
        signed, [heard] = ask(ledger, at(witness), post_to(witness), tmp_path)
        assert heard.cosignature is not None
        assert witness.remembered(ledger.key.name) == signed.head
        kept = (tmp_path / "ledger.witnessed").read_text("utf-8")
        assert read_checkpoint(kept, ledger.key).head == signed.head
        assert [c.witness for c in cosignatures(kept, (witness.key,))] == [NAME]
        place.clock.move_to(place.clock() + timedelta(hours=1))
        attest(place.open())


def test_a_witness_survives_being_ended_and_started(ledger, witness, tmp_path):
    ask(ledger, at(witness), post_to(witness), tmp_path)
    again = Witness(tmp_path / "witness", NAME, SEED, {ledger.key.name: ledger.key}, lambda: NOW)
    assert again.remembered(ledger.key.name) == witness.remembered(ledger.key.name)


def test_an_older_copy_put_back_whole_is_known_by_the_witness_alone(place, witness, tmp_path):
    place.open().ledger.checkpoint()
    place.close()
    shutil.copytree(place.folder, tmp_path / "old")
    attest(place.open())
    ask(place.open().ledger, at(witness), post_to(witness), tmp_path)
    place.close()
    shutil.rmtree(place.folder)
    shutil.copytree(tmp_path / "old", place.folder)  # keys and remembered checkpoint too: nothing here can tell
    with pytest.raises(DamagedError) as found:
        ask(place.open().ledger, at(witness), post_to(witness), tmp_path)
    assert found.value.code == "witness-fork"


def test_another_history_of_the_same_length_is_refused(place, witness, tmp_path):
    place.open().ledger.checkpoint()
    place.close()
    shutil.copytree(place.folder, tmp_path / "old")
    attest(place.open())
    ask(place.open().ledger, at(witness), post_to(witness), tmp_path)
    place.close()
    shutil.rmtree(place.folder)
    shutil.copytree(tmp_path / "old", place.folder)
    place.clock.move_to(place.clock() + timedelta(hours=3))
    attest(place.open())
    attest(place.open())
    with pytest.raises(DamagedError) as found:
        ask(place.open().ledger, at(witness), post_to(witness), tmp_path)
    assert found.value.code == "witness-fork"


def test_what_is_no_request_gets_its_status(ledger, witness):
    note = ledger.checkpoint().text
    assert witness.add_checkpoint(b"").status == 400
    assert witness.add_checkpoint(request_body(10**9, (), note)).status == 400
    assert witness.add_checkpoint(request_body(0, (), note.replace(ledger.key.name, "other.example/log"))).status == 404
    assert witness.add_checkpoint(request_body(0, (), note[:-9] + "AAAAAAA=\n")).status == 403
    conflict = witness.add_checkpoint(request_body(1, (), note))
    assert (conflict.status, conflict.kind, conflict.body) == (409, "text/x.tlog.size", "0\n")
    assert witness.add_checkpoint(request_body(0, (b"x" * 32,), note)).status == 422
    assert witness.add_checkpoint(request_body(0, (), note)).status == 200


@given(st.binary(max_size=200))
def test_any_bytes_are_a_request_or_none(body):
    asked = parse(body)
    assert asked is None or request_body(asked.old, asked.proof, asked.note) == body


def test_over_http_as_between_two_machines(ledger, witness, tmp_path):
    with served(witness_door(witness)) as address:
        known = witness_at(f"{address} {witness.key}")
        post = poster(Egress(peers_of([known], near=True)))
        _, [heard] = ask(ledger, [known], post, tmp_path)
        assert heard.cosignature is not None
        status, _ = post(f"{address}/add-checkpoint", b"x" * 70_000)
        assert status == 413
    _, [silent] = ask(ledger, [known], post, tmp_path)
    assert "does not answer" in silent.why


def test_a_witness_that_signs_falsely_is_not_believed(ledger, witness, tmp_path):
    def lies(_url, _body):
        return 200, cosign(ledger.checkpoint().text, NAME, b"x" * 32, NOW).encode()

    with pytest.raises(DamagedError) as found:
        ask(ledger, at(witness), lies, tmp_path)
    assert found.value.code == "witness-signature"


@given(st.integers(0, 2**60), st.binary(min_size=32, max_size=32))
def test_a_printed_line_is_typed_back(size, root):
    head = Head(size, root)
    line = printed(head)
    assert read_printed(line) == head


def test_a_slip_of_the_pen_is_found():
    line = printed(Head(7, b"\x12" * 32))
    for wrong in (
        line[:-1],
        line.replace(" 7 ", " 8 "),
        line[:-1] + ("A" if line[-1] != "A" else "B"),
        "",
        "GESTAND-1 x",
    ):
        with pytest.raises(UsageError) as found:
            read_printed(wrong)
        assert found.value.code == "printed-line"


def test_the_commands(gestand, place, tmp_path):
    line = gestand("ledger", "checkpoint", "--json").document["printed"]
    assert gestand("ledger", "verify", "--printed", line, "--json").status == 0
    assert gestand("ledger", "verify", "--printed", printed(Head(3, b"\0" * 32))).status == 4
    assert gestand("ledger", "verify", "--printed", printed(Head(10**6, b"\0" * 32))).status == 4
    assert gestand("ledger", "witness", "ask").status == 2
    file = place.folder / "gestand.toml"
    key = public_of(NAME, SEED)
    file.write_text(
        file.read_text("utf-8") + f'\n[ledger]\nwitnesses = ["http://127.0.0.1:9 {key}"]\nnear = true\n', "utf-8"
    )
    silent = gestand("ledger", "witness", "ask", "--json")
    assert silent.status == 1
    assert "does not answer" in silent.document["witnesses"][0]["why"]
