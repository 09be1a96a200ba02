// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGateways} from "../src/interfaces/IGateways.sol";
import {IPartyRegistry} from "../src/interfaces/IPartyRegistry.sol";
import {IPledgeeGate} from "../src/interfaces/IPledgeeGate.sol";
import {IRelay} from "../src/interfaces/IRelay.sol";
import {ITitleRegistry} from "../src/interfaces/ITitleRegistry.sol";
import {TitleRegistry} from "../src/title/TitleRegistry.sol";
import {PartyIndex} from "../src/types/Parties.sol";
import {TitleId, TitleStatus} from "../src/types/Titles.sol";
import {AnyConsortium} from "./AnyConsortium.sol";
import {MACHINE, SYMBOLS} from "./Symbolic.sol";

/// @title A registry in any state at all, and one act on it
/// @notice A proof by one act from any state holds for every history. States are compared as the word that
/// TitleSlot packs: where its fields are stands here once more, on purpose.
abstract contract AnyTitle {
    uint256 internal constant ISSUER = type(uint32).max;
    uint256 internal constant POSSESSOR = uint256(type(uint32).max) << 32;
    uint256 internal constant TITLEHOLDER = uint256(type(uint32).max) << 64;
    uint256 internal constant STATUS = uint256(15) << 200;
    uint256 internal constant PLEDGED = 1 << 207;
    /// @dev The pledgee's word on an offer: CONSENTED or ENFORCED.
    uint256 internal constant LET_GO = 48 << 208;

    TitleRegistry private _titles;
    AnyConsortium private _consortium;

    function setUp() public {
        _consortium = new AnyConsortium();
        address all = address(_consortium);
        _titles = new TitleRegistry(IPartyRegistry(all), IPledgeeGate(all), IGateways(all), 7 days);
        SYMBOLS.enableSymbolicStorage(address(_titles));
        SYMBOLS.enableSymbolicStorage(all);
    }

    /// @dev One act that succeeds, on this title or as an issue, by any account but the registry itself, which
    /// calls itself only for a relayed act. Relayed acts and those on several titles are left to the tests.
    function _anyActOn(TitleId id, address account, uint40 time) internal returns (bytes4 act) {
        bytes memory call = _anyCall();
        act = bytes4(call);
        MACHINE.assume(_isIssue(act) || TitleId.unwrap(_named(call)) == TitleId.unwrap(id));
        _act(account, time, call);
    }

    /// @dev One act that succeeds, and is not on this title.
    function _anyActBeside(TitleId id, address account, uint40 time) internal {
        bytes memory call = _anyCall();
        MACHINE.assume(_isIssue(bytes4(call)) || TitleId.unwrap(_named(call)) != TitleId.unwrap(id));
        _act(account, time, call);
    }

    function _act(address account, uint40 time, bytes memory call) internal {
        MACHINE.assume(account != address(_titles));
        MACHINE.warp(time);
        MACHINE.prank(account);
        (bool done,) = address(_titles).call(call);
        MACHINE.assume(done);
    }

    function _slotOf(TitleId id) internal view returns (uint256) {
        return MACHINE.load(address(_titles), _placeOf(id));
    }

    function _headOf(TitleId id) internal view returns (uint256) {
        return MACHINE.load(address(_titles), bytes32(uint256(_placeOf(id)) + 1));
    }

    function _partyOf(address account) internal view returns (uint256) {
        return PartyIndex.unwrap(_consortium.indexOf(account));
    }

    function _isPledgee(address account, TitleId id) internal view returns (bool) {
        bytes32 pledgee = bytes32(MACHINE.load(address(_titles), keccak256(abi.encode(id, 2))));
        return _consortium.actsFor(account, pledgee);
    }

    /// @dev Neither named in the title nor entitled to answer for its carrier, pledgee or gateway.
    function _assumeStranger(address account, TitleId id) internal view {
        uint256 slot = _slotOf(id);
        uint256 party = _partyOf(account);
        uint256 successor = PartyIndex.unwrap(_consortium.successorOf(PartyIndex.wrap(uint32(slot))));
        MACHINE.assume(party != uint32(slot));
        MACHINE.assume(party != uint32(slot >> 32));
        MACHINE.assume(party != uint32(slot >> 64));
        MACHINE.assume(party != uint32(slot >> 96));
        MACHINE.assume(party != successor);
        MACHINE.assume(!_isPledgee(account, id) && !_consortium.isGateway(account));
        address gateway = address(uint160(MACHINE.load(address(_titles), keccak256(abi.encode(id, 3)))));
        MACHINE.assume(account != gateway);
    }

    function _anyCall() private view returns (bytes memory call) {
        call = SYMBOLS.createCalldata("ITitleRegistry");
        bytes4 act = bytes4(call);
        MACHINE.assume(
            act != IRelay.relay.selector && act != ITitleRegistry.issueBatch.selector
                && act != ITitleRegistry.split.selector && act != ITitleRegistry.combine.selector
        );
    }

    function _statusOf(uint256 slot) internal pure returns (TitleStatus) {
        return TitleStatus(slot >> 200 & 15);
    }

    function _placeOf(TitleId id) private pure returns (bytes32) {
        return keccak256(abi.encode(id, 0));
    }

    function _isIssue(bytes4 act) private pure returns (bool) {
        return act == ITitleRegistry.issue.selector || act == ITitleRegistry.issueFromPaper.selector
            || act == ITitleRegistry.importTitle.selector;
    }

    /// @dev The title that a call names: its first argument.
    function _named(bytes memory input) private pure returns (TitleId id) {
        // the language has no other way to read a word out of bytes in memory
        assembly ("memory-safe") {
            id := mload(add(input, 36))
        }
    }
}
