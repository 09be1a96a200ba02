"""The edge: who calls, seen before, one transaction a request, problem+json, health, metrics."""
