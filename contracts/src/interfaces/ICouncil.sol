// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPartyErrors} from "./IPartyErrors.sol";
import {PartyIndex} from "../types/Parties.sol";
import {ProposalRecord, Terms} from "../types/Council.sol";

/// @title The members decide: m of n approve, then everybody has time to see it, then it is done
/// @notice A proposal is one call of the PartyRegistry, the PlatformRegistry or the Council itself, of the
/// functions that decide about membership, recognitions and seats; no other call can be proposed.
///
/// Two sets of seats that can decide always share a member: threshold <= seats < 2 * threshold.
///
/// Who is proposed to lose accounts (`PartyRegistry.recover`) is the subject of the proposal. Its word
/// against it raises what is needed to the approval of all seats but its own, and lets the wait begin anew:
/// who stole a key can delay its owner's recovery, not block it, and a party that is there cannot be
/// overridden by a threshold of seats alone.
///
/// Checks come in this order: the caller is enrolled, the proposal is known and open, the caller's place,
/// the caller's standing, the rest.
interface ICouncil is IPartyErrors {
    event CouncilFounded(PartyIndex[] seats, uint16 threshold, uint32 delay, uint32 objectionWindow);
    event SeatAdded(PartyIndex indexed party);
    event SeatRemoved(PartyIndex indexed party);
    /// @dev `subject` is 0 where nobody loses accounts.
    event Proposed(
        uint64 indexed proposal,
        PartyIndex indexed by,
        PartyIndex indexed subject,
        address target,
        bytes call,
        string reason
    );
    /// @dev `executableFrom` is 0 while approvals are missing. A proposal approves with its own event.
    event Approved(uint64 indexed proposal, PartyIndex indexed by, uint64 executableFrom);
    /// @dev `executableFrom` is 0 where the approvals that are left are too few.
    event ApprovalWithdrawn(uint64 indexed proposal, PartyIndex indexed by, uint64 executableFrom);
    event Objected(
        uint64 indexed proposal, PartyIndex indexed by, uint64 executableFrom, string reason
    );
    event Executed(uint64 indexed proposal);

    error NotTheFounder(address account);
    error AlreadyFounded();
    /// @notice The registry answers to another authority than the Council's.
    error WrongAuthority(address registry);
    /// @notice Somebody besides the founder and the Council has this role in the authority.
    error RightsLeft(uint64 roleId);
    /// @notice threshold <= seats < 2 * threshold, and at most 31 seats.
    error SeatCountUnfit(uint256 seats, uint16 threshold);
    error AlreadySeated(PartyIndex party);
    /// @notice The party has no seat that could be taken.
    error SeatUnknown(PartyIndex party);
    /// @notice The caller's party has no seat.
    error NotSeated(PartyIndex party);
    /// @notice Only the Council, by a proposal, changes its seats.
    error OnlyTheCouncil(address caller);
    /// @notice The Council does not decide about this function of this contract.
    error TargetForbidden(address target, bytes4 selector);
    /// @notice The call's arguments do not begin with a party.
    error CallMalformed(bytes4 selector);
    /// @notice Nobody is enrolled as the party whose accounts the call takes.
    error SubjectUnknown(PartyIndex party);
    error EmptyReason();
    error ProposalUnknown(uint64 proposal);
    error ProposalExecuted(uint64 proposal);
    error ProposalLapsed(uint64 proposal, uint64 lapsedAt);
    error AlreadyApproved(uint64 proposal, PartyIndex party);
    error NotApproved(uint64 proposal, PartyIndex party);
    /// @notice The proposal takes nobody's accounts away.
    error NothingToObjectTo(uint64 proposal);
    error NotTheSubject(uint64 proposal, PartyIndex party);
    error AlreadyObjected(uint64 proposal);
    /// @notice The approvals that count now are fewer than what is needed, or the wait has not begun.
    error ApprovalsMissing(uint64 proposal, uint256 approvals, uint256 required);
    /// @notice These are not the bytes that were proposed.
    error OtherCall(uint64 proposal);
    /// @notice The same was decided and done after this was proposed.
    error AlreadyDecided(uint64 proposal);
    error TooEarly(uint64 proposal, uint64 executableFrom);

    /// @notice Gives the Council its first seats, and with them all rights of the authority: the founder
    /// has none left, and nobody is the authority's admin any more. For the founder, once.
    /// @param seats distinct active parties
    function found(PartyIndex[] calldata seats) external;

    /// @notice Proposes a call, and approves it. For an active party with a seat.
    /// @param reason why; not empty
    function propose(address target, bytes calldata call, string calldata reason)
        external
        returns (uint64 proposal);

    /// @notice One approval more. With the last that is needed the wait begins: `delay`, or where accounts
    /// are taken away the longer of `delay` and `objectionWindow`. Once begun it goes on; only an
    /// objection, or an approval taken back that is needed, ends it. For an active party with a seat.
    function approve(uint64 proposal) external;

    /// @notice Takes the approval of the caller's party back, which may give it again. Where too few are
    /// left the wait has ended, and begins anew with the next that makes them enough. For an active
    /// party with a seat.
    function withdrawApproval(uint64 proposal) external;

    /// @notice The subject's word against a proposal, once. For any account of the subject, also suspended.
    function object(uint64 proposal, string calldata reason) external;

    /// @notice Makes the call, in the first 30 days after the wait. For anybody. Approvals are counted
    /// anew: those of parties that still have their seat, and are active, count. What is decided twice
    /// is done once: this settles every other proposal of the same there is by now, whatever its reason.
    /// @param call the bytes that were proposed
    function execute(uint64 proposal, bytes calldata call) external;

    /// @notice Gives an active party a seat. By a proposal.
    function addSeat(PartyIndex party) external;

    /// @notice Takes a party's seat. By a proposal.
    function removeSeat(PartyIndex party) external;

    function terms() external view returns (Terms memory);

    /// @notice The parties with a seat, in no certain order; none before the Council is founded.
    function seats() external view returns (PartyIndex[] memory);

    /// @notice The party's place in `seats`, counted from 1, or 0.
    function seatOf(PartyIndex party) external view returns (uint256);

    /// @notice The proposal as it stands now. It lapses 30 days after it is executable or, before that,
    /// 30 days after it was proposed or objected to.
    function proposalOf(uint64 proposal) external view returns (ProposalRecord memory);

    /// @notice The parties that approved it, in their order, whether their approvals still count or not.
    function approvalsOf(uint64 proposal) external view returns (PartyIndex[] memory);

    /// @notice How many proposals were made; also the number of the last.
    function proposalCount() external view returns (uint64);
}
