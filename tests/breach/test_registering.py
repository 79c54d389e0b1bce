"""The register of Article 33(5) as people read it."""

from __future__ import annotations

from pathlib import Path

from breach_house import open_breach_house
from intake_house import OWNER


def test_the_register_speaks_dutch_and_a_processor_leaves_the_notification_to_who_is_responsible(tmp_path: Path):
    with open_breach_house(tmp_path / "org") as house:
        breach = house.reported()
        house.breaches.state_facts(
            breach.id, {"role": "processor", "incident": "lost_device", "key_safe": True}, actor=OWNER
        )
        [line] = house.breaches.register(actor=OWNER)
        assert (line.entry["role"], line.entry["type"]) == ("verwerker", "apparaat of stick kwijt")
        assert "Is de sleutel veilig gebleven? ja" in line.entry["facts"]
        assert line.entry["authority"].startswith("nee: wij verwerken in opdracht")
