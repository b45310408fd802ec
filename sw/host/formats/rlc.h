/* Nonzeros with the zeros before them. */

static inline uint32_t zs_rlc_string(const void *numbers, const struct zs_tile *tile, uint32_t stream,
                                     struct zs_bits *out)
{
    const struct zs_rlc *is = (const struct zs_rlc *)numbers;
    uint32_t longest = (1u << is->run) - 1, run = 0, steps = 0, k;

    for (k = 0; k < tile->k; k++) {
        int32_t value = zs_a(tile, stream, k);

        if (!value && k + 1 < tile->k && run < longest) {
            run++;
            continue;
        }
        zs_put_signed(out, value, is->value);
        zs_put(out, run, is->run);
        run = 0;
        steps++;
    }
    return steps;
}
