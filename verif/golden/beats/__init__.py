"""Golden model of the engine ``beats`` (docs/contract.md)."""
