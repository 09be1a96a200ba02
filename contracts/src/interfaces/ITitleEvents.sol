// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PartyIndex} from "../types/Parties.sol";
import {SeriesId, TitleId, TitleKind, TitleStatus, TitleTerms} from "../types/Titles.sol";

/// @title What happened to a title
/// @notice One event an act; `seq` is the title's after it, and 1 where none is given.
interface ITitleEvents {
    event TitleIssued(
        TitleId indexed id,
        PartyIndex issuer,
        SeriesId series,
        bytes32 contentRoot,
        TitleTerms terms
    );
    event TitleIssuedFromPaper(
        TitleId indexed id,
        PartyIndex indexed issuer,
        SeriesId series,
        bytes32 contentRoot,
        TitleTerms terms,
        bytes32 withdrawal
    );
    /// @dev In place of the titles `origins`, which are VOIDED in the same transaction.
    event SuccessorIssued(
        TitleId indexed id,
        PartyIndex indexed issuer,
        SeriesId series,
        bytes32 contentRoot,
        TitleTerms terms,
        TitleId[] origins
    );
    event TitleOffered(
        TitleId indexed id,
        uint32 seq,
        PartyIndex indexed sender,
        PartyIndex indexed recipient,
        uint8 what,
        uint40 deadline
    );
    /// @dev The offer was one of the title, or of a pledge.
    event OfferWithdrawn(TitleId indexed id, uint32 seq, PartyIndex by);
    /// @dev Possessor, titleholder and kind are those after the transfer. Where the offer was ENFORCED the
    /// pledge has ended; where the title was IN_TRANSIT it is LIVE.
    event TitleTransferred(
        TitleId indexed id,
        uint32 seq,
        PartyIndex indexed recipient,
        PartyIndex possessor,
        PartyIndex titleholder,
        TitleKind kind
    );
    /// @dev A title that was IN_TRANSIT is EXPORTED.
    event OfferDeclined(TitleId indexed id, uint32 seq, PartyIndex by);
    /// @dev Titleholder and kind are those after the endorsement.
    event TitleEndorsed(
        TitleId indexed id, uint32 seq, PartyIndex by, PartyIndex titleholder, TitleKind kind
    );

    event PledgeProposed(
        TitleId indexed id, uint32 seq, PartyIndex by, bytes32 indexed pledgee, uint40 deadline
    );
    event TitlePledged(TitleId indexed id, uint32 seq, bytes32 indexed pledgee);
    event PledgeDeclined(TitleId indexed id, uint32 seq, bytes32 indexed pledgee);
    event TransferConsented(TitleId indexed id, uint32 seq, bytes32 indexed pledgee);
    event PledgeReleased(TitleId indexed id, uint32 seq, bytes32 indexed pledgee);
    /// @dev The title is offered to the recipient, in place of whatever was offered before.
    event PledgeEnforced(
        TitleId indexed id,
        uint32 seq,
        bytes32 indexed pledgee,
        PartyIndex indexed recipient,
        uint8 what,
        uint40 deadline
    );

    /// @dev The reason is that of a surrender for amendment, and 0 of one for delivery.
    event SurrenderRequested(
        TitleId indexed id, uint32 seq, PartyIndex by, TitleStatus pending, uint8 reason
    );
    event SurrenderCancelled(TitleId indexed id, uint32 seq, PartyIndex by);
    event TitleSurrendered(TitleId indexed id, uint32 seq, PartyIndex by);
    event SurrenderRejected(TitleId indexed id, uint32 seq, PartyIndex by, uint8 reason);

    event TitleAmended(TitleId indexed id, uint32 seq, PartyIndex by, TitleId successor, uint8 reason);
    event TitleSplit(TitleId indexed id, uint32 seq, PartyIndex by, TitleId[] successors, uint8 reason);
    /// @dev One for each title that was combined.
    event TitlesCombined(TitleId indexed id, uint32 seq, PartyIndex by, TitleId successor, uint8 reason);
    event TitleSwitched(TitleId indexed id, uint32 seq, PartyIndex by, TitleId successor, uint8 reason);
    event TitleSwitchedToPaper(TitleId indexed id, uint32 seq, PartyIndex by, uint8 reason);
    event TitleEndedAsPaper(TitleId indexed id, uint32 seq, PartyIndex by);

    event TitleLocked(
        TitleId indexed id, uint32 seq, PartyIndex by, address indexed gateway, bytes32 transfer
    );
    event TitleExported(TitleId indexed id, uint32 seq, address indexed gateway);
    event TitleReturned(TitleId indexed id, uint32 seq, address indexed gateway);
    /// @dev IN_TRANSIT, and offered to the possessor that the terms name, without a deadline.
    event TitleImported(
        TitleId indexed id,
        uint32 seq,
        address indexed gateway,
        PartyIndex indexed issuer,
        SeriesId series,
        bytes32 contentRoot,
        TitleTerms terms,
        bytes32 transfer
    );
}
