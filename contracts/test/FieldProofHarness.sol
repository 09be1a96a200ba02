// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Field, FieldProof} from "../src/libraries/FieldProof.sol";

/// @title FieldProof behind an address, so that tests can call it
contract FieldProofHarness {
    function textHash(bytes32 salt, bytes calldata canonical) external pure returns (bytes32) {
        return FieldProof.textHash(salt, canonical);
    }

    function absentHash(bytes32 salt) external pure returns (bytes32) {
        return FieldProof.absentHash(salt);
    }

    function leafOf(Field calldata field) external pure returns (bytes32) {
        return FieldProof.leafOf(field);
    }

    function rootOf(bytes32 node, uint256 index, bytes32[] calldata siblings) external pure returns (bytes32) {
        return FieldProof.rootOf(node, index, siblings);
    }

    function isCommitted(bytes32 root, Field calldata field, bytes32[] calldata siblings)
        external
        pure
        returns (bool)
    {
        return FieldProof.isCommitted(root, field, siblings);
    }

    function isAbsent(
        bytes32 root,
        uint256 wanted,
        uint16 schema,
        uint256 index,
        bytes32 pathHash,
        bytes32 salt,
        bytes32[] calldata siblings
    ) external pure returns (bool) {
        return FieldProof.isAbsent(root, wanted, schema, index, pathHash, salt, siblings);
    }

    function isAtOrBelow(uint256 ancestor, uint256 index) external pure returns (bool) {
        return FieldProof.isAtOrBelow(ancestor, index);
    }
}
