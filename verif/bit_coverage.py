"""Functional coverage of the bit-level designs: situations of docs/bits.md beside those of all strings."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from zeroskip.hw.bit_config import BitColumnConfig, BitConfig, BitletConfig, BitSerialConfig
from zeroskip.hw.decode.formats import parser_class
from zeroskip.hw.decode.group import step_layout
from zeroskip.hw.decode.parser import parsed_layout
from zeroskip.hw.digit_config import (
    SLICE,
    SLICE_BITS,
    BitBalanceConfig,
    BitSliceConfig,
    CSDConfig,
    PragmaticConfig,
)
from zeroskip.hw.sparse_config import SparseConfig
from zeroskip.verif.share_coverage import field

__all__ = ["bit_points"]

Points = Iterator[tuple[str, str]]


def _any(conditions: Iterable[str]) -> str:
    return f"({' | '.join(conditions)})"


def _all(conditions: Iterable[str]) -> str:
    return f"({' & '.join(conditions)})"


def _sum(bits: Iterable[str]) -> str:
    """Verilog of how many bits are 1, in 32 bits."""
    return f"(0 + {' + '.join(bits)})"


class _Parser:
    """What a watcher can say of the step in the parser of group ``g``."""

    def __init__(self, cfg: BitConfig, g: int) -> None:
        self.cfg, self.decoder, self.parser = cfg, f"u.decoder_{g}", f"u.decoder_{g}.parser"
        self.memory, self.layout = parser_class(cfg).memory(cfg), step_layout(cfg)
        self.fresh, self.step = f"{self.parser}.fresh", f"{self.decoder}.step"
        self.head = f"({self.fresh} | !{self.state('inside')})"
        self.ends = f"!{self.after('inside')}"
        self.pair, self.final, self.place = (self.o(name) for name in ("pair", "final", "position"))
        self.rest = f"{self.parser}.k % {cfg.block}"

    def o(self, name: str) -> str:
        return field(f"{self.decoder}.o", self.layout, name)

    def state(self, name: str) -> str:
        return field(f"{self.parser}.state", self.memory, name)

    def after(self, name: str) -> str:
        return field(f"{self.parser}.after", self.memory, name)

    def left(self, number: int, width: int) -> str:
        """Entry ``number`` of ``width`` bits of what is left after the step."""
        start = self.memory["left"].offset + number * width
        return f"{self.parser}.after[{start + width - 1}:{start}]"

    def bits(self, start: int, width: int = 1) -> str:
        """Bits of the string, from where it stands."""
        return f"{self.parser}.bits[{start + width - 1}:{start}]"

    def value(self, start: int, width: int = 1) -> str:
        """Bits of the step's digits, which are 0 without a pair."""
        start += self.layout["values"].offset
        return f"{self.decoder}.o[{start + width - 1}:{start}]"

    def wrong(self, cause: str) -> str:
        told = field(f"{self.parser}.o", parsed_layout(self.cfg), cause)
        return f"({self.decoder}.gearbox.there & {told})"


def _signs(cfg: BitConfig, negative: list[str], positive: list[str]) -> Points:
    """A digit of either sign, both in one step."""
    yield "digit above 0", _any(positive)
    if cfg.a_signed or cfg.recode == "naf":
        yield "digit below 0", _any(negative)
        if cfg.recode != "twos":
            yield "digits of both signs", f"{_any(negative)} & {_any(positive)}"


def _bitserial(cfg: BitSerialConfig, p: _Parser) -> Points:
    size, w = cfg.block, cfg.a_width
    for number in range(1 if cfg.trim else w, w + 1):
        told = f"{p.bits(0, size)} == {number - 1}"
        yield f"{number} of {w} planes", f"{p.fresh} & {told} & {p.decoder}.gearbox.there"
    for plane in range(w):
        yield f"plane {plane}", f"{p.pair} & {p.place} == {plane}"
    if cfg.a_signed:
        yield "last plane, negative", p.value(size)
    yield "plane without ones", f"{p.pair} & {p.value(0, size)} == 0"
    yield "plane of ones", f"&{p.value(0, size)}"
    yield "number of planes above a_width", p.wrong("group_count")
    yield "element past k", f"({p.fresh} ? {p.bits(2 * size - 1)} : {p.bits(size - 1)})"


