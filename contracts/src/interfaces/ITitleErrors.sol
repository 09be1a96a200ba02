// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PartyIndex} from "../types/Parties.sol";
import {SeriesId, TitleId, TitleKind, TitleStatus} from "../types/Titles.sol";

/// @title Why an act on a title is refused
interface ITitleErrors {
    /// @notice A series of 32 zero bytes names nothing.
    error EmptySeries();
    /// @notice The word has no such fields, or no such kind.
    error TermsMalformed(uint256 terms);
    /// @notice The issuer has used this number before.
    error AlreadyIssued(TitleId id);
    /// @notice The issuer has used this series before; its present title is `current`.
    error SeriesAlreadyUsed(SeriesId series, TitleId current);
    /// @notice An amended title stays in its series; a title that comes back does too.
    error SeriesDiffers(TitleId id, SeriesId series);
    /// @notice An act on so many titles at once is none, or too large for a block.
    error CountUnfit(uint256 count, uint256 least, uint256 most);
    error TitleUnknown(TitleId id);
    error TitleNotLive(TitleId id, TitleStatus status);
    error NotThePossessor(TitleId id, PartyIndex caller);
    error NotTheTitleholder(TitleId id, PartyIndex caller);
    error NotTheOfferee(TitleId id, PartyIndex caller);
    /// @notice The caller neither issued the title, nor is it (where that is enough) the successor of the
    /// revoked carrier that did.
    error NotTheIssuer(TitleId id, PartyIndex caller);

    error NoOpenOffer(TitleId id);
    /// @notice `offeree` is 0 where a pledge is proposed.
    error OfferAlreadyOpen(TitleId id, PartyIndex offeree);
    error OfferExpired(TitleId id, uint40 deadline);
    /// @notice Whoever took the pledge made the offer, and the possessor cannot take it back.
    error OfferEnforced(TitleId id);
    error DeadlineInThePast(uint40 deadline);
    error OfferToSelf(TitleId id);
    /// @notice `what` names neither possession nor title, or something else.
    error NothingOffered(uint8 what);
    /// @notice Only who takes the title over can be its last titleholder.
    error FinalWithoutTitle(uint8 what);
    /// @notice Only a title of kind ORDER or BLANK passes its title on.
    error KindForbidsTransfer(TitleId id, TitleKind kind);
    /// @notice Every kind but BLANK names a titleholder.
    error KindNeedsTitleholder(TitleKind kind);
    error BlankHasNoTitleholder();
    /// @notice No endorsement makes a title of this kind one of that.
    error EndorsementUnfit(TitleId id, TitleKind kind, TitleKind to);

    /// @notice The title is pledged, and does not do this before the pledge has ended.
    error Pledged(TitleId id);
    error NotPledged(TitleId id);
    error NoPledgeProposed(TitleId id);
    /// @notice The account does not act for the pledgee.
    error NotThePledgee(TitleId id, address account);
    /// @notice The gate lets this pledgee take no pledge (any more).
    error PledgeeUnfit(bytes32 pledgee);
    /// @notice Only a title of kind ORDER or BLANK is pledged.
    error KindForbidsPledge(TitleId id, TitleKind kind);
    /// @notice The title is pledged, and the pledgee has not consented to this offer.
    error ConsentMissing(TitleId id);
    error ConsentGiven(TitleId id);

    /// @notice The title was not surrendered, or not for this.
    error NoSurrenderPending(TitleId id, TitleStatus status);
    /// @notice The carrier answers only what the title was surrendered for, or gives it back.
    error SurrenderedForAnother(TitleId id, uint8 surrenderedFor);
    /// @notice A successor has the possessor, titleholder and kind of its origin.
    error HoldersDiffer(TitleId id);
    /// @notice Titles that are combined have one issuer, possessor, titleholder and kind.
    error OriginalsDiffer(TitleId id);
    error EmptyWithdrawal();
    /// @notice The carrier is not revoked, so it answers itself.
    error CarrierNotRevoked(PartyIndex carrier);
    /// @notice The revoked carrier has a successor that is not revoked, which answers for it.
    error CarrierHasSuccessor(PartyIndex carrier, PartyIndex successor);
    /// @notice A successor may still be named.
    error PaperTooEarly(TitleId id, uint64 possibleFrom);

    error EmptyTransfer();
    error GatewayUnknown(address gateway);
    /// @notice The carrier does not let this gateway bring in titles under new numbers.
    error GatewayNotAdmitted(PartyIndex issuer, address gateway);
    /// @notice The title is not in the hands of this gateway, left by another, or waits for its offeree.
    error NotTheGateway(TitleId id, address account);
    /// @notice The title has not been locked for a gateway.
    error TitleNotInTransit(TitleId id, TitleStatus status);
    /// @notice The title is here, or has ended.
    error TitleNotExported(TitleId id, TitleStatus status);
    /// @notice A title that comes back has the document and the rulebook that it left with.
    error ContentDiffers(TitleId id);
    /// @notice The issuer of a title that was never here is an enrolled carrier that is not revoked.
    error IssuerUnfit(PartyIndex issuer);
}
