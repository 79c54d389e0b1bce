"""Keys kept elsewhere bring an organisation back whose keys are gone, and only until the epoch ends."""

from __future__ import annotations

import html
import re
import shutil

import pytest
from backup_world import CANARY, OWNER, nothing, read

from gestand.backup.envelope import envelope_page
from gestand.backup.escrow import open_escrow, recover_keys
from gestand.backup.recipients import read_identities, recipient_of
from gestand.kernel.entropy import system_entropy
from gestand.kernel.errors import GestandError, InputError, UsageError


def keys_gone(firm) -> None:
    firm.place.close()
    (firm.place.folder / "keys" / "root.key").unlink()
    shutil.rmtree(firm.place.folder / "data" / "epochs")


def recover(firm, text: str) -> tuple[str, ...]:
    return recover_keys(text, firm.place.folder, where="paper", entropy=system_entropy, variable=nothing)


def test_from_an_age_file(firm):
    sealed = firm.house.backups.escrow(form="age", recipients=[recipient_of(firm.keys_identity)], actor=OWNER).sealed
    file = firm.folder / "escrow.age"
    file.write_bytes(sealed)
    keys_gone(firm)
    with pytest.raises(UsageError) as refused:
        open_escrow(file, read_identities([firm.data_identity]))
    assert refused.value.code == "backup-identity"
    assert recover(firm, open_escrow(file, read_identities([firm.keys_identity]))) == ("ROOT", "E1")
    assert read(firm.house, "anna")["contact.name"] == CANARY


def test_from_paper_with_a_slip_of_the_pen_found(firm):
    lines = list(firm.house.backups.escrow(form="paper", actor=OWNER).lines)
    keys_gone(firm)
    slipped = list(lines)
    slipped[1] = slipped[1][:12] + ("0" if slipped[1][12] != "0" else "1") + slipped[1][13:]
    with pytest.raises(InputError) as refused:
        recover(firm, "\n".join(slipped))
    assert [(p.line, p.code) for p in refused.value.problems] == [(2, "paper-mistyped")]
    assert not (firm.place.folder / "keys" / "root.key").exists()
    recover(firm, "\n".join(lines).upper())
    assert read(firm.house, "anna")["contact.name"] == CANARY


def test_from_the_envelope_as_it_is_printed(firm):
    made = firm.house.backups.escrow(form="envelope", actor=OWNER)
    page = envelope_page(made, name="Voorbeeld <BV>", backups=firm.settings())
    assert "Voorbeeld &lt;BV&gt;" in page
    assert "Als de eigenaar ziek is" in page
    assert "When the owner is ill" in page
    assert not re.search(r"<script|https?://|<img|<link|@import|url\(", page)
    keys_gone(firm)
    recover(firm, html.unescape(page))
    assert read(firm.house, "anna")["contact.name"] == CANARY


def test_nothing_is_overwritten(firm):
    lines = firm.house.backups.escrow(form="paper", actor=OWNER).lines
    firm.place.close()
    with pytest.raises(UsageError) as refused:
        recover(firm, "\n".join(lines))
    assert refused.value.code == "root-key-exists"


def test_it_expires_with_the_epoch(firm):
    old = firm.house.backups.escrow(form="paper", actor=OWNER)
    firm.house.backups.rotate(actor=OWNER)
    found = firm.house.backups.inventory(firm.settings())
    assert (found.epoch, found.escrow_epoch) == (2, 1)
    keys_gone(firm)
    recover(firm, "\n".join(old.lines))
    with pytest.raises(GestandError):
        read(firm.house, "anna")


def test_the_ledger_knows_that_keys_left_and_not_which(firm):
    made = firm.house.backups.escrow(form="paper", actor=OWNER)
    [entry] = [e for e in firm.house.ledger.entries() if e.event.name == "escrow.made"]
    assert entry.event.facts == {"epoch": 1, "form": "paper", "recipients": 0, "digest": ""}
    digits = re.sub(r"\s", "", made.lines[0])[6:22]
    assert digits not in entry.leaf.decode()
    assert digits not in repr(made)
