// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Accounts through which titles leave for other chains and platforms, and come back
interface IGateways {
    /// @notice Whether titles may be locked for this account and imported by it.
    function isGateway(address account) external view returns (bool);
}
