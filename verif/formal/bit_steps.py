"""What a step of a bit-level design is, whatever its bits are: what its PE takes for granted among it."""

from typing import Any

from amaranth.hdl import Cat, Signal, Value

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.engines.free.decoder import GroupDecoder
from zeroskip.verif.formal.bench import Bench, implies
from zeroskip.verif.pes import pe_view

__all__ = ["bit_steps"]


def bit_steps(bench: Bench, cfg: FreeConfig, decoder: GroupDecoder, block: Any, fresh: Any) -> None:
    """Claims of the step of ``decoder``; ``block`` is that of the step before, ``fresh`` where there is none.

    Blocks come one by one. An element past k has no digit, and nothing is negative that is not there.
    """
    o, entry, error = decoder.o, decoder.entry, decoder.error
    first = Signal(range(cfg.k_max + cfg.block + 1), name="first_element")
    rest = Signal.like(entry.k, name="elements_of_the_block")
    bench.comb += [first.eq(o.block * cfg.block), rest.eq(entry.k - first)]
    bench.claim("blocks_one_by_one", (o.block == block) | ((o.block == block + 1) & ~fresh))
    early = error.a_early | error.group_count
    bench.claim("ends_in_its_last_block", implies(o.final & ~early, o.block + 1 == entry.blocks))
    wrong = error.group_count | error.digit_range
    bench.claim("no_pair_where_wrong", implies(wrong, ~o.pair))
    bench.claim("over_where_the_number_is_wrong", implies(error.group_count, o.final))
    other = Cat(error[cause] for cause in ("index_range", "index_order", "row_index"))
    bench.claim("nothing_else_is_wrong", ~other.any())

    digits = Value.cast(o.values[0])
    pe = pe_view(cfg)
    elements, below = pe.elements(cfg, digits, o.position), pe.signs(cfg, digits)
    for n, (some, element) in enumerate(elements):
        bench.claim(f"digit_{n}_inside_k", implies(some, element < rest))
    for n, (some, negative) in enumerate(below):
        bench.claim(f"digit_{n}_negative_where_there", implies(negative, some))
    exponent = pe.exponent(cfg, o.position)
    bench.claim("exponent_that_a_pe_knows", implies(o.pair, exponent < pe.exponents(cfg)))
    pe.claims(bench, digits)

    last = Cat(some & (element == cfg.block - 1) for some, element in elements).any()
    bench.reach("digit_at_the_end_of_k", last & (entry.k == cfg.k_max) & o.final)
    inner = Cat(some for some, _ in elements).any() & (rest < cfg.block)
    bench.reach("digit_of_a_block_that_is_not_whole", inner)
    if cfg.blocks(cfg.k_max) > 1:
        bench.reach("next_block", (o.block == block + 1) & o.pair)
