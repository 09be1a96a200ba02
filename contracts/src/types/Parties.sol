// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev The number under which a party is enrolled; short, so that four of them share a storage slot.
type PartyIndex is uint32;

using {samePartyAs as ==, otherPartyThan as !=} for PartyIndex global;

/// @dev No party at all: enrolled parties count from 1.
PartyIndex constant NO_PARTY = PartyIndex.wrap(0);

/// @dev Roles are bits of a mask; a party may have several.
uint16 constant CARRIER = 1;
uint16 constant TRADER = 2;
uint16 constant BANK = 4;
uint16 constant INSURER = 8;
uint16 constant REGULATOR = 16;
uint16 constant KEYHOLDER = 32;
uint16 constant NOTARY = 64;
uint16 constant OPERATOR = 128;
uint16 constant ALL_ROLES = 255;

/// @dev ACTIVE acts; SUSPENDED may only decline, withdraw and surrender; REVOKED is for ever.
enum PartyStatus {
    NONE,
    ACTIVE,
    SUSPENDED,
    REVOKED
}

/// @dev A code of a party, and the one key under which its documents are numbered.
struct NumberingCode {
    string code;
    bytes key;
}

function samePartyAs(PartyIndex left, PartyIndex right) pure returns (bool) {
    return PartyIndex.unwrap(left) == PartyIndex.unwrap(right);
}

function otherPartyThan(PartyIndex left, PartyIndex right) pure returns (bool) {
    return PartyIndex.unwrap(left) != PartyIndex.unwrap(right);
}
