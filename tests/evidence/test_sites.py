"""The own sites: what is recorded of them, and when that is proof."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from gestand.doors.demonstration.website import folder_of, hosted, look_at_website
from gestand.doors.house import world_of
from gestand.evidence.controls.sites import live_site_equals_version, own_sites_store_nothing
from gestand.evidence.model import Finding
from gestand.kernel.config import FILE
from gestand.kernel.ids import ActorId


def own(place):
    return own_sites_store_nothing(world_of(place.open()))


def live(place):
    return live_site_equals_version(world_of(place.open()))


@pytest.fixture
def looked(place):
    look_at_website(place)
    return place


def test_a_fresh_visit_that_found_nothing_is_proof(looked):
    assert own(looked).finding is Finding.KEPT
    assert live(looked).finding is Finding.KEPT
    [_] = own(looked).evidence


def test_after_seven_days_it_is_none_any_more(looked):
    looked.clock.move_to(looked.clock() + timedelta(days=8))
    assert own(looked).finding is Finding.UNPROVEN
    assert live(looked).finding is Finding.UNPROVEN


def test_a_site_that_changed_since_is_unproven_until_it_is_visited_again(looked):
    house = looked.open()
    [site] = house.sites.settings.own
    page = folder_of(looked) / "nl" / "index.html"
    words = page.read_text("utf-8")
    with hosted(folder_of(looked), urlsplit(site).port):
        for text, found in (
            (words.replace("GEEN", "weinig", 1), Finding.KEPT),  # other words load nothing else
            (words.replace("</body>", '<img src="/x.png"></body>'), Finding.UNPROVEN),
        ):
            looked.clock.move_to(looked.clock() + timedelta(hours=1))
            page.write_text(text, "utf-8")
            house.sites.watch(actor=ActorId("owner"))
            assert own(looked).finding is found
    look_at_website(looked)
    assert own(looked).finding is Finding.KEPT


def test_a_site_that_is_down_breaks_the_live_promise_and_stops_nothing(looked):
    house = looked.open()
    looked.clock.move_to(looked.clock() + timedelta(minutes=1))
    [first, *_] = house.sites.watch(actor=ActorId("owner"))
    assert "does not answer" in first.fault
    assert live(looked).finding is Finding.BROKEN


def test_without_a_site_it_says_what_to_do(place):
    place.close()
    file = place.folder / FILE
    file.write_text(file.read_text("utf-8").partition("\n[sites]")[0], "utf-8")
    assert own(place).finding is Finding.UNPROVEN
    assert "[sites] own" in own(place).why.en
    assert live(place).finding is Finding.UNPROVEN


def test_another_word_on_the_live_page_is_noticed(looked):
    page = folder_of(looked) / "nl" / "index.html"
    page.write_text(page.read_text("utf-8").replace("GEEN", "weinig", 1), "utf-8")
    look_at_website(looked)
    verdict = live(looked)
    assert verdict.finding is Finding.BROKEN
    assert "C3" in verdict.evidence[0]
    assert own(looked).finding is Finding.KEPT
