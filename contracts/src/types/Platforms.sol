// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev What vouches for the users of a foreign platform: the DER of a CA certificate, or an issuer's DID.
enum AnchorKind {
    NONE,
    CERTIFICATE,
    DID
}

/// @dev The terms of a recognition; all 0 where the anchor was never recognised.
struct Recognition {
    AnchorKind kind;
    uint16 roles;
    uint64 expiresAt;
    bool withdrawn;
    bytes32 actsHash;
}
