// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPartyErrors} from "./IPartyErrors.sol";
import {IRecordErrors} from "./IRecordErrors.sol";
import {IRelay} from "./IRelay.sol";
import {ITitleErrors} from "./ITitleErrors.sol";
import {ITitleEvents} from "./ITitleEvents.sol";
import {PartyIndex} from "../types/Parties.sol";
import {Issuance, SeriesId, TitleId, TitleKind, TitleRecord} from "../types/Titles.sol";

/// @title Electronic bills of lading: who has control of each, and how it got there
/// @notice Each act on a title names the `expectedSeq` that the caller has seen and raises it by one. All acts
/// are those of the parties of a title, of its pledgee and of the gateway that has it; no account
/// of the consortium can take, move or block one.
///
/// Checks come in this order: the caller is enrolled, the title is known, `expectedSeq`, status, the
/// caller's place in the title, the caller's standing, the rest in the order in which each act names it.
/// Who is suspended or revoked may still withdraw, decline, surrender, cancel a surrender, release a pledge,
/// end a title as paper, and give possession alone back to the titleholder, which takes it in any standing;
/// all else needs an ACTIVE caller. An offer past its deadline counts as none.
///
/// The registry knows documents by their content root alone. That the root is that of a bill of lading,
/// that the ids come out of the carrier's numbering key and that no second number was used for the same
/// cargo is for the receiver's node to check before it accepts.
///
/// "Detail" is what an act adds to the history (library History); where nothing is said it is 0. The actor of
/// a pledgee's and of a gateway's act is party 0.
interface ITitleRegistry is IPartyErrors, IRecordErrors, IRelay, ITitleErrors, ITitleEvents {
    /// @notice Issues a title, LIVE with seq 1. For an active CARRIER, whose number and series were never
    /// used; the first possessor, and the titleholder unless BLANK, are active parties.
    /// Detail: keccak256(abi.encode(id, series id, contentRoot, terms)).
    function issue(Issuance calldata issuance) external;

    /// @notice Issues 1 to 100 titles: all of them or none.
    function issueBatch(Issuance[] calldata issuances) external;

    /// @notice Issues a title in place of a paper. Its series was never used, or its present title is PAPER.
    /// @param withdrawal hash of the carrier's record that the paper was withdrawn (MLETR 17), not 0
    /// Detail: keccak256(abi.encode(id, series id, contentRoot, terms, withdrawal)).
    function issueFromPaper(Issuance calldata issuance, bytes32 withdrawal) external;

    /// @notice Offers possession (1), title (2) or both (3) to an active party, until the deadline; with
    /// FINAL (4) besides title, that party will be the last titleholder. For the possessor; while no offer is
    /// open. Title is moved by who has both, of a title of kind ORDER, or by the possessor of a BLANK one,
    /// which is to order again. Nothing moves before the recipient accepts. Possession alone is offered to the
    /// titleholder by and to whoever is suspended or revoked, too.
    /// Detail: recipient | what << 32 | deadline << 40.
    function offer(
        TitleId id,
        uint32 expectedSeq,
        PartyIndex recipient,
        uint8 what,
        uint40 deadline
    ) external;

    /// @notice Takes the offer, or the proposal of a pledge, back, before or after its deadline. For the
    /// possessor; not one that the pledgee has made.
    function withdraw(TitleId id, uint32 expectedSeq) external;

    /// @notice Takes over what was offered, in a block whose time is before the deadline. While the title is
    /// pledged, only what the pledgee has consented to, or has offered itself, which ends the pledge. For
    /// the offeree, active unless it takes possession alone of a LIVE title that is made out to it.
    /// Detail: possessor | titleholder << 32 | kind << 64, as they are then.
    function accept(TitleId id, uint32 expectedSeq) external;

    /// @notice Refuses the offer, before or after its deadline. For the offeree. A title that was imported is
    /// EXPORTED by it.
    function decline(TitleId id, uint32 expectedSeq) external;

