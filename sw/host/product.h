/* Whole products: cut into tiles, which are packed one after the other. */

static inline struct zs_matrix zs_flipped(struct zs_matrix matrix)
{
    struct zs_matrix flipped = matrix;

    flipped.rows = matrix.cols;
    flipped.cols = matrix.rows;
    flipped.row_step = matrix.col_step;
    flipped.col_step = matrix.row_step;
    return flipped;
}

/* A matrix whose rows lie one after the other. */
static inline struct zs_matrix zs_by_rows(const void *data, enum zs_type type, uint32_t rows, uint32_t cols)
{
    struct zs_matrix matrix;

    matrix.data = data;
    matrix.type = type;
    matrix.rows = rows;
    matrix.cols = cols;
    matrix.row_step = cols;
    matrix.col_step = 1;
    return matrix;
}

/* A product as the design takes it; where its `serial` is `sparser`, set `transposed` to take b bit by bit. */
static inline struct zs_product zs_product_of(const struct zs_design *design, struct zs_matrix a, struct zs_matrix b)
{
    struct zs_product product;

    product.a = a;
    product.b = b;
    product.transposed = design->is.transposed;
    product.pattern[0] = product.pattern[1] = 0;
    return product;
}

static inline uint32_t zs_parts(uint32_t size, uint32_t step)
{
    return (size - 1) / step + 1;
}

/* Row tiles, column tiles, pieces of k; how many tiles there are. */
static inline size_t zs_count(const struct zs_design *design, const struct zs_product *product, uint32_t counts[3])
{
    uint32_t rows = product->a.rows, cols = product->b.cols, k = product->a.cols;

    counts[0] = zs_parts(product->transposed ? cols : rows, design->is.rows);
    counts[1] = zs_parts(product->transposed ? rows : cols, design->is.cols);
    counts[2] = k <= design->is.k_max ? 1 : zs_parts(k, design->is.piece);
    return (size_t)counts[0] * counts[1] * counts[2];
}

static inline uint32_t zs_least(uint32_t x, uint32_t y)
{
    return x < y ? x : y;
}

/* Tile `number` of the product. */
static inline struct zs_tile zs_tile_at(const struct zs_design *design, const struct zs_product *product,
                                        size_t number)
{
    struct zs_tile tile;
    uint32_t counts[3], at[3], i, k = product->a.cols;

    zs_count(design, product, counts);
    for (i = 3; i-- > 0; number /= counts[design->order[i]])
        at[design->order[i]] = (uint32_t)(number % counts[design->order[i]]);
    tile.design = design;
    tile.a = product->transposed ? zs_flipped(product->b) : product->a;
    tile.b = product->transposed ? zs_flipped(product->a) : product->b;
    tile.row = at[0] * design->is.rows;
    tile.rows = zs_least(design->is.rows, tile.a.rows - tile.row);
    tile.col = at[1] * design->is.cols;
    tile.cols = zs_least(design->is.cols, tile.b.cols - tile.col);
    tile.first = counts[2] == 1 ? 0 : at[2] * design->is.piece;
    tile.k = counts[2] == 1 ? k : zs_least(design->is.piece, k - tile.first);
    tile.blocks = zs_parts(tile.k, design->is.block);
    tile.keep = design->is.keeps && at[0] + 1 < counts[0];
    tile.loads = !design->is.keeps || at[0] == 0;
    tile.dense = 0;
    tile.chosen[0] = product->pattern[0];
    tile.chosen[1] = product->pattern[1];
    return tile;
}

static inline int zs_in_range(const struct zs_matrix *matrix, uint32_t width, uint32_t is_signed)
{
    int32_t low = is_signed ? -((int32_t)1 << (width - 1)) : 0, high = low + (int32_t)((1u << width) - 1);
    uint32_t row, col;

    for (row = 0; row < matrix->rows; row++)
        for (col = 0; col < matrix->cols; col++) {
            int32_t value = zs_element(matrix, row, col);

            if (value < low || value > high)
                return 0;
        }
    return 1;
}

static inline int zs_check_shape(const struct zs_design *design, const struct zs_product *product)
{
    uint32_t k = product->a.cols;

    if (!product->a.rows || !k || !product->b.cols || product->b.rows != k)
        return ZS_SHAPE;
    return k > design->is.k_max && design->is.block > design->is.k_max ? ZS_SHAPE : ZS_OK;
}

