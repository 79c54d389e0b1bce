"""Codes and notices at the command line."""

from __future__ import annotations

import pytest

from gestand.doors.cli.request import code
from gestand.doors.cli.statement_proof import Turn, announce, proof_page
from gestand.doors.demonstration.place import Place
from gestand.doors.house import world_of
from gestand.evidence.service import prove
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId
from gestand.rights.model import Channel, Right


def test_a_code_is_shown_once_and_opens_its_request(place: Place, capsys: pytest.CaptureFixture[str]):
    house = place.open()
    request = house.requests.receive(
        Right.ACCESS, contact="eva@example.nl", channel=Channel.POST, actor=ActorId("owner")
    )
    place.close()
    code(request.id, False, place.folder, False, "owner")
    typed = capsys.readouterr().out.split()[0]
    assert place.open().portal.enter(typed).request == request.id


def test_the_proof_page_is_previewed_into_a_file_then_turned_on(
    place: Place, tmp_path, capsys: pytest.CaptureFixture[str]
):
    prove(world_of(place.open()))
    place.close()
    with pytest.raises(RefusedError):
        proof_page(Turn.ON, None, place.folder, False, "owner")
    proof_page(Turn.PREVIEW, tmp_path / "seen.html", place.folder, False, "owner")
    assert "Houden wij ons eraan?" in (tmp_path / "seen.html").read_text("utf-8")
    proof_page(Turn.ON, None, place.folder, True, "owner")
    assert '"shown": true' in capsys.readouterr().out


def test_a_notice_comes_before_or_not_at_all(place: Place):
    house = place.open()
    with pytest.raises(RefusedError) as late:
        house.announcing.announce("2026-12-01", actor=ActorId("owner"))
    assert late.value.code == "notice-late"
    with pytest.raises(UsageError) as unknown:
        announce_at(place, "1999-01-01")
    assert unknown.value.code == "version-unknown"
    told = [e for e in place.open().ledger.entries() if e.event.facts.get("reference") == "statement-2026-12-01"]
    assert {e.event.name for e in told} == {"mail.sent"}
    assert len({e.event.subject for e in told}) == len(told) == 5


def announce_at(place: Place, version: str) -> None:
    place.close()
    announce(version, "nl", False, place.folder, False, "owner")
