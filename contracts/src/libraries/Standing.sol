// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPartyErrors} from "../interfaces/IPartyErrors.sol";
import {IPartyRegistry} from "../interfaces/IPartyRegistry.sol";
import {Caller, Callers} from "../types/Caller.sol";
import {PartyIndex, PartyStatus} from "../types/Parties.sol";

/// @title What a registry asks about who acts and who is named
/// @notice Roles and status come from the PartyRegistry at each act; no registry keeps a list of its own.
library Standing {
    /// @notice The party that acts through an account, or NotEnrolled.
    function callerOf(IPartyRegistry parties, address account) internal view returns (Caller) {
        (PartyIndex party, uint16 roles, PartyStatus status) = parties.standing(account);
        if (status == PartyStatus.NONE) revert IPartyErrors.NotEnrolled(account);
        return Callers.pack(party, roles, status);
    }

    /// @notice Refuses a named party that is unknown, suspended or revoked.
    function requireActive(IPartyRegistry parties, PartyIndex party) internal view {
        (, PartyStatus status) = parties.standingOf(party);
        if (status != PartyStatus.ACTIVE) revert IPartyErrors.PartyNotActive(party);
    }

    /// @notice Refuses a caller that is suspended or revoked.
    function requireActive(Caller caller) internal pure {
        if (!caller.hasStatus(PartyStatus.ACTIVE)) revert IPartyErrors.PartyNotActive(caller.party());
    }

    /// @notice Refuses a revoked caller only: these acts are left to a suspended holder.
    function requireNotRevoked(Caller caller) internal pure {
        if (caller.hasStatus(PartyStatus.REVOKED)) revert IPartyErrors.PartyNotActive(caller.party());
    }

    /// @notice Refuses an inactive caller, and one that has none of the roles of the mask.
    function requireRole(Caller caller, uint16 anyOf) internal pure {
        requireActive(caller);
        if (!caller.hasAnyOf(anyOf)) revert IPartyErrors.RoleMissing(caller.party(), anyOf);
    }
}
