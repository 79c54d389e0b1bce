"""The door for other programs: what it refuses, what its end means, and that it keeps people apart."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from gestand import Organisation, UsageError, open_organisation
from gestand.doors.cli.main import run


@pytest.fixture
def firm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Organisation]:
    monkeypatch.chdir(tmp_path)
    assert run(["init", "winkel", "--name", "Winkel", "--email", "info@example.nl", "--address", "Kerkpad 1"]) == 0
    assert run(["statement", "publish", "--org", "winkel", "--first"]) == 0
    with open_organisation("winkel", actor="webshop") as opened:
        yield opened


def anna(firm: Organisation, name: str = "Anna de Vries") -> str:
    values = {"contact.name": name, "contact.email": f"{name.partition(' ')[0].lower()}@example.nl"}
    return firm.add(values, purpose="service", source="web form")


def refused(code: str, verb, *given, **named) -> None:
    with pytest.raises(UsageError) as fault:
        verb(*given, **named)
    assert fault.value.code == code


def test_what_is_closed_is_closed_once_and_does_nothing_more(firm: Organisation, tmp_path: Path) -> None:
    who = anna(firm)
    firm.close()
    others = [(tmp_path / f"other-{number}").open("w") for number in range(24)]
    firm.close()
    for other in others:
        other.write("mine")
        other.close()
    refused("organisation-closed", firm.find, "anna@example.nl")
    refused("organisation-closed", firm.open, who, purpose="service", reason="order 17")
    refused("organisation-closed", anna, firm)


def test_a_forked_process_opens_its_own(firm: Organisation) -> None:
    anna(firm)
    child = os.fork()
    if child == 0:
        try:
            with pytest.raises(UsageError) as fault:
                firm.find("anna@example.nl")
            firm.close()
            os._exit(0 if fault.value.code == "organisation-forked" else 1)
        finally:
            os._exit(2)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert len(firm.find("anna@example.nl")) == 1


def test_an_item_of_somebody_else_is_not_rectified(firm: Organisation) -> None:
    one, two = anna(firm), anna(firm, "Bram Bakker")
    [name] = [datum.item for datum in firm.held(two) if datum.field == "contact.name"]
    refused("item-unknown", firm.rectify, one, name, "Anna Bakker", reason="spelling")
    assert firm.open(two, purpose="service", reason="order 17").get("contact.name") == "Bram Bakker"
    firm.rectify(two, name, "Bram de Bakker", reason="spelling")
    assert firm.open(two, purpose="service", reason="order 17").get("contact.name") == "Bram de Bakker"


def test_no_field_is_not_every_field(firm: Organisation) -> None:
    who = anna(firm)
    refused("fields-none", firm.open, who, purpose="service", reason="order 17", fields=[])
    refused("fields-none", firm.restrict, who, [], reason="contested")
    refused("fields-none", firm.erase, who, (field for field in ()))
    firm.restrict(who, (field for field in ["contact.email"]), reason="contested")
    card = firm.open(who, purpose="service", reason="order 17")
    assert [one.field for one in card.refused] == ["contact.email"]
    assert firm.erase(who, (field for field in ["contact.email"])).items == 1
    assert [datum.field for datum in firm.held(who)] == ["contact.name"]


@pytest.mark.parametrize(
    ("text", "code"), [("", "text-missing"), ("  ", "text-missing"), ("\ud800", "text-unreadable")]
)
def test_a_reason_says_something(firm: Organisation, text: str, code: str) -> None:
    who = anna(firm)
    refused(code, firm.open, who, purpose="service", reason=text)
    refused(code, firm.restrict, who, reason=text)
    refused(code, firm.rectify, who, "contact.name", "Anna", reason=text)
    refused(code, firm.object, who, ["service"], reason=text)
    refused(code, firm.consent, who, "newsletter", channel=text)
    refused(code, firm.add, {"contact.name": "X"}, purpose="service", source=text)
    refused(code, open_organisation, "winkel", actor=text)
    assert firm.open(who, purpose="service", reason="order 17").get("contact.name") == "Anna de Vries"
