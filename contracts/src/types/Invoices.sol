// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PartyIndex} from "./Parties.sol";

/// @dev REPLACED is kept for credit notes.
enum InvoiceStatus {
    NONE,
    REGISTERED,
    ACCEPTED,
    DISPUTED,
    SETTLED,
    CANCELLED,
    REPLACED
}

/// @dev Acts as the history counts them; later acts are appended, never inserted.
enum InvoiceAct {
    NONE,
    REGISTER,
    ACCEPT,
    DISPUTE,
    SETTLE,
    CANCEL,
    LINK
}

/// @dev One storage slot (136 bits).
struct InvoiceRecord {
    PartyIndex seller;
    PartyIndex buyer;
    uint32 seq;
    InvoiceStatus status;
    uint16 schema;
    uint16 version;
}
