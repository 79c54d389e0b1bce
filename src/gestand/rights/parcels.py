"""An answer that waits to be fetched: sealed under the one-time code itself, so that nobody here can open it either.

The key is made from the code (Argon2id, RFC 9106) and the root key together. Fetched once, or after fourteen days, it is gone.
"""

from __future__ import annotations

import base64
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
from gestand.storage.engine import Engine

STAYS: Final = timedelta(days=14)
TRIES: Final = 10
_SALT: Final = 16
_CODE_BYTES: Final = 10  # 80 bits: 16 letters and digits


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
        letters = base64.b32encode(self._entropy(_CODE_BYTES)).decode("ascii").lower()
        code = "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))
        salt, now = self._entropy(_SALT), self._clock()
        sealed = Sealer(self._from(code, salt)).seal(packed(files), _bound(request), self._entropy(NONCE_SIZE))
        with self._engine.transaction():
            self._engine.execute(sql.DROP_PARCEL, (request,))
            self._engine.execute(sql.ADD_PARCEL, (request, salt, sealed, now.isoformat(), (now + STAYS).isoformat()))
            self._ledger.stage(Event("request.handed-over", now, actor, {"request": request}))
        return code

    def fetch(self, request: str, code: str) -> bytes:
        """Return the answer as a ZIP file, and remove it.

        :raises RefusedError: ``parcel`` for a wrong code, and alike for no parcel, one fetched before, and one too old.
        """
        rows = self._engine.execute(sql.PARCEL, (request,))
        salt, sealed, expires, tries = rows[0] if rows else (bytes(_SALT), b"", "", TRIES)
        assert isinstance(salt, bytes)
        key = self._from(code, salt)
        alive = bool(rows) and int(str(tries)) < TRIES and self._clock() < datetime.fromisoformat(str(expires))
        content: bytes | None = None
        if alive:
            assert isinstance(sealed, bytes)
            try:
                content = Sealer(key).open(sealed, _bound(RequestId(request)), request)
            except DamagedError:
                content = None
        with self._engine.transaction():
            self._engine.execute(sql.DROP_PARCEL if content is not None else sql.TRIED_PARCEL, (request,))
            if content is not None:
                self._ledger.stage(Event("request.fetched", self._clock(), SYSTEM, {"request": request}))
        if content is None:
            raise RefusedError(
                "parcel",
                "there is nothing to fetch under this number and code",
                remedy="Look at both once more. An answer can be fetched once, within fourteen days; ask for it again after that.",
            )
        return content

    def waiting(self, request: str) -> bool:
        """Say whether an answer waits."""
        return bool(self._engine.execute(sql.PARCEL, (request,)))

    def _from(self, code: str, salt: bytes) -> bytes:
        typed = "".join(sign for sign in code.lower() if sign.isalnum()).encode()
        raw = hash_secret_raw(
            typed, salt, time_cost=3, memory_cost=65_536, parallelism=4, hash_len=KEY_SIZE, type=Type.ID
        )
        return mac(self._key, raw, KEY_SIZE)


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return files as one ZIP, always the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    return out.getvalue()


def _bound(request: str) -> bytes:
    return f"gestand/rights/parcel/1\0{request}".encode()
