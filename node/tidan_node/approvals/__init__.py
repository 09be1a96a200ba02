"""Four eyes: which acts others of the party must approve, and the requests that wait for them."""
