// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPartyRegistry} from "../interfaces/IPartyRegistry.sol";
import {ITrailAnchor} from "../interfaces/ITrailAnchor.sol";
import {Standing} from "../libraries/Standing.sol";
import {Caller} from "../types/Caller.sol";
import {PartyIndex} from "../types/Parties.sol";

/// @title Checkpoints of trails
contract TrailAnchor is ITrailAnchor {
    using Standing for IPartyRegistry;
    using Standing for Caller;

    struct Checkpoint {
        uint64 upTo;
        bytes32 digest;
    }

    IPartyRegistry private immutable _parties;

    mapping(PartyIndex => Checkpoint) private _checkpoints;

    constructor(IPartyRegistry parties) {
        _parties = parties;
    }

    /// @inheritdoc ITrailAnchor
    function anchor(uint64 upTo, bytes32 checkpoint) external {
        _anchor(_parties.callerOf(msg.sender), upTo, checkpoint);
    }

    /// @inheritdoc ITrailAnchor
    function anchorOf(PartyIndex party) external view returns (uint64 upTo, bytes32 checkpoint) {
        Checkpoint storage last = _checkpoints[party];
        return (last.upTo, last.digest);
    }

    function _anchor(Caller caller, uint64 upTo, bytes32 checkpoint) internal {
        caller.requireActive();
        Checkpoint storage last = _checkpoints[caller.party()];
        uint64 previousUpTo = last.upTo;
        if (upTo <= previousUpTo) revert AnchorNotAhead(caller.party(), upTo, previousUpTo);

        last.upTo = upTo;
        last.digest = checkpoint;
        emit TrailAnchored(caller.party(), upTo, checkpoint, previousUpTo);
    }
}
