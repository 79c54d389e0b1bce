"""Who is told: the authority by a form that a person submits, people by letter or mail, the public, and a controller."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from gestand.breach.desk import Desk
from gestand.breach.filing import file_place
from gestand.breach.letters import (
    WRITTEN,
    Letter,
    Story,
    controller_notice,
    letter_body,
    public_notice,
    require_whole,
    story_of,
)
from gestand.breach.model import (
    Audience,
    Breach,
    Delivered,
    Notice,
    Part,
    Phase,
    PublicNotice,
    Queued,
    Submission,
)
from gestand.breach.rules import due_notices, missing_parts
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


# The authority


def submit(  # noqa: PLR0917 - what a person has after submitting a form
    desk: Desk,
    breach_id: str,
    reference: str,
    submitted_at: datetime | None,
    reasons: str,
    phase: Phase | None,
    actor: ActorId,
) -> Submission:
    """Record that a person submitted the form; see ``Breaches.submit``."""
    breach = desk.running(breach_id)
    case = desk.store.case(breach)
    at = _moment(desk, breach, submitted_at)
    if not reference.strip():
        raise UsageError(
            "breach-no-reference",
            "the authority's reference is not stated",
            where=breach.id,
            remedy="Give the number on its confirmation; 'mail' and the date where it gave none.",
        )
    [due] = [one for one in due_notices(case, desk.policy.breach, at) if one.audience is Audience.AUTHORITY]
    assert due.due is not None
    late = not case.submissions and at > due.due
    if late and not reasons.strip():
        raise RefusedError(
            "breach-late-without-reasons",
            f"it was due on {due.due.isoformat(timespec='minutes')}; the reasons for the delay go with it (Article 33(1))",
            where=breach.id,
            remedy="State them with --reasons: what took so long, and why.",
        )
    meant = phase or (Phase.ADDITION if case.submissions else Phase.FIRST)
    done = Submission(
        number=len(case.submissions) + 1,
        phase=meant,
        submitted_at=at,
        recorded_at=desk.clock(),
        actor=actor,
        reference=reference.strip(),
        missing=() if meant is Phase.WITHDRAWAL else missing_parts(case),
        reasons_for_delay=bool(reasons.strip()),
    )
    with desk.engine.transaction():
        desk.page(breach, Part.SUBMISSION, json.dumps({"reference": done.reference, "reasons": reasons.strip()}), actor)
        desk.store.add_submission(breach.id, done)
        desk.stage(
            "breach.submitted",
            breach,
            actor,
            number=done.number,
            phase=str(meant),
            missing=len(done.missing),
            late=late,
        )
    return done


# People


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
    at = _moment(desk, breach, record.at)
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
        desk.store.tell(breach.id, fresh, at, record.channel)
        _notice(desk, breach, Audience.PEOPLE, at, record.channel, count, actor)
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
            _notice(desk, breach, Audience.PEOPLE, desk.clock(), MAIL, counts[MAIL] + counts[POST], actor)
    return Queued(counts[MAIL], counts[POST], counts[""])


def _channel(letter: Letter, *, mails: bool) -> str:
    if mails and letter.email:
        return MAIL
    return POST if letter.address else ""


def settle(desk: Desk, breach: Breach, actor: ActorId) -> int:
    """Note of every message that went that its addressee was told; who was not reached is untold. Return how many went."""
    post = desk.ports.sends
    went: dict[str, list[tuple[str, datetime]]] = {}
    if post is None:
        return 0
    with desk.engine.transaction():
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
            _notice(desk, breach, Audience.PEOPLE, last, channel, len(told_now), actor)
    return sum(map(len, went.values()))


# The public, and a controller


def notice_for_all(desk: Desk, breach_id: str, actor: ActorId) -> PublicNotice:
    """Return the public communication as it would stand on the public pages."""
    breach = desk.one(breach_id)
    words = story(desk, breach, actor)
    require_whole(breach, words)
    affected = desk.store.case(breach).affected
    fields = [path for path, _ in affected.fields] if affected else []
    return public_notice(desk.policy, breach, words, fields, desk.clock)


def publish(desk: Desk, breach_id: str, actor: ActorId) -> PublicNotice:
    """Put the public communication on the public pages (Article 34(3)(c)); not that of a rehearsal."""
    breach = desk.running(breach_id)
    made = notice_for_all(desk, breach_id, actor)
    with desk.engine.transaction():
        if not breach.rehearsal:
            desk.store.publish(made)
        _notice(desk, breach, Audience.PUBLIC, desk.clock(), "web", 0, actor)
    return made


def withdraw(desk: Desk, breach_id: str, actor: ActorId) -> None:
    """Take the public communication down."""
    breach = desk.one(breach_id)
    with desk.engine.transaction():
        desk.store.withdraw(breach.id, desk.clock())
        desk.stage("breach.notice-withdrawn", breach, actor)


def for_controller(desk: Desk, breach_id: str, language: str, actor: ActorId) -> str:
    """Return the notice to a controller on whose behalf we process, as far as known."""
    breach = desk.one(breach_id)
    case = desk.store.case(breach)
    fields = [path for path, _ in case.affected.fields] if case.affected else []
    return controller_notice(desk.policy, case, story(desk, breach, actor), fields, language)


def told_controller(desk: Desk, breach_id: str, record: Told, actor: ActorId) -> Notice:
    """Record that a controller was told."""
    breach = desk.running(breach_id)
    at = _moment(desk, breach, record.at)
    with desk.engine.transaction():
        _notice(desk, breach, Audience.CONTROLLER, at, record.channel, max(record.others, 1), actor)
    [*_, last] = desk.store.case(breach).notices
    return last


def _notice(  # noqa: PLR0917 - the columns of one row
    desk: Desk, breach: Breach, audience: Audience, at: datetime, channel: str, count: int, actor: ActorId
) -> None:
    desk.page(breach, Part.NOTICE, f"{audience}: {channel}, {count}", actor)
    desk.store.add_notice(breach.id, audience, at, actor, channel, count)
    desk.stage("breach.told", breach, actor, audience=str(audience), channel=channel, count=count)


def _moment(desk: Desk, breach: Breach, at: datetime | None) -> datetime:
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
