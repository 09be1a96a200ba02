// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PartyIndex} from "./Parties.sol";

/// @dev Names one title record: the carrier's verifiable PRF over code, number and sub-reference.
type TitleId is bytes32;

/// @dev Names the series of a title: the same PRF without the sub-reference.
type SeriesId is bytes32;

/// @dev Bits of what an offer moves.
uint8 constant POSSESSION = 1;
uint8 constant TITLE = 2;

/// @dev PENDING_AMENDMENT, VOIDED, PAPER, IN_TRANSIT and EXPORTED are kept for acts to come.
enum TitleStatus {
    NONE,
    LIVE,
    PENDING_DELIVERY,
    PENDING_AMENDMENT,
    DELIVERED,
    VOIDED,
    PAPER,
    IN_TRANSIT,
    EXPORTED
}

/// @dev STRAIGHT: for the named consignee. ORDER: to order, title may move on. ORDER_FINAL: to order
/// of a last titleholder. BLANK: endorsed in blank, who possesses it is entitled.
enum TitleKind {
    STRAIGHT,
    ORDER,
    ORDER_FINAL,
    BLANK
}

/// @dev Acts as the history counts them; later acts are appended, never inserted.
enum TitleAct {
    NONE,
    ISSUE,
    OFFER,
    WITHDRAW,
    ACCEPT,
    DECLINE,
    SURRENDER_FOR_DELIVERY,
    ACCEPT_SURRENDER,
    REJECT_SURRENDER
}

/// @dev What a carrier states when it issues a title.
struct Issuance {
    TitleId id;
    SeriesId series;
    bytes32 contentRoot;
    PartyIndex possessor;
    PartyIndex titleholder;
    TitleKind kind;
    uint16 schema;
    uint16 version;
}

/// @dev Exactly one storage slot (256 bits): every act rewrites it once.
struct TitleRecord {
    PartyIndex issuer;
    PartyIndex possessor;
    PartyIndex titleholder;
    PartyIndex offeree;
    uint32 seq;
    TitleStatus status;
    TitleKind kind;
    uint8 offered;
    uint40 deadline;
    uint16 schema;
    uint16 version;
}
