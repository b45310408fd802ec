/* For every block masks of where elements have digits, then the digits. */

/* The digit of a value at exponent 2 q or 2 q + 1: its symbol and 1, or 0 where there is none. */
static inline uint32_t zs_csd_pair(int32_t value, uint32_t q)
{
    uint32_t plus = zs_naf(value, 0) >> 2 * q & 3, minus = zs_naf(value, 1) >> 2 * q & 3;

    return plus | minus ? 1 + ((plus | minus) >> 1) + (minus ? 2u : 0u) : 0;
}

static inline uint32_t zs_csd_string(const void *numbers, const struct zs_tile *tile, uint32_t stream,
                                     struct zs_bits *out)
{
    const struct zs_csd *is = (const struct zs_csd *)numbers;
    uint32_t size = tile->design->is.block, k, i, j, t;

    for (k = 0; k < tile->k; k += size) {
        for (j = 0; j < size; j++)
            for (i = 0; i < is->pairs; i++)
                zs_put(out, zs_csd_pair(zs_a(tile, stream, k + j), i) != 0, 1);
        for (t = 0; t < is->pairs; t++)
            for (j = 0; j < size; j++) {
                int32_t value = zs_a(tile, stream, k + j);
                uint32_t before = 0;

                for (i = 0; i < is->pairs; i++)
                    if (zs_csd_pair(value, i) && before++ == t)
                        zs_put(out, zs_csd_pair(value, i) - 1, is->symbol);
            }
    }
    return 0;
}
