"""Seeded violations: for every control a way to break exactly its promise, as a real fault would.

Each goes through the door, the database, the file, the network or the clock that the real fault would use. None of them
sets a mark that a control reads, and no control knows of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from gestand.evidence.breaks import (
    by_archive,
    by_breach,
    by_database,
    by_desk,
    by_door,
    by_file,
    by_mail,
    by_publishing,
    by_sharing,
    by_site,
    by_surroundings,
    by_system,
    by_time,
)
from gestand.evidence.breaks.model import Break

BREAKS: Mapping[str, Break] = {
    one.control: one
    for one in (
        *by_archive.BREAKS,
        *by_database.BREAKS,
        *by_file.BREAKS,
        *by_time.BREAKS,
        *by_door.BREAKS,
        *by_site.BREAKS,
        *by_surroundings.BREAKS,
        *by_publishing.BREAKS,
        *by_breach.BREAKS,
        *by_mail.BREAKS,
        *by_sharing.BREAKS,
        *by_desk.BREAKS,
        *by_system.BREAKS,
    )
}
"""Every seeded violation, by the control whose promise it breaks."""

__all__ = ["BREAKS", "Break"]
