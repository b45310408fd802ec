"""What harnesses are written with: claims, assumptions, free values, and a look inside a component."""

from collections.abc import Iterator, Sequence
from typing import Any

from amaranth.hdl import Assert, Assume, Cat, Const, Cover, Fragment, Module, ResetSignal, Signal, Value
from amaranth.hdl._ast import AnyConst, AnySeq, Initial  # the one place that names these

__all__ = ["Bench", "Inside", "equal", "implies"]


class Inside:
    """An elaborated component whose internal signals can be named in invariants.

    ``Inside(component)`` elaborates it; ``inside["count"]`` is the register ``count``, or else the wire of
    that name, that it drives; ``inside.sub("progress")`` a submodule (also one wrapped in ``Once``). Raises
    ``ValueError`` for a name that stands for no signal or submodule, or for several signals.
    """

    def __init__(self, component: Any):
        self.fragment = Fragment.get(component, None)

    def sub(self, name: str) -> "Inside":
        """The submodule called ``name``."""
        for fragment, found, _ in self.fragment.subfragments:
            if found == name:
                inner = [part for part, kind, _ in fragment.subfragments if kind == "inner"]
                return Inside(inner[0] if inner else fragment)
        known = sorted(str(found) for _, found, _ in self.fragment.subfragments)
        raise ValueError(f"name must be a submodule, one of {', '.join(known)}, not {name!r}")

    def cut(self, name: str) -> Any:
        """Take the submodule called ``name`` away; its ports, which are the harness' to drive now."""
        self.sub(name)
        for part in [part for part in self.fragment.subfragments if part[1] == name]:
            self.fragment.subfragments.remove(part)
        return part[0].origins[0]

    def peek(self, name: str, address: Any) -> Any:
        """The word at ``address`` of the memory called ``name``, in the same step."""
        memory = self.sub(name).fragment
        word = Signal(len(memory._read_ports[0]._data), name=f"{name}_word")
        memory.read_port(domain="comb", addr=address, data=word, en=Const(1), transparent_for=())
        return word

    def __getitem__(self, name: str) -> Any:
        for clocked in (True, False):  # a register before a wire of the same name
            found = [signal for signal in self._driven(clocked) if signal.name == name]
            if len(found) == 1:
                return found[0]
        known = sorted({signal.name for clocked in (True, False) for signal in self._driven(clocked)})
        raise ValueError(f"name must be one signal, of {', '.join(known)}, not {name!r}")

    def _driven(self, clocked: bool) -> list[Any]:
        """Registers (``clocked``) or wires that this level drives, without its submodules'."""
        unique: dict[int, Any] = {}
        for domain, statements in self.fragment.statements.items():
            if clocked == (domain != "comb"):
                for statement in statements:
                    unique |= {id(signal): signal for signal in statement._lhs_signals()}
        return list(unique.values())

    def registers(self) -> Iterator[Any]:
        """Every register of the component and its submodules, in a fixed order."""
        yield from self._driven(True)
        for fragment, _, _ in self.fragment.subfragments:
            yield from Inside(fragment).registers()


def _named(statement: Any, name: str) -> Any:
    """The solver speaks of a statement by its source location: let that be the name."""
    statement.src_loc = (name, 0)
    return statement


def _bit(condition: Any) -> Any:
    """Refuses a word where a truth value is meant: only its lowest bit would count."""
    value = Value.cast(condition)
    if len(value) != 1:
        raise ValueError(f"condition must be one bit, not {len(value)} bits")
    return value


def implies(when: Any, condition: Any) -> Any:
    """Holds wherever ``when`` does not, or ``condition`` does."""
    return ~_bit(when) | _bit(condition)


def equal(pairs: Sequence[tuple[Any, Any]], when: Any = 1) -> Any:
    """The two values of each pair are equal, wherever ``when`` holds."""
    return implies(when, Cat(Value.cast(x) == Value.cast(y) for x, y in pairs).all())


