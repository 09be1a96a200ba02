// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPartyRegistry} from "../interfaces/IPartyRegistry.sol";
import {IRecordErrors} from "../interfaces/IRecordErrors.sol";
import {ITitleErrors} from "../interfaces/ITitleErrors.sol";
import {ITitleEvents} from "../interfaces/ITitleEvents.sol";
import {Caller} from "../types/Caller.sol";
import {CARRIER, NO_PARTY, PartyIndex} from "../types/Parties.sol";
import {
    Issuance,
    SeriesId,
    TitleAct,
    TitleId,
    TitleKind,
    TitleStatus,
    TitleTerms
} from "../types/Titles.sol";
import {TitleSlots} from "../types/TitleSlot.sol";
import {Terms} from "../types/TitleTerms.sol";
import {Naming} from "./Naming.sol";
import {Standing} from "./Standing.sol";
import {TitleBook} from "./TitleBook.sol";

/// @title How a title begins
library Issuing {
    using Standing for IPartyRegistry;
    using Standing for Caller;
    using Terms for TitleTerms;
    using TitleBook for TitleBook.Book;
    using TitleBook for TitleBook.Title;

    uint256 private constant LARGEST_BATCH = 100;

    function issue(
        TitleBook.Book storage book,
        IPartyRegistry parties,
        Caller caller,
        Issuance calldata issuance
    ) internal {
        caller.requireRole(CARRIER);
        _issue(book, parties, caller.party(), issuance, false);
    }

    /// @dev A batch is mostly for one shipper, whose standing is asked once.
    function issueBatch(
        TitleBook.Book storage book,
        IPartyRegistry parties,
        Caller caller,
        Issuance[] calldata issuances
    ) internal {
        requireCount(issuances.length, 1, LARGEST_BATCH);
        caller.requireRole(CARRIER);
        PartyIndex issuer = caller.party();
        TitleTerms last;
        for (uint256 i = 0; i < issuances.length; ++i) {
            Issuance calldata issuance = issuances[i];
            TitleTerms terms = issuance.terms;
            _issue(book, parties, issuer, issuance, i > 0 && terms.haveHoldersOf(last));
            last = terms;
        }
    }

    function issueFromPaper(
        TitleBook.Book storage book,
        IPartyRegistry parties,
        Caller caller,
        Issuance calldata issuance,
        bytes32 withdrawal
    ) internal {
        caller.requireRole(CARRIER);
        if (withdrawal == 0) revert ITitleErrors.EmptyWithdrawal();
        PartyIndex issuer = caller.party();
        (TitleId id, SeriesId series, bytes32 root) = idsOf(issuer, issuance);
        TitleBook.Title storage stored = book.unused(id);
        TitleBook.Series storage ofSeries = book.series[series];
        TitleId last = ofSeries.current;
        if (!book.titles[last].slot.hasStatus(TitleStatus.PAPER)) requireUnusedSeries(series, last);
        TitleTerms terms = issuance.terms;
        requireHolders(parties, terms, NO_PARTY);

        bytes32 detail = keccak256(abi.encode(id, series, root, terms, withdrawal));
        stored.begin(TitleSlots.issued(issuer, terms), root, TitleAct.ISSUE_FROM_PAPER, detail);
        ofSeries.current = id;
        emit ITitleEvents.TitleIssuedFromPaper(id, issuer, series, root, terms, withdrawal);
    }

    /// @notice The ids that an issuance has from its issuer, and its root; none is empty.
    function idsOf(PartyIndex issuer, Issuance calldata issuance)
        internal
        pure
        returns (TitleId id, SeriesId series, bytes32 contentRoot)
    {
        contentRoot = issuance.contentRoot;
        if (issuance.number == 0) revert IRecordErrors.EmptyId();
        if (issuance.series == 0) revert ITitleErrors.EmptySeries();
        if (contentRoot == 0) revert IRecordErrors.EmptyContentRoot();
        if (!issuance.terms.areFormed()) {
            revert ITitleErrors.TermsMalformed(TitleTerms.unwrap(issuance.terms));
        }
        id = TitleId.wrap(Naming.idOf(issuer, issuance.number));
        series = SeriesId.wrap(Naming.idOf(issuer, issuance.series));
    }

    /// @param current the present title of the series
    function requireUnusedSeries(SeriesId series, TitleId current) internal pure {
        if (TitleId.unwrap(current) != 0) revert ITitleErrors.SeriesAlreadyUsed(series, current);
    }

    /// @param known the titleholder that the title has left with, in whatever standing by now, or none
    function requireHolders(IPartyRegistry parties, TitleTerms terms, PartyIndex known) internal view {
        PartyIndex possessor = terms.possessor();
        PartyIndex titleholder = terms.titleholder();
        TitleKind kind = terms.kind();
        parties.requireActive(possessor);
        if (kind == TitleKind.BLANK) {
            if (titleholder != NO_PARTY) revert ITitleErrors.BlankHasNoTitleholder();
            return;
        }
        if (titleholder == NO_PARTY) revert ITitleErrors.KindNeedsTitleholder(kind);
        if (titleholder != possessor && titleholder != known) parties.requireActive(titleholder);
    }

    function requireCount(uint256 count, uint256 least, uint256 most) internal pure {
        if (count < least || count > most) revert ITitleErrors.CountUnfit(count, least, most);
    }

    /// @param holdersAreKnown whether the same were found to be active, and to fit the kind, just before
    function _issue(
        TitleBook.Book storage book,
        IPartyRegistry parties,
        PartyIndex issuer,
        Issuance calldata issuance,
        bool holdersAreKnown
    ) private {
        (TitleId id, SeriesId series, bytes32 root) = idsOf(issuer, issuance);
        TitleBook.Title storage stored = book.unused(id);
        TitleBook.Series storage ofSeries = book.series[series];
        requireUnusedSeries(series, ofSeries.current);
        TitleTerms terms = issuance.terms;
        if (!holdersAreKnown) requireHolders(parties, terms, NO_PARTY);

        bytes32 detail = keccak256(abi.encode(id, series, root, terms));
        stored.begin(TitleSlots.issued(issuer, terms), root, TitleAct.ISSUE, detail);
        ofSeries.current = id;
        emit ITitleEvents.TitleIssued(id, issuer, series, root, terms);
    }
}
