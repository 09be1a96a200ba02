// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev Names an invoice or a policy: keccak256(abi.encode(issuer, number)), where the number is the output of
/// the issuer's verifiable PRF over code and number.
type RecordId is bytes32;
