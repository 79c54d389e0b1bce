"""The HTTP API: what the office can do, for other programs. docs/guide-api.md tells it by example.

access.py     a request's token, its scopes and purposes, how often it may ask
problems.py   errors as problem+json (RFC 9457), with code and remedy; nothing that was sent comes back in them
bodies.py     what may be sent: strict, nothing beside it
once.py       an idempotency key: the same answer to the same question, for a day
people.py     subjects, their values, consents, objections
cases.py      requests of data subjects, breaches, disclosures
keeping.py    statement, retention, proof, the ledger's entries
app.py        all of it together, behind bounds and headers
"""
