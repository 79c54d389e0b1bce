"""The table of commands: name, what it does, and the module that does it.

A module of one command has a function ``command``; a module of a group has ``app``, a ``typer.Typer``.
"""

from __future__ import annotations

from typing import NamedTuple


class Command(NamedTuple):
    """One word of the command line. ``group``: it has words of its own (``subject add``); ``alone``: or none."""

    name: str
    help: str
    module: str
    group: bool = False
    alone: bool = False


COMMANDS: tuple[Command, ...] = (
    Command("init", "Make a new organisation, also from the text of an existing statement.", "init"),
    Command("check", "Compile policy and statement; list every problem with its place and remedy.", "check"),
    Command("demo", "The worked example: filled, opened, erased, broken, repaired, proven.", "demo"),
    Command("prove", "The statement, clause by clause, with verdicts.", "prove"),
    Command("scan", "The cookie proof of any site, in a real browser.", "scan"),
    Command("clause", "One sentence: policy line, control, module, test, last evidence.", "clause"),
    Command("law", "One question to the law, the answer with its articles.", "law", group=True),
    Command("statement", "The statement: show, compare, try, publish, announce, lint.", "statement", group=True),
    Command("subject", "The register of persons: add, find, show, open, import.", "subject", group=True),
    Command("dossier", "Questions, quotes, agreements, jobs, invoices, complaints.", "dossier", group=True),
    Command("device", "Devices in hand: intake, images of the disk, return, wipe, check.", "device", group=True),
    Command("request", "Rights requests: open, verify, plan, fulfil, close.", "request", group=True),
    Command("postbook", "What came by letter, telephone or counter: enter it, list it.", "postbook", group=True),
    Command("source", "Other systems that hold copies: declare, test, search, correct.", "source", group=True),
    Command("disclose", "Who else gets data: give, orders by authorities, tell recipients.", "disclose", group=True),
    Command("retention", "What is due to leave: plan it, run it.", "retention", group=True),
    Command("breach", "When it goes wrong: report, contain, assess, notify, register, rehearse.", "breach", group=True),
    Command("post", "The outbox: what waits, what was sent, what is in doubt; letters on paper.", "post", group=True),
    Command("outreach", "Newsletters, service messages, offers: to whom they may go, and why.", "outreach", group=True),
    Command("archive", "The e-mail archive: add messages, search, open, keep, erase.", "archive", group=True),
    Command("mail", "Mailboxes at a provider: set up, read, empty; receive journals.", "mail", group=True),
    Command("measure", "Undertakings no machine can see: attest them, with an expiry.", "measure", group=True),
    Command("ledger", "Verify, export and checkpoint the ledger.", "ledger", group=True),
    Command("backup", "Back up, encrypted, keys apart; list, drill.", "backup", group=True, alone=True),
    Command("restore", "Bring a backup back; erasures are replayed before any door opens.", "restore"),
    Command("keys", "Show, rotate and recover keys; escrow and the emergency envelope.", "keys", group=True),
    Command("vault", "One verb on a set of data, by person, purpose, shelf, recipient or date.", "vault", group=True),
    Command("storage", "Where the rows are: move them to PostgreSQL and back.", "storage", group=True),
    Command("staff", "Who may act: list, let in, revoke, roles.", "staff", group=True),
    Command("serve", "Serve the public pages, the office and the API, with the due work inside.", "serve"),
    Command("tick", "The due work, once: for a timer.", "tick"),
    Command("week", "This week on a page: due, leaving, broken.", "week"),
    Command("api", "Tokens and webhooks of other programs.", "api", group=True),
    Command("export", "The evidence for others: dossier, record of processing.", "export", group=True),
    Command("bench", "Measure both sides of a promise of speed in one run.", "bench", group=True),
)
