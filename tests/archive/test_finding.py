import pytest

from archive_house import ARCHIVE, OWNER, house, mail, way
from gestand.archive import index
from gestand.archive.query import read_query
from gestand.kernel.errors import GestandError, RefusedError, UsageError
from gestand.kernel.ids import PurposeId


def put(found, *mails):
    return [one.message for one in found.archive.admit_many((raw, way()) for raw in mails)]


def ask(found, query, **more):
    return [kept.message for kept in found.archive.search(query, ARCHIVE, actor=OWNER, reason="test", **more)]


@pytest.fixture
def three(tmp_path):
    with house(tmp_path) as found:
        names = put(
            found,
            mail("Factuur 2026-031", "Bijgaand de factuur voor de nieuwe printer.\n", number=1),
            mail(
                "Vraag",
                "Mijn printer is nieuwe stijl kapot; bel 06-12345678.\n",
                number=2,
                sender="Bram Jansen <bram@example.org>",
            ),
            mail("Re: Vraag", "Café tosti besteld.\n", number=3, extra="References: <2@example.nl>\r\n"),
        )
        yield found, names


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("printer", {0, 1}),
        ("printer factuur", {0}),
        ('"nieuwe printer"', {0}),
        ("nieuwe printer", {0, 1}),
        ("print*", {0, 1}),
        ("printer -factuur", {1}),
        ("subject:vraag", {1, 2}),
        ("subject:printer", set()),
        ("from:bram@example.org", {1}),
        ("from:bram", {1}),
        ("to:info@example.org", {0, 1, 2}),
        ("cafe", {2}),
        ("person:06 12345678", set()),
        ('person:"06 12345678"', {1}),
        ("person:bram@example.org", {1}),
        ("person:bram@example.org kapot", {1}),
        ("date:2026-12", {0, 1, 2}),
        ("date:2025", set()),
        ("date:2026-11..2026-12 tosti", {2}),
        ("anna -from:bram@example.org", {0, 2}),
    ],
)
def test_what_a_query_finds(three, query, hits):
    found, names = three
    if query == "person:06 12345678":
        with pytest.raises(UsageError):
            ask(found, query)
        return
    assert set(ask(found, query)) == {names[at] for at in hits}


def test_stems_find_other_forms_of_a_word(three):
    found, names = three
    assert ask(found, "facturen printers") == []
    assert ask(found, "printers", stems=True) == [names[1], names[0]]


def test_an_operator_of_the_index_is_a_word(three):
    found, _ = three
    assert ask(found, 'AND OR NEAR NOT "') == []
    assert ask(found, "x) OR (printer") == []


def test_a_search_and_an_opening_are_in_the_ledger_first(three):
    found, names = three
    ask(found, "printer")
    opened = found.archive.open(names[0], ARCHIVE, actor=OWNER, reason="Anna asked")
    assert opened.raw == mail("Factuur 2026-031", "Bijgaand de factuur voor de nieuwe printer.\n", number=1)
    assert found.events("message.searched")[0]["purpose"] == "mail-archive"
    assert found.events("message.opened")[0]["messages"] == 1
    assert names[0] not in str(found.events("message.opened"))


def test_a_purpose_that_does_not_need_messages_opens_none(three):
    found, names = three
    for purpose, code in (("newsletter", "message-refused"), ("nonsense", "archive-purpose")):
        with pytest.raises(RefusedError) as raised:
            found.archive.open(names[0], PurposeId(purpose), actor=OWNER, reason="test")
        assert raised.value.code == code
    assert found.events("message.opened") == []


def test_a_conversation_is_found_from_any_of_its_messages(three):
    found, names = three
    for at in (1, 2):
        opened = found.archive.open(names[at], ARCHIVE, actor=OWNER, reason="test")
        assert [kept.message for kept in found.archive.thread(opened)] == [names[1], names[2]]


def test_an_unreadable_message_is_found_by_its_envelope(tmp_path):
    from archive_house import NoReader

    with house(tmp_path, reader=NoReader()) as found:
        done = found.archive.admit(
            b"\x00\xff rubbish", way(envelope_from="anna@example.nl", envelope_to=("info@example.org",))
        )
        assert not done.parsed
        assert ask(found, "from:anna@example.nl") == [done.message]
        assert ask(found, "to:info") == [done.message]


def test_every_known_address_of_a_person_is_looked_for(three, tmp_path):
    from gestand.kernel.ids import FieldPath, ShelfId
    from gestand.vault.model import NewItem, NewSubject

    found, names = three
    items = tuple(
        NewItem(FieldPath(field), value, ShelfId("customer"), "test")
        for field, value in (("contact.email", "bram@example.org"), ("contact.phone", "+31612345678"))
    )
    (subject,) = found.vault.add([NewSubject(items)], actor=OWNER, reason="test")
    put(found, mail("Doorgestuurd", "Van: Bram, 0031 6 1234 5678\n", number=9, sender="cor@example.com"))
    hits = found.archive.of_person(subject, PurposeId("rights"), actor=OWNER, reason="request")
    assert len(hits) == 2
    assert names[1] in {kept.message for kept in hits}


def test_after_a_crash_before_the_index_the_next_opening_catches_up(tmp_path):
    def stop(step):
        if step == "admit.committed":
            raise KeyboardInterrupt

    with house(tmp_path, failpoint=stop) as found, pytest.raises(KeyboardInterrupt):
        found.archive.admit(mail(), way())
    with house(tmp_path) as found:
        assert len(ask(found, "printer")) == 1
        assert found.archive.coverage() == (1, 1)


def test_an_index_that_was_lost_is_built_anew(three):
    found, names = three
    assert found.archive.reindex() == 3
    assert set(ask(found, "printer")) == set(names[:2])


def test_an_index_that_another_version_made_finds_nothing_until_it_is_built_anew(tmp_path, monkeypatch):
    with house(tmp_path) as found:
        put(found, mail(number=1), mail(number=2))
    monkeypatch.setattr(index, "VERSION", index.VERSION + 1)
    with house(tmp_path) as found:
        assert found.archive.coverage() == (2, 0)
        put(found, mail(number=3))  # what comes in now does not make good what was read before
    with house(tmp_path) as found:
        assert found.archive.coverage() == (3, 0)
        with pytest.raises(GestandError) as raised:
            ask(found, "printer")
        assert raised.value.code == "archive-index-behind"
        assert "another version" in raised.value.message
        assert "gestand archive reindex" in raised.value.remedy
        assert found.archive.reindex() == 3
        assert len(ask(found, "printer")) == 3
    with house(tmp_path) as found:
        assert found.archive.coverage() == (3, 3)


def test_an_empty_index_is_of_the_version_that_opens_it(tmp_path, monkeypatch):
    with house(tmp_path) as found:
        assert found.archive.coverage() == (0, 0)
    monkeypatch.setattr(index, "VERSION", index.VERSION + 1)
    with house(tmp_path) as found:
        put(found, mail())
        assert len(ask(found, "printer")) == 1


@pytest.mark.parametrize("query", ["", "-a", "date:nonsense", "date:2026-13", "x" * 3000])
def test_what_cannot_be_asked_is_said(query):
    with pytest.raises(UsageError) as raised:
        read_query(query)
    assert raised.value.code == "archive-query"
