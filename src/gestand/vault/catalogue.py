"""Activities and purposes by number: what thousands of items share stands once, and a purpose is one bit."""

from __future__ import annotations

import hashlib
from typing import NamedTuple, cast

from gestand.kernel.errors import GestandError
from gestand.kernel.ids import FieldPath, PurposeId, ShelfId, VersionId
from gestand.storage.engine import Engine

_MOST = 62  # bits of a whole number that every engine keeps
_ACTIVITIES = "SELECT activity, version, field, shelf, source, purposes FROM vault_activity"
_COUNT = "SELECT count(*) FROM vault_activity"
_REMEMBERED = 1000  # combinations of purposes
_PUT_ACTIVITY = "INSERT INTO vault_activity VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (activity) DO NOTHING"
_PURPOSES = "SELECT bit, purpose FROM vault_purpose"
_PUT_PURPOSE = "INSERT INTO vault_purpose SELECT coalesce(max(bit), -1) + 1, ? FROM vault_purpose RETURNING bit"


class Activity(NamedTuple):
    """What items collected alike have in common. ``purposes`` empty: all that need the field."""

    version: VersionId
    field: FieldPath
    shelf: ShelfId
    source: str
    purposes: tuple[PurposeId, ...]


class Catalogue:
    """Numbers of activities and bits of purposes, remembered; read again when another process has added one.

    An activity's number is made from its content, so that no counter is shared and a rolled-back change leaves nothing
    wrong in memory. Bits are small and given out in turn; they are remembered only once committed.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._activities: dict[int, Activity] = {}
        self._written: set[int] = set()
        self._bits: dict[PurposeId, int] = {}
        self._named: dict[int, tuple[PurposeId, ...]] = {}
        self._read_activities()

    def activity(self, number: int) -> Activity:
        """Return the activity with this number."""
        if number not in self._activities:
            self._read_activities()
        return self._activities[number]

    def number(self, activity: Activity) -> int:
        """Return the number of an activity, written in the open transaction if it may be new."""
        row = (activity.version, activity.field, activity.shelf, activity.source, " ".join(activity.purposes))
        number = int.from_bytes(hashlib.sha256("\x00".join(row).encode()).digest()[:6], "big")
        if number not in self._written:
            self._engine.execute(_PUT_ACTIVITY, (number, *row))
            self._activities[number] = activity
            self._engine.after_commit(lambda: self._written.add(number))
        return number

    def numbers(self) -> dict[int, Activity]:
        """Return all activities by number, those of other processes included."""
        if self._engine.execute(_COUNT)[0][0] != len(self._activities):
            self._read_activities()
        return self._activities

    def bit(self, purpose: PurposeId) -> int:
        """Return the bit of a purpose, given out in the open transaction if it is new."""
        known = self._known_bits(purpose).get(purpose)
        if known is not None:
            return known
        ((bit,),) = self._engine.execute(_PUT_PURPOSE, (purpose,))
        if cast("int", bit) > _MOST:
            raise GestandError(
                "purposes-too-many",
                f"objections and consents can name {_MOST + 1} purposes; '{purpose}' is one too many",
                where="policy.toml: purposes",
                remedy="Merge two purposes that are alike.",
            )
        return cast("int", bit)

    def mask(self, purpose: PurposeId, bits: int = -1) -> int:
        """Return the purpose as a number with its bit set; 0 if nobody ever objected or consented to it.

        ``bits``: those that are of interest. If all of them belong to known purposes, nothing is read again.
        """
        bit = self._bits.get(purpose)
        if bit is None and (bits < 0 or bits >> len(self._bits)):
            bit = self._read_purposes().get(purpose)
        return 0 if bit is None else 1 << bit

    def purposes(self, bits: int) -> tuple[PurposeId, ...]:
        """Return the purposes whose bits are set, in order of bit."""
        if not bits:
            return ()
        named = self._named.get(bits)
        if named is None:
            known = self._bits if not bits >> len(self._bits) else self._read_purposes()
            named = tuple(name for name, bit in sorted(known.items(), key=lambda pair: pair[1]) if bits >> bit & 1)
            if len(named) == bits.bit_count() and not self._engine.in_transaction() and len(self._named) < _REMEMBERED:
                self._named[bits] = named
        return named

    def _known_bits(self, purpose: PurposeId) -> dict[PurposeId, int]:
        return self._bits if purpose in self._bits else self._read_purposes()

    def _read_activities(self) -> None:
        for number, version, field, shelf, source, purposes in cast(
            "list[tuple[int, VersionId, FieldPath, ShelfId, str, str]]", self._engine.execute(_ACTIVITIES)
        ):
            found = Activity(version, field, shelf, source, tuple(map(PurposeId, purposes.split())))
            self._activities[number] = found

    def _read_purposes(self) -> dict[PurposeId, int]:
        rows = cast("list[tuple[int, PurposeId]]", self._engine.execute(_PURPOSES))
        found = {purpose: bit for bit, purpose in rows}
        if not self._engine.in_transaction():
            self._bits = found
        return found
