"""The contract of the unstructured designs as a state machine, one cycle at a time: slow, plain Python."""

from collections import deque

import numpy as np
from reference import Source, narrow
from reference_strings import encode

from zeroskip.verif.result import Result


class Group:
    """One group: its stream, gearbox, places of the position register, pipeline, sums and drain registers."""

    def __init__(self, array, g):
        cfg = array.cfg
        self.array, self.cfg, self.g = array, cfg, g
        self.steps = [deque(encode(cfg, tile)[g]) for tile in array.tiles]
        beats = []
        for steps in self.steps:
            bits = sum(step.takes for step in steps)
            beats += [
                bits <= beat * cfg.beat_bits for beat in range(1, max(1, -(-bits // cfg.beat_bits)) + 1)
            ]
        self.source = Source([(last,) for last in beats], array.stalls.gaps.get(f"a{g}"))
        self.bits, self.has_last = 0, False  # in the gearbox
        self.entry = 0  # tile whose steps it decodes
        self.places = []  # the position register, two places with `share`: (step, its tile)
        self.partner = None
        self.base = 0  # first window of the tile that it issues, or the next to
        self.released = 0  # windows of all that it has seen
        self.pipe = deque([[]] * cfg.latency)
        self.sums = [[0] * cfg.cols for _ in range(cfg.group)]
        self.drain = [None] * cfg.group
        self.pairs = [0] * cfg.group
        self.gated = [[0] * cfg.cols for _ in range(cfg.group)]

    def frozen(self, moving):
        """``moving`` is the row of the array that leaves its drain registers, or None."""
        final = any(step.final for step, _ in self.pipe[-1])
        full = [self.g * self.cfg.group + r for r, sums in enumerate(self.drain) if sums is not None]
        return final and any(row != moving for row in full)

    def decide(self, frozen):
        """The counter that this cycle adds to, if the group helps nobody."""
        array = self.array
        if frozen:
            return "stall_drain"
        if not self.places:
            return "stall_a" if self.entry in array.queue else "idle"
        return self.can_issue(self.places[0][0])

    def can_issue(self, step):
        array, window = self.array, self.base + step.block
        if window >= array.oldest + array.held:
            return "stall_b"
        assert window >= array.oldest
        if self.cfg.schedule == "lockstep" and window - array.oldest > (1 if array.leaves else 0):
            return "stall_sync"
        return "busy"

    def helped(self, what):
        """Whether the partner makes the second step; ``what`` is the counter of each group."""
        if not self.cfg.share or what[self] != "busy" or what[self.partner] in ("busy", "stall_drain"):
            return False
        if len(self.places) < 2 or self.places[0][0].final:
            return False
        assert self.places[0][1] == self.places[1][1]
        return self.can_issue(self.places[1][0]) == "busy"

    def cycle(self, moving, what, helped):
        """One cycle; gives the entry that the group is done with or None."""
        frozen = what == "stall_drain"
        issues = [self.places.pop(0) for _ in range((what == "busy") + helped)]
        self.release = self.released  # at the end of the cycle
        if issues and issues[-1][0].final:
            self.base = self.release = self.base + self.array.windows_gone(issues[-1][1])
        finished = None
        stay = len(self.places)
        if stay < (2 if self.cfg.share else 1):
            finished = self.decode()
            # Two, if the first is there now, is not the final one, and its tile is not dense.
            two = self.cfg.share and stay == 0 and self.places and not self.places[0][0].final
            if two and not self.array.tiles[self.entry].dense:
                finished = self.decode()
        if self.places and not self.array.tiles[self.places[0][1]].keep:
            self.release = max(self.release, self.base + self.places[0][0].block)
        takes = self.source.head is not None and self.bits <= self.cfg.beat_bits and not self.has_last
        if takes:
            self.bits += self.cfg.beat_bits
            (self.has_last,) = self.source.head
        self.source.tick(takes)

        for row in range(self.cfg.group):
            if moving == self.g * self.cfg.group + row:
                self.drain[row] = None
        if not frozen:
            self.accumulate(self.pipe.pop())
            self.pipe.appendleft(issues)
        return finished

    def decode(self):
        """Take the next step off the gearbox, if it can be; gives the entry that the group is done with."""
        if self.entry not in self.array.queue:
            return None
        if self.steps[self.entry][0].needs > self.bits:
            return None
        step = self.steps[self.entry].popleft()
        self.places.append((step, self.entry))
        self.bits -= step.takes
        assert self.bits >= 0
        if not step.final:
            return None
        self.bits, self.has_last = 0, False
        self.entry += 1
        return self.entry - 1

    def accumulate(self, issues):
        for maker, (step, tile) in zip((self, self.partner), issues, strict=False):
            b = self.array.tiles[tile].b
            for row, factors in step.pairs:
                maker.pairs[row] += 1
                if self.cfg.gate:
                    ((p, value),) = factors.items()
                    for c in range(self.cfg.cols):
                        self.gated[row][c] += value == 0 or c >= b.shape[1] or b[p, c] == 0
                for c in range(b.shape[1]):
                    total = self.sums[row][c] + sum(factor * int(b[p, c]) for p, factor in factors.items())
                    if self.cfg.can_overflow:
                        total, left = narrow(self.cfg, total)
                        self.array.overflow |= left
                    self.sums[row][c] = total
        if issues and issues[-1][0].final:
            # What some of a value's digits give may be out of range on the way, but never the sums.
            assert all(narrow(self.cfg, total) == (total, False) for sums in self.sums for total in sums)
            assert self.drain == [None] * self.cfg.group
            self.drain = self.sums
            self.sums = [[0] * self.cfg.cols for _ in range(self.cfg.group)]


class Reference:
    """The array and its streams; ``run`` takes it through all tiles."""

    def __init__(self, cfg, tiles, stalls):
        self.cfg, self.tiles, self.stalls = cfg, tiles, stalls
        self.headers = Source(list(range(len(tiles))), stalls.gaps.get("tile"))
        self.loads = [t == 0 or not tiles[t - 1].keep for t in range(len(tiles))]
        chunks = []
        for t, tile in enumerate(tiles):
            beats = -(-tile.a.shape[1] // cfg.block) * cfg.chunks
            if self.loads[t]:
                chunks += [(i % cfg.chunks == cfg.chunks - 1, i == beats - 1) for i in range(beats)]
        self.b_s = Source(chunks, stalls.gaps.get("b"))
        self.queue = []  # tiles whose headers are held
        self.readers = {t: set(range(-1, cfg.groups)) for t in range(len(tiles))}  # not done; -1 the loader
        self.loading = 0
        self.held = self.oldest = 0
        self.leaves = False
        self.overflow = False
        self.groups = [Group(self, g) for g in range(cfg.groups)]
        if cfg.share:
            for group in self.groups:
                group.partner = self.groups[group.g ^ 1]
        self.output = None
        self.outs = []  # (cycle, row, sums)
        self.counters = dict.fromkeys(cfg.engine.counters(cfg).members, 0)

    def windows_gone(self, tile):
        """Windows that are gone when the tile is over."""
        return 0 if self.tiles[tile].keep else -(-self.tiles[tile].a.shape[1] // self.cfg.block)

    def run(self):
        cycle = 0
        while len(self.outs) < len(self.tiles) * self.cfg.rows:
            assert cycle < 200_000
            self.cycle(cycle)
            cycle += 1
        return cycle

    def cycle(self, cycle):
        ready = self.stalls.ready is None or bool(self.stalls.ready[cycle % len(self.stalls.ready)])
        moves_out = self.output is not None and ready
        if moves_out:
            self.outs.append((cycle, *self.output))
        moving, output = None, (None if moves_out else self.output)
        if output is None:
            drains = [sums for group in self.groups for sums in group.drain]
            full = [row for row, sums in enumerate(drains) if sums is not None]
            if full:
                moving = full[0]
                output = (moving, drains[moving])
        self.leaves = self.held > 0 and all(group.released > self.oldest for group in self.groups)

        done_entries = []
        frozen = {group: group.frozen(moving) for group in self.groups}
        what = {group: group.decide(frozen[group] or frozen.get(group.partner)) for group in self.groups}
        helped = {group: group.helped(what) for group in self.groups}
        for group in self.groups:
            self.counters["help" if helped.get(group.partner) else what[group]] += 1
            done_entries.append((group.g, group.cycle(moving, what[group], helped[group])))
        loaded, finished = self.load()
        done_entries.append((-1, finished))
        header = self.headers.head if len(self.queue) < 8 else None
        self.headers.tick(header is not None)

        # The end of the cycle: what is shared between readers changes.
        for reader, tile in done_entries:
            if tile is not None:
                self.readers[tile].remove(reader)
        if self.queue and not self.readers[self.queue[0]]:
            self.queue.pop(0)
        if header is not None:
            self.queue.append(header)
        for group in self.groups:
            group.released = group.release
        self.held += loaded - self.leaves
        self.oldest += self.leaves
        self.output = output

    def load(self):
        """The loader's cycle: whether a window is whole now, and the entry it is done with or None."""
        if self.loading not in self.queue:
            self.b_s.tick(False)
            return False, None
        whole, done = False, not self.loads[self.loading]
        takes = not done and self.held < self.cfg.depth and self.b_s.head is not None
        if takes:
            whole, done = self.b_s.head
        self.b_s.tick(takes)
        self.loading += done
        return whole, self.loading - 1 if done else None


def simulate_sparse(cfg, tiles, stalls):
    """The Result of running ``tiles``, cycle by cycle."""
    array = Reference(cfg, tiles, stalls)
    cycles = array.run()
    outputs = [
        [[sums for _, out_row, sums in array.outs if out_row == r][t] for r in range(cfg.rows)]
        for t in range(len(tiles))
    ]
    pairs = np.array([pairs for group in array.groups for pairs in group.pairs])
    gated = np.array([row for group in array.groups for row in group.gated])[:, :, None]
    gates = {"gated": int(gated.sum())} if cfg.gate else {}
    return Result(
        outputs=[np.array(sums) for sums in outputs],
        out_cycles=np.array([cycle for cycle, _, _ in array.outs]),
        out_rows=np.array([r for _, r, _ in array.outs]),
        cycles=cycles,
        counters=array.counters | gates,
        busy=pairs[:, None, None] - gated,
        gated=gated if cfg.gate else None,
        overflow=array.overflow,
    )
