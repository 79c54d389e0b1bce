"""Taking data along: what the person provided, in forms other programs read."""

import csv
import io
import json

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from gestand.doors.demonstration.cast import CAST
from gestand.kernel.errors import GestandError, RefusedError, UsageError
from gestand.kernel.ids import ActorId, FieldPath, PurposeId, ShelfId
from gestand.rights.model import Channel, IdentityLevel, Right
from gestand.rights.portable import PortableDatum, to_csv, to_vcard
from gestand.statement.policy import FieldKind, Text
from gestand.vault.model import NewItem, NewSubject

OWNER = ActorId("owner")
WHO = CAST[4]


@pytest.fixture
def asked(place):
    house = place.open()
    request = house.requests.receive(Right.PORTABILITY, contact=WHO.email, channel=Channel.EMAIL, actor=OWNER)
    return house, request.id


def test_nothing_is_given_before_identity_is_judged(asked):
    house, request = asked
    with pytest.raises(RefusedError) as refused:
        house.requests.port(request, actor=OWNER)
    assert refused.value.code == "identity-not-judged"


def test_the_copy_holds_what_the_person_provided_and_nothing_of_the_request(asked):
    house, request = asked
    house.requests.confirm(request, IdentityLevel.SECOND_FACT, actor=OWNER)
    copy = house.requests.port(request, actor=OWNER)
    values = {datum.value for datum in copy.data}
    assert {WHO.name, WHO.email} <= values
    assert not any(datum.field.startswith("request.") for datum in copy.data)
    document = json.loads(copy.files["data.json"])
    assert document["request"] == request
    assert {row["value"] for row in document["data"]} == values
    card = vobject.readOne(copy.files["contact.vcf"])
    assert card.fn.value == WHO.name
    assert card.email.value == WHO.email
    assert house.requests.one(request).outcome == "copy-given"
    [entry] = [
        e for e in house.ledger.entries() if e.event.name == "request.answered" and e.event.facts["request"] == request
    ]
    assert entry.event.facts["digest"] == copy.digest


def test_what_rests_on_a_legal_duty_and_what_was_made_here_stay_out(asked):
    house, request = asked
    [eva] = house.vault.find(FieldKind.EMAIL, WHO.email)
    shelf = ShelfId("customer")
    items = (
        NewItem(FieldPath("service.wishes"), "belt liever niet", shelf, "web form"),
        NewItem(FieldPath("service.wishes"), "een lastige klant", shelf, "staff"),
        NewItem(FieldPath("service.wishes"), "koopt vast weer", shelf, "derived"),
        NewItem(FieldPath("service.wishes"), "wil een kopie", ShelfId("request-file"), "web form"),
        NewItem(
            FieldPath("payment.invoice"),
            "factuur 2026-077",
            ShelfId("administration"),
            "web form",
            purposes=(PurposeId("administration"),),
        ),
    )
    house.vault.add([NewSubject(items, id=eva)], actor=OWNER, reason="test")
    house.requests.confirm(request, IdentityLevel.SECOND_FACT, actor=OWNER)
    values = {datum.value for datum in house.requests.port(request, actor=OWNER).data}
    assert "belt liever niet" in values
    assert not values & {"een lastige klant", "koopt vast weer", "wil een kopie", "factuur 2026-077"}


def test_a_copy_that_cannot_be_handed_over_leaves_the_request_open(asked):
    house, request = asked
    house.requests.confirm(request, IdentityLevel.SECOND_FACT, actor=OWNER)

    def fails(_copy):
        raise UsageError("answer-folder", "the disk is full")

    with pytest.raises(GestandError):
        house.requests.port(request, actor=OWNER, deliver=fails)
    assert house.requests.one(request).open


def test_a_stranger_gets_the_answer_that_nothing_is_held(place):
    house = place.open()
    request = house.requests.receive(
        Right.PORTABILITY, contact="nobody@example.org", channel=Channel.EMAIL, actor=OWNER
    )
    house.requests.confirm(request.id, IdentityLevel.CONTACT_POINT, actor=OWNER)
    assert house.requests.port(request.id, actor=OWNER).data == ()
    assert house.requests.one(request.id).outcome == "nothing-held"


@given(
    st.lists(
        st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\r\n\0"), max_size=30), max_size=5
    )
)
def test_no_spreadsheet_runs_a_value_and_none_is_lost(values):
    from datetime import date

    data = [
        PortableDatum("a.b", Text(nl="titel", en="title"), FieldKind.TEXT, value, date(2026, 1, 1)) for value in values
    ]
    rows = list(csv.reader(io.StringIO(to_csv(data), newline="")))[1:]
    assert len(rows) == len(values)
    for row, value in zip(rows, values, strict=True):
        assert row[1:3] == ["titel", "title"]
        assert not row[3].startswith(("=", "+", "-", "@", "\t"))
        assert row[3].removeprefix("'") == value.removeprefix("'")


def test_no_contact_data_make_no_card():
    assert to_vcard([]) == ""


def test_the_command_writes_the_files(gestand, tmp_path):
    request = gestand("request", "open", "portability", "--from", WHO.email, "--channel", "post", "--json").document[
        "id"
    ]
    assert gestand("request", "verify", request, "--level", "in-person").status == 0
    assert gestand("request", "fulfil", request).status == 2
    done = gestand("request", "fulfil", request, "--out", str(tmp_path / "copy"), "--json")
    assert done.status == 0
    assert {p.name for p in (tmp_path / "copy").iterdir()} == {
        "contact.vcf", "data.csv", "data.json", "receipt.tlog-proof", "letter.nl.txt", "letter.en.txt", "letter.nl.pdf",
        "letter.en.pdf",
    }  # fmt: skip
