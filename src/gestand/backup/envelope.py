"""The emergency envelope: one sheet to print, with the keys and what to do when the owner cannot. Dutch first, English beside.

One HTML file that asks for nothing from anywhere: no script, no font, no picture.
"""

from __future__ import annotations

from html import escape

from gestand.backup.escrow import Escrow
from gestand.kernel.clock import local_date
from gestand.kernel.config import BackupSettings

_STEPS_NL = (
    "Bel eerst de eigenaar, of wie voor de eigenaar optreedt. U mag deze brief alleen openen als de eigenaar dat niet zelf kan.",
    "Laat het programma draaien als het draait. Het wist op tijd wat weg moet en bewaart wat moet blijven.",
    "Kijk elke dag naar verzoeken van klanten (post, e-mail, telefoon). Op een verzoek moet binnen een maand antwoord komen.",
    "Zijn er gegevens gelekt of kwijt? Meld dat binnen 72 uur bij de Autoriteit Persoonsgegevens: autoriteitpersoonsgegevens.nl.",
    (
        "Doet de computer het niet meer? Zet de laatste reservekopie terug op een andere computer: gestand restore MAP --into "
        "NIEUWE-MAP --identity SLEUTELBESTAND --ledger OUDE-MAP. Is alleen een sleutel weg? Typ de regels hieronder over: gestand "
        "keys recover."
    ),
    "Schrijf op wat u doet, met datum en tijd, en geef dat aan de eigenaar.",
)
_STEPS_EN = (
    "Call the owner first, or whoever acts for the owner. You may open this letter only if the owner cannot act.",
    "Let the program run if it runs. It erases in time what must go and keeps what must stay.",
    "Look every day for requests of customers (post, e-mail, telephone). A request must be answered within a month.",
    "Were data leaked or lost? Report it within 72 hours to the Autoriteit Persoonsgegevens: autoriteitpersoonsgegevens.nl.",
    (
        "The computer is broken? Bring the last backup back on another one: gestand restore FOLDER --into NEW-FOLDER --identity "
        "KEY-FILE --ledger OLD-FOLDER. Only a key is gone? Type the lines below: gestand keys recover."
    ),
    "Write down what you do, with date and time, and give it to the owner.",
)
_STYLE = """
body { font: 12pt/1.4 serif; max-width: 42em; margin: 2em auto; padding: 0 1em; color: #000; background: #fff; }
pre { font: 11pt/1.6 monospace; border: 1px solid #000; padding: 1em; white-space: pre-wrap; }
h1 { font-size: 18pt; } h2 { font-size: 14pt; } li { margin-bottom: .4em; }
@media print { body { margin: 0; } section { break-inside: avoid; } }
"""


def envelope_page(made: Escrow, *, name: str, backups: BackupSettings) -> str:
    """Return the sheet as HTML. ``name``: the organisation's, as in its statement."""
    day = local_date(made.made).isoformat()
    folder = escape(str(backups.folder)) if backups.folder is not None else "-"
    lines = escape("\n".join(made.lines))
    return f"""<!DOCTYPE html>
<html lang="nl">
<head>
<meta charset="utf-8">
<title>Noodenvelop: {escape(name)}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>Noodenvelop van {escape(name)}</h1>
<p>Gemaakt op {day}. Hoort bij sleutelperiode {made.epoch}: na <i>gestand keys rotate</i> vervalt deze brief. Vernietig hem dan en
maak een nieuwe. Bewaar hem dicht, op slot, en niet bij de computer.</p>
<section>
<h2>Als de eigenaar ziek is of niet bereikbaar</h2>
<ol>{_list(_STEPS_NL)}</ol>
<p>Reservekopieën staan in: {folder}. Het sleutelbestand (age) van de reservekopieën hoort niet in deze envelop maar op een
tweede plek. Die plek is: ____________________________________</p>
<p>Wie voor de eigenaar optreedt: ____________________________________ Telefoon: ____________________</p>
</section>
<section>
<h2>De sleutels / The keys</h2>
<p>Cijfers 0 tot en met 9 en letters a tot en met f. De laatste vier tekens van elke regel zijn controlecijfers.<br>
<span lang="en">Digits 0 to 9 and letters a to f. The last four characters of each line are check digits.</span></p>
<pre>
{lines}
</pre>
</section>
<section lang="en">
<h2>When the owner is ill or cannot be reached</h2>
<p>Made on {day} for epoch {made.epoch}: after <i>gestand keys rotate</i> this letter has expired; destroy it and print a new one.
Keep it sealed, locked away, and not beside the computer. Backups lie in: {folder}.</p>
<ol>{_list(_STEPS_EN)}</ol>
</section>
</body>
</html>
"""


def _list(steps: tuple[str, ...]) -> str:
    return "".join(f"<li>{escape(step)}</li>" for step in steps)
