"""The switchboard: reads the configuration, opens storage, builds the services; nothing else.

Everything that a room needs from outside (time, randomness, the environment) enters here and is handed down.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from gestand.backup.service import Backups
from gestand.breach.access import StaffAccess
from gestand.breach.copies import OtherSystems
from gestand.breach.custody import BreachCustodian
from gestand.breach.handed import HandedOver
from gestand.breach.messages import ArchiveMessages
from gestand.breach.ports import Ports
from gestand.breach.posting import PostSends
from gestand.breach.service import Breaches
from gestand.evidence.history import History
from gestand.evidence.measures import Measures, load_measures
from gestand.evidence.showing import Showing
from gestand.evidence.sites import Sites
from gestand.evidence.surroundings.service import Surroundings
from gestand.intake.service import Intake
from gestand.kernel.clock import Clock, system_clock
from gestand.kernel.config import environment, load_config
from gestand.kernel.crypto import derive
from gestand.kernel.entropy import Entropy, system_entropy
from gestand.kernel.ids import SYSTEM, ActorId
from gestand.kernel.rootkey import Variable, load_root_key
from gestand.kernel.tickets import Tickets
from gestand.outreach.custody import OutreachCustodian
from gestand.outreach.service import Outreach
from gestand.outreach.store import OutreachStore
from gestand.outreach.suppression import Suppression
from gestand.publication.service import Publication
from gestand.register.devices import Devices
from gestand.retention.custody import VaultCustodian
from gestand.retention.images import ImageCustodian
from gestand.retention.messages import ArchiveCustodian
from gestand.retention.outbox import OutboxCustodian
from gestand.retention.service import Retention
from gestand.retention.staff import StaffCustodian
from gestand.retention.systems import SystemsCustodian
from gestand.retention.tasks import Tasks
from gestand.rights.announcing import Announcing
from gestand.rights.callbacks import Callbacks
from gestand.rights.case_custody import CaseCustodian
from gestand.rights.choices import Choices
from gestand.rights.custody import RequestCustodian
from gestand.rights.outside import Outside
from gestand.rights.parcels import Parcels
from gestand.rights.portal.custody import CodeCustodian
from gestand.rights.portal.service import NOBODY, SOMEONE, Portal
from gestand.rights.portal.stopping import Stopping
from gestand.rights.postbook import PostBook
from gestand.rights.proposals import Proposals
from gestand.rights.service import Requests
from gestand.rights.signing import Processor
from gestand.sharing.agreements import load_agreements
from gestand.sharing.approvals import AloneAfterWaiting
from gestand.sharing.second_person import SecondPerson
from gestand.sharing.service import Sharing
from gestand.staff.programs import Programs
from gestand.staff.service import Staff
from gestand.staff.webhooks import Webhooks
from gestand.statement.policy import Text
from gestand.storage.once import Once
from gestand.system.ground import Ground, open_ground
from gestand.system.leaving import forget_requests
from gestand.system.letters import Letters, open_letters
from gestand.system.model import System


def open_system(
    folder: Path,
    *,
    clock: Clock = system_clock,
    entropy: Entropy = system_entropy,
    variable: Variable = environment,
    machine: Path = Path("/"),
) -> System:
    """Open the organisation in ``folder``; interrupted erasures are finished before anything else can be asked.

    ``machine``: the folder with ``proc`` and ``sys`` in which the disk is looked up.

    :raises UsageError: if there is no organisation, or its root key cannot be found.
    :raises DamagedError: if the store, the keys or the ledger do not verify.
    """
    config = load_config(folder)
    root_key = load_root_key(config.root_key, config.folder, variable=variable)
    config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as opened:
        ground = open_ground(config, root_key, opened, clock=clock, entropy=entropy, variable=variable, machine=machine)
        house = _open_rooms(ground, open_letters(ground, opened))
        opened.pop_all()
    return house


def _open_rooms(ground: Ground, letters: Letters) -> System:
    """Open the rooms where people are served, on what is open already."""
    config, clock, entropy, root_key = ground.config, ground.clock, ground.entropy, ground.root_key
    engine, ledger, vault = ground.engine, ground.ledger, ground.vault
    publication, register = ground.publication, ground.register
    archive, sources, post = letters.archive, letters.sources, letters.post
    once = Once(engine)
    intake = Intake(engine, vault, ledger, register, publication, clock, entropy)
    waiting = timedelta(minutes=config.waiting_minutes)
    programs = Programs(engine, root_key, ledger, clock, entropy)
    staff = Staff(engine, root_key, ledger, clock, entropy, waiting=waiting)
    sharing = Sharing(
        engine,
        vault,
        ledger,
        publication,
        load_agreements(config.folder),
        SecondPerson(staff, AloneAfterWaiting(clock, timedelta(minutes=config.sharing.waiting_minutes)), clock),
        clock,
        entropy,
        key=derive(root_key, "sharing"),
    )
    devices = Devices(config.data, engine, vault, ledger, register, publication, clock, entropy)
    suppression = Suppression(OutreachStore(engine), engine, vault, publication, clock)
    choices = Choices(engine, vault, publication, clock, suppress=suppression.keep)
    breaches = _breaches(ground, letters, staff, programs, sharing)
    tasks = Tasks(engine, ledger, clock, entropy)
    requests = Requests(
        engine,
        vault,
        ledger,
        register,
        publication,
        clock,
        entropy,
        sources,
        suppress=suppression.keep,
        disclosed=sharing,
        breached=breaches,
        post=post,
        reach_key=derive(root_key, "rights reach"),
        portal=config.portal_url,
        four_eyes=staff if config.four_eyes else None,
        choices=choices,
        move_key=derive(root_key, "rights moves"),
        tasks=tasks,
    )
    proposals = Proposals(engine, archive, requests, ledger, publication, clock, entropy)
    portal = Portal(engine, vault, ledger, publication, requests, clock, entropy, role_of=_role_of(staff, publication))
    parcels = Parcels(engine, ledger, root_key=root_key, clock=clock, entropy=entropy)
    post_book = PostBook(engine, ledger, clock, entropy)
    intake.ask_about(suppression.asks)
    outreach = Outreach(
        engine=engine,
        vault=vault,
        ledger=ledger,
        register=register,
        statements=publication,
        post=post,
        suppression=suppression,
        objections=choices,
        root_key=root_key,
        clock=clock,
        entropy=entropy,
        unsubscribe_url=config.unsubscribe_url,
        objecting=requests.objecting,
    )
    letters.ways.heard = _heard(letters, outreach, proposals)
    custodians = (
        VaultCustodian(vault, publication),
        CodeCustodian(engine),
        RequestCustodian(engine, ledger, publication, clock, sources),
        OutboxCustodian(post, engine, ledger, publication, clock),
        OutreachCustodian(engine, vault, ledger, publication, clock),
        ArchiveCustodian(archive),
        sharing.custodian,
        StaffCustodian(staff, publication),
        CaseCustodian(engine, ledger, publication, clock, sources),
        BreachCustodian(engine, vault, ledger, publication, clock),
        ImageCustodian(devices.files),
        SystemsCustodian(sources, clock),
    )
    retention = Retention(custodians, engine, ledger, clock, entropy, tasks=tasks)
    measures = Measures(load_measures(config.folder), engine, ledger, clock)
    backups = Backups(
        config,
        root_key,
        engine,
        vault,
        ledger,
        clock=clock,
        entropy=entropy,
        variable=ground.variable,
        forget=forget_requests,
    )
    return System(
        config=config,
        clock=clock,
        entropy=entropy,
        engine=engine,
        ledger=ledger,
        publication=publication,
        vault=vault,
        post=post,
        register=register,
        devices=devices,
        intake=intake,
        requests=requests,
        portal=portal,
        outside=Outside(engine),
        callbacks=Callbacks(
            engine,
            ledger,
            requests,
            programs,
            clock,
            settings=config.passed_on,
            processor=Processor(config.passed_on, config.folder, ground.variable),
            verify_at=config.portal_url,
        ),
        stopping=Stopping(engine, portal, requests, choices, publication),
        breaches=breaches,
        proposals=proposals,
        parcels=parcels,
        post_book=post_book,
        choices=choices,
        outreach=outreach,
        retention=retention,
        tasks=tasks,
        sharing=sharing,
        measures=measures,
        history=History(engine, ledger, clock),
        announcing=Announcing(engine, vault, ledger, publication, post, clock),
        showing=Showing(engine, ledger, clock, entropy),
        once=once,
        surroundings=Surroundings(config, engine, ledger, clock, machine=ground.machine),
        sites=Sites(config.sites, engine, ledger, publication, clock),
        archive=archive,
        ways=letters.ways,
        backups=backups,
        sources=sources,
        staff=staff,
        programs=programs,
        webhooks=Webhooks(engine, root_key, ledger, clock, entropy),
        tickets=Tickets(root_key, clock, entropy, since=once.since()),
    )


def _breaches(ground: Ground, letters: Letters, staff: Staff, programs: Programs, sharing: Sharing) -> Breaches:
    """Return the room of breaches with what contains one, says who was in reach, and tells them."""
    vault, publication = ground.vault, ground.publication
    ports = Ports(
        access=StaffAccess(staff, programs),
        sources=OtherSystems(letters.sources, letters.ways, vault, publication),
        messages=ArchiveMessages(letters.archive, ground.config.mail, vault, publication),
        sends=PostSends(letters.post, publication, ground.clock),
        handed=HandedOver(sharing),
    )
    return Breaches(ground.engine, vault, ground.ledger, publication, ground.clock, ground.entropy, ports=ports)


def _heard(letters: Letters, outreach: Outreach, proposals: Proposals) -> Callable[[], object]:
    """Return what lets everyone hear what came in: letters that came back, who wants no more, what may be a request."""

    def heard() -> None:
        letters.archive.tell((letters.post.note_bounce, outreach.unsubscribing.by_mail))
        proposals.look()

    return heard


def _role_of(staff: Staff, publication: Publication) -> Callable[[ActorId], Text]:
    """Return what says in which role somebody acts, by the roles of the policy; never who they are."""

    def role(actor: ActorId) -> Text:
        if actor == SYSTEM:
            return NOBODY
        declared = publication.in_force().policy.roles
        held = next((person.roles for person in staff.people() if person.id == actor), ())
        titles = [declared[name].title for name in held if name in declared]
        if not titles:
            return SOMEONE
        return Text(nl=", ".join(one.nl for one in titles), en=", ".join(one.en for one in titles))

    return role
