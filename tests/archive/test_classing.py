from datetime import UTC, date, datetime

import pytest

from archive_house import OWNER, house, mail, way
from gestand.archive.classing import read_rules
from gestand.kernel.entropy import system_entropy
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import PurposeId
from gestand.retention.messages import ArchiveCustodian
from gestand.retention.service import Retention

RULES = (
    "mail-administration when subject or attachment has factuur, invoice",
    "mail-administration when folder is Administratie",
    "mail-administration when to is boekhouding@example.org",
)


@pytest.mark.parametrize(
    ("raw", "more", "shelf"),
    [
        (mail("Uw factuur"), {}, "mail-administration"),
        (mail("Manufactuur"), {}, "mail"),
        (mail("Vraag"), {"folder": "Administratie"}, "mail-administration"),
        (mail("Vraag", to="boekhouding@example.org"), {}, "mail-administration"),
        (mail("Vraag"), {}, "mail"),
    ],
)
def test_the_first_rule_that_fits_gives_the_shelf(tmp_path, raw, more, shelf):
    with house(tmp_path, rules=RULES) as found:
        kept = found.archive.kept(found.archive.admit(raw, way(**more)).message)
        assert kept.shelf == shelf
        assert kept.due == (date(2034, 1, 1) if shelf == "mail-administration" else date(2028, 12, 2))


def test_a_rule_for_a_purpose_that_the_statement_lacks_refuses_the_message(tmp_path):
    with house(tmp_path, rules=("nonsense when subject has x",)) as found, pytest.raises(RefusedError) as raised:
        found.archive.admit(mail("x"), way())
    assert raised.value.code == "archive-not-in-statement"


@pytest.mark.parametrize(
    "line", ["", "mail when", "mail when colour has x", "mail when subject has ,", "mail subject has x"]
)
def test_a_line_that_is_no_rule_is_refused(line):
    with pytest.raises(UsageError) as raised:
        read_rules([line], "test")
    assert raised.value.code == "archive-rule"


def test_a_correction_stands_and_moves_the_end(tmp_path):
    with house(tmp_path) as found:
        one = found.archive.admit(mail(), way()).message
        [kept] = found.archive.purposes.correct(
            [one], PurposeId("mail-administration"), actor=OWNER, reason="agreement"
        )
        assert (kept.shelf, kept.corrected_by, kept.due) == ("mail-administration", OWNER, date(2034, 1, 1))
        found.archive.admit(mail(), way(folder="X"))
        assert found.archive.kept(one).corrected_by == OWNER


def test_retention_erases_what_is_due_and_keeps_what_is_held(tmp_path):
    old = datetime(2024, 11, 1, tzinfo=UTC)
    with house(tmp_path) as found:
        gone, held, young = (
            found.archive.admit(mail(number=n), way(received=at)).message
            for n, at in ((1, old), (2, old), (3, found.clock()))
        )
        found.archive.holds.place([held], reason="court case", until=None, actor=OWNER)
        keeper = Retention([ArchiveCustodian(found.archive)], found.engine, found.ledger, found.clock, system_entropy)
        run = keeper.run(actor=OWNER)
        assert (run.erased, len(run.staying), run.found_afterwards) == (1, 1, 0)
        assert found.archive.still_here([gone, held, young]) == 2
