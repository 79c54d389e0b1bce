"""No table, key or constraint stops a distributed PostgreSQL: what is about a subject can lie on the subject's node.

A distributed table needs its distribution column in the primary key and in every unique constraint or index, and no
foreign key that does not have it. Tables without a subject are reference tables (the same on every node), of one stream
(the outbox of the ledger) or of one file; they are few rows, and named here: a new table must be put in its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gestand.doors.demonstration.place import make_place
from gestand.kernel.config_edit import write_settings
from gestand.storage.postgres import PostgresEngine
from gestand.storage.tables import Rule, Table, rules, tables
from postgres_server import running_server

BY_SUBJECT = {
    "vault_subject", "vault_item", "vault_token", "vault_restriction", "vault_rectification", "vault_objection",
    "vault_consent", "vault_held", "vault_key", "register_firm", "register_involved", "register_device",
    "outreach_call", "vault_heir", "vault_shown",
}  # fmt: skip
BY_OTHER = {
    "register_representation": "firm",  # a subject too; the person is found through its index
    "register_dossier": "id",
    "register_event": "dossier",
    "register_image": "name",
    "register_certificate": "digest",  # about nobody: what a code proves
    "request": "id",  # the subject may be unknown, or become known later
    "request_decision": "request",
    "vault_hold": "hold",
    "vault_erasure": "erasure",
    "vault_shown_together": "request",  # names many subjects, until it is divided over them
    "vault_unsettled": "change",
    "intake_import": "file",
    "retention_run": "id",
    "retention_task": "id",
    "promise_change": "control",
    "site_scan": "site",
    "site_watch": "site",
    "surroundings_look": "place",
    "breach": "id",  # with everything that belongs to it; a person stands there under a mark only
    "breach_page": "breach",
    "breach_step": "breach",
    "breach_affected": "breach",
    "breach_person": "breach",
    "breach_assessment": "breach",
    "breach_submission": "breach",
    "breach_notice": "breach",
    "breach_public": "breach",
    "post_message": "id",  # the person may be nobody known
    "post_key": "message",
    "outreach_campaign": "id",
    "outreach_token": "hash",  # looked up by what a link carries
    "outreach_suppression": "mark",  # of people of whom nothing else is known
    "sharing_record": "id",  # sealed: its subjects are found through their tokens
    "sharing_token": "token",
    "archive_message": "number",  # has several people in it, and dies as a whole
    "archive_part": "number",
    "archive_variant": "content",
    "archive_way": "way",
    "archive_hold": "id",
    "archive_held": "number",
    "archive_restricted": "number",
    "archive_leaving": "number",
    "archive_erasure": "id",
    "vault_locker": "thing",
    "vault_locker_unsettled": "change",
    "mail_failure": "mailbox",
    "once": "mark",
    "portal_beside": "beside",
    "portal_code": "mark",
    "post_book": "id",
    "program_answer": "token",
    "request_callback": "request",
    "request_code": "request",
    "request_judgement": "request",
    "request_outside": "program",
    "request_parcel": "request",
    "request_move": "id",
    "request_pause": "request",
    "request_proposal": "id",
    "request_reach": "request",
    "source_judgement": "job",
    "source_gone": "job",
    "source_step": "job",
}
REFERENCE = {
    "vault_activity", "vault_purpose", "vault_tokens_epoch", "publication_version", "measure_attestation", "breach_door",
    "archive_counter", "archive_heard", "mail_added", "mail_folder", "mail_read", "program_token", "proof_shown",
    "mail_frozen", "source_frozen", "request_looked", "staff_approval", "staff_link", "staff_passkey", "staff_password", "staff_person", "staff_printed",
    "staff_session", "webhook",
    "room_version", "room_script", "sharing_read", "once_since",
}  # fmt: skip
STREAM = {"ledger_outbox": "number", "ledger_outbox_number": "id"}
KNOWN_UNIQUE = {
    "register_dossier": {"register_dossier_number"},
    "vault_purpose": {"vault_purpose_purpose_key"},
    "archive_message": {"UNIQUE (content)", "UNIQUE (thing)", "archive_message_content_key", "archive_message_thing_key"},
    "request_proposal": {"UNIQUE (message)", "request_proposal_message_key"},
}  # fmt: skip
"""Unique without the distribution key: the dossier's number (a table of few and small rows, of reference), purposes; and what
makes a message be there once: the archive of an organisation stays on one node of a cluster."""


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PostgresEngine, PostgresEngine]]:
    server = running_server()
    made = make_place(tmp_path_factory.mktemp("distributed") / "koper")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GESTAND_DSN", server.dsn())
        patch.setenv("GESTAND_KEYS_DSN", server.keys_dsn)
        settings = {"dsn": "env:GESTAND_DSN", "keys_dsn": "env:GESTAND_KEYS_DSN", "schema": server.schema()}
        write_settings(made.folder, {"engine": "postgres", **settings})
        data, keys = made.open().vault.stores()
        assert isinstance(data, PostgresEngine)
        assert isinstance(keys, PostgresEngine)
        yield data, keys
        made.close()


def all_tables(stores: tuple[PostgresEngine, PostgresEngine]) -> dict[str, Table]:
    return {table.name: table for engine in stores for table in tables(engine)}


def _known(table: str, rule: str) -> bool:
    return any(name in rule for name in KNOWN_UNIQUE.get(table, ()))


def faults(table: Table, column: str, found: list[Rule]) -> list[str]:
    """Return what stops ``table`` from being distributed by ``column``."""
    wrong = [] if column in table.key else [f"{table.name}: {column} is not in its primary key"]
    for rule in found:
        inside = rule.text.partition("(")[2]
        if rule.kind in "puif" and column not in inside and not _known(table.name, rule.text):
            wrong.append(f"{table.name}: {rule.text}")
    return wrong


def test_every_table_has_its_place(stores: tuple[PostgresEngine, PostgresEngine]) -> None:
    assert set(all_tables(stores)) == BY_SUBJECT | set(BY_OTHER) | REFERENCE | set(STREAM)


def test_no_key_or_constraint_stands_in_the_way(stores: tuple[PostgresEngine, PostgresEngine]) -> None:
    found = [rule for engine in stores for rule in rules(engine)]
    wrong = [
        fault
        for name, table in all_tables(stores).items()
        if name not in REFERENCE
        for fault in faults(
            table, BY_OTHER.get(name) or STREAM.get(name) or "subject", [r for r in found if r.table == name]
        )
    ]
    assert wrong == []
    assert [rule for rule in found if rule.kind == "f"] == []


@pytest.mark.parametrize(
    "rule",
    [
        Rule("vault_item", "u", "UNIQUE (item)"),
        Rule("vault_item", "f", "FOREIGN KEY (activity) REFERENCES vault_activity(activity)"),
        Rule("vault_item", "i", "CREATE UNIQUE INDEX x ON vault_item USING btree (token)"),
    ],
)
def test_what_would_stand_in_the_way_is_noticed(rule: Rule) -> None:
    sound = Table("vault_item", ("subject", "item"), ("subject", "item"))
    assert faults(sound, "subject", []) == []
    assert len(faults(sound, "subject", [rule])) == 1
    assert len(faults(Table("vault_item", ("subject", "item"), ("item",)), "subject", [])) == 1


def test_what_has_a_subject_is_keyed_by_it(stores: tuple[PostgresEngine, PostgresEngine]) -> None:
    with_subject = {name for name, table in all_tables(stores).items() if "subject" in table.columns}
    assert with_subject == BY_SUBJECT | {"request", "post_message", "outreach_token"}


def test_the_key_store_is_a_database_of_its_own_with_its_own_role(
    stores: tuple[PostgresEngine, PostgresEngine], tmp_path: Path
) -> None:
    data, keys = stores
    who = "SELECT current_database(), current_user::text"
    assert data.execute(who) == [("gestand", "gestand")]
    assert keys.execute(who) == [("gestand_keys", "gestand_keys")]
    assert "vault_key" not in {table.name for table in tables(data)}
