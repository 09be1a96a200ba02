// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGateways} from "../interfaces/IGateways.sol";
import {IPartyRegistry} from "../interfaces/IPartyRegistry.sol";
import {ITitleErrors} from "../interfaces/ITitleErrors.sol";
import {ITitleEvents} from "../interfaces/ITitleEvents.sol";
import {Caller} from "../types/Caller.sol";
import {CARRIER, NO_PARTY, PartyIndex, PartyStatus} from "../types/Parties.sol";
import {
    Issuance,
    POSSESSION,
    SeriesId,
    TitleAct,
    TitleId,
    TitleStatus,
    TitleTerms
} from "../types/Titles.sol";
import {TitleSlot, TitleSlots} from "../types/TitleSlot.sol";
import {Entitlement} from "./Entitlement.sol";
import {Issuing} from "./Issuing.sol";
import {Standing} from "./Standing.sol";
import {TitleBook} from "./TitleBook.sol";

/// @title How a title leaves for another chain or platform, and how it arrives
/// @notice A gateway is never a title's possessor: it says where the title went, or to whom it comes.
library Crossings {
    using Entitlement for Caller;
    using Standing for Caller;
    using TitleBook for TitleBook.Book;

    uint40 private constant NO_DEADLINE = type(uint40).max;

    function lock(
        TitleBook.Book storage book,
        IGateways gateways,
        Caller caller,
        TitleId id,
        uint32 expectedSeq,
        address gateway,
        bytes32 transfer
    ) internal {
        TitleSlot title = book.live(id, expectedSeq);
        caller.requirePossessor(id, title);
        caller.requireActive();
        Entitlement.requireFree(id, title);
        _requireCrossing(gateways, gateway, transfer);

        book.gateways[id] = gateway;
        title = title.withoutOffer().withStatus(TitleStatus.IN_TRANSIT);
        bytes32 detail = keccak256(abi.encode(gateway, transfer));
        uint32 seq = book.write(id, title, TitleAct.LOCK, caller.party(), detail);
        emit ITitleEvents.TitleLocked(id, seq, caller.party(), gateway, transfer);
    }

    function exportTitle(TitleBook.Book storage book, address gateway, TitleId id, uint32 expectedSeq)
        internal
    {
        TitleSlot title = _held(book, gateway, id, expectedSeq);

        title = title.withoutOffer().withStatus(TitleStatus.EXPORTED);
        uint32 seq = book.write(id, title, TitleAct.EXPORT, NO_PARTY, _word(gateway));
        emit ITitleEvents.TitleExported(id, seq, gateway);
    }

    function returnTitle(TitleBook.Book storage book, address gateway, TitleId id, uint32 expectedSeq)
        internal
    {
        TitleSlot title = _held(book, gateway, id, expectedSeq);
        // it would be live without a possessor
        if (title.isArriving()) revert ITitleErrors.NotTheGateway(id, gateway);

        title = title.withStatus(TitleStatus.LIVE);
        uint32 seq = book.write(id, title, TitleAct.RETURN, NO_PARTY, _word(gateway));
        emit ITitleEvents.TitleReturned(id, seq, gateway);
    }

    function importTitle(
        TitleBook.Book storage book,
        IPartyRegistry parties,
        IGateways gateways,
        address gateway,
        Issuance calldata issuance,
        PartyIndex issuer,
        bytes32 transfer
    ) internal {
        _requireCrossing(gateways, gateway, transfer);
        (TitleId id, SeriesId series, bytes32 root) = Issuing.idsOf(issuer, issuance);
        TitleTerms terms = issuance.terms;
        TitleSlot before = book.titles[id].slot;
        if (before.hasStatus(TitleStatus.NONE)) {
            _requireIssuer(parties, gateways, gateway, issuer);
            Issuing.requireUnusedSeries(series, book.series[series].current);
        } else {
            _requireSameWay(book, gateways, gateway, id, before);
            _requireSame(book, id, before, series, root, terms);
        }
        Issuing.requireHolders(parties, terms, before.titleholder());

        TitleSlot title = _arriving(TitleSlots.issued(issuer, terms).withSeq(before.seq()));
        book.titles[id].contentRoot = root;
        book.gateways[id] = gateway;
        book.series[series].current = id;
        bytes32 detail = keccak256(abi.encode(id, series, root, terms, issuer, gateway, transfer));
        uint32 seq = book.write(id, title, TitleAct.IMPORT, NO_PARTY, detail);
        emit ITitleEvents.TitleImported(id, seq, gateway, issuer, series, root, terms, transfer);
    }

    /// @dev Nobody possesses the title until its offeree, who is named as its possessor, accepts it.
    function _arriving(TitleSlot title) private pure returns (TitleSlot) {
        return title.withOffer(title.possessor(), POSSESSION, NO_DEADLINE).withHolders(
            NO_PARTY, title.titleholder()
        ).withStatus(TitleStatus.IN_TRANSIT);
    }

    /// @dev Locked for the gateway, or brought in by it.
    function _held(TitleBook.Book storage book, address gateway, TitleId id, uint32 expectedSeq)
        private
        view
        returns (TitleSlot title)
    {
        title = book.current(id, expectedSeq);
        if (!title.hasStatus(TitleStatus.IN_TRANSIT)) {
            revert ITitleErrors.TitleNotInTransit(id, title.status());
        }
        if (book.gateways[id] != gateway) revert ITitleErrors.NotTheGateway(id, gateway);
    }

    /// @dev A title comes back the way that it left; another way only where that is closed.
    function _requireSameWay(
        TitleBook.Book storage book,
        IGateways gateways,
        address gateway,
        TitleId id,
        TitleSlot title
    ) private view {
        if (!title.hasStatus(TitleStatus.EXPORTED)) revert ITitleErrors.TitleNotExported(id, title.status());
        address last = book.gateways[id];
        if (last != gateway && gateways.isGateway(last)) revert ITitleErrors.NotTheGateway(id, gateway);
    }

    /// @dev A title that comes back is the same title.
    function _requireSame(
        TitleBook.Book storage book,
        TitleId id,
        TitleSlot title,
        SeriesId series,
        bytes32 contentRoot,
        TitleTerms terms
    ) private view {
        TitleId current = book.series[series].current;
        if (TitleId.unwrap(current) != TitleId.unwrap(id)) revert ITitleErrors.SeriesDiffers(id, series);
        bool isSame = book.titles[id].contentRoot == contentRoot && title.isReadAs(terms);
        if (!isSame) revert ITitleErrors.ContentDiffers(id);
    }

    function _requireCrossing(IGateways gateways, address gateway, bytes32 transfer) private view {
        if (!gateways.isGateway(gateway)) revert ITitleErrors.GatewayUnknown(gateway);
        if (transfer == 0) revert ITitleErrors.EmptyTransfer();
    }

    /// @dev A title that was never here uses up a number of its issuer, who has a say in that.
    function _requireIssuer(
        IPartyRegistry parties,
        IGateways gateways,
        address gateway,
        PartyIndex issuer
    ) private view {
        (uint16 roles, PartyStatus status) = parties.standingOf(issuer);
        bool stands = status == PartyStatus.ACTIVE || status == PartyStatus.SUSPENDED;
        if (!stands || roles & CARRIER == 0) revert ITitleErrors.IssuerUnfit(issuer);
        if (!gateways.isAdmitted(issuer, gateway)) revert ITitleErrors.GatewayNotAdmitted(issuer, gateway);
    }

    function _word(address account) private pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }
}
