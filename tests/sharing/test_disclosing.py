"""Only what the statement names is given, only to whom it names, and everyone concerned can see it afterwards."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pyrage
import pytest

from gestand.backup.recipients import read_identities
from gestand.doors.demonstration.cast import CAST
from gestand.doors.demonstration.place import Place
from gestand.doors.house import world_of
from gestand.evidence.controls.sharing import disclosures_within
from gestand.evidence.model import Finding
from gestand.kernel.clock import local_date
from gestand.kernel.errors import DamagedError, RefusedError, UsageError
from gestand.kernel.ids import ActorId, FieldPath, PurposeId, RecipientId, SubjectId
from gestand.rights.access_letter import access_letter
from gestand.rights.model import Channel, IdentityLevel, Right
from gestand.sharing.agreements import CONTENTS, FILE
from gestand.sharing.model import Form, Package, Stage
from gestand.statement.policy import FieldKind
from gestand.system import System

OWNER = ActorId("owner")
ANNA, _, CHAIMA, DAAN, EVA = CAST[:5]
BOOKKEEPER, ADMINISTRATION = RecipientId("bookkeeper"), PurposeId("administration")
ADDRESS = tuple(map(FieldPath, ("contact.name", "contact.street")))


def subject(house: System, person=ANNA) -> SubjectId:
    [found] = house.vault.find(FieldKind.EMAIL, person.email)
    return found


def give(house: System, *people, **other) -> Package:
    asked = {
        "recipient": BOOKKEEPER,
        "fields": ADDRESS,
        "purpose": ADMINISTRATION,
        "ground": "AWR 52",
        "actor": OWNER,
    } | other
    subjects = tuple(subject(house, person) for person in people or (ANNA,))
    return house.sharing.disclose(subjects=subjects, **asked)


def opened(place: Place, package: Package) -> dict:
    return json.loads(pyrage.decrypt(package.sealed, read_identities([place.identity])))


def agree(place: Place, old: str, new: str) -> System:
    """Change the register of agreements, as its owner would, and open the house again."""
    place.close()
    file = place.folder / FILE
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    return place.open()


def test_what_is_given_is_sealed_to_the_recipient_and_holds_no_more_than_was_asked(place: Place):
    house = place.open()
    made = give(house, ANNA, CHAIMA)
    document = opened(place, made)
    assert [person["contact.name"] for person in document["people"]] == [[ANNA.name], [CHAIMA.name]]
    assert set(document["people"][0]) == {"reference", *ADDRESS}
    assert document["people"][1]["reference"] == f"{made.disclosure.id}/2"
    assert ANNA.name.encode() not in made.sealed
    assert made.disclosure.package == hashlib.sha256(made.sealed).hexdigest()
    assert made.disclosure.stage is Stage.DELIVERED


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        ({"recipient": "data-broker"}, "recipient-unknown", "C7"),
        ({"recipient": "hosting"}, "recipient-not-for-purpose", "bookkeeper, bank, tax-authority"),
        ({"purpose": "profiling"}, "purpose-unknown", "5(1)(b)"),
        ({"ground": "AVG 6(1)(a)"}, "ground-not-stated", "AWR 52"),
        ({"fields": (*ADDRESS, "service.wishes", "contact.birthdate")}, "fields-outside-statement", "service.wishes, contact.birthdate"),
        ({"fields": ()}, "fields-not-named", "5(1)(c)"),
        ({"recipient": "tax-authority"}, "authority-without-order", "C36"),
    ],
)  # fmt: skip
def test_what_the_statement_does_not_name_is_refused_with_its_clause(place: Place, asked, code: str, said: str):
    house = place.open()
    before = house.ledger.head().size
    with pytest.raises(RefusedError) as refused:
        give(house, **asked)
    assert refused.value.code == code
    assert said in refused.value.message
    assert refused.value.clause
    assert house.ledger.head().size == before
    assert len(list(house.sharing.disclosures())) == 2


def test_every_reason_against_is_told_at_once(place: Place):
    judged = place.open().sharing.judge(
        RecipientId("hosting"), (FieldPath("service.wishes"),), ADMINISTRATION, "zomaar"
    )
    assert [one.code for one in judged.against] == [
        "recipient-not-for-purpose", "ground-not-stated", "fields-outside-statement", "agreement-missing",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("signed = 2026-01-05", "signed = 2027-01-05", "agreement-missing", "28(3)"),
        ("expires = 2029-01-05", "expires = 2026-12-06", "agreement-expired", "ended on 2026-12-06 (C94"),
        ('"audit", ', "", "agreement-incomplete", "28(3)(h)"),
        ('sealed_to = "', 'country = "US"\nsealed_to = "', "recipient-elsewhere", "the statement says NL"),
    ],
)
def test_an_agreement_that_does_not_hold_stops_it(place: Place, old: str, new: str, code: str, said: str):
    house = agree(place, old, new)
    with pytest.raises(RefusedError) as refused:
        give(house)
    assert refused.value.code == code
    assert said in refused.value.message


def test_the_end_of_an_agreement_is_warned_of_before(place: Place):
    house = agree(place, "expires = 2029-01-05", "expires = 2027-01-05")
    judged = house.sharing.judge(BOOKKEEPER, ADDRESS, ADMINISTRATION, "AWR 52")
    assert judged.allowed
    assert judged.warnings == ("the agreement with 'bookkeeper' ends on 2027-01-05",)


@pytest.mark.parametrize(
    "wrong", ['contents = ["nothing"]', 'sealed_to = "age1no"', "surprise = 1", "country = 'Holland'"]
)
def test_a_register_that_cannot_be_is_refused_with_its_place(place: Place, wrong: str):
    place.close()
    file = place.folder / FILE
    file.write_text(f'format = 1\n[agreements.bookkeeper]\nname = "B"\n{wrong}\n', "utf-8")
    with pytest.raises(UsageError) as refused:
        place.open()
    assert refused.value.code == "agreements-wrong"
    assert "bookkeeper" in refused.value.message


def test_without_a_key_nothing_is_opened(place: Place):
    place.close()
    file = place.folder / FILE
    lines = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("sealed_to")]
    file.write_text("\n".join(lines), "utf-8")
    house = place.open()
    before = house.ledger.head().size
    with pytest.raises(UsageError) as refused:
        give(house)
    assert refused.value.code == "package-key"
    assert house.ledger.head().size == before


def test_it_is_noted_before_it_opens_and_the_ledger_names_nobody(place: Place):
    house = place.open()
    before = house.ledger.head().size
    made = give(house)
    noted, opening, delivered = (entry.event for entry in house.ledger.entries(before))
    assert [noted.name, opening.name, delivered.name] == ["sharing.noted", "data.opened", "sharing.noted"]
    assert opening.facts == {"under": made.disclosure.id, "items": 2, "refused": 0, "subjects": 1}
    assert opening.subject == noted.subject == ""
    [given] = house.sharing.given_under(made.disclosure.id) or ()
    assert (given.subject, given.items) == (subject(house), made.disclosure.given[0].items)


def test_what_may_not_open_is_left_out_and_counted(place: Place):
    house = place.open()
    street = next(h.item for h in house.vault.holdings(subject(house)) if h.field == "contact.street")
    house.vault.restrict([street], reason="accuracy contested, Article 18(1)(a)", actor=OWNER)
    made = give(house)
    assert made.disclosure.refused == 1
    assert opened(place, made)["people"][0]["contact.street"] == []


def test_a_package_that_cannot_be_delivered_counts_as_not_given(place: Place):
    house = place.open()

    def full(_package: Package) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        give(house, deliver=full)
    [broken] = [one for one in house.sharing.disclosures() if one.stage is Stage.WITHDRAWN]
    assert broken.given == ()
    assert house.sharing.shared_with(subject(house)) == ()
    assert disclosures_within(world_of(house)).finding is Finding.KEPT


def test_the_person_sees_in_the_answer_who_got_what(place: Place):
    house = place.open()
    give(house)
    asked = house.requests.receive(Right.ACCESS, contact=ANNA.email, channel=Channel.EMAIL, actor=OWNER)
    house.requests.confirm(asked.id, IdentityLevel.CONTACT_POINT, actor=OWNER)
    answer = house.requests.answer(asked.id, actor=OWNER)
    [shown] = answer.shared
    assert "Boekhoudkantoor Voorbeeld" in shown.recipient.nl
    assert [field.nl for field in shown.fields] == ["naam", "adres"]
    letter = access_letter(answer, "nl")
    assert "Aan wie wij gegevens van u gaven:\n  7 december 2026: onze boekhouder (Boekhoudkantoor Voorbeeld)" in letter


def test_nothing_of_a_record_stands_readable_in_the_store(place: Place):
    house = place.open()
    made = give(house)
    rows = house.engine.execute("SELECT id, leaves, sealed FROM sharing_record")
    plain = b"".join(bytes(sealed) for _, _, sealed in rows)
    assert b"bookkeeper" not in plain
    assert subject(house).encode() not in plain
    assert len({len(sealed) % 1024 for _, _, sealed in rows}) == 1
    assert made.disclosure.id in {name for name, _, _ in rows}


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("DELETE FROM sharing_record WHERE id = ?", "is gone"),
        ("UPDATE sharing_record SET id = 'shr_bbbbbbbbbbbbbbbb' WHERE id = ?", ""),
    ],
)
def test_a_record_that_is_removed_or_moved_is_noticed(place: Place, sql: str, said: str):
    house = place.open()
    made = give(house)
    with house.engine.transaction():
        house.engine.execute(sql, (made.disclosure.id,))
    if said:
        verdict = disclosures_within(world_of(house))
        assert verdict.finding is Finding.BROKEN
        assert any(said in fault for fault in verdict.evidence)
    else:
        with house.engine.transaction():
            house.engine.execute(
                "UPDATE sharing_token SET record = 'shr_bbbbbbbbbbbbbbbb' WHERE record = ?", (made.disclosure.id,)
            )
        with pytest.raises(DamagedError):
            list(house.sharing.disclosures())


def test_records_leave_with_the_term_of_their_purpose_and_not_a_day_before(place: Place):
    house = place.open()
    made = give(house)
    custodian = house.sharing.custodian
    last = made.disclosure.leaves
    assert last.year == local_date(place.clock()).year + 8  # seven years after the end of this one
    assert made.disclosure.id not in {one.key for one in custodian.due(last - timedelta(days=1))}
    due = [one.key for one in custodian.due(last)]
    assert made.disclosure.id in due
    assert custodian.erase(due, ground="storage limitation", actor=OWNER) == 0
    assert house.engine.execute("SELECT COUNT(*) FROM sharing_token WHERE record = ?", (made.disclosure.id,)) == [(0,)]
    assert disclosures_within(world_of(house)).finding is not Finding.BROKEN


def test_all_forms_are_offered(place: Place):
    house = place.open()
    for form in Form:
        made = give(house, form=form)
        plain = pyrage.decrypt(made.sealed, read_identities([place.identity]))
        assert made.file_name == f"{made.disclosure.id}.{form}.age"
        assert (b"PK" if form is Form.XLSX else ANNA.name.encode()) in plain


def test_the_list_of_article_28_is_whole():
    articles = " ".join(article for article, _ in CONTENTS.values())
    assert all(f"28(3)({letter})" in articles for letter in "abcdefgh")
