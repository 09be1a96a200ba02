// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Refusals that all registries of records share
interface IRecordErrors {
    /// @notice The record has moved on since the caller looked at it, or not got there yet.
    error StaleSeq(bytes32 id, uint32 expected, uint32 actual);

    /// @notice A number, or an id, of 32 zero bytes names nothing.
    error EmptyId();

    /// @notice A content root of 32 zero bytes commits to nothing.
    error EmptyContentRoot();
}
