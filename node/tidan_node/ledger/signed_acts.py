"""Acts on titles as they are signed away from the node: EIP-712, made from the contract's ABI.

The registry hashes the words of a call in the same way (`libraries/SignedActs.sol`): the struct of
an act has the name of its function and its arguments by their names, and last until when it holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from coincurve import PublicKey
from eth_abi.exceptions import EncodingError
from eth_hash.auto import keccak

from tidan_node.domain.identifiers import Address, to_bytes
from tidan_node.domain.title_problems import ActNotSignable, SignatureInvalid
from tidan_node.domain.titles.terms import packed, terms_of
from tidan_node.ledger.abi import CODEC, Parameter, Signature, Value, encode, signatures
from tidan_node.ledger.calls import Call
from tidan_node.ledger.codec import decode_call, encode_call
from tidan_node.ledger.signer import address_of_key
from tidan_node.problems import InvalidInput

_REGISTRY: Final = "TitleRegistry"
_NOT_FOR_OTHERS: Final = frozenset({"relay", "exportTitle", "returnTitle", "importTitle"})
_DOMAIN: Final = (
    ("name", "string"),
    ("version", "string"),
    ("chainId", "uint256"),
    ("verifyingContract", "address"),
)
_NAME: Final = "Tidan TitleRegistry"
_VERSION: Final = "1"
_ISSUANCE: Final = (
    *(("number", "bytes32"), ("series", "bytes32"), ("contentRoot", "bytes32")),
    *(("possessor", "uint32"), ("titleholder", "uint32"), ("kind", "uint8")),
    *(("schema", "uint16"), ("version", "uint16"), ("rulebook", "uint8")),
)
"""Who signs sees the terms by their names; the call has them in one word."""
_UNTIL: Final = ("validUntil", "uint256")
_OF_ISSUANCE: Final = "(bytes32,bytes32,bytes32,uint256)"
_HALF_ORDER: Final = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
_SIGNATURE_BYTES: Final = 65
_WHOLE: Final = "a whole number that is not negative and not too large"
_FORMS: Final = {
    "bytes32": "0x and 64 hexadecimal digits",
    "address": "0x and 40 hexadecimal digits",
    _OF_ISSUANCE: "an issuance whose number, series and contentRoot are 0x and 64 digits each",
}

_ACTS: Final[Mapping[str, Signature]] = {
    each.name: each
    for each in signatures(_REGISTRY, "function")
    if not each.outputs and each.name not in _NOT_FOR_OTHERS
}
"""The acts of parties and pledgees: what the registry only shows returns something."""


@dataclass(frozen=True, slots=True)
class SignedActs:
    """The acts of one registry on one chain."""

    chain_id: int
    registry: Address

    def act_in(self, data: bytes) -> Call:
        """The act that this call does; a call with more or less in it than the act is none."""
        call = decode_call(_REGISTRY, data)
        if call is None or call.function not in _ACTS or encode_call(call) != data:
            raise ActNotSignable("this is the call of no act that is signed", field="call")
        return call

    def call_of(self, function: str, arguments: Mapping[str, object]) -> Call:
        """The act of this name with these arguments, by the names that the contract has for them;
        an issuance is an object, as who signs sees it."""
        signature = self.require(function)
        names = {each.name for each in signature.inputs}
        for name in sorted(names ^ arguments.keys()):
            why = "is missing" if name in names else "is none"
            taken = ", ".join(each.name for each in signature.inputs)
            raise InvalidInput(f"{why}: {function} takes {taken}", field=f"arguments.{name}")
        stated = [_stated(each.type, arguments[each.name], each.name) for each in signature.inputs]
        for each, value in zip(signature.inputs, stated, strict=True):
            _require_encodable(each, value)
        data = encode_call(Call(_REGISTRY, function, tuple(stated)))
        return self.act_in(data)

    def require(self, function: str) -> Signature:
        """The act of this name."""
        if function not in _ACTS:
            known = ", ".join(sorted(_ACTS))
            raise ActNotSignable(f"{function!r} is none of {known}", field="act")
        return _ACTS[function]

    def typed_data(self, call: Call, valid_until: int) -> dict[str, object]:
        """What a wallet signs for this call, as `eth_signTypedData_v4` takes it."""
        signature = self.require(call.function)
        types: dict[str, object] = {
            "EIP712Domain": _fields(_DOMAIN),
            _struct(signature): [*_fields(_members(signature)), *_fields([_UNTIL])],
        }
        if any(_is_issuance(each) for each in signature.inputs):
            types["Issuance"] = _fields(_ISSUANCE)
        said = {
            each.name: _shown(each.type, value)
            for each, value in zip(signature.inputs, call.args, strict=True)
        }
        return {
            "types": types,
            "primaryType": _struct(signature),
            "domain": {
                "name": _NAME,
                "version": _VERSION,
                "chainId": str(self.chain_id),
                "verifyingContract": self.registry,
            },
            "message": said | {"validUntil": str(valid_until)},
        }

    def digest(self, call: Call, valid_until: int) -> bytes:
        """The hash that is signed for this call."""
        return bytes(keccak(b"\x19\x01" + self._domain() + _hash_of(call, valid_until)))

    def signer_of(self, call: Call, valid_until: int, signature: bytes) -> Address:
        """Whose signature over this call it is, as the registry finds it."""
        if len(signature) != _SIGNATURE_BYTES:
            raise SignatureInvalid("it has 65 bytes: r, s and v", field="signature")
        v, s = signature[64], int.from_bytes(signature[32:64], "big")
        if v not in (27, 28) or s > _HALF_ORDER:
            raise SignatureInvalid("v is 27 or 28, and s in the lower half", field="signature")
        recoverable = signature[:64] + bytes([v - 27])
        digest = self.digest(call, valid_until)
        try:
            key = PublicKey.from_signature_and_message(recoverable, digest, hasher=None)
        except Exception as error:  # coincurve raises a bare Exception for what it cannot recover
            raise SignatureInvalid("it is no signature", field="signature") from error
        return address_of_key(key.format(compressed=False))

    def _domain(self) -> bytes:
        words = (
            keccak(_type_text("EIP712Domain", _DOMAIN).encode()),
            keccak(_NAME.encode()),
            keccak(_VERSION.encode()),
            self.chain_id.to_bytes(32, "big"),
            to_bytes(self.registry).rjust(32, b"\0"),
        )
        return bytes(keccak(b"".join(words)))


def _struct(signature: Signature) -> str:
    return signature.name[0].upper() + signature.name[1:]


def _members(signature: Signature) -> list[tuple[str, str]]:
    """Names and types of the arguments, where an issuance is a struct by its own name."""
    return [(each.name, each.type.replace(_OF_ISSUANCE, "Issuance")) for each in signature.inputs]


def _is_issuance(parameter: Parameter) -> bool:
    return _OF_ISSUANCE in parameter.type


def _fields(named: list[tuple[str, str]] | tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in named]


def _type_text(name: str, members: tuple[tuple[str, str], ...]) -> str:
    return f"{name}({','.join(f'{kind} {each}' for each, kind in members)})"


def _hash_of(call: Call, valid_until: int) -> bytes:
    signature = _ACTS[call.function]
    text = _type_text(_struct(signature), (*_members(signature), _UNTIL))
    if any(_is_issuance(each) for each in signature.inputs):
        text += _type_text("Issuance", _ISSUANCE)
    words = [
        _word(each.type, value) for each, value in zip(signature.inputs, call.args, strict=True)
    ]
    packed = b"".join([keccak(text.encode()), *words, valid_until.to_bytes(32, "big")])
    return bytes(keccak(packed))


def _word(kind: str, value: Value) -> bytes:
    """What stands for a value in the struct's hash: an array or a struct is a hash itself."""
    if kind.endswith("[]"):
        member = kind.removesuffix("[]")
        return bytes(keccak(b"".join(_word(member, each) for each in value)))
    if kind == _OF_ISSUANCE:
        return _hash_of_issuance(value)
    return CODEC.encode([kind], [to_bytes(value) if kind.startswith("bytes") else value])


