"""The rooms where letters come in and go out: the e-mail archive, its ways, the other systems, the outbox."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from gestand.archive.classing import Classes, read_rules
from gestand.archive.service import Archive, open_archive
from gestand.archive.store import ArchiveStore
from gestand.archive.ways.sent import SentMail
from gestand.archive.ways.service import Ways, mail_peers
from gestand.kernel.config import FILE, Config
from gestand.kernel.config_mail import SmtpSettings
from gestand.kernel.crypto import derive
from gestand.kernel.egress import Egress, Peer
from gestand.kernel.ids import FieldPath
from gestand.kernel.rootkey import Variable
from gestand.kernel.secret import read_secret
from gestand.mailcopies import MailCopies
from gestand.post.model import Courier
from gestand.post.service import Post
from gestand.post.smtp import SmtpCourier
from gestand.reading.mailreader import MailReader
from gestand.sources.load import load_sources
from gestand.sources.place import SourcePlace
from gestand.sources.service import Sources
from gestand.statement.policy import Text
from gestand.system.ground import Ground


@dataclass(frozen=True, slots=True)
class Letters:
    """The archive and what feeds it, every other system that holds data, and the outbox."""

    archive: Archive
    ways: Ways
    sources: Sources
    post: Post


def open_letters(ground: Ground, opened: ExitStack) -> Letters:
    """Open the archive, its ways in, the sources and the outbox on ``ground``."""
    archive = _archive(ground)
    opened.callback(archive.close)
    ways = Ways(
        ground.config.mail,
        ground.config.folder,
        ground.engine,
        archive,
        ground.ledger,
        root_key=ground.root_key,
        egress=Egress(mail_peers(ground.config.mail)),
        clock=ground.clock,
        variable=ground.variable,
    )
    post = _post(ground)
    post.filed_in(SentMail(archive))
    return Letters(archive, ways, _sources(ground, archive, ways), post)


def _archive(ground: Ground) -> Archive:
    config, register = ground.config, ground.register
    return open_archive(
        config.data,
        store=ArchiveStore(ground.engine),
        vault=ground.vault,
        ledger=ground.ledger,
        statements=ground.publication,
        classes=Classes(
            read_rules(config.archive.rules, f"{FILE}: archive.rules"),
            config.archive.purpose,
            ground.publication,
            lambda kinds: [one.number for one in register.all_dossiers() if str(one.kind) in kinds],
        ),
        field=FieldPath(config.archive.field),
        reader=MailReader(),
        root_key=ground.root_key,
        clock=ground.clock,
        entropy=ground.entropy,
    )


def _sources(ground: Ground, archive: Archive, ways: Ways) -> Sources:
    config, publication = ground.config, ground.publication
    reader = MailReader()

    def place() -> SourcePlace:
        policy = publication.in_force().policy
        return SourcePlace(
            config.folder, policy, ground.clock, derive(ground.root_key, "sources"), ground.variable, reader=reader
        )

    mail = MailCopies(archive, ways, place, config.archive.field)
    return Sources(
        lambda: load_sources(config.folder, publication.in_force().policy),
        place,
        ground.engine,
        ground.ledger,
        ground.clock,
        own=((mail, Text(nl="het e-mailarchief", en="the e-mail archive")),),
        reader=reader,
    )


def _post(ground: Ground) -> Post:
    smtp = ground.config.mail.smtp
    return Post(
        ground.engine,
        ground.vault,
        ground.ledger,
        ground.publication,
        root_key=ground.root_key,
        clock=ground.clock,
        entropy=ground.entropy,
        lock=ground.config.data / "outbox.lock",
        sender=smtp.sender if smtp else "",
        rate=smtp.rate if smtp else 0,
        courier=_courier(ground.config, smtp, ground.variable) if smtp else None,
    )


def _courier(config: Config, smtp: SmtpSettings, variable: Variable) -> Callable[[], Courier]:
    """Return who carries mail to the server of the settings; its password is read when it is needed."""
    server = smtp.server
    egress = Egress((Peer(server.host, server.port, near=server.near),))

    def password() -> str:
        return read_secret(server.password, config.folder, variable=variable, where="gestand.toml: mail.smtp.password")

    return lambda: SmtpCourier(smtp, egress, password)
