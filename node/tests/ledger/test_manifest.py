"""The manifest that a deployment writes and a node reads."""

import json

import pytest

from tidan_node.domain.identifiers import Address, BlockHash
from tidan_node.ledger.manifest import Deployed, Manifest, ManifestUnreadable

_MANIFEST = Manifest(
    chain_id=1337,
    genesis_hash=BlockHash("0x" + "a1" * 32),
    block=7,
    contracts={"TitleRegistry": Deployed(Address("0x" + "b2" * 20), "0x" + "c3" * 32)},
    gas_price=1,
    finality_depth=2,
    paper_delay=86_400,
    block_period=2,
)


def _changed(**members: object) -> str:
    return json.dumps(json.loads(_MANIFEST.to_json()) | members)


def test_a_manifest_comes_back_as_it_was_written() -> None:
    assert Manifest.from_json(_MANIFEST.to_json()) == _MANIFEST


def test_its_form_is_the_documented_one() -> None:
    assert json.loads(_MANIFEST.to_json()) == {
        "format": 1,
        "chainId": 1337,
        "genesisHash": "0x" + "a1" * 32,
        "block": 7,
        "contracts": {
            "TitleRegistry": {"address": "0x" + "b2" * 20, "artifactHash": "0x" + "c3" * 32}
        },
        "gasPrice": 1,
        "finalityDepth": 2,
        "paperDelay": 86_400,
        "blockPeriod": 2,
    }


def test_one_that_does_not_state_the_paper_delay_or_the_block_period_is_read_all_the_same() -> None:
    document = json.loads(_MANIFEST.to_json())
    del document["paperDelay"], document["blockPeriod"]
    read = Manifest.from_json(json.dumps(document))
    assert (read.paper_delay, read.block_period) == (0, 0)


def test_addresses_are_lower_case_however_they_are_written() -> None:
    entry = {"TitleRegistry": {"address": "0x" + "B2" * 20, "artifactHash": "0x" + "c3" * 32}}
    read = Manifest.from_json(_changed(contracts=entry))
    assert read.address_of("TitleRegistry") == "0x" + "b2" * 20


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("not json", None),
        ("[]", "format"),
        (_changed(format=2), "format"),
        (_changed(chainId=0), "chainId"),
        (_changed(chainId="1"), "chainId"),
        (_changed(genesisHash="0x12"), "genesisHash"),
        (_changed(block=-1), "block"),
        (_changed(gasPrice=None), "gasPrice"),
        (_changed(finalityDepth=True), "finalityDepth"),
        (_changed(paperDelay="30 days"), "paperDelay"),
        (_changed(contracts=[]), "contracts"),
        (_changed(contracts={"A": 1}), "contracts.A"),
        (_changed(contracts={"A": {"address": "0x"}}), "contracts.A.address"),
        (
            _changed(contracts={"A": {"address": "0x" + "b2" * 20}}),
            "contracts.A.artifactHash",
        ),
    ],
)
def test_what_is_wrong_is_named_by_its_field(text: str, field: str | None) -> None:
    with pytest.raises(ManifestUnreadable) as refused:
        Manifest.from_json(text)
    assert refused.value.field == field


def test_a_contract_that_it_lacks_is_named() -> None:
    with pytest.raises(ManifestUnreadable, match="PolicyRegistry") as refused:
        _MANIFEST.address_of("PolicyRegistry")
    assert refused.value.field == "contracts"
