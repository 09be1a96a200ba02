// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPartyRegistry} from "../interfaces/IPartyRegistry.sol";
import {ITitleErrors} from "../interfaces/ITitleErrors.sol";
import {ITitleEvents} from "../interfaces/ITitleEvents.sol";
import {Caller} from "../types/Caller.sol";
import {CARRIER, NO_PARTY, PartyIndex} from "../types/Parties.sol";
import {
    FOR_CHANGE_OF_DESTINATION,
    FOR_COMBINATION,
    FOR_CORRECTION,
    FOR_SPLIT,
    FOR_SWITCH,
    Issuance,
    Replacement,
    SeriesId,
    TitleAct,
    TitleId,
    TitleKind,
    TitleStatus,
    TitleTerms
} from "../types/Titles.sol";
import {TitleSlot, TitleSlots} from "../types/TitleSlot.sol";
import {Entitlement} from "./Entitlement.sol";
import {Issuing} from "./Issuing.sol";
import {Standing} from "./Standing.sol";
import {Surrenders} from "./Surrenders.sol";
import {TitleBook} from "./TitleBook.sol";

/// @title How surrendered titles give way to others, in one transaction
/// @notice The holders and the kind stay: what a carrier changes is the document.
library Replacements {
    using Entitlement for Caller;
    using Standing for IPartyRegistry;
    using Standing for Caller;
    using TitleBook for TitleBook.Book;
    using TitleBook for TitleBook.Title;

    uint256 private constant LEAST_PARTS = 2;
    uint256 private constant MOST_PARTS = 50;

    function amend(
        TitleBook.Book storage book,
        IPartyRegistry parties,
        Caller caller,
        TitleId id,
        uint32 expectedSeq,
        Issuance calldata successor,
        uint8 reason
    ) internal {
        TitleSlot title = Surrenders.pendingFor(book, TitleStatus.PENDING_AMENDMENT, id, expectedSeq);
        caller.requireIssuer(id, title);
        caller.requireRole(CARRIER);
        if (title.surrenderedFor() != FOR_CHANGE_OF_DESTINATION) {
            Surrenders.requireSurrenderedFor(id, title, FOR_CORRECTION);
        }

        TitleId by = _idOf(caller, successor);
        uint32 seq = _void(book, caller, id, title, Replacement.AMENDMENT, reason, _one(by));
        emit ITitleEvents.TitleAmended(id, seq, caller.party(), by, reason);
        _succeed(book, parties, caller, _one(id), title, successor, Replacement.AMENDMENT);
    }

    function switchBill(
        TitleBook.Book storage book,
        IPartyRegistry parties,
        Caller caller,
        TitleId id,
        uint32 expectedSeq,
        Issuance calldata successor,
        uint8 reason
    ) internal {
        TitleSlot title = _surrendered(book, parties, caller, id, expectedSeq, FOR_SWITCH);

        TitleId by = _idOf(caller, successor);
        uint32 seq = _void(book, caller, id, title, Replacement.SWITCH, reason, _one(by));
        emit ITitleEvents.TitleSwitched(id, seq, caller.party(), by, reason);
        _succeed(book, parties, caller, _one(id), title, successor, Replacement.SWITCH);
    }

    function split(
        TitleBook.Book storage book,
        IPartyRegistry parties,
        Caller caller,
        TitleId id,
        uint32 expectedSeq,
        Issuance[] calldata parts,
        uint8 reason
    ) internal {
        Issuing.requireCount(parts.length, LEAST_PARTS, MOST_PARTS);
        TitleSlot title = _surrendered(book, parties, caller, id, expectedSeq, FOR_SPLIT);

        TitleId[] memory successors = new TitleId[](parts.length);
        for (uint256 i = 0; i < parts.length; ++i) {
            successors[i] = _idOf(caller, parts[i]);
        }
        uint32 seq = _void(book, caller, id, title, Replacement.SPLIT, reason, successors);
        emit ITitleEvents.TitleSplit(id, seq, caller.party(), successors, reason);
        TitleId[] memory origins = _one(id);
        for (uint256 i = 0; i < parts.length; ++i) {
            _succeed(book, parties, caller, origins, title, parts[i], Replacement.SPLIT);
        }
    }

    function combine(
        TitleBook.Book storage book,
        IPartyRegistry parties,
        Caller caller,
        TitleId[] calldata ids,
        uint32[] calldata expectedSeqs,
        Issuance calldata whole,
        uint8 reason
    ) internal {
        Issuing.requireCount(ids.length, LEAST_PARTS, MOST_PARTS);
        Issuing.requireCount(expectedSeqs.length, ids.length, ids.length);
        TitleId[] memory successors = _one(_idOf(caller, whole));
        TitleSlot first;
        for (uint256 i = 0; i < ids.length; ++i) {
            TitleSlot title =
                _surrendered(book, parties, caller, ids[i], expectedSeqs[i], FOR_COMBINATION);
            if (i == 0) first = title;
            else if (title.issuer() != first.issuer() || !title.isHeldAs(first)) revert ITitleErrors.OriginalsDiffer(ids[i]);
            uint32 seq = _void(book, caller, ids[i], title, Replacement.COMBINATION, reason, successors);
            emit ITitleEvents.TitlesCombined(ids[i], seq, caller.party(), successors[0], reason);
        }
        _succeed(book, parties, caller, ids, first, whole, Replacement.COMBINATION);
    }

    /// @dev A title named twice is VOIDED when it comes up again.
    function _void(
        TitleBook.Book storage book,
        Caller caller,
        TitleId id,
        TitleSlot title,
        Replacement form,
        uint8 reason,
        TitleId[] memory successors
    ) private returns (uint32 seq) {
        bytes32 detail = keccak256(abi.encode(form, reason, _hashOf(successors)));
        title = title.withoutOffer().withStatus(TitleStatus.VOIDED);
        return book.write(id, title, TitleAct.VOID, caller.party(), detail);
    }

    function _succeed(
        TitleBook.Book storage book,
        IPartyRegistry parties,
        Caller caller,
        TitleId[] memory origins,
        TitleSlot origin,
        Issuance calldata successor,
        Replacement form
    ) private {
        PartyIndex issuer = caller.party();
        (TitleId id, SeriesId series, bytes32 root) = Issuing.idsOf(issuer, successor);
        TitleBook.Title storage stored = book.unused(id);
        _requireSeries(series, book.series[series].current, origins, form);
        TitleTerms terms = successor.terms;
        TitleSlot title = TitleSlots.issued(issuer, terms);
        _requireSameHolders(parties, origins[0], origin, title);

        bytes32 detail = keccak256(abi.encode(id, series, root, terms, _hashOf(origins)));
        stored.begin(title, root, TitleAct.ISSUE_SUCCESSOR, detail);
        book.series[series].current = id;
        emit ITitleEvents.SuccessorIssued(id, issuer, series, root, terms, origins);
    }

    /// @dev A title of an issuer whom the caller answers for, and to whom it was surrendered for this.
    function _surrendered(
        TitleBook.Book storage book,
        IPartyRegistry parties,
        Caller caller,
        TitleId id,
        uint32 expectedSeq,
        uint8 reason
    ) private view returns (TitleSlot title) {
        title = Surrenders.pendingFor(book, TitleStatus.PENDING_AMENDMENT, id, expectedSeq);
        caller.requireAnsweringCarrier(parties, id, title);
        caller.requireRole(CARRIER);
        Surrenders.requireSurrenderedFor(id, title, reason);
    }

    /// @dev Once one successor has the series of an origin, no other can have it.
    function _requireSeries(
        SeriesId series,
        TitleId current,
        TitleId[] memory origins,
        Replacement form
    ) private pure {
        if (form == Replacement.AMENDMENT) {
            if (!_isOneOf(current, origins)) revert ITitleErrors.SeriesDiffers(origins[0], series);
            return;
        }
        if (form != Replacement.SWITCH && _isOneOf(current, origins)) return;
        Issuing.requireUnusedSeries(series, current);
    }

    function _requireSameHolders(
        IPartyRegistry parties,
        TitleId originId,
        TitleSlot origin,
        TitleSlot successor
    ) private view {
        if (successor.isHeldAs(origin)) return;

        PartyIndex consignee = successor.titleholder();
        bool mayChange = origin.hasKind(TitleKind.STRAIGHT) && origin.titleholder() != origin.possessor()
            && successor.withHolders(successor.possessor(), origin.titleholder()).isHeldAs(origin);
        if (!mayChange) revert ITitleErrors.HoldersDiffer(originId);
        if (consignee == NO_PARTY) revert ITitleErrors.KindNeedsTitleholder(TitleKind.STRAIGHT);
        parties.requireActive(consignee);
    }

    function _idOf(Caller caller, Issuance calldata issuance) private pure returns (TitleId id) {
        (id,,) = Issuing.idsOf(caller.party(), issuance);
    }

    function _isOneOf(TitleId id, TitleId[] memory ids) private pure returns (bool) {
        for (uint256 i = 0; i < ids.length; ++i) {
            if (TitleId.unwrap(ids[i]) == TitleId.unwrap(id)) return true;
        }
        return false;
    }

    function _one(TitleId id) private pure returns (TitleId[] memory ids) {
        ids = new TitleId[](1);
        ids[0] = id;
    }

    function _hashOf(TitleId[] memory ids) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(ids));
    }
}
