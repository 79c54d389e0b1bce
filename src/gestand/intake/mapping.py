"""From the columns of a file to fields of the policy: by a mapping file, or proposed from the names of the columns.

A mapping file (TOML):

    format = 1
    [columns]
    "Naam" = "contact.name"
    "Rekening" = { field = "payment.iban", purpose = "administration" }
    "Intern" = false            # stays out

Columns of a name or a street are joined in the order of the file; any other two columns on one field are two data.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gestand.intake.model import ColumnPlan, MappedColumn, RefusedColumn
from gestand.kernel.errors import InputError, Problem, RefusedError, UsageError
from gestand.kernel.ids import FieldPath, PurposeId
from gestand.reading.eleven import names_bsn
from gestand.statement.policy import FieldKind, Policy

JOINED = frozenset({FieldKind.NAME, FieldKind.STREET})

_NOT_WORD = re.compile(r"[^a-z]+")
_SPOKEN: dict[str, tuple[FieldKind, str]] = {
    spoken: (kind, hint)
    for kind, hint, names in (
        (
            FieldKind.NAME,
            "name",
            "naam name klantnaam klant customer customername contact contactpersoon contactperson",
        ),
        (
            FieldKind.NAME,
            "name",
            "fullname volledigenaam naamvolledig displayname relatie debiteur persoon tenaamstelling",
        ),
        (FieldKind.NAME, "name", "voornaam voornamen voorletters initialen tussenvoegsel tussenvoegsels achternaam"),
        (FieldKind.NAME, "name", "firstname givenname middlename lastname surname familyname roepnaam naamklant"),
        (FieldKind.STREET, "street", "straat straatnaam adres address adresregel street streetaddress adresgegevens"),
        (
            FieldKind.STREET,
            "street",
            "huisnummer huisnr housenumber nr toevoeging huisnummertoevoeging straatenhuisnummer",
        ),
        (FieldKind.STREET, "street", "straathuisnummer streetname addressline factuuradres bezoekadres postadres"),
        (FieldKind.POSTCODE, "postcode", "postcode pc postcodes zip zipcode postalcode postcodenl"),
        (FieldKind.TOWN, "town", "plaats woonplaats stad plaatsnaam vestigingsplaats town city gemeente"),
        (FieldKind.COUNTRY, "country", "land landcode country countrycode landnaam"),
        (FieldKind.PHONE, "mobile", "mobiel mobielnummer mobieltelefoonnummer mobieletelefoon gsm mobile mobilephone"),
        (FieldKind.PHONE, "mobile", "mobilenumber cell cellphone telefoonmobiel telmobiel mob mobielnr gsmnummer"),
        (FieldKind.PHONE, "phone", "telefoon telefoonnummer tel telnr telefoonnr telefoonvast vast vastnummer phone"),
        (
            FieldKind.PHONE,
            "phone",
            "phonenumber telephone telephonenumber telnummer telefoonthuis telefoonwerk vastetelefoon",
        ),
        (
            FieldKind.EMAIL,
            "email",
            "email mail emailadres mailadres emailaddress mailaddress eadres emailprive emailwerk",
        ),
        (FieldKind.IBAN, "iban", "iban rekeningnummer rekening bankrekening bankrekeningnummer rekeningnr bankaccount"),
        (FieldKind.IBAN, "iban", "accountnumber ibannummer ibannr bankaccountnumber"),
        (
            FieldKind.VAT,
            "vat",
            "btw btwnummer btwnr btwid vat vatnumber vatid btwidentificatienummer vatno btwidnummer",
        ),
        (FieldKind.COC, "coc", "kvk kvknummer kvknr coc cocnumber handelsregister handelsregisternummer"),
        (
            FieldKind.CUSTOMER_NUMBER,
            "customer-number",
            "klantnummer klantnr klantid klantcode debiteurnummer debiteurnr",
        ),
        (FieldKind.CUSTOMER_NUMBER, "customer-number", "customernumber customerid customerno relatienummer relatienr"),
        (FieldKind.IP, "ip", "ip ipadres ipaddress"),
        (
            FieldKind.TEXT,
            "notes",
            "opmerking opmerkingen notitie notities memo note notes comment comments remarks remark",
        ),
    )
    for spoken in names.split()
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a mapping file says of a column: the field, and the purpose where it is not that of the import."""

    field: str
    purpose: str = ""


def plain_name(name: str) -> str:
    """Return the name of a column without accents, case, digits and punctuation."""
    text = unicodedata.normalize("NFKD", name.casefold())
    return _NOT_WORD.sub("", text)


def read_mapping(path: Path) -> dict[str, Wish | None]:
    """Return what a mapping file says of each column; None where it stays out.

    :raises InputError: with everything that is wrong in the file.
    :raises UsageError: ``no-file``.
    """
    try:
        document = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as fault:
        raise UsageError("no-file", f"the mapping cannot be read: {fault.strerror}", where=str(path)) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise _wrong(path, [f"the file is no TOML in UTF-8: {fault}"]) from None
    faults = [] if document.get("format") == 1 else ["format = 1 is missing"]
    faults += [f"'{key}' is no key of a mapping" for key in document if key not in {"format", "columns"}]
    columns = document.get("columns")
    wishes: dict[str, Wish | None] = {}
    if not isinstance(columns, dict):
        faults.append("[columns] is missing")
        columns = {}
    for name, wish in columns.items():
        if wish is False:
            wishes[name] = None
        elif isinstance(wish, str):
            wishes[name] = Wish(wish)
        elif isinstance(wish, dict) and set(wish) <= {"field", "purpose"} and isinstance(wish.get("field"), str):
            wishes[name] = Wish(wish["field"], str(wish.get("purpose", "")))
        else:
            faults.append(f"'{name}' wants \"category.field\", {{ field, purpose }} or false")
    if faults:
        raise _wrong(path, faults)
    return wishes


