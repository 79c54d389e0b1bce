"""What the office does, done by a program: each verb once, through the API alone, and what a person must look at first."""

from __future__ import annotations

import base64
import json

import pyrage

from doors.api.asking import OWNER, program
from doors.api.test_api import ANNA, add, code
from gestand.archive.model import Way
from gestand.backup.recipients import read_identities
from gestand.doors.demonstration.cast import CAST
from gestand.staff.model import Act
from gestand.statement.policy import FieldKind
from outreach.people import WORDS
from sources.shop import MAPPING, ROWS, TABLES, Shop
from staff_house import begin, keeper


def asked(answer):
    assert answer.status_code == 202, answer.text
    assert set(answer.json()) == {"approval", "waits_for"}
    return answer.json()["approval"]


def done(answer, status=200):
    assert answer.status_code == status, answer.text
    return answer.json() if status != 204 else None


def of_cast(house, number=0):
    [found] = house.vault.find(FieldKind.EMAIL, CAST[number].email)
    return found


def test_data_are_restricted_and_released_and_one_of_several_is_rectified(place):
    house = place.open()
    with program(house) as client:
        anna = add(client)
        done(
            client.post(f"subjects/{anna}/values", json=ANNA | {"values": {"contact.email": "anna.2@example.nl"}}), 201
        )
        held = done(client.get(f"subjects/{anna}"))["held"]
        assert code(client.post(f"subjects/{anna}/rectify", json={"field": "contact.email", "value": "a@example.nl", "reason": "typo"})) == (422, "field-several")  # fmt: skip
        right = {
            "field": "contact.email",
            "value": "anna.3@example.nl",
            "reason": "typo",
            "item": held[1]["item"],
            "sure": "second-fact",
        }
        done(client.post(f"subjects/{anna}/rectify", json=right), 204)
        one = client.post(f"subjects/{anna}/restrict", json={"reason": "she disputes it", "items": [held[0]["item"]]})
        assert done(one) == {"items": 1, "systems": []}
        assert [one["restricted"] for one in done(client.get(f"subjects/{anna}"))["held"]] == [True, False]
        lifted = done(client.post(f"subjects/{anna}/release", json={"reason": "it was right"}))
        assert lifted["items"] == 2
        assert not any(one["restricted"] for one in done(client.get(f"subjects/{anna}"))["held"])
        foreign = {"reason": "x", "items": ["itm_" + "a" * 16 + "_1"]}
        assert code(client.post(f"subjects/{anna}/restrict", json=foreign)) == (404, "item-unknown")


def test_everything_of_somebody_is_restricted_in_every_other_system_too(place, tmp_path):
    tables = TABLES.replace("country VARCHAR(2) NOT NULL,", "country VARCHAR(2) NOT NULL, blocked INTEGER,")
    marked = MAPPING.replace("person = true", 'person = true\nrestrict = "blocked"')
    till = Shop("sqlite", place.folder, marked, tables, ROWS.replace("'NL');", "'NL', 0);"))
    (place.folder / "sources").mkdir(exist_ok=True)
    (place.folder / "sources" / "shop.toml").write_text(marked.format(place=till.line))
    house = place.open()
    with program(house) as client:
        values = {"contact.name": "Anna de Vries", "contact.email": "anna@example.nl", "contact.phone": "06-12345678"}
        anna = done(client.post("subjects", json=ANNA | {"values": values}), 201)["subject"]
        told = done(client.post(f"subjects/{anna}/restrict", json={"reason": "she disputes it"}))
        [there] = [one for one in told["systems"] if one["source"] == "shop"]
        assert (there["rows"], there["why_not"]) == (1, "")
        assert {one["place"] for one in there["unmarked"]} >= {"orders", "invoice"}
        assert till.rows("SELECT id FROM customer WHERE blocked = 1") == [(1,)]
        assert [one.system for one in house.tasks.all() if "take out of use" in one.what]
        done(client.post(f"subjects/{anna}/release", json={"reason": "it was right"}))
        assert till.rows("SELECT id FROM customer WHERE blocked = 1") == []


