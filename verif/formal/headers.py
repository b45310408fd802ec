"""The header queue: every reader reads every header, in order, and none is written over before."""

from amaranth.hdl import Cat, Mux, Signal, Value
from amaranth.lib import data

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.engines.free.headers import ENTRIES, HeaderQueue, entry_layout
from zeroskip.verif.formal.bench import Bench, Inside, equal, implies

__all__ = ["header_queue"]

COUNT = 5  # bits of the numbers of headers: their differences are at most ENTRIES


def header_queue(bench: Bench, cfg: FreeConfig) -> None:
    """Headers are counted in, and counted by every reader; a marked one is what each reads at its number.

    No reader is more than the queue's entries ahead of another: this is what ring-* assumes.
    """
    queue = HeaderQueue(cfg)
    inside = bench.add("queue", queue)
    bench.source("i", queue.i)
    bench.comb += queue.done.eq(bench.any_signal("done", len(queue.done)))
    bench.assume((queue.done & ~queue.there) == 0)
    readers = range(len(queue.done))
    accept = queue.i.valid & queue.i.ready

    accepted, freed = Signal(COUNT, name="accepted"), Signal(COUNT, name="freed")
    held, release = Signal(COUNT, name="entries"), Signal(name="release")
    read = [Signal(COUNT, name=f"read_{r}") for r in readers]
    ahead = [Signal(COUNT, name=f"ahead_{r}") for r in readers]
    bench.comb += [
        held.eq(accepted - freed),
        *(a.eq(n - freed) for a, n in zip(ahead, read, strict=True)),
        release.eq(Cat((ahead[r] + queue.done[r])[:COUNT] != 0 for r in readers).all()),
    ]
    bench.sync += [
        accepted.eq(accepted + accept),
        freed.eq(freed + release),
        *(read[r].eq(read[r] + queue.done[r]) for r in readers),
    ]
    bench.claim("moves_by_rule_1", queue.i.ready == (held != ENTRIES))
    bench.claim("entries_at_most", held <= ENTRIES)
    for r in readers:
        bench.claim(f"reader_{r}_is_told", queue.there[r] == (read[r] != accepted))
        bench.claim(f"reader_{r}_within_the_queue", ahead[r] <= held)

    entry = _entry(bench, cfg, queue, inside)
    mark, marked = bench.any_signal("mark", 1), Signal(entry_layout(cfg), name="marked")
    known, number = Signal(name="mark_is_held"), Signal(COUNT, name="mark_number")
    with bench.module.If(accept & mark):
        bench.sync += [known.eq(1), number.eq(accepted), marked.eq(entry)]
    with bench.module.Elif(release & (freed == number)):
        bench.sync += known.eq(0)

    def same(found: data.View) -> Value:
        """What is read of a header: all of it, or that it is bad and whether it would load."""
        whole = Value.cast(found) == Value.cast(marked)
        return Mux(marked.bad, found.bad & (found.loads == marked.loads), whole)

    for r in readers:
        at_mark = known & (read[r] == number)
        bench.claim(f"reader_{r}_reads_the_header", implies(at_mark, same(queue.entry[r])))
        bench.lemma(f"reader_{r}_address", inside[f"ahead_{r}"] == ahead[r])
    reads = [register for register in inside.registers() if register.name == "read__addr"]
    numbers = [(inside["write__addr"], accepted), *zip(reads, read, strict=True)]
    bench.lemma("addresses", equal([(address, n[:3]) for address, n in numbers]))
    word = data.View(entry_layout(cfg), inside.peek("memory", number[:3]))
    bench.lemma("mark_is_stored", implies(known, same(word)))
    bench.lemma("mark_is_among_the_entries", implies(known, (number - freed)[:COUNT] < held))
    bench.lemma("held_known", inside["held"] == held)

    bench.reach("full_queue", held == ENTRIES)
    bench.reach("one_reader_far_ahead", (ahead[0] == ENTRIES) & (ahead[1] == 0))
    bench.reach("address_wraps", known & (number == ENTRIES) & (read[0] == number))


def _entry(bench: Bench, cfg: FreeConfig, queue: HeaderQueue, inside: Inside) -> data.View:
    """A header as the contract has it: in range, and with the k of windows that were kept."""
    header, accept = queue.i.payload, queue.i.valid & queue.i.ready
    kept, kept_k = Signal(name="windows_are_kept"), Signal.like(header.k, name="k_of_kept")
    keep = header.keep if cfg.schedule == "resident" else 0
    good = Signal(name="good")
    bench.comb += good.eq((header.k != 0) & (header.k <= cfg.k_max) & (~kept | (header.k == kept_k)))
    with bench.module.If(accept & good):
        bench.sync += [kept.eq(keep), kept_k.eq(header.k)]
    bench.claim("bad_is_told", queue.bad == (accept & ~good))
    entry = Signal(entry_layout(cfg), name="entry")
    bench.comb += [
        entry.k.eq(header.k),
        entry.blocks.eq((header.k + (cfg.block - 1)) // cfg.block),
        entry.keep.eq(keep),
        entry.dense.eq(header.dense if cfg.fallback else 0),
        entry.bad.eq(~good),
        entry.loads.eq(~kept),
    ]
    bench.lemma("kept_known", equal([(inside["kept"], kept)]) & implies(kept, inside["kept_k"] == kept_k))
    if cfg.schedule == "resident":
        bench.reach("other_k_than_kept", accept & ~good & kept & (header.k != 0))
    return entry
