/* Bit strings in beats, written and read. */

struct zs_bits {
    uint8_t *data; /* NULL: beats are counted only */
    size_t room, beats;
    struct zs_layout beat;
    uint32_t used; /* bits of the newest beat */
    int full;      /* there was no room for a beat */
};

static inline struct zs_bits zs_begin(const struct zs_stream *stream, const struct zs_layout *beat)
{
    struct zs_bits out;

    out.data = stream->data ? stream->data + stream->beats * beat->bytes : NULL;
    out.room = stream->data ? stream->room - stream->beats : 0;
    out.beats = 0;
    out.beat = *beat;
    out.used = beat->bits;
    out.full = 0;
    return out;
}

static inline void zs_next_beat(struct zs_bits *out)
{
    uint32_t i;

    if (out->data && out->beats == out->room)
        out->full = 1;
    if (out->data && !out->full)
        for (i = 0; i < out->beat.bytes; i++)
            out->data[out->beats * out->beat.bytes + i] = 0;
    out->beats++;
    out->used = 0;
}

/* The low `width` bits of a value; those above bit 63 are 0. */
static inline void zs_put(struct zs_bits *out, uint64_t value, uint32_t width)
{
    while (width) {
        uint32_t bits, rest;

        if (out->used == out->beat.bits)
            zs_next_beat(out);
        bits = 8 - out->used % 8;
        rest = out->beat.bits - out->used;
        bits = bits < rest ? bits : rest;
        bits = bits < width ? bits : width;
        if (out->data && !out->full) {
            uint8_t *byte = out->data + (out->beats - 1) * out->beat.bytes + out->used / 8;

            *byte = (uint8_t)(*byte | ((value & ((1u << bits) - 1)) << out->used % 8));
        }
        value >>= bits;
        out->used += bits;
        width -= bits;
    }
}

static inline void zs_put_signed(struct zs_bits *out, int32_t value, uint32_t width)
{
    zs_put(out, (uint64_t)(int64_t)value, width);
}

/* Ends what a tile sends. */
static inline void zs_end(struct zs_bits *out)
{
    if (out->data && !out->full && out->beat.last) {
        uint8_t *byte = out->data + (out->beats - 1) * out->beat.bytes + out->beat.bits / 8;

        *byte = (uint8_t)(*byte | 1u << out->beat.bits % 8);
    }
    out->used = out->beat.bits;
}

/* `width` bits of a beat, 64 at most. */
static inline uint64_t zs_get(const uint8_t *beat, uint32_t first, uint32_t width)
{
    uint64_t value = 0;
    uint32_t i;

    for (i = 0; i < width; i++)
        value |= (uint64_t)(beat[(first + i) / 8] >> (first + i) % 8 & 1) << i;
    return value;
}