def test_a_hold_is_placed_by_a_program_and_lifted_when_a_keeper_gave_it(place):
    house = place.open()
    koos = keeper(house, "Koos Koper")
    with program(house) as client:
        anna = add(client)
        made = done(client.post(f"subjects/{anna}/holds", json={"reason": "a claim", "until": "2030-01-01"}), 201)
        assert [one["hold"] for one in done(client.get(f"subjects/{anna}/holds"))["holds"]] == [made["hold"]]
        where, why = f"subjects/{anna}/holds/{made['hold']}/lift", {"reason": "settled"}
        first = asked(client.post(where, json=why))
        assert asked(client.post(where, json=why)) == first  # asked once, however often it is tried
        assert done(client.get("staff/approvals"))["approvals"][0]["id"] == first
        house.staff.give_approval(first, giver=koos)
        assert done(client.post(where, json=why)) == {"hold": made["hold"], "lifted": True}
        assert done(client.get(f"subjects/{anna}/holds")) == {"holds": []}
        assert code(client.post(where, json=why)) == (404, "hold-unknown")


def test_a_dossier_goes_its_whole_way_and_a_firm_gets_somebody_who_acts_for_it(place):
    house = place.open()
    with program(house) as client:
        anna, firm = add(client), done(client.post("subjects", json=ANNA | {"firm": True}), 201)["subject"]
        wanted = {"kind": "job", "purpose": "service", "people": [{"subject": anna}]}
        made = done(client.post("dossiers", json=wanted), 201)["dossier"]
        done(client.post(f"dossiers/{made}/people", json={"subject": firm, "role": "payer"}))
        assert code(client.post(f"dossiers/{made}/events", json={"trigger": "invoice-issued"}))[0] in {409, 422}
        closed = done(client.post(f"dossiers/{made}/close", json={}))
        assert closed["state"] == "closed"
        assert {one["subject"] for one in closed["people"]} == {anna, firm}
        assert [one["dossier"] for one in done(client.get(f"subjects/{anna}/dossiers"))["dossiers"]] == [made]
        assert made in {one["dossier"] for one in done(client.get("dossiers?limit=200"))["dossiers"]}
        done(client.post(f"subjects/{firm}/representatives", json={"person": anna, "role": "director"}), 204)
        party = done(client.get(f"subjects/{anna}/dossiers"))["party"]
        assert [one["firm"] for one in party["represents"]] == [firm]
        done(client.post(f"subjects/{firm}/representatives/end", json={"person": anna}), 204)
        assert code(client.get("dossiers/dos_" + "a" * 16)) == (404, "unknown-dossier")


def test_dossiers_come_in_pages_without_reading_all_of_them(place):
    house = place.open()
    with program(house) as client:
        for _ in range(4):
            wanted = {"kind": "question", "purpose": "service", "people": [{"subject": of_cast(house)}]}
            done(client.post("dossiers", json=wanted), 201)
        everything = [one["dossier"] for one in done(client.get("dossiers?limit=200"))["dossiers"]]
        seen, after = [], ""
        while after is not None:
            part = done(client.get(f"dossiers?limit=3&after={after}"))
            seen += [one["dossier"] for one in part["dossiers"]]
            after = part["next"]
        assert seen == everything
        assert len(seen) > 3


def test_a_device_comes_in_and_goes_back(place):
    house = place.open()
    with program(house) as client:
        anna = of_cast(house)
        slip = {"subject": anna, "model": "laptop", "permission": "nothing but the test", "access_code": "1234 canary"}
        made = done(client.post("devices", json=slip), 201)
        assert "laptop" in made["text"]
        assert "canary" not in json.dumps(made)
        opened = done(client.post(f"devices/{made['device']}/open"))
        assert opened["slip"]["model"] == "laptop"
        assert "canary" not in json.dumps(opened)
        back = done(client.post(f"devices/{made['device']}/return", json={}))
        assert house.devices.check(back["code"]) is not None
        assert done(client.post(f"devices/{made['device']}/wipe", json={"method": "nwipe"}))["code"] != back["code"]
        assert made["device"] in {one["id"] for one in done(client.get("devices?limit=200"))["devices"]}


