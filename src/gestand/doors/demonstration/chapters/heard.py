"""A letter comes in by the receiver of journals: sealed before it is acknowledged, found, on its shelf, and heard."""

from __future__ import annotations

import smtplib
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from queue import SimpleQueue

from gestand.archive.ways.receiver import receive
from gestand.doors.demonstration.cast import CAST
from gestand.doors.demonstration.place import Place
from gestand.kernel.config_mail import ReceiverSettings
from gestand.kernel.egress import Egress, Peer
from gestand.kernel.ids import ActorId, MessageId, PurposeId, SubjectId
from gestand.rights.model import SubjectRequest
from gestand.rights.proposal import Proposal, ProposalState
from gestand.system import System

OWNER = ActorId("owner")
ARCHIVE = PurposeId("mail-archive")
HOST = "127.0.0.1"
WRITER = CAST[3]
RARE = "spiegelkast"
WORDS = f"Goedemorgen,\n\nIk wil graag inzage in de gegevens die u van mij hebt, ook die van de {RARE}.\n\nDaan\n"


def mail_heard(place: Place, _customers: Mapping[str, SubjectId], tell: Callable[[str, str], None]) -> None:
    """Hand in a letter at the receiver, as the firm's own mail server would; it asks something, and that is seen."""
    house = place.open()
    own = house.publication.in_force().policy.controller.contacts[0].value
    with receiving(house) as port:
        Egress((Peer(HOST, port, near=True),)).grant(HOST, port)
        with smtplib.SMTP(HOST, port, timeout=30) as server:
            server.sendmail(WRITER.email, [own], _letter(own, place))  # returns once it is on stable storage
    [kept] = house.archive.search(RARE, ARCHIVE, actor=OWNER, reason="what came in this morning")
    asked = asked_in(house, kept.message)
    tell(
        "A letter comes in, and is heard",
        f"acknowledged once it was sealed; found by a word of it; class '{kept.purpose}' by the rule '{kept.rule}', shelf "
        f"'{kept.shelf}', to leave on {kept.due}. It asks for {asked.asked} ({asked.cues[0]}): proposed to a person, to answer "
        f"before {asked.due:%Y-%m-%d}.",
    )


def asked_in(house: System, message: MessageId) -> Proposal:
    """Return what a letter asks, as it was seen and lies before a person."""
    return next(one for one in house.proposals.all(state=ProposalState.OPEN) if one.message == message)


def accepted(house: System) -> SubjectRequest:
    """Let the owner say that the letter is a request; its time runs from its receipt."""
    [kept] = house.archive.search(RARE, ARCHIVE, actor=OWNER, reason="what came in this morning")
    return house.proposals.accept(asked_in(house, kept.message).id, actor=OWNER)


@contextmanager
def receiving(house: System) -> Iterator[int]:
    """Run the receiver on a free port of this machine; yields the port."""
    ports: SimpleQueue[int] = SimpleQueue()
    stop = threading.Event()
    settings = ReceiverSettings(host=HOST, port=0)
    named = {"clock": house.clock, "stop": stop, "ready": ports.put, "heard": house.ways.heard}
    thread = threading.Thread(target=receive, args=(settings, house.archive), kwargs=named, name="letters")
    thread.start()
    try:
        yield ports.get(timeout=30)
    finally:
        stop.set()
        thread.join()


def _letter(own: str, place: Place) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = f'"{WRITER.name}" <{WRITER.email}>', own
    message["Subject"] = "Mijn gegevens"
    message["Date"] = format_datetime(place.clock())
    message["Message-ID"] = "<spiegelkast@example.nl>"
    message.set_content(WORDS)
    return message.as_bytes()
