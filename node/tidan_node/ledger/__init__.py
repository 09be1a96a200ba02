"""The EVM chain: JSON-RPC, signing, the contracts' language, deployment."""
