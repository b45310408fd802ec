/* For every block a mask of the slices that are not 0, then these. */

static inline uint32_t zs_bitslice_string(const void *numbers, const struct zs_tile *tile, uint32_t stream,
                                          struct zs_bits *out)
{
    const struct zs_bitslice *is = (const struct zs_bitslice *)numbers;
    uint32_t size = tile->design->is.block, k, i, j, all;

    for (k = 0; k < tile->k; k += size)
        for (all = 0; all < 2; all++) /* the mask, then the slices */
            for (j = 0; j < size; j++) {
                int32_t left = zs_a(tile, stream, k + j);

                for (i = 0; i < is->slices; i++) {
                    int32_t low = i + 1 < is->slices ? (int32_t)(((uint32_t)left + 8u) & 15u) - 8 : left;

                    left = (left - low) / 16;
                    if (!all)
                        zs_put(out, low != 0, 1);
                    else if (low)
                        zs_put_signed(out, low, is->slice);
                }
            }
    return 0;
}
