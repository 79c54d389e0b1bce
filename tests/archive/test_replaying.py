from archive_house import ARCHIVE, OWNER, house, mail, way
from gestand.archive.replaying import erased_messages, forget_messages


def test_what_was_erased_after_a_copy_was_made_is_taken_out_of_the_copy(tmp_path):
    with house(tmp_path / "now") as found:
        gone, stays = (found.archive.admit(mail(number=n), way()).message for n in (1, 2))
        found.archive.erase([gone], ground="Article 17", actor=OWNER)
        told = [entry.event for entry in found.ledger.entries()]
    with house(tmp_path / "copy") as copy:
        here = [copy.archive.admit(mail(number=n), way()).message for n in (1, 2)]
        assert list(erased_messages(told)) == [gone]
        assert forget_messages(copy.engine, copy.vault.lockers, [here[0], gone]) == 1
        assert copy.archive.counts()[0] == copy.vault.lockers.count() == 1
        assert copy.archive.open(here[1], ARCHIVE, actor=OWNER, reason="t").raw == mail(number=2)
        assert stays
