/* As `csr`, all rows of the tile filled up to the longest. */

static inline int zs_ell_choose(const void *numbers, struct zs_tile *tile)
{
    uint32_t most = 1, row;

    (void)numbers;
    for (row = 0; row < tile->rows; row++) {
        uint32_t count = zs_nonzeros(tile, row);

        most = count > most ? count : most;
    }
    tile->chosen[0] = most;
    return ZS_OK;
}

static inline uint32_t zs_ell_string(const void *numbers, const struct zs_tile *tile, uint32_t stream,
                                     struct zs_bits *out)
{
    const struct zs_ell *is = (const struct zs_ell *)numbers;
    uint32_t count = tile->chosen[0], k;

    zs_put(out, count, is->count);
    for (k = 0; k < tile->k; k++)
        if (zs_a(tile, stream, k)) {
            zs_put_signed(out, zs_a(tile, stream, k), is->value);
            zs_put(out, k, is->index);
        }
    zs_put(out, 0, (count - zs_nonzeros(tile, stream)) * (is->value + is->index));
    return count;
}
