"""Acts on titles as a wallet signs them: EIP-712, made from the ABI; the chain's own key signs."""

from collections.abc import Mapping
from typing import Any

from chaincode_tests.contract import Contract
from tidan_node.domain.titles.terms import terms_of

Json = Any  # typed data is as many shapes as there are acts

DOMAIN = (
    ("name", "string"),
    ("version", "string"),
    ("chainId", "uint256"),
    ("verifyingContract", "address"),
)
# a wallet shows the terms, which the ABI has in one word
ISSUANCE = (
    *(("number", "bytes32"), ("series", "bytes32"), ("contentRoot", "bytes32")),
    *(("possessor", "uint32"), ("titleholder", "uint32"), ("kind", "uint8")),
    *(("schema", "uint16"), ("version", "uint16"), ("rulebook", "uint8")),
)


def typed_data(
    titles: Contract,
    function: str,
    arguments: tuple[Any, ...],
    valid_until: int,
    *,
    domain: Mapping[str, Json] | None = None,
) -> dict[str, Json]:
    """What is signed for this call: the struct of the act, with its arguments by their names."""
    inputs = next(e["inputs"] for e in titles.abi if e.get("name") == function)
    name = function[0].upper() + function[1:]
    types = {
        "EIP712Domain": _fields(DOMAIN),
        name: [
            *({"name": each["name"], "type": _type(each)} for each in inputs),
            {"name": "validUntil", "type": "uint256"},
        ],
    }
    for each in inputs:
        if each["type"].startswith("tuple"):
            types["Issuance"] = _fields(ISSUANCE)
    said = {
        each["name"]: _value(each, value) for each, value in zip(inputs, arguments, strict=True)
    }
    return {
        "types": types,
        "primaryType": name,
        "domain": domain or domain_of(titles),
        "message": said | {"validUntil": str(valid_until)},
    }


def domain_of(titles: Contract, *, chain_id: int = 31337) -> dict[str, Json]:
    return {
        "name": "Tidan TitleRegistry",
        "version": "1",
        "chainId": str(chain_id),
        "verifyingContract": titles.address,
    }


def _fields(named: Any) -> list[dict[str, str]]:  # pairs of name and type
    return [{"name": name, "type": kind} for name, kind in named]


def _type(entry: Mapping[str, Json]) -> str:
    """A struct by its own name; the ABI knows it as a tuple."""
    kind: str = entry["type"]
    return kind.replace("tuple", "Issuance")


def _value(entry: Mapping[str, Json], value: Any) -> Json:
    kind: str = entry["type"]
    if kind.endswith("[]"):
        member = {**entry, "type": kind.removesuffix("[]")}
        return [_value(member, each) for each in value]
    if kind == "tuple":
        number, series, root, terms = value
        named = {"number": number, "series": series, "contentRoot": root}
        words = {name: "0x" + word.hex() for name, word in named.items()}
        return words | {name: str(each) for name, each in terms_of(terms).items()}
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return value if isinstance(value, str) else str(int(value))
