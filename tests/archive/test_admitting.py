import pytest

from archive_house import house, mail, way
from gestand.kernel.errors import UsageError

pytestmark = pytest.mark.on_both_engines
ZSTANDARD = b"\x28\xb5\x2f\xfd"
"""How packed bytes begin (RFC 8878)."""


def test_a_message_is_sealed_and_counted(tmp_path):
    with house(tmp_path) as found:
        done = found.archive.admit(mail(), way())
        assert done.new
        kept = found.archive.kept(done.message)
        assert (kept.purpose, kept.shelf, kept.size) == ("mail-archive", "mail", len(mail()))
        assert found.events("message.admitted")[0]["messages"] == 1


def test_the_same_bytes_twice_are_one_message_with_two_ways(tmp_path):
    with house(tmp_path) as found:
        first = found.archive.admit(mail(), way())
        again = found.archive.admit(mail(), way(kind="imap", place="info@example.org", at_origin="7:12"))
        assert (again.message, again.new) == (first.message, False)


def test_the_same_bytes_twice_in_one_batch(tmp_path):
    with house(tmp_path) as found:
        done = list(found.archive.admit_many([(mail(), way()), (mail(number=2), way()), (mail(), way(folder="X"))]))
        assert [one.new for one in done] == [True, True, False]
        assert done[0].message == done[2].message


def test_an_empty_message_is_refused(tmp_path):
    with house(tmp_path) as found, pytest.raises(UsageError) as raised:
        found.archive.admit(b"", way())
    assert raised.value.code == "message-empty"


def test_no_word_of_a_message_stands_in_a_file(tmp_path):
    with house(tmp_path) as found:
        found.archive.admit(mail(body="kanariegeel\n" * 40), way(envelope_from="anna@example.nl"))
        rows = found.engine.execute("SELECT sealed FROM archive_part UNION ALL SELECT sealed FROM archive_way")
    assert len(rows) == 2
    for (sealed,) in rows:  # also within the encrypted pages: neither the words nor the same words, packed
        assert b"kanariegeel" not in sealed
        assert b"anna@example.nl" not in sealed
        assert ZSTANDARD not in sealed
    for path in tmp_path.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert b"kanariegeel" not in content, path
            assert b"anna@example.nl" not in content, path
