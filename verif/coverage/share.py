"""Functional coverage of work sharing: what is watched for in designs with ``share`` besides."""

from collections.abc import Iterator
from math import gcd

from zeroskip.hw.decode import decoder as decoder_of
from zeroskip.hw.decode.plain import PlainParser
from zeroskip.hw.decode.step import issue_layout, step_layout
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.engines.free.headers import entry_layout
from zeroskip.hw.engines.free.issue import GROUP_STATES
from zeroskip.verif.formats import format_of
from zeroskip.verif.formats.watch import field

__all__ = ["beat_units", "shared_points"]

Points = Iterator[tuple[str, str]]


def beat_units(cfg: FreeConfig) -> int:
    """Units of the gearbox in a beat."""
    kinds = [decoder_of(cfg)] + ([PlainParser] if cfg.fallback else [])
    return cfg.beat_width // gcd(*(kind.grain(cfg) for kind in kinds))


def _decoded(cfg: FreeConfig, g: int) -> Points:
    """One step or two of a cycle, and why not two."""
    decoder, layout, fmt = f"u.decoder_{g}", step_layout(cfg), cfg.format
    box = f"{decoder}.gearbox"
    o = {name: field(f"{decoder}.o", layout, name) for name in layout.members}
    second = {name: field(f"{decoder}.second", layout, name) for name in layout.members}
    dense = field(f"{decoder}.entry", entry_layout(cfg), "dense")
    both, room = f"{decoder}.step_both", f"{decoder}.room_both"
    yield f"{fmt}, shared: two steps", both
    yield f"{fmt}, shared: two steps, the tile's final one among them", f"{both} & {second['final']}"
    yield f"{fmt}, shared: two steps of a block", f"{both} & {second['block']} == {o['block']}"
    yield f"{fmt}, shared: two steps of two blocks", f"{both} & {second['block']} != {o['block']}"
    if format_of(cfg).idle_steps:
        yield f"{fmt}, shared: two steps, the first without a pair", f"{both} & !(|{o['pair']})"
        yield f"{fmt}, shared: two steps, the second without a pair", f"{both} & !(|{second['pair']})"
    units = beat_units(cfg)
    if units > 1:
        across = f"{both} & {box}.offset + {box}.need <= {units} & {box}.offset + {box}.need_both > {units}"
        yield f"{fmt}, shared: two steps, the second of two beats or the next", across
    one = f"{decoder}.step & !{o['final']}"
    bits = f"{box}.both_there"
    yield f"{fmt}, shared: one step, no room for two", f"{one} & !{dense} & {bits} & !{room}"
    yield f"{fmt}, shared: one step, no bits for two", f"{one} & !{dense} & !{bits} & {room} & !{box}.ended"
    yield f"{fmt}, shared: one step, bits of two end", f"{one} & !{dense} & !{bits} & {room} & {box}.ended"
    last = f"{decoder}.step & {o['final']}"
    yield f"{fmt}, shared: one step, the tile's final one", f"{last} & !{dense} & {room}"
    if cfg.fallback:
        yield f"{fmt}, shared: one step, dense", f"{one} & {dense} & {room}"


def _issued(cfg: FreeConfig, g: int) -> Points:
    """The two places of a group, and what the second one waits for."""
    register, name, layout = f"u.issue_register_{g}", f"{cfg.schedule}, shared", issue_layout(cfg)
    first, final = (
        field(f"{register}.issue", layout, "take"),
        field(f"{register}.held", step_layout(cfg), "final"),
    )
    second, ends, pair = (field(f"{register}.second", layout, of) for of in ("take", "ends", "pair"))
    full, behind, comes = f"{register}.full", f"{register}.second_full", f"{register}.step"
    ring, turn = f"{register}.second_in_ring", f"{register}.second_in_turn"
    waits = f"{first} & {behind} & !{final}"
    yield f"{name}: second step issues", f"{second} & !{ends}"
    yield f"{name}: second step issues, its tile's final one", f"{second} & {ends}"
    yield f"{name}: second step waits, the partner issues", f"{waits} & {ring} & {turn} & {register}.partner"
    yield f"{name}: second step waits for its window", f"{waits} & !{ring} & !{register}.partner"
    if cfg.schedule != "lockstep":  # there one window has its turn
        yield (
            f"{name}: second step issues from another window",
            f"{second} & {register}.second_need != {register}.need",
        )
    else:
        yield f"{name}: second step waits for its turn", f"{waits} & {ring} & !{turn} & !{register}.partner"
    yield f"{name}: second step is of the next tile", f"{first} & {behind} & {final} & !{register}.partner"
    yield f"{name}: both steps wait", f"{full} & {behind} & !{first}"
    yield f"{name}: second step moves up", f"{first} & {behind} & !{second} & !{comes}"
    yield f"{name}: second step moves up, one comes behind it", f"{first} & {behind} & !{second} & {comes}"
    yield f"{name}: first step waits, one comes behind it", f"{full} & !{first} & {comes}"
    for count, gone in enumerate((f"!{full}", f"{first} & !{behind}", second)):
        yield f"{name}: two steps come as {count} issue", f"{gone} & {register}.step_both"
    yield f"{name}: one step comes as 2 issue", f"{second} & {comes} & !{register}.step_both"
    # Others have steps without a pair at a tile's end only, or in malformed ones.
    if format_of(cfg).idle_steps:
        yield f"{name}: help without a pair", f"{second} & !(|{pair})"
    states = [state for state in GROUP_STATES if state != "busy"]
    for state in states if cfg.schedule == "lockstep" else [s for s in states if s != "stall_sync"]:
        number = GROUP_STATES.index(state)
        yield f"{name}: help instead of {state}", f"{second} & u.issue_register_{g ^ 1}.state[{number}]"


def _accumulated(cfg: FreeConfig, g: int) -> Points:
    """Partners freeze together."""
    pipeline, other, name = f"u.group_{g}.pipeline", f"u.group_{g ^ 1}.pipeline", f"{cfg.schedule}, shared"
    own, partner = f"{pipeline}.blocked", f"{pipeline}.held"
    there = f"{pipeline}.valid_{cfg.latency - 2} & {pipeline}.ends_{cfg.latency - 2}"
    yield f"{name}: frozen by its own sums", f"{own} & !{partner}"
    yield f"{name}: frozen by the partner's sums", f"!{own} & {partner}"
    yield f"{name}: frozen by both", f"{own} & {partner}"
    yield f"{name}: sums that have room are frozen by the partner's", f"{there} & !{own} & {partner}"
    yield f"{name}: sums of both partners move at once", f"{pipeline}.load & {other}.load"
    yield f"{name}: frozen with products for the partner", f"{pipeline}.guest_{cfg.latency - 2} & {partner}"
    yield f"{name}: final products come from the partner", f"{pipeline}.load & {other}.lends"


def shared_points(cfg: FreeConfig) -> Points:
    """Situations of work sharing that a design can be in, with the condition of each."""
    for g in range(cfg.groups if cfg.share else 0):
        yield from _decoded(cfg, g)
        yield from _issued(cfg, g)
        yield from _accumulated(cfg, g)
