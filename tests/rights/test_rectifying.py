"""A correction goes everywhere and is told; a new address waits until the old one, or a person who is sure, lets it through."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from gestand.doors.demonstration.cast import CAST
from gestand.doors.demonstration.place import Place
from gestand.kernel.errors import GestandError, RefusedError, UsageError
from gestand.kernel.ids import ActorId, FieldPath, ItemId, PurposeId, RecipientId
from gestand.post.model import MailKind
from gestand.rights.model import Channel, IdentityLevel, Right
from gestand.rights.moving import LASTS
from gestand.rights.rules import issued_for
from gestand.rights.sending import Way
from gestand.sharing.model import What
from gestand.statement.policy import FieldKind, LawfulBasis
from gestand.system import System
from rights.test_casework import Refusing

OWNER = ActorId("owner")
EVA = CAST[4]
NEW = "eva.nieuw@example.nl"


@pytest.fixture
def house(place: Place) -> System:
    house = place.open()
    house.post.forget([one.message_id for one in list(house.post.all())])
    house.post._courier = Refusing  # as the settings would, with a server named
    return house


def item(house: System, field: str) -> ItemId:
    [eva] = house.vault.find(FieldKind.EMAIL, EVA.email)
    policy = house.statements.in_force().policy
    return next(one.item for one in house.vault.holdings(eva) if one.field == field and issued_for(one, policy) is None)


def code_of(house: System, reference: str) -> tuple[str, str]:
    """Whom a code went to, and the code."""
    [sent] = [one for one in house.post.all(reference=reference) if one.kind is MailKind.CODE]
    raw = house.post.content(sent.message_id, actor=OWNER, reason="test").decode("utf-8", "replace")
    head, _, body = raw.partition("\r\n\r\n")
    found = re.search(r"(\d{4} \d{4})", body)
    assert found is not None
    return head, found[1]


def test_a_new_address_waits_for_the_old_one_which_learns_nothing_of_the_new(house: System) -> None:
    email = item(house, "contact.email")
    with pytest.raises(RefusedError) as early:
        house.requests.rectify(email, NEW, actor=OWNER, reason="own word")
    assert early.value.code == "contact-unconfirmed"
    move = house.requests.moving.ask(email, NEW, actor=OWNER, reason="own word")
    assert move.sent.way is Way.MAIL
    head, code = code_of(house, move.id)
    assert EVA.email in head
    content = house.post.content(move.sent.message, actor=OWNER, reason="test").decode("utf-8", "replace")
    assert NEW not in content
    rows = str(house.engine.execute("SELECT * FROM request_move"))
    assert NEW not in rows
    assert house.vault.find(FieldKind.EMAIL, NEW) == ()
    for number, wrong in ((move.id, "0000 0000"), ("mov_none", code)):
        with pytest.raises(RefusedError) as refused:
            house.requests.moving.confirm(number, wrong, actor=OWNER)
        assert refused.value.code == "move-code"
    house.requests.moving.confirm(move.id, code, actor=OWNER)
    assert len(house.vault.find(FieldKind.EMAIL, NEW)) == 1
    assert house.vault.find(FieldKind.EMAIL, EVA.email) == ()
    with pytest.raises(RefusedError):
        house.requests.moving.confirm(move.id, code, actor=OWNER)


def test_a_code_for_a_new_address_ends_and_its_row_leaves(house: System, place: Place) -> None:
    move = house.requests.moving.ask(item(house, "contact.email"), NEW, actor=OWNER, reason="own word")
    _, code = code_of(house, move.id)
    place.clock.advance(LASTS + timedelta(days=1))
    with pytest.raises(RefusedError):
        house.requests.moving.confirm(move.id, code, actor=OWNER)
    house.retention.run(actor=OWNER)
    assert house.engine.execute("SELECT COUNT(*) FROM request_move") == [(0,)]


def test_is_the_old_address_dead_a_person_is_sure_by_more(house: System) -> None:
    email = item(house, "contact.email")
    house.post._courier = None
    with pytest.raises(RefusedError) as nowhere:
        house.requests.moving.ask(email, NEW, actor=OWNER, reason="own word")
    assert nowhere.value.code == "move-nowhere"
    assert house.engine.execute("SELECT COUNT(*) FROM request_move") == [(0,)]
    house.requests.rectify(email, NEW, actor=OWNER, reason="own word", sure=IdentityLevel.SECOND_FACT)
    assert len(house.vault.find(FieldKind.EMAIL, NEW)) == 1


def test_a_street_is_asked_by_letter_to_the_old_house(house: System) -> None:
    move = house.requests.moving.ask(item(house, "contact.street"), "Nieuweweg 1", actor=OWNER, reason="moved")
    assert move.sent.way is Way.PAPER
    assert house.post.content(move.sent.message, actor=OWNER, reason="test").startswith(b"%PDF-")


def test_the_same_address_in_another_notation_and_other_fields_need_no_confirmation(house: System) -> None:
    house.requests.rectify(item(house, "contact.email"), EVA.email.upper(), actor=OWNER, reason="notation")
    house.requests.rectify(item(house, "contact.town"), "Bergen", actor=OWNER, reason="typo")
    with pytest.raises(UsageError) as kind:
        house.requests.moving.ask(item(house, "contact.town"), "Bergen", actor=OWNER, reason="moved")
    assert kind.value.code == "move-kind"


def test_who_got_the_wrong_value_is_to_be_told_and_nobody_else(house: System) -> None:
    [eva] = house.vault.find(FieldKind.EMAIL, EVA.email)
    before = len(house.sharing.to_tell())
    given = [FieldPath("contact.name"), FieldPath("contact.town")]
    house.sharing.disclose(RecipientId("bookkeeper"), [eva], given, PurposeId("administration"), "AWR 52", actor=OWNER)
    town = house.requests.rectify(item(house, "contact.town"), "Bergen", actor=OWNER, reason="typo")
    phone = house.requests.rectify(item(house, "contact.phone"), "0485-341111", actor=OWNER, reason="typo")
    assert ["boekhouder" in text.nl for text in town.to_tell] == [True]
    assert phone.to_tell == ()
    due = house.sharing.to_tell()
    assert len(due) == before + 1
    assert due[-1].what is What.RECTIFIED


def test_what_says_the_same_is_corrected_with_it_and_what_was_issued_keeps_what_it_said(house: System) -> None:
    [eva] = house.vault.find(FieldKind.EMAIL, EVA.email)
    purposes = house.statements.in_force().policy.purposes
    invoice = house.intake.admit(
        eva, {FieldPath("contact.town"): EVA.town}, PurposeId("administration"), source="counter", actor=OWNER
    )  # fmt: skip
    assert invoice == eva
    assert purposes["administration"].basis is LawfulBasis.LEGAL_OBLIGATION
    towns = [one for one in house.vault.holdings(eva) if one.field == "contact.town"]
    issued = [one for one in towns if issued_for(one, house.statements.in_force().policy)]
    assert issued
    with pytest.raises(RefusedError) as refused:
        house.requests.rectify(issued[0].item, "Bergen", actor=OWNER, reason="typo")
    assert refused.value.code == "item-issued"
    done = house.requests.rectify(item(house, "contact.town"), "Bergen", actor=OWNER, reason="typo")
    assert done.issued == len(issued)
    assert len(done.also) == len(towns) - len(issued) - 1
    now = {one.item: one.rectified_at for one in house.vault.holdings(eva) if one.field == "contact.town"}
    assert all(now[one.item] is None for one in issued)
    assert all(now[one.item] is not None for one in towns if one not in issued)


def test_what_is_not_rewritten_is_noted_in_the_file_of_the_request(house: System) -> None:
    request = house.requests.receive(Right.RECTIFICATION, contact=EVA.email, channel=Channel.EMAIL, actor=OWNER)
    house.requests.confirm(request.id, IdentityLevel.CONTACT_POINT, actor=OWNER)
    before = len(house.vault.holdings(request.filed_under))
    done = house.requests.rectify(item(house, "contact.town"), "Bergen", actor=OWNER, reason="typo", request=request.id)
    added = len(house.vault.holdings(request.filed_under)) - before
    assert added == (1 if done.beside else 0)


def test_a_correction_answers_only_who_was_known_and_only_about_their_own_data(house: System) -> None:
    town, asked = item(house, "contact.town"), house.requests.receive
    unsure = asked(Right.RECTIFICATION, contact=EVA.email, channel=Channel.EMAIL, actor=OWNER)
    other = asked(Right.RECTIFICATION, contact=CAST[0].email, channel=Channel.EMAIL, actor=OWNER)
    access = asked(Right.ACCESS, contact=EVA.email, channel=Channel.EMAIL, actor=OWNER)
    for one in (other, access):
        house.requests.confirm(one.id, IdentityLevel.CONTACT_POINT, actor=OWNER)
    for one, code in (
        (unsure, "identity-not-judged"), (other, "request-other-subject"), (access, "request-right")
    ):  # fmt: skip
        with pytest.raises(GestandError) as refused:
            house.requests.rectify(town, "Bergen", actor=OWNER, reason="typo", request=one.id)
        assert refused.value.code == code
    found = house.vault.item(town)
    assert found is not None
    assert found.rectified_at is None


def test_a_system_that_is_away_leaves_the_value_as_it_was(house: System, monkeypatch: pytest.MonkeyPatch) -> None:
    town = item(house, "contact.town")

    def away(*_of: object, **_how: object) -> None:
        raise GestandError("source-unsearched", "the shop is away")

    monkeypatch.setattr(type(house.sources), "rectify", away)
    with pytest.raises(GestandError):
        house.requests.rectify(town, "Bergen", actor=OWNER, reason="typo")
    [eva] = house.vault.find(FieldKind.EMAIL, EVA.email)
    assert next(one for one in house.vault.holdings(eva) if one.item == town).rectified_at is None
    house.requests.rectify(town, "Bergen", actor=OWNER, reason="typo", everywhere=False)
