// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPartyRegistry} from "../interfaces/IPartyRegistry.sol";
import {ITitleErrors} from "../interfaces/ITitleErrors.sol";
import {ITitleEvents} from "../interfaces/ITitleEvents.sol";
import {Caller} from "../types/Caller.sol";
import {NO_PARTY, PartyIndex, PartyStatus} from "../types/Parties.sol";
import {FOR_OTHER, FOR_PAPER, TitleAct, TitleId, TitleStatus} from "../types/Titles.sol";
import {TitleSlot} from "../types/TitleSlot.sol";
import {Entitlement} from "./Entitlement.sol";
import {Standing} from "./Standing.sol";
import {TitleBook} from "./TitleBook.sol";

/// @title How a title goes back to its carrier, and what the carrier answers
library Surrenders {
    using Entitlement for Caller;
    using Standing for Caller;
    using TitleBook for TitleBook.Book;

    function forDelivery(TitleBook.Book storage book, Caller caller, TitleId id, uint32 expectedSeq)
        internal
    {
        TitleSlot title = book.live(id, expectedSeq);
        caller.requireHolder(id, title);
        Entitlement.requireFree(id, title);

        title = title.withoutOffer().withStatus(TitleStatus.PENDING_DELIVERY);
        uint32 seq = book.write(id, title, TitleAct.SURRENDER_FOR_DELIVERY, caller.party(), 0);
        emit ITitleEvents.SurrenderRequested(id, seq, caller.party(), TitleStatus.PENDING_DELIVERY, 0);
    }

    function forAmendment(
        TitleBook.Book storage book,
        Caller caller,
        TitleId id,
        uint32 expectedSeq,
        uint8 reason
    ) internal {
        TitleSlot title = book.live(id, expectedSeq);
        caller.requireDisposer(id, title);
        Entitlement.requireFree(id, title);

        title = title.withSurrender(reason).withStatus(TitleStatus.PENDING_AMENDMENT);
        bytes32 detail = bytes32(uint256(reason));
        uint32 seq = book.write(id, title, TitleAct.SURRENDER_FOR_AMENDMENT, caller.party(), detail);
        emit ITitleEvents.SurrenderRequested(
            id, seq, caller.party(), TitleStatus.PENDING_AMENDMENT, reason
        );
    }

    function cancel(TitleBook.Book storage book, Caller caller, TitleId id, uint32 expectedSeq) internal {
        TitleSlot title = _pending(book, id, expectedSeq);
        caller.requirePossessor(id, title);

        title = title.withoutOffer().withStatus(TitleStatus.LIVE);
        uint32 seq = book.write(id, title, TitleAct.CANCEL_SURRENDER, caller.party(), 0);
        emit ITitleEvents.SurrenderCancelled(id, seq, caller.party());
    }

    function accept(
        TitleBook.Book storage book,
        IPartyRegistry parties,
        Caller caller,
        TitleId id,
        uint32 expectedSeq
    ) internal {
        TitleSlot title = pendingFor(book, TitleStatus.PENDING_DELIVERY, id, expectedSeq);
        caller.requireAnsweringCarrier(parties, id, title);
        caller.requireActive();

        title = title.withStatus(TitleStatus.DELIVERED);
        uint32 seq = book.write(id, title, TitleAct.ACCEPT_SURRENDER, caller.party(), 0);
        emit ITitleEvents.TitleSurrendered(id, seq, caller.party());
    }

    function reject(
        TitleBook.Book storage book,
        IPartyRegistry parties,
        Caller caller,
        TitleId id,
        uint32 expectedSeq,
        uint8 reason
    ) internal {
        TitleSlot title = _pending(book, id, expectedSeq);
        caller.requireAnsweringCarrier(parties, id, title);
        caller.requireActive();

        title = title.withoutOffer().withStatus(TitleStatus.LIVE);
        bytes32 detail = bytes32(uint256(reason));
        uint32 seq = book.write(id, title, TitleAct.REJECT_SURRENDER, caller.party(), detail);
        emit ITitleEvents.SurrenderRejected(id, seq, caller.party(), reason);
    }

    function switchToPaper(
        TitleBook.Book storage book,
        IPartyRegistry parties,
        Caller caller,
        TitleId id,
        uint32 expectedSeq,
        uint8 reason
    ) internal {
        TitleSlot title = pendingFor(book, TitleStatus.PENDING_AMENDMENT, id, expectedSeq);
        caller.requireAnsweringCarrier(parties, id, title);
        caller.requireActive();
        requireSurrenderedFor(id, title, FOR_PAPER);

        title = title.withoutOffer().withStatus(TitleStatus.PAPER);
        bytes32 detail = bytes32(uint256(reason));
        uint32 seq = book.write(id, title, TitleAct.SWITCH_TO_PAPER, caller.party(), detail);
        emit ITitleEvents.TitleSwitchedToPaper(id, seq, caller.party(), reason);
    }

    function endAsPaper(
        TitleBook.Book storage book,
        IPartyRegistry parties,
        uint32 paperDelay,
        Caller caller,
        TitleId id,
        uint32 expectedSeq
    ) internal {
        TitleSlot title = book.current(id, expectedSeq);
        if (!title.hasStatus(TitleStatus.LIVE) && !_isPending(title)) {
            revert ITitleErrors.TitleNotLive(id, title.status());
        }
        caller.requireDisposer(id, title);
        Entitlement.requireFree(id, title);
        _requireNobodyAnswers(parties, paperDelay, id, title.issuer());

        title = title.withoutOffer().withStatus(TitleStatus.PAPER);
        uint32 seq = book.write(id, title, TitleAct.END_AS_PAPER, caller.party(), 0);
        emit ITitleEvents.TitleEndedAsPaper(id, seq, caller.party());
    }

    /// @notice A title that was surrendered for this.
    function pendingFor(
        TitleBook.Book storage book,
        TitleStatus pending,
        TitleId id,
        uint32 expectedSeq
    ) internal view returns (TitleSlot title) {
        title = book.current(id, expectedSeq);
        if (!title.hasStatus(pending)) revert ITitleErrors.NoSurrenderPending(id, title.status());
    }

    /// @notice Refuses an answer to what was not asked for. Whoever asked for something else has left it to the
    /// carrier how to answer.
    function requireSurrenderedFor(TitleId id, TitleSlot title, uint8 reason) internal pure {
        uint8 asked = title.surrenderedFor();
        if (asked != reason && asked != FOR_OTHER) revert ITitleErrors.SurrenderedForAnother(id, asked);
    }

    function _pending(TitleBook.Book storage book, TitleId id, uint32 expectedSeq)
        private
        view
        returns (TitleSlot title)
    {
        title = book.current(id, expectedSeq);
        if (!_isPending(title)) revert ITitleErrors.NoSurrenderPending(id, title.status());
    }

    function _requireNobodyAnswers(
        IPartyRegistry parties,
        uint32 paperDelay,
        TitleId id,
        PartyIndex carrier
    ) private view {
        (, PartyStatus status) = parties.standingOf(carrier);
        if (status != PartyStatus.REVOKED) revert ITitleErrors.CarrierNotRevoked(carrier);
        uint64 abandonedAt = parties.revokedAt(carrier);
        PartyIndex successor = parties.successorOf(carrier);
        if (successor != NO_PARTY) {
            uint64 itsEnd = parties.revokedAt(successor);
            if (itsEnd == 0) revert ITitleErrors.CarrierHasSuccessor(carrier, successor);
            if (itsEnd > abandonedAt) abandonedAt = itsEnd;
        }
        uint64 possibleFrom = abandonedAt + paperDelay;
        if (block.timestamp < possibleFrom) revert ITitleErrors.PaperTooEarly(id, possibleFrom);
    }

    function _isPending(TitleSlot title) private pure returns (bool) {
        return title.hasStatus(TitleStatus.PENDING_DELIVERY)
            || title.hasStatus(TitleStatus.PENDING_AMENDMENT);
    }
}
