// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPartyErrors} from "./IPartyErrors.sol";
import {IRecordErrors} from "./IRecordErrors.sol";
import {InvoiceRecord} from "../types/Invoices.sol";
import {PartyIndex} from "../types/Parties.sol";
import {RecordId} from "../types/Records.sol";
import {TitleId} from "../types/Titles.sol";

/// @title That an invoice exists, and what seller and buyer have said of it
/// @notice Each act names the `expectedSeq` that the caller has seen and raises it by one. Amounts, dates
/// and names are not here: the content root commits to them. Settlement is the seller's statement.
///
/// Checks come in this order: the caller is enrolled, the invoice is known, `expectedSeq`, status, the
/// caller's place in the invoice, the caller is active, the rest.
interface IInvoiceRegistry is IPartyErrors, IRecordErrors {
    event InvoiceRegistered(
        RecordId indexed id,
        PartyIndex indexed seller,
        PartyIndex indexed buyer,
        bytes32 contentRoot,
        uint16 schema,
        uint16 version
    );
    event InvoiceAccepted(RecordId indexed id, uint32 seq, PartyIndex by);
    event InvoiceDisputed(RecordId indexed id, uint32 seq, PartyIndex by, uint8 reason);
    event InvoiceSettled(RecordId indexed id, uint32 seq, PartyIndex by);
    event InvoiceCancelled(RecordId indexed id, uint32 seq, PartyIndex by);
    event InvoiceLinked(RecordId indexed id, uint32 seq, PartyIndex by, TitleId indexed title);

    error RecordUnknown(RecordId id);
    error AlreadyRegistered(RecordId id);
    error NotTheSeller(RecordId id, PartyIndex caller);
    error NotTheBuyer(RecordId id, PartyIndex caller);
    /// @notice The status (InvoiceStatus) does not allow the act.
    error WrongStatus(RecordId id, uint8 status);
    /// @notice Nobody sells to itself.
    error BuyerIsTheSeller(RecordId id);

    /// @notice Registers an invoice with seq 1, under the id keccak256(abi.encode(seller, number)). For an
    /// active TRADER or CARRIER; the buyer is another active party.
    /// @param number the output of the seller's verifiable PRF over code and number
    function register(
        bytes32 number,
        bytes32 contentRoot,
        PartyIndex buyer,
        uint16 schema,
        uint16 version
    ) external;

    /// @notice Accepts the invoice, also one that was disputed. For the buyer.
    function accept(RecordId id, uint32 expectedSeq) external;

    /// @notice Disputes an invoice that is not accepted. For the buyer.
    /// @param reason 1 amount, 2 quantity, 3 quality, 4 not ordered, 255 other; the registry records the
    /// number as it comes
    function dispute(RecordId id, uint32 expectedSeq, uint8 reason) external;

    /// @notice States that an accepted or disputed invoice is paid. For the seller.
    function settle(RecordId id, uint32 expectedSeq) external;

    /// @notice Takes back an invoice that is not accepted. For the seller.
    function cancel(RecordId id, uint32 expectedSeq) external;

    /// @notice States that the invoice is for the goods of a title, while it is neither settled nor
    /// cancelled. For the seller; the registry does not ask whether the title exists.
    function link(RecordId id, uint32 expectedSeq, TitleId title) external;

    /// @notice The invoice as it stands; all 0 where the id is unknown.
    function invoiceOf(RecordId id) external view returns (InvoiceRecord memory);

    /// @notice The hash over all acts on the invoice (library History), or 0.
    function headOf(RecordId id) external view returns (bytes32);

    /// @notice The root over the fields of the invoice, or 0.
    function contentRootOf(RecordId id) external view returns (bytes32);
}
