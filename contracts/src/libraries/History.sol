// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PartyIndex} from "../types/Parties.sol";

/// @title The chain of hashes over the acts on one record
/// @notice head' = keccak256(abi.encode(head, act, seq, actor, block time, detail)), and the head before
/// the first act is 0. Whoever knows all acts can recompute the head, so one storage proof of it proves
/// them all, and that none is missing. It says nothing of what the acts' own arguments mean.
library History {
    /// @param detail what the act adds that the record does not show by itself; each registry defines it
    function extend(bytes32 head, uint8 act, uint32 seq, PartyIndex actor, bytes32 detail)
        internal
        view
        returns (bytes32)
    {
        return keccak256(abi.encode(head, act, seq, actor, uint40(block.timestamp), detail));
    }
}
