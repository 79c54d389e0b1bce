"""The product's own personal data are kept like all other: declared in the policy, driven by retention, on a shelf with a period.

Every table is told here: who drives what is in it, and on which shelf of the statement; or why it holds nothing about anybody.
A table that is not told fails.
"""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gestand.doors.demonstration.place import example_folder
from gestand.kernel.ids import ActorId
from gestand.publication.folder import read_statement
from gestand.statement.policy import Trigger

SOURCE = Path(__file__).resolve().parent.parent / "src/gestand"
OWNER = ActorId("owner")

OWN = "its own shelf"
DRIVEN = {
    # what a person's card is, and what hangs on it: gone with the datum or with the last datum of the person
    "vault": (OWN, ("vault_subject", "vault_item", "vault_token", "vault_key", "vault_purpose", "vault_consent",
                    "vault_objection", "vault_restriction", "vault_rectification", "vault_hold", "vault_held",
                    "vault_heir", "vault_shown", "vault_shown_together", "register_firm", "register_representation", "register_dossier", "register_involved", "register_event")),
    "images": ("device-image", ("register_device", "register_image", "register_certificate")),
    "requests": ("request-file", ("request", "request_decision", "source_step", "source_judgement", "source_gone")),
    "cases": ("request-file", ("post_book", "request_callback", "request_code", "request_judgement", "request_move", "request_outside",
                               "request_parcel", "request_pause", "request_proposal", "request_reach")),
    "portal": ("request-file", ("portal_beside", "portal_code")),
    "sharing": ("order-file", ("sharing_record", "sharing_token", "sharing_read")),
    "breaches": ("breach-file", ("breach", "breach_affected", "breach_assessment", "breach_door", "breach_notice", "breach_page",
                                 "breach_person", "breach_public", "breach_step", "breach_submission")),
    "outbox": (OWN, ("post_message", "post_key")),
    "outreach": ("suppression", ("outreach_campaign", "outreach_call", "outreach_suppression", "outreach_token")),
    "archive": (OWN, ("archive_message", "archive_part", "archive_variant", "archive_way", "archive_entry", "archive_token",
                      "archive_hold", "archive_held", "archive_restricted", "archive_leaving", "vault_locker", "mail_failure")),
    "staff": ("staff", ("staff_person", "staff_passkey", "staff_password", "staff_printed", "staff_link", "staff_session",
                        "staff_approval")),
    "sources": (OWN, ()),  # rows of other systems: nothing of them lies here
}  # fmt: skip
"""Custodian: the shelf of the worked example that dates it (``OWN``: that of each thing), and its tables."""

NOBODY = {
    "archive_counter": "a number",
    "archive_heard": "a number",
    "archive_erasure": "ids and counts of an erasure that runs",
    "archive_index": "how far the index is",
    "due_work": "names of due work and when it was done",
    "program_answer": "answers kept for a day, sealed",
    "program_token": "digests of tokens, their scopes",
    "proof_shown": "the last run of the proof, for the public page",
    "request_looked": "a number",
    "webhook": "addresses of programs, and numbers",
    "intake_import": "counts and a digest of a file",
    "ledger_outbox": "events that wait for the log: no personal data by their list of facts",
    "ledger_outbox_number": "a number",
    "mail_added": "names of settings",
    "mail_folder": "numbers of a mailbox's folders",
    "mail_read": "when a mailbox was read",
    "mail_frozen": "a name of the settings, and a breach",
    "source_frozen": "a name of the settings, and a breach",
    "measure_attestation": "what was seen, by an id of staff",
    "once": "digests of what was used once",
    "once_since": "the moment of a restore",
    "promise_change": "verdicts",
    "publication_version": "versions of the statement",
    "retention_run": "counts of a run",
    "retention_task": "a task by its title and day",
    "room_script": "migrations",
    "room_version": "migrations",
    "site_scan": "figures of a browser's visit",
    "site_watch": "addresses of own sites",
    "surroundings_look": "addresses of servers and of the own domain",
    "vault_activity": "counts",
    "vault_erasure": "ids and counts of an erasure that runs",
    "vault_locker_unsettled": "numbers of keys that are being made",
    "vault_tokens_epoch": "a number",
    "vault_unsettled": "numbers of keys that are being made",
}  # fmt: skip
MADE = re.compile(r"(?:CREATE TABLE (?:IF NOT EXISTS )?|RENAME TO )([a-z_]+)")
DROPPED = re.compile(r"\"(?:DROP TABLE (?=[a-z_]+\")|ALTER TABLE (?=[a-z_]+ RENAME TO))([a-z_]+)")


