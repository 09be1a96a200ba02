// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

/// @notice A leaf of the tree over a document's fields.
/// @param schema number of the document's schema, which gives every path its one position
/// @param index position of the leaf: the root is 1, the children of i are 2i and 2i + 1
/// @param pathHash keccak256 of the path, a JSON pointer in UTF-8
/// @param valueHash salted hash of what stands there, from `textHash`, `absentHash`, or Poseidon for figures
struct Field {
    uint16 schema;
    uint256 index;
    bytes32 pathHash;
    bytes32 valueHash;
}

/// @title What a document says, or does not say, under its content root
/// @notice The tree has a fixed shape: whoever checks a proof must know from the schema which index and which
/// path it asks about. An inner node hashes 64 bytes and a leaf hashes 32, so that neither passes for the
/// other; the kinds of value are kept apart by their first byte.
library FieldProof {
    bytes1 private constant ABSENT = 0x00;
    bytes1 private constant TEXT = 0x01;
    uint256 private constant ROOT = 1;

    /// @notice The value hash of anything that is not a figure.
    /// @param canonical the value's RFC 8785 form, text in NFC; null, empty, false and 0 are values
    function textHash(bytes32 salt, bytes memory canonical) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(TEXT, salt, canonical));
    }

    /// @notice The value hash that says: nothing stands here, nor anywhere below.
    function absentHash(bytes32 salt) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(ABSENT, salt));
    }

    /// @notice The leaf of a field.
    function leafOf(Field memory field) internal pure returns (bytes32) {
        return keccak256(
            bytes.concat(keccak256(abi.encode(field.schema, field.index, field.pathHash, field.valueHash)))
        );
    }

    /// @notice The root that follows from a node, its position, and the siblings from the node upwards.
    /// @return root the root, or 0 where the siblings are not as many as the position is deep
    function rootOf(bytes32 node, uint256 index, bytes32[] memory siblings) internal pure returns (bytes32 root) {
        for (uint256 level = 0; level < siblings.length; ++level) {
            if (index <= ROOT) return 0;
            bytes32 sibling = siblings[level];
            node = index & 1 == 1
                ? Hashes.efficientKeccak256(sibling, node)
                : Hashes.efficientKeccak256(node, sibling);
            index >>= 1;
        }
        return index == ROOT ? node : bytes32(0);
    }

    /// @notice Whether the field was committed to under the root.
    function isCommitted(bytes32 root, Field memory field, bytes32[] memory siblings)
        internal
        pure
        returns (bool)
    {
        return root != 0 && rootOf(leafOf(field), field.index, siblings) == root;
    }

    /// @notice Whether it was committed to that nothing stands at a position.
    /// @param wanted the position asked about
    /// @param schema number of the document's schema
    /// @param index position of the absence: `wanted` itself, or a position above it
    /// @param pathHash keccak256 of the path of the absence, not of the one asked about
    function isAbsent(
        bytes32 root,
        uint256 wanted,
        uint16 schema,
        uint256 index,
        bytes32 pathHash,
        bytes32 salt,
        bytes32[] memory siblings
    ) internal pure returns (bool) {
        Field memory absence = Field(schema, index, pathHash, absentHash(salt));
        return isAtOrBelow(index, wanted) && isCommitted(root, absence, siblings);
    }

    /// @notice Whether `index` is `ancestor` itself or lies in the subtree under it.
    function isAtOrBelow(uint256 ancestor, uint256 index) internal pure returns (bool) {
        while (index > ancestor) index >>= 1;
        return ancestor != 0 && index == ancestor;
    }
}
