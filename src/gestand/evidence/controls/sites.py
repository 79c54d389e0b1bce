"""Controls of the firm's own sites: nothing is stored there, and what is read there is the version in force.

The evidence is a visit by a real browser, not older than seven days, of a site that has not changed since; and a daily look
at the live address.
"""

from __future__ import annotations

from datetime import timedelta

from gestand.evidence.model import Control, Figure, Finding, Verdict, World
from gestand.kernel.clock import local_date
from gestand.statement.policy import Text

FRESH = timedelta(days=7)
DAILY = timedelta(hours=48)


def own_sites_store_nothing(world: World) -> Verdict:
    """Every own site was visited by a browser within seven days, left nothing, asked nobody, and has not changed since."""
    sites = world.sites.settings.own
    if not sites:
        return _unproven(
            "Er staat geen eigen site in gestand.toml. Zet ze bij [sites] own, en doe 'gestand scan'.",
            "gestand.toml names no own site. List them under [sites] own, and run 'gestand scan'.",
        )
    now = world.clock()
    broken: list[str] = []
    open_: list[str] = []
    figures: dict[str, Figure] = {"sites": len(sites), "pages": 0, "deviations": 0}
    evidence: list[str] = []
    for site in sites:
        scan, watch = world.sites.last_scan(site), world.sites.last_watch(site)
        if scan is None:
            open_.append(f"{site}: never scanned")
            continue
        figures["pages"] = int(str(figures["pages"])) + scan.pages
        figures["deviations"] = int(str(figures["deviations"])) + scan.deviations
        figures["last_scan"] = scan.at.isoformat(timespec="seconds")
        evidence.append(f"{site}: report {scan.digest[:16]}")
        if scan.deviations:
            broken += [f"{site}: {first}" for first in scan.first[:2]]
        elif scan.failed or not scan.pages:
            open_.append(f"{site}: not every page could be reached")
        elif now - scan.at > FRESH:
            open_.append(f"{site}: last scanned on {local_date(scan.at)}, more than seven days ago")
        elif watch is not None and watch.at > scan.at and watch.shape and watch.shape != scan.shape:
            open_.append(f"{site}: what it loads has changed since the scan")
    if broken:
        return Verdict(
            Finding.BROKEN,
            Text(
                nl="Een eigen site bewaart iets of haalt iets bij anderen.",
                en="An own site stores something or asks others.",
            ),
            figures,
            tuple(broken),
        )
    if open_:
        return Verdict(
            Finding.UNPROVEN,
            Text(nl="Niet elke eigen site is vers bekeken: doe 'gestand scan'.", en="Not every own site was looked at lately: run 'gestand scan'."),
            figures,
            tuple(open_),
        )  # fmt: skip
    return Verdict(
        Finding.KEPT,
        Text(nl="Een echte browser bewaarde niets na een bezoek aan de eigen sites.", en="A real browser kept nothing after a visit to the own sites."),
        figures,
        tuple(evidence),
    )  # fmt: skip


def live_site_equals_version(world: World) -> Verdict:
    """The text at the live address is the version in force, looked at within two days."""
    site = world.sites.settings.statement
    if not site:
        return _unproven(
            "gestand.toml zegt niet waar de verklaring op de website staat: [sites] statement.",
            "gestand.toml does not say where the site carries the statement: [sites] statement.",
        )
    watch = world.sites.last_watch(site)
    figures: dict[str, Figure] = {"version": world.statement.version, "looked": watch.at.isoformat() if watch else None}
    if watch is None or world.clock() - watch.at > DAILY or watch.version != world.statement.version:
        return _unproven(
            "Het adres is niet kort geleden bekeken: doe 'gestand scan' of laat 'gestand tick' dagelijks lopen.",
            "The address was not looked at lately: run 'gestand scan', or let 'gestand tick' run daily.",
            figures,
        )
    if watch.fault or not watch.same:
        why = watch.fault or "it lacks " + (", ".join(watch.lacking) or "part of the text")
        return Verdict(
            Finding.BROKEN,
            Text(
                nl="Op de website staat niet de geldende verklaring.",
                en="The site does not carry the statement in force.",
            ),
            figures,
            (f"{site}: {why}",),
        )
    return Verdict(
        Finding.KEPT,
        Text(nl="Op de website staat de geldende verklaring, woord voor woord.", en="The site carries the statement in force, word for word."),
        figures,
        (site,),
    )  # fmt: skip


def _unproven(nl: str, en: str, figures: dict[str, Figure] | None = None) -> Verdict:
    return Verdict(Finding.UNPROVEN, Text(nl=nl, en=en), figures or {})


CONTROLS = (
    Control(
        "own-sites-store-nothing",
        Text(nl="De eigen sites bewaren niets bij de bezoeker", en="The own sites store nothing on a visitor's device"),
        Text(nl="het laatste bezoek door een echte browser", en="the last visit by a real browser"),
        "measured",
        own_sites_store_nothing,
        __name__,
    ),
    Control(
        "live-site-equals-version",
        Text(nl="De website toont de geldende verklaring", en="The site carries the statement in force"),
        Text(nl="de pagina op het openbare adres", en="the page at the live address"),
        "measured",
        live_site_equals_version,
        __name__,
        ("statement-current",),
    ),
)
