"""Engines: who runs when, and where sums land. One folder each; ``engine`` says what they are asked."""
