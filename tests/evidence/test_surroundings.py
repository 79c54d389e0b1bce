"""The disk, the lines and the mail domain, looked at in a described machine and through real servers on loopback."""

from __future__ import annotations

import ssl
from datetime import timedelta
from pathlib import Path

import pytest

from dovecot_server import running_dovecot
from gestand.doors.demonstration.mailserver import mail_server
from gestand.doors.demonstration.sandbox import sandbox
from gestand.doors.demonstration.surroundings import DOMAIN, ZONE, certify, nameserver, tls_server
from gestand.evidence.controls.surroundings import connections_encrypted, disk_encrypted, mail_domain_guarded
from gestand.evidence.model import Finding
from gestand.evidence.surroundings.disk import Disk, Seal, look_at_disk
from gestand.evidence.surroundings.domain import DomainRecords, faults_of
from gestand.evidence.surroundings.lines import Line, look_at_line, trust
from gestand.evidence.surroundings.names import asker, look_at_domain
from gestand.evidence.surroundings.service import DOMAIN as MAIL_DOMAIN
from gestand.kernel.clock import system_clock
from gestand.kernel.config import load_config
from gestand.kernel.config_surroundings import HostPort
from gestand.kernel.egress import Egress, Peer
from gestand.kernel.errors import UsageError


