"""A door that a breach shut answers nothing, and a public notice stands where anyone can read it."""

from __future__ import annotations

from gestand.breach.containing import Pull
from gestand.breach.model import Lever, Part, Reporter
from gestand.doors.demonstration.place import Place
from gestand.doors.house import pages_of
from gestand.doors.public.visit import visitor
from gestand.kernel.ids import ActorId
from gestand.statement.policy import Text

OWNER = ActorId("owner")


def test_a_shut_door_answers_503_to_everything_until_it_is_opened(place: Place):
    house = place.open()
    visit = visitor(pages_of(house))
    assert visit("/nl/").status == 200
    breach = house.breaches.report("Er klopt iets niet.", reporter=Reporter.STAFF, actor=OWNER)
    house.breaches.contain(breach.id, Pull(Lever.CLOSE_DOOR, target="public"), actor=OWNER)
    shut = visit("/nl/")
    assert (shut.status, visit("/static/style.css").status) == (503, 503)
    assert dict(shut.headers)["cache-control"] == "no-store"
    assert b"even dicht" in shut.body
    house.breaches.open_door(breach.id, "public", actor=OWNER)
    assert visit("/nl/").status == 200


def test_a_public_notice_is_there_in_both_languages_and_what_is_written_in_it_is_text(place: Place):
    house = place.open()
    visit = visitor(pages_of(house))
    assert "geen bericht" in visit("/nl/datalekken/").body.decode()
    breach = house.breaches.report("Er klopt iets niet.", reporter=Reporter.STAFF, actor=OWNER)
    words = Text(nl="Een lijst <b>lag</b> op straat.", en="A list lay in the street.")
    house.breaches.write(breach.id, Part.SUMMARY, words, actor=OWNER)
    house.breaches.write(breach.id, Part.MEASURES, Text(nl="Wij zochten hem.", en="We looked for it."), actor=OWNER)
    house.breaches.publish(breach.id, actor=OWNER)
    dutch, english = visit("/nl/datalekken/").body.decode(), visit("/en/breaches/").body.decode()
    assert "&lt;b&gt;lag&lt;/b&gt;" in dutch
    assert "Wat kunt u zelf doen?" in dutch
    assert "A list lay in the street." in english
