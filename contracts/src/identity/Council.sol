// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

import {IAuthority} from "../interfaces/IAuthority.sol";
import {ICouncil} from "../interfaces/ICouncil.sol";
import {IPartyRegistry} from "../interfaces/IPartyRegistry.sol";
import {Mandate} from "../libraries/Mandate.sol";
import {Proposals} from "../libraries/Proposals.sol";
import {Standing} from "../libraries/Standing.sol";
import {TakeOver} from "../libraries/TakeOver.sol";
import {Waiting} from "../libraries/Waiting.sol";
import {Caller} from "../types/Caller.sol";
import {MOST_SEATS, ProposalRecord, ProposalStatus, Terms} from "../types/Council.sol";
import {NO_PARTY, PartyIndex, PartyStatus} from "../types/Parties.sol";

/// @title The Council of the members
/// @notice It holds proposals and seats. Its rights are those of COUNCIL_ROLE in the Authority, which nobody
/// else has once it is founded.
contract Council is ICouncil {
    using Standing for IPartyRegistry;
    using Standing for Caller;
    using TakeOver for IAuthority;
    using Proposals for Proposals.Proposal;

    address private immutable _founder;
    IAuthority private immutable _authority;
    IPartyRegistry private immutable _parties;
    address private immutable _platforms;
    address private immutable _gateways;
    uint16 private immutable _threshold;
    uint32 private immutable _delay;
    uint32 private immutable _objectionWindow;

    uint64 private _proposalCount;
    PartyIndex[] private _seats;
    mapping(PartyIndex party => uint256) private _placeOf;
    mapping(uint64 proposal => Proposals.Proposal) private _proposals;
    mapping(bytes32 decision => uint64 lastProposal) private _settled;

    constructor(
        address authority,
        address partyRegistry,
        address platformRegistry,
        address gatewayRegistry,
        Terms memory terms_
    ) {
        Waiting.requireFit(terms_.delay);
        Waiting.requireFit(terms_.objectionWindow);
        if (terms_.threshold == 0 || terms_.threshold > MOST_SEATS) {
            revert SeatCountUnfit(0, terms_.threshold);
        }
        _founder = msg.sender;
        _authority = IAuthority(authority);
        _parties = IPartyRegistry(partyRegistry);
        _platforms = platformRegistry;
        _gateways = gatewayRegistry;
        _threshold = terms_.threshold;
        _delay = terms_.delay;
        _objectionWindow = terms_.objectionWindow;
    }

    /// @inheritdoc ICouncil
    function found(PartyIndex[] calldata parties) external {
        if (msg.sender != _founder) revert NotTheFounder(msg.sender);
        if (_seats.length != 0) revert AlreadyFounded();
        _requireCount(parties.length);

        for (uint256 i = 0; i < parties.length; ++i) {
            _seat(parties[i]);
        }
        emit CouncilFounded(parties, _threshold, _delay, _objectionWindow);
        _authority.takeOver(_founder, address(_parties), _platforms, _gateways);
    }

    /// @inheritdoc ICouncil
    function propose(address target, bytes calldata call, string calldata reason)
        external
        returns (uint64 id)
    {
        PartyIndex party = _memberOf(_parties.callerOf(msg.sender));
        PartyIndex subject = Mandate.subjectOf(target, call, _parties, _platforms, _gateways);
        if (bytes(reason).length == 0) revert EmptyReason();

        id = ++_proposalCount;
        Proposals.Proposal storage proposal = _proposals[id];
        proposal.target = target;
        proposal.proposedAt = uint64(block.timestamp);
        proposal.proposer = party;
        proposal.subject = subject;
        proposal.callHash = keccak256(call);
        emit Proposed(id, party, subject, target, call, reason);
        _approve(id, proposal, party);
    }

    /// @inheritdoc ICouncil
    function approve(uint64 id) external {
        Caller caller = _parties.callerOf(msg.sender);
        Proposals.Proposal storage proposal = _open(id);
        PartyIndex party = _memberOf(caller);
        if (proposal.hasApprovalOf(party)) revert AlreadyApproved(id, party);
        _approve(id, proposal, party);
    }

    /// @inheritdoc ICouncil
    function withdrawApproval(uint64 id) external {
        Caller caller = _parties.callerOf(msg.sender);
        Proposals.Proposal storage proposal = _open(id);
        PartyIndex party = _memberOf(caller);
        proposal.takeBack(id, party);

        (bool isEnough,,) = _counted(proposal);
        if (!isEnough) proposal.executableFrom = 0;
        emit ApprovalWithdrawn(id, party, proposal.executableFrom);
    }

    /// @inheritdoc ICouncil
    function object(uint64 id, string calldata reason) external {
        Caller caller = _parties.callerOf(msg.sender);
        Proposals.Proposal storage proposal = _open(id);
        PartyIndex subject = proposal.subject;
        if (subject == NO_PARTY) revert NothingToObjectTo(id);
        if (caller.party() != subject) revert NotTheSubject(id, caller.party());
        caller.requireNotRevoked();
        if (proposal.objectedAt != 0) revert AlreadyObjected(id);
        if (bytes(reason).length == 0) revert EmptyReason();

        proposal.objectedAt = uint64(block.timestamp);
        proposal.executableFrom = 0;
        _beginToWait(proposal);
        emit Objected(id, subject, proposal.executableFrom, reason);
    }

    /// @inheritdoc ICouncil
    function execute(uint64 id, bytes calldata call) external {
        Proposals.Proposal storage proposal = _open(id);
        if (keccak256(call) != proposal.callHash) revert OtherCall(id);
        bytes32 decision = Mandate.decisionOf(proposal.target, call);
        if (id <= _settled[decision]) revert AlreadyDecided(id);
        (bool isEnough, uint256 approvals, uint256 required) = _counted(proposal);
        if (!isEnough || proposal.executableFrom == 0) revert ApprovalsMissing(id, approvals, required);
        if (block.timestamp < proposal.executableFrom) revert TooEarly(id, proposal.executableFrom);

        proposal.executed = true;
        _settled[decision] = _proposalCount;
        emit Executed(id);
        Address.functionCall(proposal.target, call);
    }

    /// @inheritdoc ICouncil
    function addSeat(PartyIndex party) external {
        _requireItself();
        _requireCount(_seats.length + 1);
        _seat(party);
        emit SeatAdded(party);
    }

    /// @inheritdoc ICouncil
    function removeSeat(PartyIndex party) external {
        _requireItself();
        uint256 place = _placeOf[party];
        if (place == 0) revert SeatUnknown(party);
        _requireCount(_seats.length - 1);

        PartyIndex last = _seats[_seats.length - 1];
        _seats[place - 1] = last;
        _placeOf[last] = place;
        _seats.pop();
        delete _placeOf[party];
        emit SeatRemoved(party);
    }

    /// @inheritdoc ICouncil
    function terms() external view returns (Terms memory) {
        return Terms(_threshold, _delay, _objectionWindow);
    }

    /// @inheritdoc ICouncil
    function seats() external view returns (PartyIndex[] memory) {
        return _seats;
    }

    /// @inheritdoc ICouncil
    function seatOf(PartyIndex party) external view returns (uint256) {
        return _placeOf[party];
    }

    /// @inheritdoc ICouncil
    function proposalOf(uint64 id) external view returns (ProposalRecord memory record) {
        Proposals.Proposal storage proposal = _proposals[id];
        record.status = proposal.statusOf();
        if (record.status == ProposalStatus.NONE) return record;
        (, uint256 approvals, uint256 required) = _counted(proposal);
        record.target = proposal.target;
        record.callHash = proposal.callHash;
        record.subject = proposal.subject;
        record.proposer = proposal.proposer;
        record.approvals = uint32(approvals);
        record.required = uint32(required);
        record.objected = proposal.objectedAt != 0;
        record.executableFrom = proposal.executableFrom;
        record.lapsesAt = proposal.lapseOf();
    }

    /// @inheritdoc ICouncil
    function approvalsOf(uint64 id) external view returns (PartyIndex[] memory) {
        return _proposals[id].approvals;
    }

    /// @inheritdoc ICouncil
    function proposalCount() external view returns (uint64) {
        return _proposalCount;
    }

    function _approve(uint64 id, Proposals.Proposal storage proposal, PartyIndex party) private {
        proposal.approvals.push(party);
        if (proposal.executableFrom == 0) _beginToWait(proposal);
        emit Approved(id, party, proposal.executableFrom);
    }

    /// @dev Whoever is to lose accounts has the whole objection window, also where the delay is shorter.
    function _beginToWait(Proposals.Proposal storage proposal) private {
        (bool isEnough,,) = _counted(proposal);
        if (!isEnough) return;
        bool hasSubject = proposal.subject != NO_PARTY;
        uint64 wait = hasSubject && _objectionWindow > _delay ? _objectionWindow : _delay;
        proposal.executableFrom = uint64(block.timestamp) + wait;
    }

    function _seat(PartyIndex party) private {
        if (_placeOf[party] != 0) revert AlreadySeated(party);
        _parties.requireActive(party);
        _seats.push(party);
        _placeOf[party] = _seats.length;
    }

    function _open(uint64 id) private view returns (Proposals.Proposal storage proposal) {
        proposal = _proposals[id];
        proposal.requireOpen(id);
    }

    /// @dev After an objection the threshold must be reached as well as every seat but the subject's.
    function _counted(Proposals.Proposal storage proposal)
        private
        view
        returns (bool isEnough, uint256 approvals, uint256 required)
    {
        PartyIndex subject = proposal.subject;
        uint256 others;
        for (uint256 i = 0; i < proposal.approvals.length; ++i) {
            PartyIndex party = proposal.approvals[i];
            if (!_counts(party)) continue;
            approvals += 1;
            if (party != subject) others += 1;
        }
        uint256 otherSeats = _placeOf[subject] == 0 ? _seats.length : _seats.length - 1;
        bool isObjected = proposal.objectedAt != 0;
        required = isObjected && otherSeats > _threshold ? otherSeats : _threshold;
        isEnough = approvals >= _threshold && (!isObjected || others == otherSeats);
    }

    function _counts(PartyIndex party) private view returns (bool) {
        if (_placeOf[party] == 0) return false;
        (, PartyStatus status) = _parties.standingOf(party);
        return status == PartyStatus.ACTIVE;
    }

    function _memberOf(Caller caller) private view returns (PartyIndex party) {
        party = caller.party();
        if (_placeOf[party] == 0) revert NotSeated(party);
        caller.requireActive();
    }

    function _requireItself() private view {
        if (msg.sender != address(this)) revert OnlyTheCouncil(msg.sender);
    }

    function _requireCount(uint256 count) private view {
        bool fits = count >= _threshold && count < 2 * uint256(_threshold) && count <= MOST_SEATS;
        if (!fits) revert SeatCountUnfit(count, _threshold);
    }
}
