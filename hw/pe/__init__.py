"""Multiplying units."""
