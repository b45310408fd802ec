/* How many bits values have, then all planes of these. */

static inline uint32_t zs_bitserial_string(const void *numbers, const struct zs_tile *tile, uint32_t stream,
                                           struct zs_bits *out)
{
    const struct zs_bitserial *is = (const struct zs_bitserial *)numbers;
    uint32_t size = tile->design->is.block, used = 0, planes = tile->design->is.a_width, k, i, j;

    if (is->trim) {
        for (k = 0; k < tile->k; k++) {
            int32_t value = zs_a(tile, stream, k);

            used |= (uint32_t)(value < 0 ? ~value : value);
        }
        for (planes = tile->design->is.a_signed; used; used >>= 1)
            planes++;
        planes = planes ? planes : 1;
    }
    zs_put(out, planes - 1, is->planes);
    for (k = 0; k < tile->k; k += size)
        for (i = 0; i < planes; i++) {
            uint64_t plane = 0;

            for (j = 0; j < size; j++)
                plane |= (uint64_t)((uint32_t)zs_a(tile, stream, k + j) >> i & 1) << j;
            zs_put(out, plane, is->plane);
        }
    return 0;
}
