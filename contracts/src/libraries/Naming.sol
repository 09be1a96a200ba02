// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

import {PartyIndex} from "../types/Parties.sol";

/// @title Under which ids a registry keeps what a party issues
/// @notice A number that another party has seen and issues first is, from it, another id: nobody can use up
/// what is somebody else's.
library Naming {
    /// @notice keccak256(abi.encode(issuer, number)).
    function idOf(PartyIndex issuer, bytes32 number) internal pure returns (bytes32) {
        return Hashes.efficientKeccak256(bytes32(uint256(PartyIndex.unwrap(issuer))), number);
    }
}
