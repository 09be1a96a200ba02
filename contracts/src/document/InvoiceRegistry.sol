// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IInvoiceRegistry} from "../interfaces/IInvoiceRegistry.sol";
import {IPartyRegistry} from "../interfaces/IPartyRegistry.sol";
import {History} from "../libraries/History.sol";
import {Naming} from "../libraries/Naming.sol";
import {Standing} from "../libraries/Standing.sol";
import {InvoiceAct, InvoiceRecord, InvoiceStatus} from "../types/Invoices.sol";
import {Caller} from "../types/Caller.sol";
import {CARRIER, PartyIndex, TRADER} from "../types/Parties.sol";
import {RecordId} from "../types/Records.sol";
import {TitleId} from "../types/Titles.sol";

/// @title Invoices
/// @notice An external function finds out who calls and hands over to an internal one of the same name,
/// which takes the caller as given.
contract InvoiceRegistry is IInvoiceRegistry {
    using Standing for IPartyRegistry;
    using Standing for Caller;

    struct Invoice {
        InvoiceRecord record;
        bytes32 head;
        bytes32 contentRoot;
    }

    IPartyRegistry private immutable _parties;

    mapping(RecordId => Invoice) private _invoices;

    constructor(IPartyRegistry parties) {
        _parties = parties;
    }

    /// @inheritdoc IInvoiceRegistry
    function register(
        bytes32 number,
        bytes32 contentRoot,
        PartyIndex buyer,
        uint16 schema,
        uint16 version
    ) external {
        _register(_parties.callerOf(msg.sender), number, contentRoot, buyer, schema, version);
    }

    /// @inheritdoc IInvoiceRegistry
    function accept(RecordId id, uint32 expectedSeq) external {
        _accept(_parties.callerOf(msg.sender), id, expectedSeq);
    }

    /// @inheritdoc IInvoiceRegistry
    function dispute(RecordId id, uint32 expectedSeq, uint8 reason) external {
        _dispute(_parties.callerOf(msg.sender), id, expectedSeq, reason);
    }

    /// @inheritdoc IInvoiceRegistry
    function settle(RecordId id, uint32 expectedSeq) external {
        _settle(_parties.callerOf(msg.sender), id, expectedSeq);
    }

    /// @inheritdoc IInvoiceRegistry
    function cancel(RecordId id, uint32 expectedSeq) external {
        _cancel(_parties.callerOf(msg.sender), id, expectedSeq);
    }

    /// @inheritdoc IInvoiceRegistry
    function link(RecordId id, uint32 expectedSeq, TitleId title) external {
        _link(_parties.callerOf(msg.sender), id, expectedSeq, title);
    }

    /// @inheritdoc IInvoiceRegistry
    function invoiceOf(RecordId id) external view returns (InvoiceRecord memory) {
        return _invoices[id].record;
    }

    /// @inheritdoc IInvoiceRegistry
    function headOf(RecordId id) external view returns (bytes32) {
        return _invoices[id].head;
    }

    /// @inheritdoc IInvoiceRegistry
    function contentRootOf(RecordId id) external view returns (bytes32) {
        return _invoices[id].contentRoot;
    }

    function _register(
        Caller caller,
        bytes32 number,
        bytes32 contentRoot,
        PartyIndex buyer,
        uint16 schema,
        uint16 version
    ) internal {
        caller.requireRole(TRADER | CARRIER);
        if (number == 0) revert EmptyId();
        if (contentRoot == 0) revert EmptyContentRoot();
        RecordId id = RecordId.wrap(Naming.idOf(caller.party(), number));
        Invoice storage invoice = _invoices[id];
        if (invoice.record.status != InvoiceStatus.NONE) revert AlreadyRegistered(id);
        if (buyer == caller.party()) revert BuyerIsTheSeller(id);
        _parties.requireActive(buyer);

        invoice.contentRoot = contentRoot;
        _write(
            invoice,
            InvoiceRecord({
                seller: caller.party(),
                buyer: buyer,
                seq: 0,
                status: InvoiceStatus.REGISTERED,
                schema: schema,
                version: version
            }),
            InvoiceAct.REGISTER,
            caller.party(),
            keccak256(abi.encode(id, contentRoot, buyer, schema, version))
        );
        emit InvoiceRegistered(id, caller.party(), buyer, contentRoot, schema, version);
    }

    function _accept(Caller caller, RecordId id, uint32 expectedSeq) internal {
        InvoiceRecord memory invoice = _current(id, expectedSeq);
        _requireStatus(id, invoice, InvoiceStatus.REGISTERED, InvoiceStatus.DISPUTED);
        _requireBuyer(caller, id, invoice);

        invoice.status = InvoiceStatus.ACCEPTED;
        uint32 seq = _write(_invoices[id], invoice, InvoiceAct.ACCEPT, caller.party(), 0);
        emit InvoiceAccepted(id, seq, caller.party());
    }

    function _dispute(Caller caller, RecordId id, uint32 expectedSeq, uint8 reason) internal {
        InvoiceRecord memory invoice = _current(id, expectedSeq);
        _requireStatus(id, invoice, InvoiceStatus.REGISTERED, InvoiceStatus.REGISTERED);
        _requireBuyer(caller, id, invoice);

        invoice.status = InvoiceStatus.DISPUTED;
        uint32 seq =
            _write(_invoices[id], invoice, InvoiceAct.DISPUTE, caller.party(), bytes32(uint256(reason)));
        emit InvoiceDisputed(id, seq, caller.party(), reason);
    }

    function _settle(Caller caller, RecordId id, uint32 expectedSeq) internal {
        InvoiceRecord memory invoice = _current(id, expectedSeq);
        _requireStatus(id, invoice, InvoiceStatus.ACCEPTED, InvoiceStatus.DISPUTED);
        _requireSeller(caller, id, invoice);

        invoice.status = InvoiceStatus.SETTLED;
        uint32 seq = _write(_invoices[id], invoice, InvoiceAct.SETTLE, caller.party(), 0);
        emit InvoiceSettled(id, seq, caller.party());
    }

    function _cancel(Caller caller, RecordId id, uint32 expectedSeq) internal {
        InvoiceRecord memory invoice = _current(id, expectedSeq);
        _requireStatus(id, invoice, InvoiceStatus.REGISTERED, InvoiceStatus.DISPUTED);
        _requireSeller(caller, id, invoice);

        invoice.status = InvoiceStatus.CANCELLED;
        uint32 seq = _write(_invoices[id], invoice, InvoiceAct.CANCEL, caller.party(), 0);
        emit InvoiceCancelled(id, seq, caller.party());
    }

    function _link(Caller caller, RecordId id, uint32 expectedSeq, TitleId title) internal {
        InvoiceRecord memory invoice = _current(id, expectedSeq);
        if (invoice.status > InvoiceStatus.DISPUTED) revert WrongStatus(id, uint8(invoice.status));
        _requireSeller(caller, id, invoice);
        if (TitleId.unwrap(title) == 0) revert EmptyId();

        uint32 seq =
            _write(_invoices[id], invoice, InvoiceAct.LINK, caller.party(), TitleId.unwrap(title));
        emit InvoiceLinked(id, seq, caller.party(), title);
    }

    /// @dev The only place where an invoice changes.
    function _write(
        Invoice storage invoice,
        InvoiceRecord memory record,
        InvoiceAct act,
        PartyIndex actor,
        bytes32 detail
    ) private returns (uint32 seq) {
        seq = record.seq + 1;
        record.seq = seq;
        invoice.record = record;
        invoice.head = History.extend(invoice.head, uint8(act), seq, actor, detail);
    }

    function _current(RecordId id, uint32 expectedSeq) private view returns (InvoiceRecord memory) {
        InvoiceRecord memory invoice = _invoices[id].record;
        if (invoice.status == InvoiceStatus.NONE) revert RecordUnknown(id);
        if (invoice.seq != expectedSeq) revert StaleSeq(RecordId.unwrap(id), expectedSeq, invoice.seq);
        return invoice;
    }

    function _requireStatus(
        RecordId id,
        InvoiceRecord memory invoice,
        InvoiceStatus one,
        InvoiceStatus orOther
    ) private pure {
        if (invoice.status != one && invoice.status != orOther) {
            revert WrongStatus(id, uint8(invoice.status));
        }
    }

    function _requireSeller(Caller caller, RecordId id, InvoiceRecord memory invoice) private pure {
        if (invoice.seller != caller.party()) revert NotTheSeller(id, caller.party());
        caller.requireActive();
    }

    function _requireBuyer(Caller caller, RecordId id, InvoiceRecord memory invoice) private pure {
        if (invoice.buyer != caller.party()) revert NotTheBuyer(id, caller.party());
        caller.requireActive();
    }
}
