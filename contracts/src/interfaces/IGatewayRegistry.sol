// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGateways} from "./IGateways.sol";

/// @title Which gateways the consortium recognises
/// @notice A gateway that is dismissed takes no title any more; those that are locked for it, it still
/// exports or returns.
interface IGatewayRegistry is IGateways {
    event GatewayRecognised(address indexed gateway, string name);
    event GatewayDismissed(address indexed gateway);

    error EmptyGateway();
    error EmptyGatewayName();
    error AlreadyRecognised(address gateway);
    error NotRecognised(address gateway);

    /// @notice Recognises a gateway: the portal to another chain, or the account of a platform.
    function recognise(address gateway, string calldata name) external;

    /// @notice Ends the recognition.
    function dismiss(address gateway) external;
}
