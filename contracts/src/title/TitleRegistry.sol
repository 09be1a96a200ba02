// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGateways} from "../interfaces/IGateways.sol";
import {IPartyRegistry} from "../interfaces/IPartyRegistry.sol";
import {IPledgeeGate} from "../interfaces/IPledgeeGate.sol";
import {ITitleRegistry} from "../interfaces/ITitleRegistry.sol";
import {Crossings} from "../libraries/Crossings.sol";
import {Issuing} from "../libraries/Issuing.sol";
import {Pledges} from "../libraries/Pledges.sol";
import {Replacements} from "../libraries/Replacements.sol";
import {Standing} from "../libraries/Standing.sol";
import {Surrenders} from "../libraries/Surrenders.sol";
import {TitleBook} from "../libraries/TitleBook.sol";
import {Transfers} from "../libraries/Transfers.sol";
import {Waiting} from "../libraries/Waiting.sol";
import {Caller} from "../types/Caller.sol";
import {PartyIndex} from "../types/Parties.sol";
import {Issuance, PLEDGE, SeriesId, TitleId, TitleKind, TitleRecord, TitleStatus} from "../types/Titles.sol";
import {TitleSlot} from "../types/TitleSlot.sol";
import {Relay} from "./Relay.sol";

/// @title Electronic bills of lading
/// @notice An external function finds out who acts and hands over to the library that has the rule. The
/// contracts that are asked for standing, pledgees and gateways are asked by static calls alone.
contract TitleRegistry is ITitleRegistry, Relay {
    using Standing for IPartyRegistry;
    using TitleBook for TitleBook.Book;

    IPartyRegistry private immutable _parties;
    IPledgeeGate private immutable _gate;
    IGateways private immutable _gateways;
    uint32 private immutable _paperDelay;

    TitleBook.Book private _book;

    /// @param paperDelay_ seconds from a carrier's revocation until its titles may be ended as paper
    constructor(IPartyRegistry parties, IPledgeeGate gate, IGateways gateways, uint32 paperDelay_) {
        Waiting.requireFit(paperDelay_);
        _parties = parties;
        _gate = gate;
        _gateways = gateways;
        _paperDelay = paperDelay_;
    }

    /// @inheritdoc ITitleRegistry
    function issue(Issuance calldata issuance) external {
        Issuing.issue(_book, _parties, _caller(), issuance);
    }

    /// @inheritdoc ITitleRegistry
    function issueBatch(Issuance[] calldata issuances) external {
        Issuing.issueBatch(_book, _parties, _caller(), issuances);
    }

    /// @inheritdoc ITitleRegistry
    function issueFromPaper(Issuance calldata issuance, bytes32 withdrawal) external {
        Issuing.issueFromPaper(_book, _parties, _caller(), issuance, withdrawal);
    }

    /// @inheritdoc ITitleRegistry
    function offer(
        TitleId id,
        uint32 expectedSeq,
        PartyIndex recipient,
        uint8 what,
        uint40 deadline
    ) external {
        Transfers.offer(_book, _parties, _caller(), id, expectedSeq, recipient, what, deadline);
    }

    /// @inheritdoc ITitleRegistry
    function withdraw(TitleId id, uint32 expectedSeq) external {
        Transfers.withdraw(_book, _caller(), id, expectedSeq);
    }

    /// @inheritdoc ITitleRegistry
    function accept(TitleId id, uint32 expectedSeq) external {
        Transfers.accept(_book, _caller(), id, expectedSeq);
    }

    /// @inheritdoc ITitleRegistry
    function decline(TitleId id, uint32 expectedSeq) external {
        Transfers.decline(_book, _caller(), id, expectedSeq);
    }

    /// @inheritdoc ITitleRegistry
    function endorse(TitleId id, uint32 expectedSeq, TitleKind to) external {
        Transfers.endorse(_book, _caller(), id, expectedSeq, to);
    }

    /// @inheritdoc ITitleRegistry
    function proposePledge(TitleId id, uint32 expectedSeq, bytes32 pledgee, uint40 deadline) external {
        Pledges.propose(_book, _gate, _caller(), id, expectedSeq, pledgee, deadline);
    }

    /// @inheritdoc ITitleRegistry
    function acceptPledge(TitleId id, uint32 expectedSeq) external {
        Pledges.accept(_book, _gate, _actor(), id, expectedSeq);
    }

    /// @inheritdoc ITitleRegistry
    function declinePledge(TitleId id, uint32 expectedSeq) external {
        Pledges.decline(_book, _gate, _actor(), id, expectedSeq);
    }

    /// @inheritdoc ITitleRegistry
    function consent(TitleId id, uint32 expectedSeq) external {
        Pledges.consent(_book, _gate, _actor(), id, expectedSeq);
    }

    /// @inheritdoc ITitleRegistry
    function releasePledge(TitleId id, uint32 expectedSeq) external {
        Pledges.release(_book, _gate, _actor(), id, expectedSeq);
    }

    /// @inheritdoc ITitleRegistry
    function enforcePledge(TitleId id, uint32 expectedSeq, PartyIndex recipient, uint40 deadline) external {
        Pledges.enforce(_book, _parties, _gate, _actor(), id, expectedSeq, recipient, deadline);
    }

    /// @inheritdoc ITitleRegistry
    function surrenderForDelivery(TitleId id, uint32 expectedSeq) external {
        Surrenders.forDelivery(_book, _caller(), id, expectedSeq);
    }

    /// @inheritdoc ITitleRegistry
    function surrenderForAmendment(TitleId id, uint32 expectedSeq, uint8 reason) external {
        Surrenders.forAmendment(_book, _caller(), id, expectedSeq, reason);
    }

    /// @inheritdoc ITitleRegistry
    function cancelSurrender(TitleId id, uint32 expectedSeq) external {
        Surrenders.cancel(_book, _caller(), id, expectedSeq);
    }

    /// @inheritdoc ITitleRegistry
    function acceptSurrender(TitleId id, uint32 expectedSeq) external {
        Surrenders.accept(_book, _parties, _caller(), id, expectedSeq);
    }

    /// @inheritdoc ITitleRegistry
    function rejectSurrender(TitleId id, uint32 expectedSeq, uint8 reason) external {
        Surrenders.reject(_book, _parties, _caller(), id, expectedSeq, reason);
    }

    /// @inheritdoc ITitleRegistry
    function amend(TitleId id, uint32 expectedSeq, Issuance calldata successor, uint8 reason) external {
        Replacements.amend(_book, _parties, _caller(), id, expectedSeq, successor, reason);
    }

    /// @inheritdoc ITitleRegistry
    function split(TitleId id, uint32 expectedSeq, Issuance[] calldata successors, uint8 reason) external {
        Replacements.split(_book, _parties, _caller(), id, expectedSeq, successors, reason);
    }

    /// @inheritdoc ITitleRegistry
    function combine(
        TitleId[] calldata ids,
        uint32[] calldata expectedSeqs,
        Issuance calldata successor,
        uint8 reason
    ) external {
        Replacements.combine(_book, _parties, _caller(), ids, expectedSeqs, successor, reason);
    }

    /// @inheritdoc ITitleRegistry
    function switchBill(TitleId id, uint32 expectedSeq, Issuance calldata successor, uint8 reason) external {
        Replacements.switchBill(_book, _parties, _caller(), id, expectedSeq, successor, reason);
    }

    /// @inheritdoc ITitleRegistry
    function switchToPaper(TitleId id, uint32 expectedSeq, uint8 reason) external {
        Surrenders.switchToPaper(_book, _parties, _caller(), id, expectedSeq, reason);
    }

    /// @inheritdoc ITitleRegistry
    function endAsPaper(TitleId id, uint32 expectedSeq) external {
        Surrenders.endAsPaper(_book, _parties, _paperDelay, _caller(), id, expectedSeq);
    }

    /// @inheritdoc ITitleRegistry
    function lock(TitleId id, uint32 expectedSeq, address gateway, bytes32 transfer) external {
        Crossings.lock(_book, _gateways, _caller(), id, expectedSeq, gateway, transfer);
    }

    /// @inheritdoc ITitleRegistry
    function exportTitle(TitleId id, uint32 expectedSeq) external {
        Crossings.exportTitle(_book, msg.sender, id, expectedSeq);
    }

    /// @inheritdoc ITitleRegistry
    function returnTitle(TitleId id, uint32 expectedSeq) external {
        Crossings.returnTitle(_book, msg.sender, id, expectedSeq);
    }

    /// @inheritdoc ITitleRegistry
    function importTitle(Issuance calldata issuance, PartyIndex issuer, bytes32 transfer) external {
        Crossings.importTitle(_book, _parties, _gateways, msg.sender, issuance, issuer, transfer);
    }

    /// @inheritdoc ITitleRegistry
    function titleOf(TitleId id) external view returns (TitleRecord memory) {
        return _book.titles[id].slot.unpack();
    }

    /// @inheritdoc ITitleRegistry
    function headOf(TitleId id) external view returns (bytes32) {
        return _book.titles[id].head;
    }

    /// @inheritdoc ITitleRegistry
    function contentRootOf(TitleId id) external view returns (bytes32) {
        return _book.titles[id].contentRoot;
    }

    /// @inheritdoc ITitleRegistry
    function titleOfSeries(SeriesId series) external view returns (TitleId) {
        return _book.series[series].current;
    }

    /// @inheritdoc ITitleRegistry
    function pledgeeOf(TitleId id) external view returns (bytes32) {
        TitleSlot title = _book.titles[id].slot;
        return title.isPledged() || title.offered() & PLEDGE != 0 ? _book.pledgees[id] : bytes32(0);
    }

    /// @inheritdoc ITitleRegistry
    function gatewayOf(TitleId id) external view returns (address) {
        TitleSlot title = _book.titles[id].slot;
        bool isAway = title.hasStatus(TitleStatus.IN_TRANSIT) || title.hasStatus(TitleStatus.EXPORTED);
        return isAway ? _book.gateways[id] : address(0);
    }

    /// @inheritdoc ITitleRegistry
    function paperDelay() external view returns (uint32) {
        return _paperDelay;
    }

    function _caller() private view returns (Caller) {
        return _parties.callerOf(_actor());
    }
}