def _hash_of_issuance(value: Value) -> bytes:
    *named, terms = value
    small = terms_of(terms)
    words = [*(to_bytes(each) for each in named)]
    words += [small[name].to_bytes(32, "big") for name, _ in _ISSUANCE[len(named) :]]
    return bytes(keccak(keccak(_type_text("Issuance", _ISSUANCE).encode()) + b"".join(words)))


def _stated(kind: str, value: object, name: str) -> object:
    """A value of a request as the ABI takes it."""
    if kind.endswith("[]") and isinstance(value, list):
        member = kind.removesuffix("[]")
        return [_stated(member, each, f"{name}.{at}") for at, each in enumerate(value)]
    if kind != _OF_ISSUANCE:
        return value
    if not isinstance(value, Mapping) or value.keys() != {each for each, _ in _ISSUANCE}:
        members = ", ".join(each for each, _ in _ISSUANCE)
        raise InvalidInput(f"must be an object of {members}", field=f"arguments.{name}")
    small = []
    for each, of in _ISSUANCE[3:]:
        number = value[each]
        if type(number) is not int or not 0 <= number < 2 ** int(of.removeprefix("uint")):
            raise InvalidInput(f"must be a {of}", field=f"arguments.{name}.{each}")
        small.append(number)
    return (value["number"], value["series"], value["contentRoot"], packed(*small))


def _require_encodable(parameter: Parameter, value: object) -> None:
    """Each argument is what its type says; the encoder would say so in words of its own."""
    try:
        encode([parameter.type], [value])
    except (EncodingError, ValueError, TypeError) as error:
        member = parameter.type.removesuffix("[]")
        words = _FORMS.get(member, _WHOLE if member.startswith("uint") else f"{member} values")
        listed = "a list of which each is " if member != parameter.type else ""
        raise InvalidInput(
            f"must be {listed}{words}", field=f"arguments.{parameter.name}"
        ) from error


def _shown(kind: str, value: Value) -> object:
    """A value as typed data has it in JSON: numbers as text, since they may be large."""
    if kind.endswith("[]"):
        return [_shown(kind.removesuffix("[]"), each) for each in value]
    if kind == _OF_ISSUANCE:
        number, series, root, terms = value
        named = {"number": number, "series": series, "contentRoot": root}
        return named | {name: str(each) for name, each in terms_of(terms).items()}
    return value if isinstance(value, str) else str(int(value))
