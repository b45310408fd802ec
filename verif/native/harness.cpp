// A whole simulation in one call: drives the input streams, sinks the results, counts activity.
//
// Generated `ports.h` gives the ports of one component by number, each list as a macro that applies another
// to all of them; the rest is the same for all. Every input is a register of the wrapper, so one evaluation
// per cycle settles everything: after the clock edge that begins cycle t, all outputs are those of cycle t.
#include <cstdint>
#include <cstring>

#include "Vtb.h"
#include "ports.h"

#define EXPORT extern "C" __attribute__((visibility("default")))

// Mirrored field by field in state.py.
struct Source {             // an input stream
    const uint8_t* beats;   // count * bytes
    const int64_t* gaps;    // gap_count idle cycles, repeating
    int64_t* moves;         // out: the cycle in which each beat moved
    int64_t count;
    int64_t gap_count;
    int64_t next;           // beat of this buffer that moves next
    int64_t gap_next;       // gap of the beat after it, as an index into gaps
    int64_t wait;           // idle cycles left before beat `next` is offered
    int32_t offered;
    int32_t more;           // another buffer follows this one
};

struct Sink {               // an output stream
    const uint8_t* ready;   // ready_count cycles, repeating
    uint8_t* beats;         // room * bytes
    int64_t* cycles;        // the cycle in which each beat moved
    int64_t ready_count;
    int64_t ready_next;     // ready of this cycle, as an index
    int64_t room;
    int64_t count;
    int64_t wanted;         // beats that make the run's end, with those of the other sinks
};

struct Pin {                // an input that is part of no stream
    const uint8_t* value;
    const uint8_t* pulse;   // instead of it in one cycle
    int64_t cycle;          // that cycle, or -1
};

struct Run {
    Source* sources;
    Sink* sinks;
    Pin* pins;
    uint8_t** probes;       // outputs that are part of no stream, after all cycles before `cycle`
    int64_t* tallies;       // cycles in which each bit was 1, of all tallied outputs in turn
    uint16_t* series;       // active bits of the first one in each cycle, or null
    int64_t cycle;          // cycles simulated
    int64_t max_cycles;
    int64_t quiet_limit;    // stop after so many cycles without a movement once all inputs are consumed; 0: never
    int64_t quiet;
    int64_t lacking;        // sinks that lack wanted beats; stop at 0
    int64_t unstable;       // sink that broke the protocol
};

enum Stop { FULL = 1, QUIET = 2, LIMIT = 3, UNSTABLE = 4, ROOM = 5, NEED = 8 };

namespace {

// Counts of BITS bits at once: plane p holds bit p of every count, so that adding a vector of bits takes two
// operations a word on average.
template <int BITS>
class Tally {
    static constexpr int PLANES = 20;
    static constexpr int WORDS = (BITS + 63) / 64;
    uint64_t planes[WORDS][PLANES] = {};
    int64_t added = 0;

public:
    int add(const void* bits, size_t bytes) {
        uint64_t words[WORDS] = {};
        memcpy(words, bits, bytes < sizeof words ? bytes : sizeof words);
        int active = 0;
        for (int w = 0; w < WORDS; ++w) {
            uint64_t carry = words[w];
            active += __builtin_popcountll(carry);
            for (int p = 0; carry; ++p) {
                const uint64_t sum = planes[w][p] ^ carry;
                carry &= planes[w][p];
                planes[w][p] = sum;
            }
        }
        ++added;
        return active;
    }
    bool full() const { return added == (1 << PLANES) - 1; }
    void flush(int64_t* counts) {
        for (int i = 0; i < BITS; ++i)
            for (int p = 0; p < PLANES; ++p) counts[i] += int64_t(planes[i / 64][p] >> (i % 64) & 1) << p;
        memset(planes, 0, sizeof planes);
        added = 0;
    }
};

constexpr int DIRTY_CYCLES = 29;  // odd, and longer than any pipeline here

struct Simulation {
    VerilatedContext context;
    Vtb top{&context};
#define TALLY(i, from, bits, begin) Tally<bits> tally##i;
    TALLIES(TALLY)
#define HELD(i, bytes) uint8_t held##i[bytes]; bool waiting##i = false;  // the beat that waits for its sink
    SINKS(HELD)
    bool begun = false;       // the clock edge of cycle `cycle` has been
    bool started = false;

    ~Simulation() { top.final(); }
    void edge() {
        top.clk = 0;
        top.eval();
        top.clk = 1;
        top.eval();
    }

