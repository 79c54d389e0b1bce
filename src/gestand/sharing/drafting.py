"""A first register of agreements for a new organisation: one entry for each recipient its policy names, nothing claimed. Pure.

What was not agreed yet stands there as a comment, so that an organisation which fills in nothing has agreed nothing.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from gestand.sharing.agreements import CONTENTS
from gestand.statement.rules_law import EEA

HEAD = """\
# With whom you agreed what about personal data. This is yours: it is not published.
# Met wie u wat hebt afgesproken over persoonsgegevens. Dit is van u: het wordt niet gepubliceerd.
#
# Under each name of a recipient in policy.toml: who that is, when the agreement was signed, what it says, and when it ends.
# Until a line "signed" is there, and "contents" has every word, nothing goes to a processor. Take away the # of a line
# that is true. Look with: gestand disclose recipients
format = 1
"""
_ROLES = {
    "processor": "a processor: it works with the data on your behalf, so Article 28 GDPR asks for an agreement",
    "joint": "joint controller: together you decide what happens, so Article 26(1) GDPR asks for an arrangement",
    "controller": "a controller of its own: no agreement is asked for; write down who it is",
    "authority": "an authority: it asks by law (gestand disclose order), nothing is agreed",
}
_NEEDS = frozenset({"processor", "joint"})


def draft_register(policy: bytes) -> bytes:
    """Return ``agreements.toml`` for the recipients of a ``policy.toml`` that can be read."""
    recipients: Mapping[str, Mapping[str, Any]] = tomllib.loads(policy.decode("utf-8")).get("recipients", {})
    parts = [HEAD, *("\n".join(_entry(name, one)) + "\n" for name, one in recipients.items())]
    return "\n".join(parts).encode()


def _entry(name: str, recipient: Mapping[str, Any]) -> Iterator[str]:
    role, country = str(recipient["role"]), str(recipient["country"])
    open_ = "" if role in _NEEDS else "# "
    yield f"# {recipient['title']['nl']} / {recipient['title']['en']}"
    yield f"# {_ROLES[role]}."
    yield f"{open_}[agreements.{name}]"
    yield f"{open_}name = {json.dumps(recipient['title']['nl'], ensure_ascii=False)}  # its own name: a person who asks is told this"
    yield f'{open_}country = "{country}"  # where it is; the statement says the same'
    ground = recipient.get("transfer") or "standard clauses, Article 46(2)(c)"
    outside = "it is outside the EEA" if country not in EEA else "only if it is outside the EEA"
    yield f"# transfer = {json.dumps(ground, ensure_ascii=False)}  # {outside}: the ground of the transfer (Articles 45 to 49)"
    yield '# contact = "privacy@example.org"  # where it can be reached about this'
    if role not in _NEEDS:
        return
    yield "# signed = 2026-01-31  # the day on which both had signed; without it there is no agreement"
    yield "# expires = 2029-01-31  # when it ends, if it does; you are warned 60 days before"
    yield '# document = "map Overeenkomsten, nr. 4"  # where the signed paper is'
    if role == "processor":
        yield "# contents = [  # what it says; each is asked for by Article 28(3)"
        width = max(map(len, CONTENTS)) + 3
        for word, (article, says) in CONTENTS.items():
            yield f"#   {f'{json.dumps(word)},':{width}}  # {article}: {says}"
        yield "# ]"
        yield '# sub_processors = ["Datacentrum Noord"]  # whom it may call in (Article 28(2))'
    yield '# sealed_to = "age1..."  # its key: packages are sealed to it'
