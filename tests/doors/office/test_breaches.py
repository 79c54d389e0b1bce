"""A breach from the report to its end, by the office's pages alone; and what each of them refuses."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest

from gestand.breach.model import Lever
from gestand.breach.questions import QUESTIONS
from gestand.doors.office.pages import breach, breaches, warning
from gestand.kernel.errors import RefusedError, UsageError
from gestand.law.breach_reading import read_breach


def reported(visit, **more):
    """Report one, and return the visit of its page."""
    form = {"what": "Een factuur ging naar de verkeerde klant.", "by": "staff", **more}
    location = breaches.report(replace(visit, form=form)).location
    return replace(visit, params={"breach": location.rpartition("/")[2]})


def test_every_answer_that_staff_can_choose_is_one_the_law_reads():
    for question in QUESTIONS:
        for value, _ in question.answers:
            assert not read_breach({question.fact: breach._value(value)}).unknown, (question.fact, value)


def test_a_breach_goes_from_report_to_close(visit):
    service = visit.house.breaches
    at = reported(visit)
    name = at.params["breach"]
    assert "nog niet beoordeeld" in breaches.breaches(visit).body.decode()
    shown = breach.breach(at).body.decode()
    assert "Een factuur ging naar de verkeerde klant." in shown
    for lever in Lever:
        breach.contain(replace(at, form={"lever": lever, "outcome": "not-needed", "note": "er is niets gestolen"}))
    assert service.case(name).left() == ()
    now = visit.now.astimezone().replace(tzinfo=None)
    breach.aware(
        replace(at, form={"at": (now - timedelta(hours=1)).isoformat(timespec="minutes"), "why": "de klant belde"})
    )
    known = {
        "k:incident": "wrong_recipients",
        "k:recipient": "known",
        "k:personal_data": "true",
        "more": "recipients=1",
    }
    breach.facts(replace(at, form=known))
    assert {"incident": "wrong_recipients", "personal_data": True, "recipients": 1}.items() <= service.judgement(
        name, actor=visit.actor
    ).facts.items()
    breach.facts(replace(at, form={**known, "k:recipient": "", "more": ""}))  # an emptied answer is taken back
    assert "recipient" not in service.judgement(name, actor=visit.actor).facts
    [anna] = breach_subject(visit)
    breach.people(replace(at, form={"subjects": anna}))
    assert anna in breach.listed(at).body.decode()
    assert service.case(name).affected.people == 1
    breach.assess(at)
    form = warning.form(at).body.decode()
    assert "Tijdlijn" in form
    assert "Schrijf het op" in warning.tell(at).body.decode()  # nobody is told half
    with pytest.raises(RefusedError) as early:
        warning.told(replace(at, form={"channel": "telephone"}))
    assert early.value.code == "breach-notice-incomplete"
    words = {
        f"{part}:{lang}": "Een factuur ging naar een ander."
        for part in ("summary", "consequences", "measures")
        for lang in ("nl", "en")
    }
    breach.write(replace(at, form=words))
    assert "Mail wie een adres heeft" in warning.tell(at).body.decode()
    with zipfile.ZipFile(BytesIO(warning.letters(replace(at, form={"letter": "nl"})).body)) as packed:
        assert [one.startswith("sub_") for one in packed.namelist()] == [True]
        assert packed.read(packed.namelist()[0]).startswith(b"%PDF")
    assert warning.form_paper(at).body.startswith(b"%PDF")
    with pytest.raises(RefusedError):
        breach.close(replace(at, form={"lessons": "beter kijken"}))
    warning.submit(replace(at, form={"reference": "AP-2026-1"}))
    warning.told(replace(at, form={"channel": "telephone"}))
    breach.close(replace(at, form={"lessons": "beter kijken"}))
    assert not service.case(name).breach.open
    assert "Afgesloten" in breach.breach(at).body.decode()
    assert breaches.register(visit).body.startswith(b"PK")


def breach_subject(visit):
    from gestand.statement.policy import FieldKind

    return visit.house.vault.find(FieldKind.EMAIL, "anna@example.nl")


def test_a_door_is_shut_and_opened_again(visit):
    at = reported(visit)
    breach.contain(replace(at, form={"lever": "close-door", "outcome": "done", "target": "portal"}))
    assert visit.house.breaches.shut_doors() == {"portal"}
    assert "Open deze deur weer" in breach.breach(at).body.decode()
    assert "portal" in breaches.breaches(visit).body.decode()
    breach.reopen(replace(at, form={"door": "portal"}))
    assert visit.house.breaches.shut_doors() == frozenset()


def test_a_rehearsal_moves_nothing_and_is_timed(visit):
    at = reported(visit, rehearsal="on")
    breach.contain(replace(at, form={"lever": "close-door", "outcome": "done", "target": "office"}))
    assert visit.house.breaches.shut_doors() == frozenset()
    shown = breach.breach(at).body.decode()
    assert "Hoe snel ging het?" in shown
    assert "dien dit niet in" in warning.form(at).body.decode()
    breach.close(replace(at, form={"lessons": "de lijst hing niet"}))


def test_a_public_notice_goes_up_and_down(visit):
    at = reported(visit)
    breach.write(replace(at, form={"summary:nl": "Er ging iets mis.", "measures:nl": "Wij haalden het terug."}))
    warning.publish(at)
    assert [one.breach for one in visit.house.breaches.published()] == [at.params["breach"]]
    warning.publish(replace(at, form={"withdraw": "1"}))
    assert visit.house.breaches.published() == ()


@pytest.mark.parametrize(
    ("verb", "form"),
    [
        (breach.contain, {"lever": "pull-the-plug", "outcome": "done"}),
        (breach.contain, {"lever": "rotate-keys", "outcome": "maybe"}),
        (breach.aware, {"why": "x"}),
        (breach.aware, {"at": "gisteren", "why": "x"}),
        (breach.facts, {"more": "geen feit"}),
        (breach.people, {"others": "veel"}),
        (breach.people, {}),
        (warning.submit, {"reference": " "}),
        (warning.letters, {"letter": "fr"}),
    ],
)  # fmt: skip
def test_what_is_filled_in_wrong_is_refused_and_changes_nothing(visit, verb, form):
    at = reported(visit)
    before = len(visit.house.breaches.case(at.params["breach"]).pages)
    with pytest.raises(UsageError):
        verb(replace(at, form=form))
    assert len(visit.house.breaches.case(at.params["breach"]).pages) == before