def check_wishes(path: Path, wishes: Mapping[str, Wish | None], header: Sequence[str], policy: Policy) -> None:
    """Let a mapping pass whose columns, fields and purposes all exist.

    :raises InputError: with each that does not.
    """
    faults = []
    for name, wish in wishes.items():
        if name not in header:
            faults.append(f"the file has no column '{name}'")
        if wish and policy.field(wish.field) is None:
            faults.append(f"the statement in force has no field '{wish.field}' (column '{name}')")
        if wish and wish.purpose and wish.purpose not in policy.purposes:
            faults.append(f"the statement in force has no purpose '{wish.purpose}' (column '{name}')")
    if faults:
        raise _wrong(path, faults)


def plan_columns(
    header: Sequence[str], policy: Policy, purpose: PurposeId, wishes: Mapping[str, Wish | None] | None = None
) -> ColumnPlan:
    """Say what becomes of every column. Without ``wishes`` fields are proposed from names, Dutch and English.

    :raises RefusedError: ``purpose-unknown``.
    """
    check_purpose(policy, purpose)
    mapped: list[MappedColumn] = []
    refused: list[RefusedColumn] = []
    used: set[str] = set()
    for index, name in enumerate(header):
        wish = wishes.get(name) if wishes is not None else propose(name, policy, purpose, used)
        verdict = _judge(index, name, wish, policy, purpose)
        if isinstance(verdict, MappedColumn):
            mapped.append(verdict)
            used.add(verdict.path)
        elif name or wish:
            refused.append(verdict)
    country = next((i for i, name in enumerate(header) if _means_country(name)), None)
    return ColumnPlan(purpose, tuple(mapped), tuple(refused), country)


def _means_country(name: str) -> bool:
    kind, _ = _SPOKEN.get(plain_name(name), (None, ""))
    return kind is FieldKind.COUNTRY


def check_purpose(policy: Policy, purpose: str) -> None:
    """Let a purpose of the statement in force pass.

    :raises RefusedError: ``purpose-unknown``.
    """
    if purpose not in policy.purposes:
        raise RefusedError(
            "purpose-unknown",
            f"the statement in force has no purpose '{purpose}'",
            remedy="Its purposes are " + ", ".join(policy.purposes) + ".",
        )


def propose(name: str, policy: Policy, purpose: PurposeId, used: set[str]) -> Wish | None:
    """Return the field that the name of a column most likely means, or None."""
    plain = plain_name(name)
    if not plain:
        return None
    needs = policy.purposes[purpose].needs
    paths = sorted(policy.field_paths(), key=lambda path: path not in needs)
    for path in paths:
        field = policy.field(path)
        assert field is not None
        titles = (path, path.partition(".")[2], field.title.nl, field.title.en)
        if plain in map(plain_name, titles):
            return Wish(path)
    kind, hint = _SPOKEN.get(plain, (None, ""))
    alike = [path for path in paths if (field := policy.field(path)) and field.kind is kind]
    if kind is FieldKind.TEXT:
        alike = [path for path in alike if path.endswith((".notes", ".note", ".remarks"))]
    exact = [path for path in alike if path.partition(".")[2] == hint]
    fresh = [path for path in alike if path not in used]
    chosen = exact or (alike if kind in JOINED else fresh or alike)
    return Wish(chosen[0]) if chosen else None


def _judge(
    index: int, name: str, wish: Wish | None, policy: Policy, purpose: PurposeId
) -> MappedColumn | RefusedColumn:
    field = policy.field(wish.field) if wish else None
    if (names_bsn(name) or (field and field.kind is FieldKind.BSN)) and not (field and field.statute):
        return RefusedColumn(
            name, "bsn", "is for a BSN, and the policy names no act that allows it (UAVG 46); leave the column out"
        )
    if wish is None or field is None:
        return RefusedColumn(name, "no-purpose", "no purpose needs this")
    wanted = PurposeId(wish.purpose) if wish.purpose else purpose
    if wish.field in policy.purposes[wanted].needs:
        return MappedColumn(index, name, FieldPath(wish.field), field, wanted)
    others = policy.purposes_of(wish.field)
    reason = f"the purpose '{wanted}' does not need {wish.field}"
    if others:
        reason += f"; it is needed for {', '.join(others)}: name one of these for the column in a mapping file"
    return RefusedColumn(name, "no-purpose", reason if others else f"no purpose needs this ({wish.field})")


def _wrong(path: Path, faults: Sequence[str]) -> InputError:
    remedy = "See the mapping file in docs/formats.md; names of columns are as in the file's first row."
    return InputError(tuple(Problem(str(path), 0, "mapping", fault, remedy) for fault in faults))
