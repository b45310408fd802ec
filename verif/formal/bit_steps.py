"""What a step of a bit-level design is, whatever its bits are: what its PE takes for granted among it."""

from typing import Any

from amaranth.hdl import Cat, Signal, Value

from zeroskip.hw.bit_config import BitColumnConfig, BitConfig, BitletConfig, BitSerialConfig
from zeroskip.hw.decode.group import GroupDecoder
from zeroskip.hw.digit_config import BitBalanceConfig, BitSliceConfig, CSDConfig, PragmaticConfig
from zeroskip.hw.sparse_config import SparseConfig
from zeroskip.verif.formal.bench import Bench, implies

__all__ = ["bit_steps", "digits_there", "most_steps"]

_Pairs = list[tuple[Any, Any]]


def most_steps(cfg: BitConfig) -> int:
    """Steps that a block can take, whatever its bits are."""
    match cfg:
        case CSDConfig():
            return cfg.pairs
        case PragmaticConfig() if cfg.shift_bits < cfg.exponent_bits:
            return cfg.digits if cfg.recode == "naf" else cfg.a_width
        case PragmaticConfig():  # any exponent at once: the most digits of a value
            most = {"twos": cfg.a_width, "magnitude": cfg.a_width - cfg.a_signed, "naf": -(-cfg.digits // 2)}
            return most[cfg.recode]
        case BitBalanceConfig():
            return cfg.ones
    return cfg.serial_steps


def bit_steps(bench: Bench, cfg: BitConfig, decoder: GroupDecoder, block: Any, fresh: Any) -> None:
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
    elements, below = _elements(cfg, digits, o.position)
    for n, (some, element) in enumerate(elements):
        bench.claim(f"digit_{n}_inside_k", implies(some, element < rest))
    for n, (some, negative) in enumerate(below):
        bench.claim(f"digit_{n}_negative_where_there", implies(negative, some))
    place = o.position >> (cfg.block - 1).bit_length() if isinstance(cfg, BitSliceConfig) else o.position
    bench.claim("place_that_a_pe_knows", implies(o.pair, place < _places(cfg)))
    if isinstance(cfg, BitSliceConfig):
        digit = digits.as_signed()
        bench.claim("slice_in_range", (digit >= -8) & (digit <= 8))

    last = Cat(some & (element == cfg.block - 1) for some, element in elements).any()
    bench.reach("digit_at_the_end_of_k", last & (entry.k == cfg.k_max) & o.final)
    inner = Cat(some for some, _ in elements).any() & (rest < cfg.block)
    bench.reach("digit_of_a_block_that_is_not_whole", inner)
    if cfg.blocks(cfg.k_max) > 1:
        bench.reach("next_block", (o.block == block + 1) & o.pair)


def digits_there(cfg: SparseConfig, values: Any) -> Any:
    """What of a step's ``values`` means something: of bit-level designs' shifts those of digits there."""
    if not isinstance(cfg, PragmaticConfig | CSDConfig | BitBalanceConfig):
        return values
    words = [values.word_select(j, 2 + cfg.shift_bits) for j in range(cfg.block)]
    return Cat(word & word[0].replicate(len(word)) for word in words)


def _places(cfg: BitConfig) -> int:
    """Places that a PE can move its sum to, as `serial-pe-*` assume."""
    match cfg:
        case BitSerialConfig() | BitColumnConfig():
            return cfg.a_width
        case BitSliceConfig():
            return cfg.slices
        case PragmaticConfig() if cfg.shift_bits < cfg.exponent_bits:
            return cfg.digits
    return 1


def _elements(cfg: BitConfig, digits: Any, position: Any) -> tuple[_Pairs, _Pairs]:
    """Of each digit whether it is there, with its element of the block, and with whether it is negative."""
    size = cfg.block
    match cfg:
        case BitSerialConfig() | BitColumnConfig():
            return [(digits[j], j) for j in range(size)], []
        case BitSliceConfig():
            return [(digits.any(), position[: (size - 1).bit_length()])], []
        case BitletConfig():
            words = [digits.word_select(i, 2 + (size - 1).bit_length()) for i in range(cfg.a_width)]
            return [(word[0], word[2:]) for word in words], [(word[0], word[1]) for word in words]
    words = [digits.word_select(j, 2 + cfg.shift_bits) for j in range(size)]  # type: ignore[attr-defined]
    return [(word[0], j) for j, word in enumerate(words)], [(word[0], word[1]) for word in words]
