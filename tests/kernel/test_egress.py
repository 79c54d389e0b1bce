"""The one gate for outgoing connections."""

import pytest

from gestand.kernel.egress import Egress, Granted, Peer
from gestand.kernel.errors import RefusedError, UsageError

PUBLIC = "93.184.216.34"


def gate(*addresses, near=False):
    return Egress([Peer("mail.example.nl", 993, near=near)], resolve=lambda _host, _port: addresses)


def test_a_listed_server_is_granted_with_the_address_to_connect_to():
    assert gate(PUBLIC).grant("Mail.Example.nl.", 993) == Granted("mail.example.nl", 993, PUBLIC)


@pytest.mark.parametrize(("host", "port"), [("mail.example.nl", 25), ("evil.example", 993), ("", 993)])
def test_what_is_not_listed_is_refused_before_any_look_up(host, port):
    asked = []
    egress = Egress([Peer("mail.example.nl", 993)], resolve=lambda *a: asked.append(a) or (PUBLIC,))
    with pytest.raises(RefusedError) as refused:
        egress.grant(host, port)
    assert refused.value.code == "egress-unlisted"
    assert not asked


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.8", "192.168.1.1", "169.254.169.254", "::1", "fe80::1%eth0", "fd00::1", "224.0.0.1", "0.0.0.0",  # noqa: S104 - an address asked about, nothing bound
     "::ffff:10.0.0.1", "2002:7f00:1::", "100.64.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "fec0::1",
     "::127.0.0.1", "::8.8.8.8", "::ffff:0:127.0.0.1"],
)  # fmt: skip
def test_a_listed_name_that_leads_inside_is_refused(address):
    with pytest.raises(RefusedError) as refused:
        gate(address).grant("mail.example.nl", 993)
    assert refused.value.code == "egress-private"


def test_a_public_address_behind_a_translator_is_granted():
    assert gate("64:ff9b::808:808").grant("mail.example.nl", 993).address == "64:ff9b::808:808"


def test_a_server_said_to_be_near_may_be_near():
    assert gate("127.0.0.1", near=True).grant("mail.example.nl", 993).address == "127.0.0.1"


def test_of_several_addresses_a_private_one_is_never_chosen():
    assert gate("10.0.0.1", PUBLIC).grant("mail.example.nl", 993).address == PUBLIC


def test_a_name_that_does_not_exist_says_so():
    def fails(_host, _port):
        raise OSError(-2, "Name or service not known")

    with pytest.raises(UsageError) as wrong:
        Egress([Peer("mail.example.nl", 993)], resolve=fails).grant("mail.example.nl", 993)
    assert wrong.value.code == "egress-unresolved"
    assert "Name or service not known" in wrong.value.message


@pytest.mark.parametrize("host", ["a..example.nl", ".example.nl", "a" * 64 + ".example.nl"])
def test_what_is_no_name_at_all_is_said_so_and_is_no_fault_of_the_program(host: str):
    def resolver(asked, _port):
        return [asked.encode("idna").decode()]  # as the system's own does first

    with pytest.raises(UsageError) as wrong:
        Egress([Peer(host, 443)], resolve=resolver).grant(host, 443)
    assert wrong.value.code == "egress-unresolved"
