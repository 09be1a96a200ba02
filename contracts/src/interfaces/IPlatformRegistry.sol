// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AnchorKind, Recognition} from "../types/Platforms.sol";

/// @title Foreign platforms whose users may act here, in the name of a party
/// @notice A recognition is a trust anchor with a scope and an end. Nodes sign in a user by a credential
/// under the anchor; the chain says which anchors stand, and keeps no user.
interface IPlatformRegistry {
    /// @param roles the roles of parties in whose name the platform's users may act
    /// @param acts scopes of a node, sorted, separated by spaces
    event PlatformRecognised(
        bytes32 indexed anchorId,
        string platform,
        AnchorKind kind,
        bytes anchor,
        uint16 roles,
        string acts,
        uint64 expiresAt
    );
    event PlatformWithdrawn(bytes32 indexed anchorId);

    /// @notice A code is 2 to 20 capital letters, digits and hyphens, the first of them a letter.
    error PlatformCodeMalformed(string platform);
    /// @notice The anchor is of kind NONE.
    error EmptyAnchorKind();
    error EmptyAnchor();
    error EmptyActs();
    /// @notice The mask names no role, or one that does not exist.
    error InvalidRoles(uint16 roles);
    /// @notice The recognition would end in the past.
    error RecognitionExpired(uint64 expiresAt);
    /// @notice No recognition has this anchor.
    error AnchorUnknown(bytes32 anchorId);
    error AnchorWithdrawn(bytes32 anchorId);

    /// @notice Recognises a platform by an anchor. The same anchor again replaces roles, acts and end, and
    /// ends a withdrawal.
    /// @return anchorId keccak256(abi.encode(platform, kind, anchor))
    function recognise(
        string calldata platform,
        AnchorKind kind,
        bytes calldata anchor,
        uint16 roles,
        string calldata acts,
        uint64 expiresAt
    ) external returns (bytes32 anchorId);

    /// @notice Ends a recognition at once.
    function withdraw(bytes32 anchorId) external;

    /// @notice The terms of the anchor's recognition, as they were last given.
    function recognitionOf(bytes32 anchorId) external view returns (Recognition memory);
}