def test_a_disk_is_sealed_and_opened_by_its_name_in_the_folder_alone(place):
    house = place.open()
    with program(house) as client:
        slip = {"subject": of_cast(house), "model": "laptop", "permission": "nothing but the test"}
        where = f"devices/{done(client.post('devices', json=slip), 201)['device']}/copies"
        (house.devices.disks.place / "disk.img").write_bytes(b"files of Anna")
        assert [one["name"] for one in done(client.get("disks"))["disks"]] == ["disk.img"]
        [copy] = done(client.post(where, json={"file": "disk.img"}), 201)["copies"]
        assert done(client.get("disks"))["disks"] == []
        assert done(client.post(f"{where}/{copy['copy']}/open", json={"file": "back.img"}))["bytes"] == 13
        assert (house.devices.disks.place / "back.img").read_bytes() == b"files of Anna"
        assert client.post("disks/remove", json={"file": "back.img"}).status_code == 204
        assert code(client.post(where, json={"file": "back.img"})) == (404, "disk-unknown")
        assert client.post(where, json={"file": "../data.db"}).status_code == 422


def test_a_portable_copy_is_given_and_the_request_closes(place):
    house = place.open()
    with program(house) as client:
        asking = {"right": "portability", "contact": CAST[0].email, "channel": "email"}
        where = f"requests/{done(client.post('requests', json=asking), 201)['request']}"
        assert code(client.post(f"{where}/answer"))[0] == 403  # nobody judged who this is
        done(client.post(f"{where}/confirm", json={"level": "contact-point"}))
        given = done(client.post(f"{where}/answer"))
        assert CAST[0].email in given["files"]["data.json"]
        done(client.post(f"{where}/given", json={"way": "email"}))
        assert code(client.post(f"{where}/given", json={"way": "email", "on": "2020-01-01"}))[1] == "given-date"
        assert done(client.get(where))["state"] == "closed"


def test_a_request_is_extended_paused_and_rejected_only_when_a_person_gave_it(place):
    house = place.open()
    koos = keeper(house, "Koos Koper")
    with program(house) as client:
        asking = {"right": "access", "contact": "someone.new@example.org"}
        where = f"requests/{done(client.post('requests', json=asking), 201)['request']}"
        done(client.post(f"{where}/pause"))
        assert done(client.get(f"{where}/decisions"))["paused"] is True
        done(client.post(f"{where}/resume"))
        assert "letter" in done(client.post(f"{where}/extend", json={"reason": "many systems"}))
        why = {"reason": "manifestly unfounded, Article 12(5)"}
        first = asked(client.post(f"{where}/reject", json=why))
        assert done(client.get(where))["state"] == "received"  # nothing happened yet
        house.staff.give_approval(first, giver=koos)
        other = asked(client.post(f"{where}/reject", json={"reason": "another ground"}))  # given for those words alone
        assert other != first
        rejected = done(client.post(f"{where}/reject", json=why))
        assert rejected["state"] == "rejected"
        assert "Article 12(5)" in rejected["letter"]


def test_what_a_person_judges_and_takes_back_waits_for_a_person(place):
    house = place.open()
    with program(house) as client:
        asking = {"right": "rectification", "contact": CAST[1].email}
        where = f"requests/{done(client.post('requests', json=asking), 201)['request']}"
        asked(client.post(f"{where}/judge", json={"kind": "minor", "shown": "parental-authority"}))
        asked(client.post(f"{where}/close", json={"outcome": "withdrawn"}))
        assert done(client.get(where))["state"] == "received"
        assert code(client.post(f"{where}/prove", json={"code": "123456"})) == (403, "identity-code")
        assert code(client.post(f"{where}/challenge", json={}))[0] in {403, 409, 422}
        done(client.post(f"{where}/confirm", json={"level": "second-fact"}))
        searched = done(client.post(f"{where}/find", json={}))
        assert set(searched) >= {"matches", "searched"}


def test_the_post_book_and_proposals(place):
    house = place.open()
    with program(house) as client:
        entry = done(client.post("postbook", json={"way": "post", "what": "business", "filed": "map 3"}), 201)["entry"]
        assert entry in {one["id"] for one in done(client.get("postbook?limit=200"))["pieces"]}
        found = done(client.get("proposals?limit=200"))["proposals"]
        for one in found:
            if one["state"] == "open":
                asked(client.post(f"proposals/{one['proposal']}/dismiss"))
        assert code(client.post("proposals/prp_" + "a" * 16 + "/accept", json={})) == (404, "proposal-unknown")


