// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PartyIndex} from "./Parties.sol";

/// @dev CLAIMED, PAID, REJECTED and EXPIRED are kept for claims. No act writes EXPIRED: a policy whose
/// `expires` has come keeps its last status and refuses every act.
enum PolicyStatus {
    NONE,
    ISSUED,
    ENDORSED,
    ASSIGNED,
    CLAIMED,
    PAID,
    REJECTED,
    EXPIRED,
    CANCELLED
}

/// @dev Acts as the history counts them; later acts are appended, never inserted.
enum PolicyAct {
    NONE,
    ISSUE,
    ENDORSE,
    ASSIGN,
    CANCEL
}

/// @dev One storage slot (208 bits).
struct PolicyRecord {
    PartyIndex insurer;
    PartyIndex insured;
    PartyIndex lossPayee;
    uint32 seq;
    PolicyStatus status;
    uint40 expires;
    uint16 schema;
    uint16 version;
}
