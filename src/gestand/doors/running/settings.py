"""What is wrong in the settings is said at the start, all of it at once, before any port opens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from gestand.backup.recipients import read_recipients
from gestand.kernel.config import FILE, Config
from gestand.kernel.config_keys import LARGEST_PORT
from gestand.kernel.errors import GestandError, InputError, Problem
from gestand.ledger.asking import witness_at

HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+(:\d{1,5})?", re.ASCII)
Wrong = tuple[str, str, str]
"""A key of gestand.toml, what is wrong with it, and what to do."""


def judge_settings(config: Config) -> tuple[Problem, ...]:
    """Return everything in ``gestand.toml`` that would fail later: while nobody looks, or in front of a visitor."""
    file = str(config.folder / FILE)
    return tuple(
        Problem(file, 0, "setting", f"{key}: {message}", remedy)
        for judge in (_ports, _addresses, _witnesses, _recipients)
        for key, message, remedy in judge(config)
    )


def check_settings(config: Config) -> None:
    """Refuse settings that would fail later.

    :raises InputError: ``setting``, every problem at once.
    """
    found = judge_settings(config)
    if found:
        raise InputError(found)


def _ports(config: Config) -> Iterator[Wrong]:
    if config.office_host and not HOST.fullmatch(config.office_host):
        yield "serve.office_host", f"'{config.office_host}' is no host", "Write a host alone, as kantoor.example.nl."
    if config.metrics_port > LARGEST_PORT:
        yield "serve.metrics_port", f"{config.metrics_port} is no port", f"A port is a number up to {LARGEST_PORT}."
    elif config.metrics_port and config.metrics_port == config.port:
        yield "serve.metrics_port", "is the port of the pages", "Give the metrics a port of their own, as 9470."


def _addresses(config: Config) -> Iterator[Wrong]:
    for key, sites in (("sites.own", config.sites.own), ("sites.statement", (config.sites.statement,))):
        for site in filter(None, sites):
            if not _is_web(site):
                yield key, f"'{site}' is no web address", "Write https://host/path/."


def _witnesses(config: Config) -> Iterator[Wrong]:
    for text in config.ledger.witnesses:
        yield from _tried("ledger.witnesses", lambda text=text: witness_at(text))  # type: ignore[misc]


def _recipients(config: Config) -> Iterator[Wrong]:
    backup = config.backup
    if backup.folder is None:
        return
    yield from _tried("backup.recipients", lambda: read_recipients(backup.recipients, "backup.recipients"))
    if backup.keys_recipients != backup.recipients:
        yield from _tried(
            "backup.keys_recipients", lambda: read_recipients(backup.keys_recipients, "backup.keys_recipients")
        )


def _tried(key: str, read: Callable[[], object]) -> Iterator[Wrong]:
    try:
        read()
    except GestandError as fault:
        yield key, fault.message, fault.remedy


def _is_web(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
