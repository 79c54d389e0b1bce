"""Whoever was kept out after a backup was made is kept out after it is restored: programs, people, keys, codes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backup.backup_world import OWNER
from backup.test_restoring import destroyed
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import RequestId
from gestand.rights.circumstances import Circumstance, Shown
from gestand.rights.model import Channel, Right
from gestand.staff.model import Act
from gestand.staff.posting import sign
from staff_house import begin, keeper


def token(house, name):
    policy = house.publication.in_force().policy
    return house.programs.admit(name, ["subjects:read"], [], days=30, policy=policy, actor=OWNER)


def test_a_token_that_was_revoked_after_the_backup_opens_nothing_after_it_is_restored(firm):
    house = firm.house
    (lost, lost_text), (kept, kept_text) = token(house, "webshop"), token(house, "planning")
    firm.back_up()
    house.programs.revoke(lost.id, actor=OWNER)
    restored = firm.restore(ledger=destroyed(firm))
    assert restored.replayed == 1
    with firm.reopened() as again:
        with pytest.raises(RefusedError) as refused:
            again.programs.known(lost_text)
        assert refused.value.code == "token"
        assert again.programs.known(kept_text).id == kept.id
        assert next(one for one in again.programs.all() if one.id == lost.id).revoked == firm.clock()


def test_restored_twice_a_token_that_was_revoked_in_the_first_life_stays_revoked(firm):
    house = firm.house
    lost, text = token(house, "webshop")
    made = firm.back_up().manifest
    house.programs.revoke(lost.id, actor=OWNER)
    firm.restore("tweede", ledger=destroyed(firm))
    firm.reopened("tweede").close()
    firm.restore("derde", backup=made.id, ledger=firm.folder / "tweede")
    with firm.reopened("derde") as third, pytest.raises(RefusedError):
        third.programs.known(text)


def test_what_was_used_once_after_the_backup_is_not_used_again(firm):
    """A ticket of a page, a challenge to sign in: the copy does not know that it was used, so nothing older counts."""
    house = firm.house
    text = house.tickets.issue("form request", b"", lasting=timedelta(hours=12))
    firm.back_up()
    ticket = house.tickets.open("form request", text)
    assert house.once.spend("form request", ticket.mark, now=firm.clock(), until=ticket.until)
    firm.clock.advance(timedelta(minutes=1))
    firm.restore(ledger=destroyed(firm))
    with firm.reopened() as again:
        assert again.once.spend("form request", ticket.mark, now=firm.clock(), until=ticket.until), (
            "the copy knows nothing"
        )
        with pytest.raises(RefusedError) as refused:
            again.tickets.open("form request", text)
        assert refused.value.code == "ticket"
        firm.clock.advance(timedelta(minutes=1))
        new = again.tickets.issue("form request", b"", lasting=timedelta(hours=12))
        assert again.tickets.open("form request", new)


def test_people_roles_sessions_links_and_approvals_are_as_they_were_left(firm):
    house = firm.house
    koos, bram, chaima = (keeper(house, name) for name in ("Koos Koper", "Bram Jansen", "Chaima El Amrani"))
    begin(house, bram)
    policy = house.publication.in_force().policy
    link = house.staff.invite(["owner"], keeper=True, policy=policy, actor=koos.id)
    approval = house.staff.ask_approval(Act.PUBLISH, "0" * 64, actor=koos.id)
    house.staff.give_approval(approval.id, giver=bram)
    firm.back_up()
    house.staff.revoke(bram.id, actor=koos.id)
    house.staff.set_roles(chaima.id, ["owner"], keeper=False, policy=policy, actor=koos.id)
    house.staff.new_printed(koos)
    firm.restore(ledger=destroyed(firm))
    with firm.reopened() as again:
        assert {one.id for one in again.staff.people()} == {koos.id, chaima.id}
        assert not again.staff.person(chaima.id).keeper
        assert again.staff.person(koos.id).keeper
        assert again.staff.sessions.running() == ()
        assert again.staff.approvals.open(firm.clock()) == ()
        with pytest.raises(RefusedError):
            again.staff.link(link)
        assert again.engine.execute("SELECT 1 FROM staff_printed WHERE person = ?", (koos.id,)) == []
        assert again.engine.execute("SELECT 1 FROM staff_printed WHERE person = ?", (chaima.id,)) != []


def test_an_answer_that_was_fetched_and_a_webhook_that_was_removed_do_not_come_back(firm):
    house = firm.house
    asked = house.requests.receive(Right.ACCESS, contact="x@example.org", channel=Channel.EMAIL, actor=OWNER)
    code = house.parcels.put(RequestId(asked.id), {"answer.txt": b"all of it"}, actor=OWNER)
    hook, _ = house.webhooks.add("https://shop.example.org/hook", ["request.received"], near=False, actor=OWNER)
    firm.back_up()
    assert house.parcels.fetch(asked.id, code)
    house.webhooks.remove(hook.id, actor=OWNER)
    restored = firm.restore(ledger=destroyed(firm))
    assert restored.replayed == 2
    with firm.reopened() as again:
        assert again.webhooks.all() == ()
        with pytest.raises(RefusedError) as refused:
            again.parcels.fetch(asked.id, code)
        assert refused.value.code == "parcel"


def test_an_answer_to_who_may_not_ask_it_does_not_wait_again(firm):
    house = firm.house
    asked = house.requests.receive(Right.ACCESS, contact="x@example.org", channel=Channel.EMAIL, actor=OWNER)
    code = house.parcels.put(RequestId(asked.id), {"answer.txt": b"all of it"}, actor=OWNER)
    firm.back_up()
    house.requests.judge(asked.id, Circumstance.ABOUT_OTHER, Shown.NOTHING, actor=OWNER)
    firm.restore(ledger=destroyed(firm))
    with firm.reopened() as again, pytest.raises(RefusedError):
        again.parcels.fetch(asked.id, code)


def test_a_secret_that_was_replaced_after_the_backup_signs_nothing_after_it_is_restored(firm):
    house = firm.house
    hook, first = house.webhooks.add("https://shop.example.org/hook", ["request.received"], near=False, actor=OWNER)
    other, kept = house.webhooks.add("https://till.example.org/hook", ["request.received"], near=False, actor=OWNER)
    house.webhooks.replace_secret(hook.id, actor=OWNER)
    firm.back_up()
    _, last = house.webhooks.replace_secret(hook.id, actor=OWNER)
    restored = firm.restore(ledger=destroyed(firm))
    assert restored.replayed == 1
    with firm.reopened() as again:
        signatures = {}

        def post(url, body, signature):
            signatures[url] = (body, signature)
            return 200

        for one in (hook, other):
            again.webhooks.attempt(one.id, post)
    at = int(firm.clock().timestamp())
    body, signature = signatures[hook.url]
    assert signature == sign(last, at, body) != sign(first, at, body)
    body, signature = signatures[other.url]
    assert signature == sign(kept, at, body)


def test_nothing_is_taken_from_who_lost_nothing(firm):
    house = firm.house
    koos = keeper(house, "Koos Koper")
    _, text = token(house, "webshop")
    firm.back_up()
    restored = firm.restore(ledger=destroyed(firm))
    assert restored.replayed == 0
    with firm.reopened() as again:
        assert again.staff.person(koos.id) == koos
        assert again.programs.known(text)
        assert again.engine.execute("SELECT 1 FROM staff_printed WHERE person = ?", (koos.id,)) != []
