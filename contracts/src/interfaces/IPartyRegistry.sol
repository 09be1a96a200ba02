// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {NumberingCode, PartyIndex, PartyStatus} from "../types/Parties.sol";

/// @title Who is a member, in which roles, and through which accounts it acts
/// @notice The authority (the Council, once it is founded) enrols parties and changes their roles and
/// status. It cannot act on their titles or documents; a party's accounts it changes in one way alone, by
/// `recover`, to which the party can object. A party exchanges its own accounts by a rotation, which waits
/// a window in which any account of the party can cancel it.
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
    /// @dev Either account may be 0, not both.
    event RotationRequested(
        PartyIndex indexed party, address added, address removed, uint64 completableFrom
    );
    event RotationCancelled(PartyIndex indexed party);
    event RotationCompleted(PartyIndex indexed party);
    /// @dev After the AccountAdded and AccountRemoved of the same act.
    event PartyRecovered(PartyIndex indexed party, string reason);
    event SuccessorNamed(PartyIndex indexed party, PartyIndex indexed successor);

    /// @notice No party has this index.
    error PartyUnknown(PartyIndex party);
    /// @notice The party is revoked, and nothing about it changes any more.
    error PartyRevoked(PartyIndex party);
    /// @notice The mask names no role, or one that does not exist.
    error InvalidRoles(uint16 roles);
    /// @notice The status is the present one, or neither ACTIVE nor SUSPENDED.
    error InvalidStatus(PartyIndex party, PartyStatus status);
    /// @notice The zero address signs nothing.
    error EmptyAccount();
    /// @notice The account belongs, or once belonged, to a party, and is nobody else's ever again.
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
    /// @notice A revocation or a recovery says why.
    error EmptyReason();
    /// @notice A rotation adds an account, removes one, or both.
    error EmptyRotation(PartyIndex party);
    error RotationOpen(PartyIndex party);
    error NoRotationOpen(PartyIndex party);
    error RotationTooEarly(PartyIndex party, uint64 completableFrom);
    /// @notice Only a revoked party has a successor.
    error PartyNotRevoked(PartyIndex party);
    /// @notice A successor is another party, ACTIVE, and of the revoked one's roles CARRIER and BANK it has all;
    /// where that one was neither, it is a CARRIER.
    error SuccessorUnfit(PartyIndex successor);

    /// @notice Enrols a party, ACTIVE, with its first account and the numbering keys of its codes; indices
    /// count from 1.
    /// @param profile RFC 8785 JSON: name, identifiers, node URL, codes. Only its hash is stored.
    /// @param rulebook version of the rulebook that the party accepted
    /// @param governingLaw law that the party accepted
    function enrol(
        uint16 roles,
        address account,
        bytes calldata profile,
        string calldata rulebook,
        string calldata governingLaw,
        NumberingCode[] calldata codes
    ) external returns (PartyIndex party);

    /// @notice Replaces all roles of a party.
    function changeRoles(PartyIndex party, uint16 roles) external;

    /// @notice Suspends a party, or lets it act again.
    function changeStatus(PartyIndex party, PartyStatus status, string calldata reason) external;

    /// @notice Revokes a party for ever, and ends its open rotation.
    /// @param successor who answers the surrenders of its titles, and has its pledges, in its place; or 0
    function revoke(PartyIndex party, PartyIndex successor, string calldata reason) external;

    /// @notice Names the successor of a revoked party, in place of another if there is one.
    function nameSuccessor(PartyIndex party, PartyIndex successor) external;

    /// @notice Ends every account of a party, and its open rotation, and gives it another account: who
    /// stole one cannot escape by exchanging it before.
    /// @param account one that was never used, or the party's own
    function recover(PartyIndex party, address account, string calldata reason) external;

    /// @notice Asks to exchange accounts of the caller's own party, one request at a time. For any party
    /// that is not revoked.
    /// @param added an account that was never used, or 0
    /// @param removed an account of the party, or 0
    function requestRotation(address added, address removed) external;

    /// @notice Takes the request back, or says no to it: any account of the party.
    function cancelRotation() external;

    /// @notice Does what was requested, once its window has passed. For anybody.
    function completeRotation(PartyIndex party) external;

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

    /// @notice The successor of a revoked party, or 0.
    function successorOf(PartyIndex party) external view returns (PartyIndex);

    /// @notice When the party was revoked, in seconds; 0 where it is not.
    function revokedAt(PartyIndex party) external view returns (uint64);

    /// @notice What a party has asked for its accounts; all 0 where there is none.
    function requestedRotation(PartyIndex party)
        external
        view
        returns (address added, address removed, uint64 completableFrom);

    /// @notice Seconds between the request of a rotation and its completion.
    function rotationDelay() external view returns (uint32);

    /// @notice How many parties were ever enrolled; also the highest index.
    function partyCount() external view returns (uint32);
}
