"""The PE grid and its drain."""
