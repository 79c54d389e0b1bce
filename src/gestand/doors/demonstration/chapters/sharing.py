"""The bookkeeper gets what the statement says and no more; a tax inspector's order is checked; a correction is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from gestand.backup.recipients import recipient_of
from gestand.doors.demonstration.cast import CAST
from gestand.doors.demonstration.place import Place
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import ActorId, FieldPath, PurposeId, RecipientId, SubjectId
from gestand.sharing.agreements import CONTENTS, FILE
from gestand.sharing.model import Demand, How
from gestand.system import System

OWNER = ActorId("owner")
BOOKKEEPER, ADMINISTRATION = RecipientId("bookkeeper"), PurposeId("administration")
INVOICE = tuple(map(FieldPath, ("contact.name", "contact.street", "contact.postcode", "contact.town")))
Tell = Callable[[str, str], None]


def chapter(place: Place, customers: Mapping[str, SubjectId], tell: Tell) -> None:
    """Give, refuse, take in orders, correct and tell."""
    place.close()
    register(place)
    house = place.open()
    daan, eva = customers[CAST[3].number], customers[CAST[4].number]
    give(house, daan, tell)
    order(place, house, eva, tell)
    correct(house, daan, tell)


def register(place: Place) -> None:
    """Write the register of agreements: an invented bookkeeper, with all that Article 28(3) asks."""
    contents = ", ".join(f'"{word}"' for word in CONTENTS)
    (place.folder / FILE).write_text(
        "format = 1\n\n[agreements.bookkeeper]\n"
        'name = "Boekhoudkantoor Voorbeeld"\n'
        'contact = "post@example.org"\n'
        f"signed = {date(2026, 1, 5).isoformat()}\n"
        f"expires = {date(2029, 1, 5).isoformat()}\n"
        'document = "map Verwerkers, nummer 1"\n'
        f"contents = [{contents}]\n"
        f'sealed_to = "{recipient_of(place.identity)}"\n\n'
        "[agreements.tax-authority]\n"
        'name = "Inspecteur van een voorbeeldkantoor"\n'
        f'sealed_to = "{recipient_of(place.identity)}"\n',
        "utf-8",
    )


def give(house: System, customer: SubjectId, tell: Tell) -> None:
    """Give the bookkeeper what an invoice needs; ask for more, and be refused by name."""
    try:
        house.sharing.disclose(
            BOOKKEEPER, (customer,), (*INVOICE, FieldPath("service.wishes")), ADMINISTRATION, "AWR 52", actor=OWNER
        )
    except RefusedError as refused:
        tell("The bookkeeper asks too much", str(refused))
    made = house.sharing.disclose(BOOKKEEPER, (customer,), INVOICE, ADMINISTRATION, "AWR 52", actor=OWNER)
    tell(
        "The bookkeeper gets what the statement says",
        f"{made.disclosure.values} data of one customer in {made.file_name}, which only the bookkeeper can open.",
    )


def order(place: Place, house: System, customer: SubjectId, tell: Tell) -> None:
    """A question by telephone is refused; a written demand under AWR 53 waits, and is carried out with the least."""

    def demand(authority: str, article: str, document: str, facts: dict[str, bool | str]) -> Demand:
        return Demand(
            authority, article, "name and address", document, place.clock(), RecipientId("tax-authority"),
            PurposeId("orders"), INVOICE, (customer,), facts,
        )  # fmt: skip

    asked = house.sharing.receive_order(demand("police officer, by telephone", "", "a telephone call", {}), actor=OWNER)
    house.sharing.refuse_order(asked.id, actor=OWNER)
    lawful = demand("tax inspector", "AWR 53", "letter of 4 December", {"written": True, "third_party_tax": True})
    taken = house.sharing.receive_order(lawful, actor=OWNER)
    place.clock.advance(timedelta(minutes=61))
    made = house.sharing.carry_out(taken.id, actor=OWNER, proof=taken.id, facts={"identity_checked": True})
    tell(
        "An authority asks",
        f"by telephone: refused ({asked.against[0]}); under AWR 53, in writing, called back, after an hour's wait: "
        f"{made.disclosure.values} data.",
    )


def correct(house: System, customer: SubjectId, tell: Tell) -> None:
    """A street is put right, and the bookkeeper is told, without a name in the letter."""
    street = next(h.item for h in house.vault.holdings(customer) if h.field == "contact.street")
    house.vault.rectify(street, "Havenkade 223", actor=OWNER, reason="the person's own word, by letter")
    [due] = house.sharing.to_tell()
    house.sharing.told(due.id, How.TOLD, proof="letter posted, confirmed by telephone", actor=OWNER)
    tell(
        "A correction is told to who got the data", f"{due.name}: told, {due.what} ({due.disclosure}/{due.numbers[0]})."
    )
