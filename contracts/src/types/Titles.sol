// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PartyIndex} from "./Parties.sol";

/// @dev Names one title record: keccak256(abi.encode(issuer, number)), so that nobody but the issuer, whose
/// index stands in it, can use the name up.
type TitleId is bytes32;

/// @dev Names the series of a title: keccak256(abi.encode(issuer, series)).
type SeriesId is bytes32;

/// @dev The small fields of an issuance in one word, since each word of a batch's call costs. From the lowest
/// bit: possessor 32, titleholder 32, kind 8, schema 16, version 16, rulebook 8. `rulebook` is the number of the
/// rulebook's version under which the title is issued, or 0 for that which its carrier accepted last.
type TitleTerms is uint256;

/// @dev Bits of what an offer moves. FINAL goes with TITLE: the recipient is the last titleholder.
uint8 constant POSSESSION = 1;
uint8 constant TITLE = 2;
uint8 constant FINAL = 4;
/// @dev Not an offer of the title but of a pledge on it.
uint8 constant PLEDGE = 8;
/// @dev The offer was made by the pledgee in the possessor's place, and its acceptance ends the pledge.
uint8 constant ENFORCED = 16;
/// @dev The pledgee has consented to the offer.
uint8 constant CONSENTED = 32;

/// @dev What a title is surrendered for, other than its cargo.
uint8 constant FOR_CORRECTION = 1;
uint8 constant FOR_CHANGE_OF_DESTINATION = 2;
uint8 constant FOR_SPLIT = 3;
uint8 constant FOR_COMBINATION = 4;
uint8 constant FOR_SWITCH = 5;
uint8 constant FOR_PAPER = 6;
uint8 constant FOR_OTHER = 255;

/// @dev DELIVERED, VOIDED and PAPER are ends; EXPORTED is one until the title is imported again.
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
    REJECT_SURRENDER,
    ENDORSE,
    PROPOSE_PLEDGE,
    ACCEPT_PLEDGE,
    DECLINE_PLEDGE,
    CONSENT,
    RELEASE_PLEDGE,
    ENFORCE_PLEDGE,
    SURRENDER_FOR_AMENDMENT,
    CANCEL_SURRENDER,
    VOID,
    SWITCH_TO_PAPER,
    END_AS_PAPER,
    ISSUE_FROM_PAPER,
    ISSUE_SUCCESSOR,
    LOCK,
    EXPORT,
    RETURN,
    IMPORT
}

/// @dev How a title was replaced by others, as the history of the one that is VOIDED counts it.
enum Replacement {
    NONE,
    AMENDMENT,
    SPLIT,
    COMBINATION,
    SWITCH
}

/// @dev What a carrier states when it issues a title. `number` and `series` are outputs of its verifiable
/// PRF: over code, number and sub-reference, and the same without the sub-reference.
struct Issuance {
    bytes32 number;
    bytes32 series;
    bytes32 contentRoot;
    TitleTerms terms;
}

/// @dev A title's first storage slot, unpacked. `offered` has the bits above.
struct TitleRecord {
    PartyIndex issuer;
    PartyIndex possessor;
    PartyIndex titleholder;
    PartyIndex offeree;
    uint32 seq;
    TitleStatus status;
    TitleKind kind;
    bool pledged;
    uint8 offered;
    uint40 deadline;
    uint16 schema;
    uint16 version;
    uint8 rulebook;
}
