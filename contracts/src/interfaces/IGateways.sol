// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PartyIndex} from "../types/Parties.sol";

/// @title Accounts through which titles leave for other chains and platforms, and come back
interface IGateways {
    /// @notice Whether titles may be locked for this account and come back by it.
    function isGateway(address account) external view returns (bool);

    /// @notice Whether the carrier lets the gateway bring in titles under numbers that it has not used here.
    function isAdmitted(PartyIndex carrier, address gateway) external view returns (bool);
}