    void start(Run& r);
    int run(Run& r);
    int simulate(Run& r);
    void count(Run& r);
};

// Before cycle `cycle`: puts the stream's next beat on its port if it is due, else takes the valid away.
template <typename Payload>
inline void offer(Source& s, Payload& payload, CData& valid, int64_t bytes) {
    if (!s.offered) {
        if (s.wait) {
            --s.wait;
        } else if (s.next < s.count) {
            memcpy(&payload, s.beats + s.next * bytes, bytes);
            s.offered = 1;
        }
    }
    valid = s.offered;
}

inline bool accept(Source& s, CData ready, int64_t cycle) {
    if (!(s.offered && ready)) return false;
    s.moves[s.next++] = cycle;
    s.offered = 0;
    s.wait = s.gaps[s.gap_next];
    if (++s.gap_next == s.gap_count) s.gap_next = 0;
    return true;
}

// In cycle `cycle`: keeps the beat that moves; whether the stream does what no stream may.
template <typename Payload>
inline bool sink(Sink& s, const Payload& payload, bool valid, uint8_t* held, bool& waiting, int64_t bytes, Run& r) {
    if (waiting && (!valid || memcmp(held, &payload, bytes))) return true;
    waiting = valid && !s.ready[s.ready_next];
    if (++s.ready_next == s.ready_count) s.ready_next = 0;
    if (waiting) memcpy(held, &payload, bytes);
    if (valid && !waiting) {
        memcpy(s.beats + s.count * bytes, &payload, bytes);
        s.cycles[s.count++] = r.cycle;
        if (s.count == s.wanted) --r.lacking;
    }
    return false;
}

// Reset, out of a state as dirty as some cycles of beats that ignore every ready can make it.
void Simulation::start(Run& r) {
#define VALUE(i, bytes) memcpy(&top.pin##i##_next, r.pins[i].value, bytes);
    PINS(VALUE)
    for (int t = 0; t < DIRTY_CYCLES; ++t) {
#define DIRTY(i, bytes) \
    if (r.sources[i].count) { \
        memcpy(&top.source##i##_payload_next, r.sources[i].beats + t % r.sources[i].count * bytes, bytes); \
        top.source##i##_valid_next = 1; \
    }
        SOURCES(DIRTY)
#define TOGGLE(i, bytes) top.sink##i##_ready_next = t & 1;
        SINKS(TOGGLE)
        edge();
    }
#define SILENT(i, bytes) top.source##i##_valid_next = 0;
    SOURCES(SILENT)
    top.rst_next = 1;
    for (int i = 0; i < 3; ++i) edge();
    top.rst_next = 0;
    started = true;
}

int Simulation::run(Run& r) {
    if (!started) start(r);
    const int stop = simulate(r);
    count(r);
#define PROBE(i, bytes) memcpy(r.probes[i], &top.probe##i, bytes);
    PROBES(PROBE)
    return stop;
}

void Simulation::count(Run& r) {
#define FLUSH(i, from, bits, begin) tally##i.flush(r.tallies + begin);
    TALLIES(FLUSH)
}

int Simulation::simulate(Run& r) {
    for (;;) {
        if (!begun) {
#define NEEDS(i, bytes) \
    if (r.sources[i].more && !r.sources[i].offered && !r.sources[i].wait && r.sources[i].next == r.sources[i].count) \
        return NEED + i;
            SOURCES(NEEDS)
#define OFFER(i, bytes) offer(r.sources[i], top.source##i##_payload_next, top.source##i##_valid_next, bytes);
            SOURCES(OFFER)
#define READY(i, bytes) top.sink##i##_ready_next = r.sinks[i].ready[r.sinks[i].ready_next];
            SINKS(READY)
#define SET(i, bytes) \
    memcpy(&top.pin##i##_next, r.cycle == r.pins[i].cycle ? r.pins[i].pulse : r.pins[i].value, bytes);
            PINS(SET)
            edge();
            begun = true;
        }
        // Stopping with the next cycle begun, but not yet counted: the counters now cover all cycles before it.
        if (!r.lacking) return FULL;
        if (r.quiet_limit && r.quiet >= r.quiet_limit) return QUIET;
        if (r.cycle >= r.max_cycles) return LIMIT;
#define ROOMY(i, bytes) if (r.sinks[i].count == r.sinks[i].room) return ROOM;
        SINKS(ROOMY)

        bool moved = false, more = false;
#define ACCEPT(i, bytes) \
    moved |= accept(r.sources[i], top.source##i##_ready, r.cycle); \
    more |= r.sources[i].next < r.sources[i].count || r.sources[i].more;
        SOURCES(ACCEPT)
#define SINK(i, bytes) \
    moved |= top.sink##i##_valid; \
    if (sink(r.sinks[i], top.sink##i##_payload, top.sink##i##_valid, held##i, waiting##i, bytes, r)) { \
        r.unstable = i; \
        return UNSTABLE; \
    }
        SINKS(SINK)
        r.quiet = moved || more ? 0 : r.quiet + 1;
#define ADD(i, from, bits, begin) \
    { \
        const int active = tally##i.add(&top.probe##from, sizeof top.probe##from); \
        if (i == 0 && r.series) r.series[r.cycle] = uint16_t(active); \
        if (tally##i.full()) count(r); \
    }
        TALLIES(ADD)
        ++r.cycle;
        begun = false;
    }
}

}  // namespace

EXPORT Simulation* simulation_new() { return new Simulation; }
EXPORT void simulation_delete(Simulation* simulation) { delete simulation; }
EXPORT int simulation_run(Simulation* simulation, Run* run) { return simulation->run(*run); }
EXPORT int64_t state_bytes() { return sizeof(Run) + sizeof(Source) + sizeof(Sink) + sizeof(Pin); }
