"""A call is read back from its bytes, whatever they are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tidan_node.council.deeds import UNREADABLE, deed_of, parties_in
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parties import PartyStatus
from tidan_node.ledger.calls import Call
from tidan_node.ledger.codec import encode_call

NAMES = {PartyIndex(1): "Paper Heron Demo Line", PartyIndex(5): "Jade Kiln Demo Exports"}
ACCOUNT = "0x" + "ab" * 20


def deed(contract: str, function: str, *arguments: object) -> tuple[str, str]:
    found = deed_of(contract, encode_call(Call(contract, function, arguments)), NAMES)
    return found.kind, found.words


def test_each_is_a_sentence() -> None:
    suspended = int(PartyStatus.SUSPENDED)
    assert deed("PartyRegistry", "changeStatus", 5, suspended, "x") == (
        "suspend",
        "suspend Jade Kiln Demo Exports (party 5)",
    )
    assert deed("PartyRegistry", "revoke", 5, 1, "x")[1] == (
        "revoke Jade Kiln Demo Exports (party 5) for ever; Paper Heron Demo Line (party 1) answers"
        " the surrenders of its titles"
    )
    assert deed("PartyRegistry", "recover", 5, ACCOUNT, "x")[1] == (
        f"end every account of Jade Kiln Demo Exports (party 5) and let {ACCOUNT} act for it"
    )
    assert deed("GatewayRegistry", "recognise", ACCOUNT, "Demo Port") == (
        "recognise-gateway",
        f"recognise the gateway Demo Port ({ACCOUNT})",
    )
    assert deed("GatewayRegistry", "dismiss", ACCOUNT)[1] == f"dismiss the gateway {ACCOUNT}"
    assert deed("Council", "addSeat", 9)[1] == (
        "give nobody enrolled (party 9) a seat in the Council"
    )


def test_a_profile_that_is_none_is_said_to_be_none() -> None:
    call = Call("PartyRegistry", "enrol", (2, ACCOUNT, b"{", "r", "l", []))
    found = deed_of("PartyRegistry", encode_call(call), NAMES)
    assert "cannot be read" in found.words
    assert found.details["profileError"].startswith("profile")


def test_a_status_that_the_registry_would_refuse_is_not_called_anything_else() -> None:
    assert deed("PartyRegistry", "changeStatus", 5, int(PartyStatus.REVOKED), "x")[0] == UNREADABLE


def test_a_call_of_another_contract_is_unreadable() -> None:
    assert deed_of(None, b"\x01\x02\x03\x04", NAMES).kind == UNREADABLE


@given(
    contract=st.sampled_from(["PartyRegistry", "PlatformRegistry", "GatewayRegistry", "Council"]),
    data=st.binary(max_size=200),
)
def test_no_bytes_do_any_harm(contract: str, data: bytes) -> None:
    assert deed_of(contract, data, NAMES).words
    assert isinstance(parties_in(contract, data), set)


@given(data=st.binary(max_size=300), function=st.sampled_from(["enrol", "recover", "changeStatus"]))
def test_no_arguments_do_any_harm(data: bytes, function: str) -> None:
    samples = {
        "enrol": Call("PartyRegistry", "enrol", (2, ACCOUNT, b"{", "r", "l", [])),
        "recover": Call("PartyRegistry", "recover", (5, ACCOUNT, "x")),
        "changeStatus": Call("PartyRegistry", "changeStatus", (5, 2, "x")),
    }
    selector = encode_call(samples[function])[:4]
    assert deed_of("PartyRegistry", selector + data, NAMES).words
