"""Who may speak for this node's party: API keys, their scopes, and the caller behind one."""
