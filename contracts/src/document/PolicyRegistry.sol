// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPartyRegistry} from "../interfaces/IPartyRegistry.sol";
import {IPolicyRegistry} from "../interfaces/IPolicyRegistry.sol";
import {History} from "../libraries/History.sol";
import {Naming} from "../libraries/Naming.sol";
import {Standing} from "../libraries/Standing.sol";
import {Caller} from "../types/Caller.sol";
import {INSURER, NO_PARTY, PartyIndex} from "../types/Parties.sol";
import {PolicyAct, PolicyRecord, PolicyStatus} from "../types/Policies.sol";
import {RecordId} from "../types/Records.sol";

/// @title Cargo policies
/// @notice An external function finds out who calls and hands over to an internal one of the same name,
/// which takes the caller as given.
contract PolicyRegistry is IPolicyRegistry {
    using Standing for IPartyRegistry;
    using Standing for Caller;

    struct Policy {
        PolicyRecord record;
        bytes32 head;
        bytes32 contentRoot;
    }

    IPartyRegistry private immutable _parties;

    mapping(RecordId => Policy) private _policies;

    constructor(IPartyRegistry parties) {
        _parties = parties;
    }

    /// @inheritdoc IPolicyRegistry
    function issue(
        bytes32 number,
        bytes32 contentRoot,
        PartyIndex insured,
        uint40 expires,
        uint16 schema,
        uint16 version
    ) external {
        _issue(_parties.callerOf(msg.sender), number, contentRoot, insured, expires, schema, version);
    }

    /// @inheritdoc IPolicyRegistry
    function endorse(RecordId id, uint32 expectedSeq, bytes32 contentRoot, uint16 version) external {
        _endorse(_parties.callerOf(msg.sender), id, expectedSeq, contentRoot, version);
    }

    /// @inheritdoc IPolicyRegistry
    function assign(RecordId id, uint32 expectedSeq, PartyIndex lossPayee) external {
        _assign(_parties.callerOf(msg.sender), id, expectedSeq, lossPayee);
    }

    /// @inheritdoc IPolicyRegistry
    function cancel(RecordId id, uint32 expectedSeq) external {
        _cancel(_parties.callerOf(msg.sender), id, expectedSeq);
    }

    /// @inheritdoc IPolicyRegistry
    function policyOf(RecordId id) external view returns (PolicyRecord memory) {
        return _policies[id].record;
    }

    /// @inheritdoc IPolicyRegistry
    function headOf(RecordId id) external view returns (bytes32) {
        return _policies[id].head;
    }

    /// @inheritdoc IPolicyRegistry
    function contentRootOf(RecordId id) external view returns (bytes32) {
        return _policies[id].contentRoot;
    }

    function _issue(
        Caller caller,
        bytes32 number,
        bytes32 contentRoot,
        PartyIndex insured,
        uint40 expires,
        uint16 schema,
        uint16 version
    ) internal {
        caller.requireRole(INSURER);
        if (number == 0) revert EmptyId();
        if (contentRoot == 0) revert EmptyContentRoot();
        RecordId id = RecordId.wrap(Naming.idOf(caller.party(), number));
        Policy storage policy = _policies[id];
        if (policy.record.status != PolicyStatus.NONE) revert AlreadyRegistered(id);
        _parties.requireActive(insured);
        if (block.timestamp >= expires) revert PolicyExpired(id, expires);

        policy.contentRoot = contentRoot;
        _write(
            policy,
            PolicyRecord({
                insurer: caller.party(),
                insured: insured,
                lossPayee: NO_PARTY,
                seq: 0,
                status: PolicyStatus.ISSUED,
                expires: expires,
                schema: schema,
                version: version
            }),
            PolicyAct.ISSUE,
            caller.party(),
            keccak256(abi.encode(id, contentRoot, insured, expires, schema, version))
        );
        emit PolicyIssued(id, caller.party(), insured, contentRoot, expires, schema, version);
    }

    function _endorse(
        Caller caller,
        RecordId id,
        uint32 expectedSeq,
        bytes32 contentRoot,
        uint16 version
    ) internal {
        PolicyRecord memory policy = _inForce(id, expectedSeq);
        _requireInsurer(caller, id, policy);
        if (contentRoot == 0) revert EmptyContentRoot();
        if (version <= policy.version) revert VersionNotAhead(id, version, policy.version);

        if (policy.status == PolicyStatus.ISSUED) policy.status = PolicyStatus.ENDORSED;
        policy.version = version;
        _policies[id].contentRoot = contentRoot;
        bytes32 detail = keccak256(abi.encode(contentRoot, version));
        uint32 seq = _write(_policies[id], policy, PolicyAct.ENDORSE, caller.party(), detail);
        emit PolicyEndorsed(id, seq, caller.party(), contentRoot, version);
    }

    function _assign(Caller caller, RecordId id, uint32 expectedSeq, PartyIndex lossPayee) internal {
        PolicyRecord memory policy = _inForce(id, expectedSeq);
        if (policy.status == PolicyStatus.ASSIGNED) revert WrongStatus(id, uint8(policy.status));
        if (policy.insured != caller.party()) revert NotTheInsured(id, caller.party());
        caller.requireActive();
        _parties.requireActive(lossPayee);

        policy.status = PolicyStatus.ASSIGNED;
        policy.lossPayee = lossPayee;
        bytes32 detail = bytes32(uint256(PartyIndex.unwrap(lossPayee)));
        uint32 seq = _write(_policies[id], policy, PolicyAct.ASSIGN, caller.party(), detail);
        emit PolicyAssigned(id, seq, caller.party(), lossPayee);
    }

    function _cancel(Caller caller, RecordId id, uint32 expectedSeq) internal {
        PolicyRecord memory policy = _inForce(id, expectedSeq);
        _requireInsurer(caller, id, policy);

        policy.status = PolicyStatus.CANCELLED;
        uint32 seq = _write(_policies[id], policy, PolicyAct.CANCEL, caller.party(), 0);
        emit PolicyCancelled(id, seq, caller.party());
    }

    /// @dev The only place where a policy's record and head change.
    function _write(
        Policy storage policy,
        PolicyRecord memory record,
        PolicyAct act,
        PartyIndex actor,
        bytes32 detail
    ) private returns (uint32 seq) {
        seq = record.seq + 1;
        record.seq = seq;
        policy.record = record;
        policy.head = History.extend(policy.head, uint8(act), seq, actor, detail);
    }

    function _inForce(RecordId id, uint32 expectedSeq) private view returns (PolicyRecord memory) {
        PolicyRecord memory policy = _policies[id].record;
        if (policy.status == PolicyStatus.NONE) revert RecordUnknown(id);
        if (policy.seq != expectedSeq) revert StaleSeq(RecordId.unwrap(id), expectedSeq, policy.seq);
        if (policy.status > PolicyStatus.ASSIGNED) revert WrongStatus(id, uint8(policy.status));
        if (block.timestamp >= policy.expires) revert PolicyExpired(id, policy.expires);
        return policy;
    }

    function _requireInsurer(Caller caller, RecordId id, PolicyRecord memory policy) private pure {
        if (policy.insurer != caller.party()) revert NotTheInsurer(id, caller.party());
        caller.requireActive();
    }
}