def _bitcolumn(cfg: BitColumnConfig, p: _Parser) -> Points:
    size, w = cfg.block, cfg.a_width
    index, none = p.bits(0, w), f"{p.head} & {p.bits(0, w)} == 0"
    for plane in range(w):
        yield f"plane {plane}", f"{p.pair} & {p.place} == {plane}"
        yield f"plane {plane} first", f"{p.head} & {p.pair} & {p.place} == {plane}"
        yield f"plane {plane} alone", f"{p.head} & {p.pair} & {index} == {1 << plane}"
        yield f"plane {plane} left out", f"{p.head} & {p.pair} & !{p.bits(plane)}"
    yield "every plane", f"{p.head} & {p.pair} & &{index}"
    yield (
        "planes with some left out between",
        f"{p.head} & {p.pair} & |(({index} + ({index} & -{index})) & {index})",
    )
    yield "plane of ones", f"&{p.value(0, size)}"
    yield "plane without ones", f"{p.wrong('digit_range')} & !({none})"
    yield "element past k", f"!{p.head} & {p.bits(size - 1)}"
    if cfg.a_signed:
        signs = p.value(size, size)
        ones = p.value(0, size)
        yield "planes with signs", f"{p.head} & {p.pair} & {p.bits(w)}"
        yield "planes without signs", f"{p.head} & {p.pair} & !{p.bits(w)}"
        yield "signs of the first step in another", f"!{p.head} & |({signs} & {ones})"
        yield "all signs negative", f"&{signs}"
        yield "ones of both signs", f"|({signs} & {ones}) & |(~{signs} & {ones})"
        yield "signs without a plane", f"{p.wrong('digit_range')} & {none}"


def _shifters(cfg: PragmaticConfig | CSDConfig | BitBalanceConfig, p: _Parser, shifts: int) -> Points:
    """Digits of all elements, each with a shift."""
    starts = [j * (2 + cfg.shift_bits) for j in range(cfg.block)]
    theres, below = [p.value(start) for start in starts], [p.value(start + 1) for start in starts]
    yield "one element has a digit", f"{_sum(theres)} == 1"
    yield "all elements have a digit", _all(theres)
    yield from _signs(cfg, below, [f"({t} & !{n})" for t, n in zip(theres, below, strict=True)])
    for shift in range(shifts if cfg.shift_bits else 0):
        those = [f"({p.value(s)} & {p.value(s + 2, cfg.shift_bits)} == {shift})" for s in starts]
        yield f"shift by {shift}", _any(those)


def _pragmatic(cfg: PragmaticConfig, p: _Parser) -> Points:
    size, w = cfg.block, cfg.a_width
    exponents = cfg.digits if cfg.recode == "naf" else w
    yield from _shifters(cfg, p, min(exponents, 1 << cfg.shift_bits))
    theres = [p.value(j * (2 + cfg.shift_bits)) for j in range(size)]
    lefts = [p.left(j, cfg.digits) for j in range(size)]
    both = list(zip(theres, lefts, strict=True))
    yield (
        "element done before another",
        f"{p.pair} & {_any(f'(!{t} & {x} == 0)' for t, x in both)} & {p.head}",
    )
    if cfg.shift_bits < cfg.exponent_bits:
        for place in range(exponents):
            yield f"place {place}", f"{p.pair} & {p.place} == {place}"
        inside = f"!({p.o('block')} + 1 == {p.o('blocks')} & {p.rest} != 0)"
        yield (
            "element waits for the skew",
            f"{inside} & {p.pair} & {_any(f'(!{t} & {x} != 0)' for t, x in both)}",
        )
    yield "element past k", f"{p.bits((size - 1) * w, w)} != 0"


def _csd(cfg: CSDConfig, p: _Parser) -> Points:
    size, pairs = cfg.block, cfg.pairs
    yield from _shifters(cfg, p, cfg.digits)
    masks = [[p.bits(j * pairs + q) for q in range(pairs)] for j in range(size)]
    for count in range(1, pairs + 1):
        some = _any(f"{_sum(mask)} == {count}" for mask in masks)
        yield f"element of {count} of {pairs} digits", f"{p.head} & {p.pair} & {some}"
    theres = [p.value(j * (2 + cfg.shift_bits)) for j in range(size)]
    yield "element done before another", f"{p.pair} & !{p.head} & !{_all(theres)}"
    yield "symbols behind the masks", f"{p.head} & {p.pair}"
    yield "element past k", f"{p.head} & {p.bits((size - 1) * pairs, pairs)} != 0"
    if cfg.digits % 2:
        yield "digit of an exponent that is none", p.wrong("digit_range")


def _bitlet(cfg: BitletConfig, p: _Parser) -> Points:
    size, w = cfg.block, cfg.a_width
    select = (size - 1).bit_length()
    starts = [i * (2 + select) for i in range(w)]
    theres, below = [p.value(start) for start in starts], [p.value(start + 1) for start in starts]
    yield "one plane has a digit", f"{_sum(theres)} == 1"
    yield "all planes have a digit", _all(theres)
    yield from _signs(cfg, below, [f"({t} & !{n})" for t, n in zip(theres, below, strict=True)])
    for number in (0, size - 1):
        yield (
            f"element {number} of {size}",
            _any(f"({p.value(s)} & {p.value(s + 2, select)} == {number})" for s in starts),
        )
    for plane in range(w):
        yield f"plane {plane}", theres[plane]
        yield f"plane {plane} ends before another", f"!{p.head} & {p.pair} & !{theres[plane]}"
        full = f"{p.left(plane, size)} == {{{{{size - 1}{{1'b1}}}}, 1'b0}}"
        yield f"plane {plane} of ones", f"{p.head} & {full}"
    yield "element past k", f"{p.bits((size - 1) * w, w)} != 0"


