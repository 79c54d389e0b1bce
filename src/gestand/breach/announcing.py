"""The public communication of Article 34(3)(c), and the notice to a controller on whose behalf we process (Article 33(2))."""

from __future__ import annotations

from gestand.breach.desk import Desk
from gestand.breach.letters import controller_notice, public_notice, require_whole
from gestand.breach.notices import Audience, Notice, PublicNotice
from gestand.breach.telling import Told, moment_of, note, story
from gestand.kernel.ids import ActorId


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
        note(desk, breach, Audience.PUBLIC, desk.clock(), "web", 0, actor)
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
    at = moment_of(desk, breach, record.at)
    with desk.engine.transaction():
        note(desk, breach, Audience.CONTROLLER, at, record.channel, max(record.others, 1), actor)
    [*_, last] = desk.store.case(breach).notices
    return last
