"""Identity numbers as people type them: read, repaired where that is certain, else refused with a reason.

Citizen identity numbers follow GB 11643: 6 digits of area, birth date, 3 digits of order (odd: male) and a
check digit. The area is not checked: a real number keeps the code of a county that has long been renamed.
A disability certificate has the 18 characters, the kind (1-7), the grade (1-4) and, once reissued, `B`
and a digit. A fault never repeats the number: it is personal data.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric

from lika.core import crypto
from lika.core.errors import UserError

CITIZEN_CARD, DISABILITY_CERTIFICATE = "01", "02"
MALE, FEMALE = "1", "2"

_SEPARATORS = re.compile(r"[\s\-‐-―'’`]+")
_SCIENTIFIC = re.compile(r"\d(\.\d*)?E\+?\d+")
_FLOAT_TAIL = re.compile(r"(\d{15,})\.0*")
_OLD = re.compile(r"\d{15}")
_CITIZEN = re.compile(r"\d{17}[\dX]")
_CERTIFICATE = re.compile(r"(\d{17}[\dX])([1-7])([1-4])(B\d)?")
# A spreadsheet keeps 15 digits of a number: the last of 18, 20 or 22 become zeros.
_ROUNDED = re.compile(r"\d{15}(000|0{5}|0{7})")
_CERTIFICATE_LENGTHS = (20, 22)
_CITIZEN_LENGTH = 18
_MOBILE_DIGITS = 11


@dataclass(frozen=True)
class Identity:
    """A sound number and what it says.

    `number` is what the document shows, `citizen_number` its first 18 characters, `original` the 15 digits converted.
    """

    id_type: str
    number: str
    citizen_number: str
    original: str
    birth_date: dt.date
    sex: str
    disability_type: str = ""
    disability_grade: str = ""


def check_identity(text: str, *, on: dt.date | None = None) -> Identity | UserError:
    """The identity behind a text, or the fault (REG-101 … REG-109) that keeps it from being one.

    Full-width characters, spaces and a lower-case x are repaired; a 15-digit number is converted
    (century 19) and kept as `original`. Born after `on` (today) is impossible.
    """
    number = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    damage = _damage(number)
    if damage is not None:
        return damage
    if _OLD.fullmatch(number):
        return _identity(_to_18(number), on, original=number)
    certificate = _CERTIFICATE.fullmatch(number)
    if certificate:
        return _identity(certificate[1], on, certificate=certificate)
    if _CITIZEN.fullmatch(number):
        return _identity(number, on)
    if len(number) in _CERTIFICATE_LENGTHS:
        return UserError(
            "REG-109",
            _("The disability certificate number does not end in a kind (1-7) and a grade (1-4)."),
            remedy=_("Copy the number from the certificate again."),
        )
    return UserError(
        "REG-105",
        _("The number is not made as an identity number is: 18 characters, digits and at the end perhaps X."),
        remedy=_("Copy the number from the document again."),
        characters=len(number),
    )


def _damage(number: str) -> UserError | None:
    """What is wrong with a number before it is looked at as one."""
    if not number:
        return UserError(
            "REG-101",
            _("The identity number is missing."),
            remedy=_("Enter it, or the reason why there is none."),
        )
    if _SCIENTIFIC.fullmatch(number):
        return UserError(
            "REG-102",
            _("The spreadsheet turned the number into a power of ten; its last digits are lost."),
            remedy=_("Format the column as text and enter the number again."),
        )
    if _FLOAT_TAIL.fullmatch(number) or (_ROUNDED.fullmatch(number) and not _is_sound_card(number)):
        return UserError(
            "REG-103",
            _("The spreadsheet rounded the number; its last digits are lost."),
            remedy=_("Format the column as text and enter the number again."),
        )
    return None


def _identity(
    citizen: str, on: dt.date | None, *, original: str = "", certificate: re.Match[str] | None = None
) -> Identity | UserError:
    birth = _date(citizen[6:14])
    if birth is None or birth > (on or timezone.localdate()):
        return UserError(
            "REG-106",
            _("The birth date inside the number is not possible."),
            remedy=_("Compare the number with the document, digit by digit."),
        )
    if not _check_digit_fits(citizen):
        return UserError(
            "REG-107",
            _("The check digit does not fit: at least one digit is wrong."),
            remedy=_("Compare the number with the document, digit by digit."),
        )
    return Identity(
        id_type=DISABILITY_CERTIFICATE if certificate else CITIZEN_CARD,
        number=certificate[0] if certificate else citizen,
        citizen_number=citizen,
        original=original,
        birth_date=birth,
        sex=MALE if int(citizen[16]) % 2 else FEMALE,
        disability_type=certificate[2] if certificate else "",
        disability_grade=certificate[3] if certificate else "",
    )


def _check_digit_fits(citizen: str) -> bool:
    # Not `ric.validate`: it refuses real people, for it wants the area code to be valid at birth.
    return bool(ric.calc_check_digit(citizen) == citizen[-1])


def _is_sound_card(number: str) -> bool:
    return _CITIZEN.fullmatch(number) is not None and _check_digit_fits(number)


def _to_18(old: str) -> str:
    long = f"{old[:6]}19{old[6:]}"
    return long + str(ric.calc_check_digit(long + "0"))


def _date(digits: str) -> dt.date | None:
    try:
        return dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def citizen_number(id_type: str, number: str) -> str:
    """What names the person in the number of a document: of a disability certificate, its first 18 characters."""
    return number[:_CITIZEN_LENGTH] if id_type == DISABILITY_CERTIFICATE else number


def identity_index(citizen_number: str) -> bytes:
    """The blind index of a person: one for the card and the disability certificate of the same person."""
    return crypto.blind_index(citizen_number, "identity")


def phone_index(phone: str) -> bytes:
    """The blind index of a telephone: digits only, and of a mobile number the last eleven (+86, 0086)."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", phone))
    return crypto.blind_index(digits[-_MOBILE_DIGITS:], "phone")


def account_index(account: str) -> bytes:
    """The blind index of a bank account: digits only, however it was written."""
    return crypto.blind_index(re.sub(r"\D", "", unicodedata.normalize("NFKC", account)), "account")
