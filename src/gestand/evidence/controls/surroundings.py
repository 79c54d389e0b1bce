"""Controls of what stands around the program and a machine can see: the disk, the lines, the mail domain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from gestand.evidence.controls.attested import attested
from gestand.evidence.model import Control, Figure, Finding, Verdict, World
from gestand.evidence.surroundings.disk import Seal
from gestand.evidence.surroundings.service import DOMAIN, LINE, Look
from gestand.statement.policy import Text

FRESH = timedelta(days=7)
BY_WORD = "measure-devices-encrypted"
"""The attestation that counts where the disk lies outside what this machine sees."""


def disk_encrypted(world: World) -> Verdict:
    """The disk below the data is encrypted; or the root key is not in a file on a disk that anyone can read."""
    found = world.surroundings.at_rest()
    figures: dict[str, Figure] = {
        "disk": str(found.disk.seal),
        "device": found.disk.device,
        "root_key": "in a file" if found.key_disk is not None else "not on disk",
    }
    key = found.key_disk.seal if found.key_disk is not None else None  # what is stored is sealed: the key decides
    if key is Seal.PLAIN:
        return Verdict(
            Finding.BROKEN,
            Text(
                nl="De wortelsleutel ligt in een bestand op een schijf zonder versleuteling. Versleutel de schijf, of bewaar de sleutel anders ('gestand keys').",
                en="The root key lies in a file on a disk that is not encrypted. Encrypt the disk, or keep the key elsewhere ('gestand keys').",
            ),
            figures,
        )
    if key is Seal.HIDDEN:
        return _by_word(world, figures)
    return Verdict(
        Finding.KEPT,
        Text(
            nl="Wie de schijf meeneemt, kan er niets van lezen.",
            en="Whoever takes the disk away can read nothing of it.",
        ),
        figures,
    )


def _by_word(world: World, figures: dict[str, Figure]) -> Verdict:
    said = attested(BY_WORD)(world)
    return Verdict(
        said.finding,
        Text(
            nl=f"Van hieruit is niet te zien of de schijf versleuteld is; wat telt is de verklaring. {said.why.nl}",
            en=f"From here it cannot be seen whether the disk is encrypted; what counts is the attestation. {said.why.en}",
        ),
        {**figures, **said.figures},
    )


def connections_encrypted(world: World) -> Verdict:
    """Every line that gestand.toml names shook hands over TLS within seven days, with a certificate that counts."""
    lines = world.surroundings.lines()
    if not lines:
        return _unproven(
            "gestand.toml noemt geen adres dat versleuteld moet zijn: [surroundings] tls.",
            "gestand.toml names no address that must be encrypted: [surroundings] tls.",
        )
    looks = {str(line): world.surroundings.last(LINE, str(line)) for line in lines}
    return _verdict(
        world,
        looks,
        Text(nl="Elke lijn naar buiten is versleuteld.", en="Every line to the outside is encrypted."),
        Text(
            nl="Een lijn naar buiten is niet goed versleuteld.", en="A line to the outside is not properly encrypted."
        ),
    )


def mail_domain_guarded(world: World) -> Verdict:
    """SPF, DKIM and DMARC of the mail domain let receivers refuse strangers who send in the firm's name."""
    domain = world.surroundings.domain
    if not domain:
        return _unproven(
            "gestand.toml noemt het maildomein niet: [surroundings] mail_domain.",
            "gestand.toml does not name the mail domain: [surroundings] mail_domain.",
        )
    if not world.surroundings.selectors:
        return _unproven(
            "gestand.toml noemt niet waarmee de mailserver ondertekent: [surroundings] dkim. Uw mailprovider zegt welke dat is.",
            "gestand.toml does not name what the mail server signs with: [surroundings] dkim. Your mail provider says which.",
        )
    return _verdict(
        world,
        {domain: world.surroundings.last(DOMAIN, domain)},
        Text(
            nl="Wie uit naam van de organisatie mailt zonder het te mogen, kan worden geweigerd.",
            en="Whoever sends mail in the organisation's name without leave can be refused.",
        ),
        Text(
            nl="Vreemden kunnen mailen uit naam van de organisatie.",
            en="Strangers can send mail in the organisation's name.",
        ),
    )


def _verdict(world: World, looks: dict[str, Look | None], good: Text, bad: Text) -> Verdict:
    figures: dict[str, Figure] = {"looked_at": len(looks)}
    seen = [look for look in looks.values() if look is not None]
    if seen:
        figures["oldest_look"] = min(look.at for look in seen).isoformat(timespec="seconds")
    faults = [f"{look.subject}: {fault}" for look in seen for fault in look.faults]
    if faults:
        return Verdict(Finding.BROKEN, bad, figures, tuple(faults))
    late = [name for name, look in looks.items() if look is None or world.clock() - look.at > FRESH]
    if late:
        return _unproven(
            "Niet kort geleden bekeken: doe 'gestand measure look', of laat 'gestand tick' dagelijks lopen.",
            "Not looked at lately: run 'gestand measure look', or let 'gestand tick' run daily.",
            figures,
            late,
        )
    return Verdict(Finding.KEPT, good, figures, tuple(f"{look.subject}: {look.seen}" for look in seen))


def _unproven(nl: str, en: str, figures: dict[str, Figure] | None = None, evidence: Sequence[str] = ()) -> Verdict:
    return Verdict(Finding.UNPROVEN, Text(nl=nl, en=en), figures or {}, tuple(evidence))


CONTROLS = (
    Control(
        "disk-encrypted",
        Text(nl="De schijf is versleuteld", en="The disk is encrypted"),
        Text(nl="de schijf onder de gegevens en onder de sleutel", en="the disk below the data and below the key"),
        "measured",
        disk_encrypted,
        __name__,
    ),
    Control(
        "connections-encrypted",
        Text(nl="Lijnen naar buiten zijn versleuteld", en="Lines to the outside are encrypted"),
        Text(nl="de laatste begroeting van elke server", en="the last handshake with each server"),
        "measured",
        connections_encrypted,
        __name__,
    ),
    Control(
        "mail-domain-guarded",
        Text(nl="Het maildomein is beschermd", en="The mail domain is guarded"),
        Text(nl="SPF, DKIM en DMARC in de DNS", en="SPF, DKIM and DMARC in the DNS"),
        "measured",
        mail_domain_guarded,
        __name__,
    ),
)
