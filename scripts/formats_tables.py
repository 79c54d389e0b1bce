"""The long lists in the documents, made from the code: ``python scripts/formats_tables.py`` writes them anew.

A list stands between ``<!-- list: NAME -->`` and ``<!-- end -->``. The last column of a list that asks for words is written by
hand and kept from run to run, row by row; a row that is new gets ``(no words yet)``, and a test fails until someone writes
them. ``--check`` changes nothing and ends with 1 if a document is behind the code.
"""

from __future__ import annotations

import ast
import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from formats_cells import NO_WORDS, ROOT, code, table, worded
from formats_commands import list_commands
from formats_crypto import list_crypto_keys, list_crypto_primitives
from formats_errors import FOLLOWED, callee, calls, error_codes, list_errors, list_unsound, trees
from formats_policy import keys_of, list_policy, toml, type_words

DOCUMENTS = (ROOT / "docs" / "formats.md", ROOT / "docs" / "commands.md", ROOT / "docs" / "crypto.md")
_LIST = re.compile(r"(<!-- list: (?P<name>[a-z-]+) -->\n)(?P<body>.*?)(<!-- end -->)", re.DOTALL)


def list_triggers(before: str) -> str:
    """Return every trigger."""
    from gestand.register.model import OWN_TRIGGER
    from gestand.statement.policy import Trigger

    kinds = {trigger: str(kind) for kind, trigger in OWN_TRIGGER.items()}
    rows = [(code(t.value), kinds.get(t, "")) for t in Trigger]
    return worded(("trigger", "dossier that reports it", "starts the period on the day that"), rows, before)


SAMPLES = {
    "name": " Anna  de VRIES ",
    "street": "Lindelaan  14",
    "postcode": "1234ab",
    "town": "Zandstad",
    "country": "Nederland",
    "phone": "06-12 34 56 78",
    "email": "Anna@Example.NL",
    "iban": "nl91 abna 0417 1643 00",
    "vat": "NL 0000.99.998.B.57",
    "coc": "1234 5678",
    "bsn": "111222333",
    "customer_number": "k-1001",
    "ip": "2001:DB8:0:0:0:0:0:1",
    "date": "1-12-2026",
    "number": "12,50",
    "text": "Printer staat op zolder",
}


def list_kinds(before: str) -> str:
    """Return every kind of field with a value as typed, as kept, and in its normal form."""
    from gestand.reading.identifiers import CHECKS
    from gestand.reading.normal import normal_form
    from gestand.statement.policy import FieldKind

    rows = []
    for kind in FieldKind:
        typed = SAMPLES[kind.value]
        kept = CHECKS[kind](typed)
        shown = code(kept) if isinstance(kept, str) else f"refused: {kept.code}"
        rows.append((code(kind.value), code(typed), shown, code(normal_form(kind, kept if isinstance(kept, str) else typed))))  # fmt: skip
    return worded(("kind", "typed", "kept as", "normal form", "judged by"), rows, before)


def list_names(_before: str) -> str:
    """Return every name a text may speak, with what it gives in the worked example."""
    from gestand.publication.folder import read_statement
    from gestand.statement.fill import names

    policy = read_statement(ROOT / "examples/koper").policy
    found: dict[str, str] = {}
    for name, words in names(policy, "nl").items():
        parts = name.split(".")
        general = f"{parts[0]}.NAME.{parts[2]}" if len(parts) == 3 else name
        if general.startswith("contact."):
            general = "contact.KIND"
        if words and len(words) < len(found.get(general, "x" * 200)):
            found[general] = words
        found.setdefault(general, words)
    rows = [
        (code(f"{{{{ {name} }}}}"), words if len(words) < 90 else words[:86] + " …") for name, words in found.items()
    ]
    return table(("name", "for example"), rows)


# ---- the other files ----


def list_config(before: str) -> str:
    """Return the keys of gestand.toml with their defaults."""
    from gestand.kernel import config
    from gestand.kernel.config_keys import KNOWN

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / config.FILE).write_text("format = 1\n", "utf-8")
        plain = config.load_config(Path(folder))
    defaults = {
        "storage.engine": plain.engine,
        "storage.folder": plain.data.name,
        "keys.root": plain.root_key,
        "serve.host": plain.host,
        "serve.port": plain.port,
        "backup.keep_days": plain.backup.keep_days,
        "backup.keys_keep_days": plain.backup.keys_keep_days,
        "sharing.waiting_minutes": plain.sharing.waiting_minutes,
    }
    rows = [
        (
            code(f"{section}.{key}"),
            type_words(kind),
            code(toml(d)) if (d := defaults.get(f"{section}.{key}")) is not None else "",
        )
        for section, keys in KNOWN.items()
        for key, kind in keys.items()
    ]
    return worded(("key", "type", "without it", "meaning"), rows, before)


