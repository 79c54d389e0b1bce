"""The switchboard: reads the configuration, opens storage, builds the services; nothing else.

Everything that a room needs from outside (time, randomness, the environment) enters here and is handed down.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from gestand.archive.classing import Classes, read_rules
from gestand.archive.service import Archive, open_archive
from gestand.archive.store import ArchiveStore
from gestand.archive.ways.service import Ways, mail_peers
from gestand.backup.service import Backups
from gestand.breach.access import StaffAccess
from gestand.breach.copies import OtherSystems
from gestand.breach.custody import BreachCustodian
from gestand.breach.desk import Ports
from gestand.breach.messages import ArchiveMessages
from gestand.breach.posting import PostSends
from gestand.breach.service import Breaches
from gestand.evidence.history import History
from gestand.evidence.measures import Measures, load_measures
from gestand.evidence.showing import Showing
from gestand.evidence.sites import Sites
from gestand.intake.service import Intake
from gestand.kernel.clock import Clock, system_clock
from gestand.kernel.config import FILE, Config, environment, load_config
from gestand.kernel.config_mail import SmtpSettings
from gestand.kernel.crypto import derive
from gestand.kernel.egress import Egress, Peer
from gestand.kernel.entropy import Entropy, system_entropy
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import SYSTEM, ActorId, FieldPath, RequestId
from gestand.kernel.rootkey import load_root_key
from gestand.kernel.secret import read_secret
from gestand.kernel.tickets import Tickets
from gestand.ledger.keys import places
from gestand.ledger.note import origin_of
from gestand.ledger.service import Ledger, open_ledger
from gestand.mailcopies import MailCopies
from gestand.outreach.custody import OutreachCustodian
from gestand.outreach.service import Outreach
from gestand.outreach.store import OutreachStore
from gestand.outreach.suppression import Suppression
from gestand.post.model import Courier
from gestand.post.outbox import token_of
from gestand.post.service import Post
from gestand.post.smtp import SmtpCourier
from gestand.post.store import OutboxStore
from gestand.publication.service import Publication
from gestand.reading.mailreader import MailReader
from gestand.register.devices import Devices
from gestand.register.service import Register
from gestand.retention.custody import VaultCustodian
from gestand.retention.images import ImageCustodian
from gestand.retention.messages import ArchiveCustodian
from gestand.retention.outbox import OutboxCustodian
from gestand.retention.service import Retention
from gestand.retention.staff import StaffCustodian
from gestand.retention.tasks import Tasks
from gestand.rights.announcing import Announcing
from gestand.rights.case_custody import CaseCustodian
from gestand.rights.choices import Choices
from gestand.rights.custody import RequestCustodian
from gestand.rights.parcels import Parcels
from gestand.rights.portal.custody import CodeCustodian
from gestand.rights.portal.service import NOBODY, SOMEONE, Portal
from gestand.rights.portal.store import CodeStore
from gestand.rights.postbook import PostBook
from gestand.rights.proposals import Proposals
from gestand.rights.service import Requests
from gestand.rights.store import RequestStore
from gestand.sharing.agreements import load_agreements
from gestand.sharing.approvals import AloneAfterWaiting
from gestand.sharing.second_person import SecondPerson
from gestand.sharing.service import Sharing
from gestand.sharing.store import SharingStore
from gestand.sources.jobs import Jobs
from gestand.sources.load import load_sources
from gestand.sources.place import SourcePlace
from gestand.sources.service import Sources
from gestand.staff.programs import Programs
from gestand.staff.service import Staff
from gestand.staff.store import cut_off
from gestand.staff.webhooks import Webhooks
from gestand.statement.policy import Text
from gestand.storage.engine import Engine
from gestand.storage.once import Once
from gestand.stores import keys_opener, open_data
from gestand.vault.service import Vault, open_vault

Variable = Callable[[str], str | None]
"""Reads one variable of the environment."""


@dataclass(frozen=True, slots=True)
class System:
    """An opened organisation: its settings and its rooms. Leaving the ``with`` block closes every file."""

    config: Config
    clock: Clock
    entropy: Entropy
    engine: Engine
    ledger: Ledger
    publication: Publication
    vault: Vault
    post: Post
    register: Register
    devices: Devices
    intake: Intake
    requests: Requests
    portal: Portal
    proposals: Proposals
    parcels: Parcels
    post_book: PostBook
    choices: Choices
    breaches: Breaches
    outreach: Outreach
    retention: Retention
    tasks: Tasks
    sharing: Sharing
    measures: Measures
    sites: Sites
    history: History
    announcing: Announcing
    showing: Showing
    once: Once
    archive: Archive
    ways: Ways
    backups: Backups
    sources: Sources
    staff: Staff
    programs: Programs
    webhooks: Webhooks
    tickets: Tickets

    @property
    def statements(self) -> Publication:
        """The versions of the statement, under the name that the vault knows them by."""
        return self.publication

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close sources and archive, then vault, ledger and store, in that order."""
        self.sources.close()
        self.archive.close()
        self.vault.close()
        self.ledger.close()
        self.engine.close()


