"""The sections and keys that ``gestand.toml`` may have, and the judgement of a file by them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gestand.kernel import config_mail, config_passed_on, config_surroundings
from gestand.kernel.errors import UsageError

ENGINES = ("sqlite", "postgres")
LARGEST_PORT = 65535
KNOWN: dict[str, dict[str, type]] = {
    "storage": {"engine": str, "folder": str, "dsn": str, "keys_dsn": str, "schema": str},
    "keys": {"root": str},
    "serve": {"host": str, "port": int, "office_host": str, "metrics_port": int},
    "staff": {"waiting_minutes": int},
    "sites": {"own": list, "statement": str, "near": bool, "pages": int, "forms": bool},
    "ledger": {"witnesses": list, "near": bool},
    "backup": {"folder": str, "recipients": list, "keys_recipients": list, "keep_days": int, "keys_keep_days": int},
    "outreach": {"unsubscribe_url": str},
    "rights": {"four_eyes": bool, "portal_url": str, **config_passed_on.KNOWN},
    "archive": {"purpose": str, "field": str, "rules": list},
    **config_mail.KNOWN,
    "sharing": {"waiting_minutes": int},
    "surroundings": config_surroundings.KNOWN,
}


def check_keys(document: dict[str, Any], path: Path) -> None:
    """Judge sections, keys and the kinds of their values; ``path``: the file, as it is named in an error.

    :raises UsageError: ``config-format``, ``config-unknown``, ``config-value``, ``config-engine``, ``config-dsn``.
    """
    if document.get("format") != 1:
        raise UsageError(
            "config-format",
            "format = 1 is missing or another",
            where=str(path),
            remedy="Begin the file with 'format = 1'.",
        )
    for section, values in _sections(document):
        known = KNOWN.get(config_mail.NAMED if section.startswith("mail.mailboxes.") else section)
        if known is None or not isinstance(values, dict):
            raise UsageError(
                "config-unknown",
                f"[{section}] is no section",
                where=str(path),
                remedy=f"The sections are {', '.join(KNOWN)}.",
            )
        for key, value in values.items():
            if key not in known or type(value) is not known[key] or not _sound(value):
                raise UsageError(
                    "config-value",
                    f"{section}.{key} = {value!r} is no setting",
                    where=str(path),
                    remedy="Known here: " + ", ".join(f"{k} ({t.__name__})" for k, t in known.items()) + ".",
                )
    port = document.get("serve", {}).get("port", 8470)
    if not 0 <= port <= LARGEST_PORT:
        raise UsageError(
            "config-value",
            f"serve.port = {port} is no port",
            where=str(path),
            remedy=f"A port is a number from 0 (any that is free) to {LARGEST_PORT}.",
        )
    storage = document.get("storage", {})
    if storage.get("engine", "sqlite") not in ENGINES:
        raise UsageError(
            "config-engine",
            f"there is no engine '{storage['engine']}'",
            where=str(path),
            remedy='Write engine = "sqlite" or engine = "postgres".',
        )
    if storage.get("engine") == "postgres" and not storage.get("dsn"):
        raise UsageError(
            "config-dsn",
            'engine = "postgres" says nothing of where it is',
            where=str(path),
            remedy='Write dsn = "env:GESTAND_DSN" below it, and the connection string in that variable.',
        )


def _sections(document: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return every section by its whole name: those of mail, and each mailbox, by themselves."""
    found = [(name, values) for name, values in document.items() if name not in {"format", "mail"}]
    mail = document.get("mail", {})
    if not isinstance(mail, dict):
        return [*found, ("mail", mail)]
    for name, values in mail.items():
        if name == "mailboxes" and isinstance(values, dict):
            found += [(f"mail.mailboxes.{box}", section) for box, section in values.items()]
        else:
            found.append((f"mail.{name}", values))
    return found


def _sound(value: object) -> bool:
    """Say whether a list holds texts alone, and a number is not below zero."""
    if isinstance(value, list):
        return all(isinstance(one, str) for one in value)
    return not isinstance(value, int) or value >= 0