def test_data_are_given_to_a_recipient_sealed_and_once_under_a_key(place):
    house = place.open()
    with program(house) as client:
        anna = of_cast(house)
        gift = {
            "recipient": "bookkeeper", "subjects": [anna], "fields": ["contact.name", "contact.street"],
            "purpose": "administration", "ground": "AWR 52",
        }  # fmt: skip
        made = done(client.post("disclosures", json=gift, headers={"idempotency-key": "quarter-4-anna"}), 201)
        sealed = base64.b64decode(made["package"])
        assert CAST[0].street.encode() in pyrage.decrypt(sealed, read_identities([place.identity]))
        other = gift | {"sealed_to": str(pyrage.x25519.Identity.generate().to_public())}
        assert code(client.post("disclosures", json=other)) == (403, "key-not-agreed")
        before = len(list(house.sharing.disclosures()))
        again = done(client.post("disclosures", json=gift, headers={"idempotency-key": "quarter-4-anna"}), 201)
        assert (again["disclosure"], again["package"]) == (made["disclosure"], None)
        assert len(list(house.sharing.disclosures())) == before
        assert code(client.post("disclosures", json=gift | {"recipient": "advertisers"}))[0] == 403
        house.choices.rectify(
            next(one.item for one in house.vault.holdings(anna) if one.field == "contact.street"), "Elzenlaan 9",
            actor=OWNER, reason="moved",
        )  # fmt: skip
        telling = done(client.get("tellings"))["tellings"][0]
        assert "letter" in done(client.get(f"tellings/{telling['telling']}/letter?language=en"))
        told = done(client.post(f"tellings/{telling['telling']}/told", json={"how": "told", "proof": "mail of today"}))
        assert told["how"] == "told"


def test_a_program_gives_to_a_key_of_its_own_only_what_a_keeper_gave(place):
    place.close()
    file = place.folder / "agreements.toml"
    file.write_text("\n".join(one for one in file.read_text().splitlines() if not one.startswith("sealed_to")))
    house = place.open()
    with program(house) as client:
        gift = {
            "recipient": "bookkeeper", "subjects": [of_cast(house)], "fields": ["contact.name"], "purpose": "administration",
            "ground": "AWR 52", "sealed_to": str(pyrage.x25519.Identity.generate().to_public()),
        }  # fmt: skip
        waits = done(client.post("disclosures", json=gift), 202)
        assert done(client.post("disclosures", json=gift), 202) == waits  # also while nobody is listed as staff
        house.staff.give_approval(waits["approval"], giver=keeper(house, "Koos Koper"))
        assert done(client.post("disclosures", json=gift), 201)["package"]


def test_an_order_is_taken_in_and_refused_and_a_secret_one_is_for_who_may_see_it(place):
    house = place.open()
    with program(house) as client:
        demand = {
            "authority": "tax inspector", "article": "AWR 53", "document": "letter of today", "recipient": "tax-authority",
            "fields": ["contact.name"], "subjects": [of_cast(house)], "facts": {"written": True}, "secret": True,
        }  # fmt: skip
        made = done(client.post("orders", json=demand), 201)
        assert made["state"] == "received"
        assert code(client.post(f"orders/{made['order']}/carry-out", json={"confirm": made["order"]}))[0] == 403
        assert code(client.post(f"orders/{made['order']}/notify", json={}))[0] == 403
        with program(house, purposes=("service",), name="narrow") as other:
            for verb in ("carry-out", "refuse", "lift", "notify"):
                body = {"reason": "x"} if verb == "lift" else {}
                assert code(other.post(f"orders/{made['order']}/{verb}", json=body)) == (403, "token-purpose")
        refused = done(client.post(f"orders/{made['order']}/refuse", json={"reason": "third party not named"}))
        assert refused["state"] == "refused"
        assert refused["letter"]
        done(client.post(f"orders/{made['order']}/lift", json={"reason": "letter of tomorrow"}))
        assert made["order"] in {one["order"] for one in done(client.get("orders?limit=200"))["orders"]}
    with program(house, scopes=("disclosures:read",), name="narrow") as client:
        assert code(client.get("orders")) == (403, "token-scope")
        assert made["order"] not in client.get("disclosures?limit=200").text


