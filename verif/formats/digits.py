"""Formats whose steps are digits of all elements of a block (docs/bits.md)."""

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from zeroskip.sw.prune import grouped
from zeroskip.sw.steps import step_counts
from zeroskip.verif.formats.steps import Flags, Ints, Points, StepFormat
from zeroskip.verif.formats.watch import StepWatch, any_true

__all__ = ["DigitFormat", "Walk", "sign_points"]


@dataclass(frozen=True)
class Walk:
    """All steps of a tile, row by row.

    ``elements`` are those of each step's block, int64 (steps, G), zeros past k; ``numbers`` count the steps
    of a block, int64 (steps,). ``opens``, ``firsts`` and ``lasts`` are steps that are the first of their
    row, the first and the last of their block, bool (steps,).
    """

    elements: Ints
    numbers: Ints
    opens: Flags
    firsts: Flags
    lasts: Flags

    def some(self) -> Flags:
        """Steps of blocks that are not all zero, which have digits in every recoding."""
        some: Flags = np.logical_or.reduce(self.elements != 0, axis=1)
        return some


def _walk(cfg: Any, a: Ints, counts: Ints) -> Walk:
    flat = counts.ravel()
    ends = np.cumsum(flat)
    numbers = np.arange(ends[-1]) - np.repeat(ends - flat, flat)
    blocks = np.repeat(np.arange(flat.size), flat)
    firsts = numbers == 0
    return Walk(
        elements=grouped(a, cfg.block).reshape(-1, cfg.block)[blocks],
        numbers=numbers,
        opens=firsts & (blocks % counts.shape[1] == 0),
        firsts=firsts,
        lasts=np.append(firsts[1:], True),
    )


class DigitFormat(StepFormat):
    """Base: steps of a block are pairs all of them, or none is."""

    @abstractmethod
    def bits_taken(self, cfg: Any, walk: Walk) -> Ints:
        """Bits that every step takes, int64 (steps,)."""

    def pair_blocks(self, cfg: Any, a: Ints) -> Flags:
        """Blocks whose steps are pairs, bool (rows, blocks); ``a`` is (rows, k)."""
        some: Flags = np.logical_or.reduce(grouped(a, cfg.block) != 0, axis=2)
        return some

    def takes(self, cfg: Any, a: Ints, counts: Ints) -> Ints:
        return self.bits_taken(cfg, _walk(cfg, a, counts))

    def rows(self, cfg: Any, a: Ints, counts: Ints) -> Flags:
        return np.repeat(self.pair_blocks(cfg, a).ravel(), counts.ravel())[:, None]

    def row_pairs(self, cfg: Any, a: Ints) -> Ints:
        counts = step_counts(cfg, a).reshape(len(a), -1)
        pairs: Ints = counts.sum(axis=1, where=self.pair_blocks(cfg, a))
        return pairs

    # ---- what its bits can be -----------------------------------------------------------------

    def most_steps(self, cfg: Any) -> int:
        """Steps that a block can take, whatever its bits are."""
        return int(cfg.serial_steps)

    def longest(self, cfg: Any) -> int:
        return int(cfg.blocks(cfg.k_max) * self.most_steps(cfg))

    def jumps(self, cfg: Any) -> bool:
        return False

    def starts(self, cfg: Any) -> Iterator[tuple[int, int]]:
        """Bits of a tile's string at which a step can begin, and the most that such a step needs."""
        most = cfg.step_bits
        yield from ((b * most, most) for b in range(cfg.blocks(cfg.k_max)))

    def begins(self, cfg: Any) -> set[int]:
        return {bit for bit, _ in self.starts(cfg)} | {0}

    def crosses(self, cfg: Any) -> bool:
        return any(bit % cfg.beat_width + need > cfg.beat_width for bit, need in self.starts(cfg))

    def several_per_block(self, cfg: Any) -> bool:
        return bool(cfg.k_max > 1 or cfg.most_steps > 1)

    check_is_exact = True
    """If it has a check, that finds elements which ``a_width`` bits do not hold, and nothing else."""

    # ---- coverage -----------------------------------------------------------------------------

    digitless = True
    """A block can have no digit, and then one step without a pair."""

    def block_sizes(self, cfg: Any) -> tuple[bool, bool]:
        """Whether a block with digits can have one step, and several."""
        return True, True

    @abstractmethod
    def own_points(self, cfg: Any, watch: StepWatch) -> Points:
        """Situations of its digits."""

    def points(self, cfg: Any, watch: StepWatch) -> Points:
        last = f"{watch.o('block')} + 1 == {watch.o('blocks')} & {watch.rest} != 0"
        for points in (self._blocks(cfg, watch), self.own_points(cfg, watch)):
            for name, condition in points:
                past = f" & {last} & {watch.gearbox}.there" if name == "element past k" else ""
                yield name, f"{watch.step}{past} & {condition}"
        if cfg.checked:
            yield "element that its bits do not hold", f"{watch.check}.wrong"

    def _blocks(self, cfg: Any, p: StepWatch) -> Points:
        """How blocks begin and end."""
        one, several = self.block_sizes(cfg)
        if one:
            yield "block of one step", f"{p.head} & {p.ends} & {p.pair}"
        if several:
            yield "block of several steps", f"!{p.head} & {p.ends} & {p.pair}"
        if self.digitless:
            there = f"{p.gearbox}.there & {p.head} & {p.ends} & !{p.pair}"
            yield "block without digits", f"{there} & !{p.wrong('digit_range')}"
            if cfg.blocks(cfg.k_max) > 1:
                yield "block without digits inside a tile", f"{there} & !{p.fresh} & !{p.final}"
        if cfg.k_max >= cfg.block:
            yield "last block is whole", f"{p.final} & {p.pair} & {p.rest} == 0"
        yield "last block is not whole", f"{p.final} & {p.pair} & {p.rest} != 0"


def sign_points(cfg: Any, negative: list[str], positive: list[str]) -> Points:
    """A digit of either sign, both in one step."""
    yield "digit above 0", any_true(positive)
    if cfg.a_signed or cfg.recode == "naf":
        yield "digit below 0", any_true(negative)
        if cfg.recode != "twos":
            yield "digits of both signs", f"{any_true(negative)} & {any_true(positive)}"
