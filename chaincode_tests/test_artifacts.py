"""The artifacts that are shipped: complete, deployable, and made from these sources."""

import json
import re

import pytest
from eth_utils.crypto import keccak

from chaincode_tests.bytecode import instructions
from chaincode_tests.consortium import Consortium
from tidan_contracts import ArtifactUnknown, artifact_names, load_artifact
from tidan_contracts.compile import SHIPPED

CONTRACTS = (
    "Authority",
    "BankGate",
    "Council",
    "GatewayRegistry",
    "InvoiceRegistry",
    "PartyRegistry",
    "PlatformRegistry",
    "PolicyRegistry",
    "TitleRegistry",
    "TrailAnchor",
)
EIP_170_LIMIT = 24_576
EIP_3860_LIMIT = 2 * EIP_170_LIMIT
# MCOPY, TLOAD, TSTORE, PUSH0, BASEFEE: later than the oldest chain in use
LATER_THAN_BERLIN = {0x5E: "MCOPY", 0x5C: "TLOAD", 0x5D: "TSTORE", 0x5F: "PUSH0", 0x48: "BASEFEE"}


class TestLoadArtifact:
    def test_every_contract_is_there(self) -> None:
        assert set(CONTRACTS) <= set(artifact_names())

    def test_the_hash_is_that_of_the_creation_bytecode(self) -> None:
        artifact = load_artifact("TitleRegistry")
        assert artifact.artifact_hash == "0x" + keccak(artifact.bytecode).hex()

    def test_an_unknown_name_is_answered_with_the_known_ones(self) -> None:
        with pytest.raises(ArtifactUnknown, match="TitleRegistry"):
            load_artifact("TitelRegistry")

    def test_a_name_is_no_path(self) -> None:
        with pytest.raises(ArtifactUnknown):
            load_artifact("../artifacts/TitleRegistry")


@pytest.mark.parametrize("name", CONTRACTS)
class TestCode:
    def test_it_is_small_enough_to_be_deployed(self, name: str) -> None:
        artifact = load_artifact(name)
        assert 0 < len(artifact.deployed_bytecode) < EIP_170_LIMIT
        assert len(artifact.bytecode) < EIP_3860_LIMIT

    def test_it_runs_on_berlin(self, name: str) -> None:
        found = instructions(load_artifact(name).deployed_bytecode)
        assert [late for code, late in LATER_THAN_BERLIN.items() if code in found] == []

    def test_every_error_and_event_has_its_own_selector(self, name: str) -> None:
        named = [e for e in load_artifact(name).abi if e["type"] in ("error", "event")]
        texts = [json.dumps([e["name"], [i["type"] for i in e["inputs"]]]) for e in named]
        assert len(texts) == len(set(texts))


@pytest.mark.parametrize("name", CONTRACTS)
def test_no_number_in_the_layout_changes_with_another_source_file(name: str) -> None:
    layout = json.dumps(json.loads((SHIPPED / f"{name}.json").read_text())["storageLayout"])
    assert re.findall(r"\)\d", layout) == []
    assert "astId" not in layout


class TestErrors:
    def test_one_name_has_one_form_in_all_contracts(self) -> None:
        forms: dict[str, set[str]] = {}
        for name in CONTRACTS:
            for entry in load_artifact(name).abi:
                if entry["type"] == "error":
                    form = ",".join(field["type"] for field in entry["inputs"])
                    forms.setdefault(entry["name"], set()).add(form)
        assert {name: found for name, found in forms.items() if len(found) > 1} == {}


class TestDeployed:
    def test_the_code_on_the_chain_is_that_of_the_artifact(self, world: Consortium) -> None:
        artifact = load_artifact("PartyRegistry")
        assert len(world.chain.code(world.parties.address)) == len(artifact.deployed_bytecode)
        assert (
            world.chain.code(world.authority.address)
            == load_artifact("Authority").deployed_bytecode
        )