def _bitbalance(cfg: BitBalanceConfig, p: _Parser) -> Points:
    size, code = cfg.block, cfg.code_bits
    yield from _shifters(cfg, p, cfg.digits)
    theres = [p.value(j * (2 + cfg.shift_bits)) for j in range(size)]
    yield "element without a digit among others", f"{_any(theres)} & !{_all(theres)}"
    yield "pair without a digit", f"{p.pair} & !{_any(theres)}"
    yield "last step has digits", f"{p.ends} & {_any(theres)}"
    if cfg.ones > 1:
        for count in range(1, cfg.ones):
            yield f"step {count} of {cfg.ones} of a block", f"!{p.head} & {p.state('count')} == {count}"
    yield "element past k", f"{p.bits((size - 1) * (code + 1), code)} < {cfg.digits}"
    if cfg.digits + 1 < 1 << code:
        yield "code that is none", p.wrong("digit_range")


def _bitslice(cfg: BitSliceConfig, p: _Parser) -> Points:
    size, n, element_bits = cfg.block, cfg.slices, (cfg.block - 1).bit_length()
    digit = f"$signed({p.value(0, SLICE_BITS)})"
    start = p.layout["position"].offset
    element = f"{p.decoder}.o[{start + element_bits - 1}:{start}]"
    place = f"{p.decoder}.o[{start + element_bits + cfg.place_bits - 1}:{start + element_bits}]"
    yield "slice above 0", f"{digit} > 0"
    yield "slice below 0", f"{digit} < 0"
    top = f"{place} == {n - 1}"
    if n > 1 or cfg.a_width == SLICE:
        yield "slice -8", f"{digit} == -8"
    if n > 1 and cfg.a_width % SLICE == 0:
        yield "slice 8, of the topmost", f"{digit} == 8 & {top}"
    for number in (0, size - 1):
        yield f"element {number} of {size}", f"{p.pair} & {element} == {number}"
    masks = [p.bits(j * n, n) for j in range(size)]
    for i in range(n):
        yield f"slice {i}", f"{p.pair} & {place} == {i}"
        if n > 1:
            only = _any(f"{mask} == {1 << i}" for mask in masks)
            yield f"element of slice {i} alone", f"{p.head} & {p.pair} & {only}"
    if n > 1:
        yield "element of all slices", f"{p.head} & {p.pair} & {_any(f'&{mask}' for mask in masks)}"
    yield "block of all slices", f"{p.head} & {p.pair} & &{p.bits(0, size * n)}"
    yield "element past k", f"{p.head} & {masks[-1]} != 0"
    wrong, slice_ = f"{p.wrong('digit_range')} & !{p.head}", p.bits(0, SLICE_BITS)
    yield "slice of 0", f"{wrong} & {slice_} == 0"
    yield "slice above 8", f"{wrong} & $signed({slice_}) > 8"
    yield "slice below -8", f"{wrong} & $signed({slice_}) < -8"


OWN: dict[type[BitConfig], Callable[[Any, _Parser], Points]] = {
    BitSerialConfig: _bitserial,
    BitColumnConfig: _bitcolumn,
    PragmaticConfig: _pragmatic,
    CSDConfig: _csd,
    BitletConfig: _bitlet,
    BitBalanceConfig: _bitbalance,
    BitSliceConfig: _bitslice,
}


def _blocks(cfg: BitConfig, p: _Parser) -> Points:
    """How blocks begin and end."""
    match cfg:
        case BitSerialConfig(trim=False):
            one = False
        case BitBalanceConfig():
            one = cfg.ones == 1
        case _:
            one = True
    if one:
        yield "block of one step", f"{p.head} & {p.ends} & {p.pair}"
    if not (isinstance(cfg, BitBalanceConfig) and one):
        yield "block of several steps", f"!{p.head} & {p.ends} & {p.pair}"
    if not isinstance(cfg, BitSerialConfig | BitBalanceConfig):
        there = f"{p.decoder}.gearbox.there & {p.head} & {p.ends} & !{p.pair}"
        yield "block without digits", f"{there} & !{p.wrong('digit_range')}"
        if cfg.blocks(cfg.k_max) > 1:
            yield "block without digits inside a tile", f"{there} & !{p.fresh} & !{p.final}"
    if cfg.k_max >= cfg.block:
        yield "last block is whole", f"{p.final} & {p.pair} & {p.rest} == 0"
    yield "last block is not whole", f"{p.final} & {p.pair} & {p.rest} != 0"


def bit_points(cfg: SparseConfig, fmt: str) -> Points:
    """Situations of the steps of a bit-level design, of ``fmt``, with the condition of each."""
    if not isinstance(cfg, BitConfig):
        return
    for g in range(cfg.groups):
        p = _Parser(cfg, g)
        last = f"{p.o('block')} + 1 == {p.o('blocks')} & {p.rest} != 0"
        for points in (_blocks(cfg, p), OWN[type(cfg)](cfg, p)):
            for name, condition in points:
                past = f" & {last} & {p.decoder}.gearbox.there" if name == "element past k" else ""
                yield f"{fmt}: {name}", f"{p.step}{past} & {condition}"