    /// @notice Endorses without naming anybody new: ORDER to BLANK or ORDER_FINAL, BLANK to ORDER or
    /// ORDER_FINAL, where the possessor becomes titleholder. For the possessor who is titleholder (BLANK: the
    /// possessor); while no offer is open and no pledge stands.
    /// Detail: titleholder | kind << 32, as they are then.
    function endorse(TitleId id, uint32 expectedSeq, TitleKind to) external;

    /// @notice Proposes a pledge. For the possessor who is titleholder (BLANK: the possessor); while no offer is
    /// open and no pledge stands, of an ORDER or BLANK title, with a deadline ahead, to a pledgee that the
    /// gate lets take one. Detail: keccak256(abi.encode(pledgee, deadline)).
    function proposePledge(TitleId id, uint32 expectedSeq, bytes32 pledgee, uint40 deadline) external;

    /// @notice Takes the pledge, before the deadline. For an account of the pledgee. Detail: pledgee.
    function acceptPledge(TitleId id, uint32 expectedSeq) external;

    /// @notice Refuses the pledge, before or after the deadline. For an account of the pledgee. Detail: pledgee.
    function declinePledge(TitleId id, uint32 expectedSeq) external;

    /// @notice Consents to the open offer of a pledged title; the pledge stays. For an account of the pledgee.
    /// Detail: pledgee.
    function consent(TitleId id, uint32 expectedSeq) external;

    /// @notice Ends the pledge, and an offer that enforces it; another offer stays. For an account of the
    /// pledgee. Detail: pledgee.
    function releasePledge(TitleId id, uint32 expectedSeq) external;

    /// @notice Offers title and possession (BLANK: possession) to an active party, in place of whatever is
    /// offered; the kind stays. With its acceptance the pledge ends. For an account of the pledgee.
    /// Detail: keccak256(abi.encode(pledgee, recipient, deadline)).
    function enforcePledge(TitleId id, uint32 expectedSeq, PartyIndex recipient, uint40 deadline) external;

    /// @notice Asks the carrier for delivery. For the possessor who is also titleholder (BLANK: for the
    /// possessor); while no offer is open and no pledge stands.
    function surrenderForDelivery(TitleId id, uint32 expectedSeq) external;

    /// @notice Asks the carrier to amend, split, combine or switch the title, also to paper. For the possessor
    /// who is also titleholder (STRAIGHT and BLANK: the possessor); while no offer is open and no pledge stands.
    /// @param reason what the carrier may then answer by: 1 correction and 2 change of destination by `amend`,
    /// 3 split, 4 combination by `combine`, 5 switch by `switchBill`, 6 to paper by `switchToPaper`, 255 other by
    /// any of these. A title that is surrendered for another number is only given back. Detail: reason.
    function surrenderForAmendment(TitleId id, uint32 expectedSeq, uint8 reason) external;

    /// @notice Takes the surrender back before it is answered: LIVE as before. For the possessor.
    function cancelSurrender(TitleId id, uint32 expectedSeq) external;

    /// @notice Takes a title in that was surrendered for delivery: DELIVERED, and no act follows. For the active
    /// issuer, or the successor that was named when it was revoked. The holders stay on the record as those who
    /// surrendered it.
    function acceptSurrender(TitleId id, uint32 expectedSeq) external;

    /// @notice Gives a surrendered title back, LIVE as before. For the active issuer, or its successor.
    /// @param reason 1 freight unpaid, 2 wrong party, 3 cargo not arrived, 4 legal hold, 255 other; the
    /// registry records the number as it comes. Detail: reason.
    function rejectSurrender(TitleId id, uint32 expectedSeq, uint8 reason) external;

    /// @notice Replaces a title that was surrendered for amendment by another of its series, LIVE with seq 1,
    /// with the same holders and kind; a STRAIGHT title that its consignee does not possess may name another
    /// active one. For the issuer, an active CARRIER. This, as every answer, only to what it was surrendered
    /// for; the reason that the answer names is the carrier's own.
    /// Details: VOID keccak256(abi.encode(Replacement, reason, keccak256 of the successors' ids));
    /// ISSUE_SUCCESSOR keccak256(abi.encode(id, series id, contentRoot, terms, keccak256 of the origins' ids)).
    function amend(TitleId id, uint32 expectedSeq, Issuance calldata successor, uint8 reason) external;

