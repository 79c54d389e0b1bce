"""The HTTP API: what the office can do, for other programs. docs/guide-api.md tells it by example.

access.py       a request's token, its scopes and purposes, how often it may ask
problems.py     errors as problem+json (RFC 9457), with code and remedy; nothing that was sent comes back in them
bodies.py       what may be sent: strict, nothing beside it
once.py         an idempotency key: the same answer to the same question, for a day
paging.py       a list, a page at a time
second_look.py  what a program may ask and a person decides, in the office
people.py, choosing.py                subjects, their values, consents, objections, restrictions, holds
dossiers.py                           dossiers, who represents whom, devices in hand
requests.py, proposals.py             requests of data subjects, mails that may ask something, the post book
mail.py, outreach.py                  the archive; campaigns and calls
outside.py                            other systems, the outbox, the notice of a new version
sharing.py                            disclosures, orders by authorities, telling recipients
breaches.py, notices.py               from report to register
publishing.py, keeping.py, staff.py   the statement; retention, proof, the ledger's entries; who may act
app.py          all of it together, behind bounds and headers
"""
