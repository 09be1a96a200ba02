// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICouncil} from "../interfaces/ICouncil.sol";
import {LIFETIME, ProposalStatus} from "../types/Council.sol";
import {PartyIndex} from "../types/Parties.sol";

/// @title A proposal in the Council's storage: who has approved it, and whether its time is over
/// @notice Of the call it keeps the hash; whoever executes it brings the bytes, which `Proposed` told.
library Proposals {
    /// @dev `executableFrom` is 0 until the approvals are enough, `objectedAt` without an objection.
    struct Proposal {
        address target;
        uint64 proposedAt;
        bool executed;
        PartyIndex proposer;
        PartyIndex subject;
        uint64 executableFrom;
        uint64 objectedAt;
        bytes32 callHash;
        PartyIndex[] approvals;
    }

    /// @notice Takes a party's approval out, and leaves the others in their order.
    function takeBack(Proposal storage proposal, uint64 id, PartyIndex party) internal {
        PartyIndex[] storage approvals = proposal.approvals;
        uint256 place = _placeOf(proposal, party);
        if (place == approvals.length) revert ICouncil.NotApproved(id, party);
        for (; place + 1 < approvals.length; ++place) {
            approvals[place] = approvals[place + 1];
        }
        approvals.pop();
    }

    function hasApprovalOf(Proposal storage proposal, PartyIndex party) internal view returns (bool) {
        return _placeOf(proposal, party) < proposal.approvals.length;
    }

    function requireOpen(Proposal storage proposal, uint64 id) internal view {
        ProposalStatus status = statusOf(proposal);
        if (status == ProposalStatus.NONE) revert ICouncil.ProposalUnknown(id);
        if (status == ProposalStatus.EXECUTED) revert ICouncil.ProposalExecuted(id);
        if (status == ProposalStatus.LAPSED) revert ICouncil.ProposalLapsed(id, lapseOf(proposal));
    }

    function statusOf(Proposal storage proposal) internal view returns (ProposalStatus) {
        if (proposal.proposedAt == 0) return ProposalStatus.NONE;
        if (proposal.executed) return ProposalStatus.EXECUTED;
        if (block.timestamp >= lapseOf(proposal)) return ProposalStatus.LAPSED;
        return proposal.executableFrom == 0 ? ProposalStatus.OPEN : ProposalStatus.APPROVED;
    }

    /// @notice The second from which nothing can be done with it any more.
    function lapseOf(Proposal storage proposal) internal view returns (uint64) {
        if (proposal.executableFrom != 0) return proposal.executableFrom + LIFETIME;
        uint64 began = proposal.objectedAt != 0 ? proposal.objectedAt : proposal.proposedAt;
        return began + LIFETIME;
    }

    function _placeOf(Proposal storage proposal, PartyIndex party) private view returns (uint256 place) {
        while (place < proposal.approvals.length && proposal.approvals[place] != party) ++place;
    }
}