def test_a_campaign_is_made_tried_and_stopped_and_a_call_recorded(place):
    house = place.open()
    with program(house) as client:
        words = {"kind": "newsletter", "purpose": "newsletter", "title": "Nieuws", "template": WORDS}
        made = done(client.post("campaigns", json=words), 201)["campaign"]
        assert code(client.post(f"campaigns/{made}/start")) == (403, "campaign-not-tested")
        done(client.post(f"campaigns/{made}/trial", json={"to": house.post.sender}))
        assert set(done(client.get(f"campaigns/{made}/audience"))) == {"allowed", "left_out"}
        assert done(client.get(f"campaigns/{made}/why/{of_cast(house)}"))["allowed"] is False
        assert "taken_back" in done(client.post(f"campaigns/{made}/stop"))
        assert done(client.get(f"campaigns/{made}"))["state"] == "stopped"
        call = words | {
            "kind": "offer",
            "via": "telephone",
            "purpose": "offers-phone",
            "template": "Vraag hoe het gaat.",
        }
        made = done(client.post("campaigns", json=call), 201)["campaign"]
        for line in done(client.post(f"campaigns/{made}/calls?limit=1"))["calls"]:
            told = {"subject": line["subject"], "outcome": "spoken", "offered": True, "objected": True}
            done(client.post(f"campaigns/{made}/calls/record", json=told), 204)
    with program(house, purposes=("service",), name="narrow") as client:
        assert code(client.post(f"campaigns/{made}/calls")) == (403, "token-purpose")


def test_mail_is_found_opened_held_and_given_with_others_blacked_out(place):
    house = place.open()
    with program(house) as client:
        kept = next(iter(house.archive.every()))
        purpose = str(kept.purpose)
        found = done(
            client.post("messages/find", json={"wanted": "laptop", "purpose": purpose, "reason": "a question"})
        )
        assert set(found) == {"messages", "more"}
        where, why = f"messages/{kept.message}", {"purpose": purpose, "reason": "a question"}
        opened = done(client.post(f"{where}/open", json=why))
        [entry] = house.ledger.entries(opened["ledger_entry"], opened["ledger_entry"])
        assert (entry.event.name, entry.event.actor) == ("message.opened", "program-webshop")
        assert "<script" not in done(client.post(f"{where}/formatted", json=why))["html"].lower()
        assert code(client.post(f"{where}/attachments/99", json=why)) == (404, "attachment-unknown")
        anna = of_cast(house)
        proposed = done(client.post(f"{where}/redaction", json=why | {"subject": anna}))
        wrong = why | {"subject": anna, "confirmed": "0" * 64}
        assert code(client.post(f"{where}/give", json=wrong)) == (403, "redaction-not-confirmed")
        given = done(client.post(f"{where}/give", json=wrong | {"confirmed": proposed["digest"]}))
        assert given["text"] == proposed["text"]
        hold = done(client.post("messages/holds", json={"messages": [kept.message], "reason": "a claim"}), 201)["hold"]
        [listed] = done(client.get("messages/holds"))["holds"]
        assert (listed["hold"], listed["messages"], listed["until"]) == (hold, [kept.message], None)
        asked(client.post(f"messages/holds/{hold}/lift", json={"reason": "settled"}))
        done(client.post(f"{where}/class", json={"purpose": purpose, "reason": "by hand"}))
        assert code(client.post(f"messages/msg_{'a' * 26}/open", json=why))[0] in {404, 422}


def test_messages_are_restricted_listed_and_released_by_a_program(place):
    house = place.open()
    with program(house) as client:
        first, second = (kept for kept, _ in zip(house.archive.every(), range(2), strict=False))
        body = {"messages": [first.message, second.message], "reason": "contested"}
        assert done(client.post("messages/restrict", json=body)) == {"messages": 2, "restricted": True}
        why = {"purpose": str(first.purpose), "reason": "a question"}
        assert code(client.post(f"messages/{first.message}/open", json=why)) == (403, "message-refused")
        page = done(client.get("messages/restricted", params={"limit": 1}))
        rest = done(client.get("messages/restricted", params={"after": page["next"]}))
        assert {one["message"] for one in page["restricted"] + rest["restricted"]} == {first.message, second.message}
        assert {one["reason"] for one in page["restricted"] + rest["restricted"]} == {"contested"}
        assert done(client.post("messages/release", json=body | {"reason": "settled"})) == {
            "messages": 2,
            "restricted": False,
        }
        assert done(client.get("messages/restricted")) == {"restricted": [], "next": None}
        assert done(client.post(f"messages/{first.message}/open", json=why))["message"] == first.message
        unknown = {"messages": ["msg_" + "a" * 16], "reason": "contested"}
        assert code(client.post("messages/restrict", json=unknown)) == (404, "message-unknown")


