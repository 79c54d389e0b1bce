"""Every message of the corpora goes in, comes out byte for byte, and is found by its words and by the people in it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from archive_house import ARCHIVE, OWNER, house, mail, way
from gestand.archive.words import folded, split
from gestand.reading.mailparse import read_mail

CORPORA = Path(os.environ.get("GESTAND_CORPORA", Path(__file__).parents[3] / "shared")) / "mail"
NASTY, BODIES = CORPORA / "nasty", CORPORA / "dutch_bodies.json"
PERSONAL = ("PHONE", "EMAIL", "IBAN", "BSN", "IP")
SHORTEST = 4


def found_by(found, query):
    kept = found.archive.search(query, ARCHIVE, actor=OWNER, reason="test", limit=10_000)
    return {one.message for one in kept}


@pytest.mark.slow
@pytest.mark.skipif(not BODIES.is_file(), reason=f"no labelled bodies at {BODIES}: set GESTAND_CORPORA")
@pytest.mark.parametrize("count", [60, pytest.param(6_000, marks=pytest.mark.long)])
def test_every_labelled_body_comes_back_and_everyone_named_in_it_is_found(tmp_path, count):
    labelled = json.loads(BODIES.read_text("utf-8"))[:count]
    raws = [mail(f"Bericht {one['id']}", one["text"] + "\n", number=one["id"]) for one in labelled]
    with house(tmp_path) as found:
        done = list(found.archive.admit_many((raw, way()) for raw in raws))
        opened = found.archive.open_many([one.message for one in done], ARCHIVE, actor=OWNER, reason="test")
        assert [one.raw for one in opened] == raws
        for one, admitted in zip(labelled, done, strict=True):
            for start, end, kind, _ in one["spans"]:
                if kind in PERSONAL:
                    written = one["text"][start:end].replace('"', "")
                    assert admitted.message in found_by(found, f'person:"{written}"'), (kind, written)
            longest = max(split(one["text"]), key=len)
            assert admitted.message in found_by(found, longest)


@pytest.mark.slow
@pytest.mark.skipif(not NASTY.is_dir(), reason=f"no corpus of nasty mail at {NASTY}: set GESTAND_CORPORA")
@pytest.mark.parametrize("every", [25, pytest.param(1, marks=pytest.mark.long)])
def test_every_message_of_the_nasty_corpus_is_found_by_its_words_and_by_its_sender(tmp_path, every):
    paths = [path for path in sorted(NASTY.rglob("*")) if path.is_file()][::every]
    raws = list(dict.fromkeys(raw for path in paths if (raw := path.read_bytes())))
    with house(tmp_path) as found:
        done = list(found.archive.admit_many((raw, way()) for raw in raws))
        opened = found.archive.open_many([one.message for one in done], ARCHIVE, actor=OWNER, reason="test")
        assert [one.raw for one in opened] == raws
        by_word = by_sender = 0
        for raw, admitted in zip(raws, done, strict=True):
            read = read_mail(raw)
            words = [
                word for word in split(f"{read.subject} {read.body}") if word.isascii() and SHORTEST <= len(word) < 60
            ]
            if admitted.parsed and words:
                assert admitted.message in found_by(found, max(folded(words), key=len))
                by_word += 1
            sender = next((one.address for one in read.sender if one.address.isascii() and '"' not in one.address), "")
            if admitted.parsed and sender:
                assert admitted.message in found_by(found, f'from:"{sender}"')
                by_sender += 1
        assert by_word > len(raws) / 2
        assert by_sender > len(raws) / 3
