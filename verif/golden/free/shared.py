"""The schedule of an unstructured design whose groups share their work, cycle by cycle.

Whether a second step issues hangs on what the partner does in that very cycle, so that the steps of a block
do not follow each other at a known pace: everything is taken as it comes. Steps, beats, tiles and windows are
numbered from the beginning of the run, and what a step waits for and sets free is worked out before.
"""

from collections import Counter, deque

import numpy as np

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.verif.golden.free.plan import QUEUE, FreeSchedule, Work, sink_waits, source_steps
from zeroskip.verif.golden.free.stream import Step, Tiles
from zeroskip.verif.result import Stalls

__all__ = ["shared"]


class _Group:
    """One group: gearbox, both places of the position register, drain registers."""

    def __init__(self, cfg: FreeConfig, tiles: Tiles, stalls: Stalls, g: int) -> None:
        stream = f"a{g}"
        self.steps_per_pass = sum(int(counts[g].sum()) for counts in tiles.work.counts)
        self.gates: list[int] = []  # empty if no beat makes a step wait
        beats = None
        if stream in stalls.gaps:
            beats, self.gates = tiles.beats(g)
        self.offers = source_steps(stalls, stream)
        self.offer = self.offers[0] - 1  # the cycle of the next beat's offer
        self.beats = 0 if self.gates else 1  # moved
        self.coming = tiles.steps(g, beats)
        self.next = next(self.coming)
        self.decoded = 0
        self.places: list[Step] = []
        self.released = 0  # windows
        self.due: deque[int] = deque()  # final issues on their way: when they accumulate, on the pair's clock
        self.full = 0  # drain registers
        self.helped: list[int] = []  # steps that the partner made

    def wait(self, top: int, readable: int) -> str:
        """The counter of a cycle without an issue; windows before ``top`` are held."""
        if self.places:
            return "stall_b" if self.places[0].window >= top else "stall_sync"
        return "stall_a" if self.next.tile < readable else "idle"

    def issue(self, reach: int, due: int, helper: bool) -> bool:
        """Issue the first step, and the second if it can and there is a helper; whether it did."""
        first = self.places.pop(0)
        last, helped = first, False
        if helper and self.places and not first.final and self.places[0].window < reach:
            last, helped = self.places.pop(0), True
            self.helped.append(self.decoded - 1)
        if last.final:
            self.due.append(due)
            self.released = last.over
        return helped

    def decode(self, readable: int) -> None:
        """Take the next step, or the next two."""
        places, step = self.places, self.next
        if len(places) < 2 and step.tile < readable and step.beat < self.beats:
            both = not places and not step.single
            places.append(step)
            self.decoded += 1
            self.next = step = next(self.coming)
            if both and step.beat < self.beats:
                places.append(step)
                self.decoded += 1
                self.next = next(self.coming)
        if places:
            self.released = places[0].behind

    def move(self, cycle: int) -> None:
        """Move a beat, if there is one that can."""
        if self.beats < len(self.gates) and cycle >= self.offer and self.decoded >= self.gates[self.beats]:
            self.beats += 1
            self.offer = cycle + self.offers[self.beats % len(self.offers)]


