"""What stands around the invented firm: a laptop's disk in files, a nameserver and a server over TLS on this machine."""

from __future__ import annotations

import ipaddress
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.zone
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gestand.doors.demonstration.place import Place
from gestand.doors.demonstration.website import without_section
from gestand.evidence.surroundings.service import Look
from gestand.kernel.clock import system_clock
from gestand.kernel.config import FILE
from gestand.kernel.ids import ActorId

OWNER = ActorId("owner")
DOMAIN = "koper.example"
ZONE = f"""$ORIGIN {DOMAIN}.
$TTL 300
@ IN TXT "v=spf1 mx -all"
_dmarc IN TXT "v=DMARC1; p=reject; rua=mailto:dmarc@{DOMAIN}"
mail._domainkey IN TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
"""
CERTIFICATE_DAYS = 90


def zone_of(place: Place) -> Path:
    """Return the zone file of the firm's mail domain."""
    return place.folder.with_name(f"{place.folder.name}-zone.txt")


def certificate_of(place: Place) -> Path:
    """Return the file with certificate and key of the firm's server."""
    return place.folder.with_name(f"{place.folder.name}-server.pem")


def furnish(place: Place) -> None:
    """Make the laptop's disk (LUKS below the file system), the zone and the certificate, as they are at a careful firm."""
    device = place.machine / "sys/devices/virtual/block/dm-0"
    (device / "dm").mkdir(parents=True)
    (device / "dm/uuid").write_text("CRYPT-LUKS2-0f6a1c2e9d3b4f5a8e7c6b5a4d3c2b1a-cryptroot\n", "utf-8")
    numbers = place.machine / "sys/dev/block"
    numbers.mkdir(parents=True)
    (numbers / "252:0").symlink_to(Path("../../devices/virtual/block/dm-0"))
    mounts = place.machine / "proc/self/mountinfo"
    mounts.parent.mkdir(parents=True)
    mounts.write_text("25 1 252:0 / / rw,relatime shared:1 - ext4 /dev/mapper/cryptroot rw\n", "utf-8")
    zone_of(place).write_text(ZONE, "utf-8")
    now = system_clock()  # a handshake goes by the machine's own clock, the look by the story's
    until = max(now, place.clock()) + timedelta(CERTIFICATE_DAYS)
    certify(certificate_of(place), since=now - timedelta(days=1), until=until)


def certify(file: Path, *, since: datetime, until: datetime) -> None:
    """Write a certificate for this machine, signed by itself, and its key into one file; who trusts it reads ``.ca`` beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(made.public_bytes(pem) + private)
    file.chmod(0o600)
    file.with_suffix(".ca").write_bytes(made.public_bytes(pem))


@contextmanager
def nameserver(zone_file: Path) -> Iterator[int]:
    """Answer questions from the zone file on loopback, by UDP; yield the port."""
    zone = dns.zone.from_text(zone_file.read_text("utf-8"), relativize=False, check_origin=False)

    class Answers(socketserver.BaseRequestHandler):
        """Answers one question."""

        def handle(self) -> None:
            """Answer it; what is no question gets no answer."""
            asked, back = self.request
            with suppress(dns.exception.DNSException):
                question = dns.message.from_wire(asked)
                answer = dns.message.make_response(question)
                [wanted] = question.question
                found = zone.get_rrset(wanted.name, wanted.rdtype)
                if found is not None:
                    answer.answer.append(found)
                elif zone.get_node(wanted.name) is None:
                    answer.set_rcode(dns.rcode.NXDOMAIN)
                answer.flags |= dns.flags.AA
                back.sendto(answer.to_wire(), self.client_address)

    with socketserver.UDPServer(("127.0.0.1", 0), Answers) as server, _served(server):
        yield int(server.server_address[1])


@contextmanager
def tls_server(certificate: Path) -> Iterator[int]:
    """Shake hands over TLS on loopback with whoever comes; without a certificate, answer in the clear. Yield the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if certificate.exists():
        context.load_cert_chain(certificate)

    class Greets(socketserver.BaseRequestHandler):
        """Shakes hands and says nothing else."""

        def handle(self) -> None:
            """Shake hands; a guest who dislikes the certificate leaves."""
            if not certificate.exists():
                self.request.sendall(b"welcome\r\n")
                return
            with suppress(OSError), context.wrap_socket(self.request, server_side=True) as line:
                line.recv(1)

    class Server(socketserver.ThreadingTCPServer):
        """Closes its lines when it is closed."""

        daemon_threads = True

        def get_request(self) -> tuple[socket.socket, object]:
            """Accept a line that does not wait for ever."""
            line, address = super().get_request()
            line.settimeout(10)
            return line, address

    with Server(("127.0.0.1", 0), Greets) as server, _served(server):
        yield int(server.server_address[1])


@contextmanager
def _served(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join(10)


def look_around(place: Place) -> tuple[Look, ...]:
    """Look at the line and the mail domain of the firm, through real servers on this machine."""
    with nameserver(zone_of(place)) as names, tls_server(certificate_of(place)) as door:
        place.close()
        settings = place.folder / FILE
        text = without_section(settings.read_text("utf-8"), "surroundings")
        settings.write_text(
            f'{text}\n\n[surroundings]\nmail_domain = "{DOMAIN}"\ndkim = ["mail"]\ntls = ["localhost:{door}"]\n'
            f'nameserver = "127.0.0.1:{names}"\nca = "../{certificate_of(place).with_suffix(".ca").name}"\nnear = true\n',
            "utf-8",
        )
        return place.open().surroundings.look(actor=OWNER)
