// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PartyIndex, PartyStatus} from "../types/Parties.sol";

/// @title Who is a member, in which roles, and through which accounts it acts
/// @notice The authority enrols parties and changes their roles, status and accounts. It cannot act on
/// their titles or documents, but whoever adds an account to a party lets that account act for it: that
/// power is the authority's, and each use of it is an event.
interface IPartyRegistry {
    event PartyEnrolled(PartyIndex indexed party, uint16 roles, string rulebook, string governingLaw);
    event RolesChanged(PartyIndex indexed party, uint16 roles);
    event StatusChanged(PartyIndex indexed party, PartyStatus status, string reason);
    event AccountAdded(PartyIndex indexed party, address indexed account);
    event AccountRemoved(PartyIndex indexed party, address indexed account);
    event ProfileChanged(PartyIndex indexed party, bytes32 profileHash, bytes profile);
    event NumberingKeyRegistered(
        PartyIndex indexed party, bytes32 indexed codeHash, string code, bytes key
    );

    /// @notice No party has this index.
    error PartyUnknown(PartyIndex party);
    /// @notice The party is revoked, and nothing about it changes any more.
    error PartyRevoked(PartyIndex party);
    /// @notice The mask names no role, or one that does not exist.
    error InvalidRoles(uint16 roles);
    /// @notice The status is the present one, or NONE.
    error InvalidStatus(PartyIndex party, PartyStatus status);
    /// @notice The zero address signs nothing.
    error EmptyAccount();
    /// @notice The account belongs, or once belonged, to a party; accounts are never used again.
    error AccountTaken(address account, PartyIndex party);
    /// @notice The account is none of this party's.
    error AccountNotOfParty(PartyIndex party, address account);
    /// @notice A party keeps at least one account.
    error LastAccount(PartyIndex party);
    error EmptyProfile();
    error EmptyRulebook();
    error EmptyGoverningLaw();
    error EmptyCode();
    /// @notice A numbering key is a compressed point of P-256: 33 bytes, the first of them 2 or 3.
    error InvalidNumberingKey();
    /// @notice A code has one numbering key for ever.
    error CodeTaken(bytes32 codeHash, PartyIndex party);

    /// @notice Enrols a party, ACTIVE, with its first account; indices count from 1.
    /// @param profile RFC 8785 JSON: name, identifiers, node URL, codes. Only its hash is stored.
    /// @param rulebook version of the rulebook that the party accepted
    /// @param governingLaw law that the party accepted
    function enrol(
        uint16 roles,
        address account,
        bytes calldata profile,
        string calldata rulebook,
        string calldata governingLaw
    ) external returns (PartyIndex party);

    /// @notice Replaces all roles of a party.
    function changeRoles(PartyIndex party, uint16 roles) external;

    /// @notice Suspends a party, lets it act again, or revokes it for ever.
    function changeStatus(PartyIndex party, PartyStatus status, string calldata reason) external;

    /// @notice Lets one more account act for a party.
    function addAccount(PartyIndex party, address account) external;

    /// @notice Ends an account for ever; the last one stays.
    function removeAccount(PartyIndex party, address account) external;

    /// @notice Gives a code its numbering key. The registry checks the key's form, not that it is a
    /// point of the curve: nodes do that before they trust a number.
    function registerNumberingKey(PartyIndex party, string calldata code, bytes calldata key) external;

    /// @notice Replaces the caller's own profile; only a party in good standing renames itself.
    function changeProfile(bytes calldata profile) external;

    /// @notice The party that an account acts for, or 0.
    function indexOf(address account) external view returns (PartyIndex);

    /// @notice The party that an account acts for, with its roles and status; all 0 for a stranger.
    function standing(address account)
        external
        view
        returns (PartyIndex party, uint16 roles, PartyStatus status);

    /// @notice Roles and status of a party; all 0 where the index is unknown.
    function standingOf(PartyIndex party) external view returns (uint16 roles, PartyStatus status);

    /// @notice keccak256 of the bytes of the last ProfileChanged, or 0.
    function profileHashOf(PartyIndex party) external view returns (bytes32);

    /// @notice The numbering key of a code, by keccak256 of the code; (0, empty) where it has none.
    function numberingKeyOf(bytes32 codeHash) external view returns (PartyIndex party, bytes memory key);

    /// @notice How many parties were ever enrolled; also the highest index.
    function partyCount() external view returns (uint32);
}
