// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev Names an invoice or a policy: the output of its issuer's verifiable PRF over code and number.
type RecordId is bytes32;
