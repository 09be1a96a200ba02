"""Who asked what, and what they were shown: appended, chained by one sealer, anchored on chain."""
