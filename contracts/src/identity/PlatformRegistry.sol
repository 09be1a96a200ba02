// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IPlatformRegistry} from "../interfaces/IPlatformRegistry.sol";
import {ALL_ROLES} from "../types/Parties.sol";
import {AnchorKind, Recognition} from "../types/Platforms.sol";

/// @title Foreign trust anchors that the consortium recognises
/// @notice Functions marked `restricted` are for whom the Authority allows them to.
contract PlatformRegistry is IPlatformRegistry, AccessManaged {
    uint256 private constant SHORTEST_CODE = 2;
    uint256 private constant LONGEST_CODE = 20;

    mapping(bytes32 anchorId => Recognition) private _recognitions;

    constructor(address authority) AccessManaged(authority) {}

    /// @inheritdoc IPlatformRegistry
    function recognise(
        string calldata platform,
        AnchorKind kind,
        bytes calldata anchor,
        uint16 roles,
        string calldata acts,
        uint64 expiresAt
    ) external restricted returns (bytes32 anchorId) {
        if (!_isCode(bytes(platform))) revert PlatformCodeMalformed(platform);
        if (kind == AnchorKind.NONE) revert EmptyAnchorKind();
        if (anchor.length == 0) revert EmptyAnchor();
        if (roles == 0 || roles > ALL_ROLES) revert InvalidRoles(roles);
        if (bytes(acts).length == 0) revert EmptyActs();
        if (expiresAt <= block.timestamp) revert RecognitionExpired(expiresAt);

        anchorId = keccak256(abi.encode(platform, kind, anchor));
        _recognitions[anchorId] = Recognition(kind, roles, expiresAt, false, keccak256(bytes(acts)));
        emit PlatformRecognised(anchorId, platform, kind, anchor, roles, acts, expiresAt);
    }

    /// @inheritdoc IPlatformRegistry
    function withdraw(bytes32 anchorId) external restricted {
        Recognition storage recognition = _recognitions[anchorId];
        if (recognition.kind == AnchorKind.NONE) revert AnchorUnknown(anchorId);
        if (recognition.withdrawn) revert AnchorWithdrawn(anchorId);

        recognition.withdrawn = true;
        emit PlatformWithdrawn(anchorId);
    }

    /// @inheritdoc IPlatformRegistry
    function recognitionOf(bytes32 anchorId) external view returns (Recognition memory) {
        return _recognitions[anchorId];
    }

    function _isCode(bytes calldata code) private pure returns (bool) {
        if (code.length < SHORTEST_CODE || code.length > LONGEST_CODE) return false;
        if (!_isCapital(code[0])) return false;
        for (uint256 i = 1; i < code.length; ++i) {
            bool isDigit = code[i] >= "0" && code[i] <= "9";
            if (!_isCapital(code[i]) && !isDigit && code[i] != "-") return false;
        }
        return true;
    }

    function _isCapital(bytes1 letter) private pure returns (bool) {
        return letter >= "A" && letter <= "Z";
    }
}
