/* A mask over 8 blocks, then what `bitmask` has of those that have nonzeros. */

static inline uint32_t zs_bitmask2_string(const void *numbers, const struct zs_tile *tile, uint32_t stream,
                                          struct zs_bits *out)
{
    const struct zs_bitmask2 *is = (const struct zs_bitmask2 *)numbers;
    uint32_t size = tile->design->is.block, steps = 0, k, j, i;

    for (k = 0; k < tile->k; k += size * is->over) {
        uint64_t upper = 0;
        uint32_t count = 0;

        for (j = 0; j < is->over; j++)
            if (zs_mask(tile, stream, k + j * size, size))
                upper |= (uint64_t)1 << j;
        zs_put(out, upper, is->upper);
        for (j = 0; j < is->over; j++) {
            uint64_t mask = zs_mask(tile, stream, k + j * size, size);

            if (!mask)
                continue;
            zs_put(out, mask, is->mask);
            for (i = 0; i < size; i++)
                if (mask >> i & 1)
                    zs_put_signed(out, zs_a(tile, stream, k + j * size + i), is->value);
            count += zs_ones(mask);
        }
        steps += count ? count : 1;
    }
    return steps;
}
