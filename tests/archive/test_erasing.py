from datetime import timedelta

import pytest

from archive_house import ARCHIVE, OWNER, HereReader, house, mail, way
from gestand.archive.sealing import thing_of
from gestand.kernel.clock import local_date
from gestand.kernel.errors import DamagedError, RefusedError, UsageError
from gestand.storage.sqlite import open_sqlite

CANARY = "zomerkanarievogeltje"


def test_an_erased_message_is_nowhere(tmp_path):
    with house(tmp_path) as found:
        others = [found.archive.admit(mail(number=n), way()).message for n in range(2, 6)]
        gone = found.archive.admit(
            mail(body=f"De {CANARY} van Anna.\n"), way(envelope_from=f"{CANARY}@example.nl")
        ).message
        assert found.archive.search(CANARY, ARCHIVE, actor=OWNER, reason="test")
        done = found.archive.erase([gone], ground="Article 17", actor=OWNER)
        assert (done.messages, done.found_afterwards) == (1, 0)
        assert found.archive.search(CANARY, ARCHIVE, actor=OWNER, reason="test") == ()
        with pytest.raises(UsageError):
            found.archive.open(gone, ARCHIVE, actor=OWNER, reason="test")
        assert found.archive.coverage() == (4, 4)
        assert found.vault.lockers.count() == 4
        assert len(found.archive.search("printer", ARCHIVE, actor=OWNER, reason="test")) == len(others)
        assert found.archive.reindex() == 4
    names = ("message.erasing", "message.erased")
    with house(tmp_path) as found:
        assert [found.events(name)[0]["messages"] for name in names] == [1, 1]


