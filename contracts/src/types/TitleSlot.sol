// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {NO_PARTY, PartyIndex} from "./Parties.sol";
import {
    CONSENTED,
    ENFORCED,
    TitleKind,
    TitleRecord,
    TitleStatus,
    TitleTerms
} from "./Titles.sol";

/// @dev The first storage slot of a title, packed by hand, since every act reads and writes all of it and
/// the compiler's own way over a struct in memory costs an act some 1,600 gas more. From the lowest bit:
///
///   issuer 32, possessor 32, titleholder 32, offeree 32, seq 32, deadline 40, status 4, kind 3,
///   pledged 1, offered 8, schema 16, version 16, rulebook 8
///
/// While PENDING_AMENDMENT, when nothing is offered, the deadline's place has what it was surrendered for.
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
    uint256 private constant KIND_AT = 204;
    uint256 private constant PLEDGED_AT = 207;
    uint256 private constant OFFERED_AT = 208;
    uint256 private constant SCHEMA_AT = 216;
    uint256 private constant VERSION_AT = 232;
    uint256 private constant RULEBOOK_AT = 248;

    uint256 private constant TERMS_KIND_AT = 64;
    uint256 private constant TERMS_SCHEMA_AT = 72;

    uint256 private constant STATUS_BITS = 15;
    uint256 private constant KIND_BITS = 7;
    uint256 private constant HOLDERS = (uint256(1 << 64) - 1) << POSSESSOR_AT;
    uint256 private constant OFFER = uint256(type(uint32).max) << OFFEREE_AT
        | uint256(type(uint40).max) << DEADLINE_AT | uint256(type(uint8).max) << OFFERED_AT;
    uint256 private constant SEQ = uint256(type(uint32).max) << SEQ_AT;
    uint256 private constant STATUS = STATUS_BITS << STATUS_AT;
    uint256 private constant KIND = KIND_BITS << KIND_AT;
    uint256 private constant PLEDGED = 1 << PLEDGED_AT;

    /// @dev The slot of a title before its first act, which makes it number 1. Terms and slot have the
    /// holders in the same order, and so schema, version and rulebook.
    function issued(PartyIndex issuer_, TitleTerms terms) internal pure returns (TitleSlot) {
        uint256 word = TitleTerms.unwrap(terms);
        return TitleSlot.wrap(
            uint256(PartyIndex.unwrap(issuer_)) | uint256(uint64(word)) << POSSESSOR_AT
                | uint256(TitleStatus.LIVE) << STATUS_AT
                | (word >> TERMS_KIND_AT & KIND_BITS) << KIND_AT | word >> TERMS_SCHEMA_AT << SCHEMA_AT
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
            pledged: slot.isPledged(),
            offered: slot.offered(),
            deadline: slot.hasStatus(TitleStatus.PENDING_AMENDMENT) ? 0 : slot.deadline(),
            schema: uint16(TitleSlot.unwrap(slot) >> SCHEMA_AT),
            version: uint16(TitleSlot.unwrap(slot) >> VERSION_AT),
            rulebook: uint8(TitleSlot.unwrap(slot) >> RULEBOOK_AT)
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

    /// @dev Of a title that is PENDING_AMENDMENT.
    function surrenderedFor(TitleSlot slot) internal pure returns (uint8) {
        return uint8(slot.deadline());
    }

    function status(TitleSlot slot) internal pure returns (TitleStatus) {
        return TitleStatus(TitleSlot.unwrap(slot) >> STATUS_AT & STATUS_BITS);
    }

    function kind(TitleSlot slot) internal pure returns (TitleKind) {
        return TitleKind(TitleSlot.unwrap(slot) >> KIND_AT & KIND_BITS);
    }

    function offered(TitleSlot slot) internal pure returns (uint8) {
        return uint8(TitleSlot.unwrap(slot) >> OFFERED_AT);
    }

    function hasStatus(TitleSlot slot, TitleStatus status_) internal pure returns (bool) {
        return TitleSlot.unwrap(slot) >> STATUS_AT & STATUS_BITS == uint256(status_);
    }

    function hasKind(TitleSlot slot, TitleKind kind_) internal pure returns (bool) {
        return TitleSlot.unwrap(slot) >> KIND_AT & KIND_BITS == uint256(kind_);
    }

    function isPledged(TitleSlot slot) internal pure returns (bool) {
        return TitleSlot.unwrap(slot) & PLEDGED != 0;
    }

    /// @dev Whether schema, version and rulebook, under which a document is read, are those of the terms. They
    /// are the last of both.
    function isReadAs(TitleSlot slot, TitleTerms terms) internal pure returns (bool) {
        return TitleSlot.unwrap(slot) >> SCHEMA_AT == TitleTerms.unwrap(terms) >> TERMS_SCHEMA_AT;
    }

    /// @dev Whether possessor, titleholder and kind are the same.
    function isHeldAs(TitleSlot slot, TitleSlot other) internal pure returns (bool) {
        return (TitleSlot.unwrap(slot) ^ TitleSlot.unwrap(other)) & (HOLDERS | KIND) == 0;
    }

    /// @dev Of the title or of a pledge. One whose deadline has come counts as none.
    function hasOpenOffer(TitleSlot slot) internal view returns (bool) {
        return slot.offered() != 0 && block.timestamp < slot.deadline();
    }

    /// @dev A title on its way in is offered; one on its way out is not.
    function isArriving(TitleSlot slot) internal pure returns (bool) {
        return slot.hasStatus(TitleStatus.IN_TRANSIT) && slot.offeree() != NO_PARTY;
    }

    function isEnforced(TitleSlot slot) internal pure returns (bool) {
        return slot.offered() & ENFORCED != 0;
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

    /// @dev Ends with `withoutOffer`, as an offer does.
    function withSurrender(TitleSlot slot, uint8 reason) internal pure returns (TitleSlot) {
        return slot.withOffer(NO_PARTY, 0, reason);
    }

    function withoutOffer(TitleSlot slot) internal pure returns (TitleSlot) {
        return TitleSlot.wrap(TitleSlot.unwrap(slot) & ~OFFER);
    }

    function withConsent(TitleSlot slot) internal pure returns (TitleSlot) {
        return TitleSlot.wrap(TitleSlot.unwrap(slot) | uint256(CONSENTED) << OFFERED_AT);
    }

    function withoutConsent(TitleSlot slot) internal pure returns (TitleSlot) {
        return TitleSlot.wrap(TitleSlot.unwrap(slot) & ~(uint256(CONSENTED) << OFFERED_AT));
    }

    function withPledge(TitleSlot slot) internal pure returns (TitleSlot) {
        return TitleSlot.wrap(TitleSlot.unwrap(slot) | PLEDGED);
    }

    function withoutPledge(TitleSlot slot) internal pure returns (TitleSlot) {
        return TitleSlot.wrap(TitleSlot.unwrap(slot) & ~PLEDGED);
    }

    function withKind(TitleSlot slot, TitleKind kind_) internal pure returns (TitleSlot) {
        return TitleSlot.wrap(TitleSlot.unwrap(slot) & ~KIND | uint256(kind_) << KIND_AT);
    }

    function withStatus(TitleSlot slot, TitleStatus status_) internal pure returns (TitleSlot) {
        return TitleSlot.wrap(TitleSlot.unwrap(slot) & ~STATUS | uint256(status_) << STATUS_AT);
    }

    function withSeq(TitleSlot slot, uint32 seq_) internal pure returns (TitleSlot) {
        return TitleSlot.wrap(TitleSlot.unwrap(slot) & ~SEQ | uint256(seq_) << SEQ_AT);
    }
}
