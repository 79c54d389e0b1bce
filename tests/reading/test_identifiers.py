"""Each validator against a table, against its library, and against the traps that are known."""

from __future__ import annotations

import phonenumbers
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.iso7064 import mod_97_10
from stdnum.nl import bsn as stdnum_bsn

from gestand.reading.addresses import check_email, check_postcode
from gestand.reading.eleven import holds_bsn, is_bsn, names_bsn, passes_eleven_test
from gestand.reading.identifiers import check_field, check_kind
from gestand.reading.normal import normal_form
from gestand.reading.numbers import check_vat
from gestand.reading.outcome import Unsound
from gestand.reading.telephone import check_telephone
from gestand.statement.policy import DataField, FieldKind, Text

BSN = "123456782"  # passes the eleven-test; the example number that is never issued
TITLE = Text(nl="veld", en="field")


def rsin() -> str:
    return next(str(n) for n in range(812345670, 812345770) if passes_eleven_test(str(n)))


def btw_id(nine: str) -> str:
    return next(f"NL{nine}B{n:02d}" for n in range(2, 99) if mod_97_10.is_valid(f"NL{nine}B{n:02d}"))


SOUND = [
    (FieldKind.PHONE, "06-12345678", "+31612345678"),
    (FieldKind.PHONE, "+31 (0)6 12 34 56 78", "+31612345678"),
    (FieldKind.PHONE, "0031612345678", "+31612345678"),
    (FieldKind.PHONE, "(0485) 34 12 34", "+31485341234"),
    (FieldKind.PHONE, "010-1234567", "+31101234567"),
    (FieldKind.PHONE, "+32 2 555 12 12", "+3225551212"),
    (FieldKind.PHONE, "0900-1234", "+319001234"),
    (FieldKind.PHONE, "612345678", "+31612345678"),  # a spreadsheet ate the zero
    (FieldKind.POSTCODE, "5854gh", "5854 GH"),
    (FieldKind.POSTCODE, "5854 GH", "5854 GH"),
    (FieldKind.POSTCODE, "NL-5854 GH", "5854 GH"),
    (FieldKind.IBAN, "nl91 abna 0417 1643 00", "NL91ABNA0417164300"),
    (FieldKind.IBAN, "BE68 5390 0754 7034", "BE68539007547034"),
    (FieldKind.COC, "1234.5678", "12345678"),
    (FieldKind.COC, "KvK 12345678", "12345678"),
    (FieldKind.VAT, "BE 0428.759.497", "BE0428759497"),
    (FieldKind.EMAIL, " Anna.deVries@Example.NL ", "Anna.deVries@example.nl"),
    (FieldKind.EMAIL, "anna@bücher.example.org", "anna@bücher.example.org"),
    (FieldKind.EMAIL, "mailto:bram@example.org", "bram@example.org"),
    (FieldKind.CUSTOMER_NUMBER, "k-1001", "K-1001"),
    (FieldKind.IP, "2001:0db8::0001", "2001:db8::1"),
    (FieldKind.IP, "192.0.2.7", "192.0.2.7"),
    (FieldKind.DATE, "1-2-1980", "1980-02-01"),
    (FieldKind.DATE, "1980-02-29", "1980-02-29"),
    (FieldKind.DATE, "2026-12-01 00:00:00", "2026-12-01"),
    (FieldKind.NUMBER, "12,5", "12.5"),
    (FieldKind.NAME, "  Anna   de\u00a0Vries ", "Anna de Vries"),
    (FieldKind.NAME, "Zoe\u0308", "Zoë"),
    (FieldKind.TEXT, "Belt liever na vijven.\nHeeft een kat.", "Belt liever na vijven.\nHeeft een kat."),
    (FieldKind.TEXT, "bestelling 123456782", "bestelling 123456782"),  # passes the test, nothing says it is a BSN
    (FieldKind.BSN, "1234.56.782", BSN),
]


@pytest.mark.parametrize(("kind", "given_value", "kept"), SOUND)
def test_a_sound_value_gets_its_normal_writing(kind, given_value, kept):
    assert check_kind(kind, given_value) == kept


