// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

/// @title OpenZeppelin's AccessManager that knows how many have a role
interface IAuthority is IAccessManager {
    /// @notice How many accounts have the role, or will have it once their grant takes effect.
    function holdersOf(uint64 role) external view returns (uint256);
}
