// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPartyErrors} from "./IPartyErrors.sol";
import {IRecordErrors} from "./IRecordErrors.sol";
import {PartyIndex} from "../types/Parties.sol";
import {PolicyRecord} from "../types/Policies.sol";
import {RecordId} from "../types/Records.sol";

/// @title That a cargo policy exists, for whom, and to whom it pays
/// @notice Each act names the `expectedSeq` that the caller has seen and raises it by one. Sums, risks and
/// cargo are not here: the content root commits to them. Claims are for acts to come.
///
/// Checks come in this order: the caller is enrolled, the policy is known, `expectedSeq`, status, not
/// expired, the caller's place in the policy, the caller is active, the rest.
interface IPolicyRegistry is IPartyErrors, IRecordErrors {
    event PolicyIssued(
        RecordId indexed id,
        PartyIndex indexed insurer,
        PartyIndex indexed insured,
        bytes32 contentRoot,
        uint40 expires,
        uint16 schema,
        uint16 version
    );
    event PolicyEndorsed(
        RecordId indexed id, uint32 seq, PartyIndex by, bytes32 contentRoot, uint16 version
    );
    event PolicyAssigned(RecordId indexed id, uint32 seq, PartyIndex by, PartyIndex lossPayee);
    event PolicyCancelled(RecordId indexed id, uint32 seq, PartyIndex by);

    error RecordUnknown(RecordId id);
    error AlreadyRegistered(RecordId id);
    error NotTheInsurer(RecordId id, PartyIndex caller);
    error NotTheInsured(RecordId id, PartyIndex caller);
    /// @notice The status (PolicyStatus) does not allow the act.
    error WrongStatus(RecordId id, uint8 status);
    /// @notice The block's time is `expires` or later.
    error PolicyExpired(RecordId id, uint40 expires);
    /// @notice Versions of a content rise: the salts of its fields depend on them.
    error VersionNotAhead(RecordId id, uint16 version, uint16 current);

    /// @notice Issues a policy with seq 1, under the id keccak256(abi.encode(insurer, number)). For an active
    /// INSURER; the insured is an active party, and `expires` is ahead.
    /// @param number the output of the insurer's verifiable PRF over code and number
    function issue(
        bytes32 number,
        bytes32 contentRoot,
        PartyIndex insured,
        uint40 expires,
        uint16 schema,
        uint16 version
    ) external;

    /// @notice Replaces the content by a later version. For the insurer. An assigned policy stays
    /// ASSIGNED, any other becomes ENDORSED.
    function endorse(RecordId id, uint32 expectedSeq, bytes32 contentRoot, uint16 version) external;

    /// @notice Names the active party to whom losses are paid. For the insured, once.
    function assign(RecordId id, uint32 expectedSeq, PartyIndex lossPayee) external;

    /// @notice Ends the policy. For the insurer, whether assigned or not.
    function cancel(RecordId id, uint32 expectedSeq) external;

    /// @notice The policy as it stands; all 0 where the id is unknown. Expiry is `expires`, not a status.
    function policyOf(RecordId id) external view returns (PolicyRecord memory);

    /// @notice The hash over all acts on the policy (library History), or 0.
    function headOf(RecordId id) external view returns (bytes32);

    /// @notice The root over the fields of the policy's present version, or 0.
    function contentRootOf(RecordId id) external view returns (bytes32);
}
