"""The letters: plain words, all that Articles 12 and 15 ask, in Dutch and English alike."""

from __future__ import annotations

import pytest

from gestand.doors.demonstration.cast import CAST
from gestand.doors.demonstration.place import Place
from gestand.kernel.clock import local_date
from gestand.kernel.ids import ActorId
from gestand.law.retention_grounds import Basis
from gestand.register.model import DossierKind
from gestand.rights import words
from gestand.rights.access_letter import access_letter
from gestand.rights.letters import erasure_letter, extension_letter, rejection_letter
from gestand.rights.model import Channel, IdentityLevel, Right
from gestand.rights.rules import REASONS
from gestand.statement.policy import LawfulBasis, Trigger
from gestand.system import System

OWNER = ActorId("owner")
ANNA, BRAM, CHAIMA, DAAN, EVA = CAST[:5]
LANGUAGES = ("nl", "en")


def asked(house: System, right: Right, contact: str) -> str:
    request = house.requests.receive(right, contact=contact, channel=Channel.EMAIL, actor=OWNER)
    return house.requests.confirm(request.id, IdentityLevel.CONTACT_POINT, actor=OWNER).id


@pytest.fixture
def access(place: Place) -> dict[str, str]:
    house = place.open()
    answer = house.requests.answer(asked(house, Right.ACCESS, EVA.email), actor=OWNER)
    return {language: access_letter(answer, language) for language in LANGUAGES}


ASKED_BY_ARTICLE_15 = {
    "nl": {
        "confirmation": "Ja, wij gebruiken gegevens van u", "(a) purposes": "waarvoor:", "(c) recipients": "wie het krijgt:",
        "(d) period": "gaat weg op:", "(e) rights": "te wissen, minder te gebruiken", "(e) objection": "bezwaar maken",
        "(f) complaint": "Autoriteit Persoonsgegevens", "(g) source": "herkomst:", "(h) automated": "door een computer alleen",
        "restriction": "beperkt:", "contact": "info@kopercom.nl",
    },
    "en": {
        "confirmation": "Yes, we use data about you", "(a) purposes": "purpose:", "(c) recipients": "recipients:",
        "(d) period": "leaves on:", "(e) rights": "erase them, to use them less", "(e) objection": "object",
        "(f) complaint": "Autoriteit Persoonsgegevens", "(g) source": "source:", "(h) automated": "by a computer alone",
        "restriction": "restricted:", "contact": "info@kopercom.nl",
    },
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_says_all_that_article_15_asks(access: dict[str, str], language: str):
    lacking = [what for what, said in ASKED_BY_ARTICLE_15[language].items() if said not in access[language]]
    assert not lacking


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_stands_in_the_answer_and_no_colleague_does(access: dict[str, str], language: str):
    for value in (EVA.name, EVA.email, EVA.street, EVA.town, EVA.wishes):
        assert value in access[language]
    assert "owner" not in access[language]
    assert CHAIMA.name not in access[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stranger_reads_that_nothing_is_held(place: Place, language: str):
    house = place.open()
    answer = house.requests.answer(asked(house, Right.ACCESS, "nadia@example.org"), actor=OWNER)
    letter = access_letter(answer, language)
    assert {"nl": "niets van u, behalve dit verzoek zelf", "en": "nothing about you but this request"}[
        language
    ] in letter
    assert ASKED_BY_ARTICLE_15[language]["(f) complaint"] in letter


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_past_its_time_is_listed_as_withheld_with_the_reason(place: Place, language: str):
    house = place.open()
    request = asked(house, Right.ACCESS, EVA.email)
    phone = next(h for h in house.vault.holdings(house.requests.one(request).subject) if h.field == "contact.phone")
    house.vault.set_due([(phone.item, None, local_date(place.clock()))], trigger="collected", actor=OWNER)
    letter = access_letter(house.requests.answer(request, actor=OWNER), language)
    assert {"nl": "telefoonnummer: De bewaartermijn is voorbij", "en": "telephone number: Its period is over"}[
        language
    ] in letter


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_erasure_is_told_with_what_left_what_stays_why_and_whom_to_turn_to(place: Place, language: str):
    house = place.open()
    request = asked(house, Right.ERASURE, DAAN.email)
    house.requests.plan(request, actor=OWNER)
    outcome = house.requests.erase(request, actor=OWNER)
    policy = house.statements.in_force().policy
    letter = erasure_letter(
        outcome, policy.controller, local_date(place.clock()), language, request_shelf=policy.rights.shelf
    )
    assert {"nl": "zij zijn weg", "en": "they are gone"}[language] in letter
    assert {"nl": "e-mailadres", "en": "e-mail address"}[language] in letter
    assert "Autoriteit Persoonsgegevens" in letter
    assert {"nl": "binnen zes weken", "en": "within six weeks"}[language] in letter


def test_what_the_tax_law_keeps_is_listed_item_by_item_with_its_last_day(lived):
    outcome = lived.happened.erasure
    from gestand.doors.demonstration.place import example_folder
    from gestand.publication.folder import read_statement

    policy = read_statement(example_folder()).policy
    letter = erasure_letter(outcome, policy.controller, outcome.plan.on, "nl", request_shelf=policy.rights.shelf)
    staying = [line for line in letter.splitlines() if "AWR 52" in line]
    assert len(staying) == outcome.kept == 5
    assert all("31 december 2033" in line and "De wet verplicht ons" in line for line in staying)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_and_an_extension_give_reason_date_authority_and_court(place: Place, language: str):
    house = place.open()
    controller, today = house.statements.in_force().policy.controller, local_date(place.clock())
    longer = house.requests.extend(asked(house, Right.ACCESS, EVA.email), "Het zijn veel gegevens.", actor=OWNER)
    letter = extension_letter(longer, controller, today, language)
    assert "Het zijn veel gegevens." in letter
    assert words.day(local_date(longer.conservative), language) in letter
    refused = house.requests.reject(asked(house, Right.ACCESS, ANNA.email), "AVG 12(5): herhaald.", actor=OWNER)
    letter = rejection_letter(refused, controller, today, language)
    assert "AVG 12(5): herhaald." in letter
    assert "Autoriteit Persoonsgegevens" in letter
    assert {"nl": "rechter", "en": "court"}[language] in letter


def test_there_are_words_for_every_basis_event_right_and_dossier():
    assert words.BASIS.keys() == set(LawfulBasis)
    assert words.EVENT.keys() == set(Trigger)
    assert words.ASKED.keys() == set(Right)
    assert words.DOSSIER.keys() == set(DossierKind)
    assert {Basis.OBLIGATION, Basis.CLAIMS, Basis.CONTRACT, Basis.PROCESSOR} == REASONS.keys()


def test_dutch_sentences_are_short(access: dict[str, str]):
    own = [line for line in access["nl"].splitlines() if line and not line.startswith(" ") and ":" not in line]
    assert own
    assert max(len(sentence.split()) for line in own for sentence in line.split(". ")) <= 20
