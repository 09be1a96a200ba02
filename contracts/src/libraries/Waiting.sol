// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title How short and how long a wait of the consortium may be
/// @notice A wait is there so that people can see what is coming and say no: under a day nobody would. The
/// embedded chain, for trying and for tests, has a clock that is advanced by hand, and may have none.
library Waiting {
    uint256 private constant EMBEDDED_CHAIN = 1337;
    uint32 private constant LEAST = 24 hours;
    uint32 private constant MOST = 90 days;

    /// @notice The wait is too short, or longer than a consortium can be held up.
    error WaitUnfit(uint32 wait, uint32 least, uint32 most);

    function requireFit(uint32 wait) internal view {
        uint32 least = block.chainid == EMBEDDED_CHAIN ? 0 : LEAST;
        if (wait < least || wait > MOST) revert WaitUnfit(wait, least, MOST);
    }
}
