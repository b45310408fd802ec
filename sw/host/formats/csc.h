/* A number, then the columns of the group that have nonzeros: index, how many, and these. */

static inline uint32_t zs_csc_string(const void *numbers, const struct zs_tile *tile, uint32_t stream,
                                     struct zs_bits *out)
{
    const struct zs_csc *is = (const struct zs_csc *)numbers;
    uint32_t rows = tile->design->is.group, count = 0, k, q;

    for (k = 0; k < tile->k; k++)
        count += zs_any(tile, stream, k) != 0;
    zs_put(out, count, is->count);
    for (k = 0; k < tile->k; k++) {
        uint32_t entries = 0;

        for (q = 0; q < rows; q++)
            entries += zs_a(tile, stream * rows + q, k) != 0;
        if (!entries)
            continue;
        zs_put(out, k, is->index);
        zs_put(out, entries - 1, is->entries);
        zs_put(out, 0, is->slot - is->index - is->entries);
        for (q = 0; q < rows; q++)
            if (zs_a(tile, stream * rows + q, k)) {
                zs_put_signed(out, zs_a(tile, stream * rows + q, k), is->value);
                zs_put(out, q, is->row);
                zs_put(out, 0, is->slot - is->value - is->row);
            }
    }
    return count ? count : 1;
}
