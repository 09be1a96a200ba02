// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PartyIndex} from "../types/Parties.sol";
import {IGateways} from "./IGateways.sol";
import {IPartyErrors} from "./IPartyErrors.sol";

/// @title Which gateways the consortium recognises, and which of them each carrier admits
/// @notice A gateway that is dismissed takes no title any more; those that it has, it still exports or returns.
/// Recognition is not enough to bring in a title that was never here: that uses a number of its carrier up,
/// so the carrier admits the gateway by an act of its own.
interface IGatewayRegistry is IGateways, IPartyErrors {
    event GatewayRecognised(address indexed gateway, string name);
    event GatewayDismissed(address indexed gateway);
    event GatewayAdmitted(PartyIndex indexed carrier, address indexed gateway);
    event AdmissionWithdrawn(PartyIndex indexed carrier, address indexed gateway);

    error EmptyGateway();
    error EmptyGatewayName();
    error AlreadyRecognised(address gateway);
    error NotRecognised(address gateway);
    error AlreadyAdmitted(PartyIndex carrier, address gateway);
    error NotAdmitted(PartyIndex carrier, address gateway);

    /// @notice Recognises a gateway: the portal to another chain, or the account of a platform.
    function recognise(address gateway, string calldata name) external;

    /// @notice Ends the recognition. Admissions stand, and count again once it is recognised again.
    function dismiss(address gateway) external;

    /// @notice Lets a recognised gateway bring in titles of the caller's own party, an active CARRIER.
    function admit(address gateway) external;

    /// @notice Ends that, also of a gateway that is dismissed. For the party that admitted it, in any standing.
    function withdrawAdmission(address gateway) external;
}
