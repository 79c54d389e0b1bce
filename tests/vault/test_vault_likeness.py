"""People are found by a name that is like theirs: through keyed tokens alone, with a confidence and why; nobody is chosen."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from vault_world import EMAIL, JOB, NAME, OWNER, PHONE, ROOT, Versions, World, a_policy, a_statement

from gestand.kernel.crypto import derive, permute, unpermute
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import FieldPath, SubjectId
from gestand.statement.policy import FieldKind
from gestand.vault.model import Candidate, NewItem, NewSubject
from gestand.vault.place import item_place
from gestand.vault.sealing import LIKE_SIZE, TOKEN_SIZE, looked_up

CAST = {
    "anna": "Anna de Vries",
    "arie": "Arie de Vries",
    "jp": "Jan Pieter van der Berg",
    "karin": "Karin Meijer-Jansen",
    "muller": "Zoë Müller",
    "bare": "Kuipers",
    "bram": "B. Janssen",
}


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path, plain=True)
    yield made
    made.close()


def cast(world: World, names: dict[str, str] = CAST) -> dict[SubjectId, str]:
    people = [NewSubject((NewItem(NAME, name, JOB, "customer"),)) for name in names.values()]
    return dict(zip(world.vault.add(people, actor=OWNER, reason="order"), names, strict=True))


def like(world: World, who: dict[SubjectId, str], text: str) -> dict[str, Candidate]:
    return {who[found.subject]: found for found in world.vault.find_like(text)}


@pytest.mark.on_both_engines
@pytest.mark.parametrize(
    ("asked", "found", "sure", "why"),
    [
        ("anna DE VRIES", "anna", 1.0, "the same writing"),
        ("Vries, Anna de", "anna", 0.98, "given name and initials"),
        ("A.de Vries", "anna", 0.88, "initials"),
        ("Anna Friess", "anna", 0.88, "family name sounds alike"),
        ("Anna de Vreis", "anna", 0.68, "family name is spelled almost alike"),
        ("Arie Devries", "arie", 0.68, "family name is spelled almost alike"),
        ("J.P. v.d. Berg", "jp", 0.88, "initials"),
        ("JP van den Berg", "jp", 0.88, "initials"),
        ("jan pieter vd bergh", "jp", 0.88, "given name and initials"),
        ("Jan van der Berg", "jp", 0.93, "given name"),
        ("J. Berg", "jp", 0.78, "first initial"),
        ("Karin Meyer", "karin", 0.88, "family name sounds alike"),
        ("K. Jansen e/v Meier", "karin", 0.88, "initials"),
        ("Karin Janssen", "karin", 0.88, "given name and initials"),
        ("Zoe Muller", "muller", 0.98, "given name and initials"),
        ("T. Kuiper", "bare", 0.35, "no given name to compare"),
        ("Kuypers", "bare", 0.5, "family name sounds alike"),
        ("Bram Jansen", "bram", 0.78, "initials"),
        ("Bram Jasen", "bram", 0.58, "family name is spelled almost alike"),
    ],
)
def test_a_name_is_found_however_it_is_written(world: World, asked: str, found: str, sure: float, why: str) -> None:
    candidates = like(world, cast(world), asked)
    assert candidates[found].confidence == pytest.approx(sure)
    assert max(candidate.confidence for candidate in candidates.values()) == pytest.approx(sure)
    assert why in candidates[found].why


def test_who_is_surely_another_comes_after_or_not_at_all(world: World) -> None:
    who = cast(world)
    both = like(world, who, "Anna de Vries")
    assert list(both) == ["anna", "arie"]
    assert both["arie"].confidence < 0.5
    assert both["arie"].why == ("family name", "another given name with the same initial")
    assert set(like(world, who, "Piet de Vries")) == set()
    assert set(like(world, who, "De Vries")) == {"anna", "arie"}
    assert "bakker" not in like(world, who, "Bakker")


def test_a_text_without_a_name_is_refused_and_not_repeated(world: World) -> None:
    with pytest.raises(UsageError) as refused:
        world.vault.find_like("0612345678")
    assert "0612345678" not in f"{refused.value} {refused.value.where}"


def test_aliases_are_found_exactly_whatever_their_notation(tmp_path: Path) -> None:
    kinds = {"name": "name", "phone": "phone", "email": "email", "number": "customer_number", "ip": "ip"}
    text = {"nl": "veld", "en": "field"}
    fields = {name: {"title": text, "kind": kind, "identifies": True} for name, kind in kinds.items()}
    needs = {f"contact.{name}": text for name in kinds}
    base = a_policy().model_dump()
    base["categories"]["contact"]["fields"] = fields
    base["purposes"]["support"]["needs"] |= needs
    world = World(tmp_path, versions=Versions(a_statement(type(a_policy()).model_validate(base))))
    values = {
        NAME: "Anna de Vries",
        PHONE: "06 12345678",
        EMAIL: "Anna@Example.nl",
        FieldPath("contact.number"): "KL-2026.0017",
        FieldPath("contact.ip"): "2001:DB8:0:0::1",
    }
    items = tuple(NewItem(path, value, JOB, "customer") for path, value in values.items())
    (anna,) = world.vault.add([NewSubject(items)], actor=OWNER, reason="order")
    asked = {
        (FieldKind.NAME, "anna  de vries"),
        (FieldKind.PHONE, "+31 (0)6-12345678"),
        (FieldKind.EMAIL, "ANNA@example.nl"),
        (FieldKind.CUSTOMER_NUMBER, "kl20260017"),
        (FieldKind.IP, "2001:db8::1"),
    }
    assert world.vault.find_many(asked) == dict.fromkeys(asked, (anna,))
    world.close()


def blocks(world: World, subject: SubjectId) -> list[bytes]:
    item = next(h.item for h in world.vault.holdings(subject) if h.field == NAME)
    row = world.vault._room.store.item(*item_place(item))
    assert row is not None
    assert row.token
    return [row.token[at : at + TOKEN_SIZE] for at in range(0, len(row.token), TOKEN_SIZE)]


def on_disk(world: World, needle: bytes) -> bool:
    return any(needle in path.read_bytes() for path in world.folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("way", ["erase", "erase_subject", "rectify", "rotate"])
def test_no_block_of_a_likeness_outlives_its_name(world: World, way: str) -> None:
    who = cast(world, {"karin": "Karin Meijer-Jansen", "other": "Bram Bakker"})
    karin = next(iter(who))
    before = blocks(world, karin)
    assert len(before) == 1 + 3 * 3
    for block in before:
        assert on_disk(world, block), "the search does not see what is there"
    item = world.vault.holdings(karin)[0].item
    if way == "erase":
        assert world.vault.erase([item], ground="17", actor=OWNER).found_afterwards == 0
    elif way == "erase_subject":
        assert world.vault.erase_subject(karin, ground="17", actor=OWNER).found_afterwards == 0
    elif way == "rectify":
        world.vault.rectify(item, "Karin de Wit", actor=OWNER, reason="changed")
        assert list(like(world, who, "K. de Wit")) == ["karin"]
        world.engine.expunge()
    else:
        world.vault.rotate(actor=OWNER)
        assert list(like(world, who, "K. Meyer")) == ["karin"]
    assert [block for block in before if on_disk(world, block)] == []
    assert list(like(world, who, "Karin Jansen")) == (["karin"] if way == "rotate" else [])
    assert list(like(world, who, "B. Bakker")) == ["other"]


def test_an_erasure_that_left_a_block_in_the_index_is_seen(world: World) -> None:
    who = cast(world, {"karin": "Karin Meijer"})
    karin = next(iter(who))
    item = world.vault.holdings(karin)[0].item
    place, number = item_place(item)
    room = world.vault._room
    row = room.store.item(place, number)
    assert row is not None
    kept = list(looked_up(row.token or b""))[-1]

    def leave(step: str) -> None:
        if step == "erase.destroyed":
            world.engine.execute("INSERT INTO vault_token VALUES (?, ?, ?)", (kept, place, number))

    world.failpoint = leave
    assert world.vault.erase([item], ground="17", actor=OWNER).found_afterwards == 1


def test_what_two_names_share_beyond_their_bones_is_in_no_two_rows_alike(world: World) -> None:
    who = cast(world, {"one": "Anna de Vries", "two": "Anna Vries"})
    room = world.vault._room
    one, two = (b"".join(blocks(world, subject)) for subject in who)
    assert one[TOKEN_SIZE : TOKEN_SIZE + LIKE_SIZE][: 2 * TOKEN_SIZE] == two[TOKEN_SIZE:][: 2 * TOKEN_SIZE]
    assert one[-TOKEN_SIZE:] != two[-TOKEN_SIZE:]
    key = room.token_key()
    assert unpermute(key, one)[-TOKEN_SIZE:] != unpermute(key, two)[-TOKEN_SIZE:]
    assert room.index_key == derive(ROOT, "blind index")


def test_names_that_an_earlier_release_wrote_are_found_once_it_was_opened(world: World) -> None:
    who = cast(world)
    world.engine.execute("DELETE FROM vault_token")
    exact = world.engine.execute("SELECT substr(token, 1, 16), subject, item FROM vault_item")
    world.engine.many("UPDATE vault_item SET token = ? WHERE subject = ? AND item = ?", exact)
    world.engine.many("INSERT INTO vault_token VALUES (?, ?, ?)", exact)
    world.engine.execute("UPDATE vault_tokens_epoch SET form = 0")
    assert like(world, who, "Karin Meyer") == {}
    assert len(world.vault.find(FieldKind.NAME, "Anna de Vries")) == 1
    world.again()
    assert "karin" in like(world, who, "Karin Meyer")
    assert world.ledger.names() == ["index.rebuilt"]
    world.again()
    assert world.ledger.names() == []


def test_the_cost_goes_with_what_is_alike_and_not_with_the_store(world: World) -> None:
    cast(world, {"karin": "Karin Meijer"})

    def asked() -> int:
        steps = [0]
        engine = world.engine
        execute = engine.execute

        def counted(sql, parameters=()):
            rows = execute(sql, parameters)
            steps[0] += len(rows)
            return rows

        engine.execute = counted  # type: ignore[method-assign]
        started = time.perf_counter()
        assert len(world.vault.find_like("K. Meyer")) == 1
        assert time.perf_counter() - started < 5
        engine.execute = execute  # type: ignore[method-assign]
        return steps[0]

    few = asked()
    plan = world.engine.execute(
        "EXPLAIN QUERY PLAN SELECT vault_item.token FROM vault_token JOIN vault_item "
        "ON vault_item.subject = vault_token.subject AND vault_item.item = vault_token.item WHERE vault_token.token IN (?, ?)",
        (b"", b""),
    )
    assert all("SCAN" not in str(row[3]) for row in plan)
    names = [
        f"{given} {family}" for given in ("Piet", "Lies", "Omar") for family in ("Bakker", "Visser", "Smit", "Mulder")
    ]
    people = [NewSubject((NewItem(NAME, name, JOB, "customer"),)) for name in names * 50]
    world.vault.add(people, actor=OWNER, reason="order")
    assert asked() == few


def test_tokens_of_a_name_under_another_root_key_are_others(world: World) -> None:
    who = cast(world, {"karin": "Karin Meijer"})
    (block, *_), key = blocks(world, next(iter(who))), world.vault._room.token_key()
    assert permute(key, unpermute(key, block)) == block
