/* Every value, filled up to whole scans. */

static inline uint32_t zs_activation_string(const void *numbers, const struct zs_tile *tile, uint32_t stream,
                                            struct zs_bits *out)
{
    const struct zs_activation *is = (const struct zs_activation *)numbers;
    uint32_t steps = 0, k;

    zs_put_elements(tile, stream, (tile->k + is->scan - 1) / is->scan * is->scan, is->value, out);
    for (k = 0; k < tile->k; k += is->scan) {
        uint32_t count = zs_ones(zs_mask(tile, stream, k, is->scan));

        steps += count ? count : 1;
    }
    return steps;
}
