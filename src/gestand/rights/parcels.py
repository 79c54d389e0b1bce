"""An answer that waits to be fetched: sealed under the one-time code itself, so that nobody here can open it either.

The key is made from the code (Argon2id, RFC 9106) and the root key together; a digest of its first four signs finds it.
Fetched once, through the portal or at the command line, or after fourteen days, it is gone.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final

from argon2.low_level import Type, hash_secret_raw

from gestand.kernel.clock import Clock
from gestand.kernel.crypto import KEY_SIZE, NONCE_SIZE, Sealer, derive, mac
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import DamagedError, RefusedError
from gestand.kernel.ids import SYSTEM, ActorId, RequestId
from gestand.ledger.model import Event
from gestand.ledger.service import Ledger
from gestand.rights import case_store as sql
from gestand.rights.portal.rules import FINDS, new_typed, signs_of
from gestand.storage.engine import Engine

STAYS: Final = timedelta(days=14)
TRIES: Final = 10
_SALT: Final = 16


def drop_parcels(engine: Engine, requests: Collection[str]) -> int:
    """Remove, from a restored store, answers that were fetched or made anew after it was copied; return how many were there."""
    with engine.transaction():
        there = [one for one in requests if engine.execute(sql.PARCEL, (one,))]
        for request in there:
            engine.execute(sql.DROP_PARCEL, (request,))
    return len(there)


class Parcels:
    """The answers that wait."""

    def __init__(self, engine: Engine, ledger: Ledger, *, root_key: bytes, clock: Clock, entropy: Entropy) -> None:
        self._engine = engine
        self._ledger = ledger
        self._key = derive(root_key, "rights parcels")
        self._clock = clock
        self._entropy = entropy

    def put(self, request: RequestId, files: Mapping[str, bytes], *, actor: ActorId) -> str:
        """Seal the files of an answer and return the code that opens them: to be told to the person, and kept nowhere."""
        code = new_typed(self._entropy)
        while self._engine.execute(sql.PARCEL_BY_MARK, (_mark(code),)):
            code = new_typed(self._entropy)
        with self._engine.transaction():
            self._seal(request, files, code)
            self._ledger.stage(Event("request.handed-over", self._clock(), actor, {"request": request}))
        return code

    def put_again(self, request: RequestId, files: Mapping[str, bytes], code: str) -> None:
        """Seal the files of an answer once more under the code it has: with what came after it, its receipt."""
        with self._engine.transaction():
            self._seal(request, files, code)

    def found(self, code: str) -> RequestId | None:
        """Return the request whose answer a code opens, None for any other: the same work for all. Nothing is used up."""
        rows = self._engine.execute(sql.PARCEL_BY_MARK, (_mark(code),))
        request = str(rows[0][0]) if rows else ""
        opened = self._open(request, code)
        if opened is None and request:
            self._engine.execute(sql.TRIED_PARCEL, (request,))
        return RequestId(request) if opened is not None else None

    def expires(self, request: str) -> datetime | None:
        """Return until when an answer waits; None if there is none."""
        rows = self._engine.execute(sql.PARCEL, (request,))
        return datetime.fromisoformat(str(rows[0][2])) if rows else None

    def _seal(self, request: RequestId, files: Mapping[str, bytes], code: str) -> None:
        salt, now = self._entropy(_SALT), self._clock()
        sealed = Sealer(self._from(code, salt)).seal(packed(files), _bound(request), self._entropy(NONCE_SIZE))
        row = (request, salt, sealed, now.isoformat(), (now + STAYS).isoformat(), _mark(code))
        self._engine.execute(sql.DROP_PARCEL, (request,))
        self._engine.execute(sql.ADD_PARCEL, row)

    def fetch(self, request: str, code: str) -> bytes:
        """Return the answer as a ZIP file, and remove it.

        :raises RefusedError: ``parcel`` for a wrong code, and alike for no parcel, one fetched before, and one too old.
        """
        rows = self._engine.execute(sql.PARCEL, (request,))
        content = self._open(request, code)
        with self._engine.transaction():
            if content is None:
                self._engine.execute(sql.TRIED_PARCEL, (request,))
            elif not self._engine.execute(sql.TAKE_PARCEL, (request, _mark(code), rows[0][0] if rows else b"")):
                content = None  # somebody else took it between the look and this
            else:
                self._ledger.stage(Event("request.fetched", self._clock(), SYSTEM, {"request": request}))
        if content is None:
            raise RefusedError(
                "parcel",
                "there is nothing to fetch under this number and code",
                remedy="Look at both once more. An answer can be fetched once, within fourteen days; ask for it again after that.",
            )
        return content

    def _open(self, request: str, code: str) -> bytes | None:
        rows = self._engine.execute(sql.PARCEL, (request,))
        salt, sealed, expires, tries = rows[0] if rows else (bytes(_SALT), b"", "", TRIES)
        assert isinstance(salt, bytes)
        assert isinstance(sealed, bytes)
        key = self._from(code, salt)
        if not rows or int(str(tries)) >= TRIES or self._clock() >= datetime.fromisoformat(str(expires)):
            return None
        try:
            return Sealer(key).open(sealed, _bound(RequestId(request)), request)
        except DamagedError:
            return None

    def waiting(self, request: str) -> bool:
        """Say whether an answer waits."""
        return bool(self._engine.execute(sql.PARCEL, (request,)))

    def _from(self, code: str, salt: bytes) -> bytes:
        raw = hash_secret_raw(
            signs_of(code).encode(),
            salt,
            time_cost=3,
            memory_cost=65_536,
            parallelism=4,
            hash_len=KEY_SIZE,
            type=Type.ID,
        )
        return mac(self._key, raw, KEY_SIZE)


def _mark(code: str) -> str:
    return hashlib.sha256(b"parcel\x00" + signs_of(code)[:FINDS].encode("ascii")).hexdigest()


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return files as one ZIP, always the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    return out.getvalue()


def _bound(request: str) -> bytes:
    return f"gestand/rights/parcel/1\0{request}".encode()
