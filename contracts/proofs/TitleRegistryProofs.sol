// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITitleRegistry} from "../src/interfaces/ITitleRegistry.sol";
import {POSSESSION, TITLE, TitleId, TitleKind, TitleStatus} from "../src/types/Titles.sol";
import {AnyTitle} from "./AnyTitle.sol";

import {MACHINE} from "./Symbolic.sol";

/// @title What no act on a title ever does
contract TitleRegistryProofs is AnyTitle {
    function check_acceptanceMovesWhatWasOfferedToItsOfferee(
        TitleId id,
        uint32 seq,
        address account,
        uint40 time
    ) external {
        uint256 slot = _slotOf(id);
        uint256 offeree = uint32(slot >> 96);
        _act(account, time, abi.encodeCall(ITitleRegistry.accept, (id, seq)));

        uint256 offered = slot >> 208;
        uint256 moved = _all(offered & POSSESSION) & POSSESSOR | _all((offered & TITLE) >> 1) & TITLEHOLDER;
        uint256 expected = slot & ~moved | (offeree << 32 | offeree << 64) & moved;
        uint256 compared = ISSUER | POSSESSOR | TITLEHOLDER;
        assert(_slotOf(id) & compared == expected & compared);
        assert(_partyOf(account) == offeree);
    }

    /// @dev An endorsement has a proof of its own. An exported title is in the hands of another chain or
    /// platform, which says with whom it comes back.
    function check_controlStaysWithoutAcceptance(TitleId id, address account, uint40 time)
        external
    {
        uint256 slot = _slotOf(id);
        TitleStatus status = _statusOf(slot);
        MACHINE.assume(status != TitleStatus.NONE);
        MACHINE.assume(status != TitleStatus.EXPORTED);
        bytes4 act = _anyActOn(id, account, time);
        MACHINE.assume(act != ITitleRegistry.accept.selector && act != ITitleRegistry.endorse.selector);

        assert((_slotOf(id) ^ slot) & (ISSUER | POSSESSOR | TITLEHOLDER) == 0);
    }

    function check_anEndorsementIsThePossessorsAndKeepsPossession(
        TitleId id,
        uint32 seq,
        TitleKind kind,
        address account,
        uint40 time
    ) external {
        uint256 slot = _slotOf(id);
        _act(account, time, abi.encodeCall(ITitleRegistry.endorse, (id, seq, kind)));

        assert(_partyOf(account) == uint32(slot >> 32));
        assert((_slotOf(id) ^ slot) & (ISSUER | POSSESSOR) == 0);
    }

    function check_anActOnOneTitleLeavesAllOthersAsTheyAre(TitleId id, address account, uint40 time)
        external
    {
        uint256 slot = _slotOf(id);
        uint256 head = _headOf(id);
        TitleStatus status = _statusOf(slot);
        MACHINE.assume(status != TitleStatus.NONE);
        MACHINE.assume(status != TitleStatus.EXPORTED);
        _anyActBeside(id, account, time);

        assert((_slotOf(id) ^ slot) | (_headOf(id) ^ head) == 0);
    }

    function check_aStrangerChangesNothing(TitleId id, address account, uint40 time) external {
        uint256 slot = _slotOf(id);
        uint256 head = _headOf(id);
        MACHINE.assume(_statusOf(slot) != TitleStatus.NONE);
        _assumeStranger(account, id);
        _anyActOn(id, account, time);

        assert((_slotOf(id) ^ slot) | (_headOf(id) ^ head) == 0);
    }

    function check_anEndedTitleStaysAsItIs(TitleId id, address account, uint40 time) external {
        uint256 slot = _slotOf(id);
        uint256 head = _headOf(id);
        uint256 status = uint256(_statusOf(slot));
        // DELIVERED, VOIDED and PAPER follow one another
        MACHINE.assume(status >= uint256(TitleStatus.DELIVERED) && status <= uint256(TitleStatus.PAPER));
        _anyActOn(id, account, time);

        assert((_slotOf(id) ^ slot) | (_headOf(id) ^ head) == 0);
    }

    function check_aPledgedTitleIsNotAcceptedWithoutItsPledgee(
        TitleId id,
        uint32 seq,
        address account,
        uint40 time
    ) external {
        uint256 slot = _slotOf(id);
        _act(account, time, abi.encodeCall(ITitleRegistry.accept, (id, seq)));

        assert(slot & PLEDGED == 0 || slot & LET_GO != 0);
    }

    function check_onlyThePledgeeLetsAPledgedTitleGo(TitleId id, address account, uint40 time) external {
        uint256 slot = _slotOf(id);
        MACHINE.assume(slot & PLEDGED != 0);
        MACHINE.assume(_statusOf(slot) == TitleStatus.LIVE);
        MACHINE.assume(!_isPledgee(account, id));
        bytes4 act = _anyActOn(id, account, time);
        MACHINE.assume(act != ITitleRegistry.accept.selector);

        uint256 then = _slotOf(id);
        assert((then ^ slot) & (PLEDGED | STATUS) | then & ~slot & LET_GO == 0);
    }

    /// @dev All bits for 1, none for 0.
    function _all(uint256 bit) private pure returns (uint256) {
        unchecked {
            return 0 - bit;
        }
    }
}
