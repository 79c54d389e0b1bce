"""Coming in and going out in a real browser: one-time link, passkey, session bound to a key, nothing left behind."""

from __future__ import annotations

import httpx
import pytest

from doors.office.desk import come_in, copy_of, served_office, sign_in, sit_down

STORES = """async () => ({
  local: localStorage.length, session: sessionStorage.length, databases: (await indexedDB.databases()).length,
  caches: (await caches.keys()).length, workers: (await navigator.serviceWorker.getRegistrations()).length,
  cookie: document.cookie.length,
})"""


def traces(desk) -> dict[str, int]:
    return {**desk.page.evaluate(STORES), "cookies": len(desk.context.cookies())}


def test_a_link_lets_one_person_in_once_and_nothing_stays_on_the_device(lived, browser, tmp_path):
    with served_office(copy_of(lived.folder, tmp_path), lived.until) as office:
        link = office.link()
        desk = sit_down(browser)
        answers = []
        desk.page.on("response", lambda response: answers.append(response.headers_array()))
        come_in(desk, link)
        assert "#" not in desk.page.url
        assert set(traces(desk).values()) == {0}
        assert not [h for headers in answers for h in headers if h["name"].lower() in {"set-cookie", "etag"}]
        assert desk.said == []
        assert office.link() == ""  # somebody is there: no second first link
        [person] = office.house.staff.active()
        assert (person.name, person.keeper, person.passkeys, person.roles) == ("Koos Koper", True, 1, ("owner",))

        other = sit_down(browser)
        other.page.goto(link)
        other.page.get_by_label("Uw naam").fill("Bram Jansen")
        other.page.get_by_role("button", name="Sleutel maken").click()
        other.page.get_by_text("Deze koppeling werkt niet").wait_for()
        assert len(office.house.staff.active()) == 1
        other.close()

        desk.page.get_by_role("button", name="Afmelden").click()
        desk.page.get_by_text("U bent afgemeld.").wait_for()
        assert office.house.staff.sessions.running() == ()
        sign_in(desk, office.url("nl/today"))
        assert set(traces(desk).values()) == {0}
        desk.page.reload()
        desk.page.get_by_role("heading", name="Aanmelden").first.wait_for()
        desk.close()
        events = [entry.event for entry in office.house.ledger.entries() if entry.event.name.startswith("staff.")]
        assert [e.name for e in events] == [
            "staff.link-made", "staff.enrolled", "staff.key-added", "staff.signed-in", "staff.signed-out",
            "staff.signed-in",
        ]  # fmt: skip
        assert all("Koos" not in str(e) for e in events)


def test_a_captured_token_with_its_proof_opens_nothing(worked, browser):
    desk = sit_down(browser, worked.credentials)
    caught = []
    desk.page.on("request", lambda request: caught.append((request.url, request.headers)))
    sign_in(desk, worked.office.url("nl/today"))
    url, headers = next((url, headers) for url, headers in caught if "authorization" in headers)
    assert headers["authorization"].startswith("DPoP ")
    stolen = {name: headers[name] for name in ("authorization", "dpop")} | {"origin": worked.office.origin}
    again = httpx.get(url, headers=stolen, trust_env=False)
    assert (again.status_code, again.headers["office-code"]) == (401, "session")
    without = httpx.get(url, headers={**stolen, "dpop": ""}, trust_env=False)
    bearer = httpx.get(
        url, headers={**stolen, "authorization": stolen["authorization"].replace("DPoP", "Bearer")}, trust_env=False
    )
    assert (without.status_code, bearer.status_code) == (401, 401)
    foreign = httpx.get(url, headers={**stolen, "sec-fetch-site": "cross-site"}, trust_env=False)
    assert (foreign.status_code, foreign.headers["office-code"]) == (403, "foreign-page")
    desk.page.locator(".menu").get_by_role("link", name="Medewerkers en sleutels").click()  # the session itself goes on
    desk.page.get_by_role("heading", level=1, name="Medewerkers en sleutels").wait_for()
    desk.close()


