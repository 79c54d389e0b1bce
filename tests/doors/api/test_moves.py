"""A program has an old address asked before a new one counts, and gives the code back."""

from __future__ import annotations

from doors.api.asking import program
from doors.api.test_api import add, code
from gestand.statement.policy import FieldKind
from rights.test_casework import Refusing


def item_of(client, subject: str) -> str:
    held = client.get(f"subjects/{subject}").json()["held"]
    return next(one["item"] for one in held if one["field"] == "contact.email")


def test_a_new_address_counts_once_the_old_one_gave_its_code(place, monkeypatch):
    from gestand.rights import identity

    house = place.open()
    house.post._courier = Refusing  # as the settings would, with a server named
    monkeypatch.setattr(identity, "new_code", lambda _entropy: "12345678")
    with program(house) as client:
        anna = add(client)
        asked = {"item": item_of(client, anna), "value": "anna.nieuw@example.nl", "reason": "moved"}
        made = client.post(f"subjects/{anna}/move", json=asked)
        assert made.status_code == 200, made.text
        told = made.json()
        assert told["sent"]["way"] == "mail"
        assert house.vault.find(FieldKind.EMAIL, "anna.nieuw@example.nl") == ()
        assert code(client.post(f"moves/{told['move']}/confirm", json={"code": "8765 4321"})) == (403, "move-code")
        done = client.post(f"moves/{told['move']}/confirm", json={"code": "1234 5678"})
        assert done.status_code == 200, done.text
        assert done.json()["item"] == asked["item"]
        assert house.vault.find(FieldKind.EMAIL, "anna.nieuw@example.nl") == (anna,)
        assert code(client.post(f"moves/{told['move']}/confirm", json={"code": "1234 5678"})) == (403, "move-code")


def test_a_datum_of_another_is_not_moved(place):
    house = place.open()
    [daan] = house.vault.find(FieldKind.EMAIL, "daan@example.nl")
    with program(house) as client:
        anna = add(client)
        foreign = {"item": item_of(client, daan), "value": "x@example.nl", "reason": "moved"}
        assert code(client.post(f"subjects/{anna}/move", json=foreign)) == (404, "item-unknown")
