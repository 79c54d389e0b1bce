import json
from datetime import UTC, datetime

import pytest

from gestand.doors.cli.main import run
from gestand.kernel.clock import system_clock
from gestand.kernel.config import load_config
from gestand.kernel.entropy import SeededEntropy
from gestand.kernel.ids import ActorId
from gestand.ledger.keys import places
from gestand.ledger.model import Event
from gestand.ledger.service import open_ledger


@pytest.fixture
def firm(tmp_path):
    """Return the folder of an organisation with five entries in its ledger."""
    folder = tmp_path / "koper"
    folder.mkdir()
    (folder / "gestand.toml").write_text("format = 1\n")
    where, remembered = places(load_config(folder))
    with open_ledger(
        where,
        None,
        clock=system_clock,
        entropy=SeededEntropy("firm"),
        remembered=remembered,
        origin="example.nl/ledger",
    ) as ledger:
        for number in range(5):
            event = Event("data.opened", datetime(2026, 3, 2, tzinfo=UTC), ActorId("staff-bram"), {"items": number})
            ledger.append(event)
    return folder


def answer(capsys, *words):
    status = run([*words, "--json"])
    said = capsys.readouterr()
    return status, json.loads(said.out) if said.out else json.loads(said.err)["error"]


def test_verify_of_ones_own_ledger(firm, capsys):
    status, document = answer(capsys, "ledger", "verify", "--org", str(firm))
    assert status == 0
    assert (document["ok"], document["size"], document["checkpoints"], document["unsigned"]) == (True, 5, 1, 0)


def test_damage_is_status_4_with_the_first_bad_entry(firm, capsys):
    log = firm / "data" / "ledger" / "log"
    raw = bytearray(log.read_bytes())
    raw[-3] ^= 4
    log.write_bytes(raw)
    status, error = answer(capsys, "ledger", "verify", "--org", str(firm))
    assert (status, error["code"]) == (4, "ledger-damaged")
    assert error["where"].endswith("entry 4")
    assert error["remedy"]


def test_an_export_verifies_anywhere_with_the_key(firm, tmp_path, capsys):
    file = tmp_path / "out.export"
    status, made = answer(capsys, "ledger", "export", str(file), "--org", str(firm))
    assert (status, made["size"]) == (0, 5)
    (firm / "gestand.toml").unlink()  # no organisation any more
    status, found = answer(capsys, "ledger", "verify", str(file), "--key", made["key"])
    assert (status, found["size"], found["root"], found["trusted"]) == (0, 5, made["root"], True)
    status, found = answer(capsys, "ledger", "verify", str(file))
    assert (status, found["trusted"]) == (0, False)
    key_file = tmp_path / "key.txt"
    key_file.write_text(made["key"] + "\n")
    assert answer(capsys, "ledger", "verify", str(file), "--key", str(key_file))[0] == 0
    file.write_bytes(file.read_bytes().replace(b'"items":3', b'"items":4'))
    assert answer(capsys, "ledger", "verify", str(file), "--key", made["key"])[0] == 4


def test_a_receipt_is_made_and_verified(firm, tmp_path, capsys):
    file = tmp_path / "entry.tlog-proof"
    status, made = answer(capsys, "ledger", "proof", "3", "--out", str(file), "--org", str(firm))
    assert status == 0
    status, found = answer(capsys, "ledger", "verify", str(file), "--key", made["key"])
    assert (status, found["index"], json.loads(found["entry"])["facts"]) == (0, 3, {"items": 3})
    assert answer(capsys, "ledger", "verify", str(file))[1]["code"] == "ledger-key-needed"
    assert answer(capsys, "ledger", "proof", "5", "--org", str(firm))[1]["code"] == "ledger-no-entry"


def test_a_checkpoint_is_printed_for_a_witness(firm, capsys):
    status, document = answer(capsys, "ledger", "checkpoint", "--org", str(firm))
    assert status == 0
    assert document["text"].startswith("example.nl/ledger\n5\n")
    assert (firm / "keys" / "ledger.checkpoint").read_text() == document["text"]


def test_people_get_words(firm, tmp_path, capsys):
    assert run(["ledger", "verify", "--org", str(firm)]) == 0
    assert "no deviation found" in capsys.readouterr().out
    assert run(["ledger", "export", str(tmp_path / "x"), "--org", str(firm)]) == 0
    assert "gestand ledger verify" in capsys.readouterr().out
    assert run(["ledger", "verify", str(tmp_path / "x")]) == 0
    assert "key in the file itself" in capsys.readouterr().out
    assert run(["ledger", "proof", "0", "--org", str(firm)]) == 0
    assert "c2sp.org/tlog-proof@v1" in capsys.readouterr().out
    assert run(["ledger", "checkpoint", "--org", str(firm)]) == 0
    assert "example.nl/ledger" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("verify", "absent"), "no-file"),
        (("verify", "absent", "--key", "nonsense"), "ledger-key"),
        (("export", "/absent/x"), "cannot-write"),
    ],
)
def test_wrong_use_is_status_2(firm, capsys, words, code):
    status, error = answer(capsys, "ledger", *words, "--org", str(firm))
    assert (status, error["code"]) == (2, code)


def test_an_organisation_without_a_ledger_says_so(tmp_path, capsys):
    (tmp_path / "gestand.toml").write_text("format = 1\n")
    status, error = answer(capsys, "ledger", "verify", "--org", str(tmp_path))
    assert (status, error["code"]) == (2, "no-ledger")
    assert not (tmp_path / "data").exists()


def test_a_damaged_export_or_receipt_is_named_in_the_message(firm, tmp_path, capsys):
    key = answer(capsys, "ledger", "checkpoint", "--org", str(firm))[1]["key"]
    for words, name in ((("export",), "log.txt"), (("proof", "2", "--out"), "proof.txt")):
        file = tmp_path / name
        assert run(["ledger", *words, str(file), "--org", str(firm)]) == 0
        capsys.readouterr()
        sound = file.read_bytes()
        for at in range(0, len(sound), 13):
            file.write_bytes(sound[:at] + bytes([sound[at] ^ 1]) + sound[at + 1 :])
            status, fault = answer(capsys, "ledger", "verify", str(file), "--key", key)
            assert status in {2, 4}, at
            assert fault["where"].startswith(str(file)) or status == 2, at
            assert fault["remedy"], at
