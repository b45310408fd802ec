/* A number, then the dense blocks that have nonzeros: index, and column after column. */

/* A group has nonzeros in the part at k. */
static inline int zs_bsr_part(const struct zs_bsr *is, const struct zs_tile *tile, uint32_t group, uint32_t k)
{
    uint32_t c;

    for (c = 0; c < is->block_cols; c++)
        if (zs_any(tile, group, k + c))
            return 1;
    return 0;
}

static inline uint32_t zs_bsr_string(const void *numbers, const struct zs_tile *tile, uint32_t stream,
                                     struct zs_bits *out)
{
    const struct zs_bsr *is = (const struct zs_bsr *)numbers;
    uint32_t size = is->block_cols, rows = tile->design->is.group, count = 0, k, c, q;

    for (k = 0; k < tile->k; k += size)
        count += zs_bsr_part(is, tile, stream, k) != 0;
    zs_put(out, count, is->count);
    for (k = 0; k < tile->k; k += size) {
        if (!zs_bsr_part(is, tile, stream, k))
            continue;
        zs_put(out, k / size, is->index);
        zs_put(out, 0, is->slot - is->index);
        for (c = 0; c < size; c++) {
            for (q = 0; q < rows; q++)
                zs_put_signed(out, zs_a(tile, stream * rows + q, k + c), is->value);
            zs_put(out, 0, is->slot - rows * is->value);
        }
    }
    return count ? count * size : 1;
}
