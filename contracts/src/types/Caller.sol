// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PartyIndex, PartyStatus} from "./Parties.sol";

/// @dev Who acts: party, roles and status, read once per call and kept in one word on the stack, so that
/// an act signed by a party but sent by another account later resolves its signer in the same way.
type Caller is uint256;

using Callers for Caller global;

library Callers {
    uint256 private constant ROLES_AT = 32;
    uint256 private constant STATUS_AT = 48;

    function pack(PartyIndex party_, uint16 roles_, PartyStatus status_) internal pure returns (Caller) {
        return Caller.wrap(
            uint256(PartyIndex.unwrap(party_)) | uint256(roles_) << ROLES_AT | uint256(status_) << STATUS_AT
        );
    }

    function party(Caller caller) internal pure returns (PartyIndex) {
        return PartyIndex.wrap(uint32(Caller.unwrap(caller)));
    }

    function hasAnyOf(Caller caller, uint16 roles) internal pure returns (bool) {
        return uint16(Caller.unwrap(caller) >> ROLES_AT) & roles != 0;
    }

    function hasStatus(Caller caller, PartyStatus status) internal pure returns (bool) {
        return uint8(Caller.unwrap(caller) >> STATUS_AT) == uint8(status);
    }
}
