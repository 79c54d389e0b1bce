"""Codes for the portal, proof of identity, other systems, and the page of proof: each with what it refuses."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import pytest

from gestand.doors.office.pages import asking, evidence, requests, showing, sources
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId
from gestand.rights.model import Channel, IdentityLevel, Right
from gestand.rights.portal.model import Level

OWNER = ActorId("owner")
TYPED = re.compile(r'<p class="printed"><code>([^<]+)</code>')


def made(visit, right=Right.ACCESS, level: IdentityLevel | None = IdentityLevel.IN_PERSON):
    house = visit.house
    request = house.requests.receive(right, contact="anna@example.nl", channel=Channel.EMAIL, actor=OWNER)
    if level is not None:
        house.requests.confirm(request.id, level, actor=OWNER)
    return replace(visit, params={"request": request.id})


def test_a_code_is_shown_once_and_opens_what_it_says(visit):
    at = made(visit)
    shown = asking.code(replace(at, form={"level": "follow"})).body.decode()
    [typed] = TYPED.findall(shown)
    entered = visit.house.portal.enter(typed)
    assert (entered.request, entered.level) == (at.params["request"], Level.FOLLOW)
    [typed] = TYPED.findall(asking.code(replace(at, form={"level": "fetch"})).body.decode())
    assert visit.house.portal.enter(typed).level is Level.FETCH
    assert typed not in requests.one(at).body.decode()


def test_a_code_that_fetches_is_given_to_nobody_who_was_not_judged(visit):
    with pytest.raises(RefusedError) as refused:
        asking.code(replace(made(visit, level=None), form={"level": "fetch"}))
    assert refused.value.code == "identity-not-judged"


def test_a_wrong_code_settles_nothing_and_what_cannot_be_sent_says_so(visit):
    at = made(visit, level=None)
    with pytest.raises(UsageError) as unset:
        asking.challenge(at)  # nothing here can send
    assert unset.value.code == "smtp-not-set"
    with pytest.raises(RefusedError) as wrong:
        asking.prove(replace(at, form={"code": "000000"}))
    assert wrong.value.code == "identity-code"
    assert visit.house.requests.one(at.params["request"]).identity is None


def test_a_question_of_ours_stops_the_clock_until_it_is_answered(visit):
    at = made(visit, level=None)
    asking.pause(at)
    assert "Onze vraag is beantwoord" in requests.one(at).body.decode()
    asking.pause(replace(at, form={"answered": "1"}))
    assert "omdat het moet" in requests.one(at).body.decode()


def test_a_portable_copy_is_a_file_of_what_was_provided(visit):
    at = made(visit, Right.PORTABILITY)
    with zipfile.ZipFile(io.BytesIO(asking.port(at).body)) as packed:
        letters = {f"letter.{language}.{kind}" for language in ("nl", "en") for kind in ("txt", "pdf")}
        assert set(packed.namelist()) == {"data.json", "data.csv", "contact.vcf", "receipt.tlog-proof"} | letters
        assert b"anna@example.nl" in packed.read("data.json")
    assert not visit.house.requests.one(at.params["request"]).open


def test_the_calendar_names_nobody(visit):
    made(visit)
    calendar = asking.calendar(visit).body.decode()
    assert "BEGIN:VEVENT" in calendar
    assert "anna" not in calendar.lower()


def test_a_mail_that_asks_is_accepted_as_what_a_person_says_it_is(visit):
    waiting = [one for one in visit.house.proposals.all() if one.state == "open"]
    if not waiting:
        asking.look(visit)
        waiting = [one for one in visit.house.proposals.all() if one.state == "open"]
    shown = requests.requests(visit).body.decode()
    for one in waiting:
        assert f"requests/proposals/{one.id}/accept" in shown
    if len(waiting) > 1:
        asking.dismiss(replace(visit, params={"proposal": waiting[1].id}))
        assert f"requests/proposals/{waiting[1].id}/" not in requests.requests(visit).body.decode()


def test_sources_are_tested_and_a_draft_is_judged_but_never_written(visit):
    assert "mail-archive" in sources.sources(visit).body.decode()
    assert "klopt met wat er staat" in sources.test(visit).body.decode()
    from gestand.sources.presets import presets

    name = presets()[0][0]
    folder = visit.house.config.folder / "sources"
    before = sorted(folder.glob("*")) if folder.is_dir() else []
    shown = sources.preset(replace(visit, query={"preset": name})).body.decode()
    assert "format = 1" in shown
    typed = replace(visit, form={"name": name, "content": "kind = 'carrier-pigeon'"})
    assert "carrier-pigeon" in sources.judge(typed).body.decode()
    assert sources.hand_over(typed).filename == f"{name}.toml"
    assert (sorted(folder.glob("*")) if folder.is_dir() else []) == before
    with pytest.raises(UsageError):
        sources.hand_over(replace(visit, form={"name": "../gestand", "content": ""}))
    with pytest.raises(UsageError):
        sources.propose(replace(visit, form={"name": "shop", "dsn": "postgresql://here/in-the-open"}))


def test_the_proof_page_is_off_until_a_keeper_read_it(visit):
    house = visit.house
    house.showing.turn(on=False, actor=OWNER)
    evidence.prove(visit)
    assert house.showing.public() is None
    assert "staat uit" in showing.showing(visit).body.decode()
    showing.seen(visit)
    showing.turn(replace(visit, form={"on": "1"}))
    assert house.showing.public() is not None
    assert "iedereen ziet haar" in showing.showing(visit).body.decode()
    showing.turn(visit)
    assert house.showing.public() is None


def test_who_must_be_told_of_a_version_is_counted_before_anything_is_queued(visit):
    [*_, last] = visit.house.publication.history()
    said = showing.announce(replace(visit, params={"version": last.version})).body.decode()
    assert "told" in said  # it is in force already: said, and nothing was queued
    with pytest.raises(UsageError):
        showing.announce(replace(visit, params={"version": "1999-01-01"}, form={"queue": "1"}))