def tables(folder):
    """Return the tables that the code makes, in every store; those of the benchmarks are thrown away."""
    files = [path for path in folder.rglob("*.py") if "bench" not in path.parts]
    texts = [path.read_text("utf-8") for path in files]
    made, gone = ({name for text in texts for name in found.findall(text)} for found in (MADE, DROPPED))
    return made - gone


def told():
    return {table for _, held in DRIVEN.values() for table in held} | set(NOBODY)


def test_every_table_is_told(place):
    made = tables(SOURCE)
    assert made - told() == set(), "say who drives these tables, or why they hold nothing about anybody"
    assert told() - made == set(), "these tables are gone"
    there = place.open().engine.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    assert {str(row[0]) for row in there} <= told()


def test_a_table_that_nobody_drives_is_noticed(tmp_path):
    (tmp_path / "store.py").write_text('MIGRATIONS = ("CREATE TABLE notebook (name TEXT)",)', "utf-8")
    assert tables(tmp_path) - told() == {"notebook"}


def test_whoever_drives_them_is_driven_by_retention(place):
    house = place.open()
    assert set(house.retention.custodians) == set(DRIVEN)


def test_each_has_its_shelf_in_the_worked_example_with_a_purpose():
    policy = read_statement(example_folder()).policy
    for name, (shelf, _) in DRIVEN.items():
        if shelf != OWN:
            assert shelf in policy.shelves, name
            assert any(purpose.shelf == shelf for purpose in policy.purposes.values()), name


@pytest.mark.parametrize("where", ["example", "template"])
def test_staff_have_category_purpose_and_shelf(where, tmp_path):
    if where == "example":
        statement = read_statement(example_folder())
    else:
        from gestand.doors.cli.main import run

        made = tmp_path / "firm"
        words = (
            "--name",
            "Firma Proef",
            "--email",
            "privacy@example.nl",
            "--address",
            "Dorpsstraat 1, 1234 AB Zandstad",
        )
        assert run(["init", str(made), *words, "--website", "https://example.nl"]) == 0
        statement = read_statement(made)
    policy = statement.policy
    assert policy.purposes["staff-access"].subjects == ("staff",)
    assert policy.purposes["staff-access"].balancing is not None
    assert policy.shelves[policy.purposes["staff-access"].shelf].trigger is Trigger.STAFF_LEFT
    needs = set(policy.purposes["staff-access"].needs)
    assert needs == {f"staff.{name}" for name in policy.categories["staff"].fields}
    spoken = {name for text in statement.texts for clause in text.clauses for name in clause.names}
    words = " ".join(text.source for text in statement.texts)
    assert "purpose.staff-access.interest" in spoken or policy.purposes["staff-access"].balancing.interest.nl in words


def test_a_member_of_staff_who_left_is_in_the_plan_and_leaves(place):
    """Through retention itself, under the shelf of the statement in force."""
    house = place.open()
    now = place.clock()
    sql = "INSERT INTO staff_person (id, roles, keeper, joined, revoked, sealed) VALUES (?,?,?,?,?,?)"
    sealed = house.staff._rows.seal("person per_aaaaaaaaaaaaaaaa", {"name": "Koos Proef"})
    with house.engine.transaction():
        left = (now - timedelta(days=365 * 2 + 10)).isoformat()
        house.engine.execute(
            sql, ("per_aaaaaaaaaaaaaaaa", "owner", 0, datetime(2020, 1, 1, tzinfo=UTC).isoformat(), left, sealed)
        )
    due = [one.due for one in house.retention.plan().leaving if one.custodian == "staff"]
    assert [(one.key, one.shelf) for one in due] == [("per_aaaaaaaaaaaaaaaa", "staff")]
    house.retention.run(actor=OWNER)
    assert house.staff.people() == ()
    assert "staff.forgotten" in {entry.event.name for entry in house.ledger.entries()}
