"""Recipients and disclosures: who gets what and on what agreement, what was given, and who must still be told (Article 19)."""

from __future__ import annotations

from itertools import islice

from gestand.doors.office.routes import NONE, RIGHTS, Page, Route
from gestand.doors.office.visit import Answer, Visit
from gestand.doors.web.pictures import clocks
from gestand.kernel.clock import local_date
from gestand.kernel.errors import RefusedError
from gestand.sharing.model import How, Stage, What
from gestand.statement.policy import Text

MOST = 100
WHAT = {
    What.RECTIFIED: Text(nl="verbeterd", en="rectified"),
    What.ERASED: Text(nl="gewist", en="erased"),
    What.RESTRICTED: Text(nl="beperkt", en="restricted"),
}
HOW = {
    How.TOLD: Text(nl="verteld", en="told"),
    How.IMPOSSIBLE: Text(nl="onmogelijk", en="impossible"),
    How.DISPROPORTIONATE: Text(nl="onevenredig", en="disproportionate"),
}
STAGE = {
    Stage.DECIDED: Text(nl="besloten; misschien niet aangekomen", en="decided; it may not have arrived"),
    Stage.DELIVERED: Text(nl="overhandigd", en="delivered"),
    Stage.WITHDRAWN: Text(nl="ingetrokken; niets ging weg", en="withdrawn; nothing left"),
}
ROLE = {
    "processor": Text(nl="verwerker", en="processor"),
    "controller": Text(nl="verantwoordelijke", en="controller"),
    "joint": Text(nl="gezamenlijk", en="joint controller"),
    "authority": Text(nl="autoriteit", en="authority"),
}


def sharing(visit: Visit) -> Answer:
    """Show recipients, what was given, what must be told; orders by authorities to keepers alone."""
    service, keeper = visit.house.sharing, visit.person.keeper
    given = [one for one in service.disclosures() if keeper or not (one.order or service.hidden(one))]
    telling = service.to_tell()
    titles = {id_: one.title.into(visit.language) for id_, one in visit.policy.recipients.items()}
    timed = [
        (
            titles.get(one.recipient, one.recipient)[:28],
            visit.to(f"sharing/telling/{one.id}"),
            local_date(one.at),
            one.due,
        )
        for one in telling
    ]
    return visit.page(
        "sharing.html", given=list(islice(reversed(given), MOST)), telling=telling,
        agreements=service.agreements, what=WHAT, titles=titles,
        stages=STAGE, roles=ROLE, drawn=clocks(timed, visit.today) if timed else None,
    )  # fmt: skip


def telling(visit: Visit) -> Answer:
    """Show what a recipient must be told, as a letter."""
    service = visit.house.sharing
    found = next((one for one in service.tellings() if one.id == visit.params["telling"]), None)
    if found is None or (not visit.person.keeper and found.id not in {one.id for one in service.to_tell()}):
        raise RefusedError("page-unknown", "there is no such page", remedy="Go back to Recipients.")
    letter = service.telling_letter(found.id, language=visit.query.get("letter", visit.language))
    return visit.page(
        "telling.html", visit.say("Doorgeven", "Telling a recipient"), one=found, letter=letter, how=HOW, what=WHAT
    )


def told(visit: Visit) -> Answer:
    """Record that a recipient was told, or why not."""
    how = next((how for how in How if how == visit.form.get("how")), How.TOLD)
    visit.house.sharing.told(visit.params["telling"], how, proof=visit.field("proof"), actor=visit.actor)
    return visit.go("sharing")


PAGE = Page(
    "sharing",
    Text(nl="Ontvangers", en="Recipients"),
    (
        Route("sharing", "GET", "staff", NONE, sharing),
        Route("sharing/telling/{telling}", "GET", "staff", RIGHTS, telling),
        Route("sharing/telling/{telling}/told", "POST", "staff", RIGHTS, told),
    ),
)
