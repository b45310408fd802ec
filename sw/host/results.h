/* Result beats, and the product of them. */

/* Result beats of a product; 0 where there is no such product. */
static inline size_t zs_result_beats(const struct zs_design *design, const struct zs_product *product)
{
    uint32_t counts[3], rows;
    size_t tiles;

    if (zs_check_shape(design, product))
        return 0;
    tiles = zs_count(design, product, counts);
    rows = product->transposed ? product->b.cols : product->a.rows;
    return design->is.row_bits ? tiles * design->is.rows : tiles / counts[0] * rows;
}

/* Adds a result row of the array to the product c. */
static inline void zs_add_row(const struct zs_product *product, const struct zs_tile *tile, uint32_t row,
                              const uint8_t *beat, int64_t *c)
{
    const struct zs_numbers *is = &tile->design->is;
    uint32_t col;

    for (col = 0; col < tile->cols; col++) {
        uint64_t bits = zs_get(beat, col * is->sum_bits, is->sum_bits), sign = (uint64_t)1 << (is->sum_bits - 1);
        int64_t sum = (int64_t)(is->sum_signed ? (bits ^ sign) - sign : bits);
        size_t i = tile->row + row, j = tile->col + col;

        c[product->transposed ? j * product->b.cols + i : i * product->b.cols + j] += sum;
    }
}

/* Rows that carry their number: the t-th with a number is of tile t. */
static inline int zs_unpack_numbered(const struct zs_design *design, const struct zs_product *product,
                                     const uint8_t *beats, size_t count, int64_t *c)
{
    uint32_t first = design->is.cols * design->is.sum_bits, row;
    size_t tiles = count / design->is.rows, number, i;

    for (row = 0; row < design->is.rows; row++) {
        for (number = 0, i = 0; i < count; i++) {
            const uint8_t *beat = beats + i * design->result.bytes;
            struct zs_tile tile;

            if (zs_get(beat, first, design->is.row_bits) != row)
                continue;
            if (number == tiles)
                return ZS_ROW;
            tile = zs_tile_at(design, product, number++);
            if (row < tile.rows)
                zs_add_row(product, &tile, row, beat, c);
        }
        if (number != tiles)
            return ZS_ROW;
    }
    return ZS_OK;
}

/* Rows in order, tile by tile. */
static inline int zs_unpack_in_order(const struct zs_design *design, const struct zs_product *product,
                                     const uint8_t *beats, size_t count, int64_t *c)
{
    uint32_t first = design->is.cols * design->is.sum_bits, row;
    const uint8_t *beat = beats, *end = beats + count * design->result.bytes;
    size_t number;

    for (number = 0; beat != end; number++) {
        struct zs_tile tile = zs_tile_at(design, product, number);

        for (row = 0; row < tile.rows; row++, beat += design->result.bytes) {
            if (design->is.last_bits && zs_get(beat, first, 1) != (row + 1 == tile.rows))
                return ZS_LAST;
            zs_add_row(product, &tile, row, beat, c);
        }
    }
    return ZS_OK;
}

/* The product of its `count` result beats: c (m x n), row by row. Matrices of `product` need no data here. Returns
 * ZS_OK, or an error, after which c means nothing. */
static inline int zs_unpack(const struct zs_design *design, const struct zs_product *product, const uint8_t *beats,
                            size_t count, int64_t *c)
{
    size_t values = (size_t)product->a.rows * product->b.cols, i;
    uint32_t bit;
    int wrong = zs_check_shape(design, product);

    if (wrong)
        return wrong;
    if (count != zs_result_beats(design, product))
        return ZS_BEATS;
    for (i = 0; i < count; i++)
        for (bit = design->result.bits; bit < design->result.bytes * 8; bit++)
            if (zs_get(beats + i * design->result.bytes, bit, 1))
                return ZS_PADDING;
    for (i = 0; i < values; i++)
        c[i] = 0;
    return design->is.row_bits ? zs_unpack_numbered(design, product, beats, count, c)
                               : zs_unpack_in_order(design, product, beats, count, c);
}
