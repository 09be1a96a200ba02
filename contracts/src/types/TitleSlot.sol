// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {NO_PARTY, PartyIndex} from "./Parties.sol";
import {Issuance, TitleKind, TitleRecord, TitleStatus} from "./Titles.sol";

/// @dev The first storage slot of a title, packed by hand, since every act reads and writes all of it and
/// the compiler's own way over a struct in memory costs an act some 1,600 gas more. From the lowest bit:
///
///   issuer 32, possessor 32, titleholder 32, offeree 32, seq 32, deadline 40, status 8, kind 8,
///   offered 8, schema 16, version 16
type TitleSlot is uint256;

using TitleSlots for TitleSlot global;

/// @title Reading a title's slot, and making the next one of it
/// @notice Nothing is changed in place: each `with…` gives the slot as it will be.
library TitleSlots {
    uint256 private constant POSSESSOR_AT = 32;
    uint256 private constant TITLEHOLDER_AT = 64;
    uint256 private constant OFFEREE_AT = 96;
    uint256 private constant SEQ_AT = 128;
    uint256 private constant DEADLINE_AT = 160;
    uint256 private constant STATUS_AT = 200;
    uint256 private constant KIND_AT = 208;
    uint256 private constant OFFERED_AT = 216;
    uint256 private constant SCHEMA_AT = 224;
    uint256 private constant VERSION_AT = 240;

    uint256 private constant HOLDERS = (uint256(1 << 64) - 1) << POSSESSOR_AT;
    uint256 private constant OFFER = uint256(type(uint32).max) << OFFEREE_AT
        | uint256(type(uint40).max) << DEADLINE_AT | uint256(type(uint8).max) << OFFERED_AT;
    uint256 private constant SEQ = uint256(type(uint32).max) << SEQ_AT;
    uint256 private constant STATUS = uint256(type(uint8).max) << STATUS_AT;

    /// @dev The slot of a title before its first act, which makes it number 1.
    function issued(PartyIndex issuer_, Issuance memory issuance) internal pure returns (TitleSlot) {
        return TitleSlot.wrap(
            uint256(PartyIndex.unwrap(issuer_))
                | uint256(PartyIndex.unwrap(issuance.possessor)) << POSSESSOR_AT
                | uint256(PartyIndex.unwrap(issuance.titleholder)) << TITLEHOLDER_AT
                | uint256(TitleStatus.LIVE) << STATUS_AT | uint256(issuance.kind) << KIND_AT
                | uint256(issuance.schema) << SCHEMA_AT | uint256(issuance.version) << VERSION_AT
        );
    }

    function unpack(TitleSlot slot) internal pure returns (TitleRecord memory) {
        return TitleRecord({
            issuer: slot.issuer(),
            possessor: slot.possessor(),
            titleholder: slot.titleholder(),
            offeree: slot.offeree(),
            seq: slot.seq(),
            status: slot.status(),
            kind: slot.kind(),
            offered: slot.offered(),
            deadline: slot.deadline(),
            schema: uint16(TitleSlot.unwrap(slot) >> SCHEMA_AT),
            version: uint16(TitleSlot.unwrap(slot) >> VERSION_AT)
        });
    }

    function issuer(TitleSlot slot) internal pure returns (PartyIndex) {
        return PartyIndex.wrap(uint32(TitleSlot.unwrap(slot)));
    }

    function possessor(TitleSlot slot) internal pure returns (PartyIndex) {
        return PartyIndex.wrap(uint32(TitleSlot.unwrap(slot) >> POSSESSOR_AT));
    }

    function titleholder(TitleSlot slot) internal pure returns (PartyIndex) {
        return PartyIndex.wrap(uint32(TitleSlot.unwrap(slot) >> TITLEHOLDER_AT));
    }

    function offeree(TitleSlot slot) internal pure returns (PartyIndex) {
        return PartyIndex.wrap(uint32(TitleSlot.unwrap(slot) >> OFFEREE_AT));
    }

    function seq(TitleSlot slot) internal pure returns (uint32) {
        return uint32(TitleSlot.unwrap(slot) >> SEQ_AT);
    }

    function deadline(TitleSlot slot) internal pure returns (uint40) {
        return uint40(TitleSlot.unwrap(slot) >> DEADLINE_AT);
    }

    function status(TitleSlot slot) internal pure returns (TitleStatus) {
        return TitleStatus(uint8(TitleSlot.unwrap(slot) >> STATUS_AT));
    }

    function kind(TitleSlot slot) internal pure returns (TitleKind) {
        return TitleKind(uint8(TitleSlot.unwrap(slot) >> KIND_AT));
    }

    function offered(TitleSlot slot) internal pure returns (uint8) {
        return uint8(TitleSlot.unwrap(slot) >> OFFERED_AT);
    }

    function hasStatus(TitleSlot slot, TitleStatus status_) internal pure returns (bool) {
        return uint8(TitleSlot.unwrap(slot) >> STATUS_AT) == uint8(status_);
    }

    function hasKind(TitleSlot slot, TitleKind kind_) internal pure returns (bool) {
        return uint8(TitleSlot.unwrap(slot) >> KIND_AT) == uint8(kind_);
    }

    /// @dev An offer whose deadline has come counts as none.
    function hasOpenOffer(TitleSlot slot) internal view returns (bool) {
        return slot.offeree() != NO_PARTY && block.timestamp < slot.deadline();
    }

    function withHolders(TitleSlot slot, PartyIndex possessor_, PartyIndex titleholder_)
        internal
        pure
        returns (TitleSlot)
    {
        return TitleSlot.wrap(
            TitleSlot.unwrap(slot) & ~HOLDERS | uint256(PartyIndex.unwrap(possessor_)) << POSSESSOR_AT
                | uint256(PartyIndex.unwrap(titleholder_)) << TITLEHOLDER_AT
        );
    }

    function withOffer(TitleSlot slot, PartyIndex offeree_, uint8 offered_, uint40 deadline_)
        internal
        pure
        returns (TitleSlot)
    {
        return TitleSlot.wrap(
            TitleSlot.unwrap(slot) & ~OFFER | uint256(PartyIndex.unwrap(offeree_)) << OFFEREE_AT
                | uint256(offered_) << OFFERED_AT | uint256(deadline_) << DEADLINE_AT
        );
    }

    function withoutOffer(TitleSlot slot) internal pure returns (TitleSlot) {
        return TitleSlot.wrap(TitleSlot.unwrap(slot) & ~OFFER);
    }

    function withStatus(TitleSlot slot, TitleStatus status_) internal pure returns (TitleSlot) {
        return TitleSlot.wrap(TitleSlot.unwrap(slot) & ~STATUS | uint256(status_) << STATUS_AT);
    }

    function withSeq(TitleSlot slot, uint32 seq_) internal pure returns (TitleSlot) {
        return TitleSlot.wrap(TitleSlot.unwrap(slot) & ~SEQ | uint256(seq_) << SEQ_AT);
    }
}
