"""What a design is worth: measure, compare, sweep."""