def test_markup_that_someone_slipped_in_stays_inert(worked, browser):
    desk = sit_down(browser, worked.credentials)
    sign_in(desk, worked.office.url("nl/today"))
    page = desk.page
    page.evaluate(
        """() => { for (const try_ of [
            () => { document.querySelector('main').innerHTML = '<img src=x onerror="window.hit=1">'; },
            () => { const s = document.createElement('script'); s.textContent = 'window.hit=2'; document.body.append(s); },
            () => { new Worker('/office/static/office.js'); },
            () => { document.write('<script>window.hit=4</script>'); },
          ]) { try { try_(); } catch { window.refused = (window.refused || 0) + 1; } } }"""
    )
    # What the server itself sends through the policy is shown, yet runs nothing either.
    page.route("**/office/nl/staff", lambda route: route.fulfill(
        body='<main tabindex="-1"><h1>x</h1><img src="x" onerror="window.hit=5"><script>window.hit=6</script></main>',
        content_type="text/html",
    ))  # fmt: skip
    page.locator(".menu").get_by_role("link", name="Medewerkers en sleutels").click()
    page.get_by_role("heading", level=1, name="x").wait_for()
    page.wait_for_timeout(150)
    assert page.evaluate("window.hit") is None
    assert page.evaluate("window.refused") == 4
    desk.close()


def test_a_worker_never_gives_the_token_away_nor_asks_another_host(worked, browser):
    desk = sit_down(browser, worked.credentials)
    page = desk.page
    page.goto(worked.office.url("nl/"))
    found = page.evaluate(
        """async () => {
          const policy = null; // the one policy is taken: a second cannot be made
          try { window.trustedTypes.createPolicy('office', { createHTML: (x) => x }); return 'made'; } catch (e) { return e.name; }
        }"""
    )
    assert found == "TypeError"
    sign_in(desk, worked.office.url("nl/today"))
    [worker] = page.workers
    assert worker.evaluate("typeof token") == "string"
    outcome = worker.evaluate(
        "page({ path: 'https://example.org/office/x', method: 'GET', fields: [] }).catch((e) => e.message)"
    )
    assert outcome == "foreign address"
    key = worker.evaluate("crypto.subtle.exportKey('jwk', key).then(() => 'out', (e) => e.name)")
    assert key == "InvalidAccessError"
    desk.close()


def test_who_is_revoked_is_out_at_once(lived, browser, tmp_path):
    with served_office(copy_of(lived.folder, tmp_path), lived.until) as office:
        desk = sit_down(browser)
        come_in(desk, office.link())
        staff = office.house.staff
        [keeper] = staff.active()
        code = staff.invite(["owner"], keeper=False, policy=office.house.publication.in_force().policy, actor=keeper.id)
        helper = sit_down(browser)
        come_in(helper, office.url(f"nl/enrol#{code}"), "Anna de Vries")
        anna = next(person for person in staff.active() if person.id != keeper.id)
        assert staff.revoke(anna.id, actor=keeper.id) == 1
        helper.page.locator(".menu").get_by_role("link", name="Medewerkers en sleutels").click()
        helper.page.get_by_text("U bent afgemeld").first.wait_for()
        helper.page.locator("form[data-door=sign-in] button").click()
        helper.page.get_by_text("Deze sleutel opent het kantoor niet.").wait_for()
        helper.close()
        desk.close()


@pytest.mark.parametrize("path", ["/office/", "/office/nl/today", "/office/en/people/sub_x"])
def test_the_shell_is_the_same_for_everybody_and_names_its_own_host(worked, path):
    asked = httpx.get(f"http://127.0.0.1:{worked.office.port}{path}", trust_env=False)
    assert asked.status_code == 307
    assert asked.headers["location"].startswith(worked.office.origin)
    own = worked.office.origin + (path if path != "/office/" else "/office/nl/")
    first, second = (httpx.get(own, headers={"cookie": "a=b"}, trust_env=False) for _ in range(2))
    assert first.content == second.content
    assert "require-trusted-types-for 'script'" in first.headers["content-security-policy"]
    assert "set-cookie" not in first.headers
