"""People are told by letter or mail, each of their own data; what is written in plain words, and what every notice leaves."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from gestand.breach.desk import Desk
from gestand.breach.filing import file_place
from gestand.breach.letters import (
    WRITTEN,
    Letter,
    Story,
    letter_body,
    require_whole,
    story_of,
)
from gestand.breach.model import Breach, Part
from gestand.breach.notices import Audience, Delivered, Notice, Queued
from gestand.breach.rules import left_to_do
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, SubjectId
from gestand.statement.policy import FieldKind, Policy, Text
from gestand.vault.model import Opening

MAIL, POST = "email", "post"
_ADDRESS = (FieldKind.STREET, FieldKind.POSTCODE, FieldKind.TOWN)


@dataclass(frozen=True, slots=True)
class Told:
    """A record that people were told. ``subjects`` None: everyone listed who was not told yet; ``others``: not listed."""

    channel: str
    at: datetime | None = None
    subjects: tuple[SubjectId, ...] | None = None
    others: int = 0


def write(desk: Desk, breach_id: str, part: Part, text: Text, actor: ActorId) -> None:
    """Write what happened, the consequences or the measures, in plain words, in both languages."""
    if part not in WRITTEN:
        raise UsageError("breach-part", f"'{part}' is not written by hand", remedy=f"Parts: {', '.join(WRITTEN)}.")
    desk.page(desk.running(breach_id), part, json.dumps(text.model_dump(), ensure_ascii=False), actor)


def story(desk: Desk, breach: Breach, actor: ActorId) -> Story:
    """Return what was written in plain words."""
    return story_of(desk.read(breach, *WRITTEN, actor=actor))


def letters(desk: Desk, breach_id: str, language: str, actor: ActorId) -> Iterator[Letter]:
    """Yield the letter to everyone listed who was not told yet and to whom none is under way; each opening is recorded.

    :raises RefusedError: ``breach-notice-incomplete`` while what happened or what was done is not written.
    """
    breach = desk.running(breach_id)
    told = story(desk, breach, actor)
    require_whole(breach, told)
    policy = desk.policy
    untold = desk.store.untold(breach.id) - {mark for mark, _, _ in desk.store.under_way(breach.id)}
    waiting = {one.subject: one for one, mark in desk.marks(desk.listed(breach, actor)) if mark in untold}
    openings = desk.vault.open_many(
        list(waiting), desk.files.purpose(), actor=actor, reason=f"notice of breach {breach.id}"
    )
    for opening in openings:
        name, email, address = reach_by(policy, opening)
        fields = waiting[opening.subject].fields
        title, body = letter_body(policy, breach, told, name, fields, language)
        yield Letter(opening.subject, email, (name, *address) if address else (), title, body)


def reach_by(policy: Policy, opening: Opening) -> tuple[str, str, tuple[str, ...]]:
    """Return name, e-mail address and address lines out of an opening; empty where none is held."""
    found: dict[FieldKind, str] = {}
    for one in opening.items:
        field = policy.field(one.holding.field)
        if field is not None:
            found.setdefault(field.kind, one.value)
    street, postcode, town = (found.get(kind, "") for kind in _ADDRESS)
    place = f"{postcode}  {town}".strip()
    lines = tuple(line for line in (street, place) if line) if street else ()
    return found.get(FieldKind.NAME, ""), found.get(FieldKind.EMAIL, ""), lines


def told(desk: Desk, breach_id: str, record: Told, actor: ActorId) -> Notice:
    """Record that people were told; see ``Breaches.told``."""
    breach = desk.running(breach_id)
    require_whole(breach, story(desk, breach, actor))
    at = moment_of(desk, breach, record.at)
    untold = desk.store.untold(breach.id)
    marks = [mark for one, mark in desk.marks(desk.listed(breach, actor)) if _meant(one.subject, record.subjects)]
    fresh = [mark for mark in marks if mark in untold]
    if not fresh and not record.others:
        raise UsageError(
            "breach-nobody-told",
            "nobody is left on the list who was not told yet",
            where=breach.id,
            remedy="Compute who is affected with 'gestand breach people', or give --others for people of whom nothing is held.",
        )
    count = len(fresh) + record.others
    with desk.engine.transaction():
        desk.store.tell_otherwise(breach.id, fresh, at, record.channel)
        note(desk, breach, Audience.PEOPLE, at, record.channel, count, actor)
    [*_, last] = desk.store.case(breach).notices
    return last


def _meant(subject: SubjectId, subjects: Sequence[SubjectId] | None) -> bool:
    return subjects is None or subject in subjects


def send(desk: Desk, breach_id: str, language: str, actor: ActorId) -> Queued:
    """Put a mail in the outbox to everyone listed who was not told, a letter on the pile for who has no mail address.

    Who was mailed in vain gets a letter. They count as told once the message went. In a rehearsal nothing goes anywhere.

    :raises RefusedError: ``breach-no-post`` if nothing here can send.
    """
    breach = desk.running(breach_id)
    post = desk.ports.sends
    if post is None:
        raise RefusedError(
            "breach-no-post",
            "this organisation cannot send mail from here",
            where=breach.id,
            remedy="Write the letters with --write DIR, have them sent, and record it with --told --channel post.",
        )
    settle(desk, breach, actor)
    counts = Counter[str]()
    in_vain = desk.store.not_by_mail(breach.id)
    shelf = file_place(desk.policy).shelf
    for letter in letters(desk, breach_id, language, actor):
        mark = desk.vault.reference(letter.subject)
        channel = _channel(letter, mails=post.mails and mark not in in_vain)
        counts[channel] += 1
        if not channel:
            continue
        with desk.engine.transaction():
            if breach.rehearsal:
                desk.store.tell(breach.id, [mark], desk.clock(), channel)
            elif channel == MAIL:
                desk.store.queue(breach.id, mark, post.mail(letter, reference=breach.id, shelf=shelf), channel)
            else:
                message = post.pile(letter, reference=breach.id, shelf=shelf, language=language)
                desk.store.queue(breach.id, mark, message, channel)
    if breach.rehearsal and (counts[MAIL] or counts[POST]):
        with desk.engine.transaction():
            note(desk, breach, Audience.PEOPLE, desk.clock(), MAIL, counts[MAIL] + counts[POST], actor)
    return Queued(counts[MAIL], counts[POST], counts[""])


def _channel(letter: Letter, *, mails: bool) -> str:
    if mails and letter.email:
        return MAIL
    return POST if letter.address else ""


def settle(desk: Desk, breach: Breach, actor: ActorId) -> int:
    """Note of every message that went that its addressee was told; who was not reached is untold. Return how many went.

    A message that came back told nobody, also where it counted: the duty of Article 34(1) is there again, and a breach that
    was closed on it is open again.
    """
    post = desk.ports.sends
    went: dict[str, list[tuple[str, datetime]]] = {}
    if post is None:
        return 0
    with desk.engine.transaction():
        _take_back(desk, breach, post.came_back(breach.id), actor)
        for mark, message, channel in desk.store.under_way(breach.id):
            outcome, at = post.delivered(message)
            if outcome is Delivered.YES:
                went.setdefault(channel, []).append((mark, at or desk.clock()))
            elif outcome is Delivered.NO:
                desk.store.queue(breach.id, mark, "", channel)
        for channel, told_now in sorted(went.items()):
            for mark, at in told_now:
                desk.store.tell(breach.id, [mark], at, channel)
            last = max(at for _, at in told_now)
            note(desk, breach, Audience.PEOPLE, last, channel, len(told_now), actor)
    return sum(map(len, went.values()))


def _take_back(desk: Desk, breach: Breach, came_back: Collection[str], actor: ActorId) -> None:
    """Put back, in the open transaction, who counted as told by a message that came back."""
    found = [one for one in desk.store.told_by(breach.id) if one[1] in came_back] if came_back else []
    if not found:
        return
    for mark, _, channel in found:
        desk.store.untell(breach.id, mark, channel)
    if not breach.open and left_to_do(desk.store.case(breach), desk.policy.breach, desk.clock()):
        desk.files.wait(breach, actor=actor)
        breach = desk.change(breach, closed_at=None, closed_by="")
        desk.stage("breach.reopened", breach, actor)
    if breach.open:  # a page beside a file whose period runs would stay without one
        desk.page(breach, Part.NOTICE, f"{Audience.PEOPLE}: {MAIL}, {len(found)} came back", actor)


def note(  # noqa: PLR0917 - the columns of one row
    desk: Desk, breach: Breach, audience: Audience, at: datetime, channel: str, count: int, actor: ActorId
) -> None:
    """Record, in the open transaction, that a notice went out: on a page, in its row, in the ledger."""
    desk.page(breach, Part.NOTICE, f"{audience}: {channel}, {count}", actor)
    desk.store.add_notice(breach.id, audience, at, actor, channel, count)
    desk.stage("breach.told", breach, actor, audience=str(audience), channel=channel, count=count)


def moment_of(desk: Desk, breach: Breach, at: datetime | None) -> datetime:
    """Return when something was done, now if nobody says. :raises UsageError: ``breach-moment`` where that cannot be."""
    now = desk.clock()
    if at is None:
        return now
    if at.tzinfo is None or at > now or at < breach.clock_from:
        raise UsageError(
            "breach-moment",
            f"{at.isoformat()} has no zone, lies in the future, or lies before the breach was known",
            where=breach.id,
            remedy="Write when it was done, such as 2026-12-07T09:30:00+01:00.",
        )
    return at
