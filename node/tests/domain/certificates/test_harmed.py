"""Certificates, lists and tokens that were harmed on the way are refused, and never a fault."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.authorities import NOW, Authority, der, fresh_key
from tests.domain.chinese_authorities import ChineseAuthority
from tests.domain.sign_ins import claims, header, signed
from tidan_node.domain.certificates.client import CertificateRefused, verify_client_chain
from tidan_node.domain.certificates.reading import read_certificate
from tidan_node.domain.sign_in_tokens import PlatformSignInRefused, SignInToken

ROOT = Authority.root()
ISSUING = ROOT.below()
KEY = fresh_key()
LEAF = der(ISSUING.client(key=KEY))
NATIONAL = ChineseAuthority.root()
SERVICE = NATIONAL.below()
CHAINS = (
    (LEAF, ISSUING.der, ROOT.der, ISSUING.crl(), ROOT.crl()),
    (
        SERVICE.client("NTRCN-91310000710931109X"),
        SERVICE.certificate,
        NATIONAL.certificate,
        SERVICE.crl(),
        NATIONAL.crl(),
    ),
)
PLACES = ("leaf", "between", "anchor", "list of clients", "list of authorities")


def harmed(draw: st.DrawFn, content: bytes) -> bytes:
    """With one byte changed, cut off, or more of them."""
    place = draw(st.integers(0, len(content) - 1))
    match draw(st.sampled_from(("change", "cut", "insert"))):
        case "change":
            changed = content[place] ^ draw(st.integers(1, 255))
            return content[:place] + bytes((changed,)) + content[place + 1 :]
        case "cut":
            return content[:place]
        case _:
            return content[:place] + draw(st.binary(min_size=1, max_size=4)) + content[place:]


@st.composite
def chains(draw: st.DrawFn) -> tuple[bytes, ...]:
    chain = list(draw(st.sampled_from(CHAINS)))
    which = draw(st.integers(0, len(PLACES) - 1))
    chain[which] = harmed(draw, chain[which])
    return tuple(chain)


@settings(max_examples=400)
@given(chains())
def test_a_chain_that_was_harmed_is_refused(chain: tuple[bytes, ...]) -> None:
    """Save an anchor, whose own signature nobody asks for: it is what is trusted."""
    leaf, between, anchor, *lists = chain
    try:
        client = verify_client_chain(leaf, [between], anchors=[anchor], at=NOW, crls=lists)
    except CertificateRefused:
        return
    assert client.chain[:2] in {each[:2] for each in CHAINS}
    assert {each.der for each in client.lists} in [set(each[3:]) for each in CHAINS]


@st.composite
def tokens(draw: st.DrawFn) -> str:
    text = signed(KEY, header([LEAF]), claims())
    return harmed(draw, text.encode()).decode("latin-1")


@settings(max_examples=200)
@given(tokens())
def test_a_token_that_was_harmed_is_refused(text: str) -> None:
    certificate = read_certificate(LEAF)
    try:
        SignInToken.read(text).require_signed_with(certificate)
    except PlatformSignInRefused:
        return
    raise AssertionError("a token that was harmed is believed")
