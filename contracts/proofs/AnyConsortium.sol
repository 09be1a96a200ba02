// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {NO_PARTY, PartyIndex, PartyStatus} from "../src/types/Parties.sol";

/// @dev What TitleRegistry asks of other contracts: parties, pledgees and gateways. In a proof the storage
/// is symbolic, so the answers may be anything, as long as a question has one answer.
contract AnyConsortium {
    struct Party {
        uint16 roles;
        PartyStatus status;
        PartyIndex successor;
        uint64 revokedAt;
    }

    mapping(address => PartyIndex) private _partyOf;
    mapping(PartyIndex => Party) private _parties;
    mapping(address => mapping(bytes32 => bool)) private _actsFor;
    mapping(bytes32 => bool) private _mayTake;
    mapping(address => bool) private _isGateway;
    mapping(PartyIndex => mapping(address => bool)) private _isAdmitted;

    function standing(address account)
        external
        view
        returns (PartyIndex party, uint16 roles, PartyStatus status)
    {
        party = _partyOf[account];
        if (party != NO_PARTY) (roles, status) = standingOf(party);
    }

    function indexOf(address account) external view returns (PartyIndex) {
        return _partyOf[account];
    }

    function successorOf(PartyIndex party) external view returns (PartyIndex) {
        return _parties[party].successor;
    }

    function revokedAt(PartyIndex party) external view returns (uint64) {
        return _parties[party].revokedAt;
    }

    function mayTake(bytes32 pledgee) external view returns (bool) {
        return _mayTake[pledgee];
    }

    function actsFor(address account, bytes32 pledgee) external view returns (bool) {
        return _actsFor[account][pledgee];
    }

    function isGateway(address account) external view returns (bool) {
        return _isGateway[account];
    }

    function isAdmitted(PartyIndex carrier, address gateway) external view returns (bool) {
        return _isAdmitted[carrier][gateway];
    }

    function standingOf(PartyIndex party) public view returns (uint16 roles, PartyStatus status) {
        if (party != NO_PARTY) (roles, status) = (_parties[party].roles, _parties[party].status);
    }
}
