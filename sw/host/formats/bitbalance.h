/* For every block so many times a digit of each element, or none. */

static inline int zs_bitbalance_choose(const void *numbers, struct zs_tile *tile)
{
    const struct zs_bitbalance *is = (const struct zs_bitbalance *)numbers;
    uint32_t row, k;

    for (row = 0; row < tile->rows; row++)
        for (k = 0; k < tile->k; k++) {
            int32_t value = zs_a(tile, row, k);

            if (zs_ones(zs_naf(value, 0) | zs_naf(value, 1)) > is->ones)
                return ZS_DIGITS;
        }
    return ZS_OK;
}

static inline uint32_t zs_bitbalance_string(const void *numbers, const struct zs_tile *tile, uint32_t stream,
                                            struct zs_bits *out)
{
    const struct zs_bitbalance *is = (const struct zs_bitbalance *)numbers;
    uint32_t size = tile->design->is.block, k, j, n;

    for (k = 0; k < tile->k; k += size)
        for (n = 0; n < is->ones; n++)
            for (j = 0; j < size; j++) {
                int32_t value = zs_a(tile, stream, k + j);
                uint32_t digits = zs_naf(value, 0) | zs_naf(value, 1), i;

                for (i = 0; i < n; i++)
                    digits &= digits - 1;
                zs_put(out, digits ? zs_lowest(digits) : is->digits, is->code);
                zs_put(out, digits ? zs_naf(value, 1) >> zs_lowest(digits) & 1 : 0, is->negative);
            }
    return 0;
}