@pytest.mark.on_both_engines
def test_the_words_leave_the_bytes_of_the_index(tmp_path, monkeypatch):
    """With the pages unencrypted, so that a search of the bytes can see words at all."""
    from gestand.archive import index

    monkeypatch.setattr(index, "open_sqlite", lambda path, _key, create: open_sqlite(path, b"", create=create))
    tail = CANARY[-12:].encode()  # FTS5 shares the beginnings of words
    with house(tmp_path) as found:
        for n in range(2, 40):
            found.archive.admit(mail(number=n, body=f"bericht {n} over iets anders\n"), way())
        gone = found.archive.admit(mail(body=f"De {CANARY} zingt.\n"), way()).message
        bytes_of = lambda: b"".join(path.read_bytes() for path in tmp_path.glob("archive-index.db*"))  # noqa: E731
        assert tail in bytes_of()
        found.archive.erase([gone], ground="Article 17", actor=OWNER)
        assert tail not in bytes_of()
        found.vault.rotate(actor=OWNER)
        assert found.archive.reindex() == 38
        assert tail not in bytes_of()
    assert all(tail not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_after_rotation_an_older_copy_of_the_keys_opens_nothing(tmp_path):
    import shutil

    with house(tmp_path / "now") as found:
        gone = found.archive.admit(mail(), way()).message
        stays = found.archive.admit(mail(number=2), way()).message
    shutil.copytree(tmp_path / "now", tmp_path / "then")
    with house(tmp_path / "now") as found:
        found.archive.erase([gone], ground="Article 17", actor=OWNER)
        found.vault.rotate(actor=OWNER)
        assert found.archive.open(stays, ARCHIVE, actor=OWNER, reason="test").raw == mail(number=2)
    shutil.rmtree(tmp_path / "then" / "epochs")
    shutil.copytree(tmp_path / "now" / "epochs", tmp_path / "then" / "epochs")  # what still exists of the epochs
    with pytest.raises(DamagedError), house(tmp_path / "then") as old:
        old.archive.open(gone, ARCHIVE, actor=OWNER, reason="test")


@pytest.mark.on_both_engines
def test_what_is_on_hold_stays(tmp_path):
    with house(tmp_path) as found:
        one = found.archive.admit(mail(), way()).message
        hold = found.archive.holds.place([one], reason="court case", until=None, actor=OWNER)
        with pytest.raises(RefusedError) as raised:
            found.archive.erase([one], ground="Article 17", actor=OWNER)
        assert raised.value.code == "message-held"
        found.archive.holds.lift(hold.id, reason="over", actor=OWNER)
        assert found.archive.erase([one], ground="Article 17", actor=OWNER).messages == 1


@pytest.mark.on_both_engines
def test_of_a_hold_whose_last_message_left_nothing_stays(tmp_path):
    with house(tmp_path) as found:
        one, other = (found.archive.admit(mail(number=n), way()).message for n in (1, 2))
        last_day = local_date(found.clock())
        both = found.archive.holds.place([one, other], reason="court case", until=last_day, actor=OWNER)
        found.archive.holds.place([one], reason="claim of Anna", until=last_day, actor=OWNER)
        found.clock.advance(timedelta(days=1))
        found.archive.erase([one], ground="Article 17", actor=OWNER)
        assert found.engine.execute("SELECT id, reason FROM archive_hold") == [(both.id, "court case")]
        assert [hold.messages for hold in found.archive.holds.every()] == [(other,)]


@pytest.mark.on_both_engines
@pytest.mark.parametrize("step", ["erase.begun", "erase.index", "erase.keys", "erase.rows"])
def test_an_erasure_that_was_interrupted_is_finished(tmp_path, step):
    def stop(at):
        if at == step:
            raise KeyboardInterrupt

    with house(tmp_path) as found:
        one, other = (found.archive.admit(mail(number=n), way()).message for n in (1, 2))
    with house(tmp_path, failpoint=stop) as found, pytest.raises(KeyboardInterrupt):
        found.archive.erase([one], ground="Article 17", actor=OWNER)
    with house(tmp_path) as found:
        assert found.archive.counts()[0] == 1
        assert found.archive.coverage() == (1, 1)
        assert found.vault.lockers.count() == 1
        assert found.archive.still_here([one]) == 0
        assert [kept.message for kept in found.archive.search("printer", ARCHIVE, actor=OWNER, reason="t")] == [other]
        assert len(found.events("message.erased")) == 1


@pytest.mark.on_both_engines
@pytest.mark.parametrize("step", ["admit.keys", "admit.rows", "admit.committed", "admit.index"])
def test_a_crash_while_admitting_leaves_all_or_nothing_and_no_stray_key(tmp_path, step):
    def stop(at):
        if at == step:
            raise KeyboardInterrupt

    with house(tmp_path, failpoint=stop) as found, pytest.raises(KeyboardInterrupt):
        found.archive.admit(mail(), way())
    with house(tmp_path) as found:
        there = found.archive.counts()[0]
        assert there == (0 if step in {"admit.keys", "admit.rows"} else 1)
        assert found.vault.lockers.count() == there
        assert found.archive.admit(mail(), way()).new is (there == 0)
        assert len(found.archive.search("printer", ARCHIVE, actor=OWNER, reason="t")) == 1


def test_the_same_bytes_after_erasure_are_a_new_message(tmp_path):
    with house(tmp_path) as found:
        first = found.archive.admit(mail(), way()).message
        found.archive.erase([first], ground="Article 17", actor=OWNER)
        again = found.archive.admit(mail(), way())
        assert again.new
        assert again.message != first


@pytest.mark.on_both_engines
@pytest.mark.parametrize("step", ["erase.begun", "erase.index", "erase.keys", "erase.rows"])
@pytest.mark.parametrize("kind", ["file", "smtp"])
def test_the_same_mail_that_comes_in_during_an_erasure_is_another_message(tmp_path, step, kind):
    came = []

    def failpoint(at):
        if at == step and not came:
            came.append(
                found.archive.admit(mail(extra="Received: by mx\r\n" if kind == "smtp" else ""), way(kind=kind))
            )

    with house(tmp_path, failpoint=failpoint) as found:
        gone = found.archive.admit(mail(), way()).message
        assert found.archive.erase([gone], ground="Article 17", actor=OWNER).found_afterwards == 0
        [again] = came
        assert again.new
        assert again.message != gone
        assert found.archive.open(again.message, ARCHIVE, actor=OWNER, reason="test").raw.endswith(mail()[-40:])
        assert [one.message for one in found.archive.search("printer", ARCHIVE, actor=OWNER, reason="test")] == [
            again.message
        ]
        assert not found.archive.admit(mail(), way(kind="imap")).new  # and known by its bytes, whatever way they come


def test_mail_that_is_known_until_an_erasure_begins_is_read_like_any_other(tmp_path):
    erasing = []

    class Reader(HereReader):
        def begin(self, messages):
            while erasing:
                found.archive.erase([erasing.pop()], ground="Article 17", actor=OWNER)
            return super().begin(messages)

    with house(tmp_path, reader=Reader()) as found:
        gone = found.archive.admit(mail(), way()).message
        erasing.append(gone)
        again = found.archive.admit(mail(), way())
        assert (again.new, again.parsed) == (True, True)
        assert len(found.archive.search("printer", ARCHIVE, actor=OWNER, reason="test")) == 1


def test_the_bytes_of_a_message_that_nobody_can_open_are_kept_when_they_come_again(tmp_path):
    with house(tmp_path) as found:
        lost = found.archive.admit(mail(), way()).message
        found.vault.lockers.destroy([thing_of(lost)])
        again = found.archive.admit(mail(), way())
        assert again.new
        assert found.archive.open(again.message, ARCHIVE, actor=OWNER, reason="test").raw == mail()
        assert not found.archive.admit(mail(), way()).new
        assert found.archive.numbers_without_key() == [found.archive.kept(lost).number]