UNSOUND = [
    (FieldKind.PHONE, "06-1234567", "phone"),
    (FieldKind.PHONE, "06-12345678 / 06-87654321", "phone"),
    (FieldKind.PHONE, "onbekend", "phone"),
    (FieldKind.PHONE, "06" + "1" * 500, "phone"),
    (FieldKind.PHONE, "0485-341234 toestel 12", "phone"),
    (FieldKind.PHONE, "0485-341234 ext. 12", "phone-extension"),
    (FieldKind.POSTCODE, "1234 SS", "postcode"),
    (FieldKind.POSTCODE, "1234 sa", "postcode"),
    (FieldKind.POSTCODE, "1234SD", "postcode"),
    (FieldKind.POSTCODE, "0123 AB", "postcode"),
    (FieldKind.POSTCODE, "B-9000", "postcode"),
    (FieldKind.POSTCODE, "１２３４ AB", "postcode"),
    (FieldKind.IBAN, "NL91ABNA0417164301", "iban"),
    (FieldKind.IBAN, "NL91ABNA041716430", "iban"),
    (FieldKind.IBAN, "417164300", "iban"),
    (FieldKind.COC, "1234567", "coc"),
    (FieldKind.COC, "000012345678", "coc"),
    (FieldKind.COC, "00000000", "coc"),
    (FieldKind.COC, "", "coc"),
    (FieldKind.VAT, "NL123456789B01", "vat"),
    (FieldKind.VAT, "BE0428759498", "vat"),
    (FieldKind.VAT, "12345", "vat"),
    (FieldKind.EMAIL, "anna@", "email"),
    (FieldKind.EMAIL, "anna@example", "email"),
    (FieldKind.EMAIL, "anna@host.test", "email"),
    (FieldKind.EMAIL, "a..b@example.nl", "email"),
    (FieldKind.CUSTOMER_NUMBER, "geen", "customer-number"),
    (FieldKind.CUSTOMER_NUMBER, "=1+1", "customer-number"),
    (FieldKind.IP, "192.0.2.256", "ip"),
    (FieldKind.DATE, "31-2-1980", "date"),
    (FieldKind.DATE, "1-2-80", "date"),
    (FieldKind.NUMBER, "1.000,50", "number"),
    (FieldKind.NAME, "-", "no-letter"),
    (FieldKind.NAME, "A" * 201, "too-long"),
    (FieldKind.NAME, "Anna\x00Vries", "control-character"),
    (FieldKind.NAME, "Anna\u202eseirV", "control-character"),
    (FieldKind.NAME, "anna@example.nl", "name"),
    (FieldKind.TEXT, "\x00", "control-character"),
    (FieldKind.TEXT, "haar BSN is 1234 56 782, zegt zij", "bsn"),
    (FieldKind.TEXT, "Burgerservicenummer: 123456782", "bsn"),
    (FieldKind.BSN, "123456789", "bsn-form"),
]


@pytest.mark.parametrize(("kind", "value", "code"), UNSOUND)
def test_an_unsound_value_is_refused_with_a_reason_that_does_not_repeat_it(kind, value, code):
    outcome = check_kind(kind, value)
    assert isinstance(outcome, Unsound)
    assert outcome.code == code
    assert len(value) < 11 or value not in outcome.reason


@pytest.mark.parametrize(("kind", "_given", "kept"), SOUND)
def test_the_normal_writing_is_stable(kind, _given, kept):
    assert check_kind(kind, kept) == kept


def test_a_postcode_abroad_is_judged_by_its_country():
    assert check_postcode("b-9000", "België") == "B-9000"
    assert check_postcode("5854gh", "Nederland") == "5854 GH"
    assert isinstance(check_postcode("B-9000", "NL"), Unsound)
    assert isinstance(check_postcode("<script>", "België"), Unsound)


# A BSN is never taken from the eleven-test alone.


@given(st.integers(0, 999_999_999))
def test_the_eleven_test_is_that_of_stdnum(number):
    digits = f"{number:09d}"
    assert passes_eleven_test(digits) == (number != 0 and stdnum_bsn.is_valid(digits))


