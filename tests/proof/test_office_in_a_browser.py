"""Every way into the office, in every role, with scripts and without: no cookie, nothing stored, nobody else asked."""

from __future__ import annotations

import pytest

from doors.office.conftest import browser, worked  # noqa: F401 - the fixtures of the office's own tests
from doors.office.desk import Desk, come_in, sign_in, sit_down
from gestand.doors.office.table import routes

from .browsing import STORES, look, stores_of_state

pytestmark = pytest.mark.slow
NOBODY = {
    "subject": "sub_nobody", "request": "req_nobody", "breach": "bre_nobody", "order": "shr_nobody", "device": "dev_nobody", "copy": "dsk_nobody",
    "message": "msg_nobody", "campaign": "cam_nobody", "telling": "shr_nobody", "person": "stf_nobody", "key": "key_nobody",
    "session": "ses_nobody", "approval": "apr_nobody", "proposal": "prp_nobody", "measure": "nothing", "number": "0", "hold": "hld_nobody",
    "task": "tsk_nobody", "version": "1999-01-01",
}  # fmt: skip
ENDS = {"staff/sessions/end-all"}
"""What ends the session it is asked in; signing out is tried at the end instead."""
HEAVY = {"today/prove", "evidence/prove", "evidence/verify", "retention/run", "sources/test"}
"""What works through everything that is held; one of them is tried, for their answers are made alike."""
SUBMIT = """([method, href]) => {
  const office = document.getElementById('office');
  window.before = office.querySelector('main'); window.said = document.getElementById('notice').innerHTML;
  document.getElementById('notice').replaceChildren();
  const form = document.createElement('form'); form.method = method; form.setAttribute('action', href);
  const button = document.createElement('button'); button.textContent = 'go'; form.append(button);
  office.append(form); button.click();
}"""
ANSWERED = """() => window.before !== document.querySelector('#office main') || document.getElementById('notice').innerText !== ''"""


def path_of(path: str) -> str:
    for name, value in NOBODY.items():
        path = path.replace(f"{{{name}}}", value)
    assert "{" not in path, path
    return path


def go_through(desk: Desk, office, language: str) -> dict[str, list[str]]:
    """Ask every route, and return what each left behind; the answer may be a refusal, which is a page too."""
    page, left = desk.page, {}
    cookies: list[str] = []
    asked: list[str] = []
    page.on("response", lambda answer: cookies.extend(name for name in answer.headers if name == "set-cookie"))
    desk.context.on("request", lambda request: asked.append(request.url))
    for route in routes():
        if route.path in ENDS | (HEAVY - {"today/prove"}):
            continue
        page.evaluate(SUBMIT, [route.method, f"/office/{language}/{path_of(route.path)}"])
        for _ in range(400):
            if page.evaluate(ANSWERED):
                break
            page.wait_for_timeout(25)
        else:
            raise AssertionError(f"{route.method} {route.path} was never answered")
        assert page.locator("#office main").count() == 1, f"{route.method} {route.path} ended the session"
        stores = [name for name, n in page.evaluate(STORES).items() if n]
        elsewhere = [url for url in asked if not url.startswith((office.origin, "blob:"))]
        found = [*stores, *cookies, *elsewhere, *(cookie["name"] for cookie in desk.context.cookies())]
        if found:
            left[f"{route.method} {route.path}"] = found
        asked.clear()
    return left


@pytest.mark.parametrize("role", ["keeper", "helper"])
def test_every_route_in_every_role_leaves_nothing(worked, browser, role):  # noqa: F811 - the fixtures
    office = worked.office
    if role == "keeper":
        desk = sit_down(browser, worked.credentials)
        sign_in(desk, office.url("nl/today"))
    else:
        [keeper, *_] = office.house.staff.active()
        policy = office.house.publication.in_force().policy
        code = office.house.staff.invite([next(iter(policy.roles))], keeper=False, policy=policy, actor=keeper.id)
        desk = sit_down(browser)
        come_in(desk, office.url(f"nl/enrol#{code}"), "Hanna Helper")
    try:
        assert go_through(desk, office, "nl") == {}
        desk.page.locator("[data-do=sign-out]").click()
        desk.page.get_by_text("U bent afgemeld.").wait_for()
        assert desk.context.cookies() == []
        assert not any(stores_of_state(desk.context.storage_state(indexed_db=True)).values())
    finally:
        desk.close()


SHELL = sorted({path_of(route.path) for route in routes() if route.method == "GET"})


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize(
    "path", [pytest.param(path, marks=() if path in {"", "today", "breaches"} else pytest.mark.long) for path in SHELL]
)
def test_whoever_is_not_signed_in_gets_the_door_and_it_leaves_nothing(worked, browser, path, scripts):  # noqa: F811
    for language in ("nl", "en"):
        traces = look(browser, worked.office.url(f"{language}/{path}"), scripts=scripts)
        assert traces.none, traces
        assert traces.status == 200
