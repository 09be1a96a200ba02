// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IGatewayRegistry} from "../interfaces/IGatewayRegistry.sol";
import {IGateways} from "../interfaces/IGateways.sol";

/// @title Gateways that the consortium recognises
/// @notice Functions marked `restricted` are for whom the Authority allows them to.
contract GatewayRegistry is IGatewayRegistry, AccessManaged {
    mapping(address gateway => bool) private _recognised;

    constructor(address authority) AccessManaged(authority) {}

    /// @inheritdoc IGatewayRegistry
    function recognise(address gateway, string calldata name) external restricted {
        if (gateway == address(0)) revert EmptyGateway();
        if (bytes(name).length == 0) revert EmptyGatewayName();
        if (_recognised[gateway]) revert AlreadyRecognised(gateway);

        _recognised[gateway] = true;
        emit GatewayRecognised(gateway, name);
    }

    /// @inheritdoc IGatewayRegistry
    function dismiss(address gateway) external restricted {
        if (!_recognised[gateway]) revert NotRecognised(gateway);

        _recognised[gateway] = false;
        emit GatewayDismissed(gateway);
    }

    /// @inheritdoc IGateways
    function isGateway(address account) external view returns (bool) {
        return _recognised[account];
    }
}
