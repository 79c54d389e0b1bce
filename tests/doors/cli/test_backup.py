"""gestand backup, restore and keys, as a person and as a script use them."""

from __future__ import annotations

import json
import shutil
import stat

import pytest

from gestand.backup.recipients import new_identity, recipient_of
from gestand.doors.cli.main import run


@pytest.fixture
def org(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "firma"
    assert run(["init", str(folder), "--name", "Voorbeeld", "--json"]) == 0
    assert run(["statement", "publish", "--first", "--json", "--org", str(folder)]) == 0
    (tmp_path / "sleutel.txt").write_text(new_identity())
    with (folder / "gestand.toml").open("a") as file:
        recipient = recipient_of(tmp_path / "sleutel.txt")
        file.write(f'\n[backup]\nfolder = "../reserve"\nrecipients = ["{recipient}"]\nkeys_keep_days = 14\n')
    monkeypatch.setenv("GESTAND_ORG", str(folder))
    capsys.readouterr()
    return folder


@pytest.fixture
def ask(org, capsys):
    def asked(*words: object, status: int = 0):
        assert run([*map(str, words), "--json"]) == status, capsys.readouterr()
        written = capsys.readouterr()
        return json.loads(written.out) if status == 0 else json.loads(written.err.splitlines()[-1])["error"]

    return asked


@pytest.fixture
def identity(tmp_path):
    return tmp_path / "sleutel.txt"


def someone(ask) -> str:
    return ask(
        "subject", "add", "--purpose", "service", "--field", "contact.name=Anna de Vries",
        "--field", "contact.email=Anna@example.nl",
    )["subject"]  # fmt: skip


def test_backed_up_lost_restored(ask, org, identity, tmp_path):
    who = someone(ask)
    made = ask("backup")
    assert made["id"].startswith("bak_")
    assert (made["items"], made["replayed"], made["verified"]) == (2, 0, False)
    [listed] = ask("backup", "list")["backups"]
    assert (listed["id"], listed["keys"]) == (made["id"], True)
    drilled = ask("backup", "drill", "--identity", identity)
    assert (drilled["id"], drilled["items"], drilled["verified"]) == (made["id"], 2, True)
    lost = tmp_path / "verloren"
    org.rename(lost)
    done = ask("restore", tmp_path / "reserve", "--into", org, "--identity", identity, "--ledger", lost)
    assert done | {"id": made["id"], "items": 2, "replayed": 0, "verified": True} == done
    assert ask("subject", "show", who)
    assert ask("ledger", "verify")["ok"]


def test_what_cannot_be_is_said_with_its_status(ask, org, identity, tmp_path):
    someone(ask)
    ask("backup")
    into = tmp_path / "nieuw"
    assert ask("restore", tmp_path / "reserve", "--into", into, "--identity", identity, status=3)["remedy"]
    assert ask("restore", tmp_path, "--into", into, "--identity", identity, status=2)["code"] == "no-backup"
    assert (
        ask("restore", tmp_path / "reserve", "--into", org, "--identity", identity, status=2)["code"]
        == "restore-not-empty"
    )
    victim = max((tmp_path / "reserve" / "parts").iterdir(), key=lambda path: path.stat().st_size)
    victim.write_bytes(b"x" + victim.read_bytes()[1:])
    damaged = ask("restore", tmp_path / "reserve", "--into", into, "--identity", identity, "--ledger", org, status=4)
    assert (damaged["code"], damaged["where"]) == ("backup-damaged", str(victim))
    assert ask("backup", "drill", "--identity", identity, status=4)["code"] == "drill-failed"
    assert not into.exists()


def test_without_settings_it_says_what_to_write(ask, org):
    text = (org / "gestand.toml").read_text()
    (org / "gestand.toml").write_text(text[: text.index("[backup]")])
    refused = ask("backup", status=2)
    assert refused["code"] == "backup-not-set"
    assert "recipients" in refused["remedy"]
    (org / "gestand.toml").write_text(text.replace("keys_keep_days = 14", "keys_keep_days = -1"))
    assert ask("keys", "show", status=2)["code"] == "config-value"


def test_keys_shown_turned_kept_elsewhere_put_back(ask, org, identity, tmp_path, capsys):
    someone(ask)
    assert ask("keys", "show") | {"epoch": 1, "oldest_backup_still_open": None} == ask("keys", "show")
    ask("backup")
    turned = ask("keys", "rotate")
    assert turned["epoch"] == 2
    assert turned["oldest_backup_still_open"] is not None
    sealed, paper, envelope = (tmp_path / name for name in ("e.age", "e.txt", "e.html"))
    ask("keys", "escrow", "--recipient", recipient_of(identity), "--out", sealed)
    ask("keys", "escrow", "--paper", "--out", paper)
    ask("keys", "envelope", "--out", envelope)
    assert {stat.S_IMODE(file.stat().st_mode) for file in (sealed, paper, envelope)} == {0o600}
    assert ask("keys", "envelope", "--out", envelope, status=2)["code"] == "file-exists"
    assert ask("keys", "escrow", "--out", tmp_path / "x", status=2)["code"] == "escrow-for-whom"
    for words in ((sealed, "--identity", identity), (paper,)):
        (org / "keys" / "root.key").unlink()
        shutil.rmtree(org / "data" / "epochs")
        assert ask("keys", "recover", *words)["put_back"] == ["ROOT", "E2"]
        assert ask("keys", "show")["epoch"] == 2


def test_for_a_person(org, identity, capsys, tmp_path):
    assert run(["backup"]) == 0
    assert "gestand backup drill" in capsys.readouterr().out
    assert run(["backup", "list"]) == 0
    assert "there" in capsys.readouterr().out
    assert run(["keys", "show"]) == 0
    assert "unreadable in every backup" in capsys.readouterr().out
    assert run(["backup", "drill", "--identity", str(identity)]) == 0
    assert "every seal checked" in capsys.readouterr().out
    into = tmp_path / "nieuw"
    words = ["restore", str(tmp_path / "reserve"), "--into", str(into), "--identity", str(identity), "--nothing-newer"]
    assert run(words) == 0
    told = capsys.readouterr().out
    assert "Nobody knows" in told
    assert "NOTHING proved" in told


def test_set_up_once(ask, org, tmp_path):
    text = (org / "gestand.toml").read_text()
    bare = text[: text.index("[backup]")]
    (org / "gestand.toml").write_text(bare)
    key = tmp_path / "nieuw.txt"
    done = ask("backup", "setup", "--folder", "../elders", "--identity", key)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert (org / "gestand.toml").read_text().startswith(bare)
    assert done["recipient"] == recipient_of(key)
    assert ask("backup")["id"]
    assert ask("backup", "drill", "--identity", key)["verified"]
    assert key.read_text().startswith("# ledger: ")
    assert ask("backup", "setup", "--folder", "x", "--identity", tmp_path / "y", status=2)["code"] == "backup-set-up"
    (org / "gestand.toml").write_text(bare)
    assert ask("backup", "setup", "--folder", "x", "--identity", key, status=2)["code"] == "file-exists"
