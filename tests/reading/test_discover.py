import base64
import hashlib
import ipaddress
import json
import os
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gestand.reading.discover import discover
from gestand.statement.policy import FieldKind

CORPORA = Path(os.environ.get("GESTAND_CORPORA", Path(__file__).parents[3] / "shared"))
BODIES = CORPORA / "mail" / "dutch_bodies.json"
KINDS = {"PHONE": "phone", "EMAIL": "email", "IBAN": "iban", "BSN": "bsn", "POSTCODE": "postcode", "IP": "ip"}


def found(text):
    return [(one.kind.value, one.normal) for one in discover(text)]


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("bel 06-12345678 of 020 – 5551234", [("phone", "+31612345678"), ("phone", "+31205551234")]),
        ("+31 (0)6 1234 5678", [("phone", "+31612345678")]),
        ("+32 2 555 12 12", [("phone", "+3225551212")]),
        ("mail Anna+x@Example.NL.", [("email", "anna+x@example.nl")]),
        ("nl91 abna 0417 1643 00", [("iban", "NL91ABNA0417164300")]),
        ("NL91ABNA0417164301", []),
        ("bsn 111222333", [("bsn", "111222333")]),
        ("ordernummer 111222333", []),
        ("1234 AB Utrecht en 2000 km per jaar", [("postcode", "1234AB")]),
        ("in 1234 SS Utrecht", []),
        ("vanaf 192.0.2.7, versie 2.3.1.4", [("ip", "192.0.2.7")]),
        ("2001:db8::1", [("ip", "2001:db8::1")]),
        ("20240118-0043 van 18-01-2024", []),
        ("0612345678901", []),
    ],
)
def test_what_is_found(text, hits):
    assert found(text) == hits


@given(st.text(max_size=300))
@settings(max_examples=100)
def test_any_text_is_read_and_places_are_in_it_in_order(text):
    last = 0
    for one in discover(text):
        assert last <= one.start < one.end <= len(text)
        last = one.end


def canonical(kind, value):
    if kind == "PHONE":
        return "+31" + value[1:]
    return str(ipaddress.ip_address(value)) if kind == "IP" else value


@pytest.mark.skipif(not BODIES.is_file(), reason=f"no labelled bodies at {BODIES}: set GESTAND_CORPORA")
def test_precision_and_recall_of_each_kind_are_098_on_the_labelled_bodies():
    right, wrong, missed = Counter(), Counter(), Counter()
    for body in json.loads(BODIES.read_text("utf-8")):
        wanted = Counter((KINDS[k], canonical(k, v)) for _, _, k, v in body["spans"] if k in KINDS)
        got = Counter(found(body["text"]))
        for target, counted in ((right, wanted & got), (wrong, got - wanted), (missed, wanted - got)):
            for (kind, _), number in counted.items():
                target[kind] += number
    for kind in KINDS.values():
        assert right[kind] / (right[kind] + wrong[kind]) >= 0.98, kind
        assert right[kind] / (right[kind] + missed[kind]) >= 0.98, kind


def test_a_long_run_of_letters_and_digits_is_read_in_time_and_says_nothing_on_the_error_stream(capfd):
    run = base64.encodebytes(hashlib.shake_128(b"a key").digest(300_000)).decode()
    before = time.process_time()
    found = discover(f"{run} anna@example.nl {run}")
    assert time.process_time() - before < 3
    assert [one.normal for one in found if one.kind is FieldKind.EMAIL] == ["anna@example.nl"]
    assert "memory" not in capfd.readouterr().err
