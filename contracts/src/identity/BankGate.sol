// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPartyRegistry} from "../interfaces/IPartyRegistry.sol";
import {IPledgeeGate} from "../interfaces/IPledgeeGate.sol";
import {BANK, NO_PARTY, PartyIndex, PartyStatus} from "../types/Parties.sol";

/// @title Banks as pledgees, under their own names
/// @notice A pledgee is the number of an enrolled party, which was a BANK when it took the pledge. A pledge of
/// a revoked bank is its successor's to release, which is a BANK too.
contract BankGate is IPledgeeGate {
    IPartyRegistry private immutable _parties;

    constructor(IPartyRegistry parties) {
        _parties = parties;
    }

    /// @inheritdoc IPledgeeGate
    function pledgeeOf(address account) external view returns (bytes32) {
        bytes32 pledgee = bytes32(uint256(PartyIndex.unwrap(_parties.indexOf(account))));
        return mayTake(pledgee) ? pledgee : bytes32(0);
    }

    /// @inheritdoc IPledgeeGate
    function actsFor(address account, bytes32 pledgee) external view returns (bool) {
        PartyIndex party = _parties.indexOf(account);
        PartyIndex bank = _partyOf(pledgee);
        if (party == NO_PARTY || bank == NO_PARTY) return false;
        if (party == bank) return true;
        (uint16 roles,) = _parties.standingOf(party);
        return roles & BANK != 0 && party == _parties.successorOf(bank);
    }

    /// @inheritdoc IPledgeeGate
    function mayTake(bytes32 pledgee) public view returns (bool) {
        (uint16 roles, PartyStatus status) = _parties.standingOf(_partyOf(pledgee));
        return status == PartyStatus.ACTIVE && roles & BANK != 0;
    }

    /// @dev Bytes that are no index name nobody.
    function _partyOf(bytes32 pledgee) private pure returns (PartyIndex) {
        uint256 number = uint256(pledgee);
        return number > type(uint32).max ? NO_PARTY : PartyIndex.wrap(uint32(number));
    }
}
