"""Users of other platforms: whom the consortium recognises signs in by a credential of its own."""
