// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPartyErrors} from "./IPartyErrors.sol";
import {PartyIndex} from "../types/Parties.sol";

/// @title Checkpoints of each party's trail
/// @notice A checkpoint fixes the entries of a trail up to a number, so that they cannot be rewritten
/// unseen from then on. The contract cannot tell whether the trail says what happened.
interface ITrailAnchor is IPartyErrors {
    event TrailAnchored(PartyIndex indexed party, uint64 upTo, bytes32 checkpoint, uint64 previousUpTo);

    error AnchorNotAhead(PartyIndex party, uint64 upTo, uint64 last);

    /// @notice Anchors the caller's trail up to and with the entry `upTo`. For any active party.
    function anchor(uint64 upTo, bytes32 checkpoint) external;

    /// @notice The last checkpoint of a party, or (0, 0); earlier ones are in the events.
    function anchorOf(PartyIndex party) external view returns (uint64 upTo, bytes32 checkpoint);
}
