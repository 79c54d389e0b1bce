"""What is held about a datum, without its value: everything Article 15(1) asks beside the copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from gestand.kernel.ids import PurposeId, SubjectId
from gestand.storage.engine import Row
from gestand.vault.catalogue import Activity, Catalogue
from gestand.vault.marks import Mark
from gestand.vault.model import Holding
from gestand.vault.place import day_of, item_id, subject_id
from gestand.vault.room import Room
from gestand.vault.rows import RECTIFIED, RESTRICTED, ItemRow, SubjectRow, instant


@dataclass(frozen=True, slots=True)
class Context:
    """What the holdings of one subject share, read once."""

    subject: SubjectId
    objections: tuple[PurposeId, ...]
    restrictions: dict[int, str]
    rectifications: dict[int, Mark]
    catalogue: Catalogue

    @classmethod
    def of(cls, room: Room, row: SubjectRow, rows: Sequence[ItemRow], subject: SubjectId | None = None) -> Context:
        """Read the context of a subject; marks only where an item has one."""
        state = 0
        for item in rows:
            state |= item.state
        return cls(
            subject=subject or subject_id(row.subject),
            objections=room.catalogue.purposes(row.objected),
            restrictions=room.marks.restrictions(row.subject) if state & RESTRICTED else {},
            rectifications=room.marks.rectifications(row.subject) if state & RECTIFIED else {},
            catalogue=room.catalogue,
        )

    def objections_to(self, activity: Activity) -> tuple[PurposeId, ...]:
        """Return the objections that touch data collected in this way."""
        if not self.objections or not activity.purposes:
            return self.objections
        return tuple(purpose for purpose in self.objections if purpose in activity.purposes)


class Late:
    """Puts holdings of one subject together when they are asked for: most readers want the value alone.

    The marks are as they stood when the subject was read, where it has any.
    """

    __slots__ = ("_context", "_room", "_row", "_subject")

    def __init__(self, room: Room, row: SubjectRow, rows: Sequence[Row], subject: SubjectId) -> None:
        self._room = room
        self._row = row
        self._subject = subject
        marked = [ItemRow._make(item) for item in rows if item[4]]
        self._context = Context.of(room, row, marked, subject) if marked else None

    def holding(self, row: Row) -> Holding:
        """Return an item's row as a holding."""
        context = self._context
        if context is None:
            context = self._context = Context.of(self._room, self._row, (), self._subject)
        return holding_of(ItemRow._make(row), context)


def holdings_of(rows: Sequence[Row], context: Context) -> tuple[Holding, ...]:
    """Return the rows of one subject's items as holdings; what has no mark of its own is put together at once."""
    subject, known = context.subject, context.catalogue.activity
    shared: dict[int, tuple[Activity, tuple[PurposeId, ...]]] = {}
    instants: dict[int, datetime] = {}
    found = []
    for row in rows:
        _, number, activity_number, _, state, collected, trigger_on, due, dossier, _, _ = cast("ItemRow", row)
        if state:
            found.append(holding_of(ItemRow._make(row), context))
            continue
        alike = shared.get(activity_number)
        if alike is None:
            activity = known(activity_number)
            alike = shared[activity_number] = (activity, context.objections_to(activity))
        (version, field, shelf, source, purposes), objections = alike
        at = instants.get(collected) or instants.setdefault(collected, instant(collected))
        found.append(
            Holding(
                item_id(subject, number), subject, field, purposes, shelf, source, at, version,
                day_of(trigger_on), day_of(due), dossier or "", False, "", objections, None, None, "",  # noqa: FBT003 - by position
            )
        )  # fmt: skip
    return tuple(found)


def holding_of(row: ItemRow, context: Context) -> Holding:
    """Return an item's row and its marks as a holding."""
    activity = context.catalogue.activity(row.activity)
    mark = context.rectifications.get(row.number)
    return Holding(
        item=item_id(context.subject, row.number),
        subject=context.subject,
        field=activity.field,
        purposes=activity.purposes,
        shelf=activity.shelf,
        source=activity.source,
        collected_at=instant(row.collected),
        version=activity.version,
        trigger_on=day_of(row.trigger_on),
        due=day_of(row.due),
        dossier=row.dossier or "",
        restricted=bool(row.state & RESTRICTED),
        restriction_reason=context.restrictions.get(row.number, ""),
        objections=context.objections_to(activity),
        rectified_at=mark.at if mark else None,
        rectified_by=mark.actor if mark else None,
        rectified_why=mark.reason if mark else "",
    )
