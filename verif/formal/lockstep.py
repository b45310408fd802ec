"""The lockstep scheduler, given legal tiles: as many beats as the contract counts."""

from typing import Any

from amaranth.hdl import C, Cat, Mux, Signal, Value

from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.hw.engines.beats.scheduler import Scheduler
from zeroskip.verif.formal.bench import Bench, Inside, equal, implies
from zeroskip.verif.formats import format_of

__all__ = ["counted_beats", "legal", "offer_streams"]


def offer_streams(bench: Bench, cfg: BeatsConfig) -> tuple[Scheduler, Inside, dict[str, Any]]:
    """The scheduler with free sources and freezes; its operand streams by name."""
    lock = Scheduler(cfg)
    inside = bench.add("lock", lock)
    bench.comb += lock.move.eq(bench.any_signal("move", 1))
    sides = {"a": lock.a, "window": lock.window} | ({"mask": lock.mask} if cfg.mask_bits else {})
    for name, side in {"tile": lock.tile, **sides}.items():
        bench.source(name, side)
    bench.assume(~lock.window.payload.short | lock.window.payload.last)
    return lock, inside, sides


def legal(cfg: BeatsConfig, header: Any) -> Any:
    """Whether a header keeps the ranges of the contract."""
    good = (header.k != 0) & (header.k <= cfg.k_max) & (header.rows != 0) & (header.rows <= cfg.rows)
    for name in cfg.pattern:
        good &= (header[name] != 0) & (header[name] <= getattr(cfg, name))
    return good


def counted_beats(bench: Bench, cfg: BeatsConfig) -> None:  # noqa: PLR0915
    """For legal tiles: as many beats as the contract counts, each told its place, and no error.

    The harness counts blocks and beats by the contract's formulas and has `last` come exactly there.
    """
    lock, inside, sides = offer_streams(bench, cfg)
    progress = inside.sub("progress")
    take, beat = lock.beat.take, lock.beat
    header = Signal(lock.tile.payload.shape(), name="header")
    tile = Signal(name="tile")
    accepts = lock.tile.valid & lock.tile.ready
    bench.assume(~lock.tile.valid | legal(cfg, lock.tile.payload))
    with bench.module.If(accepts):
        bench.sync += header.eq(lock.tile.payload)
    fmt = format_of(cfg)
    stored, parts = fmt.stored_of(cfg, header), fmt.parts_of(cfg, header)
    n = cfg.block if stored is None else stored

    block = Signal(range(cfg.k_max + 1), name="block")  # blocks of this tile that are over
    part = Signal(range(cfg.parts + 1), name="part") if cfg.parts > 1 else C(0)  # parts of it that are over
    step = Signal(range(cfg.block + 1), name="step")  # beats of this part that are over
    last_in_part, last_step, last_block, ends, begun = (
        Signal(name=name) for name in ("last_in_part", "last_step", "last_block", "tile_ends", "block_begun")
    )
    bench.comb += [
        begun.eq((step != 0) | (part != 0)),
        last_in_part.eq((step + 1) * cfg.lanes >= n),
        last_step.eq(last_in_part & (part + 1 >= parts)),
        last_block.eq((block + 1) * cfg.block >= header.k),
        ends.eq(last_step & last_block),
    ]
    bench.sync += tile.eq(accepts | (tile & ~(take & ends)))
    with bench.module.If(lock.a.valid & lock.a.ready):
        bench.sync += [
            step.eq(Mux(last_in_part, 0, step + 1)),
            block.eq(Mux(ends, 0, block + last_step)),
            *([part.eq(Mux(last_step, 0, part + last_in_part))] if cfg.parts > 1 else []),
        ]
    for name, side in sides.items():
        due = ends if name == "a" else last_block
        bench.assume(~(tile & side.valid) | (side.payload.last == due))
        if name != "a":
            count = Signal(range(cfg.k_max + 1), name=f"{name}_beats")
            bench.sync += count.eq(Mux(take & ends, 0, count + (side.valid & side.ready)))
            bench.claim(f"{name}_beats_are_counted", count == block + begun)
    bench.assume(~lock.window.payload.short)

    bench.claim("no_error", ~Value.cast(lock.error).any())
    bench.claim("no_flush", ~lock.state.flush)
    bench.claim("beats_are_counted", implies(take, tile & (lock.ends == ends)))
    told = [(beat.first, ~begun), (beat.final, last_step)]
    told += [(beat.ends_part, last_in_part)] if cfg.parts > 1 else []
    bench.claim("place_is_told", equal(told, when=take))
    lanes = beat.in_k if stored is None else [step * cfg.lanes + j < n for j in range(cfg.lanes)]
    places = Cat(block * cfg.block + p < header.k for p in range(cfg.block))
    used = Cat(header.rows > r for r in range(cfg.rows))
    told = [(beat.in_k, places), (beat.lanes, Cat(lanes)), (lock.rows, header.rows), (lock.used, used)]
    bench.claim("ranges_are_told", equal(told, when=tile))
    offered = Cat(side.valid for side in sides.values()).all()
    bench.claim("a_beat_every_cycle", implies(tile & offered & lock.move, take))

    reaches = {
        "longest_tile": take & ends & (header.k == cfg.k_max),
        "tiles_back_to_back": take & ends & accepts,
    }
    if not cfg.single_beat:
        reaches["several_beats_in_a_block"] = take & last_step & begun
    for name, condition in reaches.items():
        bench.reach(name, condition)

    lemmas = {
        "held_while_a_tile": progress["held"] == tile,
        "header_is_legal": implies(tile, legal(cfg, header) & ~progress["bad"]),
        "nothing_between_tiles": implies(~tile, (block == 0) & ~begun),
        "first_is_told": progress["first"] == ~begun,
        "k_left": implies(tile, progress["k"] + block * cfg.block == header.k),
        "inside_k": implies(tile, block * cfg.block < header.k),
    }
    if stored is not None:
        lemmas |= {
            "values_left": implies(tile, progress["left"] + step * cfg.lanes == n),
            "inside_n": implies(tile, step * cfg.lanes < n),
        }
    if stored is not None and not cfg.single_beat:
        lemmas["n_is_kept"] = implies(tile, progress["n"] == n)
    if cfg.parts > 1:
        lemmas |= {
            "parts_left": implies(tile, progress["parts_left"] + part == parts),
            "parts_are_kept": implies(tile, progress["parts"] == parts),
            "inside_parts": implies(tile, part < parts),
        }
    for name in sides:
        lemmas[f"{name}_never_flushed"] = ~inside[f"flush_{name}"]
        if name != "a" and not cfg.single_beat:
            kept = inside[f"{name}_last"] == last_block
            lemmas[f"{name}_last_is_kept"] = implies(tile & begun, kept)
    for name, condition in lemmas.items():
        bench.lemma(name, condition)
