"""Who passed a request on is told that its status changed, at the address it named: signed, allowed by the settings, tried until taken.

An address counts only if its origin stands in ``rights.callbacks`` under the name of who passed the request on; another one is noted in
the ledger and never called. What is told is the status alone, as its owner may ask for it; who it is about is not in it.

Data Rights Protocol 0.9 (2.03): the body is the status. The protocol has no signature for it, so one of ours is added, with the SHA-256 of the
agent's own token as its key: ``Gestand-Signature: t=...,v1=...``, as of a webhook. OpenDSR (8.5, 8.6): signed as its answers are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from gestand.kernel.canonical import canonical
from gestand.kernel.clock import Clock
from gestand.kernel.config_passed_on import PassedOnSettings
from gestand.kernel.egress import Egress, Peer, Resolve, lookup
from gestand.kernel.errors import GestandError
from gestand.kernel.ids import SYSTEM, ActorId
from gestand.kernel.posting import post_to, target_of
from gestand.ledger.model import Event
from gestand.ledger.service import Ledger
from gestand.rights import case_store as sql
from gestand.rights.outside import Outside
from gestand.rights.protocols import callback_opendsr, status_of
from gestand.rights.service import Requests
from gestand.rights.signing import Processor
from gestand.staff.posting import sign
from gestand.staff.programs import Programs
from gestand.storage.engine import Engine, Row

FIRST_RETRY: Final = timedelta(minutes=1)
LONGEST_RETRY: Final = timedelta(hours=6)
MOST: Final = 5
"""Addresses for one request."""


class Protocol(StrEnum):
    """In whose words a status is told."""

    DRP = "drp"
    OPENDSR = "opendsr"


@dataclass(frozen=True, slots=True)
class Callback:
    """An address that is told of one request; ``told``: a digest of the status it knows."""

    request: str
    url: str
    program: str
    number: str
    protocol: Protocol
    told: str
    failures: int
    next_try: datetime | None


class Callbacks:
    """The addresses of one organisation, and what they know."""

    def __init__(
        self,
        engine: Engine,
        ledger: Ledger,
        requests: Requests,
        programs: Programs,
        clock: Clock,
        *,
        settings: PassedOnSettings,
        processor: Processor,
        verify_at: str,
        resolve: Resolve = lookup,
    ) -> None:
        self._engine = engine
        self._ledger = ledger
        self._requests = requests
        self._programs = programs
        self._clock = clock
        self._settings = settings
        self._processor = processor
        self._verify_at = verify_at
        self._outside = Outside(engine)
        self._resolve = resolve

    def note(
        self, request: str, urls: Sequence[str], *, program: str, number: str, protocol: Protocol, known_as: str
    ) -> int:
        """Remember which addresses are told of a request, inside the caller's transaction; return how many of them may be.

        ``known_as``: the name under which the settings list who passed it on. What it was answered just now is not told again.
        """
        allowed = 0
        for url in dict.fromkeys(urls[:MOST]):
            listed = self._peer(known_as, url) is not None
            allowed += listed
            if listed:
                one = Callback(request, url, program, number, protocol, "", 0, None)
                row = (request, url, program, number, str(protocol), _digest(self._document(one)))
                self._engine.execute(sql.ADD_CALLBACK, row)
            else:
                self._record(request, program, "unlisted")
        return allowed

    def waiting(self) -> bool:
        """Say whether anybody is to be told of any request at all."""
        return bool(self._engine.execute(sql.CALLBACKS))

    def deliver(self) -> tuple[int, int]:
        """Tell every address whose request has another status than it knows; return how many were told, how many failed."""
        told = failed = 0
        for one in map(_callback, self._engine.execute(sql.CALLBACKS)):
            if one.next_try is not None and self._clock() < one.next_try:
                continue
            document = self._document(one)
            if _digest(document) == one.told:
                continue
            fault = self._tell(one, canonical(document))
            if fault:
                rest = min(FIRST_RETRY * (1 << min(one.failures, 12)), LONGEST_RETRY)
                self._engine.execute(
                    sql.FAILED_CALLBACK, ((self._clock() + rest).isoformat(), fault, one.request, one.url)
                )
                failed += 1
                continue
            with self._engine.transaction():
                self._engine.execute(sql.TOLD_CALLBACK, (_digest(document), one.request, one.url))
                self._record(one.request, one.program, "told")
            told += 1
        return told, failed

    def _tell(self, one: Callback, body: bytes) -> str:
        """Post a status; return why it was not taken, empty if it was."""
        peer = self._peer(self._known_as(one), one.url)
        if peer is None:
            return "unlisted"
        try:
            headers = self._signature(one, body)
            if not headers:
                return "no-token"
            status = post_to(Egress([peer], resolve=self._resolve), one.url, body, headers)
        except GestandError as fault:
            return fault.code
        except OSError as fault:
            return type(fault).__name__
        return "" if 200 <= status < 300 else f"status-{status}"

    def _signature(self, one: Callback, body: bytes) -> Mapping[str, str]:
        """Return the headers that sign a status; none while the agent has no token that works, which is the key of its signature."""
        if one.protocol is Protocol.OPENDSR:
            return self._processor.headers(body)
        key = self._programs.mark_of(one.program)
        return {"Gestand-Signature": sign(key, int(self._clock().timestamp()), body)} if key else {}

    def _document(self, one: Callback) -> dict[str, Any]:
        request = self._requests.one(one.request)
        if one.protocol is Protocol.OPENDSR:
            return callback_opendsr(one.url, one.number, request, controller=one.program)
        judged = tuple(judgement.kind for judgement in self._requests.judgements(request.id))
        return status_of(request, judged, verify_at=self._verify_at, theirs=self._outside.theirs(request.id))

    def _peer(self, known_as: str, url: str) -> Peer | None:
        """Return where an address leads, if the settings list its origin for who passed the request on."""
        target = target_of(url)
        if target is None or (known_as, target.origin) not in self._settings.callbacks:
            return None
        return Peer(target.host, target.port, self._settings.near)

    def _known_as(self, one: Callback) -> str:
        named = {program_of(agent): agent for agent, _ in self._settings.agents}
        return named.get(one.program, "") if one.protocol is Protocol.DRP else one.program

    def _record(self, request: str, program: str, outcome: str) -> None:
        facts = {"request": request, "program": program, "outcome": outcome}
        self._ledger.stage(Event("request.callback", self._clock(), ActorId(SYSTEM), facts))


def program_of(agent: str) -> str:
    """Return the name of the program under which an agent of the Data Rights Protocol acts."""
    return "drp-" + agent.lower().replace("_", "-").strip("-")[:36]


def _digest(document: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(document)).hexdigest()


def _callback(row: Row) -> Callback:
    request, url, program, number, protocol, told, failures, next_try = row
    return Callback(
        str(request), str(url), str(program), str(number), Protocol(str(protocol)), str(told), int(str(failures)),
        datetime.fromisoformat(str(next_try)) if next_try else None,
    )  # fmt: skip
