/* For every block which planes of magnitudes have ones, the signs, and these planes. */

static inline uint32_t zs_bitcolumn_string(const void *numbers, const struct zs_tile *tile, uint32_t stream,
                                           struct zs_bits *out)
{
    const struct zs_bitcolumn *is = (const struct zs_bitcolumn *)numbers;
    uint32_t size = tile->design->is.block, k, i, j;

    for (k = 0; k < tile->k; k += size) {
        uint64_t signs = 0;
        uint32_t planes = 0;

        for (j = 0; j < size; j++) {
            planes |= zs_magnitude(zs_a(tile, stream, k + j));
            signs |= (uint64_t)(zs_a(tile, stream, k + j) < 0) << j;
        }
        zs_put(out, planes, is->planes);
        zs_put(out, signs != 0, is->negative);
        if (signs)
            zs_put(out, signs, is->signs);
        for (i = 0; i < is->planes; i++) {
            uint64_t plane = 0;

            if (!(planes >> i & 1))
                continue;
            for (j = 0; j < size; j++)
                plane |= (uint64_t)(zs_magnitude(zs_a(tile, stream, k + j)) >> i & 1) << j;
            zs_put(out, plane, is->plane);
        }
    }
    return 0;
}
