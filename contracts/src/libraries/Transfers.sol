// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPartyRegistry} from "../interfaces/IPartyRegistry.sol";
import {ITitleErrors} from "../interfaces/ITitleErrors.sol";
import {ITitleEvents} from "../interfaces/ITitleEvents.sol";
import {Caller} from "../types/Caller.sol";
import {NO_PARTY, PartyIndex} from "../types/Parties.sol";
import {
    CONSENTED,
    ENFORCED,
    FINAL,
    POSSESSION,
    TITLE,
    TitleAct,
    TitleId,
    TitleKind,
    TitleStatus
} from "../types/Titles.sol";
import {TitleSlot} from "../types/TitleSlot.sol";
import {Entitlement} from "./Entitlement.sol";
import {Standing} from "./Standing.sol";
import {TitleBook} from "./TitleBook.sol";

/// @title How control of a title passes: by an offer that is accepted, or by an endorsement that names nobody
library Transfers {
    using Entitlement for Caller;
    using Standing for IPartyRegistry;
    using Standing for Caller;
    using TitleBook for TitleBook.Book;

    function offer(
        TitleBook.Book storage book,
        IPartyRegistry parties,
        Caller caller,
        TitleId id,
        uint32 expectedSeq,
        PartyIndex recipient,
        uint8 what,
        uint40 deadline
    ) internal {
        TitleSlot title = book.live(id, expectedSeq);
        caller.requirePossessor(id, title);
        // who may not act any more still gives the title to whom it is made out
        bool isHandedOver = _isHandedOver(title, recipient, what);
        if (!isHandedOver) caller.requireActive();
        Entitlement.requireNoOpenOffer(id, title);
        _requireOffered(what);
        if (deadline <= block.timestamp) revert ITitleErrors.DeadlineInThePast(deadline);
        if (recipient == caller.party()) revert ITitleErrors.OfferToSelf(id);
        if (what & TITLE != 0) _requireTitleMoves(caller, id, title);
        if (!isHandedOver) parties.requireActive(recipient);

        title = title.withOffer(recipient, what, deadline);
        bytes32 detail =
            bytes32(uint256(PartyIndex.unwrap(recipient)) | uint256(what) << 32 | uint256(deadline) << 40);
        uint32 seq = book.write(id, title, TitleAct.OFFER, caller.party(), detail);
        emit ITitleEvents.TitleOffered(id, seq, caller.party(), recipient, what, deadline);
    }

    function withdraw(TitleBook.Book storage book, Caller caller, TitleId id, uint32 expectedSeq) internal {
        TitleSlot title = book.live(id, expectedSeq);
        if (title.offered() == 0) revert ITitleErrors.NoOpenOffer(id);
        caller.requirePossessor(id, title);
        if (title.isEnforced()) revert ITitleErrors.OfferEnforced(id);

        uint32 seq = book.write(id, title.withoutOffer(), TitleAct.WITHDRAW, caller.party(), 0);
        emit ITitleEvents.OfferWithdrawn(id, seq, caller.party());
    }

    function accept(TitleBook.Book storage book, Caller caller, TitleId id, uint32 expectedSeq) internal {
        TitleSlot title = _offered(book, caller, id, expectedSeq);
        uint8 what = title.offered();
        bool isHandedOver =
            title.hasStatus(TitleStatus.LIVE) && _isHandedOver(title, caller.party(), what & ~CONSENTED);
        if (!isHandedOver) caller.requireActive();
        if (block.timestamp >= title.deadline()) revert ITitleErrors.OfferExpired(id, title.deadline());
        if (title.isPledged() && what & (CONSENTED | ENFORCED) == 0) revert ITitleErrors.ConsentMissing(id);

        if (what & ENFORCED != 0) title = title.withoutPledge();
        PartyIndex possessor = what & POSSESSION != 0 ? caller.party() : title.possessor();
        PartyIndex titleholder = what & TITLE != 0 ? caller.party() : title.titleholder();
        TitleKind kind = _kindAfter(title, what);
        title = title.withHolders(possessor, titleholder).withKind(kind).withoutOffer();
        bytes32 detail = bytes32(
            uint256(PartyIndex.unwrap(possessor)) | uint256(PartyIndex.unwrap(titleholder)) << 32
                | uint256(kind) << 64
        );
        uint32 seq =
            book.write(id, title.withStatus(TitleStatus.LIVE), TitleAct.ACCEPT, caller.party(), detail);
        emit ITitleEvents.TitleTransferred(id, seq, caller.party(), possessor, titleholder, kind);
    }

    function decline(TitleBook.Book storage book, Caller caller, TitleId id, uint32 expectedSeq) internal {
        TitleSlot title = _offered(book, caller, id, expectedSeq);

        if (title.isArriving()) title = title.withStatus(TitleStatus.EXPORTED);
        uint32 seq = book.write(id, title.withoutOffer(), TitleAct.DECLINE, caller.party(), 0);
        emit ITitleEvents.OfferDeclined(id, seq, caller.party());
    }

    function endorse(
        TitleBook.Book storage book,
        Caller caller,
        TitleId id,
        uint32 expectedSeq,
        TitleKind to
    ) internal {
        TitleSlot title = book.live(id, expectedSeq);
        caller.requireHolder(id, title);
        caller.requireActive();
        Entitlement.requireFree(id, title);
        TitleKind kind = title.kind();
        bool isOrder = kind == TitleKind.ORDER && (to == TitleKind.BLANK || to == TitleKind.ORDER_FINAL);
        bool isBlank = kind == TitleKind.BLANK && (to == TitleKind.ORDER || to == TitleKind.ORDER_FINAL);
        if (!isOrder && !isBlank) revert ITitleErrors.EndorsementUnfit(id, kind, to);

        PartyIndex titleholder = to == TitleKind.BLANK ? NO_PARTY : caller.party();
        title = title.withHolders(caller.party(), titleholder).withKind(to).withoutOffer();
        bytes32 detail = bytes32(uint256(PartyIndex.unwrap(titleholder)) | uint256(to) << 32);
        uint32 seq = book.write(id, title, TitleAct.ENDORSE, caller.party(), detail);
        emit ITitleEvents.TitleEndorsed(id, seq, caller.party(), titleholder, to);
    }

    /// @dev A title on its way in waits for its offeree as a live one does.
    function _offered(TitleBook.Book storage book, Caller caller, TitleId id, uint32 expectedSeq)
        private
        view
        returns (TitleSlot title)
    {
        title = book.current(id, expectedSeq);
        if (!title.hasStatus(TitleStatus.LIVE) && !title.isArriving()) {
            revert ITitleErrors.TitleNotLive(id, title.status());
        }
        if (title.offeree() == NO_PARTY) revert ITitleErrors.NoOpenOffer(id);
        if (title.offeree() != caller.party()) revert ITitleErrors.NotTheOfferee(id, caller.party());
    }

    /// @dev Possession alone, to the titleholder: of a title in blank there is none.
    function _isHandedOver(TitleSlot title, PartyIndex recipient, uint8 what) private pure returns (bool) {
        return what == POSSESSION && recipient == title.titleholder() && recipient != NO_PARTY;
    }

    function _requireOffered(uint8 what) private pure {
        if (what == 0 || what > POSSESSION | TITLE | FINAL) revert ITitleErrors.NothingOffered(what);
        if (what & FINAL != 0 && what & TITLE == 0) revert ITitleErrors.FinalWithoutTitle(what);
    }

    function _requireTitleMoves(Caller caller, TitleId id, TitleSlot title) private pure {
        if (title.hasKind(TitleKind.BLANK)) return;
        if (!title.hasKind(TitleKind.ORDER)) revert ITitleErrors.KindForbidsTransfer(id, title.kind());
        caller.requireHolder(id, title);
    }

    function _kindAfter(TitleSlot title, uint8 what) private pure returns (TitleKind) {
        if (what & TITLE == 0) return title.kind();
        return what & FINAL != 0 ? TitleKind.ORDER_FINAL : TitleKind.ORDER;
    }
}
