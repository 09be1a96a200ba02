// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @title Who may change the membership
/// @notice OpenZeppelin's AccessManager as it is. Its first admin is the account that deploys the
/// consortium; until that account hands the role over, it alone decides who is a member.
contract Authority is AccessManager {
    constructor(address initialAdmin) AccessManager(initialAdmin) {}
}
