"""What a design costs in silicon."""
