// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Acts that are signed by one account and sent by another
/// @notice The signature is one over the act's own EIP-712 struct, so that who signs sees what it does. Its
/// domain is (name "Tidan TitleRegistry", version "1", chain id, contract). The struct has the name of the
/// function with a capital letter, its arguments under the names that they have in ITitleRegistry, and last
/// `uint256 validUntil`: `Accept(bytes32 id,uint32 expectedSeq,uint256 validUntil)`.
///
/// No act happens twice: it names the `expectedSeq` that it raises, or a number that it uses up.
interface IRelay {
    error SignatureExpired(uint256 validUntil);
    /// @notice The signature is not the signer's over this act, on this chain, at this contract.
    error SignatureInvalid(address signer);
    /// @notice The call is none of an act that can be signed, or has more or fewer arguments.
    error ActNotSignable(bytes4 selector);

    /// @notice Does what `call` says as if the signer had called it. For anybody, in a block whose time is not
    /// after `validUntil`. An act that is refused is refused with its own error.
    /// @param call the ABI call of a direct act; not one of a gateway's
    /// @param signature 65 bytes: r, s, v, with s in the lower half
    function relay(bytes calldata call, address signer, uint256 validUntil, bytes calldata signature)
        external;
}
