"""The PE of hierarchical N:M works in every cycle in which it has a pair; those of a beat are of one part."""

from typing import Any

from amaranth.hdl import Cat, Value

from zeroskip.verif.pes.activity import PEView

__all__ = ["VIEW"]


class NestedView(PEView):
    """As every PE's, but one number of a part serves all lanes of a beat."""

    def obeyed(self, cfg: Any, pairs: Any) -> Value:
        """All values lie in the part of the first, and rise: a lane's position is its number at least."""
        part = pairs.position[0] // cfg.m
        lanes = []
        for lane, (value, less) in enumerate(zip(pairs.value, pairs.position, strict=True)):
            whole = less + lane
            lanes.append((Value.cast(value) == 0) | ((less // cfg.m == part) & (whole // cfg.m == part)))
        return Cat(lanes).all()


VIEW = NestedView()