def list_sources(before: str) -> str:
    """Return the keys of every kind of source, and of what stands inside one."""
    from gestand.sources import declared

    nouns = {
        "every": declared.Declared,
        "sql": declared.SqlDeclared,
        "sql: roles": declared.Roles,
        "sql: tables.NAME": declared.Table,
        "tables.NAME.attach": declared.Attach,
        "tables.NAME.happens": declared.Happens,
        "tables.NAME.columns.NAME": declared.Column,
        "imap": declared.ImapDeclared,
        "files": declared.FilesDeclared,
        "http": declared.HttpDeclared,
        "http: auth": declared.Auth,
        "http: auth.session": declared.Session,
        "http: resources.NAME": declared.Resource,
        "resources.NAME.paging": declared.Paging,
        "resources.NAME.find.KIND, export, erase, …": declared.Endpoint,
        "python": declared.PythonDeclared,
    }
    common = set(declared.Declared.model_fields)
    rows = [
        (f"{where}: {code(key.name)}", key.type, key.needed)
        for where, noun in nouns.items()
        for key in keys_of(where, noun)
        if where == "every" or key.name not in common
    ]
    return worded(("where: key", "type", "needed", "meaning"), rows, before)


def list_measures(before: str) -> str:
    """Return the keys of a measure."""
    from gestand.evidence.measures import Measure

    rows = [(code(k.name), k.type, k.needed) for k in keys_of("measure", Measure)]
    return worded(("key", "type", "needed", "meaning"), rows, before)


def list_agreements(before: str) -> str:
    """Return the keys of an agreement."""
    from gestand.sharing.agreements import Agreement

    rows = [(code(k.name), k.type, k.needed) for k in keys_of("agreement", Agreement)]
    return worded(("key", "type", "needed", "meaning"), rows, before)


def list_contents(_before: str) -> str:
    """Return what an agreement with a processor must say."""
    from gestand.sharing.agreements import CONTENTS

    return table(
        ("word", "Article", "the agreement says"), [(code(w), article, says) for w, (article, says) in CONTENTS.items()]
    )


# ---- ids, ledger, controls ----


def list_ids(before: str) -> str:
    """Return the prefixes of ids that are made."""
    found: dict[str, set[str]] = {}
    for name, tree in trees():
        for call in calls(tree):
            if callee(call) == "new_id" and call.args and isinstance(call.args[0], ast.Constant):
                found.setdefault(f"{call.args[0].value}_", set()).add(name.split("/")[0])
    found.setdefault("sub_", {"vault"})
    found.setdefault("itm_", {"vault"})
    rows = [(code(prefix), ", ".join(sorted(rooms))) for prefix, rooms in sorted(found.items())]
    return worded(("prefix", "made by", "names"), rows, before)


def list_events(before: str) -> str:
    """Return every ledger event with the facts it may carry."""
    from gestand.ledger.events import EVENTS

    rows = [(code(name), ", ".join(map(code, facts))) for name, facts in EVENTS.items()]
    return worded(("event", "facts it may carry", "says that"), rows, before)


def list_facts(before: str) -> str:
    """Return every fact."""
    from gestand.ledger.events import EVENTS

    rows = [(code(fact),) for fact in sorted({fact for facts in EVENTS.values() for fact in facts})]
    return worded(("fact", "is"), rows, before)


def list_controls(_before: str) -> str:
    """Return every control that is built."""
    from gestand.evidence.registry import controls

    return table(
        ("control", "proof", "promise", "looks at", "rests on"),
        [(code(c.id), c.proof, f"{c.title.en} · {c.title.nl}", c.looks_at.en, ", ".join(map(code, c.depends_on)))
         for c in controls().values()],
    )  # fmt: skip


def list_awaited(_before: str) -> str:
    """Return every control that a sentence may await."""
    from gestand.evidence.registry import AWAITED

    return table(("control", "awaits the room"), [(code(name), room) for name, room in AWAITED.items()])


# ---- writing ----

LISTS: dict[str, Callable[[str], str]] = {
    "policy": list_policy,
    "triggers": list_triggers,
    "kinds": list_kinds,
    "names": list_names,
    "config": list_config,
    "measures": list_measures,
    "sources": list_sources,
    "agreements": list_agreements,
    "contents": list_contents,
    "ids": list_ids,
    "events": list_events,
    "facts": list_facts,
    "controls": list_controls,
    "awaited": list_awaited,
    "errors": list_errors,
    "unsound": list_unsound,
    "commands": list_commands,
    "crypto-primitives": list_crypto_primitives,
    "crypto-keys": list_crypto_keys,
}


def renewed(text: str) -> str:
    """Return a document with every list made anew."""
    return _LIST.sub(lambda m: f"{m[1]}\n{LISTS[m['name']](m['body'])}\n{m[4]}", text)


def main(argv: Sequence[str]) -> int:
    """Write the documents, or with ``--check`` only say which are behind."""
    _, hidden = error_codes()
    unseen = [place for place in hidden if place.split(":")[0] not in FOLLOWED]
    for place in unseen:
        print(f"{place}: an error whose code cannot be read from the source; write it out, or follow it in FOLLOWED")
    behind = 0
    for path in DOCUMENTS:
        before = path.read_text("utf-8")
        after = renewed(before)
        for line in after.splitlines():
            if NO_WORDS in line and line.startswith("|"):
                print(f"{path.name}: words are missing: {line}")
        if after != before:
            behind += 1
            if "--check" in argv:
                print(f"{path.name} is behind the code: run python scripts/formats_tables.py")
            else:
                path.write_text(after, "utf-8")
                print(f"{path.name} is written anew")
    return 1 if unseen or ("--check" in argv and behind) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
