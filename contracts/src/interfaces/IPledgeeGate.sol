// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Who may take a pledge on a title
/// @notice TitleRegistry knows a pledgee by 32 bytes alone, so that another gate can admit pledgees whose
/// accounts tell nobody who they are.
interface IPledgeeGate {
    /// @notice Who takes pledges through this account, or 0.
    function pledgeeOf(address account) external view returns (bytes32);

    /// @notice Whether the pledgee may take a pledge, and exercise it.
    function mayTake(bytes32 pledgee) external view returns (bool);

    /// @notice Whether the account speaks for the pledgee, whatever the pledgee's standing.
    function actsFor(address account, bytes32 pledgee) external view returns (bool);
}
