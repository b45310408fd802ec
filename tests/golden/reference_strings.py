"""Steps of every storage format of docs/unstructured.md, element by element: slow, plain Python.

Each generator gives the steps of one group: the widths of the fields that the step takes, its position, and
its pairs, (row in the group, value) each. Those of bit-level designs are in reference_bits.py.
"""

from dataclasses import dataclass

from reference_bits import digit_steps

from zeroskip.hw.designs.activation import ActivationConfig
from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.hw.designs.bsr import BSRConfig
from zeroskip.hw.designs.coo import COOConfig
from zeroskip.hw.designs.csc import CSCConfig
from zeroskip.hw.designs.csr import CSRConfig
from zeroskip.hw.designs.ell import ELLConfig
from zeroskip.hw.designs.parts.digits import DigitsConfig
from zeroskip.hw.designs.plain import PlainConfig
from zeroskip.hw.designs.rlc import RLCConfig


@dataclass
class Step:
    """Pairs are (row in the group, {position: factor}): the row adds the sum of factor * b."""

    block: int
    needs: int
    takes: int
    pairs: list
    final: bool = False


def plain(cfg, rows):
    for p in range(len(rows[0])):
        yield [cfg.a_width] * len(rows), p, [(r, row[p]) for r, row in enumerate(rows)]


def bitmask(cfg, rows):
    row, fields = rows[0], []
    for start in range(0, len(row), cfg.block):
        if cfg.levels == 2 and start % (8 * cfg.block) == 0:
            fields = [8]
            if not any(row[start : start + 8 * cfg.block]):
                yield fields, start, []
        block = row[start : start + cfg.block]
        if cfg.levels == 2 and not any(block):
            continue
        fields = [*fields, cfg.block]
        for p, value in enumerate(block):
            if value != 0:
                yield [*fields, cfg.a_width], start + p, [(0, value)]
                fields = []
        if fields:
            yield fields, start, []
            fields = []


def compressed(cfg, rows):
    fields = [cfg.slot]
    for p, value in enumerate(rows[0]):
        if value != 0:
            yield [*fields, cfg.slot], p, [(0, value)]
            fields = []
    if fields:
        yield fields, 0, []


def ellpack(cfg, rows, most):
    stored = [(p, value) for p, value in enumerate(rows[0]) if value != 0]
    for number in range(most):
        fields = [cfg.slot] * (2 if number == 0 else 1)
        if number < len(stored):
            yield fields, stored[number][0], [(0, stored[number][1])]
        else:
            yield fields, stored[-1][0] if stored else 0, []


def run_length(cfg, rows):
    run, k = 0, len(rows[0])
    for p, value in enumerate(rows[0]):
        if value != 0 or p == k - 1 or run == 2**cfg.run_bits - 1:
            yield [cfg.a_width, cfg.run_bits], p, [(0, value)] if value else []
            run = 0
        else:
            run += 1


def columns(cfg, rows):
    fields = [cfg.slot]
    for p in range(len(rows[0])):
        entries = [(r, row[p]) for r, row in enumerate(rows) if row[p] != 0]
        if entries:
            yield [*fields, cfg.slot, *[cfg.slot] * len(entries)], p, entries
            fields = []
    if fields:
        yield fields, 0, []


def blocks(cfg, rows):
    fields, k = [cfg.slot], len(rows[0])
    for start in range(0, k, cfg.block_cols):
        if not any(any(row[start : start + cfg.block_cols]) for row in rows):
            continue
        fields.append(cfg.slot)
        for p in range(start, start + cfg.block_cols):
            yield [*fields, cfg.slot], p, [(r, row[p]) for r, row in enumerate(rows)] if p < k else []
            fields = []
    if fields:
        yield fields, 0, []


FORMATS = {
    PlainConfig: plain,
    BitmaskConfig: bitmask,
    CSRConfig: compressed,
    COOConfig: compressed,
    RLCConfig: run_length,
    CSCConfig: columns,
    BSRConfig: blocks,
}


def activation(cfg, row):
    """The only format whose steps need more than they take."""
    for start in range(0, len(row), cfg.scan):
        found = [p for p in range(start, min(start + cfg.scan, len(row))) if row[p] != 0]
        bits = cfg.scan * cfg.a_width
        for p in found[:-1]:
            yield Step(p // cfg.block, bits, 0, [(0, {p: row[p]})])
        if found:
            yield Step(found[-1] // cfg.block, bits, bits, [(0, {found[-1]: row[found[-1]]})])
        else:
            yield Step(start // cfg.block, bits, bits, [])


def encode(cfg, tile):
    """Steps of every group in a tile."""
    k = tile.a.shape[1]
    rows = tile.a.tolist() + [[0] * k for _ in range(cfg.rows - len(tile.a))]
    most = max(1, *(sum(value != 0 for value in row) for row in rows))
    groups = []
    for start in range(0, cfg.rows, cfg.group):
        part = rows[start : start + cfg.group]
        if isinstance(cfg, ActivationConfig):
            steps = list(activation(cfg, part[0]))
        elif isinstance(cfg, DigitsConfig):
            steps = [
                Step(block, needs, takes, [] if digits is None else [(0, digits)])
                for block, needs, takes, digits in digit_steps(cfg, part[0])
            ]
        else:
            if tile.dense:
                fields = plain(cfg, part)
            elif isinstance(cfg, ELLConfig):
                fields = ellpack(cfg, part, most)
            else:
                fields = FORMATS[type(cfg)](cfg, part)
            steps = [
                Step(p // cfg.block, sum(bits), sum(bits), [(r, {p: value}) for r, value in pairs])
                for bits, p, pairs in fields
            ]
        steps[-1].final = True
        groups.append(steps)
    return groups
