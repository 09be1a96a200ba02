// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPartyRegistry} from "../interfaces/IPartyRegistry.sol";
import {NO_PARTY, PartyIndex} from "../types/Parties.sol";

/// @title The accounts through which parties act, and how a party exchanges its own
/// @notice An account is one party's for ever: who had it stays written down. A party keeps at least one.
library Accounts {
    /// @dev `active` ends with removal; `party` stays, so that nobody takes the account again.
    struct Account {
        PartyIndex party;
        bool active;
    }

    /// @dev Open while `completableFrom` is not 0.
    struct Rotation {
        address added;
        uint64 completableFrom;
        address removed;
    }

    struct Book {
        mapping(address account => Account) accounts;
        mapping(PartyIndex party => address[]) held;
        mapping(PartyIndex party => Rotation) rotations;
    }

    function add(Book storage book, PartyIndex party, address account) internal {
        _requireUnused(book, account);
        _begin(book, party, account);
    }

    function remove(Book storage book, PartyIndex party, address account) internal {
        _requireAccountOf(book, party, account);
        _requireAnother(book, party);

        uint256 place = 0;
        while (book.held[party][place] != account) ++place;
        _end(book, party, place);
    }

    /// @notice Ends all accounts of the party but this one, which may have been its own before: what a
    /// thief exchanges while a recovery waits, the new account among it, is not to be in the way.
    function replaceAll(Book storage book, PartyIndex party, address account) internal {
        if (book.accounts[account].party != party) _requireUnused(book, account);
        if (!book.accounts[account].active) _begin(book, party, account);

        address[] storage held = book.held[party];
        for (uint256 place = held.length; place > 0; --place) {
            if (held[place - 1] != account) _end(book, party, place - 1);
        }
    }

    /// @notice Writes the wish down, if it could be fulfilled today.
    function requestRotation(
        Book storage book,
        PartyIndex party,
        address added,
        address removed,
        uint32 delay
    ) internal {
        if (book.rotations[party].completableFrom != 0) revert IPartyRegistry.RotationOpen(party);
        if (added == address(0) && removed == address(0)) revert IPartyRegistry.EmptyRotation(party);
        if (added != address(0)) _requireUnused(book, added);
        if (removed != address(0)) _requireAccountOf(book, party, removed);
        if (added == address(0)) _requireAnother(book, party);

        uint64 completableFrom = uint64(block.timestamp) + delay;
        book.rotations[party] = Rotation(added, completableFrom, removed);
        emit IPartyRegistry.RotationRequested(party, added, removed, completableFrom);
    }

    /// @notice Ends an open rotation, and says whether there was one.
    function endRotation(Book storage book, PartyIndex party) internal returns (bool wasOpen) {
        wasOpen = book.rotations[party].completableFrom != 0;
        if (!wasOpen) return false;

        delete book.rotations[party];
        emit IPartyRegistry.RotationCancelled(party);
    }

    /// @notice Fulfils the wish, if its window has passed and it is still possible.
    function completeRotation(Book storage book, PartyIndex party) internal {
        Rotation memory rotation = book.rotations[party];
        if (rotation.completableFrom == 0) revert IPartyRegistry.NoRotationOpen(party);
        if (block.timestamp < rotation.completableFrom) {
            revert IPartyRegistry.RotationTooEarly(party, rotation.completableFrom);
        }

        delete book.rotations[party];
        if (rotation.added != address(0)) add(book, party, rotation.added);
        if (rotation.removed != address(0)) remove(book, party, rotation.removed);
        emit IPartyRegistry.RotationCompleted(party);
    }

    /// @notice The party that an account acts for, or 0.
    function partyOf(Book storage book, address account) internal view returns (PartyIndex) {
        Account storage held = book.accounts[account];
        return held.active ? held.party : NO_PARTY;
    }

    function _begin(Book storage book, PartyIndex party, address account) private {
        book.accounts[account] = Account(party, true);
        book.held[party].push(account);
        emit IPartyRegistry.AccountAdded(party, account);
    }

    function _end(Book storage book, PartyIndex party, uint256 place) private {
        address[] storage held = book.held[party];
        address account = held[place];
        held[place] = held[held.length - 1];
        held.pop();
        book.accounts[account].active = false;
        emit IPartyRegistry.AccountRemoved(party, account);
    }

    function _requireUnused(Book storage book, address account) private view {
        if (account == address(0)) revert IPartyRegistry.EmptyAccount();
        PartyIndex holder = book.accounts[account].party;
        if (holder != NO_PARTY) revert IPartyRegistry.AccountTaken(account, holder);
    }

    function _requireAccountOf(Book storage book, PartyIndex party, address account) private view {
        if (partyOf(book, account) != party) revert IPartyRegistry.AccountNotOfParty(party, account);
    }

    function _requireAnother(Book storage book, PartyIndex party) private view {
        if (book.held[party].length == 1) revert IPartyRegistry.LastAccount(party);
    }
}
