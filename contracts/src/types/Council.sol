// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PartyIndex} from "./Parties.sol";

/// @dev The role of the Authority's admins: who may give out every other.
uint64 constant ADMIN_ROLE = 0;

/// @dev The role in which the Authority lets the Council change membership and recognitions.
uint64 constant COUNCIL_ROLE = 1;

/// @dev Seats are counted in loops, so there are few.
uint256 constant MOST_SEATS = 31;

/// @dev How long a proposal waits: for its approvals, and then for somebody who executes it.
uint64 constant LIFETIME = 30 days;

/// @dev LAPSED is said by the time alone; no act makes a proposal lapse.
enum ProposalStatus {
    NONE,
    OPEN,
    APPROVED,
    EXECUTED,
    LAPSED
}

/// @dev Fixed when the Council is deployed; waits are seconds.
struct Terms {
    uint16 threshold;
    uint32 delay;
    uint32 objectionWindow;
}

/// @dev A proposal as it stands at the time of the block that is asked. `approvals` are those that count
/// now, of `required`.
struct ProposalRecord {
    address target;
    bytes32 callHash;
    PartyIndex subject;
    ProposalStatus status;
    PartyIndex proposer;
    uint32 approvals;
    uint32 required;
    bool objected;
    uint64 executableFrom;
    uint64 lapsesAt;
}
