// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {IRelay} from "../interfaces/IRelay.sol";
import {SignedActs} from "../libraries/SignedActs.sol";

/// @title The one entry for acts that were signed elsewhere
/// @notice The contract calls itself with the signer's address behind the call (in the manner of ERC-2771).
/// Nobody else's appended bytes are ever looked at, so nobody else can name a sender.
abstract contract Relay is IRelay {
    bytes32 private constant DOMAIN = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    bytes32 private constant NAME = keccak256("Tidan TitleRegistry");
    bytes32 private constant VERSION = keccak256("1");
    uint256 private constant ADDRESS_LENGTH = 20;

    /// @inheritdoc IRelay
    function relay(bytes calldata call, address signer, uint256 validUntil, bytes calldata signature)
        external
    {
        if (block.timestamp > validUntil) revert SignatureExpired(validUntil);
        bytes32 digest =
            MessageHashUtils.toTypedDataHash(_domain(), SignedActs.hashOf(call, validUntil));
        (address recovered, ECDSA.RecoverError fault,) = ECDSA.tryRecover(digest, signature);
        if (fault != ECDSA.RecoverError.NoError || recovered != signer) revert SignatureInvalid(signer);

        Address.functionCall(address(this), abi.encodePacked(call, signer));
    }

    /// @notice Who acts: the signer of a relayed act, or the caller.
    function _actor() internal view returns (address) {
        if (msg.sender != address(this)) return msg.sender;
        return address(bytes20(msg.data[msg.data.length - ADDRESS_LENGTH:]));
    }

    /// @dev Worked out each time, so that a signature for one chain is none for its fork.
    function _domain() private view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN, NAME, VERSION, block.chainid, address(this)));
    }
}
