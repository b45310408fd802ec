"""Golden model of the engine ``free`` (docs/unstructured.md, docs/bits.md)."""
