"""The judgement of a scan against the policy's allow-list, pure. Telecommunicatiewet 11.7a; ePrivacy Directive, Article 5(3).

A name on the allow-list allows a cookie (``sessie``), a stored key, or with ``host:`` before it a third party
(``host:maps.example.org``). A first-party dedicated worker keeps nothing by itself and is listed, not judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from gestand.evidence.scan.model import Deviation, Judged, Scan, Signal

BEACONS = {
    "sendBeacon": ("een bericht op de achtergrond (sendBeacon)", "a background message (sendBeacon)"),
    "ping": ("een seintje bij een klik (ping)", "a signal on a click (ping)"),
    "pixel": ("een onzichtbaar plaatje (telpixel)", "an invisible picture (tracking pixel)"),
    "keepalive": ("een bericht dat na sluiten doorgaat", "a message that outlives the page"),
}
PRINTS = {
    "canvas": ("een tekening die het apparaat verraadt (canvas)", "a drawing that gives the device away (canvas)"),
    "webgl": ("de videokaart (WebGL)", "the graphics card (WebGL)"),
    "audio": ("de geluidskaart", "the audio hardware"),
    "fonts": ("welke lettertypen er zijn", "which fonts are installed"),
    "webrtc": ("het netwerkadres (WebRTC)", "the network address (WebRTC)"),
}
KINDS = ("cookies", "storage", "third_parties", "beacons", "fingerprinting", "workers", "embeds")


def same_site(host: str, own: Iterable[str]) -> bool:
    """Tell whether ``host`` is one of ``own`` or lies under one of them, ``www.`` aside. Ports do not count."""
    found = host.lower().rstrip(".").removeprefix("www.")
    return any(
        found == base or found.endswith(f".{base}")
        for base in (o.lower().rstrip(".").removeprefix("www.") for o in own)
    )


def judge(scan: Scan, allow: Iterable[str] = ()) -> Judged:
    """Return what deviates from the allow-list, each in plain words."""
    names = tuple(allow)
    found = list(_all(scan))
    deviations = tuple(deviation for name, deviation in found if name not in names)
    allowed = tuple(sorted({name for name, _ in found if name in names}))
    return Judged(scan, names, deviations, allowed, {kind: len(getattr(scan, kind)) for kind in KINDS})


def _all(scan: Scan) -> Iterator[tuple[str, Deviation]]:
    """Yield every finding with the name under which it could be allowed."""
    for cookie in scan.cookies:
        whose = (
            ("van een ander", "of another party") if cookie.third_party else ("van de site zelf", "of the site itself")
        )
        gone = ("", "") if cookie.kept else (", die aan het eind weer weg was", ", gone again at the end")
        yield cookie.name, Deviation(
            "cookie", f"{cookie.name} ({cookie.host})",
            f"Er komt een cookie '{cookie.name}' {whose[0]} ({cookie.host}){gone[0]}.",
            f"A cookie '{cookie.name}' {whose[1]} ({cookie.host}) is set{gone[1]}.", cookie.page,
        )  # fmt: skip
    for store in scan.storage:
        gone = ("", "") if store.kept else (", daarna gewist", ", deleted afterwards")
        yield store.key, Deviation(
            "storage", f"{store.kind}: {store.key}",
            f"De pagina bewaart '{store.key}' op het apparaat ({store.kind}){gone[0]}.",
            f"The page stores '{store.key}' on the device ({store.kind}){gone[1]}.", store.page,
        )  # fmt: skip
    for third in scan.third_parties:
        kinds = ", ".join(third.kinds)
        yield f"host:{third.host}", Deviation(
            "third-party", third.host,
            f"De pagina haalt iets bij een andere partij: {third.host} ({kinds}; {third.requests} keer).",
            f"The page asks another party: {third.host} ({kinds}; {third.requests} times).", third.page,
        )  # fmt: skip
    for kind, signals in (("beacon", scan.beacons), ("fingerprinting", scan.fingerprinting)):
        words = BEACONS if kind == "beacon" else PRINTS
        for signal in signals:
            nl, en = words.get(signal.kind, (signal.kind, signal.kind))
            verb = ("verstuurt", "sends") if kind == "beacon" else ("vraagt op", "reads")
            yield _name(signal), Deviation(
                kind, f"{signal.kind} {signal.target}".strip(), f"De pagina {verb[0]}: {nl}.", f"The page {verb[1]}: {en}.",
                signal.page,
            )  # fmt: skip
    for worker in scan.workers:
        if worker.kind != "dedicated":
            yield _name(worker), Deviation(
                "worker", f"{worker.kind} {worker.target}",
                f"De pagina zet een blijvend programma op het apparaat ({worker.kind} worker).",
                f"The page installs a lasting program on the device ({worker.kind} worker).", worker.page,
            )  # fmt: skip
    for embed in scan.embeds:
        yield _name(embed), Deviation(
            "embed", f"{embed.kind} {embed.target}",
            f"De pagina verwijst niet alleen, maar laadt of waarschuwt een ander: {embed.kind} naar {embed.target}.",
            f"The page does not only link: {embed.kind} to {embed.target}.", embed.page,
        )  # fmt: skip


def _name(signal: Signal) -> str:
    return f"host:{urlsplit(signal.target).hostname or signal.target}"