static inline int zs_check(const struct zs_design *design, const struct zs_product *product)
{
    const struct zs_matrix *a = product->transposed ? &product->b : &product->a;
    const struct zs_matrix *b = product->transposed ? &product->a : &product->b;
    uint32_t i, patterns = 0;
    int wrong = zs_check_shape(design, product);

    if (wrong)
        return wrong;
    if (!zs_in_range(a, design->is.a_width, design->is.a_signed))
        return product->transposed ? ZS_RANGE_B : ZS_RANGE_A;
    if (!zs_in_range(b, design->is.b_width, design->is.b_signed))
        return product->transposed ? ZS_RANGE_A : ZS_RANGE_B;
    for (i = 0; i < design->header_fields; i++)
        patterns += design->header[i].kind >= ZS_CHOSEN;
    for (i = patterns; i < 2; i++)
        if (product->pattern[i])
            return ZS_PATTERN;
    return ZS_OK;
}

static inline void zs_put_header(const struct zs_tile *tile, struct zs_bits *out)
{
    const struct zs_design *design = tile->design;
    uint32_t i;

    for (i = 0; i < design->header_fields; i++) {
        uint32_t kind = design->header[i].kind, value;

        switch (kind) {
        case ZS_K:
            value = tile->k;
            break;
        case ZS_ROWS:
            value = tile->rows;
            break;
        case ZS_KEEP:
            value = tile->keep;
            break;
        case ZS_DENSE:
            value = tile->dense;
            break;
        default:
            value = tile->chosen[kind - ZS_CHOSEN];
        }
        zs_put(out, value, design->header[i].bits);
    }
}

static inline void zs_put_windows(const struct zs_tile *tile, struct zs_bits *out)
{
    const struct zs_numbers *is = &tile->design->is;
    uint32_t k, col, i;

    for (k = 0; k < tile->blocks * is->block; k += is->chunk)
        for (col = 0; col < is->cols; col++)
            for (i = 0; i < is->chunk; i++)
                zs_put_signed(out, zs_b(tile, k + i, col), is->b_width);
}

/* Skipping gains nothing: the slowest group would take k steps or more. */
static inline uint32_t zs_runs_dense(const struct zs_tile *tile)
{
    const struct zs_design *design = tile->design;
    struct zs_stream none = {NULL, 0, 0};
    uint32_t group;

    for (group = 0; group < design->is.groups; group++) {
        struct zs_bits out = zs_begin(&none, &design->stream[1 + group]);

        if (design->format.string(design->format.numbers, tile, group, &out) >= tile->k)
            return 1;
    }
    return 0;
}

static inline int zs_pack_tile(struct zs_tile *tile, struct zs_stream *streams)
{
    const struct zs_design *design = tile->design;
    const struct zs_format *format = &design->format;
    uint32_t last = design->streams - 1, i;
    int wrong = format->choose ? format->choose(format->numbers, tile) : ZS_OK;

    if (wrong)
        return wrong;
    if (design->dense.string && zs_runs_dense(tile)) {
        tile->dense = 1;
        format = &design->dense;
    }
    for (i = 0; i <= last; i++) {
        struct zs_bits out = zs_begin(&streams[i], &design->stream[i]);

        if (i == last && !tile->loads)
            break;
        if (i == 0)
            zs_put_header(tile, &out);
        else if (i == last)
            zs_put_windows(tile, &out);
        else
            format->string(format->numbers, tile, i - 1, &out);
        zs_end(&out);
        if (out.full)
            return ZS_ROOM;
        streams[i].beats += out.beats;
    }
    return ZS_OK;
}

/* Writes all beats of a product; `streams` are those of the design, in its order, each with its buffer and room.
 * Where data is NULL the beats are only counted, so that a first call says how large buffers must be. Returns ZS_OK,
 * or an error, after which what the buffers hold means nothing. */
static inline int zs_pack(const struct zs_design *design, const struct zs_product *product, struct zs_stream *streams)
{
    uint32_t counts[3], i;
    size_t tiles, number;
    int wrong = zs_check(design, product);

    for (i = 0; i < design->streams; i++)
        streams[i].beats = 0;
    if (wrong)
        return wrong;
    tiles = zs_count(design, product, counts);
    for (number = 0; number < tiles && !wrong; number++) {
        struct zs_tile tile = zs_tile_at(design, product, number);

        wrong = zs_pack_tile(&tile, streams);
    }
    return wrong;
}
