// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PartyIndex} from "./Parties.sol";
import {TitleKind, TitleTerms} from "./Titles.sol";

/// @title Reading the terms of an issuance
library Terms {
    uint256 private constant TITLEHOLDER_AT = 32;
    uint256 private constant KIND_AT = 64;
    uint256 private constant SCHEMA_AT = 72;
    uint256 private constant VERSION_AT = 88;
    uint256 private constant RULEBOOK_AT = 104;
    uint256 private constant LENGTH = 112;

    uint256 private constant HOLDERS_AND_KIND = (1 << SCHEMA_AT) - 1;

    /// @dev Nothing above the last field, and a kind that exists.
    function areFormed(TitleTerms terms) internal pure returns (bool) {
        uint256 word = TitleTerms.unwrap(terms);
        return word >> LENGTH == 0 && uint8(word >> KIND_AT) <= uint8(type(TitleKind).max);
    }

    function haveHoldersOf(TitleTerms terms, TitleTerms other) internal pure returns (bool) {
        return (TitleTerms.unwrap(terms) ^ TitleTerms.unwrap(other)) & HOLDERS_AND_KIND == 0;
    }

    function possessor(TitleTerms terms) internal pure returns (PartyIndex) {
        return PartyIndex.wrap(uint32(TitleTerms.unwrap(terms)));
    }

    function titleholder(TitleTerms terms) internal pure returns (PartyIndex) {
        return PartyIndex.wrap(uint32(TitleTerms.unwrap(terms) >> TITLEHOLDER_AT));
    }

    function kind(TitleTerms terms) internal pure returns (TitleKind) {
        return TitleKind(uint8(TitleTerms.unwrap(terms) >> KIND_AT));
    }

    function schema(TitleTerms terms) internal pure returns (uint16) {
        return uint16(TitleTerms.unwrap(terms) >> SCHEMA_AT);
    }

    function version(TitleTerms terms) internal pure returns (uint16) {
        return uint16(TitleTerms.unwrap(terms) >> VERSION_AT);
    }

    function rulebook(TitleTerms terms) internal pure returns (uint8) {
        return uint8(TitleTerms.unwrap(terms) >> RULEBOOK_AT);
    }
}
