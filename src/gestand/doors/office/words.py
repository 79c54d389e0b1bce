"""What the office calls things, in both languages; what is told to the people concerned has its own words in ``rights``."""

from __future__ import annotations

from collections.abc import Mapping

from gestand.doors.web.meaning_words import TRIGGERS
from gestand.evidence.model import ClauseFinding
from gestand.rights.model import Channel, Closing, Decision, IdentityLevel, Right, State
from gestand.statement.policy import LawfulBasis, Text
from gestand.vault.model import Why

WHY: Mapping[Why, Text] = {
    Why.NOT_NEEDED: Text(nl="dit doel heeft het niet nodig", en="this purpose does not need it"),
    Why.NOT_COLLECTED_FOR: Text(nl="voor een ander doel gekregen", en="collected for another purpose"),
    Why.RESTRICTED: Text(nl="beperkt (artikel 18)", en="restricted (Article 18)"),
    Why.OBJECTED: Text(nl="bezwaar gemaakt (artikel 21)", en="objected to (Article 21)"),
    Why.NO_CONSENT: Text(nl="geen toestemming", en="no consent"),
    Why.PAST_SHELF: Text(nl="de bewaartermijn is voorbij", en="its period is over"),
    Why.KEY_DESTROYED: Text(nl="gewist", en="erased"),
}
CHANNEL: Mapping[Channel, Text] = {
    Channel.EMAIL: Text(nl="e-mail", en="e-mail"),
    Channel.POST: Text(nl="brief", en="post"),
    Channel.TELEPHONE: Text(nl="telefoon", en="telephone"),
    Channel.COUNTER: Text(nl="balie", en="counter"),
    Channel.WEB: Text(nl="website", en="website"),
}
RIGHT: Mapping[Right, Text] = {
    Right.ACCESS: Text(nl="inzage (15)", en="access (15)"),
    Right.RECTIFICATION: Text(nl="verbetering (16)", en="rectification (16)"),
    Right.ERASURE: Text(nl="wissen (17)", en="erasure (17)"),
    Right.RESTRICTION: Text(nl="beperking (18)", en="restriction (18)"),
    Right.PORTABILITY: Text(nl="meenemen (20)", en="portability (20)"),
    Right.OBJECTION: Text(nl="bezwaar (21)", en="objection (21)"),
}
STATE: Mapping[State, Text] = {
    State.RECEIVED: Text(nl="ontvangen", en="received"),
    State.CONFIRMED: Text(nl="wie het is, staat vast", en="identity judged"),
    State.PLANNED: Text(nl="gepland", en="planned"),
    State.CLOSED: Text(nl="afgesloten", en="closed"),
    State.REJECTED: Text(nl="afgewezen", en="rejected"),
}
IDENTITY: Mapping[IdentityLevel, Text] = {
    IdentityLevel.CONTACT_POINT: Text(nl="beheert een adres dat wij hadden", en="controls a contact point we held"),
    IdentityLevel.SECOND_FACT: Text(nl="kende twee dingen die wij ook weten", en="knew two facts that we know too"),
    IdentityLevel.IN_PERSON: Text(nl="in persoon gezien, niets gekopieerd", en="seen in person, nothing copied"),
}
CLOSING: Mapping[Closing, Text] = {
    Closing.CARRIED_OUT: Text(nl="uitgevoerd op de gegevens zelf", en="carried out on the data themselves"),
    Closing.NOTHING_HELD: Text(nl="wij hadden niets", en="nothing was held"),
    Closing.WITHDRAWN: Text(nl="de persoon trok het in", en="the person withdrew it"),
}
OUTCOME: Mapping[str, Text] = {
    **{str(closing): words for closing, words in CLOSING.items()},
    "answered": Text(nl="beantwoord", en="answered"),
    "copy-given": Text(nl="kopie gegeven", en="copy given"),
    "erased": Text(nl="gewist", en="erased"),
    "partly-erased": Text(nl="deels gewist", en="partly erased"),
    "kept": Text(nl="alles blijft, met de grond", en="all of it stays, with its ground"),
    "rejected": Text(nl="afgewezen", en="rejected"),
}
"""How a request ended."""
DECISION: Mapping[Decision, Text] = {
    Decision.ERASE: Text(nl="wissen", en="erase"),
    Decision.KEEP: Text(nl="blijft", en="stays"),
    Decision.RESTRICT: Text(nl="beperken", en="restrict"),
}
FINDING: Mapping[ClauseFinding, Text] = {
    ClauseFinding.KEPT: Text(nl="nagegaan: geen afwijking", en="checked: no deviation"),
    ClauseFinding.BROKEN: Text(nl="gebroken", en="broken"),
    ClauseFinding.UNPROVEN: Text(nl="niet bewezen", en="unproven"),
    ClauseFinding.INFORMATIVE: Text(nl="informatief", en="informative"),
}
BASIS: Mapping[LawfulBasis, Text] = {
    LawfulBasis.CONSENT: Text(nl="toestemming", en="consent"),
    LawfulBasis.CONTRACT: Text(nl="overeenkomst", en="contract"),
    LawfulBasis.LEGAL_OBLIGATION: Text(nl="wettelijke plicht", en="legal obligation"),
    LawfulBasis.VITAL_INTERESTS: Text(nl="vitaal belang", en="vital interests"),
    LawfulBasis.PUBLIC_TASK: Text(nl="algemeen belang", en="public task"),
    LawfulBasis.LEGITIMATE_INTERESTS: Text(nl="gerechtvaardigd belang", en="legitimate interests"),
}
EVENT = TRIGGERS
REASONS: Mapping[str, Text] = {
    "call": Text(nl="iemand belt", en="somebody calls"),
    "dossier": Text(nl="werk aan een dossier", en="work on a dossier"),
    "request": Text(nl="een verzoek van de persoon zelf", en="a request of the person"),
    "correction": Text(nl="nakijken of het klopt", en="checking whether it is right"),
}
"""Why a card is opened: a closed list, as it stands in the ledger and is told to the person."""
