"""The line to the mail server: encrypted, signed in, granted; and when anything of it is wrong, nothing is sent."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import IO

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gestand.doors.demonstration.mailserver import MailServer, mail_server
from gestand.doors.demonstration.place import Place
from gestand.kernel.config_mail import ServerSettings, SmtpSettings
from gestand.kernel.egress import Egress, Peer
from gestand.kernel.errors import GestandError, RefusedError
from gestand.post.model import Accepted, LineLost, Mail, Rejected, State
from gestand.post.smtp import SmtpCourier

MESSAGE = b"Subject: x\r\n\r\n.een punt vooraan\r\n..twee\r\n"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for 127.0.0.1, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("certificate")
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return folder


@pytest.fixture
def context(certificate: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    return made


def courier(server: MailServer, tls: str, *, ca: Path | None = None, password: str = "", **egress) -> SmtpCourier:
    settings = ServerSettings("127.0.0.1", server.port, tls, "gestand" if password else "", "env:X" if password else "", "", ca, near=True)  # fmt: skip
    peer = Peer("127.0.0.1", egress.get("port", server.port), near=egress.get("near", True))
    return SmtpCourier(SmtpSettings(settings, "info@example.nl", 0), Egress((peer,)), lambda: password, timeout=10)


def carried(one: SmtpCourier) -> object:
    try:
        return one.carry("anna@example.nl", MESSAGE, "<abc@example.nl>")
    finally:
        one.close()


@pytest.mark.parametrize("how", ["starttls", "tls"])
def test_mail_goes_over_tls_with_a_password(context: ssl.SSLContext, certificate: Path, how: str):
    options = {"starttls": context} if how == "starttls" else {"tls": context}
    with mail_server(**options, password="geheim" if how == "starttls" else "") as server:
        password = "geheim" if how == "starttls" else ""
        found = carried(courier(server, how, ca=certificate / "cert.pem", password=password))
        assert isinstance(found, Accepted)
        assert server.received[0].content == MESSAGE


@pytest.mark.parametrize("how", ["starttls", "tls"])
def test_a_certificate_that_is_not_trusted_sends_nothing(context: ssl.SSLContext, how: str):
    options = {"starttls": context} if how == "starttls" else {"tls": context}
    with mail_server(**options) as server:
        with pytest.raises(GestandError) as refused:
            carried(courier(server, how))
        assert refused.value.code == "smtp-unreachable"
        assert server.received == []


def test_a_server_without_starttls_gets_no_password(certificate: Path):
    with mail_server() as server:
        with pytest.raises(GestandError) as refused:
            carried(courier(server, "starttls", ca=certificate / "cert.pem", password="geheim"))  # noqa: S106 - of a test server
        assert refused.value.code == "smtp-unreachable"
        assert server.received == []


def test_a_wrong_password_sends_nothing(context: ssl.SSLContext, certificate: Path):
    with mail_server(starttls=context, password="geheim") as server:  # noqa: S106 - of a test server
        with pytest.raises(GestandError) as refused:
            carried(courier(server, "starttls", ca=certificate / "cert.pem", password="fout"))  # noqa: S106 - as above
        assert "535" in refused.value.message
        assert server.received == []


@pytest.mark.parametrize(("egress", "code"), [({"port": 1}, "egress-unlisted"), ({"near": False}, "egress-private")])
def test_a_server_that_is_not_granted_is_not_reached(egress: dict, code: str):
    with mail_server() as server, pytest.raises(RefusedError) as refused:
        carried(courier(server, "none", **egress))
    assert refused.value.code == code


@contextmanager
def hangs_up(answer: bytes) -> Iterator[int]:
    """Run a server that takes one message a connection, answers so, and hangs up; its port is given."""
    listening = socket.create_server(("127.0.0.1", 0))

    def say(file: IO[bytes], said: bytes) -> None:
        file.write(said)
        file.flush()

    def serve(line: socket.socket) -> None:
        with suppress(OSError), line, line.makefile("rwb") as file:
            say(file, b"220 hello\r\n")
            while asked := file.readline():
                if asked.startswith(b"DATA"):
                    say(file, b"354 go\r\n")
                    while file.readline() != b".\r\n":
                        pass
                    say(file, answer)
                    return
                say(file, b"250-x\r\n250 AUTH PLAIN LOGIN\r\n" if asked.startswith(b"ehlo") else b"250 ok\r\n")

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listening.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"554 5.7.1 spam\r\n", Rejected("554 5.7.1 spam", permanent=True)),
        (b"451 later\r\n", Rejected("451 later", permanent=False)),
        (b"421 closing\r\n", LineLost("421 closing", content_sent=False)),
        (b"what is this\r\n", LineLost("-1 is this", content_sent=True)),  # nobody knows whether it was taken
        (b"", LineLost("SMTPServerDisconnected", content_sent=True)),
    ],
)
def test_what_a_server_said_before_it_hung_up_counts(answer: bytes, expected: Rejected | LineLost):
    with hangs_up(answer) as port:
        line = courier(MailServer(port=port), "none")
        assert line.carry("anna@example.nl", MESSAGE, "<abc@example.nl>") == expected
        assert line.carry("bram@example.nl", MESSAGE, "<def@example.nl>") == expected  # over a new line
        line.close()


def test_a_password_that_cannot_be_sent_puts_no_message_in_doubt(
    context: ssl.SSLContext, certificate: Path, place: Place
):
    house = place.open()
    waiting = house.post.send(Mail("anna@example.nl", "x", "y"))
    with mail_server(starttls=context, password="geheim") as server:  # noqa: S106 - of a test server
        for _ in range(2):
            done = house.post.deliver(courier(server, "starttls", ca=certificate / "cert.pem", password="geh€im"))  # noqa: S106 - as above
            assert "not ASCII" in done.stopped
            assert done.counts == {}
        assert house.post.one(waiting).state is State.QUEUED
        assert server.received == []
