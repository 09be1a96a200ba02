// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPartyRegistry} from "../interfaces/IPartyRegistry.sol";
import {ITitleRegistry} from "../interfaces/ITitleRegistry.sol";
import {History} from "../libraries/History.sol";
import {Standing} from "../libraries/Standing.sol";
import {CARRIER, Caller, NO_PARTY, PartyIndex} from "../types/Parties.sol";
import {
    Issuance,
    POSSESSION,
    SeriesId,
    TITLE,
    TitleAct,
    TitleId,
    TitleKind,
    TitleRecord,
    TitleStatus
} from "../types/Titles.sol";

/// @title Electronic bills of lading
/// @notice An external function finds out who calls and hands over to an internal one of the same name,
/// which takes the caller as given.
contract TitleRegistry is ITitleRegistry {
    using Standing for IPartyRegistry;
    using Standing for Caller;

    /// @dev Three slots; the series' mapping is the fourth that an issue writes.
    struct Title {
        TitleRecord record;
        bytes32 head;
        bytes32 contentRoot;
    }

    IPartyRegistry private immutable _parties;

    mapping(TitleId => Title) private _titles;
    mapping(SeriesId => TitleId) private _titleOfSeries;

    constructor(IPartyRegistry parties) {
        _parties = parties;
    }

    /// @inheritdoc ITitleRegistry
    function issue(Issuance calldata issuance) external {
        _issue(_parties.callerOf(msg.sender), issuance);
    }

    /// @inheritdoc ITitleRegistry
    function offer(
        TitleId id,
        uint32 expectedSeq,
        PartyIndex recipient,
        uint8 what,
        uint40 deadline
    ) external {
        _offer(_parties.callerOf(msg.sender), id, expectedSeq, recipient, what, deadline);
    }

    /// @inheritdoc ITitleRegistry
    function withdraw(TitleId id, uint32 expectedSeq) external {
        _withdraw(_parties.callerOf(msg.sender), id, expectedSeq);
    }

    /// @inheritdoc ITitleRegistry
    function accept(TitleId id, uint32 expectedSeq) external {
        _accept(_parties.callerOf(msg.sender), id, expectedSeq);
    }

    /// @inheritdoc ITitleRegistry
    function decline(TitleId id, uint32 expectedSeq) external {
        _decline(_parties.callerOf(msg.sender), id, expectedSeq);
    }

    /// @inheritdoc ITitleRegistry
    function surrenderForDelivery(TitleId id, uint32 expectedSeq) external {
        _surrenderForDelivery(_parties.callerOf(msg.sender), id, expectedSeq);
    }

    /// @inheritdoc ITitleRegistry
    function acceptSurrender(TitleId id, uint32 expectedSeq) external {
        _acceptSurrender(_parties.callerOf(msg.sender), id, expectedSeq);
    }

    /// @inheritdoc ITitleRegistry
    function rejectSurrender(TitleId id, uint32 expectedSeq, uint8 reason) external {
        _rejectSurrender(_parties.callerOf(msg.sender), id, expectedSeq, reason);
    }

    /// @inheritdoc ITitleRegistry
    function titleOf(TitleId id) external view returns (TitleRecord memory) {
        return _titles[id].record;
    }

    /// @inheritdoc ITitleRegistry
    function headOf(TitleId id) external view returns (bytes32) {
        return _titles[id].head;
    }

    /// @inheritdoc ITitleRegistry
    function contentRootOf(TitleId id) external view returns (bytes32) {
        return _titles[id].contentRoot;
    }

    /// @inheritdoc ITitleRegistry
    function titleOfSeries(SeriesId series) external view returns (TitleId) {
        return _titleOfSeries[series];
    }

    function _issue(Caller memory caller, Issuance calldata issuance) internal {
        caller.requireRole(CARRIER);
        TitleId id = issuance.id;
        SeriesId series = issuance.series;
        _requireUnused(id, series, issuance.contentRoot);
        _requireHolders(issuance);

        Title storage title = _titles[id];
        title.contentRoot = issuance.contentRoot;
        _titleOfSeries[series] = id;
        _write(
            title,
            TitleRecord({
                issuer: caller.party,
                possessor: issuance.possessor,
                titleholder: issuance.titleholder,
                offeree: NO_PARTY,
                seq: 0,
                status: TitleStatus.LIVE,
                kind: issuance.kind,
                offered: 0,
                deadline: 0,
                schema: issuance.schema,
                version: issuance.version
            }),
            TitleAct.ISSUE,
            caller.party,
            keccak256(abi.encode(issuance))
        );
        emit TitleIssued(
            id,
            caller.party,
            series,
            issuance.contentRoot,
            issuance.possessor,
            issuance.titleholder,
            issuance.kind,
            issuance.schema,
            issuance.version
        );
    }

    function _offer(
        Caller memory caller,
        TitleId id,
        uint32 expectedSeq,
        PartyIndex recipient,
        uint8 what,
        uint40 deadline
    ) internal {
        TitleRecord memory title = _live(id, expectedSeq);
        if (title.possessor != caller.party) revert NotThePossessor(id, caller.party);
        caller.requireActive();
        _requireNoOpenOffer(id, title);
        if (recipient == caller.party) revert OfferToSelf(id);
        _parties.requireActive(recipient);
        if (what == 0 || what > POSSESSION | TITLE) revert NothingOffered(what);
        if (deadline <= block.timestamp) revert DeadlineInThePast(deadline);
        if (what & TITLE != 0) {
            if (title.kind != TitleKind.ORDER) revert KindForbidsTransfer(id, title.kind);
            if (title.titleholder != caller.party) revert NotTheTitleholder(id, caller.party);
        }

        title.offeree = recipient;
        title.offered = what;
        title.deadline = deadline;
        bytes32 detail =
            bytes32(uint256(PartyIndex.unwrap(recipient)) | uint256(what) << 32 | uint256(deadline) << 40);
        uint32 seq = _write(_titles[id], title, TitleAct.OFFER, caller.party, detail);
        emit TitleOffered(id, seq, caller.party, recipient, what, deadline);
    }

    function _withdraw(Caller memory caller, TitleId id, uint32 expectedSeq) internal {
        TitleRecord memory title = _offered(id, expectedSeq);
        if (title.possessor != caller.party) revert NotThePossessor(id, caller.party);
        caller.requireNotRevoked();

        _clearOffer(title);
        uint32 seq = _write(_titles[id], title, TitleAct.WITHDRAW, caller.party, 0);
        emit OfferWithdrawn(id, seq, caller.party);
    }

    function _accept(Caller memory caller, TitleId id, uint32 expectedSeq) internal {
        TitleRecord memory title = _offered(id, expectedSeq);
        if (title.offeree != caller.party) revert NotTheOfferee(id, caller.party);
        caller.requireActive();
        if (block.timestamp >= title.deadline) revert OfferExpired(id, title.deadline);

        if (title.offered & POSSESSION != 0) title.possessor = caller.party;
        if (title.offered & TITLE != 0) title.titleholder = caller.party;
        _clearOffer(title);
        bytes32 detail = bytes32(
            uint256(PartyIndex.unwrap(title.possessor)) | uint256(PartyIndex.unwrap(title.titleholder)) << 32
        );
        uint32 seq = _write(_titles[id], title, TitleAct.ACCEPT, caller.party, detail);
        emit TitleTransferred(id, seq, caller.party, title.possessor, title.titleholder);
    }

    function _decline(Caller memory caller, TitleId id, uint32 expectedSeq) internal {
        TitleRecord memory title = _offered(id, expectedSeq);
        if (title.offeree != caller.party) revert NotTheOfferee(id, caller.party);
        caller.requireNotRevoked();

        _clearOffer(title);
        uint32 seq = _write(_titles[id], title, TitleAct.DECLINE, caller.party, 0);
        emit OfferDeclined(id, seq, caller.party);
    }

    function _surrenderForDelivery(Caller memory caller, TitleId id, uint32 expectedSeq) internal {
        TitleRecord memory title = _live(id, expectedSeq);
        if (title.possessor != caller.party) revert NotThePossessor(id, caller.party);
        if (title.kind != TitleKind.BLANK && title.titleholder != caller.party) {
            revert NotTheTitleholder(id, caller.party);
        }
        caller.requireNotRevoked();
        _requireNoOpenOffer(id, title);

        _clearOffer(title);
        title.status = TitleStatus.PENDING_DELIVERY;
        uint32 seq = _write(_titles[id], title, TitleAct.SURRENDER_FOR_DELIVERY, caller.party, 0);
        emit SurrenderRequested(id, seq, caller.party, TitleStatus.PENDING_DELIVERY);
    }

    function _acceptSurrender(Caller memory caller, TitleId id, uint32 expectedSeq) internal {
        TitleRecord memory title = _surrendered(caller, id, expectedSeq);

        title.status = TitleStatus.DELIVERED;
        uint32 seq = _write(_titles[id], title, TitleAct.ACCEPT_SURRENDER, caller.party, 0);
        emit TitleSurrendered(id, seq, caller.party);
    }

    function _rejectSurrender(Caller memory caller, TitleId id, uint32 expectedSeq, uint8 reason) internal {
        TitleRecord memory title = _surrendered(caller, id, expectedSeq);

        title.status = TitleStatus.LIVE;
        uint32 seq = _write(
            _titles[id], title, TitleAct.REJECT_SURRENDER, caller.party, bytes32(uint256(reason))
        );
        emit SurrenderRejected(id, seq, caller.party, reason);
    }

    /// @dev The only place where a title changes: one write of the record's slot, one of the head.
    function _write(
        Title storage title,
        TitleRecord memory record,
        TitleAct act,
        PartyIndex actor,
        bytes32 detail
    ) private returns (uint32 seq) {
        seq = record.seq + 1;
        record.seq = seq;
        title.record = record;
        title.head = History.extend(title.head, uint8(act), seq, actor, detail);
    }

    function _current(TitleId id, uint32 expectedSeq) private view returns (TitleRecord memory title) {
        title = _titles[id].record;
        if (title.status == TitleStatus.NONE) revert TitleUnknown(id);
        if (title.seq != expectedSeq) revert StaleSeq(TitleId.unwrap(id), expectedSeq, title.seq);
    }

    function _live(TitleId id, uint32 expectedSeq) private view returns (TitleRecord memory title) {
        title = _current(id, expectedSeq);
        if (title.status != TitleStatus.LIVE) revert TitleNotLive(id, title.status);
    }

    function _offered(TitleId id, uint32 expectedSeq) private view returns (TitleRecord memory title) {
        title = _live(id, expectedSeq);
        if (title.offeree == NO_PARTY) revert NoOpenOffer(id);
    }

    function _surrendered(Caller memory caller, TitleId id, uint32 expectedSeq)
        private
        view
        returns (TitleRecord memory title)
    {
        title = _current(id, expectedSeq);
        if (title.status != TitleStatus.PENDING_DELIVERY) revert NoSurrenderPending(id, title.status);
        if (title.issuer != caller.party) revert NotTheIssuer(id, caller.party);
        caller.requireActive();
    }

    function _requireUnused(TitleId id, SeriesId series, bytes32 contentRoot) private view {
        if (TitleId.unwrap(id) == 0) revert EmptyId();
        if (SeriesId.unwrap(series) == 0) revert EmptySeries();
        if (contentRoot == 0) revert EmptyContentRoot();
        if (_titles[id].record.status != TitleStatus.NONE) revert AlreadyIssued(id);
        TitleId current = _titleOfSeries[series];
        if (TitleId.unwrap(current) != 0) revert SeriesAlreadyUsed(series, current);
    }

    function _requireHolders(Issuance calldata issuance) private view {
        PartyIndex titleholder = issuance.titleholder;
        _parties.requireActive(issuance.possessor);
        if (issuance.kind == TitleKind.BLANK) {
            if (titleholder != NO_PARTY) revert BlankHasNoTitleholder();
            return;
        }
        if (titleholder == NO_PARTY) revert KindNeedsTitleholder(issuance.kind);
        if (titleholder != issuance.possessor) _parties.requireActive(titleholder);
    }

    /// @dev An offer whose deadline has come counts as none.
    function _requireNoOpenOffer(TitleId id, TitleRecord memory title) private view {
        if (title.offeree != NO_PARTY && block.timestamp < title.deadline) {
            revert OfferAlreadyOpen(id, title.offeree);
        }
    }

    function _clearOffer(TitleRecord memory title) private pure {
        title.offeree = NO_PARTY;
        title.offered = 0;
        title.deadline = 0;
    }
}
