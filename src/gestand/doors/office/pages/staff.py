"""Staff and keys: who may act for what, their passkeys, running sessions, what waits for a second look."""

from __future__ import annotations

from gestand.doors.office.routes import NONE, Page, Route
from gestand.doors.office.visit import Answer, Visit
from gestand.kernel.errors import RefusedError
from gestand.staff.model import Act, Approval, Over, Person
from gestand.statement.policy import Text

ACTS = {
    Act.PUBLISH: Text(nl="een nieuwe versie van de verklaring", en="a new version of the statement"),
    Act.LIFT_HOLD: Text(nl="een bewaarplicht opheffen", en="lifting a legal hold"),
    Act.EXPORT: Text(
        nl="gegevens geven: van velen, of met een nieuwe sleutel", en="giving data: of many, or to a new key"
    ),
    Act.KEYS: Text(nl="sleutels van de organisatie uitvoeren", en="exporting keys of the organisation"),
    Act.ERASE_ALL: Text(nl="alles wissen", en="erasing everything"),
    Act.STAFF: Text(nl="een beheerder erbij, of eraf", en="another keeper, or one less"),
    Act.ORDER: Text(nl="een vordering uitvoeren", en="carrying out an order"),
    Act.PROGRAM: Text(nl="wat een programma vraagt", en="what a program asks"),
    Act.ERASE_PLAN: Text(nl="iemands gegevens wissen, volgens een plan", en="erasing somebody's data, by a plan"),
}


def staff(visit: Visit) -> Answer:
    """Show everybody, one's own keys, and what waits."""
    service = visit.house.staff
    me = service.person(visit.person.id)
    people = service.people()
    return visit.page(
        "staff.html",
        people=people,
        names={person.id: person.name for person in people},
        me=me,
        keys=service.passkeys_of(me),
        sessions=service.sessions.running() if me.keeper else (),
        approvals=awaited(visit),
        acts=ACTS,
        alone=len(service.keepers()) == 1,
        waiting=visit.house.config.waiting_minutes,
    )


def awaited(visit: Visit) -> list[Approval]:
    """Return what waits for a second look and whoever asks may know of: an order by an authority may be secret."""
    found = visit.house.staff.approvals.open(visit.now)
    return [one for one in found if visit.person.keeper or one.act is not Act.ORDER]


def invite(visit: Visit) -> Answer:
    """Make a link for a new person, and show it once."""
    keeper = "keeper" in visit.form
    if keeper:
        visit.house.staff.approvals.use(Act.STAFF, _invited(visit), actor=visit.actor, now=visit.now)
    code = visit.house.staff.invite(visit.many.get("role", ()), keeper=keeper, policy=visit.policy, actor=visit.actor)
    return _link(visit, code)


def ask_keeper(visit: Visit) -> Answer:
    """Ask for a second look at another keeper."""
    visit.house.staff.ask_approval(Act.STAFF, _invited(visit), actor=visit.actor)
    return visit.go("staff")


def _invited(visit: Visit) -> str:
    return "keeper " + " ".join(sorted(visit.many.get("role", ())))


def readmit(visit: Visit) -> Answer:
    """Make a link for somebody who lost their keys; their printed code is asked with it."""
    return _link(visit, visit.house.staff.readmit(visit.params["person"], actor=visit.actor, asks_code=True))


def _link(visit: Visit, code: str) -> Answer:
    link = f"{visit.site.origin}/office/{visit.language}/enrol#{code}"
    return visit.page("staff_link.html", visit.say("Koppeling", "Link"), link=link)


def roles(visit: Visit) -> Answer:
    """Change the roles of somebody."""
    person = visit.house.staff.person(visit.params["person"])
    if "keeper" in visit.form and not person.keeper:
        raise RefusedError(
            "keeper-by-link", "a keeper is let in by a link that was looked at twice", remedy="Make one below."
        )
    if "keeper" not in visit.form and not _looked_at(visit, person, "demote"):
        return visit.go("staff")
    visit.house.staff.set_roles(
        person.id, visit.many.get("role", ()), keeper="keeper" in visit.form, policy=visit.policy, actor=visit.actor
    )
    return visit.go("staff")


def revoke(visit: Visit) -> Answer:
    """Let somebody act no more."""
    person = visit.house.staff.person(visit.params["person"])
    if _looked_at(visit, person, "revoke"):
        visit.house.staff.revoke(person.id, actor=visit.actor)
    return visit.go("staff")


def _looked_at(visit: Visit, person: Person, what: str) -> bool:
    """Say whether somebody may be taken from their place: another keeper only after a second look, which is asked here.

    Else one keeper puts the other out, is alone, and gives every second look from then on. Who has to go at once and does not
    agree is let go at the machine (``gestand staff revoke``); their sessions end without a second look.
    """
    if not person.keeper or not person.active or person.id == visit.person.id:
        return True
    approvals, digest = visit.house.staff.approvals, f"{what} {person.id}"
    if approvals.of(Act.STAFF, digest, now=visit.now) is None:
        visit.house.staff.ask_approval(Act.STAFF, digest, actor=visit.actor)
        return False
    approvals.use(Act.STAFF, digest, actor=visit.actor, now=visit.now)
    return True


def drop_key(visit: Visit) -> Answer:
    """Remove one of one's own passkeys."""
    visit.house.staff.drop_key(visit.house.staff.person(visit.person.id), visit.params["key"])
    return visit.go("staff")


def print_code(visit: Visit) -> Answer:
    """Show a fresh code to print."""
    code = visit.house.staff.new_printed(visit.person)
    return visit.page("staff_code.html", visit.say("Afgedrukte code", "Printed code"), code=code)


def end(visit: Visit) -> Answer:
    """End one session."""
    wanted = visit.params["session"]
    sessions = visit.house.staff.sessions
    sessions.end_where(lambda one: one.id == wanted, Over.ALL_ENDED, visit.now, by=visit.actor)
    return visit.go("staff")


def end_all(visit: Visit) -> Answer:
    """End every session, one's own included."""
    visit.house.staff.end_all(actor=visit.actor)
    return visit.go("staff")


def give(visit: Visit) -> Answer:
    """Give an approval."""
    visit.house.staff.give_approval(visit.params["approval"], giver=visit.house.staff.person(visit.person.id))
    return visit.go("staff")


PAGE = Page(
    "staff",
    Text(nl="Medewerkers en sleutels", en="Staff and keys"),
    (
        Route("staff", "GET", "staff", NONE, staff),
        Route("staff/invite", "POST", "keeper", NONE, invite, fresh=True),
        Route("staff/ask-keeper", "POST", "keeper", NONE, ask_keeper, fresh=True),
        Route("staff/{person}/roles", "POST", "keeper", NONE, roles, fresh=True),
        Route("staff/{person}/revoke", "POST", "keeper", NONE, revoke, fresh=True),
        Route("staff/{person}/readmit", "POST", "keeper", NONE, readmit, fresh=True),
        Route("staff/keys/{key}/remove", "POST", "staff", NONE, drop_key, fresh=True),
        Route("staff/code", "POST", "staff", NONE, print_code, fresh=True),
        Route("staff/sessions/{session}/end", "POST", "keeper", NONE, end),
        Route("staff/sessions/end-all", "POST", "keeper", NONE, end_all),
        Route("staff/approvals/{approval}/give", "POST", "keeper", NONE, give, fresh=True),
    ),
    group="house",
)
