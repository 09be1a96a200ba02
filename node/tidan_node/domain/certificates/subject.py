"""Whom a certificate names: the person, and the organisation that it acts for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from cryptography import x509
from cryptography.x509.oid import NameOID

from tidan_node.domain.certificates.reading import UNREADABLE
from tidan_node.domain.certificates.refused import refused
from tidan_node.domain.profiles import Identifier

LONGEST_SUBJECT: Final = 255
_ORGANISATION: Final = re.compile(r"(LEIXG|VAT[A-Z]{2}|NTRCN|NTRSG)-([!-~]{1,60})")
_SCHEMES: Final = {"LEIXG": "LEI", "NTRCN": "USCC", "NTRSG": "UEN"}


@dataclass(frozen=True, slots=True)
class Subject:
    """A certificate's subject. Its name is a person's: it goes into no log and no error."""

    name: str = field(repr=False)
    """RFC 4514, with all but ASCII as hexadecimal pairs (2.4): one form that every system keeps.
    Within one authority a name belongs to one subject for ever (X.509)."""
    organisation: Identifier | None
    """From organizationIdentifier (2.5.4.97), which ETSI EN 319 412-1 gives its form."""


def subject_of(certificate: x509.Certificate) -> Subject:
    """The subject, with one organisation at most."""
    try:
        name = _in_ascii(certificate.subject.rfc4514_string())
        organisations = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_IDENTIFIER)
    except UNREADABLE as error:
        raise refused("subject", "the subject cannot be read") from error
    if not 0 < len(name) <= LONGEST_SUBJECT:
        raise refused("subject", f"the subject's name has 1 to {LONGEST_SUBJECT} characters")
    if len(organisations) > 1:
        raise refused("subject", "the subject acts for more than one organisation")
    value = organisations[0].value if organisations else ""
    return Subject(name, organisation_named(value) if isinstance(value, str) else None)


def _in_ascii(name: str) -> str:
    return "".join(
        letter
        if " " <= letter <= "~"
        else "".join(f"\\{byte:02X}" for byte in letter.encode("utf-8"))
        for letter in name
    )


def organisation_named(value: str) -> Identifier | None:
    """`LEIXG-5493…` is `LEI:5493…`; None where the list is none that parties are named by."""
    match = _ORGANISATION.fullmatch(value)
    if match is None:
        return None
    registry, number = match[1], match[2]
    if registry.startswith("VAT"):
        return Identifier.parse(f"EUVAT:{registry[3:]}{number}")
    return Identifier.parse(f"{_SCHEMES[registry]}:{number}")


def require_covered_names(path: tuple[x509.Certificate, ...]) -> None:
    """What the verifier passes over: a constraint on a form of names that it does not compare, and
    one on addresses where the address stands in the subject (RFC 5280, 4.2.1.10)."""
    addressed = bool(path[0].subject.get_attributes_for_oid(NameOID.EMAIL_ADDRESS))
    for authority in path[1:]:
        for form in _constrained_forms(authority):
            if form not in (x509.DNSName, x509.IPAddress, x509.RFC822Name):
                raise refused("name", "an authority is held to names that are not compared here")
            if form is x509.RFC822Name and addressed:
                raise refused("name", "an authority of the chain may not vouch for this address")


def _constrained_forms(authority: x509.Certificate) -> set[type[x509.GeneralName]]:
    try:
        found = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:
        return set()
    return {type(name) for name in (found.permitted_subtrees or [])} | {
        type(name) for name in (found.excluded_subtrees or [])
    }
