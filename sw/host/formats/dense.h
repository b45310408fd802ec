/* Every value, lane by lane. */

static inline uint32_t zs_dense_string(const void *numbers, const struct zs_tile *tile, uint32_t stream,
                                       struct zs_bits *out)
{
    const struct zs_dense *is = (const struct zs_dense *)numbers;
    uint32_t rows = tile->design->is.rows, lanes = tile->design->is.lanes, k, row, lane;

    (void)stream;
    for (k = 0; k < tile->k; k += lanes)
        for (row = 0; row < rows; row++)
            for (lane = 0; lane < lanes; lane++)
                zs_put_signed(out, zs_a(tile, row, k + lane), is->value);
    return 0;
}
