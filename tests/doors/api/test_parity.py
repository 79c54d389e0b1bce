"""Whatever the office can do, a program can do by the API, or it stands here with the reason why a program may not."""

from __future__ import annotations

from doors.api.asking import token_for
from gestand.doors.api.app import api
from gestand.doors.office.table import routes

NOT_FOR_PROGRAMS = {
    "POST staff/ask-keeper": "who lets others in is let in by people alone",
    "POST staff/keys/{key}/remove": "a passkey is in somebody's own hand",
    "POST staff/code": "a printed code is in somebody's own hand",
    "POST staff/approvals/{approval}/give": "a second look is a person's",
    "POST requests/{request}/approve": "a second look is a person's",
    "POST staff/approve/{request}": "a second look is a person's",
}
"""What the office can do and no program may."""

SAME = {
    "GET ": "GET statement",
    "GET today": "GET requests",
    "POST today/prove": "POST proof/run",
    "GET people": "POST subjects/find",
    "POST people/find": "POST subjects/find",
    "POST people/add": "POST subjects",
    "GET people/{subject}": "GET subjects/{subject}",
    "POST people/{subject}/note": "POST subjects/{subject}/values",
    "POST people/{subject}/rectify": "POST subjects/{subject}/rectify",
    "POST people/{subject}/restrict": "POST subjects/{subject}/restrict",
    "POST people/{subject}/hold": "POST subjects/{subject}/holds",
    "POST people/{subject}/lift": "POST subjects/{subject}/holds/{hold_id}/lift",
    "POST people/{subject}/choose": "POST subjects/{subject}/consents",
    "POST people/{subject}/dossier": "POST dossiers",
    "POST people/{subject}/close": "POST dossiers/{dossier}/close",
    "GET call": "POST subjects/find",
    "GET mail": "POST messages/find",
    "GET mail/find": "POST messages/find",
    "POST mail/find": "POST messages/find",
    "GET mail/{message}": "POST messages/{message}/open",
    "GET mail/{message}/formatted": "POST messages/{message}/formatted",
    "GET mail/{message}/attachment/{number}": "POST messages/{message}/attachments/{number}",
    "POST mail/{message}/redaction": "POST messages/{message}/redaction",
    "POST mail/{message}/give": "POST messages/{message}/give",
    "GET devices": "GET devices",
    "POST devices/take-in": "POST devices",
    "GET devices/{device}": "POST devices/{device}/open",
    "POST devices/{device}/return": "POST devices/{device}/return",
    "POST devices/{device}/wipe": "POST devices/{device}/wipe",
    "GET outreach": "GET campaigns",
    "GET outreach/{campaign}": "GET campaigns/{campaign}",
    "POST outreach/{campaign}/trial": "POST campaigns/{campaign}/trial",
    "POST outreach/{campaign}/start": "POST campaigns/{campaign}/start",
    "POST outreach/{campaign}/stop": "POST campaigns/{campaign}/stop",
    "POST outreach/{campaign}/calls": "POST campaigns/{campaign}/calls",
    "POST outreach/{campaign}/record": "POST campaigns/{campaign}/calls/record",
    "GET requests": "GET requests",
    "POST requests/receive": "POST requests",
    "GET requests/{request}": "GET requests/{request_id}",
    "POST requests/{request}/confirm": "POST requests/{request_id}/confirm",
    "POST requests/{request}/extend": "POST requests/{request_id}/extend",
    "POST requests/{request}/reject": "POST requests/{request_id}/reject",
    "POST requests/{request}/close": "POST requests/{request_id}/close",
    "POST requests/{request}/plan": "POST requests/{request_id}/plan",
    "POST requests/{request}/erase": "POST requests/{request_id}/answer",
    "POST requests/{request}/answer": "POST requests/{request_id}/answer",
    "GET retention": "GET retention/plan",
    "POST retention/run": "POST retention/run",
    "GET sharing": "GET disclosures",
    "GET sharing/telling/{telling}": "GET tellings/{telling}/letter",
    "POST sharing/telling/{telling}/told": "POST tellings/{telling}/told",
    "GET statement": "GET statement",
    "GET statement/draft": "GET statement/draft",
    "POST statement/live": "POST statement/draft",
    "POST statement/save": "POST statement/draft",
    "POST statement/ask": "POST statement/publish",
    "POST statement/publish": "POST statement/publish",
    "GET map": "GET statement",
    "GET evidence": "GET proof",
    "POST evidence/prove": "POST proof/run",
    "POST evidence/verify": "POST ledger/verify",
    "POST evidence/{measure}/attest": "POST measures/{name}/attest",
    "GET staff": "GET staff",
    "POST staff/invite": "POST staff/invite",
    "POST staff/{person}/roles": "POST staff/{person}/roles",
    "POST staff/{person}/revoke": "POST staff/{person}/revoke",
    "POST staff/{person}/readmit": "POST staff/{person}/readmit",
    "POST staff/sessions/{session}/end": "POST staff/sessions/{session}/end",
    "POST staff/sessions/end-all": "POST staff/sessions/end-all",
    "GET settings": "GET statement",
}
"""A way into the office, and the operation of the API that does the same."""


def test_whatever_the_office_can_do_a_program_can_do(place):
    document = api(place.open()).document()
    there = {
        f"{verb.upper()} {path.removeprefix('/api/v1/')}" for path, verbs in document["paths"].items() for verb in verbs
    }
    office = {f"{route.method} {route.path}" for route in routes()}
    assert sorted(office - set(SAME) - set(NOT_FOR_PROGRAMS)) == []
    assert sorted({SAME[one] for one in office & set(SAME)} - there) == []


def test_every_operation_has_a_scope_that_a_token_can_have(place):
    house = place.open()
    assert token_for(house).startswith("gst_")  # with every scope there is
    document = api(house).document()
    for path, verbs in document["paths"].items():
        for verb, said in verbs.items():
            assert said.get("tags"), (verb, path)
            assert said["summary"], (verb, path)
