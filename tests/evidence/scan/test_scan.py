"""The cookie proof finds every kind of trace on a site with two hosts, and nothing on a page that leaves none."""

import json
import os
from datetime import UTC, datetime

import pytest

from evidence.scan.site import SCRIPTS, site
from gestand.doors.cli.main import run
from gestand.evidence.scan.browser import find_browser, launched, visit
from gestand.evidence.scan.model import CookieSeen, Scan, ScanOrder, Signal, ThirdParty
from gestand.evidence.scan.report import render_report, write_pdf
from gestand.evidence.scan.rules import judge, same_site
from gestand.evidence.scan.shape import shape_of
from gestand.kernel.clock import system_clock
from gestand.kernel.errors import UsageError
from proof.browsing import served

FOUND = {
    "/http-cookie": {"cookie"}, "/js/script-cookie": {"cookie"}, "/js/cookie-gone": {"cookie"}, "/js/local": {"storage"},
    "/js/local-gone": {"storage"}, "/js/session": {"storage"}, "/js/indexed": {"storage"}, "/js/cache": {"storage"},
    "/js/files": {"storage"}, "/js/service": {"storage", "worker"}, "/js/beacon": {"beacon", "cookie"},
    "/js/keepalive": {"beacon", "cookie"}, "/js/canvas": {"fingerprinting"}, "/js/webgl": {"fingerprinting"},
    "/js/audio": {"fingerprinting"}, "/js/webrtc": {"fingerprinting"}, "/etag": {"storage"}, "/pixel": {"beacon"},
    "/ping": {"embed"}, "/hint": {"embed"}, "/third": {"third-party", "embed", "beacon"},
    "/frame": {"third-party", "embed", "cookie"}, "/clean": set(), "/js/dedicated": set(),
}  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    with launched(find_browser(), sandboxed=os.geteuid() != 0) as found:
        yield found


@pytest.fixture(scope="module")
def address():
    apps = []

    async def app(scope, receive, send):
        await apps[0](scope, receive, send)

    with served(app) as own:
        apps.append(site(own.replace("127.0.0.1", "localhost")))
        yield own


def look(browser, url, **options):
    return visit(browser, ScanOrder((url,), settle=0.2, **{"pages": 1, **options}), clock=system_clock)


@pytest.mark.parametrize("path", FOUND)
def test_every_kind_is_found_and_nothing_else(browser, address, path):
    judged = judge(look(browser, address + path))
    assert {one.kind for one in judged.deviations} == FOUND[path]
    assert judged.ok == (not FOUND[path])


def test_every_script_of_the_test_site_is_tried():
    assert {f"/js/{name}" for name in SCRIPTS} <= FOUND.keys()


def test_a_cookie_that_is_gone_at_once_is_told_apart(browser, address):
    [gone] = look(browser, f"{address}/js/cookie-gone").cookies
    [kept] = look(browser, f"{address}/js/script-cookie").cookies
    assert (gone.name, gone.kept, gone.by) == ("brief", False, "script")
    assert (kept.name, kept.kept, kept.third_party) == ("spy", True, False)
    assert 86000 < kept.seconds <= 86400


def test_a_cookie_of_the_server_is_known_as_one(browser, address):
    [cookie] = look(browser, f"{address}/http-cookie").cookies
    assert (cookie.name, cookie.by, cookie.kept) == ("hard", "http", True)


def test_the_crawl_follows_the_sites_own_links_within_the_limit(browser, address):
    scan = look(browser, f"{address}/crawl", pages=3)
    assert len(scan.pages) == 3
    assert [store.key for store in scan.storage] == ["visitor"]
    assert len(look(browser, f"{address}/crawl", pages=2).pages) == 2


def test_what_lies_behind_a_form_is_found_only_if_asked(browser, address):
    assert not look(browser, f"{address}/form").cookies
    [cookie] = look(browser, f"{address}/form", forms=True).cookies
    assert cookie.name == "hard"
    assert "form 1" in cookie.page


def test_a_page_that_cannot_be_reached_is_no_clean_page(browser):
    judged = judge(look(browser, "http://127.0.0.1:9/"))
    assert judged.scan.failed
    assert not judged.ok


def test_no_value_is_kept_anywhere(browser, address):
    scan = look(browser, f"{address}/http-cookie")
    assert "hard=1" not in json.dumps(scan.document())


def test_the_report_is_one_page_that_loads_nothing(browser, address, tmp_path):
    judged = judge(look(browser, f"{address}/third"))
    html = render_report([judged])
    (tmp_path / "report.html").write_text(html, "utf-8")
    again = look(browser, (tmp_path / "report.html").as_uri())
    assert not again.third_parties
    assert "localhost" in html
    assert "<script" not in html
    write_pdf(browser, html, tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")


def test_the_command_tells_a_clean_page_from_another(address, capsys, tmp_path):
    assert run(["scan", f"{address}/clean", "--pages", "1", "--json", "--html", str(tmp_path / "r.html")]) == 0
    clean = json.loads(capsys.readouterr().out)
    assert clean["ok"]
    assert clean["pages"] == 1
    assert run(["scan", f"{address}/js/local", "--pages", "1", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert [store["key"] for store in found["storage"]] == ["visitor"]
    assert {"cookies", "third_parties", "beacons", "fingerprinting", "workers"} <= found.keys()
    assert (tmp_path / "r.html").read_text("utf-8").count("geen afwijking gevonden") == 1


def test_an_allowed_cookie_is_listed_and_not_held_against_the_site():
    scan = Scan(("https://example.nl/",), ("example.nl",), datetime(2026, 1, 1, tzinfo=UTC), "x",
                cookies=(CookieSeen("sessie", "example.nl", "http", third_party=False, kept=True, page="/"),),
                third_parties=(ThirdParty("maps.example.org", ("image",), 1, "/"),))  # fmt: skip
    assert len(judge(scan).deviations) == 2
    judged = judge(scan, ("sessie", "host:maps.example.org"))
    assert not judged.deviations
    assert judged.allowed == ("host:maps.example.org", "sessie")


@pytest.mark.parametrize(
    ("host", "same"),
    [("example.nl", True), ("www.example.nl", True), ("shop.example.nl", True), ("example.nl.evil.org", False),
     ("notexample.nl", False), ("example.org", False)],
)  # fmt: skip
def test_hosts_are_told_apart(host, same):
    assert same_site(host, ["www.example.nl"]) is same


def test_a_lasting_worker_is_a_deviation_and_a_passing_one_is_not():
    def with_worker(kind):
        worker = Signal(kind, "https://example.nl/w.js", "/")
        return judge(Scan(("x",), ("example.nl",), datetime(2026, 1, 1, tzinfo=UTC), "x", workers=(worker,))).deviations

    assert with_worker("service")
    assert with_worker("shared")
    assert not with_worker("dedicated")


def test_the_shape_follows_what_is_loaded_and_not_the_words():
    page = b"<title>a</title><p>words</p><script src='/a.js?v=1'></script>"
    assert shape_of(page) == shape_of(page.replace(b"words", b"other").replace(b"v=1", b"v=2"))
    assert shape_of(page) != shape_of(page + b"<script>1</script>")
    assert shape_of(page) != shape_of(page.replace(b"/a.js", b"https://elsewhere.example/a.js"))
    assert shape_of(page) != shape_of(page.replace(b"<p>", b"<p onclick='x()'>"))


def test_without_a_browser_it_says_what_to_install():
    with pytest.raises(UsageError) as lacking:
        find_browser("/nowhere/chromium")
    assert lacking.value.code == "browser-missing"
    assert "apt-get install chromium" in lacking.value.remedy
