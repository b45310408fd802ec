"""Rows run free over a ring of windows: each group of rows has a stream of steps of its own.

i_tile -> ``headers`` -> groups, loader; i_a<g> -> ``decoder`` -> ``issue`` register -> ``group`` of PEs ->
``collect`` -> o_c; i_b -> ``loader`` -> windows, which ``ring`` counts. ``core`` wires them;
docs/unstructured.md is the specification.
"""
