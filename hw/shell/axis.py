"""The AXI4-Stream form of every design."""

from amaranth.hdl import ClockDomain, DomainRenamer, Module, Mux, Shape, Signal, Value
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.config import MAX_PORT_BITS, Config
from zeroskip.hw.engines.image import image_description
from zeroskip.hw.lib.once import Once
from zeroskip.hw.lib.room import Room

__all__ = ["AxiStream", "words"]

WORD = 32  # an element of a result takes a multiple of so many bits


class AxiStream(wiring.Component):
    """The core of ``cfg``, each of its streams as AXI4-Stream; docs/axis.md is its specification.

    It is made from the core's members alone, so every engine has it. Input streams are wires: ``tdata`` is
    the payload as ``zeroskip.sw.image.pack`` writes it, filled up to whole bytes, and a beat ends its tile on
    its stream where its ``last`` or ``tlast`` is 1. Of results ``tdata`` has every field but ``last``, each
    element in whole 32-bit words, its sign extended; ``tlast`` is the core's ``last``, and where it has none,
    it is 1 with every ``cfg.rows``-th beat.

    Members
    -------
    aclk, aresetn : In(1), clock, and synchronous reset where it is 0; no beat moves while it is
    s_axis_NAME_tdata, _tvalid, _tready, _tlast : for each input stream ``i_NAME`` of the core
    m_axis_NAME_tdata, _tvalid, _tready, _tlast : for each output stream ``o_NAME``
    i_clear, o_counters and all else that the core has : as there
    o_interrupt : Out(1), 1 while ``o_error`` or ``o_overflow`` is

    Latency 0: a beat moves at the core in the cycle in which it moves here. No ``tvalid`` or payload depends
    on its ``tready`` of the same cycle, and no ``tready`` on its ``tvalid``.

    Raises ``ValueError`` where the input ports have more bits than Amaranth can count.
    """

    books = Room.MEMORY
    clock_port = "aclk"

    def __init__(self, cfg: Config):
        self.cfg = cfg
        self._core = cfg.core()
        self._prefixes = {}  # of the ports here, by the core's stream
        members = {"aclk": In(1), "aresetn": In(1)}
        for name, member in self._core.signature.members.items():
            if member.is_port:
                members[name] = member
                continue
            payload = getattr(self._core, name).payload.shape()
            source = member.flow is In
            forth, back = (In, Out) if source else (Out, In)
            self._prefixes[name] = prefix = f"{'s' if source else 'm'}_axis_{name.partition('_')[2]}"
            members |= {
                f"{prefix}_tdata": forth(_padded(payload) if source else words(payload)),
                f"{prefix}_tvalid": forth(1),
                f"{prefix}_tready": back(1),
                f"{prefix}_tlast": forth(1),
            }
        bits = sum(Shape.cast(member.shape).width for member in members.values() if member.flow is In)
        if bits >= MAX_PORT_BITS:
            raise ValueError(
                f"input ports of the AXI4-Stream form must have under {MAX_PORT_BITS} bits in all (a limit "
                f"of today's code), not {bits}: take fewer rows or columns, or shorter beats"
            )
        super().__init__({**members, "o_interrupt": Out(1)})

    @property
    def description(self):
        """That of the core, its ``image`` at the ports here.

        And ``axis``: of every stream the bytes of a beat, and what a packet is.
        """
        streams = {}
        for name, prefix in self._prefixes.items():
            ends = "last" in getattr(self._core, name).payload.shape().members
            if prefix.startswith("m"):
                packet = "the rows of a tile" if ends else f"{self.cfg.rows} rows"
            elif ends:
                packet = "the beats of a tile, or of several, where the final ones have last"
            else:
                packet = "any number of beats: tlast is ignored"
            width = Shape.cast(self.signature.members[f"{prefix}_tdata"].shape).width
            streams[prefix] = {"bytes": width // 8, "packet": packet}
        image = image_description(self.cfg, lambda name: f"{self._prefixes[name]}_tdata", WORD)
        return {**self._core.description, "image": image, "axis": streams}

    def elaborate(self, platform):
        m = Module()
        m.domains.axi = axi = ClockDomain(local=True)
        axi.clk = self.aclk
        m.d.comb += axi.rst.eq(~self.aresetn)
        m.submodules.core = core = Once("core", self._core)
        for name, member in core.signature.members.items():
            port = getattr(core, name)
            if member.is_port:
                here = getattr(self, name)
                source, sink = (here, port) if member.flow is In else (port, here)
                m.d.comb += Value.cast(sink).eq(Value.cast(source))
                continue
            beat = [getattr(self, f"{self._prefixes[name]}_t{part}") for part in ("data", "last")]
            valid, ready = (getattr(self, f"{self._prefixes[name]}_t{part}") for part in ("valid", "ready"))
            if member.flow is In:
                m.d.comb += [port.valid.eq(valid), ready.eq(port.ready & self.aresetn)]
                self._take(m, *beat, port)
            else:
                m.d.comb += [valid.eq(port.valid & self.aresetn), port.ready.eq(ready)]
                self._give(m, *beat, port)
        m.d.comb += self.o_interrupt.eq(core.o_error | core.o_overflow)
        return DomainRenamer("axi")(m)

    def _take(self, m: Module, tdata, tlast, port) -> None:
        """Payload of an input stream; the bits that fill up its last byte go nowhere."""
        m.d.comb += port.payload.as_value().eq(tdata.as_value())
        if "last" in port.payload.shape().members:
            m.d.comb += port.payload.last.eq(tdata.last | tlast)

    def _give(self, m: Module, tdata, tlast, port) -> None:
        """Payload of an output stream; beats are counted where the core does not say which is last."""
        for name in tdata.shape().members:
            _extend(m, tdata[name], port.payload[name])
        if "last" in port.payload.shape().members:
            m.d.comb += tlast.eq(port.payload.last)
            return
        left = Signal(range(self.cfg.rows), init=self.cfg.rows - 1)  # beats of the packet after this one
        m.d.comb += tlast.eq(left == 0)
        with m.If(port.valid & port.ready):
            m.d.sync += left.eq(Mux(tlast, self.cfg.rows - 1, left - 1))


def _padded(payload: data.StructLayout) -> data.FlexibleLayout:
    """The same fields, in whole bytes."""
    fields = {name: data.Field(field.shape, field.offset) for name, field in payload}
    return data.FlexibleLayout(-(-payload.size // 8) * 8, fields)


def words(payload: data.StructLayout) -> data.StructLayout:
    """Result rows as they leave: the fields but ``last``, each element of them in whole words."""
    return data.StructLayout({name: _widened(field.shape) for name, field in payload if name != "last"})


def _widened(shape):
    if isinstance(shape, data.ArrayLayout):
        return data.ArrayLayout(_widened(shape.elem_shape), shape.length)
    shape = Shape.cast(shape)
    return Shape(-(-shape.width // WORD) * WORD, shape.signed)


def _extend(m: Module, wide, narrow) -> None:
    """Every element of ``narrow`` in its place, its sign extended."""
    if isinstance(narrow, data.View):
        for i in range(narrow.shape().length):
            _extend(m, wide[i], narrow[i])
    else:
        m.d.comb += wide.eq(narrow)