def test_a_message_is_put_under_another_purpose_and_the_rest_of_its_conversation_when_asked(place):
    house = place.open()
    way = Way("file", "test", house.clock())
    first, answer = (
        house.archive.admit(b"From: anna@example.nl\r\nSubject: Vraag\r\n" + head + b"\r\nDag.\r\n", way).message
        for head in (b"Message-ID: <q@example.nl>\r\n", b"Message-ID: <a@example.nl>\r\nReferences: <q@example.nl>\r\n")
    )
    with program(house) as client:
        body = {"purpose": "mail-administration", "reason": "by hand"}
        told = done(client.post(f"messages/{first}/class", json=body))
        assert (told["purpose"], told["proposed"], told["along"]) == ("mail-administration", [answer], [])
        assert house.archive.kept(first).corrected_by == "program-webshop"
        assert house.archive.kept(answer).corrected_by is None
        told = done(client.post(f"messages/{first}/class", json=body | {"thread": True}))
        assert (told["proposed"], told["along"]) == ([], [answer])
        assert house.archive.kept(answer).purpose == "mail-administration"


def test_a_breach_goes_from_report_to_close(place):
    house = place.open()
    with program(house) as client:
        made = done(client.post("breaches", json={"what": "a mail went to the wrong person", "reporter": "staff"}), 201)
        where = f"breaches/{made['breach']}"
        done(client.post(f"{where}/aware", json={"at": made["reported_at"], "why": "the recipient called"}))
        done(client.post(f"{where}/facts", json={"facts": {"what": "wrong_recipient", "people": 1}}))
        reached = done(client.post(f"{where}/people", json={"subjects": [of_cast(house)]}))
        assert reached["people"] == 1
        assert [one["subject"] for one in done(client.post(f"{where}/people/list"))["people"]] == [of_cast(house)]
        for lever in done(client.get(where))["levers"]:
            done(client.post(f"{where}/contain", json={"lever": lever, "outcome": "not-needed", "note": "one mail"}))
        assert done(client.post(f"{where}/assess"))["judged"]
        words = {"nl": "Een mail ging naar de verkeerde.", "en": "A mail went to the wrong person."}
        for part in ("summary", "consequences", "measures"):
            done(client.post(f"{where}/story", json={"part": part} | words), 204)
        assert done(client.post(f"{where}/form"))["sections"]
        assert "verkeerde" in json.dumps(done(client.post(f"{where}/letters", json={})))
        done(client.post(f"{where}/told", json={"channel": "post"}))
        asked(client.post(f"{where}/confirm", json={"why": "one mail, opened by nobody"}))
        done(client.post(f"{where}/submit", json={"reference": "AP-2026-1", "reasons": "found late"}))
        assert "verkeerde" in json.dumps(done(client.post(f"{where}/read")))
        assert any(one["id"] == made["breach"] for one in done(client.post("breaches/register"))["entries"])
        asked(client.post(f"{where}/doors/open", json={"door": "public"}))
        left = done(client.get(where))["left"]
        closing = client.post(f"{where}/close", json={"lessons": "check the address"})
        assert closing.status_code == (200 if not left else 403), closing.text


