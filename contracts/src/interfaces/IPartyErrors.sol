// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PartyIndex} from "../types/Parties.sol";

/// @title Refusals of who acts, and of who is named
interface IPartyErrors {
    /// @notice The account belongs to no party (any more).
    error NotEnrolled(address account);

    /// @notice The party is unknown, suspended or revoked, and the act needs more than that.
    error PartyNotActive(PartyIndex party);

    /// @notice The party has none of the roles of the mask `role`.
    error RoleMissing(PartyIndex party, uint16 role);
}
