"""The schedule of an unstructured design cycle by cycle.

Where groups share their work, whether a second step issues hangs on what the partner does in that very
cycle, so that the steps of a block do not follow each other at a known pace: everything is taken as it comes.
So are the tiles of products whose rows wait for the output. Steps, beats, tiles and windows are numbered from
the beginning of the run, and what a step waits for and sets free is worked out before.

A run of tiles that are alike, and of passes, is cut short: once the array is as it was some tiles before, and
what comes is the same, it does the same again.
"""

from collections import Counter, deque

import numpy as np

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.verif.golden.free.plan import QUEUE, FreeSchedule, Work, sink_waits, source_steps
from zeroskip.verif.golden.free.stream import Step, Tiles
from zeroskip.verif.result import Stalls

__all__ = ["cycle_by_cycle"]

LONG = 3 * QUEUE
"""Neighbours that are alike, so many at least, are worth a look at whether the array repeats itself."""


class _Group:
    """One group: gearbox, places of the issue register, drain registers."""

    def __init__(self, cfg: FreeConfig, tiles: Tiles, stalls: Stalls, g: int) -> None:
        stream = f"a{g}"
        self.tiles, self.g, self.most = tiles, g, 1 + cfg.share  # places
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

    @property
    def oldest(self) -> Step:
        """The first step that has not issued."""
        return self.places[0] if self.places else self.next

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
        if len(places) < self.most and step.tile < readable and step.beat < self.beats:
            both = len(places) + 2 <= self.most and not step.single
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

    def skip(self, tiles: int, windows: int) -> None:
        """Go on so many tiles and windows later."""
        oldest, held = self.oldest, len(self.places)
        self.coming = self.tiles.steps(self.g, None, oldest.tile + tiles, oldest.place)
        self.places = [next(self.coming) for _ in range(held)]
        self.next = next(self.coming)
        self.released += windows


class _Array:
    """The array between two cycles."""

    def __init__(self, cfg: FreeConfig, work: Work, stalls: Stalls, outs: bool) -> None:
        self.cfg, self.tiles = cfg, Tiles(cfg, work)
        self.groups = [_Group(cfg, self.tiles, stalls, g) for g in range(cfg.groups)]
        together = 1 + cfg.share
        self.pairs = [self.groups[g : g + together] for g in range(0, cfg.groups, together)]
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
        self.moved = 0  # rows
        self.outs: list[tuple[int, int]] | None = [] if outs else None

    def state(self) -> tuple[object, ...]:
        """All that the cycles to come depend on, if nothing outside makes the array wait."""
        tile, window = self.loading, self.oldest
        return (
            *(self.readable - tile, self.dropped - tile, self.chunk, self.held),
            max(0, self.free - self.cycle),
            *((g.next.tile - tile, g.next.place, len(g.places), g.full) for g in self.groups),
            *(g.released - window for g in self.groups),
            *(
                tuple(due - clock for due in group.due)
                for clock, pair in zip(self.clocks, self.pairs, strict=True)
                for group in pair
            ),
        )

    def skip(self, times: int, then: "_Seen") -> None:
        """Do ``times`` over what was done since ``then``, when the array was as it is now."""
        tiles, cycles = (
            times * (now - before) for now, before in zip(self.seen()[:2], then[:2], strict=True)
        )
        windows = times * (self.oldest - then[2])
        self.moved += times * (self.moved - then[3])
        for name, count in self.counters.items():
            self.counters[name] += times * (count - then[4][name])
        self.readable, self.dropped, self.loading = (
            at + tiles for at in (self.readable, self.dropped, self.loading)
        )
        self.cycle, self.free = self.cycle + cycles, self.free + cycles
        self.oldest += windows
        for group in self.groups:
            group.skip(tiles, windows)

    def seen(self) -> "_Seen":
        """How far the array has come."""
        return self.loading, self.cycle, self.oldest, self.moved, self.counters.copy()

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
                    self.moved += 1
                    if self.outs is not None:
                        self.outs.append((self.free, (g + 1) * self.cfg.group - group.full))
                    group.full -= 1
                    break

    def _pair(self, number: int, pair: list[_Group], top: int, reach: int) -> None:
        """Accumulate, issue; windows before ``top`` are held, those before ``reach`` can be issued on.

        A group that shares with nobody is a pair of its own.
        """
        clock, counters = self.clocks[number], self.counters
        arrived = [group for group in pair if group.due and group.due[0] == clock]
        if any(group.full for group in arrived):
            counters["stall_drain"] += len(pair)
            return
        for group in arrived:
            group.due.popleft()
            group.full = self.cfg.group
        self.clocks[number] = clock + 1
        due = clock + self.cfg.latency
        goes = [bool(group.places) and group.places[0].window < reach for group in pair]
        for place, group in enumerate(pair):
            alone = len(pair) == 1
            partner = pair[place - 1]
            other = alone or goes[place - 1]  # the partner goes
            if goes[place]:
                counters["busy"] += 1
                helped = group.issue(reach, due, not other)
                if not other:
                    counters["help" if helped else partner.wait(top, self.readable)] += 1
            elif alone or not other:
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


