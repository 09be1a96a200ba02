"""Public lists that number companies: what makes a number of each one that can exist.

A number with the right form and check digits may still be nobody's; who vouches for it is another
question (certificates, credentials).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final, Literal

from stdnum import lei
from stdnum.cn import uscc
from stdnum.eu import vat
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.sg import uen

from tidan_node.domain.profiles import Identifier, Profile
from tidan_node.problems import InvalidInput

Standing = Literal["valid", "invalid", "unchecked"]
Rule = Callable[[str], object]


class IdentifierInvalid(InvalidInput):
    """An identifier or code of a list with rules of its own breaks one of them: `rule` says whether
    it is the form or the check digits. Mend the number; a list without rules is not checked."""

    status, slug, title = 422, "identifier-invalid", "No such number can exist in this list"


def _form(pattern: str) -> Rule:
    form = re.compile(pattern)

    def rule(value: str) -> None:
        if not form.fullmatch(value):
            raise ValidationError

    return rule


def _vat(value: str) -> None:
    """Countries whose numbers have become longer take the old ones, too: that is two spellings."""
    if vat.validate(value) != value:
        raise ValidationError


_FORMS: Final[Mapping[str, str]] = {
    # ISO 17442: 98 less the rest of a division by 97 is 02 to 98; 00, 01 and 99 would pass ISO 7064
    "LEI": r"[0-9A-Z]{18}(?!00|01|99)[0-9]{2}",
    "USCC": r"[0-9A-HJ-NPQRTUWXY]{18}",  # GB 32100
    "UEN": r"[0-9]{8,9}[A-Z]|[RST][0-9]{2}[A-Z]{2}[0-9]{4}[A-Z]",
    "EUVAT": r"(?!GR)[A-Z]{2}[0-9A-Z+*]{2,12}",  # Greece is EL (Directive 2006/112/EC, art. 215)
    "DUNS": r"[0-9]{9}",
    "SCAC": r"[A-Z]{2,4}",
    "SMDG": r"[A-Z0-9]{3}",
}
"""Stricter than the checks below, which pass over spaces and signs: one number, one spelling."""

_CHECKS: Final[Mapping[str, Rule]] = {
    "LEI": lei.validate,
    "USCC": uscc.validate,
    "UEN": uen.validate,
    "EUVAT": _vat,
}
_WORDS: Final[Mapping[str, str]] = {
    "LEI": "18 letters and digits, and 2 check digits (ISO 17442)",
    "USCC": "18 digits and letters without I, O, Z, S, V, the last a check (GB 32100)",
    "UEN": "9 or 10 characters, the last a check letter",
    "EUVAT": "the country's two letters and its number with its check",
    "DUNS": "9 digits",
    "SCAC": "2 to 4 letters",
    "SMDG": "3 letters or digits",
}

SCHEMES: Final = tuple(_FORMS)
"""The lists whose numbers are checked."""

_RULES: Final[Mapping[str, Rule]] = {scheme: _form(form) for scheme, form in _FORMS.items()}


def check_identifier(identifier: Identifier, field: str = "identifiers") -> None:
    """Nothing, or `IdentifierInvalid`. A list that is not known here has no rule to break."""
    scheme, value = identifier.scheme, identifier.value
    if scheme not in _RULES:
        return
    try:
        _RULES[scheme](value)
        _CHECKS.get(scheme, _anything)(value)
    except InvalidChecksum as error:
        raise IdentifierInvalid(
            f"{scheme}:{value}: its check digits are not those of the rest",
            field=field,
            rule="check",
        ) from error
    except ValidationError as error:
        raise IdentifierInvalid(
            f"{scheme}:{value}: is not {_WORDS[scheme]}", field=field, rule="form"
        ) from error


def standing_of(identifier: Identifier) -> Standing:
    """What can be said of a number that somebody has stated already."""
    if identifier.scheme not in _RULES:
        return "unchecked"
    try:
        check_identifier(identifier)
    except IdentifierInvalid:
        return "invalid"
    return "valid"


def check_profile(profile: Profile) -> None:
    """Every identifier and every code of what a party is about to say of itself.

    Asked before a profile goes to the chain; what is there already stays readable.
    """
    for identifier in profile.identifiers:
        check_identifier(identifier)
    check_codes(profile.codes)


def check_codes(codes: Iterable[str]) -> None:
    """Codes, as `SMDG:MSC`, by the rule of their list."""
    for code in codes:
        scheme, _, value = code.partition(":")
        check_identifier(Identifier(scheme, value), "codes")


def _anything(_: str) -> None:
    """A form is all that the list has."""
