"""Where a person turns who disagrees: the authority and the court (Articles 12(4), 77 and 79 GDPR; UAVG 35).

The six weeks for the court run from the day on which the person has the answer, and do not run at all where the answer came
after the term of Article 12(3) (UAVG 35(2)). A notice that is no answer names no term: the reader would take it for theirs.
"""

from __future__ import annotations

from collections.abc import Sequence

from gestand.statement.policy import Controller


def disagree(controller: Controller, *, nl: bool, late: bool) -> Sequence[str]:
    """Return the last lines of an answer; ``late``: it comes after the term of Article 12(3)."""
    lawyer = "Een advocaat is niet nodig." if nl else "You do not need a lawyer."
    authority, court = ways_out(nl=nl, late=late)
    return (authority, f"{court} {lawyer}", _questions(controller, nl=nl))


def disagree_already(controller: Controller, *, nl: bool) -> Sequence[str]:
    """Return the last lines of a notice that comes before the answer."""
    after = (
        "Naar de rechter gaan kan ook: na ons antwoord, of als u niet op tijd antwoord krijgt. Een advocaat is niet nodig."
        if nl
        else "You can also go to court: after our answer, or if no answer comes in time. You do not need a lawyer."
    )
    return (_authority(nl=nl), after, _questions(controller, nl=nl))


def ways_out(*, nl: bool, late: bool) -> tuple[str, str]:
    """Return the authority and the court with its term, each as a line."""
    if late:
        court = (
            "U kunt ook naar de rechter gaan. Ons antwoord kwam te laat; daarom zit u niet vast aan een termijn."
            if nl
            else "You can also go to court. Our answer came too late; so you are not bound to a term."
        )
    else:
        court = (
            "U kunt ook naar de rechter gaan, binnen zes weken nadat u dit antwoord kreeg."
            if nl
            else "You can also go to court, within six weeks after you received this answer."
        )
    return _authority(nl=nl), court


def _authority(*, nl: bool) -> str:
    if nl:
        return "Bent u het niet met ons eens? Dan kunt u een klacht indienen bij de Autoriteit Persoonsgegevens."
    return (
        "Do you disagree with us? You can complain to the Autoriteit Persoonsgegevens, the Dutch supervisory authority."
    )


def _questions(controller: Controller, *, nl: bool) -> str:
    ways = "; ".join(contact.value for contact in controller.contacts if contact.rights)
    return f"Vragen? {ways}." if nl else f"Questions? {ways}."
