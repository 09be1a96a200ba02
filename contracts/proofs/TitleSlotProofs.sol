// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PartyIndex} from "../src/types/Parties.sol";
import {TitleKind, TitleRecord, TitleStatus} from "../src/types/Titles.sol";
import {TitleSlot} from "../src/types/TitleSlot.sol";
import {MACHINE} from "./Symbolic.sol";

/// @title A title's slot loses nothing, and each change of it is of its own fields alone
/// @notice Where a field stands is written here once more, on purpose, as contracts/README.md has it.
contract TitleSlotProofs {
    uint256 private constant POSSESSOR = uint256(type(uint32).max) << 32;
    uint256 private constant TITLEHOLDER = uint256(type(uint32).max) << 64;
    uint256 private constant OFFEREE = uint256(type(uint32).max) << 96;
    uint256 private constant SEQ = uint256(type(uint32).max) << 128;
    uint256 private constant DEADLINE = uint256(type(uint40).max) << 160;
    uint256 private constant STATUS = uint256(15) << 200;
    uint256 private constant KIND = uint256(7) << 204;
    uint256 private constant PLEDGED = uint256(1) << 207;
    uint256 private constant OFFERED = uint256(type(uint8).max) << 208;
    uint256 private constant OFFER = OFFEREE | DEADLINE | OFFERED;

    function check_aRecordTellsEveryBitOfItsSlot(TitleSlot slot) external pure {
        _assumeFormed(slot);
        TitleRecord memory title = slot.unpack();
        uint256 first = uint256(PartyIndex.unwrap(title.issuer))
            | uint256(PartyIndex.unwrap(title.possessor)) << 32
            | uint256(PartyIndex.unwrap(title.titleholder)) << 64
            | uint256(PartyIndex.unwrap(title.offeree)) << 96 | uint256(title.seq) << 128;
        bool isAsked = title.status == TitleStatus.PENDING_AMENDMENT;
        assert(title.deadline == (isAsked ? 0 : slot.deadline()));
        uint256 second = uint256(slot.deadline()) << 160 | uint256(title.status) << 200
            | uint256(title.kind) << 204 | (title.pledged ? PLEDGED : 0) | uint256(title.offered) << 208;
        uint256 third = uint256(title.schema) << 216 | uint256(title.version) << 232
            | uint256(title.rulebook) << 248;
        assert(first | second | third == TitleSlot.unwrap(slot));
    }

    function check_theGettersTellWhatTheRecordTells(TitleSlot slot) external pure {
        _assumeFormed(slot);
        uint256 word = TitleSlot.unwrap(slot);
        assert(PartyIndex.unwrap(slot.issuer()) == uint32(word));
        assert(PartyIndex.unwrap(slot.possessor()) == uint32(word >> 32));
        assert(PartyIndex.unwrap(slot.titleholder()) == uint32(word >> 64));
        assert(PartyIndex.unwrap(slot.offeree()) == uint32(word >> 96));
        assert(slot.seq() == uint32(word >> 128));
        assert(slot.deadline() == uint40(word >> 160));
        assert(slot.surrenderedFor() == uint8(word >> 160));
        assert(slot.offered() == uint8(word >> 208));
        assert(slot.hasStatus(slot.status()) && slot.hasKind(slot.kind()));
    }

    function check_withHoldersChangesTheHoldersAlone(TitleSlot slot, PartyIndex possessor, PartyIndex holder)
        external
        pure
    {
        TitleSlot then = slot.withHolders(possessor, holder);
        _assertChanged(slot, then, POSSESSOR | TITLEHOLDER);
        assert(then.possessor() == possessor && then.titleholder() == holder);
    }

    function check_withOfferChangesTheOfferAlone(
        TitleSlot slot,
        PartyIndex offeree,
        uint8 offered,
        uint40 deadline
    ) external pure {
        TitleSlot then = slot.withOffer(offeree, offered, deadline);
        _assertChanged(slot, then, OFFER);
        assert(then.offeree() == offeree && then.offered() == offered && then.deadline() == deadline);
    }

    function check_withSurrenderTakesTheOffersPlaceAlone(TitleSlot slot, uint8 reason) external pure {
        TitleSlot then = slot.withSurrender(reason);
        _assertChanged(slot, then, OFFER);
        assert(TitleSlot.unwrap(then) & OFFER == uint256(reason) << 160);
        assert(then.surrenderedFor() == reason);
    }

    function check_withoutOfferEndsTheOfferAlone(TitleSlot slot) external pure {
        TitleSlot then = slot.withoutOffer();
        _assertChanged(slot, then, OFFER);
        assert(TitleSlot.unwrap(then) & OFFER == 0);
    }

    function check_consentIsABitOfItsOwn(TitleSlot slot) external pure {
        uint256 word = TitleSlot.unwrap(slot);
        uint256 consent = uint256(32) << 208;
        assert(TitleSlot.unwrap(slot.withConsent()) == word | consent);
        assert(TitleSlot.unwrap(slot.withoutConsent()) == word & ~consent);
    }

    function check_aPledgeIsABitOfItsOwn(TitleSlot slot) external pure {
        uint256 word = TitleSlot.unwrap(slot);
        assert(TitleSlot.unwrap(slot.withPledge()) == word | PLEDGED);
        assert(TitleSlot.unwrap(slot.withoutPledge()) == word & ~PLEDGED);
        assert(slot.isPledged() == (word & PLEDGED != 0));
    }

    function check_withKindChangesTheKindAlone(TitleSlot slot, TitleKind kind) external pure {
        TitleSlot then = slot.withKind(kind);
        _assertChanged(slot, then, KIND);
        assert(then.kind() == kind);
    }

    function check_withStatusChangesTheStatusAlone(TitleSlot slot, TitleStatus status) external pure {
        TitleSlot then = slot.withStatus(status);
        _assertChanged(slot, then, STATUS);
        assert(then.status() == status);
    }

    function check_withSeqChangesTheCountAlone(TitleSlot slot, uint32 seq) external pure {
        TitleSlot then = slot.withSeq(seq);
        _assertChanged(slot, then, SEQ);
        assert(then.seq() == seq);
    }

    function _assertChanged(TitleSlot slot, TitleSlot then, uint256 fields) private pure {
        assert((TitleSlot.unwrap(slot) ^ TitleSlot.unwrap(then)) & ~fields == 0);
    }

    /// @dev The enums have fewer values than their fields.
    function _assumeFormed(TitleSlot slot) private pure {
        uint256 word = TitleSlot.unwrap(slot);
        MACHINE.assume((word & STATUS) >> 200 <= uint256(type(TitleStatus).max));
        MACHINE.assume((word & KIND) >> 204 <= uint256(type(TitleKind).max));
    }
}
