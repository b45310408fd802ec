"""The AXI4-Stream form: what moves at its ports moves at the core, in the same cycle, and means the same."""

from typing import Any, NamedTuple

from amaranth.hdl import Cat, ClockSignal, Mux, ResetSignal, Signal, Value

from zeroskip.hw.config import Config
from zeroskip.hw.shell.axis import AxiStream
from zeroskip.verif.formal.bench import Bench, Inside, equal, implies

__all__ = ["axis_streams"]


class _Side(NamedTuple):
    """A stream as one of its ends sees it."""

    valid: Any
    payload: Any
    ready: Any

    @property
    def moves(self) -> Any:
        """A beat moves."""
        return self.valid & self.ready


def axis_streams(bench: Bench, cfg: Config) -> None:
    """No beat is dropped, repeated or reordered; each stays while it waits, if its source has it stay.

    The core is cut away: whatever it does, the form passes on. Resets come at any time.
    """
    form = AxiStream(cfg)
    inside = bench.add("form", form)
    core = inside.cut("core")
    bench.comb += [
        form.aclk.eq(ClockSignal()),
        form.aresetn.eq(bench.any_signal("aresetn_free", 1) & ~ResetSignal()),
    ]
    for name in cfg.engine.inputs(cfg):
        _input(bench, cfg, form, core, name)
    _output(bench, cfg, form, core, inside)

    bench.comb += form.i_clear.eq(bench.any_signal("clear", 1))
    told = ("o_counters", "o_error", "o_cause", "o_overflow")
    for name in told:
        signal = Value.cast(getattr(core, name))
        bench.comb += signal.eq(bench.any_signal(f"core_{name}", len(signal)))
    pairs = [(getattr(form, name), getattr(core, name)) for name in told]
    bench.claim("status_is_the_cores", equal([*pairs, (core.i_clear, form.i_clear)]))
    bench.claim("interrupt_is_an_error", form.o_interrupt == (core.o_error | core.o_overflow))


def _input(bench: Bench, cfg: Config, form: AxiStream, core: Any, name: str) -> None:
    layout, runs = cfg.engine.inputs(cfg)[name], form.aresetn
    data, valid, ready, last = (
        getattr(form, f"s_axis_{name}_t{part}") for part in ("data", "valid", "ready", "last")
    )
    bits, port = Value.cast(data), getattr(core, f"i_{name}")
    here = _Side(valid, Cat(bits, last), ready)
    there = _Side(port.valid, Value.cast(port.payload), port.ready)
    bench.comb += port.ready.eq(bench.any_signal(f"{name}_core_ready", 1))
    _offer(bench, name, here, runs)
    meant = bits[: layout.size]
    if "last" in layout.members:
        place = layout["last"].offset
        meant = Cat(meant[:place], meant[place] | last)
        bench.reach(f"{name}_ends_by_tlast_alone", here.moves & last & ~bits[place])
        bench.reach(f"{name}_ends_by_last_alone", here.moves & ~last & bits[place])
    bench.claim(f"{name}_moves_as_at_the_core", here.moves == (there.moves & runs))
    bench.claim(f"{name}_valid_is_passed_on", there.valid == valid)
    bench.claim(f"{name}_ready_is_passed_on", ready == (there.ready & runs))
    bench.claim(f"{name}_is_what_is_meant", equal([(there.payload, meant)]))
    _stays(bench, f"{name}_at_the_core", there, runs)


def _output(bench: Bench, cfg: Config, form: AxiStream, core: Any, inside: Inside) -> None:
    port, runs, last, bits = core.o_c, form.aresetn, form.m_axis_c_tlast, Value.cast(form.m_axis_c_tdata)
    here = _Side(form.m_axis_c_tvalid, Cat(bits, last), form.m_axis_c_tready)
    there = _Side(port.valid, Value.cast(port.payload), port.ready)
    bench.comb += here.ready.eq(bench.any_signal("ready", 1))
    _offer(bench, "c_core", there, runs)
    bench.claim("c_moves_as_at_the_core", here.moves == (there.moves & runs))
    bench.claim("c_valid_is_passed_on", here.valid == (there.valid & runs))
    bench.claim("c_ready_is_passed_on", there.ready == here.ready)
    _stays(bench, "c", here, runs)

    word = 32 * -(-cfg.acc_bits // 32)
    for c in range(cfg.cols):
        sum_here = bits[word * c : word * (c + 1)]
        sum_here = sum_here.as_signed() if cfg.acc_signed else sum_here
        bench.claim(f"c_{c}_is_the_sum", sum_here == port.payload.cols[c])
        bench.reach(f"c_{c}_of_all_its_bits", here.moves & bits[word * c + cfg.acc_bits - 1])
    if "last" in port.payload.shape().members:
        bench.claim("tlast_ends_a_tile", last == port.payload.last)
    else:
        bench.claim("row_is_told", bits[word * cfg.cols :] == port.payload.row)
        sent = Signal(range(cfg.rows), name="sent")  # of the packet
        ends = here.moves & (sent == cfg.rows - 1)
        bench.sync += sent.eq(Mux(~runs | ends, 0, sent + here.moves))
        bench.lemma("left_is_known", inside["left"] + sent == cfg.rows - 1)
        bench.claim("tlast_ends_as_many_rows", last == (sent == cfg.rows - 1))
        bench.reach("reset_in_a_packet", ~runs & (sent != 0))
    ends = here.moves & last
    bench.reach("second_packet", ends & bench.once("packet", ends))


def _offer(bench: Bench, name: str, side: _Side, runs: Any) -> None:
    """A source that keeps what it offers until that has moved, or a reset comes."""
    bench.comb += [
        side.valid.eq(bench.any_signal(f"{name}_valid", 1)),
        side.payload.eq(bench.any_signal(f"{name}_payload", len(side.payload))),
    ]
    bench.assume(_stay(bench, name, side, runs))


def _stays(bench: Bench, name: str, side: _Side, runs: Any) -> None:
    """And so does what it is passed on as."""
    bench.claim(f"{name}_held_while_waiting", _stay(bench, f"{name}_passed_on", side, runs))
    bench.reach(f"{name}_waits", bench.hold(f"{name}_waited", side.valid & ~side.ready & runs) & runs)


def _stay(bench: Bench, name: str, side: _Side, runs: Any) -> Any:
    waits = bench.hold(f"{name}_waits", side.valid & ~side.ready & runs)
    before = bench.hold(f"{name}_payload", side.payload)
    return implies(waits & runs, side.valid & (side.payload == before))