_Seen = tuple[int, int, int, int, Counter[str]]
"""Tile that the loader is at, cycle, oldest window, rows that have moved out, counters."""


class _Repeats:
    """What an array was like at tiles before, as long as what comes is the same."""

    def __init__(self, array: _Array, headers: int) -> None:
        self.array, self.headers = array, headers
        self.firsts, self.ends = (each.tolist() for each in array.tiles.runs())
        self.passes: dict[tuple[object, ...], _Seen] = {}
        self.run: dict[tuple[object, ...], _Seen] = {}
        self.end = 0  # of that run, a tile of the whole

    def look(self) -> None:
        """The loader has gone on to another tile: skip what comes like what was before."""
        array, count = self.array, self.array.tiles.count
        number, tile = divmod(array.loading, count)
        if array.readable >= self.headers:
            return
        if tile == 0:
            self._skip(self.passes, self.headers - array.readable)
            number, tile = divmod(array.loading, count)
        first, end = (number * count + at[tile] for at in (self.firsts, self.ends))
        if end != self.end:
            self.run, self.end = {}, end
        if end - array.readable > LONG and min(group.oldest.tile for group in array.groups) >= first:
            self._skip(self.run, end - 1 - array.readable)

    def _skip(self, seen: dict[tuple[object, ...], _Seen], tiles: int) -> None:
        """Skip as many of ``tiles`` as make whole turns, if there is one."""
        now = self.array.seen()
        then = seen.setdefault(self.array.state(), now)
        if then is not now:
            self.array.skip(tiles // (now[0] - then[0]), then)


def cycle_by_cycle(
    cfg: FreeConfig, work: Work, stalls: Stalls, repeats: int = 1, outs: bool = True
) -> tuple[FreeSchedule, list[list[int]]]:
    """Schedule of ``work`` under ``stalls``, and of each group the steps that its partner made.

    ``work.steps`` must be there if a bit string has gaps. Without stalls ``work`` may run ``repeats`` times
    over (then its last tile does not keep). Without ``outs`` the schedule says nothing of single beats, and
    the steps are some of them: what repeats is not worked out again.
    """
    array = _Array(cfg, work, stalls, outs)
    headers = repeats * array.tiles.count
    repeated = None if outs else _Repeats(array, headers)
    while array.moved < headers * cfg.rows:
        loading = array.loading
        array.step(headers)
        if repeated and array.loading > loading:
            repeated.look()
    cycles = array.free + 1
    counters = array.counters
    counters["idle"] += cfg.groups * (cycles - array.cycle)  # until the last row has moved out
    named = {name: counters[name] for name in cfg.engine.counters(cfg).members}
    out_cycles, out_rows = np.array(array.outs or np.empty((0, 2)), np.int64).T
    return FreeSchedule(out_cycles, out_rows, cycles, named), [group.helped for group in array.groups]