def _courier(config: Config, smtp: SmtpSettings, variable: Variable) -> Callable[[], Courier]:
    """Return who carries mail to the server of the settings; its password is read when it is needed."""
    server = smtp.server
    egress = Egress((Peer(server.host, server.port, near=server.near),))

    def password() -> str:
        return read_secret(server.password, config.folder, variable=variable, where="gestand.toml: mail.smtp.password")

    return lambda: SmtpCourier(smtp, egress, password)


def forget_requests(engine: Engine, left: Sequence[str]) -> int:
    """Remove requests, records of sharing and messages that left after a backup was made; return how many were in it.

    For a restore: a message that was sent since is not sent again.
    """
    requests, records, outbox = RequestStore(engine), SharingStore(engine), OutboxStore(engine)
    codes, jobs = CodeStore(engine), Jobs(engine)
    gone = set(left)
    asked = [RequestId(one) for one in left if requests.one(one) is not None]
    shared = [one for one in left if records.one(one) is not None]
    sent = [one.message_id for one in outbox.all() if token_of(one.message_id) in gone]
    with engine.transaction():
        for request in asked:
            requests.delete(request)
            codes.forget(request)
            jobs.forget(request)
        for record in shared:
            records.delete(record)
        for message in sent:
            outbox.delete(message)
    return len(asked) + len(shared) + len(sent) + cut_off(engine, left)


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


def open_system(
    folder: Path,
    *,
    clock: Clock = system_clock,
    entropy: Entropy = system_entropy,
    variable: Variable = environment,
) -> System:
    """Open the organisation in ``folder``; interrupted erasures are finished before anything else can be asked.

    :raises UsageError: if there is no organisation, or its root key cannot be found.
    :raises DamagedError: if the store, the keys or the ledger do not verify.
    """
    config = load_config(folder)
    root_key = load_root_key(config.root_key, config.folder, variable=variable)
    config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as opened:
        house = _open_rooms(config, root_key, opened, clock=clock, entropy=entropy, variable=variable)
        opened.pop_all()
    return house


def _sources(
    config: Config,
    root_key: bytes,
    publication: Publication,
    engine: Engine,
    ledger: Ledger,
    *,
    clock: Clock,
    variable: Variable,
    archive: Archive,
    ways: Ways,
) -> Sources:
    def place() -> SourcePlace:
        policy = publication.in_force().policy
        return SourcePlace(config.folder, policy, clock, derive(root_key, "sources"), variable)

    mail = MailCopies(archive, ways, place, config.archive.field)
    return Sources(
        lambda: load_sources(config.folder, publication.in_force().policy),
        place,
        engine,
        ledger,
        clock,
        own=((mail, Text(nl="het e-mailarchief", en="the e-mail archive")),),
    )


