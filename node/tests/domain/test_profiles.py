"""A profile is read as strictly as something that any member can write."""

from __future__ import annotations

import json

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from tidan_node.domain.exchange_keys import ExchangeKeys
from tidan_node.domain.profiles import (
    LARGEST_PROFILE,
    Identifier,
    Profile,
    ProfileMalformed,
    read_profile,
)

KEYS = ExchangeKeys.from_secret(bytes(32))
WHOLE = Profile(
    name="中远海运 Lines (Δ) Ltd",
    identifiers=(
        Identifier("LEI", "5299000J2N45DDNE4Y28"),
        Identifier("USCC", "91110000600037341L"),
    ),
    node_url="https://node.example:8443/",
    codes=("SMDG:COS", "LEI:5299000J2N45DDNE4Y28", "0195:201455778H"),
    signing_key=KEYS.signing_jwk,
    encryption_key=KEYS.encryption_jwk,
    did="did:web:company.example:lines",
    certificates=(b"\x30\x03\x02\x01\x07", b"\x30\x00"),
    certificate_proof="e30.e30.c2ln",
    tls_certificates=(b"\x30\x00", b"\x30\x03\x02\x01\x07"),
)


def raw(**members: object) -> bytes:
    return bytes(rfc8785.dumps({"name": "A Ltd"} | members))  # type: ignore[arg-type]  # any JSON


def refused_for(content: bytes) -> str | None:
    """The member for which the profile is refused, if it is."""
    try:
        read_profile(content)
    except ProfileMalformed as refusal:
        return refusal.field
    return None


class TestReadProfile:
    def test_reads_what_canonical_writes(self) -> None:
        assert read_profile(WHOLE.canonical()) == WHOLE

    def test_only_the_name_is_needed(self) -> None:
        assert read_profile(raw()) == Profile("A Ltd")

    def test_members_of_later_versions_are_passed_over(self) -> None:
        assert read_profile(raw(documentKey={"kty": "OKP"}, more=[1])) == Profile("A Ltd")

    @pytest.mark.parametrize(
        ("field", "content"),
        [
            ("profile", b""),
            ("profile", b"\xff\xfe"),
            ("profile", b"{"),
            ("profile", b"[1]"),
            ("profile", b"null"),
            ("profile", b'{"name":"A","name":"B"}'),
            ("profile", b'{"name": "A"}'),
            ("profile", b'{"name":"\\ud800"}'),
            ("profile", b'{"name":"A","x":1e400}'),
            ("profile", b'{"name":"A","x":' + b"9" * 6000 + b"}"),
            ("profile", b'{"name":"A","x":' + b"[" * 8000 + b"]" * 8000 + b"}"),
            ("profile", b'{"name":"A","x":' + b"[" * 300 + b"]" * 300 + b"}"),
            ("profile", b'{"' + b"n" * 8000 + b'":1,"' + b"n" * 8000 + b'":2}'),
            ("profile", b" " * (LARGEST_PROFILE + 1)),
            ("name", rfc8785.dumps({})),
            ("name", raw(name="")),
            ("name", raw(name="   ")),
            ("name", raw(name=7)),
            ("name", raw(name="x" * 201)),
            ("profile", raw(name="A\x00B")),
            ("name", raw(name="A\x1b[2JB")),
            ("name", raw(name="A\u202eB")),
            ("profile", raw(name="Cafe\u0301")),
            ("identifiers", raw(identifiers={})),
            ("identifiers", raw(identifiers=["LEI:1"])),
            ("identifiers", raw(identifiers=[{"scheme": "LEI"}])),
            ("identifiers", raw(identifiers=[{"scheme": "lei", "value": "1"}])),
            ("identifiers", raw(identifiers=[{"scheme": "LEI", "value": "a b"}])),
            ("identifiers", raw(identifiers=[{"scheme": "LEI", "value": "abc"}])),
            ("identifiers", raw(identifiers=[{"scheme": "LEI", "value": "1", "more": 1}])),
            ("identifiers", raw(identifiers=[{"scheme": "LEI", "value": "1"}] * 2)),
            (
                "identifiers",
                raw(identifiers=[{"scheme": "X1", "value": str(n)} for n in range(65)]),
            ),
            ("did", raw(did="did:key:z6Mk")),
            ("did", raw(did="did:web:a/b")),
            ("did", raw(did=None)),
            ("certificates", raw(certificates=[])),
            ("certificates", raw(certificates="MAA=")),
            ("certificates", raw(certificates=["MAA=", "MAE="])),
            ("certificates", raw(certificates=["MAA"])),
            ("certificates", raw(certificates=["MAAA"])),
            ("certificates", raw(certificates=["MAA="] * 5)),
            ("certificates", raw(certificates=[7])),
            ("certificateProof", raw(certificateProof="a.b")),
            ("certificateProof", raw(certificateProof="a.b." + "c" * 2048)),
            ("tlsCertificates", raw(tlsCertificates=[])),
            ("tlsCertificates", raw(tlsCertificates=["MAA", "MAA="])),
            ("tlsCertificates", raw(tlsCertificates=["MAA="] * 3)),
            ("tlsCertificates", raw(tlsCertificates=["MAEA" + "A" * 6000])),
            ("nodeUrl", raw(nodeUrl="javascript:alert(1)")),
            ("nodeUrl", raw(nodeUrl="https://a b")),
            ("nodeUrl", raw(nodeUrl="https://a.example/any?path=")),
            ("nodeUrl", raw(nodeUrl="https://a.example#")),
            ("nodeUrl", raw(nodeUrl="https://user:word@a.example")),
            ("nodeUrl", raw(nodeUrl="https://a.example\\@b.example")),
            ("nodeUrl", raw(nodeUrl="https://" + "a" * 2048)),
            ("codes", raw(codes="SMDG:MSC")),
            ("codes", raw(codes=["MSC"])),
            ("codes", raw(codes=["SMDG:MSC", "SMDG:MSC"])),
            ("signingKey", raw(signingKey="11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")),
            ("signingKey", raw(signingKey=KEYS.encryption_jwk)),
            ("signingKey", raw(signingKey=KEYS.signing_jwk | {"d": "AA"})),
            ("encryptionKey", raw(encryptionKey=KEYS.signing_jwk)),
            ("encryptionKey", raw(encryptionKey=KEYS.encryption_jwk | {"x": "A" * 43})),
        ],
    )
    def test_names_the_member_that_breaks_its_form(self, field: str, content: bytes) -> None:
        with pytest.raises(ProfileMalformed) as refusal:
            read_profile(content)
        assert refusal.value.field == field
        assert len(refusal.value.detail) < 300

    @settings(deadline=None)
    @given(st.binary(max_size=200))
    def test_no_bytes_raise_anything_else(self, content: bytes) -> None:
        assert refused_for(content) in {None, "profile", "name"}

    @settings(deadline=None)
    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=10,
        ),
        st.sampled_from(["name", "identifiers", "nodeUrl", "codes", "signingKey", "other"]),
    )
    def test_no_json_raises_anything_else(self, value: object, member: str) -> None:
        content = json.dumps({"name": "A"} | {member: value}).encode()
        assert refused_for(content) in {None, "profile", member}


class TestIdentifier:
    def test_is_named_by_scheme_and_value(self) -> None:
        assert Identifier.parse("LEI:5299abc") == Identifier("LEI", "5299ABC")

    @pytest.mark.parametrize("text", ["LEI", "LEI:", ":1", "lei:1", "Acme: Shipping", "A:1", "7:1"])
    def test_other_texts_name_none(self, text: str) -> None:
        assert Identifier.parse(text) is None
