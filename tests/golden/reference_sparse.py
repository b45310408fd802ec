"""The contract of the unstructured designs as a state machine, one cycle at a time: slow, plain Python."""

from collections import deque

import numpy as np
from reference import Source, narrow

from zeroskip.verif.result import Result

COUNTERS = ("busy", "idle", "stall_a", "stall_b", "stall_sync", "stall_v", "stall_drain", "flush")


def encode_tile(cfg, tile, r):
    """Mask beats and value beats of row ``r``: each a payload and ``last``."""
    k = tile.a.shape[1]
    row = tile.a[r].tolist() if r < len(tile.a) else [0] * k
    masks = []
    for start in range(0, k, cfg.block):
        masks.append([p for p in range(cfg.block) if start + p < k and row[start + p] != 0])
    values = [v for v in row if v != 0]
    while not values or len(values) % cfg.beat_values:
        values.append(None)
    beats = [values[i : i + cfg.beat_values] for i in range(0, len(values), cfg.beat_values)]
    return tuple([(x, i == len(xs) - 1) for i, x in enumerate(xs)] for xs in (masks, beats))


class Row:
    """One row: its streams, mask and value registers, pipeline, sums and drain registers."""

    def __init__(self, array, r):
        cfg, gaps = array.cfg, array.stalls.gaps
        self.array, self.cfg, self.r = array, cfg, r
        encoded = [encode_tile(cfg, tile, r) for tile in array.tiles]
        self.mask_s = Source([beat for masks, _ in encoded for beat in masks], gaps.get(f"mask{r}"))
        self.a_s = Source([beat for _, beats in encoded for beat in beats], gaps.get(f"a{r}"))
        self.entry = 0  # tile whose masks it reads
        self.mask = None  # positions left, or None for an empty register
        self.mask_last = self.mask_tile = None
        self.values = None  # or an empty register
        self.value_last = False  # of the beat in the register
        self.used_up = False  # the tile's last value beat
        self.first_window = self.block = 0  # of the tile, in the tile
        self.pipe = deque([None] * cfg.latency)
        self.sums = [0] * cfg.cols
        self.drain = None
        self.pairs = 0

    def frozen(self, moving):
        at_end = self.pipe[-1]
        return bool(at_end and at_end["final"] and self.drain is not None and moving != self.r)

    def decide(self, frozen):
        """The counter that this cycle adds to."""
        array = self.array
        if frozen:
            return "stall_drain"
        if self.mask is None:
            return "stall_a" if self.entry in array.queue else "idle"
        window = self.first_window + self.block
        if window - array.oldest >= array.held:
            return "stall_b"
        if self.cfg.schedule == "lockstep" and window != array.oldest:
            return "stall_sync"
        final = self.mask_last and len(self.mask) <= 1
        if (self.mask or final) and self.values is None and not self.used_up:
            return "stall_v"
        return "busy"

    def cycle(self, moving):
        """One cycle; gives its counter, the entry it is done with and the window it releases, or None."""
        frozen = self.frozen(moving)
        what = self.decide(frozen)
        refill = self.values is None and not self.used_up
        issue = released = finished = None
        if what == "busy":
            issue, released = self.issue()
            refill = refill or issue["final"] or (issue["emptied"] and not self.value_last)

        takes = self.mask is None and self.entry in self.array.queue and self.mask_s.head is not None
        if takes:
            positions, self.mask_last = self.mask_s.head
            self.mask, self.mask_tile = list(positions), self.entry
            if self.mask_last:
                finished = self.entry
                self.entry += 1
        self.mask_s.tick(takes)

        takes = refill and self.a_s.head is not None
        if takes:
            values, self.value_last = self.a_s.head
            self.values = list(values)
        self.a_s.tick(takes)

        if moving == self.r:
            self.drain = None
        if not frozen:
            self.accumulate(self.pipe.pop())
            self.pipe.appendleft(issue)
        return what, finished, released

    def issue(self):
        """What goes into the pipeline, and the window that the row is done with."""
        tile = self.array.tiles[self.mask_tile]
        window = self.first_window + self.block
        issue = {"pair": None, "final": False, "emptied": False}
        if self.mask:
            position = self.block * self.cfg.block + self.mask.pop(0)
            issue["pair"] = (self.values.pop(0), position, tile)
            self.pairs += 1
            if not self.values:
                self.values, self.used_up, issue["emptied"] = None, self.value_last, True
        if self.mask:
            return issue, None
        self.mask = None
        self.block += 1
        if self.mask_last:
            issue["final"] = True
            self.first_window += 0 if tile.keep else self.block
            self.block = 0
            self.values, self.used_up = None, False
        return issue, None if tile.keep else window

    def accumulate(self, issue):
        if issue is None:
            return
        if issue["pair"]:
            value, position, tile = issue["pair"]
            for c, element in enumerate(tile.b[position].tolist()):
                self.sums[c], left = narrow(self.cfg, self.sums[c] + value * element)
                self.array.overflow |= left
        if issue["final"]:
            assert self.drain is None
            self.drain = self.sums
            self.sums = [0] * self.cfg.cols


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
        self.readers = {t: set(range(-1, cfg.rows)) for t in range(len(tiles))}  # not done; -1 the loader
        self.loading = 0
        self.held = self.oldest = 0
        self.holders = {}  # window: rows that have not released it
        self.overflow = False
        self.rows = [Row(self, r) for r in range(cfg.rows)]
        self.output = None
        self.outs = []  # (cycle, row, sums)
        self.counters = dict.fromkeys(COUNTERS, 0)

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
            full = [row.r for row in self.rows if row.drain is not None]
            if full:
                moving = full[0]
                output = (moving, self.rows[moving].drain)

        done_entries, released = [], []
        for row in self.rows:
            what, finished, window = row.cycle(moving)
            self.counters[what] += 1
            done_entries.append((row.r, finished))
            released.append((row.r, window))
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
        for r, window in released:
            if window is not None:
                self.holders.setdefault(window, set(range(self.cfg.rows))).remove(r)
        leaves = self.held > 0 and self.holders.get(self.oldest) == set()
        self.held += loaded - leaves
        self.oldest += leaves
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
    pairs = np.array([row.pairs for row in array.rows])
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
