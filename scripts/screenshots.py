"""Pictures of every page, in both languages and both themes, of the worked example; with an index of them.

    python scripts/screenshots.py docs/screenshots [NAME...]

Only pages whose name has one of the NAMEs in it, if any are given. Needs chromium and the tests' helpers; invented customers
only. The pictures are WebP, made small by the browser itself.
"""

from __future__ import annotations

import base64
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

CHROMIUM = "/usr/bin/chromium"
QUALITY, SCALE, WIDE, TALLEST = 38, 0.7, 1180, 2200
GO = """(href) => { const a = document.createElement('a'); a.href = href; a.textContent = 'go';
  const office = document.getElementById('office'); office.append(a); window.before = office.querySelector('main'); a.click(); }"""
THEMES = ("light", "dark")
LANGUAGES = ("nl", "en")


def office_pages(house: Any) -> dict[str, str]:
    """Return the pages of the office by their name, with real ids in their paths."""
    from gestand.doors.office.table import routes
    from gestand.statement.policy import FieldKind

    [anna] = house.vault.find(FieldKind.EMAIL, "anna@example.nl")
    ids = {
        "subject": anna,
        "request": next(one for one in house.requests.all() if one.open).id,
        "breach": next(case for case in house.breaches.all() if case.breach.open).breach.id,
        "order": next(iter(house.sharing.orders())).id,
        "campaign": next(iter(house.outreach.all())).id,
        "message": next(house.archive.every()).message,
        "telling": next((one.id for one in house.sharing.tellings()), "{telling}"),
        "device": next((one.id for one in house.devices.all()), "{device}"),
    }
    more = {"people/{subject}": "?purpose=service&call=1", "mail/{message}": "?purpose=mail-archive",
            "sharing/give": "?recipient=bookkeeper&purpose=administration", "sources/preset": "?preset=woocommerce"}  # fmt: skip
    found = {}
    for route in routes():
        if (
            route.method == "GET"
            and route.path
            and not route.path.endswith(("formatted", "attachment/{number}", "mail/find"))
        ):
            path = route.path
            for name, value in ids.items():
                path = path.replace(f"{{{name}}}", str(value))
            if "{" not in path:
                found[name_of(route.path)] = path + more.get(route.path, "")
    return found


def public_pages(version: str) -> dict[str, Mapping[str, str]]:
    """Return the public pages by their name, with their address in each language."""
    from gestand.doors.public.table import TABLE

    left_out = {"home", "style", "font", "script", "robots", "icon", "feed", "security", "gpc", "unsubscribe"}
    return {
        f"public-{one.name}": {lang: one.at(lang).replace("{version}", version) for lang in LANGUAGES}
        for one in TABLE
        if one.name not in left_out
    }


def name_of(path: str) -> str:
    """Return the name under which the picture of a page of the office is kept."""
    return "office-" + path.replace("/", "-").replace("{", "").replace("}", "")


def shoot(desk: Any, file: Path) -> None:
    """Keep the whole page as a small picture."""
    size = desk.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    clip = {"x": 0, "y": 0, "width": size[0], "height": min(size[1], TALLEST), "scale": SCALE}
    made = desk.cdp.send(
        "Page.captureScreenshot", {"format": "webp", "quality": QUALITY, "clip": clip, "captureBeyondViewport": True}
    )
    file.write_bytes(base64.b64decode(made["data"]))


def index(target: Path) -> None:
    """Write the index: a line a page, and its four pictures."""
    names = sorted(
        {file.name.split(".")[0] for file in target.glob("*.webp")}, key=lambda one: (one.startswith("office"), one)
    )
    lines = [
        "# Every page, as it looks",
        "",
        "Of the worked example, with invented customers; made by `python scripts/screenshots.py docs/screenshots`.",
        "",
    ]
    for name in names:
        lines += [f"## {name.replace('-', ' ', 1).replace('-', ' / ')}", ""]
        lines += ["| | light | dark |", "|---|---|---|"]
        for language in LANGUAGES:
            cells = [
                f"[![{name}, {language}, {theme}]({name}.{language}.{theme}.webp)]({name}.{language}.{theme}.webp)"
                for theme in THEMES
            ]
            lines.append(f"| {language} | " + " | ".join(cells) + " |")
        lines.append("")
    (target / "README.md").write_text("\n".join(lines), "utf-8")


