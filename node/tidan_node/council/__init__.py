"""The Council of the members: what it has decided and is to decide, and a party's own accounts."""
