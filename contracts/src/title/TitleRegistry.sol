// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPartyRegistry} from "../interfaces/IPartyRegistry.sol";
import {ITitleRegistry} from "../interfaces/ITitleRegistry.sol";
import {History} from "../libraries/History.sol";
import {Standing} from "../libraries/Standing.sol";
import {Caller} from "../types/Caller.sol";
import {CARRIER, NO_PARTY, PartyIndex} from "../types/Parties.sol";
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
import {TitleSlot, TitleSlots} from "../types/TitleSlot.sol";

/// @title Electronic bills of lading
/// @notice An external function finds out who calls and hands over to an internal one of the same name,
/// which takes the caller as given.
contract TitleRegistry is ITitleRegistry {
    using Standing for IPartyRegistry;
    using Standing for Caller;

    /// @dev Three slots; the series' mapping is the fourth that an issue writes.
    struct Title {
        TitleSlot slot;
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
        return _titles[id].slot.unpack();
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

    function _issue(Caller caller, Issuance memory issuance) internal {
        caller.requireRole(CARRIER);
        Title storage stored = _titles[issuance.id];
        _requireUnused(stored, issuance);
        _requireHolders(issuance);

        TitleSlot title = TitleSlots.issued(caller.party(), issuance);
        stored.contentRoot = issuance.contentRoot;
        _titleOfSeries[issuance.series] = issuance.id;
        _write(stored, title, TitleAct.ISSUE, caller.party(), keccak256(abi.encode(issuance)));
        emit TitleIssued(
            issuance.id,
            caller.party(),
            issuance.series,
            issuance.contentRoot,
            issuance.possessor,
            issuance.titleholder,
            issuance.kind,
            issuance.schema,
            issuance.version
        );
    }

    function _offer(
        Caller caller,
        TitleId id,
        uint32 expectedSeq,
        PartyIndex recipient,
        uint8 what,
        uint40 deadline
    ) internal {
        TitleSlot title = _live(id, expectedSeq);
        if (title.possessor() != caller.party()) revert NotThePossessor(id, caller.party());
        caller.requireActive();
        if (title.hasOpenOffer()) revert OfferAlreadyOpen(id, title.offeree());
        if (what == 0 || what > POSSESSION | TITLE) revert NothingOffered(what);
        if (deadline <= block.timestamp) revert DeadlineInThePast(deadline);
        if (recipient == caller.party()) revert OfferToSelf(id);
        if (what & TITLE != 0) {
            if (!title.hasKind(TitleKind.ORDER)) revert KindForbidsTransfer(id, title.kind());
            if (title.titleholder() != caller.party()) revert NotTheTitleholder(id, caller.party());
        }
        _parties.requireActive(recipient);

        title = title.withOffer(recipient, what, deadline);
        bytes32 detail =
            bytes32(uint256(PartyIndex.unwrap(recipient)) | uint256(what) << 32 | uint256(deadline) << 40);
        uint32 seq = _write(_titles[id], title, TitleAct.OFFER, caller.party(), detail);
        emit TitleOffered(id, seq, caller.party(), recipient, what, deadline);
    }

    function _withdraw(Caller caller, TitleId id, uint32 expectedSeq) internal {
        TitleSlot title = _offered(id, expectedSeq);
        if (title.possessor() != caller.party()) revert NotThePossessor(id, caller.party());
        caller.requireNotRevoked();

        uint32 seq = _write(_titles[id], title.withoutOffer(), TitleAct.WITHDRAW, caller.party(), 0);
        emit OfferWithdrawn(id, seq, caller.party());
    }

    function _accept(Caller caller, TitleId id, uint32 expectedSeq) internal {
        TitleSlot title = _offered(id, expectedSeq);
        if (title.offeree() != caller.party()) revert NotTheOfferee(id, caller.party());
        caller.requireActive();
        if (block.timestamp >= title.deadline()) revert OfferExpired(id, title.deadline());

        uint8 what = title.offered();
        PartyIndex possessor = what & POSSESSION != 0 ? caller.party() : title.possessor();
        PartyIndex titleholder = what & TITLE != 0 ? caller.party() : title.titleholder();
        title = title.withHolders(possessor, titleholder).withoutOffer();
        bytes32 detail =
            bytes32(uint256(PartyIndex.unwrap(possessor)) | uint256(PartyIndex.unwrap(titleholder)) << 32);
        uint32 seq = _write(_titles[id], title, TitleAct.ACCEPT, caller.party(), detail);
        emit TitleTransferred(id, seq, caller.party(), possessor, titleholder);
    }

    function _decline(Caller caller, TitleId id, uint32 expectedSeq) internal {
        TitleSlot title = _offered(id, expectedSeq);
        if (title.offeree() != caller.party()) revert NotTheOfferee(id, caller.party());
        caller.requireNotRevoked();

        uint32 seq = _write(_titles[id], title.withoutOffer(), TitleAct.DECLINE, caller.party(), 0);
        emit OfferDeclined(id, seq, caller.party());
    }

    function _surrenderForDelivery(Caller caller, TitleId id, uint32 expectedSeq) internal {
        TitleSlot title = _live(id, expectedSeq);
        if (title.possessor() != caller.party()) revert NotThePossessor(id, caller.party());
        if (!title.hasKind(TitleKind.BLANK) && title.titleholder() != caller.party()) {
            revert NotTheTitleholder(id, caller.party());
        }
        caller.requireNotRevoked();
        if (title.hasOpenOffer()) revert OfferAlreadyOpen(id, title.offeree());

        title = title.withoutOffer().withStatus(TitleStatus.PENDING_DELIVERY);
        uint32 seq = _write(_titles[id], title, TitleAct.SURRENDER_FOR_DELIVERY, caller.party(), 0);
        emit SurrenderRequested(id, seq, caller.party(), TitleStatus.PENDING_DELIVERY);
    }

    function _acceptSurrender(Caller caller, TitleId id, uint32 expectedSeq) internal {
        TitleSlot title = _surrendered(caller, id, expectedSeq).withStatus(TitleStatus.DELIVERED);
        uint32 seq = _write(_titles[id], title, TitleAct.ACCEPT_SURRENDER, caller.party(), 0);
        emit TitleSurrendered(id, seq, caller.party());
    }

    function _rejectSurrender(Caller caller, TitleId id, uint32 expectedSeq, uint8 reason) internal {
        TitleSlot title = _surrendered(caller, id, expectedSeq).withStatus(TitleStatus.LIVE);
        bytes32 detail = bytes32(uint256(reason));
        uint32 seq = _write(_titles[id], title, TitleAct.REJECT_SURRENDER, caller.party(), detail);
        emit SurrenderRejected(id, seq, caller.party(), reason);
    }

    /// @dev Every act ends here: one write of the slot, one of the head.
    function _write(Title storage stored, TitleSlot title, TitleAct act, PartyIndex actor, bytes32 detail)
        private
        returns (uint32 seq)
    {
        seq = title.seq() + 1;
        stored.slot = title.withSeq(seq);
        stored.head = History.extend(stored.head, uint8(act), seq, actor, detail);
    }

    function _current(TitleId id, uint32 expectedSeq) private view returns (TitleSlot title) {
        title = _titles[id].slot;
        if (title.hasStatus(TitleStatus.NONE)) revert TitleUnknown(id);
        if (title.seq() != expectedSeq) revert StaleSeq(TitleId.unwrap(id), expectedSeq, title.seq());
    }

    function _live(TitleId id, uint32 expectedSeq) private view returns (TitleSlot title) {
        title = _current(id, expectedSeq);
        if (!title.hasStatus(TitleStatus.LIVE)) revert TitleNotLive(id, title.status());
    }

    function _offered(TitleId id, uint32 expectedSeq) private view returns (TitleSlot title) {
        title = _live(id, expectedSeq);
        if (title.offeree() == NO_PARTY) revert NoOpenOffer(id);
    }

    function _surrendered(Caller caller, TitleId id, uint32 expectedSeq)
        private
        view
        returns (TitleSlot title)
    {
        title = _current(id, expectedSeq);
        if (!title.hasStatus(TitleStatus.PENDING_DELIVERY)) revert NoSurrenderPending(id, title.status());
        if (title.issuer() != caller.party()) _requireSuccessor(caller, id, title.issuer());
        caller.requireActive();
    }

    function _requireSuccessor(Caller caller, TitleId id, PartyIndex carrier) private view {
        if (_parties.successorOf(carrier) != caller.party()) revert NotTheIssuer(id, caller.party());
    }

    function _requireUnused(Title storage stored, Issuance memory issuance) private view {
        if (TitleId.unwrap(issuance.id) == 0) revert EmptyId();
        if (SeriesId.unwrap(issuance.series) == 0) revert EmptySeries();
        if (issuance.contentRoot == 0) revert EmptyContentRoot();
        if (!stored.slot.hasStatus(TitleStatus.NONE)) revert AlreadyIssued(issuance.id);
        TitleId current = _titleOfSeries[issuance.series];
        if (TitleId.unwrap(current) != 0) revert SeriesAlreadyUsed(issuance.series, current);
    }

    function _requireHolders(Issuance memory issuance) private view {
        PartyIndex titleholder = issuance.titleholder;
        _parties.requireActive(issuance.possessor);
        if (issuance.kind == TitleKind.BLANK) {
            if (titleholder != NO_PARTY) revert BlankHasNoTitleholder();
            return;
        }
        if (titleholder == NO_PARTY) revert KindNeedsTitleholder(issuance.kind);
        if (titleholder != issuance.possessor) _parties.requireActive(titleholder);
    }
}
