"""The contract of the unstructured designs as a state machine, one cycle at a time: slow, plain Python."""

from collections import deque

import numpy as np
from reference import Source, narrow
from reference_strings import encode

from zeroskip.verif.result import Result

COUNTERS = ("busy", "idle", "stall_a", "stall_b", "stall_sync", "stall_drain", "flush")


class Group:
    """One group: its stream, gearbox, position register, pipeline, sums and drain registers."""

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
        self.step = self.tile = None  # the position register, and whose step it holds
        self.base = 0  # first window of the tile that it issues
        self.next_base = 0  # first window of the tile that it decodes
        self.released = 0  # windows of all that it has seen
        self.pipe = deque([None] * cfg.latency)
        self.sums = [[0] * cfg.cols for _ in range(cfg.group)]
        self.drain = [None] * cfg.group
        self.pairs = [0] * cfg.group

    def frozen(self, moving):
        """``moving`` is the row of the array that leaves its drain registers, or None."""
        at_end = self.pipe[-1]
        full = [self.g * self.cfg.group + r for r, sums in enumerate(self.drain) if sums is not None]
        return bool(at_end and at_end[0].final and any(row != moving for row in full))

    def decide(self, frozen):
        """The counter that this cycle adds to."""
        array = self.array
        if frozen:
            return "stall_drain"
        if self.step is None:
            return "stall_a" if self.entry in array.queue else "idle"
        window = self.base + self.step.block
        if window >= array.oldest + array.held:
            return "stall_b"
        assert window >= array.oldest
        if self.cfg.schedule == "lockstep" and window - array.oldest > (1 if array.leaves else 0):
            return "stall_sync"
        return "busy"

    def cycle(self, moving):
        """One cycle; gives its counter, the entry it is done with or None."""
        frozen = self.frozen(moving)
        what = self.decide(frozen)
        issue = (self.step, self.tile) if what == "busy" else None
        self.release = self.released  # at the end of the cycle
        if issue:
            self.step = None
            if issue[0].final:
                self.base = self.release = self.base + self.array.windows_gone(issue[1])
        finished = self.decode()
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
            self.pipe.appendleft(issue)
        return what, finished

    def decode(self):
        """Take the next step off the gearbox, if it can be; gives the entry that the group is done with."""
        if self.step is not None or self.entry not in self.array.queue:
            return None
        if self.steps[self.entry][0].needs > self.bits:
            return None
        self.step, self.tile = self.steps[self.entry].popleft(), self.entry
        self.bits -= self.step.takes
        assert self.bits >= 0
        if not self.array.tiles[self.entry].keep:
            self.release = max(self.release, self.next_base + self.step.block)
        if not self.step.final:
            return None
        self.bits, self.has_last = 0, False
        self.next_base += self.array.windows_gone(self.entry)
        self.entry += 1
        return self.entry - 1

    def accumulate(self, issue):
        if issue is None:
            return
        step, tile = issue
        b = self.array.tiles[tile].b
        for row, value in step.pairs:
            self.pairs[row] += 1
            for c, element in enumerate(b[step.position].tolist()):
                self.sums[row][c], left = narrow(self.cfg, self.sums[row][c] + value * element)
                self.array.overflow |= left
        if step.final:
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
        self.output = None
        self.outs = []  # (cycle, row, sums)
        self.counters = dict.fromkeys(COUNTERS, 0)

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
        for group in self.groups:
            what, finished = group.cycle(moving)
            self.counters[what] += 1
            done_entries.append((group.g, finished))
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
    return Result(
        outputs=[np.array(sums) for sums in outputs],
        out_cycles=np.array([cycle for cycle, _, _ in array.outs]),
        out_rows=np.array([r for _, r, _ in array.outs]),
        cycles=cycles,
        counters=array.counters,
        busy=np.broadcast_to(pairs[:, None, None], (cfg.rows, cfg.cols, 1)),
        gated=None,
        overflow=array.overflow,
    )
