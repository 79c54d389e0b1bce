"""The words in which a change of the statement is told, and the events that start its periods; of both languages."""

from __future__ import annotations

from collections.abc import Mapping

from gestand.statement.policy import Text, Trigger

NOUNS: Mapping[str, Text] = {
    "category": Text(nl="gegevens", en="data"),
    "purpose": Text(nl="doel", en="purpose"),
    "shelf": Text(nl="bewaartermijn", en="retention class"),
    "recipient": Text(nl="ontvanger", en="recipient"),
    "service": Text(nl="dienst", en="service"),
    "role": Text(nl="rol", en="role"),
    "clause": Text(nl="zin", en="clause"),
    "language": Text(nl="taal", en="language"),
}
SECTIONS: Mapping[str, str] = {
    "category": "categories", "purpose": "purposes", "shelf": "shelves", "recipient": "recipients", "service": "services", "role": "roles",
}  # fmt: skip
"""Where the policy keeps each noun that has a title."""
PARTS: Mapping[str, Text] = {
    "controller": Text(nl="wie verantwoordelijk is", en="who is responsible"),
    "controller: website": Text(nl="website", en="website"),
    "contact for requests": Text(nl="contact voor verzoeken", en="contact for requests"),
    "cookies: allowed": Text(nl="toegestane cookie", en="cookie allowed"),
    "rights: identity": Text(nl="hoe blijkt wie iets vraagt", en="how it shows who asks"),
    "breach: authority within hours": Text(nl="datalek: melding aan de toezichthouder binnen zoveel uur", en="breach: told to the authority within so many hours"),
    "breach: subjects within hours": Text(nl="datalek: bericht aan de mensen binnen zoveel uur", en="breach: people told within so many hours"),
    "devices: model": Text(nl="apparaten: veld van het model", en="devices: field of the model"),
    "devices: fault": Text(nl="apparaten: veld van de klacht", en="devices: field of the fault"),
    "devices: accessories": Text(nl="apparaten: veld van de toebehoren", en="devices: field of the accessories"),
    "devices: permission": Text(nl="apparaten: veld van wat bekeken mag worden", en="devices: field of what may be looked at"),
    "devices: image": Text(nl="apparaten: veld van de kopie", en="devices: field of the copy"),
    "devices: access code": Text(nl="apparaten: veld van de toegangscode", en="devices: field of the access code"),
    "field": Text(nl="gegeven", en="datum"),
    "special": Text(nl="bijzondere gegevens", en="special data"),
    "criminal": Text(nl="strafrechtelijke gegevens", en="criminal data"),
    "basis": Text(nl="grondslag", en="basis"),
    "recipient": Text(nl="ontvanger", en="recipient"),
    "subjects": Text(nl="van wie", en="of whom"),
    "marketing": Text(nl="reclame", en="marketing"),
    "channel": Text(nl="weg", en="channel"),
    "exception": Text(nl="uitzondering voor bijzondere gegevens", en="exception for special data"),
    "ground": Text(nl="grond", en="ground"),
    "title": Text(nl="naam", en="name"),
    "consent text": Text(nl="woorden van de toestemming", en="words of the consent"),
    "shelf": Text(nl="bewaartermijn", en="retention class"),
    "period": Text(nl="hoe lang", en="how long"),
    "trigger": Text(nl="begin van de termijn", en="start of the period"),
    "then": Text(nl="wat daarna komt", en="what follows"),
    "country": Text(nl="land", en="country"),
    "role": Text(nl="hoedanigheid", en="capacity"),
    "transfer": Text(nl="grond voor doorgifte", en="ground for transfer"),
    "why": Text(nl="waarom", en="why"),
    "purpose": Text(nl="doel", en="purpose"),
    "kept-by": Text(nl="wat hem houdt", en="what keeps it"),
    "words": Text(nl="andere woorden", en="other words"),
    "promise": Text(nl="een belofte", en="a promise"),
    "mended": Text(nl="een verbeterde belofte", en="a mended promise"),
    "informative": Text(nl="alleen ter informatie", en="for information alone"),
    "withdrawn": Text(nl="ingetrokken", en="withdrawn"),
    "absent": Text(nl="er niet meer", en="gone"),
}  # fmt: skip
"""What is said of a noun, or of the statement as a whole."""
VALUES: Mapping[str, Text] = {
    "yes": Text(nl="ja", en="yes"), "no": Text(nl="nee", en="no"), "nothing": Text(nl="niets", en="nothing"),
    "present": Text(nl="aanwezig", en="present"), "added": Text(nl="erbij", en="added"), "removed": Text(nl="eraf", en="removed"),
    "absent": Text(nl="afwezig", en="absent"), "nl": Text(nl="Nederlands", en="Dutch"), "en": Text(nl="Engels", en="English"),
    "processor": Text(nl="verwerker", en="processor"), "controller": Text(nl="verwerkingsverantwoordelijke", en="controller"),
    "joint": Text(nl="gezamenlijk verantwoordelijk", en="joint controller"), "authority": Text(nl="overheid", en="authority"),
    "email": Text(nl="e-mail", en="e-mail"), "telephone": Text(nl="telefoon", en="telephone"), "post": Text(nl="brief", en="post"),
    "counter": Text(nl="balie", en="counter"), "web": Text(nl="website", en="website"),
    "promise": Text(nl="een belofte", en="a promise"), "mended": Text(nl="verbeterd", en="mended"),
    "informative": Text(nl="ter informatie", en="for information"), "withdrawn": Text(nl="ingetrokken", en="withdrawn"),
}  # fmt: skip
TRIGGERS: Mapping[Trigger, Text] = {
    Trigger.COLLECTED: Text(nl="verkregen", en="collected"),
    Trigger.LAST_CONTACT: Text(nl="laatste contact", en="last contact"),
    Trigger.QUESTION_ANSWERED: Text(nl="vraag beantwoord", en="question answered"),
    Trigger.QUOTE_EXPIRED: Text(nl="offerte verlopen", en="quote expired"),
    Trigger.AGREEMENT_ENDED: Text(nl="overeenkomst beëindigd", en="agreement ended"),
    Trigger.JOB_CLOSED: Text(nl="opdracht klaar", en="job closed"),
    Trigger.INVOICE_ISSUED: Text(nl="factuur verstuurd", en="invoice issued"),
    Trigger.COMPLAINT_CLOSED: Text(nl="klacht afgesloten", en="complaint closed"),
    Trigger.MESSAGE_RECEIVED: Text(nl="bericht ontvangen", en="message received"),
    Trigger.CONSENT_WITHDRAWN: Text(nl="toestemming ingetrokken", en="consent withdrawn"),
    Trigger.OBJECTION: Text(nl="bezwaar gemaakt", en="objection made"),
    Trigger.REQUEST_CLOSED: Text(nl="verzoek afgesloten", en="request closed"),
    Trigger.BREACH_CLOSED: Text(nl="datalek afgesloten", en="breach closed"),
    Trigger.STAFF_LEFT: Text(nl="medewerker vertrokken", en="member of staff left"),
    Trigger.LOGGED: Text(nl="bezocht", en="visited"),
}
MARKS: Mapping[str, Text] = {"added": Text(nl="erbij", en="added"), "removed": Text(nl="eraf", en="removed")}
