"""The control of notices: a mail that came back told nobody."""

from __future__ import annotations

from datetime import date, timedelta

from gestand.doors.demonstration.mailserver import mail_server
from gestand.doors.demonstration.place import Place
from gestand.doors.demonstration.sandbox import DemonstrationSandbox
from gestand.doors.house import world_of
from gestand.evidence.controls.announcing import enlarging_change_announced
from gestand.evidence.model import Finding, World
from gestand.evidence.registry import control_ids
from gestand.kernel.clock import local_date
from gestand.kernel.ids import ActorId, FieldPath, PurposeId, SubjectId
from gestand.post.model import State
from gestand.publication.folder import read_statement
from gestand.rights.announcing import about_of, people_concerned, reference_of
from gestand.system import System
from post.test_bounces import report

OWNER = ActorId("owner")


def wider(place: Place) -> date:
    """Publish a version that keeps things a month longer, in force in a month."""
    soon = local_date(place.clock()) + timedelta(days=31)
    policy = place.folder / "policy.toml"
    text = policy.read_text("utf-8")
    version = f'version = "{world_of(place.open()).statement.version}"'
    text = text.replace(version, f'version = "{soon}"', 1).replace('period = "2 years"', 'period = "25 months"', 1)
    policy.write_text(text, "utf-8")
    draft = read_statement(place.folder)
    place.open().publication.publish(draft, in_force_from=soon, actor=OWNER, controls=control_ids())
    return soon


def person(house: System, **fields: str) -> SubjectId:
    values = {FieldPath(name.replace("__", ".")): value for name, value in fields.items()}
    return house.intake.admit(None, values, PurposeId("service"), source="test", actor=OWNER)


def deliver(house: System) -> None:
    with mail_server() as server:
        house.post.deliver(server.courier())


def judged(world: World) -> tuple[Finding, object]:
    verdict = enlarging_change_announced(world)
    return verdict.finding, verdict.figures["unreachable"]


def test_who_was_mailed_in_vain_is_told_by_letter_or_counts_as_not_told(sandbox: DemonstrationSandbox):
    place = sandbox.place
    house = place.open()
    email = {"contact__email": "vera@example.nl", "contact__name": "Vera Smit"}
    vera = person(house, **email, contact__street="Lindelaan 14", contact__postcode="1234 AB", contact__town="Zandstad")
    daan = person(house, contact__name="Daan Vos", contact__email="daan@example.nl")
    soon = wider(place)
    house = place.open()
    house.announcing.announce(soon.isoformat(), actor=OWNER)
    deliver(house)
    place.clock.advance(timedelta(days=1))
    mails = {one.subject_id: one.message_id for one in house.post.all(reference=reference_of(soon.isoformat()))}
    for lost in (vera, daan):
        house.post.note_bounce(report(mails[lost]))
    again = house.announcing.announce(soon.isoformat(), actor=OWNER)
    assert (again.mailed, again.printed, again.unreachable) == (0, 1, 1)
    [letter] = house.post.all(state=State.TO_PRINT, reference=reference_of(soon.isoformat()))
    assert letter.subject_id == vera
    once_more = house.announcing.announce(soon.isoformat(), actor=OWNER)
    assert (once_more.mailed, once_more.printed, once_more.unreachable) == (0, 0, 0)
    place.clock.advance(timedelta(days=31))
    assert judged(sandbox.world()) == (Finding.BROKEN, 1)  # the letter still lies there
    on = local_date(place.clock()) - timedelta(days=20)
    place.open().post.posted(letter.message_id, on=on, by="Koos", actor=OWNER)
    assert judged(sandbox.world()) == (Finding.KEPT, 1)


def test_a_mail_that_came_back_later_told_nobody_whom_a_letter_could_have_reached(sandbox: DemonstrationSandbox):
    house, world = sandbox.place.open(), sandbox.world()
    assert judged(world) == (Finding.KEPT, 0)
    at = next(n for n, one in enumerate(house.publication.history()) if one.version == "2026-12-01")
    about = about_of(house.publication, at)
    concerned = set(people_concerned(house.vault, house.publication, about, before=date(2026, 12, 1)))  # still
    found = (one for one in house.post.all(reference=reference_of("2026-12-01")) if one.subject_id in concerned)
    notice = next(found)
    assert notice.subject_id is not None
    house.post.note_bounce(report(notice.message_id))
    assert judged(world) == (Finding.BROKEN, 0)
    streets = [held.item for held in house.vault.holdings(notice.subject_id) if held.field == "contact.street"]
    house.vault.erase(streets, ground="test", actor=OWNER)
    assert judged(world) == (Finding.KEPT, 1)  # now there is no other way to reach them
