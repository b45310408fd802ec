"""Encoders: elements in, the bit strings that the array reads out."""
