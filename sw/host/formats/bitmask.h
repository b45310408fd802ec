/* A mask for every block, then its nonzeros. */

static inline uint32_t zs_bitmask_string(const void *numbers, const struct zs_tile *tile, uint32_t stream,
                                         struct zs_bits *out)
{
    const struct zs_bitmask *is = (const struct zs_bitmask *)numbers;
    uint32_t size = tile->design->is.block, steps = 0, k, i;

    for (k = 0; k < tile->k; k += size) {
        uint64_t mask = zs_mask(tile, stream, k, size);

        zs_put(out, mask, is->mask);
        for (i = 0; i < size; i++)
            if (mask >> i & 1)
                zs_put_signed(out, zs_a(tile, stream, k + i), is->value);
        steps += mask ? zs_ones(mask) : 1;
    }
    return steps;
}