class Bench:
    """One harness under construction: ``module`` holds the components and everything said about them.

    Reset is asserted in the first step and in no other; every register, ``reset_less`` ones too, starts
    with an arbitrary value. Claims and reaches speak of the steps after that one. Without ``lemmas`` those
    are left out.
    """

    def __init__(self, *, lemmas: bool = True) -> None:
        self.module = Module()
        self.module._MustUse__silence = True  # a harness that raises has no use for it
        self.lemmas = lemmas
        self.claims: list[str] = []
        self.reaches: list[str] = []
        self.running = Signal(name="running")
        self.comb += self.running.eq(~Initial())
        self.comb += Assume(ResetSignal() == Initial())

    @property
    def comb(self) -> Any:
        """The combinational domain of ``module``."""
        return self.module.d.comb

    @comb.setter
    def comb(self, value: Any) -> None:
        """Lets ``bench.comb += ...`` be written; the domain itself cannot be replaced."""
        self.module.d.comb = value

    @property
    def sync(self) -> Any:
        """The clocked domain of ``module``."""
        return self.module.d.sync

    @sync.setter
    def sync(self, value: Any) -> None:
        """Lets ``bench.sync += ...`` be written."""
        self.module.d.sync = value

    # ---- components and values ------------------------------------------------------------------

    def add(self, name: str, component: Any) -> Inside:
        """``component`` as a submodule; its inside."""
        inside = Inside(component)
        self.module.submodules[name] = inside.fragment
        return inside

    def any_signal(self, name: str, shape: Any, *, constant: bool = False) -> Any:
        """A signal whose value the solver chooses, in every step or (``constant``) once."""
        signal = Signal(shape, name=name)
        bits = len(Value.cast(signal))
        self.comb += Value.cast(signal).eq(AnyConst(bits) if constant else AnySeq(bits))
        return signal

    def hold(self, name: str, value: Any) -> Any:
        """``value`` one step earlier; zero after reset."""
        register = Signal.like(value, name=f"{name}_before")
        self.sync += register.eq(value)
        return register

    def once(self, name: str, event: Any) -> Any:
        """Whether ``event`` has been in an earlier step."""
        seen = Signal(name=f"{name}_seen")
        self.sync += seen.eq(seen | event)
        return seen

    def source(self, name: str, port: Any) -> None:
        """Drive an input stream freely, but as the contract asks: an offer stays until it has moved."""
        payload = Value.cast(port.payload)
        self.comb += [
            port.valid.eq(self.any_signal(f"{name}_valid", 1)),
            payload.eq(self.any_signal(f"{name}_payload", len(payload))),
        ]
        waits = self.hold(f"{name}_waits", port.valid & ~port.ready)
        before = self.hold(f"{name}_payload", payload)
        self.assume(~waits | (port.valid & (payload == before)))

    # ---- what is said about them ----------------------------------------------------------------

    def assume(self, condition: Any) -> None:
        """Only runs in which ``condition`` holds (in every step after reset) are looked at."""
        self.comb += Assume(~self.running | _bit(condition))

    def claim(self, name: str, condition: Any) -> None:
        """``condition`` holds in every step after reset: this is what is proved."""
        self.claims.append(name)
        holds = Signal(name=f"claim_{name}")
        self.comb += [holds.eq(~self.running | _bit(condition)), _named(Assert(holds), name)]

    def lemma(self, name: str, condition: Any) -> None:
        """A claim about insides that induction needs, and that is left out where there is none.

        So a run from reset that is to refute a broken component must show in what its users see.
        """
        if self.lemmas:
            self.claim(name, condition)

    def reach(self, name: str, condition: Any) -> None:
        """Some run reaches ``condition``: a claim about states that no run reaches says nothing."""
        self.reaches.append(name)
        seen = Signal(name=f"reach_{name}")
        self.comb += [seen.eq(self.running & _bit(condition)), _named(Cover(seen), name)]

    def claim_held_while_waiting(self, name: str, port: Any, payload: Any = None) -> None:
        """An output stream keeps its offer and payload until the beat has moved."""
        payload = Value.cast(port.payload if payload is None else payload)
        waits = self.hold(f"{name}_waits", port.valid & ~port.ready)
        before = self.hold(f"{name}_held", payload)
        self.claim(f"{name}_held_while_waiting", implies(waits, port.valid & (payload == before)))
        self.reach(f"{name}_waits", waits)
