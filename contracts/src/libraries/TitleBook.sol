// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITitleErrors} from "../interfaces/ITitleErrors.sol";
import {IRecordErrors} from "../interfaces/IRecordErrors.sol";
import {PartyIndex} from "../types/Parties.sol";
import {SeriesId, TitleAct, TitleId, TitleStatus} from "../types/Titles.sol";
import {TitleSlot} from "../types/TitleSlot.sol";
import {History} from "./History.sol";

/// @title What is kept of titles, and how an act is written down
library TitleBook {
    /// @dev Three slots; the series' mapping is the fourth that an issue writes.
    struct Title {
        TitleSlot slot;
        bytes32 head;
        bytes32 contentRoot;
    }

    struct Series {
        TitleId current;
    }

    /// @dev A pledgee counts while the slot tells of a pledge, or of a proposal; a gateway while the title
    /// is IN_TRANSIT or EXPORTED.
    struct Book {
        mapping(TitleId => Title) titles;
        mapping(SeriesId => Series) series;
        mapping(TitleId => bytes32) pledgees;
        mapping(TitleId => address) gateways;
    }

    /// @notice The first act on a record, by which it begins; its series is the caller's to lead to it.
    function begin(
        Title storage stored,
        TitleSlot title,
        bytes32 contentRoot,
        TitleAct act,
        bytes32 detail
    ) internal {
        stored.slot = title.withSeq(1);
        stored.head = History.extend(0, uint8(act), 1, title.issuer(), detail);
        stored.contentRoot = contentRoot;
    }

    /// @notice A record that is not there yet.
    function unused(Book storage book, TitleId id) internal view returns (Title storage stored) {
        stored = book.titles[id];
        if (!stored.slot.hasStatus(TitleStatus.NONE)) revert ITitleErrors.AlreadyIssued(id);
    }

    /// @notice Every other act ends here: one write of the slot, one of the head.
    function write(
        Book storage book,
        TitleId id,
        TitleSlot title,
        TitleAct act,
        PartyIndex actor,
        bytes32 detail
    ) internal returns (uint32 seq) {
        Title storage stored = book.titles[id];
        seq = title.seq() + 1;
        stored.slot = title.withSeq(seq);
        stored.head = History.extend(stored.head, uint8(act), seq, actor, detail);
    }

    /// @notice A title that exists, as the caller has seen it.
    function current(Book storage book, TitleId id, uint32 expectedSeq)
        internal
        view
        returns (TitleSlot title)
    {
        title = book.titles[id].slot;
        if (title.hasStatus(TitleStatus.NONE)) revert ITitleErrors.TitleUnknown(id);
        if (title.seq() != expectedSeq) {
            revert IRecordErrors.StaleSeq(TitleId.unwrap(id), expectedSeq, title.seq());
        }
    }

    /// @notice The same, and LIVE.
    function live(Book storage book, TitleId id, uint32 expectedSeq)
        internal
        view
        returns (TitleSlot title)
    {
        title = current(book, id, expectedSeq);
        if (!title.hasStatus(TitleStatus.LIVE)) revert ITitleErrors.TitleNotLive(id, title.status());
    }
}
