// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev What the prover does for a proof, at the addresses where it looks out for such calls.
interface IMachine {
    /// @notice From here on the proof is about the cases alone in which this is so.
    function assume(bool condition) external pure;

    function load(address account, bytes32 slot) external view returns (uint256);

    /// @notice The next call comes from this account.
    function prank(address sender) external;

    function warp(uint256 time) external;
}

interface ISymbols {
    /// @notice The account's storage may hold anything.
    function enableSymbolicStorage(address account) external;

    /// @notice A call of any function that changes something, with any arguments.
    function createCalldata(string calldata contractName) external view returns (bytes memory);
}

IMachine constant MACHINE = IMachine(address(uint160(uint256(keccak256("hevm cheat code")))));
ISymbols constant SYMBOLS = ISymbols(address(uint160(uint256(keccak256("svm cheat code")))));
