"""Functional coverage: which situations of the contracts a set of simulations has been through, by engine."""
