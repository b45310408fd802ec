"""Amaranth components, in the order data flows through them.

memory image -> ``decode`` -> ``schedule`` -> ``pe`` in ``array`` -> results. ``core`` wires the
rooms of one design together; ``config`` describes a design; ``ports`` lays out its streams.
"""
