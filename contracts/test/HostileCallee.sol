// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Whoever TitleRegistry asks, in the worst case: it calls back before it answers
/// @notice It answers every question with yes, and reverts if what it did meanwhile had an effect.
contract HostileCallee {
    error Struck();

    address private _target;
    bytes private _call;

    function aim(address target, bytes calldata call) external {
        _target = target;
        _call = call;
    }

    /// @notice The same call without being asked first.
    function strike() external returns (bool struck) {
        return _strike();
    }

    function mayTake(bytes32) external returns (bool) {
        return _yes();
    }

    function actsFor(address, bytes32) external returns (bool) {
        return _yes();
    }

    function isGateway(address) external returns (bool) {
        return _yes();
    }

    function isAdmitted(uint32, address) external returns (bool) {
        return _yes();
    }

    function _yes() private returns (bool) {
        if (_strike()) revert Struck();
        return true;
    }

    function _strike() private returns (bool struck) {
        if (_target == address(0)) return false;
        (struck,) = _target.call(_call);
    }
}
