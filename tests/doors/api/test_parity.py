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
    "GET evidence/public": "what the public would see is looked at by who answers for it",
    "POST evidence/public/seen": "what the public would see is looked at by who answers for it",
    "POST evidence/public/turn": "what the public would see is looked at by who answers for it",
    "GET sources/preset": "what may be read elsewhere is declared in a file that people review",
    "POST sources/propose": "what may be read elsewhere is declared in a file that people review",
    "POST sources/judge": "what may be read elsewhere is declared in a file that people review",
    "POST sources/file": "what may be read elsewhere is declared in a file that people review",
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
    "POST people/{subject}/moved": "POST moves/{move_id}/confirm",
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
    "POST mail/{message}/class": "POST messages/{message}/class",
    "GET mail/held": "GET messages/holds",
    "POST mail/{message}/hold": "POST messages/holds",
    "POST mail/holds/{hold}/lift": "POST messages/holds/{hold_id}/lift",
    "POST mail/{message}/restrict": "POST messages/restrict",
    "POST mail/{message}/redaction": "POST messages/{message}/redaction",
    "POST mail/{message}/give": "POST messages/{message}/give",
    "GET devices": "GET devices",
    "POST devices/take-in": "POST devices",
    "GET devices/{device}": "POST devices/{device}/open",
    "POST devices/{device}/return": "POST devices/{device}/return",
    "POST devices/{device}/copies": "POST devices/{device}/copies",
    "POST devices/{device}/copies/{copy}/open": "POST devices/{device}/copies/{copy}/open",
    "POST devices/{device}/plain/remove": "POST disks/remove",
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
    "GET breaches": "GET breaches",
    "GET breaches/{breach}": "GET breaches/{breach}",
    "GET breaches/{breach}/form": "POST breaches/{breach}/form",
    "POST breaches/{breach}/form": "POST breaches/{breach}/form",
    "GET breaches/{breach}/people": "POST breaches/{breach}/people/list",
    "GET breaches/{breach}/tell": "POST breaches/{breach}/notice",
    "POST breaches/register": "POST breaches/register",
    "POST breaches/report": "POST breaches",
    "POST breaches/{breach}/assess": "POST breaches/{breach}/assess",
    "POST breaches/{breach}/aware": "POST breaches/{breach}/aware",
    "POST breaches/{breach}/close": "POST breaches/{breach}/close",
    "POST breaches/{breach}/confirm": "POST breaches/{breach}/confirm",
    "POST breaches/{breach}/contain": "POST breaches/{breach}/contain",
    "POST breaches/{breach}/facts": "POST breaches/{breach}/facts",
    "POST breaches/{breach}/letters": "POST breaches/{breach}/letters",
    "POST breaches/{breach}/people": "POST breaches/{breach}/people",
    "POST breaches/{breach}/publish": "POST breaches/{breach}/notice/publish",
    "POST breaches/{breach}/reopen": "POST breaches/{breach}/doors/open",
    "POST breaches/{breach}/send": "POST breaches/{breach}/send",
    "POST breaches/{breach}/submit": "POST breaches/{breach}/submit",
    "POST breaches/{breach}/told": "POST breaches/{breach}/told",
    "POST breaches/{breach}/write": "POST breaches/{breach}/story",
    "POST devices/{device}/code": "POST devices/{device}/code",
    "GET post": "GET post",
    "POST post/deliver": "POST post/deliver",
    "POST post/{message}/paper": "POST post/{message}/paper",
    "POST post/{message}/posted": "POST post/{message}/posted",
    "POST post/{message}/settle": "POST post/{message}/settle",
    "POST requests/calendar": "GET calendar",
    "POST requests/look": "POST proposals/look",
    "POST requests/proposals/{proposal}/accept": "POST proposals/{proposal}/accept",
    "POST requests/proposals/{proposal}/dismiss": "POST proposals/{proposal}/dismiss",
    "POST requests/{request}/challenge": "POST requests/{request_id}/challenge",
    "POST requests/{request}/code": "POST requests/{request_id}/code",
    "POST requests/{request}/hand-over": "POST requests/{request_id}/hand-over",
    "POST requests/{request}/pause": "POST requests/{request_id}/pause",
    "POST requests/{request}/port": "POST requests/{request_id}/answer",
    "POST requests/{request}/prove": "POST requests/{request_id}/prove",
    "POST retention/tasks/{task}/done": "POST tasks/{name}/done",
    "GET sharing/give": "POST disclosures/judge",
    "POST sharing/give": "POST disclosures",
    "POST sharing/give/judge": "POST disclosures/judge",
    "GET sharing/orders": "GET orders",
    "GET sharing/orders/{order}": "GET orders",
    "POST sharing/orders/take-in": "POST orders",
    "POST sharing/orders/{order}/carry-out": "POST orders/{order}/carry-out",
    "POST sharing/orders/{order}/lift": "POST orders/{order}/lift",
    "POST sharing/orders/{order}/refuse": "POST orders/{order}/refuse",
    "POST sharing/orders/{order}/tell": "POST orders/{order}/notify",
    "GET sources": "GET sources",
    "POST sources/test": "POST sources/{source}/test",
    "POST statement/versions/{version}/announce": "POST statement/versions/{version}/announce",
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
