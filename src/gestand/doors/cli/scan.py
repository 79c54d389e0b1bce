"""``gestand scan``: the cookie proof of any site, in a real browser; without an address, of the firm's own sites."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.output import emit, say
from gestand.evidence.scan.model import Judged, ScanOrder
from gestand.kernel.errors import UsageError


def command(
    urls: Annotated[list[str] | None, typer.Argument(help="Addresses; none: the own sites of gestand.toml.")] = None,
    org: Org = HERE,
    as_json: Json = False,
    pages: Annotated[int, typer.Option("--pages", min=1, help="Visit at most so many pages of the site.")] = 20,
    forms: Annotated[
        bool, typer.Option("--forms", help="Send the site's forms too. Only for a site of your own.")
    ] = False,
    own: Annotated[list[str] | None, typer.Option("--own", help="Another host that belongs to the site.")] = None,
    allow: Annotated[list[str] | None, typer.Option("--allow", help="A cookie that is allowed, or host:NAME.")] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write the report as one self-contained page.")] = None,
    pdf: Annotated[Path | None, typer.Option("--pdf", help="Write the report as PDF.")] = None,
    browser: Annotated[str, typer.Option("--browser", help="The browser's path; else chromium is looked for.")] = "",
) -> None:
    """Visit a site as a new visitor would and tell what it keeps on the device, whom it talks to, and what it tries to learn.

    Exit status 1 if something was found that is not allowed. Without addresses the own sites are visited, the result is
    recorded as evidence, and the live statement is compared with the version in force.
    """
    from gestand.evidence.scan.report import render_report
    from gestand.evidence.scan.rules import judge
    from gestand.evidence.scan.running import as_root, print_pdf, scan_sites

    if as_root():
        typer.echo(
            "The browser runs without its own sandbox, for you are root: visit strangers' sites as another user.",
            err=True,
        )
    if urls:
        order = ScanOrder(tuple(map(_address, urls)), tuple(own or ()), pages=pages, forms=forms)
        judged = [judge(scan, allow or ()) for scan in scan_sites([order], browser=browser)]
    else:
        judged = _own_sites(org, browser, tuple(allow or ()))
    if html is not None:
        html.write_text(render_report(judged), "utf-8")
    if pdf is not None:
        print_pdf(render_report(judged), pdf, browser=browser)
    if as_json:
        emit(as_document(judged))
    else:
        _show(judged)
    if not all(one.ok for one in judged):
        raise typer.Exit(1)


def _address(url: str) -> str:
    whole = url if "://" in url else f"https://{url}"
    if not whole.startswith(("http://", "https://")):
        raise UsageError("site-address", f"'{url}' is no web address", remedy="Write https://host/path/.")
    return whole


def _own_sites(org: Path, browser: str, allow: tuple[str, ...]) -> list[Judged]:
    from gestand.evidence.scan.rules import judge
    from gestand.evidence.scan.running import scan_sites
    from gestand.kernel.ids import ActorId
    from gestand.system import open_system

    with open_system(org) as house:
        if not house.sites.settings.own:
            raise UsageError(
                "site-none",
                "no site was named, and gestand.toml lists no own sites",
                where="[sites] own",
                remedy='Name an address, or list your sites: [sites] own = ["https://www.example.nl/"].',
            )
        house.sites.watch(actor=ActorId("owner"))
        allowed = (*house.statements.in_force().policy.cookies.allow, *allow)
        scans = scan_sites([house.sites.order(site) for site in house.sites.settings.own], browser=browser)
        found = [judge(scan, allowed) for scan in scans]
        for judged in found:
            house.sites.record(judged, actor=ActorId("owner"))
        return found


def as_document(judged: list[Judged]) -> dict[str, object]:
    """Return the scans in the form that scripts rely on (docs/formats.md)."""
    documents = [one.scan.document() for one in judged]
    kinds = ("cookies", "storage", "third_parties", "beacons", "fingerprinting", "workers", "embeds")
    return {
        "ok": all(one.ok for one in judged),
        "pages": sum(int(document["pages"]) for document in documents),
        **{kind: [found for document in documents for found in document[kind]] for kind in kinds},
        "deviations": [
            {"kind": d.kind, "what": d.what, "page": d.page, "nl": d.nl, "en": d.en}
            for one in judged
            for d in one.deviations
        ],
        "failed": [{"url": url, "why": why} for one in judged for url, why in one.scan.failed],
        "visited": [page for document in documents for page in document["visited"]],
        "browser": judged[0].scan.browser,
    }


def _show(judged: list[Judged]) -> None:
    for one in judged:
        where = ", ".join(one.scan.urls)
        if one.ok:
            say(
                f"{where}: nagegaan op {len(one.scan.pages)} pagina('s), geen afwijking gevonden. (Checked: no deviation found.)"
            )
        else:
            say(
                f"{where}: {len(one.deviations)} afwijking(en) op {len(one.scan.pages)} pagina('s). (Deviations found.)"
            )
        for deviation in one.deviations:
            say(f"  - {deviation.nl}\n    {deviation.en}  [{deviation.page}]")
        for url, why in one.scan.failed:
            say(f"  ! niet te bereiken: {url}: {why}")
