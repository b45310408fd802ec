"""Rows in step: every beat of `a` goes to all rows at once, and all rows share one window of `b`.

i_tile -> ``scheduler`` (with ``progress``) -> row decoders -> ``array`` of PEs -> ``drain`` -> o_c;
i_b -> ``window``. ``core`` wires them; docs/contract.md is the specification.
"""
