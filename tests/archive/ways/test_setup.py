"""A mailbox is found from its address, tried for real, and written down without its password."""

from __future__ import annotations

import http.server
import json
import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest

from archive.ways.test_receiver import receiving
from certificates import Authority
from dovecot_server import PASSWORD, running_dovecot
from gestand.archive.ways.discovery import Discovered, Server, discover, read_autoconfig
from gestand.archive.ways.https import ask
from gestand.archive.ways.oauth import (
    PROVIDERS,
    Grant,
    Provider,
    access_token,
    begin_device,
    begin_pasted,
    finish_device,
    finish_pasted,
    peers,
    read_grant,
)
from gestand.archive.ways.setup import try_receiving, try_sending, write_mailbox
from gestand.kernel.config import load_config
from gestand.kernel.config_mail import MailboxSettings, ServerSettings, SmtpSettings
from gestand.kernel.egress import Egress, Peer
from gestand.kernel.entropy import SeededEntropy
from gestand.kernel.errors import GestandError, RefusedError, UsageError
from ways_house import stored

AUTOCONFIG = b"""<?xml version="1.0"?><clientConfig version="1.1"><emailProvider id="example.nl">
<incomingServer type="pop3"><hostname>pop.example.nl</hostname><port>995</port><socketType>SSL</socketType></incomingServer>
<incomingServer type="imap"><hostname>plain.example.nl</hostname><port>143</port><socketType>plain</socketType></incomingServer>
<incomingServer type="imap"><hostname>imap.%EMAILDOMAIN%</hostname><port>993</port><socketType>SSL</socketType>
<username>%EMAILLOCALPART%</username></incomingServer>
<outgoingServer type="smtp"><hostname>smtp.example.nl</hostname><port>587</port><socketType>STARTTLS</socketType></outgoingServer>
</emailProvider></clientConfig>"""
SRV = {
    "_imaps._tcp.example.nl": [(10, 0, 993, "tweede.example.nl."), (0, 1, 993, "eerste.example.nl."), (0, 9, 1993, "zwaar.example.nl.")],
    "_submissions._tcp.example.nl": [(0, 0, 0, ".")],
    "_submission._tcp.example.nl": [(0, 0, 587, "smtp.example.nl.")],
}  # fmt: skip


def find(address="info@example.nl", srv=None, mx=None, pages=None, ports=()) -> Discovered:
    records = {"SRV": srv or {}, "MX": mx or {}}
    return discover(
        address,
        records=lambda name, kind: records[kind].get(name, []),
        fetch=(pages or {}).get,
        reach=lambda host, port: (host, port) in ports,
    )


def test_what_the_domain_publishes_comes_first():
    found = find(srv=SRV)
    assert found.imap == Server("zwaar.example.nl", 1993, "tls")
    assert found.smtp == Server("smtp.example.nl", 587, "starttls")
    page = {"https://autoconfig.example.nl/mail/config-v1.1.xml": AUTOCONFIG}
    found = find(pages=page, ports={("imap.example.nl", 993)})
    assert (found.imap, found.user) == (Server("imap.example.nl", 993, "tls"), "info")
    assert found.smtp == Server("smtp.example.nl", 587, "starttls")


def test_the_large_hosts_are_known_by_their_mx_and_want_oauth():
    found = find(mx={"example.nl": [(0, 0, 25, "example-nl.mail.protection.outlook.com.")]}, srv=SRV)
    assert (found.oauth, found.imap.host) == ("microsoft", "outlook.office365.com")
    assert find("anna@gmail.com").oauth == "google"
    assert find(mx={"example.nl": [(0, 0, 25, "notgoogle.com.")]}, srv=SRV).oauth == ""


def test_a_guess_counts_only_if_it_answers():
    found = find(ports={("mail.example.nl", 993), ("mail.example.nl", 465)})
    assert (found.imap.host, found.smtp) == ("mail.example.nl", Server("mail.example.nl", 465, "tls"))
    with pytest.raises(UsageError) as lost:
        find()
    assert lost.value.code == "mail-not-found"
    assert "--imap" in lost.value.remedy
    for wrong in ("info", "@example.nl", "a b@example.nl", "info@"):
        with pytest.raises(UsageError) as refused:
            find(wrong)
        assert refused.value.code == "mail-address"


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b"<a/>", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', AUTOCONFIG.replace(b"SSL", b"plain")],
)
def test_a_page_that_is_no_autoconfig_or_offers_no_tls_is_none(content):
    assert read_autoconfig(content, "info@example.nl") is None


@pytest.fixture
def server():
    return running_dovecot()


