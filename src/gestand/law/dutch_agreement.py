"""What the judgement of an agreement with a recipient says (Articles 26, 28 and 44 to 49 GDPR), in plain Dutch (B1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

AGREEMENT: Final[Mapping[str, str]] = {
    "no signed agreement with '{}' is registered in {} ({})": "met '{}' staat geen ondertekende overeenkomst in {} ({})",
    "the agreement with '{}' lacks {} ({})": "in de overeenkomst met '{}' ontbreekt {} ({})",
    "the agreement with '{}' ended on {} ({})": "de overeenkomst met '{}' liep af op {} ({})",
    "the agreement with '{}' ends on {}": "de overeenkomst met '{}' loopt af op {}",
    "'{}' is in {}, and the statement says {} ({})": "'{}' zit in {}, en de verklaring zegt {} ({})",
    "'{}' is in {}, outside the EEA, and no ground for the transfer is both stated and registered ({})":
        "'{}' zit in {}, buiten de EER, en er is geen grond voor de doorgifte die in de verklaring én in het register staat ({})",
    "{} (Article {}: {})": "{} (AVG {}: {})",
    "{} (Article {})": "{} (AVG {})",
    "Article {}": "AVG {}",
    "it is in writing, also electronically": "op schrift, dat mag ook elektronisch",
    "what is processed, and what for": "wat er verwerkt wordt, en waarvoor",
    "for how long": "hoe lang",
    "which personal data, of which people": "welke persoonsgegevens, van welke mensen",
    "what the controller must and may do": "wat de verantwoordelijke moet en mag",
    "only on documented instructions, also for a transfer outside the EEA":
        "alleen op schriftelijke instructie, ook voor doorgifte buiten de EER",
    "who works with the data has promised confidentiality": "wie met de gegevens werkt, beloofde geheimhouding",
    "the measures of Article 32": "de maatregelen van artikel 32",
    "no other processor without leave, and under the same duties":
        "geen andere verwerker zonder toestemming, en met dezelfde plichten",
    "help in answering data subjects": "hulp bij verzoeken van betrokkenen",
    "help with security, breaches and impact assessments": "hulp bij beveiliging, datalekken en effectbeoordelingen",
    "erase or return at the end": "aan het einde wissen of teruggeven",
    "show it, and let it be audited": "laten zien dat het klopt, en controles toelaten",
}  # fmt: skip
