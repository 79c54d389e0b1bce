"""The papers of a device in hand, in plain Dutch and English: the slip at the counter, and the certificates. Pure."""

from __future__ import annotations

from datetime import date

from gestand.register.device import Certificate, Checked, Device, Slip
from gestand.statement.policy import Policy

_ROLE = {
    "processor": (
        "Voor de bestanden op uw apparaat zijn wij verwerker: wij doen ermee alleen wat u ons opdraagt.",
        "For the files on your device we are a processor: we do with them only what you instruct us to do.",
    ),
    "controller": (
        "Voor de gegevens op uw apparaat zijn wij zelf verantwoordelijk.",
        "For the data on your device we are responsible ourselves.",
    ),
    "joint": (
        "Voor de gegevens op uw apparaat zijn wij samen met een ander verantwoordelijk.",
        "For the data on your device we are responsible together with another.",
    ),
}


def slip_text(device: Device, slip: Slip, policy: Policy, language: str) -> tuple[str, str]:
    """Return title and body of the slip that the customer signs and gets. The access code is never on it."""
    nl = language == "nl"
    devices = policy.devices
    assert devices is not None  # it was taken in under one
    shelf = policy.shelves[policy.purposes[devices.purpose].shelf]
    period = shelf.period.spoken(language)
    none = "niets" if nl else "nothing"
    parts = (
        ("Wat gaf u af?" if nl else "What did you hand in?", slip.model),
        ("Wat zit erbij?" if nl else "What is with it?", slip.accessories or none),
        ("Wat is er aan de hand?" if nl else "What is wrong?", slip.fault or none),
        ("Wat mogen wij bekijken?" if nl else "What may we look at?", slip.permission),
        (
            "Wat gebeurt er met uw toegangscode?" if nl else "What happens to your access code?",
            "Die bewaren wij versleuteld. Zodra u uw apparaat terug hebt, is de code vernietigd."
            if nl
            else "We keep it sealed. As soon as you have your device back, the code is destroyed.",
        ),
        (
            "Wat gebeurt er met een kopie van uw bestanden?" if nl else "What happens to a copy of your files?",
            f"Maken wij die, dan wissen wij hem uiterlijk {period} na de reparatie, of eerder als u dat vraagt."
            if nl
            else f"If we make one, we erase it at most {period} after the repair, or sooner if you ask.",
        ),
        ("Wie is verantwoordelijk?" if nl else "Who is responsible?", _ROLE[device.role][0 if nl else 1]),
    )
    title = f"Inname {device.id}, {_day(device.received_on, language)}" if nl else f"Intake {device.id}, {_day(device.received_on, language)}"  # fmt: skip
    sign = "Handtekening klant: ____________________" if nl else "Signature of customer: ____________________"
    return title, "\n\n".join([*(f"{head}\n{text}" for head, text in parts), sign])


def certificate_text(certificate: Certificate, policy: Policy, language: str) -> tuple[str, str]:
    """Return title and body of a certificate with its code, and how the customer checks it."""
    nl = language == "nl"
    on = _day(certificate.on, language)
    number = certificate.destroyed
    if certificate.paper == "return":
        title = "Bewijs van teruggave" if nl else "Certificate of return"
        said = (
            f"Op {on} hebt u uw apparaat terug. Toegangscodes vernietigd: {number}."
            if nl
            else f"On {on} you have your device back. Access codes destroyed: {number}."
        )
    else:
        title = "Bewijs van wissen" if nl else "Certificate of wiping"
        said = (
            f"Op {on} zijn onze kopieën van uw bestanden vernietigd: {number}."
            if nl
            else f"On {on} our copies of your files were destroyed: {number}."
        )
        if certificate.method:
            own = (
                "Uw eigen schijf is gewist, volgens wie het deed"
                if nl
                else "Your own disk was wiped, by the word of who did it"
            )
            said += f" {own}: {certificate.method}."
    check = (
        f'Wilt u dit later nagaan? Vul deze code in op onze openbare pagina "Apparaat: bewijs nagaan" (/nl/apparaat-bewijs/): {certificate.code}\nU ziet dan wat ons logboek hierover bewijst. Uw naam staat er niet bij.'
        if nl
        else f'Check this later with this code on our public page "Device: check a certificate" (/en/device-certificate/): {certificate.code}\nYou see what our ledger proves about it. Your name is not there.'
    )
    return title, f"{said}\n\n{check}\n\n{policy.controller.name}"


def checked_text(checked: Checked, language: str) -> str:
    """Return what a code proves, in words; for the public page and the command line."""
    on = _day(checked.on, language)
    nl = language == "nl"
    what = {
        "return": (f"teruggegeven op {on}; toegangscodes vernietigd", f"given back on {on}; access codes destroyed"),
        "wipe": (f"kopieën vernietigd op {on}", f"copies destroyed on {on}"),
    }[checked.paper][0 if nl else 1]
    by_hand = f" ({checked.method})" if checked.method else ""
    return f"{what}: {checked.destroyed}{by_hand}. " + (
        f"Logboek, regel {checked.entry}." if nl else f"Ledger, entry {checked.entry}."
    )


def _day(on: date, language: str) -> str:
    return f"{on.day}-{on.month}-{on.year}" if language == "nl" else on.isoformat()
