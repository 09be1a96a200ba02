"""Networks of Besu validators: what they must be given before they can be started."""