def _open_rooms(
    config: Config, root_key: bytes, opened: ExitStack, *, clock: Clock, entropy: Entropy, variable: Variable
) -> System:
    """Open every room, from the bottom up; what ``opened`` has is closed again if one of them cannot be."""
    engine = open_data(config, root_key, variable=variable)
    opened.callback(engine.close)
    if load_config(config.folder) != config:  # moved to another engine while this one waited for it
        raise UsageError(
            "config-changed",
            "the settings changed while the organisation was being opened",
            where=str(config.folder / FILE),
            remedy="Do it again.",
        )
    place, remembered = places(config)
    ledger = open_ledger(
        place,
        engine,
        clock=clock,
        entropy=entropy,
        remembered=remembered,
        origin=origin_of(f"gestand/{config.folder.name}"),
    )
    opened.callback(ledger.close)
    publication = Publication(config.folder, engine, ledger, clock=clock)
    keys = keys_opener(config, root_key, variable=variable)
    vault = open_vault(
        config.data, engine, ledger, publication, root_key=root_key, clock=clock, entropy=entropy, keys=keys
    )
    opened.callback(vault.close)
    vault.resume()
    register = Register(engine, vault, ledger, publication, clock, entropy)
    archive = open_archive(
        config.data,
        store=ArchiveStore(engine),
        vault=vault,
        ledger=ledger,
        statements=publication,
        classes=Classes(
            read_rules(config.archive.rules, f"{FILE}: archive.rules"),
            config.archive.purpose,
            publication,
            lambda kinds: [one.number for one in register.all_dossiers() if str(one.kind) in kinds],
        ),
        field=FieldPath(config.archive.field),
        reader=MailReader(),
        root_key=root_key,
        clock=clock,
        entropy=entropy,
    )
    opened.callback(archive.close)
    ways = Ways(
        config.mail,
        config.folder,
        engine,
        archive,
        ledger,
        root_key=root_key,
        egress=Egress(mail_peers(config.mail)),
        clock=clock,
        variable=variable,
    )
    intake = Intake(engine, vault, ledger, register, publication, clock, entropy)
    sources = _sources(
        config, root_key, publication, engine, ledger, clock=clock, variable=variable, archive=archive, ways=ways
    )
    waiting = timedelta(minutes=config.waiting_minutes)
    staff = Staff(engine, root_key, ledger, clock, entropy, waiting=waiting)
    smtp = config.mail.smtp
    post = Post(
        engine,
        vault,
        ledger,
        publication,
        root_key=root_key,
        clock=clock,
        entropy=entropy,
        lock=config.data / "outbox.lock",
        sender=smtp.sender if smtp else "",
        rate=smtp.rate if smtp else 0,
        courier=_courier(config, smtp, variable) if smtp else None,
    )
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
        post=post,
        four_eyes=config.four_eyes,
    )
    proposals = Proposals(engine, archive, requests, ledger, publication, clock, entropy)
    parcels = Parcels(engine, ledger, root_key=root_key, clock=clock, entropy=entropy)
    post_book = PostBook(engine, ledger, clock, entropy)
    intake.ask_about(suppression.asks)
    choices = Choices(engine, vault, publication, clock, suppress=suppression.keep)
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
    )
    programs = Programs(engine, root_key, ledger, clock, entropy)
    ports = Ports(
        access=StaffAccess(staff, programs),
        sources=OtherSystems(sources, ways, vault, publication),
        messages=ArchiveMessages(archive, config.mail, vault, publication),
        sends=PostSends(post, publication, clock),
    )
    breaches = Breaches(engine, vault, ledger, publication, clock, entropy, ports=ports)
    custodians = (
        VaultCustodian(vault, publication, register),
        CodeCustodian(engine),
        RequestCustodian(engine, ledger, publication, clock, sources),
        OutboxCustodian(post, engine, ledger, publication, clock),
        OutreachCustodian(engine, vault, ledger, publication, clock),
        ArchiveCustodian(archive),
        sharing.custodian,
        StaffCustodian(staff, publication),
        CaseCustodian(engine, ledger, publication, clock),
        BreachCustodian(engine, vault, ledger, publication, clock),
        ImageCustodian(devices),
    )
    retention = Retention(custodians, engine, ledger, clock, entropy)
    measures = Measures(load_measures(config.folder), engine, ledger, clock)
    backups = Backups(
        config, root_key, engine, vault, ledger, clock=clock, entropy=entropy, variable=variable, forget=forget_requests
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
        portal=Portal(
            engine, vault, ledger, publication, requests, clock, entropy, role_of=_role_of(staff, publication)
        ),
        breaches=breaches,
        proposals=proposals,
        parcels=parcels,
        post_book=post_book,
        choices=choices,
        outreach=outreach,
        retention=retention,
        tasks=Tasks(engine, ledger, clock, entropy),
        sharing=sharing,
        measures=measures,
        history=History(engine, ledger, clock),
        announcing=Announcing(engine, vault, ledger, publication, post, clock),
        showing=Showing(engine, ledger, clock, entropy),
        once=Once(engine),
        sites=Sites(config.sites, engine, ledger, publication, clock),
        archive=archive,
        ways=ways,
        backups=backups,
        sources=sources,
        staff=staff,
        programs=programs,
        webhooks=Webhooks(engine, root_key, ledger, clock, entropy),
        tickets=Tickets(root_key, clock, entropy),
    )
