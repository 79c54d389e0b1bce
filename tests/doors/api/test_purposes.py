"""A scope alone opens and writes nothing of a person: every verb of the API asks a purpose of its token, or says here why not."""

from __future__ import annotations

import ast
from pathlib import Path

from doors.api.asking import program
from doors.api.test_api import add, code
from gestand.doors import api
from gestand.doors.office.routes import NONE
from gestand.doors.office.table import routes

FOLDER = Path(api.__file__).parent
JUDGES = {"allow_purpose", "must_open"}
LESS = "it opens nothing, and only keeps data shut, or longer for a claim"
DATES = "it opens nothing of a person: dossiers, and who is in them, are under a scope of their own"
OWN = "its own signature and key decide, and it sees its own requests alone"
HOUSE = "it is about the firm, and nothing of a person"
KEEPER = "a keeper gives it in the office first"
WITHOUT = {
    "choosing.hold": LESS, "choosing.restrict": LESS, "mail.hold": LESS, "mail.restrict": LESS,
    "choosing.lift": KEEPER, "mail.lift": KEEPER, "publishing.publish": KEEPER, "outside.announce": KEEPER,
    "staff.invite": KEEPER, "staff.roles": KEEPER, "staff.readmit": KEEPER,
    "dossiers.close": DATES, "dossiers.end": DATES, "dossiers.event": DATES, "dossiers.involve": DATES,
    "dossiers.represent": DATES, "drp.admit": OWN, "drp.exercise": OWN, "drp.revoke": OWN, "opendsr.cancel": OWN,
    "opendsr.receive": OWN, "keeping.attest": HOUSE, "keeping.checkpoint": HOUSE, "keeping.prove_now": HOUSE,
    "keeping.verify": HOUSE, "keeping.open_task": HOUSE, "keeping.task_done": HOUSE, "publishing.write": HOUSE,
    "webhooks.add": HOUSE, "webhooks.new_secret": HOUSE, "webhooks.remove": HOUSE, "webhooks.test": HOUSE,
    "outside.test": HOUSE, "staff.end": HOUSE, "staff.end_all": HOUSE, "staff.revoke": HOUSE,
    "proposals.enter": "one line of the post book, as it is written down; nothing is opened",
    "breaches.report": "whoever notices a breach tells it", "keeping.run": "what is due leaves, whoever says go",
    "outside.deliver": "what waits leaves as it was written; nothing of it is shown",
    "moves.confirm": "the code from the old address decides",
    "people.find": "it opens nothing: who asks knows the value already",
    "people.object_to": "an objection is refused to nobody (Article 21)",
    "requests.receive": "whoever gets a request lists it; its clock runs whatever else",
    "sharing.told": "how a recipient was told: numbers of a package, nobody's name",
}  # fmt: skip
BOUND = {"breaches.Writer", "notices.Writer"}
"""Programs whose purpose is asked as they come in (``breaches.for_breaches``)."""


def _functions() -> dict[str, ast.FunctionDef]:
    """Return every function of the API, by module and name."""
    found = {}
    for file in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                found[f"{file.stem}.{node.name}"] = node
    return found


def _asks(name: str, functions: dict[str, ast.FunctionDef], met: frozenset[str] = frozenset()) -> bool:
    """Say whether a function, or one of this door that it calls, asks a purpose of the token."""
    if name in met:
        return False
    if any(
        f"{name.partition('.')[0]}.{getattr(one.annotation, 'id', '')}" in BOUND for one in functions[name].args.args
    ):
        return True
    called = {
        one.func.attr if isinstance(one.func, ast.Attribute) else getattr(one.func, "id", "")
        for one in ast.walk(functions[name])
        if isinstance(one, ast.Call)
    }
    if called & JUDGES:
        return True
    module = name.partition(".")[0]
    own = [f"{module}.{one}" for one in called] + [f"requests.{one}" for one in called & {"for_rights"}]
    return any(_asks(one, functions, met | {name}) for one in own if one in functions)


def _verbs(functions: dict[str, ast.FunctionDef]) -> list[str]:
    """Return the functions that answer a request that may change or open something."""
    return [
        name
        for name, node in functions.items()
        if any(
            isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute) and mark.func.attr in {"post", "delete"}
            for mark in node.decorator_list
        )
    ]


def test_every_verb_asks_a_purpose_or_says_why_not():
    functions = _functions()
    without = {name for name in _verbs(functions) if not _asks(name, functions)}
    assert without == set(WITHOUT)
    assert all(WITHOUT.values())


def test_a_token_without_the_purpose_of_rights_reads_no_letter_and_moves_no_request(place):
    house = place.open()
    with program(house) as client:
        add(client)
        made = client.post(
            "requests", json={"right": "access", "contact": "anna.api@example.nl", "channel": "post"}
        ).json()
        where = f"requests/{made['request']}"
    before = house.ledger.head().size
    scopes = (
        "requests:read",
        "requests:write",
        "post:read",
        "post:write",
        "mail:read",
        "choices:write",
        "breaches:write",
    )
    with program(house, scopes=scopes, purposes=(), name="narrow") as client:
        for verb, body in (
            ("confirm", {"level": "in-person"}), ("extend", {"reason": "many"}), ("reject", {"reason": "no"}),
            ("close", {"outcome": "withdrawn"}), ("challenge", {}), ("prove", {"code": "1"}), ("pause", {}), ("resume", {}),
            ("judge", {"kind": "minor", "shown": "seen"}),
        ):  # fmt: skip
            answer = client.post(f"{where}/{verb}", json=body)
            assert answer.status_code == 422 or code(answer) == (403, "token-purpose"), verb
        for path, body in (
            ("post/0000/paper", {}), ("post/0000/posted", {"by": "x"}), ("post/0000/settle", {"outcome": "again"}),
            ("proposals/look", {}), ("messages/release", {"messages": ["msg_x"], "reason": "x"}), ("breaches/register", {}),
        ):  # fmt: skip
            answer = client.post(path, json=body)
            assert answer.status_code == 422 or code(answer) == (403, "token-purpose"), path
    assert house.ledger.head().size <= before + 1  # the token itself, and nothing it did


OFFICE = {
    "people/{subject}/restrict": "it only keeps data shut; the end of it asks the purpose of rights in the view",
    "people/{subject}/hold": LESS, "people/{subject}/lift": KEEPER, "mail/holds/{hold}/lift": KEEPER,
    "people/{subject}/choose": "what lets more be done asks its purpose in the view; to stop is refused to nobody",
    "people/{subject}/close": DATES, "breaches/report": "whoever notices a breach tells it",
    "sharing/orders/{order}/refuse": "for keepers: a letter to the authority, of nobody's data",
    "sharing/orders/{order}/lift": "for keepers: a document and its date",
    "sharing/orders/{order}/tell": "for keepers: a notice without anybody's data",
    "post/deliver": "what waits leaves as it was written; nothing of it is shown",
}  # fmt: skip
FIRM = ("today/", "retention/", "statement/", "sources/", "evidence/", "staff/")
"""Places of the office that are about the firm."""


def test_every_verb_of_the_office_asks_a_purpose_or_says_why_not():
    without = {one.path for one in routes() if one.method == "POST" and one.purpose == NONE}
    assert {path for path in without if not path.startswith(FIRM)} == set(OFFICE)