class Machine:
    """A machine described in files, as Linux describes it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "proc/self").mkdir(parents=True)
        for place in ("sys/dev/block", "sys/class/block", "sys/devices"):
            (folder / place).mkdir(parents=True)

    def device(self, name: str, number: str, *, below: str = "", on: tuple[str, ...] = (), uuid: str = "") -> Path:
        home = self.folder / "sys/devices" / below / name
        home.mkdir(parents=True)
        (self.folder / "sys/dev/block" / number).symlink_to(home)
        (self.folder / "sys/class/block" / name).symlink_to(home)
        if below:
            (home / "partition").write_text("1\n")
        if uuid:
            (home / "dm").mkdir()
            (home / "dm/uuid").write_text(uuid + "\n")
            (home / "dm/name").write_text(f"{name}-name\n")
        (home / "slaves").mkdir()
        for one in on:
            (home / "slaves" / one).symlink_to(self.folder / "sys/class/block" / one)
        return home

    def mounts(self, *lines: str) -> None:
        (self.folder / "proc/self/mountinfo").write_text("".join(f"{line}\n" for line in lines))

    def look(self, folder: Path) -> Disk:
        return look_at_disk(folder, self.folder)


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path / "machine")


def test_a_volume_on_luks_on_a_partition_is_encrypted(machine, tmp_path):
    machine.device("sda", "8:0")
    machine.device("sda3", "8:3", below="sda")
    machine.device("dm-0", "252:0", on=("sda3",), uuid="CRYPT-LUKS2-ab")
    machine.device("dm-1", "252:1", on=("dm-0",), uuid="LVM-cd")
    machine.mounts("1 0 252:1 / / rw - ext4 /dev/mapper/vg-root rw")
    assert machine.look(tmp_path) == Disk(Seal.ENCRYPTED, "dm-1")


def test_a_partition_without_luks_is_plain_and_so_is_a_mirror_of_which_half_is(machine, tmp_path):
    machine.device("sda", "8:0")
    machine.device("sda1", "8:1", below="sda")
    machine.device("dm-0", "252:0", on=("sda1",), uuid="CRYPT-LUKS2-ab")
    machine.device("md0", "9:0", on=("dm-0", "sda1"))
    machine.mounts("1 0 8:1 / / rw - ext4 /dev/sda1 rw", f"2 1 9:0 / {tmp_path} rw - xfs /dev/md0 rw")
    assert machine.look(Path("/")).seal is Seal.PLAIN
    assert machine.look(tmp_path) == Disk(Seal.PLAIN, "md0")


def test_btrfs_is_found_by_its_source_for_its_number_is_its_own(machine, tmp_path):
    machine.device("sda", "8:0")
    machine.device("dm-0", "252:0", on=("sda",), uuid="CRYPT-LUKS1-ab")
    machine.mounts("1 0 0:31 /@ / rw - btrfs /dev/mapper/dm-0-name rw")
    assert machine.look(tmp_path).seal is Seal.ENCRYPTED


def test_the_longest_mount_counts_and_spaces_in_it_are_read(machine, tmp_path):
    folder = tmp_path / "mijn schijf" / "data"
    folder.mkdir(parents=True)
    point = str(tmp_path / "mijn schijf").replace(" ", "\\040")
    machine.device("sda", "8:0")
    machine.mounts(
        "1 0 8:0 / / rw - ext4 /dev/sda rw", f"2 1 0:40 / {point} rw shared:2 - tmpfs tmpfs rw", "unreadable"
    )
    assert machine.look(folder) == Disk(Seal.MEMORY, "tmpfs")
    assert machine.look(tmp_path).seal is Seal.PLAIN


@pytest.mark.parametrize("mount", [
    "1 0 0:50 / / rw - overlay overlay rw", "1 0 253:0 / / rw - ext4 /dev/vda rw", "1 0 7:0 / / rw - ext4 /dev/loop0 rw",
    "1 0 0:51 / / rw - nfs4 server:/data rw",
])  # fmt: skip
def test_what_a_container_a_rented_machine_or_another_host_holds_is_hidden(machine, tmp_path, mount):
    machine.device("vda", "253:0")
    (machine.device("loop0", "7:0") / "loop").mkdir()
    machine.mounts(mount)
    assert machine.look(tmp_path).seal is Seal.HIDDEN


def test_a_machine_that_is_no_linux_shows_nothing(tmp_path):
    assert look_at_disk(tmp_path, tmp_path / "nothing-here") == Disk(Seal.HIDDEN, "")


GOOD = DomainRecords(
    "example.nl", ("v=spf1 mx -all",), ("v=DMARC1; p=quarantine",), {"mail": ("v=DKIM1; k=rsa; p=MIIB IjAN",)}
)


def test_a_guarded_domain_has_no_faults():
    assert faults_of(GOOD) == ()
    redirected = DomainRecords("example.nl", ("x=other", "v=spf1 redirect=_spf.example.org"), GOOD.dmarc, GOOD.dkim)
    assert faults_of(redirected) == ()


@pytest.mark.parametrize(("changed", "fault"), [
    ({"spf": ()}, "SPF: there is no record"),
    ({"spf": ("v=spf1 mx -all", "v=spf1 a -all")}, "SPF: there is more than one"),
    ({"spf": ("v=spf1 mx ?all",)}, "SPF: the record does not end"),
    ({"spf": ("v=spf10 -all",)}, "SPF: there is no record"),
    ({"dmarc": ()}, "DMARC: there is no record"),
    ({"dmarc": ("v=DMARC1; p=none",)}, "DMARC: p=none only watches"),
    ({"dmarc": ("v=DMARC1; p=reject; pct=20",)}, "DMARC: pct is below 100"),
    ({"dmarc": ("v=DMARC1; p=reject", "v=DMARC1; p=reject")}, "DMARC: there is more than one"),
    ({"dkim": {}}, "DKIM: gestand.toml names no selector"),
    ({"dkim": {"mail": ()}}, "DKIM: selector mail has no key"),
    ({"dkim": {"mail": ("v=DKIM1; p=",)}}, "DKIM: selector mail was revoked"),
    ({"dkim": {"mail": ("v=DKIM1; t=y:s; p=abc",)}}, "DKIM: selector mail is only being tried"),
])  # fmt: skip
def test_each_gap_in_the_records_is_named(changed, fault):
    values = {"spf": GOOD.spf, "dmarc": GOOD.dmarc, "dkim": GOOD.dkim, **changed}
    [found] = faults_of(DomainRecords("example.nl", **values))
    assert found.startswith(fault)


def near(port: int) -> Egress:
    return Egress((Peer("localhost", port, near=True), Peer("127.0.0.1", port, near=True)))


def test_the_records_are_asked_of_a_real_nameserver(tmp_path):
    zone = tmp_path / "zone"
    zone.write_text(ZONE)
    with nameserver(zone) as port:
        ask = asker(HostPort("127.0.0.1", port), near(port))
        assert faults_of(look_at_domain(DOMAIN, ("mail",), ask)) == ()
        assert faults_of(look_at_domain(DOMAIN, ("other",), ask)) == ("DKIM: selector other has no key",)
        assert ask("nobody.example") == ()
    with pytest.raises(UsageError, match="does not answer"):
        ask(DOMAIN)


def test_a_name_longer_than_names_can_be_is_an_error_that_says_so():
    with pytest.raises(UsageError, match="does not answer about"):
        asker(HostPort("127.0.0.1", 9), near(9))("a" * 70 + ".example")


def test_a_line_over_tls_shows_its_version_and_until_when(tmp_path):
    now = system_clock()
    file = tmp_path / "server.pem"
    certify(file, since=now - timedelta(days=1), until=now + timedelta(days=40))
    with tls_server(file) as port:
        seen = look_at_line(Line("localhost", port, "tls"), near(port), trust(file.with_suffix(".ca")), now)
        assert (seen.version, seen.fault) == ("TLSv1.3", "")
        assert seen.until is not None
        assert abs(seen.until - now - timedelta(days=40)) < timedelta(minutes=1)
        stranger = look_at_line(Line("localhost", port, "tls"), near(port), trust(None), now)
        assert stranger.fault.startswith("the certificate is not good")
        late = now + timedelta(days=35)
        assert (
            "ends on"
            in look_at_line(Line("localhost", port, "tls"), near(port), trust(file.with_suffix(".ca")), late).fault
        )
    assert "no encrypted line" in look_at_line(Line("localhost", port, "tls"), near(port), trust(None), now).fault


def test_a_lapsed_certificate_and_a_line_in_the_clear_are_faults(tmp_path):
    now = system_clock()
    file = tmp_path / "server.pem"
    certify(file, since=now - timedelta(days=9), until=now - timedelta(days=2))
    with tls_server(file) as port:
        seen = look_at_line(Line("localhost", port, "tls"), near(port), trust(file.with_suffix(".ca")), now)
        assert "expired" in seen.fault
        file.unlink()
        assert "no encrypted line" in look_at_line(Line("localhost", port, "tls"), near(port), trust(None), now).fault


def test_a_mail_server_starts_tls_or_is_found_out(tmp_path):
    now = system_clock()
    file = tmp_path / "server.pem"
    certify(file, since=now - timedelta(days=1), until=now + timedelta(days=40))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with mail_server(starttls=context) as server:
        line = Line("localhost", server.port, "smtp")
        assert look_at_line(line, near(server.port), trust(file.with_suffix(".ca")), now).fault == ""
    with mail_server() as server:
        line = Line("localhost", server.port, "smtp")
        assert "offers no STARTTLS" in look_at_line(line, near(server.port), trust(None), now).fault


def test_only_what_gestand_toml_names_is_looked_at():
    seen = look_at_line(Line("localhost", 9, "tls"), Egress(), trust(None), system_clock())
    assert "does not connect to localhost:9" in seen.fault


@pytest.mark.parametrize(("line", "why"), [
    ('mail_domain = "https://example.nl"', "is no domain"), ('tls = ["www.example.nl"]', "is no host and port"),
    ('nameserver = "192.0.2.53:99999"', "is no host and port"), ('colour = "red"', "is no setting"),
])  # fmt: skip
def test_a_wrong_setting_is_named(tmp_path, line, why):
    (tmp_path / "gestand.toml").write_text(f"format = 1\n[surroundings]\n{line}\n")
    with pytest.raises(UsageError, match=why):
        load_config(tmp_path)


@pytest.mark.slow
def test_the_controls_judge_what_was_seen_and_say_when_it_is_too_long_ago():
    with sandbox() as made:
        world = made.world()
        for check in (disk_encrypted, connections_encrypted, mail_domain_guarded):
            assert check(world).finding is Finding.KEPT
        first = world.surroundings.last(MAIL_DOMAIN, DOMAIN)
        assert first is not None
        made.clock.advance(timedelta(days=8))
        assert connections_encrypted(world).finding is Finding.UNPROVEN
        assert mail_domain_guarded(world).finding is Finding.UNPROVEN
        world = made.look_around()
        second = world.surroundings.last(MAIL_DOMAIN, DOMAIN)
        assert second is not None
        assert second.at > first.at
        assert mail_domain_guarded(world).finding is Finding.KEPT
        (made.machine / "proc/self/mountinfo").write_text("1 0 0:50 / / rw - overlay overlay rw\n")
        by_word = disk_encrypted(world)
        assert by_word.finding is Finding.KEPT
        assert "attestation" in by_word.why.en
        world.measures.attest(
            "measure-devices-encrypted", evidence="the new laptop is not", actor="owner", in_place=False
        )
        assert disk_encrypted(world).finding is Finding.BROKEN


@pytest.mark.slow
def test_an_imap_server_starts_tls(tmp_path):
    server = running_dovecot()
    line = Line("localhost", server.port, "imap")
    seen = look_at_line(line, near(server.port), trust(server.folder / "authority.pem"), system_clock())
    assert (seen.version[:4], seen.fault) == ("TLSv", "")


@pytest.mark.slow
def test_a_domain_whose_selector_nobody_filled_in_is_unproven_and_not_broken():
    with sandbox() as made:
        made.close()
        settings = made.folder / "gestand.toml"
        settings.write_text(settings.read_text("utf-8").replace('dkim = ["mail"]', "dkim = []"), "utf-8")
        found = mail_domain_guarded(made.world())
        assert found.finding is Finding.UNPROVEN
        assert "[surroundings] dkim" in found.why.en
