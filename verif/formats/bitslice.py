"""Slices that are not 0: a mask with the first of a block's steps, a slice for each."""

from collections.abc import Iterator

from zeroskip.hw.designs.bitslice import BitSliceConfig
from zeroskip.verif.formats.digits import DigitFormat, Walk
from zeroskip.verif.formats.steps import Ints, Points
from zeroskip.verif.formats.watch import StepWatch, any_true

__all__ = ["FORMAT"]


class _BitSlice(DigitFormat):
    def bits_taken(self, cfg: BitSliceConfig, walk: Walk) -> Ints:
        return walk.firsts * (cfg.block * cfg.slices) + walk.some() * cfg.SLICE_BITS

    def starts(self, cfg: BitSliceConfig) -> Iterator[tuple[int, int]]:
        mask, size = cfg.block * cfg.slices, cfg.SLICE_BITS
        for b in range(cfg.blocks(cfg.k_max)):
            yield from ((b * mask + size * n, cfg.step_bits) for n in range(b * mask + 1))
            yield from (((b + 1) * mask + size * n, size) for n in range(1, (b + 1) * mask))

    def own_points(self, cfg: BitSliceConfig, p: StepWatch) -> Points:
        size, n, element_bits = cfg.block, cfg.slices, (cfg.block - 1).bit_length()
        digit = f"$signed({p.value(0, cfg.SLICE_BITS)})"
        start = p.layout["position"].offset
        element = f"{p.decoder}.o[{start + element_bits - 1}:{start}]"
        exponent = f"{p.decoder}.o[{start + element_bits + cfg.exponent_width - 1}:{start + element_bits}]"
        yield "slice above 0", f"{digit} > 0"
        yield "slice below 0", f"{digit} < 0"
        top = f"{exponent} == {n - 1}"
        if n > 1 or cfg.a_width == cfg.SLICE:
            yield "slice -8", f"{digit} == -8"
        if n > 1 and cfg.a_width % cfg.SLICE == 0:
            yield "slice 8, of the topmost", f"{digit} == 8 & {top}"
        for number in (0, size - 1):
            yield f"element {number} of {size}", f"{p.pair} & {element} == {number}"
        masks = [p.bits(j * n, n) for j in range(size)]
        for i in range(n):
            yield f"slice {i}", f"{p.pair} & {exponent} == {i}"
            if n > 1:
                only = any_true(f"{mask} == {1 << i}" for mask in masks)
                yield f"element of slice {i} alone", f"{p.head} & {p.pair} & {only}"
        if n > 1:
            yield "element of all slices", f"{p.head} & {p.pair} & {any_true(f'&{mask}' for mask in masks)}"
        yield "block of all slices", f"{p.head} & {p.pair} & &{p.bits(0, size * n)}"
        yield "element past k", f"{p.head} & {masks[-1]} != 0"
        wrong, slice_ = f"{p.wrong('digit_range')} & !{p.head}", p.bits(0, cfg.SLICE_BITS)
        yield "slice of 0", f"{wrong} & {slice_} == 0"
        yield "slice above 8", f"{wrong} & $signed({slice_}) > 8"
        yield "slice below -8", f"{wrong} & $signed({slice_}) < -8"


FORMAT = _BitSlice()