def test_the_draft_is_judged_saved_and_published_only_when_a_keeper_gave_these_words(place):
    house = place.open()
    koos = keeper(house, "Koos Koper")
    with program(house) as client:
        now = done(client.get("statement/draft"))
        name = "statement.nl.md"
        broken = {"file": "policy.toml", "content": "format = 1\n[[["}
        assert done(client.post("statement/draft", json=broken))["problems"]
        assert done(client.get("statement/draft"))["files"]["policy.toml"] == now["files"]["policy.toml"]
        other = {"file": "../gestand.toml", "content": "x"}
        assert client.post("statement/draft", json=other).status_code == 422
        same = done(client.post("statement/draft", json={"file": name, "content": now["files"][name], "save": True}))
        assert (same["saved"], same["digest"]) == (True, now["digest"])
        assert code(client.post("statement/publish", json={"digest": "0" * 64})) == (422, "draft-other")
        answer = client.post("statement/publish", json={"digest": now["digest"]})
        if answer.status_code == 202:
            house.staff.give_approval(answer.json()["approval"], giver=koos)
            assert done(client.post("statement/publish", json={"digest": now["digest"]}))["digest"] == now["digest"]
        else:
            assert code(answer)[0] == 403
        public = {"authorization": ""}
        versions = done(client.get("statement/history", headers=public))["versions"]
        assert done(client.get(f"statement/versions/{versions[0]['version']}", headers=public))["clauses"]["nl"]
        assert code(client.get("statement/versions/1999-01-01", headers=public)) == (404, "version-unknown")


def test_staff_are_kept_out_at_once_and_let_in_by_people_alone(place):
    house = place.open()
    koos, bram = keeper(house, "Koos Koper"), keeper(house, "Bram Jansen")
    session = begin(house, bram)
    with program(house) as client:
        told = done(client.get("staff"))
        assert {one["person"] for one in told["people"]} >= {koos.id, bram.id}
        assert "Koos" not in json.dumps(told)
        assert [one["session"] for one in done(client.get("staff/sessions"))["sessions"]] == [session]
        assert done(client.post(f"staff/sessions/{session}/end")) == {"ended": 1}
        invited = asked(client.post("staff/invite", json={"roles": ["owner"]}))
        asked(client.post(f"staff/{bram.id}/roles", json={"roles": ["owner"]}))
        asked(client.post(f"staff/{bram.id}/readmit"))
        house.staff.give_approval(invited, giver=koos)
        assert done(client.post("staff/invite", json={"roles": ["owner"]}))["link_code"]
        house.staff.give_approval(
            asked(client.post(f"staff/{bram.id}/revoke")), giver=koos
        )  # a keeper goes by a second look
        assert done(client.post(f"staff/{bram.id}/revoke"))["person"] == bram.id
        assert house.staff.person(bram.id).revoked is not None
        done(client.post("staff/sessions/end-all"))
        assert [one for one in house.staff.approvals.open(house.clock()) if one.act is Act.PROGRAM]


def test_the_outbox_other_systems_and_the_calendar(place):
    house = place.open()
    with program(house) as client:
        told = done(client.get("post"))
        assert set(told) == {"counts", "waiting", "reachable"}
        assert code(client.post("post/nothing/settle", json={"outcome": "arrived"}))[0] in {404, 422}
        asked_by = client.post("requests", json={"right": "access", "contact": "someone@example.org"}).json()["request"]
        shown = client.get("calendar")
        assert shown.headers["content-type"].startswith("text/calendar")
        assert asked_by in shown.text
        assert "someone" not in shown.text
        assert code(client.post("sources/nowhere/test")) == (404, "source-unknown")
        assert code(client.post("statement/versions/1999-01-01/announce", json={}))[0] in {403, 404}


def test_measures_certificates_tasks_and_the_ledger(place):
    house = place.open()
    with program(house) as client:
        first = done(client.get("measures"))["measures"][0]["measure"]
        done(client.post(f"measures/{first}/attest", json={"evidence": "seen today", "in_place": True}))
        assert code(client.post("measures/nothing/attest", json={"evidence": "x"})) == (404, "measure-unknown")
        run = done(client.get("retention/certificates"))["certificates"][0]["run"]
        assert done(client.get(f"retention/certificates/{run}"))["receipt"]
        task = done(client.post("tasks", json={"system": "paper", "what": "quotes of 2019", "due": "2027-01-01"}), 201)
        done(client.post(f"tasks/{task['task']}/done", json={"evidence": "shredded"}))
        assert task["task"] in {one["task"] for one in done(client.get("tasks?limit=200"))["tasks"]}
        assert done(client.post("ledger/verify"))["size"] > 0
        size = done(client.post("ledger/checkpoint"))["size"]
        assert done(client.get(f"ledger/receipts/{size - 1}"))["receipt"]
        assert code(client.get(f"ledger/receipts/{10**9}")) == (404, "entry-unknown")
