// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICouncil} from "../interfaces/ICouncil.sol";
import {IGatewayRegistry} from "../interfaces/IGatewayRegistry.sol";
import {IPartyRegistry} from "../interfaces/IPartyRegistry.sol";
import {IPlatformRegistry} from "../interfaces/IPlatformRegistry.sol";
import {NO_PARTY, PartyIndex, PartyStatus} from "../types/Parties.sol";

/// @title What the Council decides about
/// @notice The list by which the authority gives the Council its rights, and by which a proposal is taken.
library Mandate {
    /// @notice The functions of the PartyRegistry.
    function overParties() internal pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](7);
        selectors[0] = IPartyRegistry.enrol.selector;
        selectors[1] = IPartyRegistry.changeRoles.selector;
        selectors[2] = IPartyRegistry.changeStatus.selector;
        selectors[3] = IPartyRegistry.revoke.selector;
        selectors[4] = IPartyRegistry.nameSuccessor.selector;
        selectors[5] = IPartyRegistry.recover.selector;
        selectors[6] = IPartyRegistry.registerNumberingKey.selector;
    }

    /// @notice The functions of the PlatformRegistry.
    function overPlatforms() internal pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](2);
        selectors[0] = IPlatformRegistry.recognise.selector;
        selectors[1] = IPlatformRegistry.withdraw.selector;
    }

    /// @notice The functions of the GatewayRegistry.
    function overGateways() internal pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](2);
        selectors[0] = IGatewayRegistry.recognise.selector;
        selectors[1] = IGatewayRegistry.dismiss.selector;
    }

    /// @notice The functions of the Council itself.
    function overSeats() internal pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](2);
        selectors[0] = ICouncil.addSeat.selector;
        selectors[1] = ICouncil.removeSeat.selector;
    }

    /// @notice Whose accounts the call takes away, or 0; refuses what the Council, which runs this, does
    /// not decide about. A call that names no known subject could only fail, days later.
    function subjectOf(
        address target,
        bytes calldata call,
        IPartyRegistry parties,
        address platforms,
        address gateways
    ) internal view returns (PartyIndex subject) {
        bytes4 selector = call.length < 4 ? bytes4(0) : bytes4(call[:4]);
        if (!_covers(target, selector, address(parties), platforms, gateways)) {
            revert ICouncil.TargetForbidden(target, selector);
        }
        if (selector != IPartyRegistry.recover.selector) return NO_PARTY;

        uint256 named = call.length < 36 ? type(uint256).max : abi.decode(call[4:], (uint256));
        if (named > type(uint32).max) revert ICouncil.CallMalformed(selector);
        subject = PartyIndex.wrap(uint32(named));
        (, PartyStatus status) = parties.standingOf(subject);
        if (status == PartyStatus.NONE) revert ICouncil.SubjectUnknown(subject);
    }

    /// @notice What a proposal decides: its call, without the reason that some give.
    function decisionOf(address target, bytes calldata call) internal pure returns (bytes32) {
        bytes4 selector = bytes4(call[:4]);
        bool hasReason = selector == IPartyRegistry.changeStatus.selector
            || selector == IPartyRegistry.revoke.selector || selector == IPartyRegistry.recover.selector;
        // of each the reason comes third, after two words
        bytes calldata decided = hasReason && call.length > 68 ? call[:68] : call;
        return keccak256(abi.encode(target, decided));
    }

    function _covers(
        address target,
        bytes4 selector,
        address parties,
        address platforms,
        address gateways
    ) private view returns (bool) {
        if (target == parties) return _includes(overParties(), selector);
        if (target == platforms) return _includes(overPlatforms(), selector);
        if (target == gateways) return _includes(overGateways(), selector);
        return target == address(this) && _includes(overSeats(), selector);
    }

    function _includes(bytes4[] memory selectors, bytes4 selector) private pure returns (bool) {
        for (uint256 i = 0; i < selectors.length; ++i) {
            if (selectors[i] == selector) return true;
        }
        return false;
    }
}
