// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPartyRegistry} from "../interfaces/IPartyRegistry.sol";
import {IPledgeeGate} from "../interfaces/IPledgeeGate.sol";
import {ITitleErrors} from "../interfaces/ITitleErrors.sol";
import {ITitleEvents} from "../interfaces/ITitleEvents.sol";
import {Caller} from "../types/Caller.sol";
import {NO_PARTY, PartyIndex} from "../types/Parties.sol";
import {
    CONSENTED,
    ENFORCED,
    FINAL,
    PLEDGE,
    POSSESSION,
    TITLE,
    TitleAct,
    TitleId,
    TitleKind
} from "../types/Titles.sol";
import {TitleSlot} from "../types/TitleSlot.sol";
import {Entitlement} from "./Entitlement.sol";
import {Standing} from "./Standing.sol";
import {TitleBook} from "./TitleBook.sol";

/// @title A title as security: proposed by its holder, and then the pledgee's to release or to enforce
/// @notice Who acts for a pledgee is an account that the gate answers for, and need be no party's.
library Pledges {
    using Entitlement for Caller;
    using Standing for IPartyRegistry;
    using Standing for Caller;
    using TitleBook for TitleBook.Book;

    function propose(
        TitleBook.Book storage book,
        IPledgeeGate gate,
        Caller caller,
        TitleId id,
        uint32 expectedSeq,
        bytes32 pledgee,
        uint40 deadline
    ) internal {
        TitleSlot title = book.live(id, expectedSeq);
        caller.requireHolder(id, title);
        caller.requireActive();
        Entitlement.requireFree(id, title);
        if (!title.hasKind(TitleKind.ORDER) && !title.hasKind(TitleKind.BLANK)) {
            revert ITitleErrors.KindForbidsPledge(id, title.kind());
        }
        if (deadline <= block.timestamp) revert ITitleErrors.DeadlineInThePast(deadline);
        _requireFit(gate, pledgee);

        book.pledgees[id] = pledgee;
        title = title.withOffer(NO_PARTY, PLEDGE, deadline);
        bytes32 detail = keccak256(abi.encode(pledgee, deadline));
        uint32 seq = book.write(id, title, TitleAct.PROPOSE_PLEDGE, caller.party(), detail);
        emit ITitleEvents.PledgeProposed(id, seq, caller.party(), pledgee, deadline);
    }

    function accept(
        TitleBook.Book storage book,
        IPledgeeGate gate,
        address account,
        TitleId id,
        uint32 expectedSeq
    ) internal {
        (TitleSlot title, bytes32 pledgee) = _proposed(book, gate, account, id, expectedSeq);
        _requireFit(gate, pledgee);
        if (!title.hasOpenOffer()) revert ITitleErrors.OfferExpired(id, title.deadline());

        title = title.withoutOffer().withPledge();
        uint32 seq = book.write(id, title, TitleAct.ACCEPT_PLEDGE, NO_PARTY, pledgee);
        emit ITitleEvents.TitlePledged(id, seq, pledgee);
    }

    function decline(
        TitleBook.Book storage book,
        IPledgeeGate gate,
        address account,
        TitleId id,
        uint32 expectedSeq
    ) internal {
        (TitleSlot title, bytes32 pledgee) = _proposed(book, gate, account, id, expectedSeq);

        uint32 seq = book.write(id, title.withoutOffer(), TitleAct.DECLINE_PLEDGE, NO_PARTY, pledgee);
        emit ITitleEvents.PledgeDeclined(id, seq, pledgee);
    }

    function consent(
        TitleBook.Book storage book,
        IPledgeeGate gate,
        address account,
        TitleId id,
        uint32 expectedSeq
    ) internal {
        (TitleSlot title, bytes32 pledgee) = _pledged(book, gate, account, id, expectedSeq);
        _requireFit(gate, pledgee);
        if (title.offeree() == NO_PARTY || title.isEnforced()) revert ITitleErrors.NoOpenOffer(id);
        if (!title.hasOpenOffer()) revert ITitleErrors.OfferExpired(id, title.deadline());
        if (title.offered() & CONSENTED != 0) revert ITitleErrors.ConsentGiven(id);

        uint32 seq = book.write(id, title.withConsent(), TitleAct.CONSENT, NO_PARTY, pledgee);
        emit ITitleEvents.TransferConsented(id, seq, pledgee);
    }

    function release(
        TitleBook.Book storage book,
        IPledgeeGate gate,
        address account,
        TitleId id,
        uint32 expectedSeq
    ) internal {
        (TitleSlot title, bytes32 pledgee) = _pledged(book, gate, account, id, expectedSeq);

        title = title.isEnforced() ? title.withoutOffer() : title.withoutConsent();
        uint32 seq = book.write(id, title.withoutPledge(), TitleAct.RELEASE_PLEDGE, NO_PARTY, pledgee);
        emit ITitleEvents.PledgeReleased(id, seq, pledgee);
    }

    function enforce(
        TitleBook.Book storage book,
        IPartyRegistry parties,
        IPledgeeGate gate,
        address account,
        TitleId id,
        uint32 expectedSeq,
        PartyIndex recipient,
        uint40 deadline
    ) internal {
        (TitleSlot title, bytes32 pledgee) = _pledged(book, gate, account, id, expectedSeq);
        _requireFit(gate, pledgee);
        if (deadline <= block.timestamp) revert ITitleErrors.DeadlineInThePast(deadline);
        if (_holds(recipient, title)) revert ITitleErrors.OfferToSelf(id);
        parties.requireActive(recipient);

        uint8 what = _all(title);
        title = title.withOffer(recipient, what | ENFORCED, deadline);
        bytes32 detail = keccak256(abi.encode(pledgee, recipient, deadline));
        uint32 seq = book.write(id, title, TitleAct.ENFORCE_PLEDGE, NO_PARTY, detail);
        emit ITitleEvents.PledgeEnforced(id, seq, pledgee, recipient, what, deadline);
    }

    function _proposed(
        TitleBook.Book storage book,
        IPledgeeGate gate,
        address account,
        TitleId id,
        uint32 expectedSeq
    ) private view returns (TitleSlot title, bytes32 pledgee) {
        title = book.live(id, expectedSeq);
        if (title.offered() & PLEDGE == 0) revert ITitleErrors.NoPledgeProposed(id);
        pledgee = book.pledgees[id];
        _requireActsFor(gate, account, id, pledgee);
    }

    function _pledged(
        TitleBook.Book storage book,
        IPledgeeGate gate,
        address account,
        TitleId id,
        uint32 expectedSeq
    ) private view returns (TitleSlot title, bytes32 pledgee) {
        title = book.live(id, expectedSeq);
        if (!title.isPledged()) revert ITitleErrors.NotPledged(id);
        pledgee = book.pledgees[id];
        _requireActsFor(gate, account, id, pledgee);
    }

    function _requireActsFor(IPledgeeGate gate, address account, TitleId id, bytes32 pledgee) private view {
        if (!gate.actsFor(account, pledgee)) revert ITitleErrors.NotThePledgee(id, account);
    }

    function _requireFit(IPledgeeGate gate, bytes32 pledgee) private view {
        if (!gate.mayTake(pledgee)) revert ITitleErrors.PledgeeUnfit(pledgee);
    }

    function _holds(PartyIndex party, TitleSlot title) private pure returns (bool) {
        if (party != title.possessor()) return false;
        return title.hasKind(TitleKind.BLANK) || party == title.titleholder();
    }

    /// @dev What moves the whole of a title, and leaves its kind.
    function _all(TitleSlot title) private pure returns (uint8) {
        if (title.hasKind(TitleKind.BLANK)) return POSSESSION;
        uint8 both = POSSESSION | TITLE;
        return title.hasKind(TitleKind.ORDER_FINAL) ? both | FINAL : both;
    }
}
