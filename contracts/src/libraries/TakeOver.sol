// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IAuthority} from "../interfaces/IAuthority.sol";
import {ICouncil} from "../interfaces/ICouncil.sol";
import {ADMIN_ROLE, COUNCIL_ROLE} from "../types/Council.sol";
import {Mandate} from "./Mandate.sol";

/// @title From the founder's rights to the Council's
/// @notice Whatever the founder has arranged in the Authority before, afterwards the Council alone may change
/// membership and recognitions; and since nobody is admin, nothing of that ever changes. Run by a contract
/// that is an admin itself.
library TakeOver {
    function takeOver(
        IAuthority authority,
        address founder,
        address parties,
        address platforms,
        address gateways
    ) internal {
        _takeOver(authority, parties, Mandate.overParties());
        _takeOver(authority, platforms, Mandate.overPlatforms());
        _takeOver(authority, gateways, Mandate.overGateways());
        authority.setRoleAdmin(COUNCIL_ROLE, ADMIN_ROLE);
        authority.grantRole(COUNCIL_ROLE, address(this), 0);
        authority.revokeRole(COUNCIL_ROLE, founder);
        authority.revokeRole(ADMIN_ROLE, founder);
        authority.renounceRole(ADMIN_ROLE, address(this));

        (bool hasRole, uint32 executionDelay) = authority.hasRole(COUNCIL_ROLE, address(this));
        bool isAlone = authority.holdersOf(COUNCIL_ROLE) == 1;
        if (!hasRole || executionDelay != 0 || !isAlone) revert ICouncil.RightsLeft(COUNCIL_ROLE);
        if (authority.holdersOf(ADMIN_ROLE) != 0) revert ICouncil.RightsLeft(ADMIN_ROLE);
    }

    function _takeOver(IAuthority authority, address registry, bytes4[] memory selectors) private {
        if (IAccessManaged(registry).authority() != address(authority)) {
            revert ICouncil.WrongAuthority(registry);
        }
        authority.setTargetClosed(registry, false);
        authority.setTargetFunctionRole(registry, selectors, COUNCIL_ROLE);
    }
}
