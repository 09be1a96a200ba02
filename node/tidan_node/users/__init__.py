"""People and keys as the party's own administrators and the people themselves deal with them."""
