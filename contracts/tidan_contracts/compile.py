"""Compiles the contracts into artifacts: `python -m tidan_contracts.compile [--check]`.

Works on a checkout, whose `contracts/` holds sources, compiler and this package. The artifacts are
committed, so that whoever installs the package needs no compiler.
"""

import argparse
import json
import os
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import solcx
from solcx.exceptions import SolcError

CONTRACTS = Path(__file__).resolve().parent.parent
SHIM = CONTRACTS / "solc-shim.js"
SHIPPED = CONTRACTS / "tidan_contracts" / "artifacts"
FOR_TESTS = CONTRACTS / "test" / "artifacts"

FOLDERS = {"src": SHIPPED, "test": FOR_TESTS}
OURS = tuple(f"{folder}/" for folder in FOLDERS)
ARTIFACT_OUTPUTS = (
    "abi",
    "evm.bytecode.object",
    "evm.deployedBytecode.object",
    "evm.methodIdentifiers",
    "storageLayout",
)
SETTINGS = {
    "evmVersion": "berlin",
    "viaIR": True,
    # contracts are deployed once and called for years: nothing is saved on their size
    "optimizer": {"enabled": True, "runs": 1_000_000},
    # without the hash of the metadata, a comment changes no bytecode
    "metadata": {"bytecodeHash": "none"},
    "remappings": ["@openzeppelin/=node_modules/@openzeppelin/"],
}
# solc's own sequence but for its step F, which writes a function anew for each constant argument
WITHOUT_COPIES = (
    "dhfoDgvulfnTUtnIf[xa[r]EscLMVcul[j]Tpeulxa[rul]xa[r]cLgvifMCTUca[r]LSsTOtfDnca[r]Iulc]"
    "jmul[jul]VcTOcul jmul:fDnTOcmu"
)
# all acts on a title are in one contract, which would else be too large to be deployed (EIP-170)
OPTIMIZER_OF = {
    "src/title/TitleRegistry.sol": {
        "enabled": True,
        "runs": 1_000,
        "details": {"yul": True, "yulDetails": {"optimizerSteps": WITHOUT_COPIES}},
    }
}

# JSON of the compiler: its shape is solc's, and only a few keys of it are read here
CompilerJson = Mapping[str, Any]


class CompileFailed(Exception):
    """What stands in the way of compiling, in words for a terminal."""


def compile_contracts() -> dict[Path, str]:
    """Every artifact file that the sources call for, with its text.

    A first run looks at all sources, then each unit with a contract to deploy is compiled with
    nothing but its own imports: solc's output depends on all sources of a run, and a contract must
    not get another hash because an unrelated file was added.
    """
    _require_toolchain()
    sources = [path for folder in FOLDERS for path in sorted((CONTRACTS / folder).rglob("*.sol"))]
    units = _deployable_units(_compile(sources, {"*": {"": ["ast"]}}))
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        return dict(artifact for found in pool.map(_artifacts, units) for artifact in found)


def differences(compiled: Mapping[Path, str]) -> list[str]:
    """What is not on the disk as compiled: one sentence a file."""
    found = []
    for path, text in sorted(compiled.items()):
        if not path.exists():
            found.append(f"{_shown(path)} is missing")
        elif path.read_text(encoding="utf-8") != text:
            found.append(f"{_shown(path)} differs from the sources")
    return found + [f"{_shown(path)} has no source" for path in _left_over(compiled)]


def write(compiled: Mapping[Path, str]) -> None:
    """Brings the artifact folders to what was compiled."""
    for path in _left_over(compiled):
        path.unlink()
    for path, text in compiled.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _require_toolchain() -> None:
    if not SHIM.exists():
        raise CompileFailed("The sources are not here: compile in a checkout of the project")
    if shutil.which("node") is None:
        raise CompileFailed("Node.js is not on the PATH: install Node.js 20 or later")
    for package in ("solc", "@openzeppelin/contracts"):
        if not (CONTRACTS / "node_modules" / package).exists():
            raise CompileFailed(f"npm package {package} is missing: run `npm ci` in {CONTRACTS}")


