// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {IAuthority} from "../interfaces/IAuthority.sol";

/// @title Who may change the membership
/// @notice OpenZeppelin's AccessManager, which also counts who has a role, so that the Council can see when
/// it is founded that nobody has rights besides it. Its first admin is the account that deploys the
/// consortium; once the Council is founded it has no admin, and who may do what never changes again.
contract Authority is IAuthority, AccessManager {
    mapping(uint64 role => uint256) private _holders;

    constructor(address initialAdmin) AccessManager(initialAdmin) {}

    /// @inheritdoc IAuthority
    function holdersOf(uint64 role) external view returns (uint256) {
        return _holders[role];
    }

    function _grantRole(uint64 role, address account, uint32 grantDelay, uint32 executionDelay)
        internal
        override
        returns (bool isNew)
    {
        isNew = super._grantRole(role, account, grantDelay, executionDelay);
        if (isNew) _holders[role] += 1;
    }

    function _revokeRole(uint64 role, address account) internal override returns (bool hadIt) {
        hadIt = super._revokeRole(role, account);
        if (hadIt) _holders[role] -= 1;
    }
}
