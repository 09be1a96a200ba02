// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPartyRegistry} from "../interfaces/IPartyRegistry.sol";
import {ITitleErrors} from "../interfaces/ITitleErrors.sol";
import {Caller} from "../types/Caller.sol";
import {PartyIndex} from "../types/Parties.sol";
import {TitleId, TitleKind} from "../types/Titles.sol";
import {TitleSlot} from "../types/TitleSlot.sol";

/// @title The caller's place in a title, and what stands in the way of who has it
library Entitlement {
    function requirePossessor(Caller caller, TitleId id, TitleSlot title) internal pure {
        if (title.possessor() != caller.party()) {
            revert ITitleErrors.NotThePossessor(id, caller.party());
        }
    }

    /// @notice Who possesses the title and is its titleholder. Of a title in blank that is the possessor.
    function requireHolder(Caller caller, TitleId id, TitleSlot title) internal pure {
        requirePossessor(caller, id, title);
        if (!title.hasKind(TitleKind.BLANK)) _requireTitleholder(caller, id, title);
    }

    /// @notice The same, but of a straight title who possesses it: until the consignee does, the shipper
    /// disposes of the goods.
    function requireDisposer(Caller caller, TitleId id, TitleSlot title) internal pure {
        requirePossessor(caller, id, title);
        bool isToOrder = title.hasKind(TitleKind.ORDER) || title.hasKind(TitleKind.ORDER_FINAL);
        if (isToOrder) _requireTitleholder(caller, id, title);
    }

    function requireIssuer(Caller caller, TitleId id, TitleSlot title) internal pure {
        if (title.issuer() != caller.party()) revert ITitleErrors.NotTheIssuer(id, caller.party());
    }

    /// @notice The issuer, or the successor that was named when it was revoked.
    function requireAnsweringCarrier(
        Caller caller,
        IPartyRegistry parties,
        TitleId id,
        TitleSlot title
    ) internal view {
        PartyIndex carrier = title.issuer();
        if (carrier != caller.party() && parties.successorOf(carrier) != caller.party()) {
            revert ITitleErrors.NotTheIssuer(id, caller.party());
        }
    }

    function requireNoOpenOffer(TitleId id, TitleSlot title) internal view {
        if (title.hasOpenOffer()) revert ITitleErrors.OfferAlreadyOpen(id, title.offeree());
    }

    /// @notice Neither offered nor pledged.
    function requireFree(TitleId id, TitleSlot title) internal view {
        requireNoOpenOffer(id, title);
        if (title.isPledged()) revert ITitleErrors.Pledged(id);
    }

    function _requireTitleholder(Caller caller, TitleId id, TitleSlot title) private pure {
        if (title.titleholder() != caller.party()) {
            revert ITitleErrors.NotTheTitleholder(id, caller.party());
        }
    }
}
