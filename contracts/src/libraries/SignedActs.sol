// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRelay} from "../interfaces/IRelay.sol";
import {ITitleErrors} from "../interfaces/ITitleErrors.sol";
import {ITitleRegistry} from "../interfaces/ITitleRegistry.sol";
import {Issuance, TitleTerms} from "../types/Titles.sol";
import {Terms} from "../types/TitleTerms.sol";

/// @title What is signed for an act: its own EIP-712 struct, made of the words of its call
/// @notice The ABI and EIP-712 put numbers, ids and addresses into the same words, so an act without an
/// issuance is hashed as it stands in the call. An issuance is a struct of its own.
library SignedActs {
    using Terms for TitleTerms;

    uint256 private constant WORD = 32;
    uint256 private constant WORDS_OF_ISSUANCE = 4;
    uint256 private constant NONE = type(uint256).max;

    bytes32 private constant ISSUANCE = keccak256(
        "Issuance(bytes32 number,bytes32 series,bytes32 contentRoot,uint32 possessor,uint32 titleholder,"
        "uint8 kind,uint16 schema,uint16 version,uint8 rulebook)"
    );
    bytes32 private constant ISSUE = keccak256(
        "Issue(Issuance issuance,uint256 validUntil)"
        "Issuance(bytes32 number,bytes32 series,bytes32 contentRoot,uint32 possessor,uint32 titleholder,"
        "uint8 kind,uint16 schema,uint16 version,uint8 rulebook)"
    );
    bytes32 private constant ISSUE_BATCH = keccak256(
        "IssueBatch(Issuance[] issuances,uint256 validUntil)"
        "Issuance(bytes32 number,bytes32 series,bytes32 contentRoot,uint32 possessor,uint32 titleholder,"
        "uint8 kind,uint16 schema,uint16 version,uint8 rulebook)"
    );
    bytes32 private constant ISSUE_FROM_PAPER = keccak256(
        "IssueFromPaper(Issuance issuance,bytes32 withdrawal,uint256 validUntil)"
        "Issuance(bytes32 number,bytes32 series,bytes32 contentRoot,uint32 possessor,uint32 titleholder,"
        "uint8 kind,uint16 schema,uint16 version,uint8 rulebook)"
    );
    bytes32 private constant AMEND = keccak256(
        "Amend(bytes32 id,uint32 expectedSeq,Issuance successor,uint8 reason,uint256 validUntil)"
        "Issuance(bytes32 number,bytes32 series,bytes32 contentRoot,uint32 possessor,uint32 titleholder,"
        "uint8 kind,uint16 schema,uint16 version,uint8 rulebook)"
    );
    bytes32 private constant SWITCH_BILL = keccak256(
        "SwitchBill(bytes32 id,uint32 expectedSeq,Issuance successor,uint8 reason,uint256 validUntil)"
        "Issuance(bytes32 number,bytes32 series,bytes32 contentRoot,uint32 possessor,uint32 titleholder,"
        "uint8 kind,uint16 schema,uint16 version,uint8 rulebook)"
    );
    bytes32 private constant SPLIT = keccak256(
        "Split(bytes32 id,uint32 expectedSeq,Issuance[] successors,uint8 reason,uint256 validUntil)"
        "Issuance(bytes32 number,bytes32 series,bytes32 contentRoot,uint32 possessor,uint32 titleholder,"
        "uint8 kind,uint16 schema,uint16 version,uint8 rulebook)"
    );
    bytes32 private constant COMBINE = keccak256(
        "Combine(bytes32[] ids,uint32[] expectedSeqs,Issuance successor,uint8 reason,uint256 validUntil)"
        "Issuance(bytes32 number,bytes32 series,bytes32 contentRoot,uint32 possessor,uint32 titleholder,"
        "uint8 kind,uint16 schema,uint16 version,uint8 rulebook)"
    );

    /// @notice The hash of the struct that stands for the call, valid until then.
    function hashOf(bytes calldata call, uint256 validUntil) internal pure returns (bytes32) {
        bytes4 selector = call.length < 4 ? bytes4(0) : bytes4(call[:4]);
        if (selector == ITitleRegistry.issueBatch.selector) return _hashOfBatch(call[4:], validUntil);
        if (selector == ITitleRegistry.split.selector) return _hashOfSplit(call[4:], validUntil);
        if (selector == ITitleRegistry.combine.selector) return _hashOfCombination(call[4:], validUntil);

        (bytes32 typeHash, uint256 words, uint256 issuanceAt) = _formOf(selector);
        if (call.length != 4 + words * WORD) revert IRelay.ActNotSignable(selector);
        bytes calldata arguments = call[4:];
        if (issuanceAt == NONE) return keccak256(abi.encodePacked(typeHash, arguments, validUntil));
        uint256 start = issuanceAt * WORD;
        uint256 end = start + WORDS_OF_ISSUANCE * WORD;
        bytes32 issuance = _hashOfIssuance(arguments[start:end]);
        return keccak256(
            abi.encodePacked(typeHash, arguments[:start], issuance, arguments[end:], validUntil)
        );
    }

    /// @dev The type of an act, how many words its arguments are, and at which of them its issuance is.
    function _formOf(bytes4 selector)
        private
        pure
        returns (bytes32 typeHash, uint256 words, uint256 issuanceAt)
    {
        if (selector == ITitleRegistry.issue.selector) return (ISSUE, 4, 0);
        if (selector == ITitleRegistry.issueFromPaper.selector) return (ISSUE_FROM_PAPER, 5, 0);
        if (selector == ITitleRegistry.amend.selector) return (AMEND, 7, 2);
        if (selector == ITitleRegistry.switchBill.selector) return (SWITCH_BILL, 7, 2);
        (typeHash, words) = _formWithTerms(selector);
        if (words == 0) (typeHash, words) = (_typeOfPlainAct(selector), 2);
        if (typeHash == 0) revert IRelay.ActNotSignable(selector);
        return (typeHash, words, NONE);
    }

    function _formWithTerms(bytes4 selector) private pure returns (bytes32 typeHash, uint256 words) {
        if (selector == ITitleRegistry.offer.selector) {
            return (
                keccak256(
                    "Offer(bytes32 id,uint32 expectedSeq,uint32 recipient,uint8 what,uint40 deadline,"
                    "uint256 validUntil)"
                ),
                5
            );
        }
        if (selector == ITitleRegistry.endorse.selector) {
            return (keccak256("Endorse(bytes32 id,uint32 expectedSeq,uint8 to,uint256 validUntil)"), 3);
        }
        if (selector == ITitleRegistry.proposePledge.selector) {
            return (
                keccak256(
                    "ProposePledge(bytes32 id,uint32 expectedSeq,bytes32 pledgee,uint40 deadline,"
                    "uint256 validUntil)"
                ),
                4
            );
        }
        if (selector == ITitleRegistry.enforcePledge.selector) {
            return (
                keccak256(
                    "EnforcePledge(bytes32 id,uint32 expectedSeq,uint32 recipient,uint40 deadline,"
                    "uint256 validUntil)"
                ),
                4
            );
        }
        if (selector == ITitleRegistry.lock.selector) {
            return (
                keccak256(
                    "Lock(bytes32 id,uint32 expectedSeq,address gateway,bytes32 transfer,"
                    "uint256 validUntil)"
                ),
                4
            );
        }
        if (selector == ITitleRegistry.surrenderForAmendment.selector) {
            return (
                keccak256(
                    "SurrenderForAmendment(bytes32 id,uint32 expectedSeq,uint8 reason,uint256 validUntil)"
                ),
                3
            );
        }
        if (selector == ITitleRegistry.rejectSurrender.selector) {
            return (
                keccak256("RejectSurrender(bytes32 id,uint32 expectedSeq,uint8 reason,uint256 validUntil)"),
                3
            );
        }
        if (selector == ITitleRegistry.switchToPaper.selector) {
            return (
                keccak256("SwitchToPaper(bytes32 id,uint32 expectedSeq,uint8 reason,uint256 validUntil)"), 3
            );
        }
    }

    /// @dev An act of (id, expectedSeq) alone.
    function _typeOfPlainAct(bytes4 selector) private pure returns (bytes32) {
        if (selector == ITitleRegistry.withdraw.selector) {
            return keccak256("Withdraw(bytes32 id,uint32 expectedSeq,uint256 validUntil)");
        }
        if (selector == ITitleRegistry.accept.selector) {
            return keccak256("Accept(bytes32 id,uint32 expectedSeq,uint256 validUntil)");
        }
        if (selector == ITitleRegistry.decline.selector) {
            return keccak256("Decline(bytes32 id,uint32 expectedSeq,uint256 validUntil)");
        }
        if (selector == ITitleRegistry.acceptPledge.selector) {
            return keccak256("AcceptPledge(bytes32 id,uint32 expectedSeq,uint256 validUntil)");
        }
        if (selector == ITitleRegistry.declinePledge.selector) {
            return keccak256("DeclinePledge(bytes32 id,uint32 expectedSeq,uint256 validUntil)");
        }
        if (selector == ITitleRegistry.consent.selector) {
            return keccak256("Consent(bytes32 id,uint32 expectedSeq,uint256 validUntil)");
        }
        if (selector == ITitleRegistry.releasePledge.selector) {
            return keccak256("ReleasePledge(bytes32 id,uint32 expectedSeq,uint256 validUntil)");
        }
        if (selector == ITitleRegistry.surrenderForDelivery.selector) {
            return keccak256("SurrenderForDelivery(bytes32 id,uint32 expectedSeq,uint256 validUntil)");
        }
        if (selector == ITitleRegistry.cancelSurrender.selector) {
            return keccak256("CancelSurrender(bytes32 id,uint32 expectedSeq,uint256 validUntil)");
        }
        if (selector == ITitleRegistry.acceptSurrender.selector) {
            return keccak256("AcceptSurrender(bytes32 id,uint32 expectedSeq,uint256 validUntil)");
        }
        if (selector == ITitleRegistry.endAsPaper.selector) {
            return keccak256("EndAsPaper(bytes32 id,uint32 expectedSeq,uint256 validUntil)");
        }
        return 0;
    }

    function _hashOfBatch(bytes calldata arguments, uint256 validUntil) private pure returns (bytes32) {
        bytes32 issuances = _hashOfIssuances(_elements(arguments, 0, WORDS_OF_ISSUANCE));
        return keccak256(abi.encodePacked(ISSUE_BATCH, issuances, validUntil));
    }

    function _hashOfSplit(bytes calldata arguments, uint256 validUntil) private pure returns (bytes32) {
        bytes32 successors = _hashOfIssuances(_elements(arguments, 2, WORDS_OF_ISSUANCE));
        bytes calldata idAndSeq = arguments[:2 * WORD];
        bytes calldata reason = arguments[3 * WORD:4 * WORD];
        return keccak256(abi.encodePacked(SPLIT, idAndSeq, successors, reason, validUntil));
    }

    function _hashOfCombination(bytes calldata arguments, uint256 validUntil)
        private
        pure
        returns (bytes32)
    {
        bytes32 ids = keccak256(_elements(arguments, 0, 1));
        bytes32 seqs = keccak256(_elements(arguments, 1, 1));
        bytes calldata rest = arguments[2 * WORD:(3 + WORDS_OF_ISSUANCE) * WORD];
        bytes32 successor = _hashOfIssuance(rest[:WORDS_OF_ISSUANCE * WORD]);
        bytes calldata reason = rest[WORDS_OF_ISSUANCE * WORD:];
        return keccak256(abi.encodePacked(COMBINE, ids, seqs, successor, reason, validUntil));
    }

    /// @dev The elements of an array argument, found where the ABI's decoder finds them; out of the call's
    /// bounds it is refused. In EIP-712 an array is the hash of its elements' words, too.
    function _elements(bytes calldata arguments, uint256 index, uint256 wordsEach)
        private
        pure
        returns (bytes calldata)
    {
        uint256 offset = _number(arguments, index * WORD);
        uint256 length = _number(arguments, offset) * wordsEach * WORD;
        return arguments[offset + WORD:offset + WORD + length];
    }

    function _number(bytes calldata arguments, uint256 start) private pure returns (uint256) {
        return uint256(bytes32(arguments[start:start + WORD]));
    }

    function _hashOfIssuances(bytes calldata issuances) private pure returns (bytes32) {
        uint256 size = WORDS_OF_ISSUANCE * WORD;
        bytes32[] memory hashes = new bytes32[](issuances.length / size);
        for (uint256 i = 0; i < hashes.length; ++i) {
            hashes[i] = _hashOfIssuance(issuances[i * size:(i + 1) * size]);
        }
        return keccak256(abi.encodePacked(hashes));
    }

    /// @dev The call has the terms in one word; who signs sees each by its name.
    function _hashOfIssuance(bytes calldata words) private pure returns (bytes32) {
        Issuance memory issuance = abi.decode(words, (Issuance));
        TitleTerms terms = issuance.terms;
        if (!terms.areFormed()) revert ITitleErrors.TermsMalformed(TitleTerms.unwrap(terms));
        return keccak256(
            abi.encode(
                ISSUANCE,
                issuance.number,
                issuance.series,
                issuance.contentRoot,
                terms.possessor(),
                terms.titleholder(),
                terms.kind(),
                terms.schema(),
                terms.version(),
                terms.rulebook()
            )
        );
    }
}