class _Array:
    """The array between two cycles."""

    def __init__(self, cfg: FreeConfig, work: Work, stalls: Stalls) -> None:
        self.cfg, self.tiles = cfg, Tiles(cfg, work)
        self.groups = [_Group(cfg, self.tiles, stalls, g) for g in range(cfg.groups)]
        self.pairs = list(zip(self.groups[::2], self.groups[1::2], strict=True))
        self.clocks = [0] * len(self.pairs)  # cycles in which the pair was not frozen
        self.counters = Counter[str]()
        self.cycle = 0
        self.header_offers, self.b_offers = source_steps(stalls, "tile"), source_steps(stalls, "b")
        self.header_offer, self.b_offer = self.header_offers[0] - 1, self.b_offers[0] - 1
        self.readable = self.dropped = 0  # headers that have moved, and left the queue
        self.loading = self.chunk = self.b_beats = 0  # the loader: tile, chunks of it, chunks of all
        self.held = self.oldest = 0  # windows
        self.waits = sink_waits(stalls)
        self.free = 0  # the first cycle in which the output register takes a row
        self.outs: list[tuple[int, int]] = []

    def state(self) -> tuple[object, ...]:
        """All that the cycles to come depend on, if nothing outside makes the array wait."""
        number = self.loading // self.tiles.count
        tile, window = number * self.tiles.count, number * self.tiles.windows
        return (
            *(self.readable - tile, self.dropped - tile, self.loading - tile, self.chunk),
            *(self.held, self.oldest - window, max(0, self.free - self.cycle)),
            *((g.decoded - number * g.steps_per_pass, len(g.places), g.full) for g in self.groups),
            *(g.released - window for g in self.groups),
            *(
                tuple(due - clock for due in group.due)
                for clock, pair in zip(self.clocks, self.pairs, strict=True)
                for group in pair
            ),
        )

    def step(self, headers: int) -> None:
        """One cycle; ``headers`` are those of the whole run."""
        self._output()
        leaves = self.held > 0 and min([group.released for group in self.groups]) > self.oldest
        top = self.oldest + self.held
        reach = top
        if self.cfg.schedule == "lockstep":
            reach = min(top, self.oldest + 1 + leaves)
        for number, pair in enumerate(self.pairs):
            self._pair(number, pair, top, reach)
        for group in self.groups:
            group.decode(self.readable)
            if group.gates:
                group.move(self.cycle)
        self.held += self._load() - leaves
        self.oldest += leaves
        entries = self.readable - self.dropped
        if self.dropped < min(self.loading, *[group.next.tile for group in self.groups]):
            self.dropped += 1
        if self.readable < headers and entries < QUEUE and self.cycle >= self.header_offer:
            self.readable += 1
            self.header_offer = self.cycle + self.header_offers[self.readable % len(self.header_offers)]
        self.cycle += 1

    def _output(self) -> None:
        """Move a row from its drain register to the output register."""
        if self.cycle >= self.free:
            for g, group in enumerate(self.groups):
                if group.full:
                    self.free = self.cycle + 1 + self.waits[(self.cycle + 1) % len(self.waits)]
                    self.outs.append((self.free, (g + 1) * self.cfg.group - group.full))
                    group.full -= 1
                    break

    def _pair(self, number: int, pair: tuple[_Group, _Group], top: int, reach: int) -> None:
        """Accumulate, issue; windows before ``top`` are held, those before ``reach`` can be issued on."""
        clock, counters = self.clocks[number], self.counters
        arrived = [group for group in pair if group.due and group.due[0] == clock]
        if any(group.full for group in arrived):
            counters["stall_drain"] += 2
            return
        for group in arrived:
            group.due.popleft()
            group.full = self.cfg.group
        self.clocks[number] = clock + 1
        due = clock + self.cfg.latency
        one, other = pair
        one_goes, other_goes = (
            bool(group.places) and group.places[0].window < reach for group in (one, other)
        )
        for group, goes, partner, partner_goes in (
            (one, one_goes, other, other_goes),
            (other, other_goes, one, one_goes),
        ):
            if goes:
                counters["busy"] += 1
                helped = group.issue(reach, due, not partner_goes)
                if not partner_goes:
                    counters["help" if helped else partner.wait(top, self.readable)] += 1
            elif not partner_goes:
                counters[group.wait(top, self.readable)] += 1

    def _load(self) -> bool:
        """The loader's cycle: whether a window is whole now."""
        if self.loading >= self.readable:
            return False
        tile = self.loading % self.tiles.count
        if not self.tiles.work.loads[tile]:
            self.loading += 1
            return False
        if self.held >= self.cfg.ring or self.cycle < self.b_offer:
            return False
        self.chunk += 1
        self.b_beats += 1
        self.b_offer = self.cycle + self.b_offers[self.b_beats % len(self.b_offers)]
        whole = self.chunk % self.cfg.chunks == 0
        if self.chunk == self.cfg.chunks * self.tiles.sizes[tile]:
            self.loading, self.chunk = self.loading + 1, 0
        return whole


def shared(
    cfg: FreeConfig, work: Work, stalls: Stalls, repeats: int = 1
) -> tuple[FreeSchedule, list[list[int]]]:
    """Schedule of ``work`` under ``stalls``, and of each group the steps that its partner made.

    ``work.steps`` must be there if a bit string has gaps. Without stalls ``work`` may run ``repeats`` times
    over (then its last tile does not keep), and the steps are those of the passes that were worked out: once
    one begins as another did, all that follow are alike.
    """
    array = _Array(cfg, work, stalls)
    headers = repeats * array.tiles.count
    begun: dict[tuple[object, ...], tuple[int, int, int, Counter[str]]] = {}  # passes, by how they begin
    copies, period, part = 0, 0, slice(0, 0)  # times that cycles are not worked out again; they; their rows
    counters = Counter[str]()
    while len(array.outs) < headers * cfg.rows:
        loading = array.loading
        array.step(headers)
        if repeats > 1 and not copies and array.loading > loading and array.loading % array.tiles.count == 0:
            now = array.loading, array.cycle, len(array.outs), array.counters.copy()
            tiles, cycle, rows, counts = begun.setdefault(array.state(), now)
            if tiles < array.loading:
                period, part = array.cycle - cycle, slice(rows, len(array.outs))
                copies = (headers - array.readable) // (array.loading - tiles)
                headers -= copies * (array.loading - tiles)
                counters = Counter({name: copies * (n - counts[name]) for name, n in array.counters.items()})

    out_cycles, out_rows = np.array(array.outs).T
    alike = out_cycles[part] + period * np.arange(1 + copies)[:, None]
    later = out_cycles[part.stop :] + period * copies
    out_cycles = np.concatenate((out_cycles[: part.start], alike.ravel(), later))
    alike_rows = np.tile(out_rows[part], 1 + copies)
    out_rows = np.concatenate((out_rows[: part.start], alike_rows, out_rows[part.stop :]))
    cycles = int(out_cycles[-1]) + 1
    counters.update(array.counters)
    # Until the last row has moved out.
    counters["idle"] += cfg.groups * (cycles - array.cycle - copies * period)
    named = {name: counters[name] for name in cfg.engine.counters(cfg).members}
    return FreeSchedule(out_cycles, out_rows, cycles, named), [group.helped for group in array.groups]