    /// @notice Replaces a surrendered title by 2 to 50. Their series are unused, or for one of them the
    /// origin's. For the issuer or its successor, an active CARRIER; else as `amend`.
    function split(TitleId id, uint32 expectedSeq, Issuance[] calldata successors, uint8 reason) external;

    /// @notice Replaces 2 to 50 surrendered titles of the same issuer, holders and kind by one. Its series is
    /// unused or that of one of them. For the issuer or its successor, an active CARRIER; else as `amend`.
    function combine(
        TitleId[] calldata ids,
        uint32[] calldata expectedSeqs,
        Issuance calldata successor,
        uint8 reason
    ) external;

    /// @notice Replaces a surrendered title by one of a series that was never used. For the issuer or its
    /// successor, an active CARRIER; else as `amend`.
    function switchBill(TitleId id, uint32 expectedSeq, Issuance calldata successor, uint8 reason) external;

    /// @notice Ends a title that was surrendered for amendment as PAPER. For the active issuer, or its
    /// successor. Detail: reason.
    function switchToPaper(TitleId id, uint32 expectedSeq, uint8 reason) external;

    /// @notice Ends a title, also a surrendered one, as PAPER, since its issuer has been revoked for as long as
    /// the delay and has no successor, or one that has been revoked for as long, too. For the possessor who is titleholder (STRAIGHT and BLANK: the
    /// possessor); while no offer is open and no pledge stands.
    function endAsPaper(TitleId id, uint32 expectedSeq) external;

    /// @notice Puts the title into the hands of a recognised gateway, IN_TRANSIT. For the possessor; while no
    /// offer is open and no pledge stands. Detail: keccak256(abi.encode(gateway, transfer)).
    /// @param transfer what the gateway knows this crossing by, not 0
    function lock(TitleId id, uint32 expectedSeq, address gateway, bytes32 transfer) external;

    /// @notice States that the title has left: EXPORTED. For the gateway that it is locked for, or that has
    /// brought it in, whose offer ends; also dismissed. Detail: gateway.
    function exportTitle(TitleId id, uint32 expectedSeq) external;

    /// @notice Gives the title back, LIVE as before. For the gateway that it is locked for, also dismissed.
    /// Detail: gateway.
    function returnTitle(TitleId id, uint32 expectedSeq) external;

    /// @notice Offers a title that arrives to the possessor that it names, without a deadline: IN_TRANSIT, and
    /// LIVE once that party accepts, EXPORTED if it declines. Number and series were never used, and the issuer,
    /// a CARRIER that is not revoked, has admitted the gateway; or its title is EXPORTED, by this gateway or
    /// by one that is recognised no more: then series, document and rulebook are those that it left with, and
    /// the issuer may be anything by now. For a recognised gateway. Detail:
    /// keccak256(abi.encode(id, series id, contentRoot, terms, issuer, gateway, transfer)).
    function importTitle(Issuance calldata issuance, PartyIndex issuer, bytes32 transfer) external;

    /// @notice The title as it stands; all 0 where the id is unknown. `offeree`, `offered` and `deadline`
    /// stay when an offer expires, until the next act.
    function titleOf(TitleId id) external view returns (TitleRecord memory);

    /// @notice The hash over all acts on the title (library History), or 0.
    function headOf(TitleId id) external view returns (bytes32);

    /// @notice The root over the fields of the title's document, or 0.
    function contentRootOf(TitleId id) external view returns (bytes32);

    /// @notice The present title of the series, or 0.
    function titleOfSeries(SeriesId series) external view returns (TitleId);

    /// @notice Who holds the pledge on the title, or who was last proposed one while `offered` is PLEDGE; or 0.
    function pledgeeOf(TitleId id) external view returns (bytes32);

    /// @notice The gateway that the title is locked for, arrives by or has left by, or 0.
    function gatewayOf(TitleId id) external view returns (address);

    /// @notice Seconds from a carrier's revocation until its titles may be ended as paper.
    function paperDelay() external view returns (uint32);
}