def test_mobile_numbers_that_pass_the_eleven_test_stay_telephone_numbers():
    mobiles = [f"6{n:08d}" for n in range(12_000_000, 12_002_000)]
    passing = [m for m in mobiles if passes_eleven_test(m)]
    assert 0.07 < len(passing) / len(mobiles) < 0.11
    for mobile in passing:
        assert check_telephone("0" + mobile) == "+31" + mobile
        assert not is_bsn("mobiel", mobile)
        assert not holds_bsn(f"bel 0{mobile}")
        assert check_kind(FieldKind.CUSTOMER_NUMBER, mobile) == mobile


@pytest.mark.parametrize(
    "name", ["BSN", "bsn-nummer", "Burgerservicenummer", "Sofi nr.", "burger service nummer", "BSNR"]
)
def test_a_column_name_and_the_test_together_make_a_bsn(name):
    assert names_bsn(name) == (name != "BSNR") or name == "BSNR"
    if name != "BSNR":
        assert is_bsn(name, "123456782")
        assert not is_bsn(name, "123456789")


@pytest.mark.parametrize("name", ["klantnummer", "telefoon", "bsnoep", "factuurnummer"])
def test_other_column_names_never_do(name):
    assert not is_bsn(name, "123456782")


def test_a_bsn_field_needs_a_statute():
    without = DataField(title=TITLE, kind=FieldKind.BSN)
    named = DataField(title=TITLE, kind=FieldKind.BSN, statute="Wlz 9.1.2")
    refused = check_field(without, BSN)
    assert isinstance(refused, Unsound)
    assert "UAVG 46" in refused.reason
    assert check_field(named, BSN) == BSN


# VAT numbers of before 2020.


@pytest.mark.parametrize("written", [f"NL{BSN}B01", "nl 1234.56.782.b01", f"{BSN}B01", f"NL{BSN}B02"])
def test_an_old_sole_trader_number_is_refused_and_the_btw_id_asked_for(written):
    refused = check_vat(written)
    assert isinstance(refused, Unsound)
    assert refused.code == "vat-holds-bsn"
    assert "btw-id" in refused.reason
    assert "2020" in refused.reason


def test_the_number_of_a_legal_person_is_its_rsin_and_stays():
    assert check_vat(f"NL{rsin()}B01") == f"NL{rsin()}B01"


def test_a_present_btw_id_is_taken():
    nine = next(str(n) for n in range(123456700, 123456800) if not passes_eleven_test(str(n)))
    assert check_vat(btw_id(nine)) == btw_id(nine)


@given(st.integers(100_000_000, 999_999_999))
def test_a_btw_id_with_right_check_digits_is_never_called_a_bsn(number):
    assert check_vat(btw_id(str(number))) == btw_id(str(number))


# The fast paths agree with the libraries they stand in for.


@given(st.from_regex(r"0[1-9][0-9]{8}", fullmatch=True))
@settings(max_examples=100)
def test_the_fast_path_of_telephones_agrees_with_phonenumbers(national):
    outcome = check_telephone(national)
    parsed = phonenumbers.parse(national, "NL")
    if phonenumbers.is_valid_number(parsed):
        assert outcome == phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    else:
        assert isinstance(outcome, Unsound)


@given(st.from_regex(r"[a-zA-Z0-9._+-]{1,12}@[a-z0-9.-]{1,16}\.(nl|org|test|invalid|n)", fullmatch=True))
@settings(max_examples=100)
def test_the_fast_path_of_addresses_agrees_with_email_validator(address):
    outcome = check_email(address)
    try:
        assert outcome == validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError:
        assert isinstance(outcome, Unsound)


@given(st.sampled_from(sorted(FieldKind)), st.text(max_size=60))
@settings(max_examples=100)
def test_no_text_whatever_breaks_a_validator_and_what_is_kept_is_stable(kind, value):
    outcome = check_kind(kind, value)
    if isinstance(outcome, str):
        assert check_kind(kind, outcome) == outcome
        assert normal_form(kind, outcome) == normal_form(kind, str(check_kind(kind, outcome)))
    else:
        assert outcome.reason