def test_a_mailbox_is_tried_and_written_down(server, tmp_path):
    server.put("lotte", [b"Subject: x\r\n\r\ny"])
    (tmp_path / "gestand.toml").write_text("# ours\nformat = 1\n")
    at = ServerSettings(
        "localhost", server.tls_port, "tls", "lotte", "env:P", ca=server.folder / "authority.pem", near=True
    )
    box = MailboxSettings("info", "info@example.nl", at, sent="Verzonden")
    tried = try_receiving(box, tmp_path, variable={"P": PASSWORD}.get)
    assert tried.messages == 1
    assert [folder.name for folder in tried.read] == ["INBOX", "Verzonden", "Spam", "Prullenbak"]
    with receiving(tmp_path / "org") as (found, port):
        smtp = SmtpSettings(ServerSettings("localhost", port, "none", near=True), "info@example.nl")
        try_sending(smtp, "info@example.nl", tmp_path, variable={}.get, at=datetime(2026, 12, 1, tzinfo=UTC))
        assert stored(found) == 1
        write_mailbox(tmp_path, box, smtp)
    text = (tmp_path / "gestand.toml").read_text()
    assert text.startswith("# ours")
    assert PASSWORD not in text
    mail = load_config(tmp_path).mail
    assert mail.mailboxes == (box,)
    assert mail.smtp == smtp


def test_sending_that_fails_says_why(tmp_path):
    with receiving(tmp_path, senders=("x@example.nl",)) as (_, port):
        smtp = SmtpSettings(ServerSettings("localhost", port, "none", near=True), "info@example.nl")
        with pytest.raises(GestandError) as refused:
            try_sending(smtp, "info@example.nl", tmp_path, variable={}.get, at=datetime(2026, 12, 1, tzinfo=UTC))
        assert refused.value.code == "mail-not-sent"
    with pytest.raises(GestandError) as gone:
        try_sending(smtp, "info@example.nl", tmp_path, variable={}.get, at=datetime(2026, 12, 1, tzinfo=UTC))
    assert gone.value.code == "mail-connection"


@contextmanager
def provider(folder, answers):
    """A provider of tokens on this machine, within TLS; ``answers`` are given in turn, what was asked is kept."""
    authority = Authority(folder)
    certificate, key = authority.issue("localhost", folder)
    asked: list[dict[str, str]] = []

    class Answering(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers["Content-Length"])
            asked.append({name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()})
            status, body = answers.pop(0)
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_words):
            return

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    made.daemon_threads = True
    made.socket = context.wrap_socket(made.socket, server_side=True)
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    port = made.server_address[1]
    base = f"https://localhost:{port}/{{tenant}}"
    try:
        yield (
            {"egress": Egress([Peer("localhost", port, near=True)]), "ca": authority.file,
             "known": Provider(f"{base}/token", f"{base}/device", f"{base}/authorize", "mail")},
            asked,
        )  # fmt: skip
    finally:
        made.shutdown()
        made.server_close()
        thread.join()


def test_a_device_code_is_waited_for_and_a_token_is_made_from_what_is_kept(tmp_path):
    answers = [
        (200, {"device_code": "D", "user_code": "ABC", "verification_uri": "https://example.nl/d", "interval": 1, "expires_in": 60}),
        (400, {"error": "authorization_pending"}),
        (400, {"error": "slow_down"}),
        (200, {"access_token": "A", "refresh_token": "R-geheim"}),
        (200, {"access_token": "A2"}),
        (400, {"error": "invalid_grant"}),
    ]  # fmt: skip
    waited: list[float] = []
    with provider(tmp_path, answers) as (named, asked):
        code = begin_device("microsoft", "client", "common", **named)
        assert (code.code, code.url) == ("ABC", "https://example.nl/d")
        grant = finish_device("microsoft", "client", "common", code, wait=waited.append, **named)
        assert grant == Grant("client", "R-geheim")
        assert waited == [1, 1, 6]
        assert read_grant(grant.line(), "x") == grant
        assert access_token("microsoft", grant, **named) == "A2"
        assert asked[-1] == {"grant_type": "refresh_token", "client_id": "client", "refresh_token": "R-geheim"}
        with pytest.raises(GestandError) as refused:
            access_token("microsoft", grant, **named)
        assert refused.value.code == "oauth-refused"
        assert "geheim" not in str(refused.value)


def test_a_pasted_code_is_traded_with_its_verifier(tmp_path):
    page, verifier = begin_pasted("google", "client", "common", "anna@gmail.com", entropy=SeededEntropy("x"))
    assert page.startswith("https://accounts.google.com/")
    assert "code_challenge_method=S256" in page
    assert verifier not in page
    with provider(tmp_path, [(200, {"refresh_token": "R-geheim", "access_token": "A"})]) as (named, asked):
        pasted = "http://127.0.0.1/?state=&code=4%2Fxyz&scope=mail"
        assert finish_pasted("google", "client", "s", "common", pasted, verifier, **named) == Grant(
            "client", "R-geheim", "s"
        )
        assert (asked[0]["code"], asked[0]["code_verifier"]) == ("4/xyz", verifier)


def test_only_https_to_listed_hosts_is_asked(tmp_path):
    with pytest.raises(UsageError):
        ask(Egress(), "http://localhost/")
    with pytest.raises(RefusedError):
        ask(Egress(), "https://localhost/")
    with provider(tmp_path, []) as (named, _), pytest.raises(GestandError) as untrusted:
        ask(named["egress"], named["known"].token.format(tenant="x"))
    assert untrusted.value.code == "https-failed"
    assert {peer.host for name in PROVIDERS for peer in peers(name)} == {
        "login.microsoftonline.com",
        "oauth2.googleapis.com",
    }
    with pytest.raises(UsageError):
        begin_device("google", "client", "common", egress=Egress())
    with pytest.raises(UsageError):
        read_grant("rubbish", "x")
