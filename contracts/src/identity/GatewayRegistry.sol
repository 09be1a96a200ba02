// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IGatewayRegistry} from "../interfaces/IGatewayRegistry.sol";
import {IGateways} from "../interfaces/IGateways.sol";
import {IPartyRegistry} from "../interfaces/IPartyRegistry.sol";
import {Standing} from "../libraries/Standing.sol";
import {Caller} from "../types/Caller.sol";
import {CARRIER, PartyIndex} from "../types/Parties.sol";

/// @title Gateways that the consortium recognises, and carriers admit
/// @notice Functions marked `restricted` are for whom the Authority allows them to.
contract GatewayRegistry is IGatewayRegistry, AccessManaged {
    using Standing for IPartyRegistry;
    using Standing for Caller;

    IPartyRegistry private immutable _parties;

    mapping(address gateway => bool) private _recognised;
    mapping(PartyIndex carrier => mapping(address gateway => bool)) private _admitted;

    constructor(address authority, IPartyRegistry parties) AccessManaged(authority) {
        _parties = parties;
    }

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

    /// @inheritdoc IGatewayRegistry
    function admit(address gateway) external {
        PartyIndex carrier = _callingCarrier();
        if (!_recognised[gateway]) revert NotRecognised(gateway);
        if (_admitted[carrier][gateway]) revert AlreadyAdmitted(carrier, gateway);

        _admitted[carrier][gateway] = true;
        emit GatewayAdmitted(carrier, gateway);
    }

    /// @inheritdoc IGatewayRegistry
    function withdrawAdmission(address gateway) external {
        PartyIndex carrier = _parties.callerOf(msg.sender).party();
        if (!_admitted[carrier][gateway]) revert NotAdmitted(carrier, gateway);

        _admitted[carrier][gateway] = false;
        emit AdmissionWithdrawn(carrier, gateway);
    }

    /// @inheritdoc IGateways
    function isGateway(address account) external view returns (bool) {
        return _recognised[account];
    }

    /// @inheritdoc IGateways
    function isAdmitted(PartyIndex carrier, address gateway) external view returns (bool) {
        return _admitted[carrier][gateway];
    }

    function _callingCarrier() private view returns (PartyIndex) {
        Caller caller = _parties.callerOf(msg.sender);
        caller.requireRole(CARRIER);
        return caller.party();
    }
}
