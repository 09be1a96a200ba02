// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPartyErrors} from "../interfaces/IPartyErrors.sol";
import {IPartyRegistry} from "../interfaces/IPartyRegistry.sol";
import {Caller, PartyIndex, PartyStatus} from "../types/Parties.sol";

/// @title What a registry asks about who acts and who is named
/// @notice Roles and status come from the PartyRegistry at each act; no registry keeps a list of its own.
library Standing {
    /// @notice The party that acts through an account, or NotEnrolled.
    function callerOf(IPartyRegistry parties, address account) internal view returns (Caller memory caller) {
        (caller.party, caller.roles, caller.status) = parties.standing(account);
        if (caller.status == PartyStatus.NONE) revert IPartyErrors.NotEnrolled(account);
    }

    /// @notice Refuses a named party that is unknown, suspended or revoked.
    function requireActive(IPartyRegistry parties, PartyIndex party) internal view {
        (, PartyStatus status) = parties.standingOf(party);
        if (status != PartyStatus.ACTIVE) revert IPartyErrors.PartyNotActive(party);
    }

    /// @notice Refuses a caller that is suspended or revoked.
    function requireActive(Caller memory caller) internal pure {
        if (caller.status != PartyStatus.ACTIVE) revert IPartyErrors.PartyNotActive(caller.party);
    }

    /// @notice Refuses a revoked caller only: these acts are left to a suspended holder.
    function requireNotRevoked(Caller memory caller) internal pure {
        if (caller.status == PartyStatus.REVOKED) revert IPartyErrors.PartyNotActive(caller.party);
    }

    /// @notice Refuses an inactive caller, and one that has none of the roles of the mask.
    function requireRole(Caller memory caller, uint16 anyOf) internal pure {
        requireActive(caller);
        if (caller.roles & anyOf == 0) revert IPartyErrors.RoleMissing(caller.party, anyOf);
    }
}
