"""Every route of the public pages and the portal: its addresses, its methods, for whom it is, and what it is for.

A route that is not declared here does not pass the tests; there is no other way in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Audience = Literal["everyone", "who holds a code"]


@dataclass(frozen=True, slots=True)
class Declared:
    """A route: ``nl`` and ``en`` are its addresses; a form is one that is sent by POST to the same address."""

    name: str
    nl: str
    en: str
    audience: Audience
    methods: tuple[str, ...]
    what: str

    def at(self, language: str) -> str:
        """Return its address in a language."""
        return self.nl if language == "nl" else self.en


READ = ("GET", "HEAD")
FORM = ("GET", "HEAD", "POST")
TABLE: tuple[Declared, ...] = (
    Declared("home", "/", "/", "everyone", READ, "sends on to the statement in Dutch"),
    Declared("statement", "/nl/", "/en/", "everyone", READ, "the statement in force"),
    Declared("versions", "/nl/versies/", "/en/versions/", "everyone", READ, "every version"),
    Declared("version", "/nl/versies/{version}/", "/en/versions/{version}/", "everyone", READ, "one version"),
    Declared("difference", "/nl/versies/{version}/wijzigingen/", "/en/versions/{version}/changes/", "everyone", READ,
             "what a version changed in meaning"),
    Declared("notices", "/nl/datalekken/", "/en/breaches/", "everyone", READ, "public notices of a data breach"),
    Declared("contact", "/nl/contact/", "/en/contact/", "everyone", READ, "contact points and the authority"),
    Declared("proof", "/nl/bewijs/", "/en/proof/", "everyone", READ, "every promise with its verdict"),
    Declared("request", "/nl/verzoek/", "/en/request/", "everyone", FORM, "a request under Articles 15 to 22"),
    Declared("report", "/nl/datalek-melden/", "/en/report-a-breach/", "everyone", FORM, "somebody saw a data breach"),
    Declared("receipt", "/nl/ontvangstbewijs/", "/en/receipt/", "everyone", FORM, "verify a receipt of the ledger"),
    Declared("certificate", "/nl/apparaat-bewijs/", "/en/device-certificate/", "everyone", FORM,
             "check the code on a certificate of return or wiping"),
    Declared("portal", "/nl/portaal/", "/en/portal/", "who holds a code", FORM, "follow a request"),
    Declared("unsubscribe", "/afmelden/{token}", "/unsubscribe/{token}", "who holds a code", FORM, "stop newsletters and offers"),
    Declared("feed", "/nl/wijzigingen.atom", "/en/changes.atom", "everyone", READ, "versions as an Atom feed"),
    Declared("security", "/.well-known/security.txt", "/.well-known/security.txt", "everyone", READ, "RFC 9116"),
    Declared("gpc", "/.well-known/gpc.json", "/.well-known/gpc.json", "everyone", READ, "Global Privacy Control"),
    Declared("style", "/static/style.css", "/static/style.css", "everyone", READ, "the style sheet"),
    Declared("font", "/static/source-sans-3-400.woff2", "/static/source-sans-3-600.woff2", "everyone", READ, "the font, plain and bold"),
    Declared("script", "/static/portal.js", "/static/portal.js", "everyone", READ, "puts the code of a link in its field"),
    Declared("robots", "/robots.txt", "/robots.txt", "everyone", READ, "for search engines"),
    Declared("icon", "/favicon.ico", "/favicon.ico", "everyone", READ, "there is none"),
)  # fmt: skip
BY_NAME = {route.name: route for route in TABLE}


def path_of(name: str, language: str) -> str:
    """Return the address of a route."""
    return BY_NAME[name].at(language)
