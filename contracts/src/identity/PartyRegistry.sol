// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IPartyErrors} from "../interfaces/IPartyErrors.sol";
import {IPartyRegistry} from "../interfaces/IPartyRegistry.sol";
import {Accounts} from "../libraries/Accounts.sol";
import {Waiting} from "../libraries/Waiting.sol";
import {
    ALL_ROLES,
    BANK,
    CARRIER,
    NO_PARTY,
    NumberingCode,
    PartyIndex,
    PartyStatus
} from "../types/Parties.sol";

/// @title Members of the consortium
/// @notice Functions marked `restricted` are for whom the Authority allows them to.
contract PartyRegistry is IPartyRegistry, AccessManaged {
    using Accounts for Accounts.Book;

    struct Party {
        uint16 roles;
        PartyStatus status;
        PartyIndex successor;
        uint64 revokedAt;
        bytes32 profileHash;
    }

    struct NumberingKey {
        PartyIndex party;
        bytes key;
    }

    uint256 private constant COMPRESSED_POINT_LENGTH = 33;

    uint32 private immutable _rotationDelay;

    uint32 private _partyCount;
    mapping(PartyIndex => Party) private _parties;
    mapping(bytes32 => NumberingKey) private _numberingKeys;
    Accounts.Book private _accounts;

    /// @param rotationDelay_ seconds between the request of a rotation and its completion
    constructor(address authority, uint32 rotationDelay_) AccessManaged(authority) {
        Waiting.requireFit(rotationDelay_);
        _rotationDelay = rotationDelay_;
    }

    /// @inheritdoc IPartyRegistry
    function enrol(
        uint16 roles,
        address account,
        bytes calldata profile,
        string calldata rulebook,
        string calldata governingLaw,
        NumberingCode[] calldata codes
    ) external restricted returns (PartyIndex party) {
        _requireRoles(roles);
        if (bytes(rulebook).length == 0) revert EmptyRulebook();
        if (bytes(governingLaw).length == 0) revert EmptyGoverningLaw();

        party = PartyIndex.wrap(++_partyCount);
        _parties[party].roles = roles;
        _parties[party].status = PartyStatus.ACTIVE;
        emit PartyEnrolled(party, roles, rulebook, governingLaw);
        _accounts.add(party, account);
        _setProfile(party, profile);
        for (uint256 i = 0; i < codes.length; ++i) {
            _registerNumberingKey(party, codes[i].code, codes[i].key);
        }
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
        bool possible = status == PartyStatus.ACTIVE || status == PartyStatus.SUSPENDED;
        if (!possible || status == record.status) revert InvalidStatus(party, status);

        record.status = status;
        emit StatusChanged(party, status, reason);
    }

    /// @inheritdoc IPartyRegistry
    function revoke(PartyIndex party, PartyIndex successor, string calldata reason) external restricted {
        Party storage record = _changeable(party);
        if (bytes(reason).length == 0) revert EmptyReason();

        record.status = PartyStatus.REVOKED;
        record.revokedAt = uint64(block.timestamp);
        emit StatusChanged(party, PartyStatus.REVOKED, reason);
        _accounts.endRotation(party);
        if (successor != NO_PARTY) _nameSuccessor(party, successor);
    }

    /// @inheritdoc IPartyRegistry
    function nameSuccessor(PartyIndex party, PartyIndex successor) external restricted {
        if (_parties[party].status != PartyStatus.REVOKED) revert PartyNotRevoked(party);
        _nameSuccessor(party, successor);
    }

    /// @inheritdoc IPartyRegistry
    function recover(PartyIndex party, address account, string calldata reason) external restricted {
        _changeable(party);
        if (bytes(reason).length == 0) revert EmptyReason();

        _accounts.replaceAll(party, account);
        _accounts.endRotation(party);
        emit PartyRecovered(party, reason);
    }

    /// @inheritdoc IPartyRegistry
    function registerNumberingKey(PartyIndex party, string calldata code, bytes calldata key)
        external
        restricted
    {
        _changeable(party);
        _registerNumberingKey(party, code, key);
    }

    /// @inheritdoc IPartyRegistry
    function changeProfile(bytes calldata profile) external {
        PartyIndex party = _partyOfCaller();
        if (_parties[party].status != PartyStatus.ACTIVE) revert IPartyErrors.PartyNotActive(party);
        _setProfile(party, profile);
    }

    /// @inheritdoc IPartyRegistry
    function requestRotation(address added, address removed) external {
        _accounts.requestRotation(_partyOfCaller(), added, removed, _rotationDelay);
    }

    /// @inheritdoc IPartyRegistry
    function cancelRotation() external {
        PartyIndex party = _partyOfCaller();
        if (!_accounts.endRotation(party)) revert NoRotationOpen(party);
    }

    /// @inheritdoc IPartyRegistry
    function completeRotation(PartyIndex party) external {
        _changeable(party);
        _accounts.completeRotation(party);
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
    function successorOf(PartyIndex party) external view returns (PartyIndex) {
        return _parties[party].successor;
    }

    /// @inheritdoc IPartyRegistry
    function revokedAt(PartyIndex party) external view returns (uint64) {
        return _parties[party].revokedAt;
    }

    /// @inheritdoc IPartyRegistry
    function requestedRotation(PartyIndex party)
        external
        view
        returns (address added, address removed, uint64 completableFrom)
    {
        Accounts.Rotation storage rotation = _accounts.rotations[party];
        return (rotation.added, rotation.removed, rotation.completableFrom);
    }

    /// @inheritdoc IPartyRegistry
    function rotationDelay() external view returns (uint32) {
        return _rotationDelay;
    }

    /// @inheritdoc IPartyRegistry
    function partyCount() external view returns (uint32) {
        return _partyCount;
    }

    /// @inheritdoc IPartyRegistry
    function indexOf(address account) public view returns (PartyIndex) {
        return _accounts.partyOf(account);
    }

    /// @inheritdoc IPartyRegistry
    function standingOf(PartyIndex party) public view returns (uint16 roles, PartyStatus status) {
        Party storage record = _parties[party];
        return (record.roles, record.status);
    }

    function _setProfile(PartyIndex party, bytes calldata profile) private {
        if (profile.length == 0) revert EmptyProfile();

        bytes32 profileHash = keccak256(profile);
        _parties[party].profileHash = profileHash;
        emit ProfileChanged(party, profileHash, profile);
    }

    function _registerNumberingKey(PartyIndex party, string calldata code, bytes calldata key) private {
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

    function _nameSuccessor(PartyIndex party, PartyIndex successor) private {
        Party storage record = _parties[successor];
        uint16 needed = _parties[party].roles & (CARRIER | BANK);
        // whoever was neither may have been a carrier before, and its titles are to be answered for
        if (needed == 0) needed = CARRIER;
        if (record.status != PartyStatus.ACTIVE || record.roles & needed != needed) {
            revert SuccessorUnfit(successor);
        }
        _parties[party].successor = successor;
        emit SuccessorNamed(party, successor);
    }

    function _partyOfCaller() private view returns (PartyIndex party) {
        party = indexOf(msg.sender);
        if (party == NO_PARTY) revert IPartyErrors.NotEnrolled(msg.sender);
        _changeable(party);
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
