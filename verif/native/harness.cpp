// A whole simulation in one call: drives the input streams, sinks the results, counts activity.
//
// Generated `ports.h` gives the streams, sizes and optional ports of one design; the rest is the same for
// all. Every input of the design is a register of the wrapper, so one evaluation per cycle settles
// everything: after the clock edge that begins cycle t, all outputs are those of cycle t.
#include <cstdint>
#include <cstring>

#include "Vtb.h"
#include "ports.h"

#define EXPORT extern "C" __attribute__((visibility("default")))

// Mirrored field by field in simulation.py.
struct Stream {
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

struct Run {
    Stream streams[66];     // header, `b`, and two for each row of the tallest unstructured array
    const uint8_t* ready;   // the sink's ready by cycle, repeating
    uint8_t* out;           // out_room * OUT_BYTES
    int64_t* out_cycles;
    uint16_t* series;       // busy multipliers of each cycle, or null
    int64_t* busy;          // MULTIPLIERS, active cycles
    int64_t* gated;
    int64_t ready_count;
    int64_t out_room;
    int64_t out_count;
    int64_t cycle;          // cycles simulated
    int64_t max_cycles;
    int64_t quiet_limit;    // stop after so many cycles without a movement once all inputs are consumed; 0: never
    int64_t quiet;
    int64_t clear_cycle;    // cycle in which i_clear is 1, or -1
    uint64_t control;
    uint32_t counters[8];   // of all cycles before `cycle`
    uint32_t cause;
    uint32_t error;
    uint32_t overflow;
};

enum Stop { FULL = 1, QUIET = 2, LIMIT = 3, UNSTABLE = 4, NEED = 8 };

namespace {

constexpr int WORDS = (MULTIPLIERS + 63) / 64;

// Counts of MULTIPLIERS bits at once: plane p holds bit p of every count, so that adding a vector of bits
// takes two operations a word on average.
class Tally {
    static constexpr int PLANES = 20;
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
        for (int i = 0; i < MULTIPLIERS; ++i)
            for (int p = 0; p < PLANES; ++p) counts[i] += int64_t(planes[i / 64][p] >> (i % 64) & 1) << p;
        memset(planes, 0, sizeof planes);
        added = 0;
    }
};

constexpr int DIRTY_CYCLES = 29;  // odd, and longer than any pipeline here

struct Simulation {
    VerilatedContext context;
    Vtb top{&context};
    Tally busy, gated;
    uint8_t held[OUT_BYTES];  // the row that waits for the sink
    bool waiting = false;
    bool begun = false;       // the clock edge of cycle `cycle` has been

    ~Simulation() { top.final(); }
    void edge() {
        top.clk = 0;
        top.eval();
        top.clk = 1;
        top.eval();
    }
    bool started = false;

    void start(Run& r);
    int run(Run& r);
    int simulate(Run& r);
    void count(Run& r);
};

// Before cycle `cycle`: puts the stream's next beat on its port if it is due, else takes the valid away.
template <typename Payload>
inline void offer(Stream& s, Payload& payload, CData& valid, int64_t bytes) {
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

inline bool accept(Stream& s, CData ready, int64_t cycle) {
    if (!(s.offered && ready)) return false;
    s.moves[s.next++] = cycle;
    s.offered = 0;
    s.wait = s.gaps[s.gap_next];
    if (++s.gap_next == s.gap_count) s.gap_next = 0;
    return true;
}

// Reset, out of a state as dirty as some cycles of beats that ignore every ready can make it.
void Simulation::start(Run& r) {
    top.control_next = r.control;
    for (int t = 0; t < DIRTY_CYCLES; ++t) {
#define DIRTY(i, name, bytes) \
    if (r.streams[i].count) { \
        memcpy(&top.name##_payload_next, r.streams[i].beats + t % r.streams[i].count * bytes, bytes); \
        top.name##_valid_next = 1; \
    }
        STREAMS(DIRTY)
        top.c_ready_next = t & 1;
        edge();
    }
#define QUIET_STREAM(i, name, bytes) top.name##_valid_next = 0;
    STREAMS(QUIET_STREAM)
    top.rst_next = 1;
    for (int i = 0; i < 3; ++i) edge();
    top.rst_next = 0;
    started = true;
}

int Simulation::run(Run& r) {
    if (!started) start(r);
    const int stop = simulate(r);
    count(r);
    memcpy(r.counters, &top.counters, COUNTER_BYTES);
    r.cause = top.cause;
    r.error = top.error;
    r.overflow = top.overflow;
    return stop;
}

void Simulation::count(Run& r) {
#if HAS_BUSY
    busy.flush(r.busy);
#endif
#if HAS_GATED
    gated.flush(r.gated);
#endif
}

int Simulation::simulate(Run& r) {
    int64_t ready = r.cycle % r.ready_count;
    for (;;) {
        if (!begun) {
#define NEEDS(i, name, bytes) \
    if (r.streams[i].more && !r.streams[i].offered && !r.streams[i].wait && r.streams[i].next == r.streams[i].count) \
        return NEED + i;
            STREAMS(NEEDS)
#define OFFER(i, name, bytes) offer(r.streams[i], top.name##_payload_next, top.name##_valid_next, bytes);
            STREAMS(OFFER)
            top.c_ready_next = r.ready[ready];
            top.clear_next = r.cycle == r.clear_cycle;
            edge();
            begun = true;
        }
        // Stopping with the next cycle begun, but not yet counted: the counters now cover all cycles before it.
        if (r.out_count == r.out_room) return FULL;
        if (r.quiet_limit && r.quiet >= r.quiet_limit) return QUIET;
        if (r.cycle >= r.max_cycles) return LIMIT;

        bool moved = false, more = false;
#define ACCEPT(i, name, bytes) \
    moved |= accept(r.streams[i], top.name##_ready, r.cycle); \
    more |= r.streams[i].next < r.streams[i].count || r.streams[i].more;
        STREAMS(ACCEPT)
        const bool valid = top.c_valid;
        if (waiting && (!valid || memcmp(held, &top.c_payload, OUT_BYTES))) return UNSTABLE;
        waiting = valid && !r.ready[ready];
        if (waiting) memcpy(held, &top.c_payload, OUT_BYTES);
        if (valid && !waiting) {
            memcpy(r.out + r.out_count * OUT_BYTES, &top.c_payload, OUT_BYTES);
            r.out_cycles[r.out_count++] = r.cycle;
        }
        r.quiet = moved || valid || more ? 0 : r.quiet + 1;
#if HAS_BUSY
        const int active = busy.add(&top.busy, sizeof top.busy);
        if (r.series) r.series[r.cycle] = uint16_t(active);
        if (busy.full()) count(r);
#endif
#if HAS_GATED
        gated.add(&top.gated, sizeof top.gated);
#endif
        ++r.cycle;
        if (++ready == r.ready_count) ready = 0;
        begun = false;
    }
}

}  // namespace

EXPORT Simulation* simulation_new() { return new Simulation; }
EXPORT void simulation_delete(Simulation* simulation) { delete simulation; }
EXPORT int simulation_run(Simulation* simulation, Run* run) { return simulation->run(*run); }
EXPORT int64_t run_bytes() { return sizeof(Run); }
