// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IPartyErrors} from "../interfaces/IPartyErrors.sol";
import {IPartyRegistry} from "../interfaces/IPartyRegistry.sol";
import {ALL_ROLES, NO_PARTY, PartyIndex, PartyStatus} from "../types/Parties.sol";

/// @title Members of the consortium
/// @notice Functions marked `restricted` are for whom the Authority allows them to.
contract PartyRegistry is IPartyRegistry, AccessManaged {
    struct Party {
        uint16 roles;
        PartyStatus status;
        uint32 accounts;
        bytes32 profileHash;
    }

    /// @dev `active` ends with removal; `party` stays, so that nobody takes the account again.
    struct Account {
        PartyIndex party;
        bool active;
    }

    struct NumberingKey {
        PartyIndex party;
        bytes key;
    }

    uint256 private constant COMPRESSED_POINT_LENGTH = 33;

    uint32 private _partyCount;
    mapping(PartyIndex => Party) private _parties;
    mapping(address => Account) private _accounts;
    mapping(bytes32 => NumberingKey) private _numberingKeys;

    constructor(address authority) AccessManaged(authority) {}

    /// @inheritdoc IPartyRegistry
    function enrol(
        uint16 roles,
        address account,
        bytes calldata profile,
        string calldata rulebook,
        string calldata governingLaw
    ) external restricted returns (PartyIndex party) {
        _requireRoles(roles);
        if (bytes(rulebook).length == 0) revert EmptyRulebook();
        if (bytes(governingLaw).length == 0) revert EmptyGoverningLaw();

        party = PartyIndex.wrap(++_partyCount);
        _parties[party].roles = roles;
        _parties[party].status = PartyStatus.ACTIVE;
        emit PartyEnrolled(party, roles, rulebook, governingLaw);
        _addAccount(party, account);
        _setProfile(party, profile);
    }

    /// @inheritdoc IPartyRegistry
    function changeRoles(PartyIndex party, uint16 roles) external restricted {
        Party storage record = _changeable(party);
        _requireRoles(roles);

        record.roles = roles;
        emit RolesChanged(party, roles);
    }

    /// @inheritdoc IPartyRegistry
    function changeStatus(PartyIndex party, PartyStatus status, string calldata reason)
        external
        restricted
    {
        Party storage record = _changeable(party);
        if (status == PartyStatus.NONE || status == record.status) revert InvalidStatus(party, status);

        record.status = status;
        emit StatusChanged(party, status, reason);
    }

    /// @inheritdoc IPartyRegistry
    function addAccount(PartyIndex party, address account) external restricted {
        _changeable(party);
        _addAccount(party, account);
    }

    /// @inheritdoc IPartyRegistry
    function removeAccount(PartyIndex party, address account) external restricted {
        Party storage record = _changeable(party);
        Account storage held = _accounts[account];
        if (!held.active || held.party != party) revert AccountNotOfParty(party, account);
        if (record.accounts == 1) revert LastAccount(party);

        held.active = false;
        record.accounts -= 1;
        emit AccountRemoved(party, account);
    }

    /// @inheritdoc IPartyRegistry
    function registerNumberingKey(PartyIndex party, string calldata code, bytes calldata key)
        external
        restricted
    {
        _changeable(party);
        if (bytes(code).length == 0) revert EmptyCode();
        if (key.length != COMPRESSED_POINT_LENGTH || (key[0] != 0x02 && key[0] != 0x03)) {
            revert InvalidNumberingKey();
        }
        bytes32 codeHash = keccak256(bytes(code));
        NumberingKey storage numbering = _numberingKeys[codeHash];
        if (numbering.party != NO_PARTY) revert CodeTaken(codeHash, numbering.party);

        numbering.party = party;
        numbering.key = key;
        emit NumberingKeyRegistered(party, codeHash, code, key);
    }

    /// @inheritdoc IPartyRegistry
    function changeProfile(bytes calldata profile) external {
        PartyIndex party = indexOf(msg.sender);
        if (party == NO_PARTY) revert IPartyErrors.NotEnrolled(msg.sender);
        Party storage record = _changeable(party);
        if (record.status != PartyStatus.ACTIVE) revert IPartyErrors.PartyNotActive(party);
        _setProfile(party, profile);
    }

    /// @inheritdoc IPartyRegistry
    function standing(address account)
        external
        view
        returns (PartyIndex party, uint16 roles, PartyStatus status)
    {
        party = indexOf(account);
        (roles, status) = standingOf(party);
    }

    /// @inheritdoc IPartyRegistry
    function profileHashOf(PartyIndex party) external view returns (bytes32) {
        return _parties[party].profileHash;
    }

    /// @inheritdoc IPartyRegistry
    function numberingKeyOf(bytes32 codeHash) external view returns (PartyIndex party, bytes memory key) {
        NumberingKey storage numbering = _numberingKeys[codeHash];
        return (numbering.party, numbering.key);
    }

    /// @inheritdoc IPartyRegistry
    function partyCount() external view returns (uint32) {
        return _partyCount;
    }

    /// @inheritdoc IPartyRegistry
    function indexOf(address account) public view returns (PartyIndex) {
        Account storage held = _accounts[account];
        return held.active ? held.party : NO_PARTY;
    }

    /// @inheritdoc IPartyRegistry
    function standingOf(PartyIndex party) public view returns (uint16 roles, PartyStatus status) {
        Party storage record = _parties[party];
        return (record.roles, record.status);
    }

    function _addAccount(PartyIndex party, address account) private {
        if (account == address(0)) revert EmptyAccount();
        Account storage held = _accounts[account];
        if (held.party != NO_PARTY) revert AccountTaken(account, held.party);

        held.party = party;
        held.active = true;
        _parties[party].accounts += 1;
        emit AccountAdded(party, account);
    }

    function _setProfile(PartyIndex party, bytes calldata profile) private {
        if (profile.length == 0) revert EmptyProfile();

        bytes32 profileHash = keccak256(profile);
        _parties[party].profileHash = profileHash;
        emit ProfileChanged(party, profileHash, profile);
    }

    function _changeable(PartyIndex party) private view returns (Party storage record) {
        record = _parties[party];
        if (record.status == PartyStatus.NONE) revert PartyUnknown(party);
        if (record.status == PartyStatus.REVOKED) revert PartyRevoked(party);
    }

    function _requireRoles(uint16 roles) private pure {
        if (roles == 0 || roles > ALL_ROLES) revert InvalidRoles(roles);
    }
}
