"""What else happens at the worked example, a chapter a room. Each is called in turn on the last day of the story.

A chapter gets the place (its clock stands at that day and may move on by minutes, not by days), the customers by their number in
``cast.CAST``, and a function that tells. It opens the house with ``place.open()`` and may close it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gestand.doors.demonstration.chapters import sharing
from gestand.doors.demonstration.chapters.archive import mail_found
from gestand.doors.demonstration.chapters.breach import breach_chapter
from gestand.doors.demonstration.chapters.heard import mail_heard
from gestand.doors.demonstration.chapters.newsletter import newsletter
from gestand.doors.demonstration.chapters.own_site import own_site
from gestand.doors.demonstration.chapters.portability import portability
from gestand.doors.demonstration.chapters.surroundings import surroundings
from gestand.doors.demonstration.chapters.till import till
from gestand.doors.demonstration.chapters.ways import mailbox_read
from gestand.doors.demonstration.place import Place
from gestand.kernel.ids import SubjectId

Chapter = Callable[[Place, Mapping[str, SubjectId], Callable[[str, str], None]], None]

CHAPTERS: tuple[Chapter, ...] = (
    own_site,
    surroundings,
    newsletter,
    portability,
    sharing.chapter,
    breach_chapter,
    mailbox_read,
    mail_found,
    mail_heard,
    till,
)
