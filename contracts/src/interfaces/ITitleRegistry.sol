// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPartyErrors} from "./IPartyErrors.sol";
import {IRecordErrors} from "./IRecordErrors.sol";
import {PartyIndex} from "../types/Parties.sol";
import {Issuance, SeriesId, TitleId, TitleKind, TitleRecord, TitleStatus} from "../types/Titles.sol";

/// @title Electronic bills of lading: who has control of each, and how it got there
/// @notice Each act names the `expectedSeq` that the caller has seen and raises it by one. All acts are
/// those of the parties of a title; no account of the consortium can take, move or block one.
///
/// Checks come in this order: the caller is enrolled, the title is known, `expectedSeq`, status, the
/// caller's place in the title, the caller's standing, the rest.
///
/// The registry knows documents by their content root alone. That the root is that of a bill of lading,
/// that the ids come out of the carrier's numbering key and that no second number was used for the same
/// cargo is for the receiver's node to check before it accepts.
interface ITitleRegistry is IPartyErrors, IRecordErrors {
    event TitleIssued(
        TitleId indexed id,
        PartyIndex indexed issuer,
        SeriesId series,
        bytes32 contentRoot,
        PartyIndex possessor,
        PartyIndex titleholder,
        TitleKind kind,
        uint16 schema,
        uint16 version
    );
    event TitleOffered(
        TitleId indexed id,
        uint32 seq,
        PartyIndex indexed sender,
        PartyIndex indexed recipient,
        uint8 what,
        uint40 deadline
    );
    event OfferWithdrawn(TitleId indexed id, uint32 seq, PartyIndex by);
    /// @dev Possessor and titleholder are those after the transfer.
    event TitleTransferred(
        TitleId indexed id,
        uint32 seq,
        PartyIndex indexed recipient,
        PartyIndex possessor,
        PartyIndex titleholder
    );
    event OfferDeclined(TitleId indexed id, uint32 seq, PartyIndex by);
    event SurrenderRequested(TitleId indexed id, uint32 seq, PartyIndex by, TitleStatus pending);
    event TitleSurrendered(TitleId indexed id, uint32 seq, PartyIndex by);
    event SurrenderRejected(TitleId indexed id, uint32 seq, PartyIndex by, uint8 reason);

    /// @notice A series of 32 zero bytes names nothing.
    error EmptySeries();
    error AlreadyIssued(TitleId id);
    /// @notice The carrier has issued this number before, as `current`.
    error SeriesAlreadyUsed(SeriesId series, TitleId current);
    error TitleUnknown(TitleId id);
    error TitleNotLive(TitleId id, TitleStatus status);
    error NotThePossessor(TitleId id, PartyIndex caller);
    error NotTheTitleholder(TitleId id, PartyIndex caller);
    error NotTheOfferee(TitleId id, PartyIndex caller);
    /// @notice The caller neither issued the title, nor is it the successor of the revoked carrier that did.
    error NotTheIssuer(TitleId id, PartyIndex caller);
    error NoOpenOffer(TitleId id);
    error OfferAlreadyOpen(TitleId id, PartyIndex offeree);
    error OfferExpired(TitleId id, uint40 deadline);
    error DeadlineInThePast(uint40 deadline);
    error OfferToSelf(TitleId id);
    /// @notice `what` is not POSSESSION (1), TITLE (2) or both (3).
    error NothingOffered(uint8 what);
    /// @notice Only a title of kind ORDER passes its title on.
    error KindForbidsTransfer(TitleId id, TitleKind kind);
    /// @notice Every kind but BLANK names a titleholder.
    error KindNeedsTitleholder(TitleKind kind);
    error BlankHasNoTitleholder();
    error NoSurrenderPending(TitleId id, TitleStatus status);

    /// @notice Issues a title, LIVE with seq 1. For an active CARRIER, whose id and series were never
    /// used; the first possessor, and the titleholder unless BLANK, are active parties.
    function issue(Issuance calldata issuance) external;

    /// @notice Offers possession (1), title (2) or both (3) to an active party, until the deadline.
    /// For the possessor; title is moved by who has both, and only of a title of kind ORDER. Nothing moves
    /// before the recipient accepts. An offer past its deadline does not stand in the way of another.
    function offer(
        TitleId id,
        uint32 expectedSeq,
        PartyIndex recipient,
        uint8 what,
        uint40 deadline
    ) external;

    /// @notice Takes the offer back, before or after its deadline. For the possessor, also suspended.
    function withdraw(TitleId id, uint32 expectedSeq) external;

    /// @notice Takes over what was offered, in a block whose time is before the deadline.
    function accept(TitleId id, uint32 expectedSeq) external;

    /// @notice Refuses the offer, before or after its deadline. For the offeree, also suspended.
    function decline(TitleId id, uint32 expectedSeq) external;

    /// @notice Asks the carrier for delivery. For the possessor who is also titleholder (BLANK: for the
    /// possessor), also suspended; not while an offer is open.
    function surrenderForDelivery(TitleId id, uint32 expectedSeq) external;

    /// @notice Takes the title in: DELIVERED, and no act follows. For the active issuer, or the successor
    /// that was named when it was revoked. The holders stay on the record as those who surrendered it.
    function acceptSurrender(TitleId id, uint32 expectedSeq) external;

    /// @notice Gives the title back, LIVE as before. For the active issuer, or its successor.
    /// @param reason 1 freight unpaid, 2 wrong party, 3 cargo not arrived, 4 legal hold, 255 other; the
    /// registry records the number as it comes
    function rejectSurrender(TitleId id, uint32 expectedSeq, uint8 reason) external;

    /// @notice The title as it stands; all 0 where the id is unknown. `offeree`, `offered` and `deadline`
    /// stay when an offer expires, until the next act.
    function titleOf(TitleId id) external view returns (TitleRecord memory);

    /// @notice The hash over all acts on the title (library History), or 0.
    function headOf(TitleId id) external view returns (bytes32);

    /// @notice The root over the fields of the title's document, or 0.
    function contentRootOf(TitleId id) external view returns (bytes32);

    /// @notice The title that has the series, or 0.
    function titleOfSeries(SeriesId series) external view returns (TitleId);
}
