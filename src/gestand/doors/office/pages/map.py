"""The data map: where data come from, what they are used for, who gets them; each line opens its sentence."""

from __future__ import annotations

from gestand.doors.office.routes import NONE, Page, Route
from gestand.doors.office.visit import Answer, Visit
from gestand.doors.web.pictures import Map, flow_map
from gestand.statement.model import Statement
from gestand.statement.policy import Text


def data_map(visit: Visit) -> Answer:
    """Draw the policy in force."""
    statement = visit.house.publication.in_force()
    return visit.page("map.html", drawn=drawn(visit, statement))


def drawn(visit: Visit, statement: Statement) -> Map:
    """Return the map of a statement: categories, purposes, recipients."""
    policy, language = statement.policy, visit.language

    def sentence(*names: str) -> str:
        """Return the address of the first clause that speaks one of these names of the policy."""
        for name in names:
            for clause in statement.text(language).clauses:
                if any(said.startswith(name) for said in clause.names):
                    return f"{visit.to('statement')}#{clause.id}"
        return visit.to("statement")

    def where(purpose: str) -> str:
        return sentence(f"purpose.{purpose}.", f"shelf.{policy.purposes[purpose].shelf}.", "purposes")

    categories = [
        (id_, one.title.into(language), sentence(f"category.{id_}.")) for id_, one in policy.categories.items()
    ]
    purposes = [(id_, one.title.into(language), where(id_)) for id_, one in policy.purposes.items()]
    recipients = [
        (id_, one.title.into(language), sentence(f"recipient.{id_}.", "recipients"))
        for id_, one in policy.recipients.items()
    ]
    used = [
        ((0, category), (1, id_), where(id_))
        for id_, one in policy.purposes.items()
        for category in dict.fromkeys(path.partition(".")[0] for path in one.needs if path != "*")
        if category in policy.categories
    ]
    given = [
        ((1, id_), (2, recipient), sentence(f"recipient.{recipient}.", "recipients"))
        for id_, one in policy.purposes.items()
        for recipient in one.recipients
        if recipient in policy.recipients
    ]
    return flow_map([categories, purposes, recipients], [*used, *given])


PAGE = Page(
    "map",
    Text(nl="Gegevenskaart", en="Data map"),
    (Route("map", "GET", "staff", NONE, data_map),),
    group="promise",
)
