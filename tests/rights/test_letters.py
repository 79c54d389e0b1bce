"""The letters: plain words, all that Articles 12 and 15 ask, in Dutch and English alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from gestand.doors.demonstration.cast import CAST
from gestand.doors.demonstration.place import Place, example_folder
from gestand.kernel.clock import local_date
from gestand.kernel.ids import ActorId
from gestand.law.retention_grounds import Basis
from gestand.publication.folder import read_statement
from gestand.register.model import DossierKind
from gestand.rights import words
from gestand.rights.access_letter import access_letter
from gestand.rights.circumstances import Circumstance, values_of
from gestand.rights.correspondence import corrected
from gestand.rights.letters import erasure_letter, extension_letter, rejection_letter
from gestand.rights.model import Channel, Decision, IdentityLevel, Right
from gestand.rights.rules import HELD, REASONS
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
def test_an_answer_says_that_something_may_have_to_stay_longer_and_never_why_it_is_held(place: Place, language: str):
    house = place.open()
    first, second = asked(house, Right.ACCESS, EVA.email), asked(house, Right.ACCESS, EVA.email)
    eva = house.requests.one(first).subject
    phone = next(h for h in house.vault.holdings(eva) if h.field == "contact.phone")
    house.vault.set_due([(phone.item, None, local_date(place.clock()))], trigger="collected", actor=OWNER)
    before = access_letter(house.requests.answer(first, actor=OWNER), language)
    house.vault.place_hold([phone.item], reason="vordering 126ni Sv", until=None, actor=OWNER)
    after = access_letter(house.requests.answer(second, actor=OWNER), language)
    assert {"nl": "wij wissen het zodra dat mag.", "en": "we erase it as soon as we may."}[language] in before
    for letter in (before, after):
        assert {"nl": "Moet iets langer blijven", "en": "Must something stay longer"}[language] in letter
        assert "126ni" not in letter


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
    assert IN_TIME[language] in letter


IN_TIME = {"nl": "binnen zes weken nadat u dit antwoord kreeg", "en": "within six weeks after you received this answer"}
TOO_LATE = {"nl": "Ons antwoord kwam te laat", "en": "Our answer came too late"}
TERM = {"nl": "zes weken", "en": "six weeks"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("days", "said", "unsaid"), [(20, IN_TIME, TOO_LATE), (90, TOO_LATE, TERM)])
def test_the_six_weeks_for_the_court_run_from_receipt_and_only_after_an_answer_in_time(
    place: Place, language: str, days: int, said: dict[str, str], unsaid: dict[str, str]
):
    house = place.open()
    refused, told, erased = (
        asked(house, right, DAAN.email) for right in (Right.RECTIFICATION, Right.ACCESS, Right.ERASURE)
    )
    place.clock.advance(timedelta(days=days))
    house.requests.reject(refused, "AVG 12(5): herhaald.", actor=OWNER)
    answer = house.requests.answer(told, actor=OWNER)
    house.requests.plan(erased, actor=OWNER)
    outcome = house.requests.erase(erased, actor=OWNER)
    letters = house.requests.letters
    for letter in (
        letters.rejection(refused)[language],
        access_letter(answer, language),
        letters.erasure(outcome, actor=OWNER)[language],
    ):
        assert said[language] in letter
        assert unsaid[language] not in letter


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_that_it_takes_longer_names_no_term_for_the_court(place: Place, language: str):
    house = place.open()
    longer = house.requests.extend(asked(house, Right.ACCESS, EVA.email), "Het zijn veel gegevens.", actor=OWNER)
    letter = house.requests.letters.extension(longer.id)[language]
    assert TERM[language] not in letter
    assert {"nl": "na ons antwoord", "en": "after our answer"}[language] in letter


@pytest.mark.parametrize("language", LANGUAGES)
def test_while_a_question_on_identity_is_out_no_answer_is_called_late(place: Place, language: str):
    house = place.open()
    request = house.requests.receive(Right.ERASURE, contact="nadia@example.org", channel=Channel.POST, actor=OWNER)
    house.requests.pause(request.id, actor=OWNER)
    place.clock.advance(timedelta(days=90))
    house.requests.reject(request.id, "AVG 12(6): wij weten niet wie u bent.", actor=OWNER)
    assert IN_TIME[language] in house.requests.letters.rejection(request.id)[language]


def test_what_the_tax_law_keeps_is_listed_item_by_item_with_its_last_day(lived):
    outcome = lived.happened.erasure
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_erasure_that_left_everything_is_told_as_a_refusal_and_not_as_a_lack_of_data(place: Place, language: str):
    house = place.open()
    request = asked(house, Right.ERASURE, DAAN.email)
    held = [holding.item for holding in house.vault.holdings(house.requests.one(request).subject)]
    house.vault.place_hold(held, reason="vordering 126nd Sv", until=None, actor=OWNER)
    house.requests.plan(request, actor=OWNER)
    outcome = house.requests.erase(request, actor=OWNER)
    letter = house.requests.letters.erasure(outcome, actor=OWNER)[language]
    assert {"nl": "Wij hebben nu niets gewist.", "en": "We have erased nothing now."}[language] in letter
    assert {"nl": "niets om te wissen", "en": "nothing to erase"}[language] not in letter
    assert HELD.into(language) in letter
    assert "126nd" not in letter


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_datum_is_one_and_what_is_restricted_is_told_to_be_stored_only(lived, language: str):
    outcome, policy = lived.happened.erasure, read_statement(example_folder()).policy
    [*_, kept] = outcome.plan.having(Decision.KEEP)
    plan = replace(outcome.plan, decisions=(replace(kept, decision=Decision.RESTRICT),))
    letter = erasure_letter(
        replace(outcome, plan=plan, erased=1, fields=(kept.title,)), policy.controller, plan.on, language,
        request_shelf=policy.rights.shelf,
    )  # fmt: skip
    assert {"nl": "Wij hebben 1 gegeven gewist", "en": "We erased 1 datum"}[language] in letter
    assert {"nl": "het is weg", "en": "it is gone"}[language] in letter
    assert {"nl": "Wij bewaren dit alleen; wij gebruiken het niet.", "en": "We only store this; we do not use it."}[
        language
    ] in letter


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_nobody_must_be_told_no_letter_claims_that_nobody_has_the_data(place: Place, language: str):
    said = corrected([words.ASKED[Right.ACCESS]], (), local_date(place.clock()))
    letter = place.open().requests.letters.words(said)[language]
    assert {
        "nl": "Wij hoeven dit aan niemand anders te vertellen.",
        "en": "We need not tell this to anyone else.",
    }[language] in letter


def test_who_asks_twice_is_told_the_last_day_and_not_the_day():
    assert "uiterlijk op de dag" in values_of(Circumstance.DUPLICATE, "nl")["why"]


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