def filled(scratch: Path) -> tuple[Path, Any]:
    """Return an organisation that was lived in, with its time: proven, a device in hand, a breach that runs."""
    from gestand.breach.model import Reporter
    from gestand.doors.demonstration.place import make_place
    from gestand.doors.demonstration.story import live
    from gestand.doors.house import world_of
    from gestand.evidence.service import prove
    from gestand.kernel.ids import ActorId
    from gestand.register.devices import Slip
    from gestand.statement.policy import FieldKind

    owner = ActorId("owner")
    place = make_place(scratch / "koper")
    live(place)
    house = place.open()
    prove(world_of(house))
    house.showing.preview(actor=owner)
    house.showing.turn(on=True, actor=owner)
    [anna] = house.vault.find(FieldKind.EMAIL, "anna@example.nl")
    slip = Slip("Laptop X1", "start niet", "lader", "alleen wat de test vraagt", "1234")
    house.devices.take_in(anna, slip, actor=owner)
    seen = house.clock() - timedelta(hours=20)
    made = house.breaches.report(
        "Een factuur ging naar een ander.", reporter=Reporter.STAFF, reported_at=seen, actor=owner
    )
    house.breaches.state_facts(made.id, {"incident": "wrong_recipients", "recipient": "known"}, actor=owner)
    first, second = (kept.message for kept, _ in zip(house.archive.every(), range(2), strict=False))
    house.archive.holds.place([first], reason="een geschil over een factuur", until=None, actor=owner)
    house.archive.restrictions.place([second], reason="de inhoud wordt betwist", actor=owner)
    until = place.clock()
    place.close()
    return place.folder, until


def go_round(desk: Any, office: Any, target: Path, kind: str, wanted: tuple[str, ...]) -> None:
    """Keep every page of one language and theme (``nl.light``)."""
    from doors.office.desk import sign_in

    language = kind.partition(".")[0]
    for name, paths in public_pages(office.house.publication.history()[-1].version).items():
        if not wanted or any(word in name for word in wanted):
            desk.page.goto(office.origin + paths[language])
            shoot(desk, target / f"{name}.{kind}.webp")
    desk.page.goto(office.url(f"{language}/"))
    shoot(desk, target / f"office-door.{kind}.webp")
    sign_in(desk, office.url(f"{language}/today"))
    if not wanted:  # its answer would come between the few pages that are asked for
        desk.page.evaluate("() => document.querySelector('form[action$=\"today/prove\"] button').click()")
        desk.page.wait_for_timeout(6000)
    for name, path in office_pages(office.house).items():
        if wanted and not any(word in name for word in wanted):
            continue
        desk.page.evaluate(GO, f"/office/{language}/{path}")
        for _ in range(200):
            if desk.page.evaluate("window.before !== document.querySelector('#office main')"):
                break
            desk.page.wait_for_timeout(50)
        shoot(desk, target / f"{name}.{kind}.webp")


def main(target: Path, wanted: tuple[str, ...] = ()) -> None:
    root = Path(__file__).resolve().parents[1]
    sys.path[:0] = [str(root / "tests"), str(root / "tests" / "vault")]
    from playwright.sync_api import sync_playwright

    from doors.office.desk import come_in, served_office, sit_down

    target.mkdir(parents=True, exist_ok=True)
    with ExitStack() as opened:
        folder, until = filled(Path(opened.enter_context(tempfile.TemporaryDirectory())))
        playwright = opened.enter_context(sync_playwright())  # after the story: it keeps an event loop of its own
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        with served_office(folder, until) as office:
            first = sit_down(browser)
            come_in(first, office.link())
            keys = first.credentials()
            first.close()
            for theme in THEMES:
                for language in LANGUAGES:
                    desk = sit_down(browser, keys, viewport={"width": WIDE, "height": 800}, color_scheme=theme)
                    go_round(desk, office, target, f"{language}.{theme}", wanted)
                    desk.close()
        browser.close()
    index(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]), tuple(sys.argv[2:]))
