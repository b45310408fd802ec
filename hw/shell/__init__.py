"""A core behind the interfaces that other tools know: one module for each."""