def _deployable_units(output: CompilerJson) -> list[str]:
    """The files of ours that define a contract which can be deployed, and that others call."""
    return sorted(
        unit
        for unit, source in output["sources"].items()
        if unit.startswith(OURS)
        and any(
            node["nodeType"] == "ContractDefinition"
            and node["contractKind"] == "contract"
            and not node["abstract"]
            for node in source["ast"]["nodes"]
        )
    )


def _artifacts(unit: str) -> list[tuple[Path, str]]:
    settings = SETTINGS | {"optimizer": OPTIMIZER_OF.get(unit, SETTINGS["optimizer"])}
    output = _compile([CONTRACTS / unit], {unit: {"*": list(ARTIFACT_OUTPUTS)}}, settings)
    target = FOLDERS[unit.split("/", maxsplit=1)[0]]
    return [
        (target / f"{name}.json", _artifact_text(contract))
        for name, contract in output["contracts"][unit].items()
        if contract["evm"]["bytecode"]["object"]
    ]


def _compile(
    sources: Sequence[Path],
    outputs: Mapping[str, Mapping[str, list[str]]],
    settings: Mapping[str, Any] = SETTINGS,
) -> CompilerJson:
    standard_input = {
        "language": "Solidity",
        "sources": {
            path.relative_to(CONTRACTS).as_posix(): {"content": path.read_text(encoding="utf-8")}
            for path in sources
        },
        "settings": {**settings, "outputSelection": outputs},
    }
    try:
        output: CompilerJson = solcx.compile_standard(
            standard_input,
            base_path=CONTRACTS,
            allow_paths=[CONTRACTS, CONTRACTS / "node_modules"],  # the second may be a link
            solc_binary=SHIM,
        )
    except SolcError as error:
        raise CompileFailed(error.message.strip()) from error
    _refuse_warnings(output)
    return output


def _refuse_warnings(output: CompilerJson) -> None:
    """Ours only: OpenZeppelin's sources, and solc's word on old EVMs, are not ours to mend."""
    warnings = [
        error["formattedMessage"].strip()
        for error in output.get("errors", ())
        if error.get("sourceLocation", {}).get("file", "").startswith(OURS)
        and error["severity"] != "info"
    ]
    if warnings:
        raise CompileFailed("\n\n".join([*warnings, "Warnings of the compiler are errors here"]))


def _artifact_text(contract: CompilerJson) -> str:
    evm = contract["evm"]
    content = {
        "abi": contract["abi"],
        "bytecode": "0x" + evm["bytecode"]["object"],
        "deployedBytecode": "0x" + evm["deployedBytecode"]["object"],
        "methodIdentifiers": evm["methodIdentifiers"],
        "storageLayout": _without_ast_ids(contract["storageLayout"]),
    }
    return json.dumps(content, indent=1, sort_keys=True) + "\n"


def _without_ast_ids(layout: CompilerJson) -> CompilerJson:
    """The layout without the numbers that change with every other source file."""
    named: CompilerJson = json.loads(re.sub(r"\)\d+(?=[_,)\"])", ")", json.dumps(layout)))
    variables = list(named["storage"])
    for kind in (named["types"] or {}).values():
        variables += kind.get("members", [])
    for variable in variables:
        variable.pop("astId", None)
    return named


def _left_over(compiled: Mapping[Path, str]) -> list[Path]:
    on_disk = [*SHIPPED.glob("*.json"), *FOR_TESTS.glob("*.json")]
    return sorted(path for path in on_disk if path not in compiled)


def _shown(path: Path) -> str:
    return path.relative_to(CONTRACTS.parent).as_posix()


def main(arguments: list[str] | None = None) -> int:
    """Writes the artifacts, or with --check says which ones are not what the sources give."""
    parser = argparse.ArgumentParser(prog="python -m tidan_contracts.compile", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="change nothing; exit 1 on differences"
    )
    options = parser.parse_args(arguments)
    try:
        compiled = compile_contracts()
    except CompileFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    if not options.check:
        write(compiled)
        print(f"{len(compiled)} artifacts written")
        return 0
    found = differences(compiled)
    for difference in found:
        print(difference, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
