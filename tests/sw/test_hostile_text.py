"""Text files that are no operands: each ends in a sentence that names the file and the line."""

import pytest
from hostile import assert_refused

INTEGER = "%%MatrixMarket matrix coordinate integer general\n"
REAL = "%%MatrixMarket matrix coordinate real general\n"
ARRAY = "%%MatrixMarket matrix array integer general\n"
ENTRY = "line 3 must be a row from 1 to 2, a column from 1 to 3 and an integer"
BANNER = "line 1 must be like '%%MatrixMarket matrix coordinate integer general'"

MTX = {  # text, and what the sentence says
    "nothing": ("", BANNER),
    "no banner": ("2 3 1\n1 1 1\n", BANNER),
    "an empty line first": ("\n" + INTEGER + "2 3 1\n1 1 1\n", BANNER),
    "a mark of byte order": ("\ufeff" + INTEGER + "2 3 1\n1 1 1\n", BANNER),
    "a banner in capitals": (INTEGER.upper() + "2 3 1\n1 1 1\n", BANNER),
    "a glued banner": (INTEGER.replace("t m", "tm") + "2 3 1\n1 1 1\n", BANNER),
    "a banner too short": ("%%MatrixMarket matrix coordinate integer\n2 3 1\n1 1 1\n", BANNER),
    "a vector": (INTEGER.replace(" matrix", " vector") + "3 1\n1 5\n", f"{BANNER}, with matrix instead"),
    "another form": (INTEGER.replace("coordinate", "dense") + "2 3\n", f"{BANNER}, with coordinate or array"),
    "another field": (INTEGER.replace("integer", "int8") + "2 3 0\n", f"{BANNER}, with integer or"),
    "another symmetry": (INTEGER.replace("general", "upper") + "2 3 0\n", f"{BANNER}, with general or"),
    "a NUL in the banner": (INTEGER.replace("coordinate", "coordinate\0") + "2 3 0\n", BANNER),
    "an array of patterns": (
        ARRAY.replace("integer", "pattern") + "1 1\n1\n",
        "line 1 must not say array pattern",
    ),
    "unsigned and skew": (
        INTEGER.replace("integer", "unsigned-integer").replace("general", "skew-symmetric")
        + "2 2 1\n2 1 1\n",
        "line 1 must not say coordinate unsigned-integer skew-symmetric",
    ),
    "nothing behind the banner": (INTEGER, "must have a line ROWS COLUMNS ENTRIES, not end after line 1"),
    "comments alone": (
        INTEGER + "% 1 2 3\n\n",
        "must have a line ROWS COLUMNS ENTRIES, not end after line 3",
    ),
    "line ends of an old Mac": (
        (INTEGER + "2 3 1\n1 1 1\n").replace("\n", "\r"),
        "must have a line ROWS COL",
    ),
    "sizes too few": (INTEGER + "2 3\n1 1 1\n", "line 2 must be ROWS COLUMNS ENTRIES, 3 integers, not '2 3'"),
    "sizes too many": (INTEGER + "2 3 1 1\n1 1 1\n", "line 2 must be ROWS COLUMNS ENTRIES"),
    "sizes of an array": (
        ARRAY + "2 2 4\n1\n2\n3\n4\n",
        "line 2 must be ROWS COLUMNS, 2 integers, not '2 2 4'",
    ),
    "a size that is no integer": (INTEGER + "% a\n2.0 3 1\n1 1 1\n", "line 3 must be ROWS COLUMNS ENTRIES"),
    "a size with a sign": (INTEGER + "-2 3 1\n1 1 1\n", "line 2 must be ROWS COLUMNS ENTRIES"),
    "a size of 20 digits": (INTEGER + f"{10**19} 3 1\n1 1 1\n", "line 2 must be ROWS COLUMNS ENTRIES"),
    "a comment behind the sizes": (INTEGER + "2 3 1 % a\n1 1 1\n", "line 2 must be ROWS COLUMNS ENTRIES"),
    "a NUL behind the sizes": (INTEGER + "2 3 1\0\n1 1 1\n", "line 2 must be ROWS COLUMNS ENTRIES"),
    "no rows": (INTEGER + "0 3 0\n", "line 2: the matrix must be 2-D with at least one row and column"),
    "an array of nothing": (
        ARRAY + "0 0\n",
        "line 2: the matrix must be 2-D with at least one row and column",
    ),
    "sizes past memory": (ARRAY + "99999999 99999999\n1\n", "line 2: the matrix must have at most"),
    "sizes whose product is 2^64": (
        ARRAY + f"{1 << 32} {1 << 32}\n1\n",
        "line 2: the matrix must have at most",
    ),
    "entries past memory": (
        INTEGER + "2 3 99999999999\n1 1 1\n",
        "must have 99999999999 entries after line 2",
    ),
    "a symmetric matrix that is not square": (
        *(
            ARRAY.replace("general", "symmetric") + "2 3\n1\n2\n3\n4\n5\n6\n",
            "line 2: the matrix must be square",
        ),
    ),
    "an entry too few": (INTEGER + "2 3 2\n1 1 1\n", "must have 2 entries after line 2, not 1"),
    "an entry too many": (INTEGER + "2 3 1\n1 1 1\n1 2 1\n", "must have 1 entries after line 2, not 2"),
    "a number too few": (ARRAY + "% a\n2 2\n1\n2\n3\n", "must have 4 entries after line 3, not 3"),
    "a skew array with its diagonal": (
        *(ARRAY.replace("general", "skew-symmetric") + "2 2\n0\n1\n0\n", "must have 1 entries after line 2"),
    ),
    "two entries in three lines": (INTEGER + "4 4 2\n1 2 5 4\n2 4\n", "line 3 must be a row from 1 to 4"),
    "two numbers a line": (ARRAY + "4 2\n1 10\n2 20\n3 30\n4 40\n", "line 3 must be an integer, not '1 10'"),
    "an entry without its number": (INTEGER + "2 3 1\n1 1\n", ENTRY),
    "a number behind a pattern": (
        INTEGER.replace("integer", "pattern") + "2 3 1\n1 1 7\n",
        "and nothing more",
    ),
    "a comment among entries": (INTEGER + "2 3 1\n% a\n1 1 1\n", ENTRY),
    "a comment behind an entry": (INTEGER + "2 3 1\n1 1 1 % a\n", ENTRY),
    "a comment at the end": (INTEGER + "2 3 1\n1 1 1\n% a\n", "line 4 must be a row"),
    "a real number among integers": (INTEGER + "2 3 1\n1 1 5.5\n", f"{ENTRY}, not '1 1 5.5'"),
    "an exponent among integers": (INTEGER + "2 3 1\n1 1 5e1\n", ENTRY),
    "a plus sign": (INTEGER + "2 3 1\n1 1 +5\n", ENTRY),
    "a NUL behind an entry": (INTEGER + "2 3 1\n1 1 5\0\n", ENTRY),
    "a NUL in a line": (INTEGER + "2 3 1\n\0\n1 1 5\n", ENTRY),
    "row 0": (INTEGER + "2 3 1\n0 1 5\n", ENTRY),
    "a row too many": (INTEGER + "2 3 1\n3 1 5\n", ENTRY),
    "a column too many": (INTEGER + "2 3 1\n1 4 5\n", ENTRY),
    "a row of 33 bits": (INTEGER + f"2 3 1\n{(1 << 32) + 1} 1 5\n", "and an integer (a number is too large)"),
    "2 to the 63": (INTEGER + f"2 3 2\n\n1 1 {1 << 63}\n1 2 1\n", "line 4 must be a row"),
    "2 to the 63, unsigned": (
        *(INTEGER.replace("integer", "unsigned-integer") + f"2 3 1\n1 2 {1 << 63}\n", "too large"),
    ),
    "entries whose sum is 2 to the 63": (
        *(
            INTEGER + f"2 3 2\n2 3 {1 << 62}\n2 3 {1 << 62}\n",
            f"not {1 << 63} in row 1, column 2, which is too",
        ),
    ),
    "entries whose sum is below": (
        *(INTEGER + f"2 3 3\n2 3 -{1 << 63}\n2 3 -1\n1 1 1\n", f"not -{(1 << 63) + 1} in row 1, column 2"),
    ),
    "a negative unsigned": (
        INTEGER.replace("integer", "unsigned-integer") + "2 3 1\n1 1 -5\n",
        "of 0 or more",
    ),
    "a number on a skew diagonal": (
        *(INTEGER.replace("general", "skew-symmetric") + "2 2 1\n2 2 5\n", "must have zeros on its diagonal"),
    ),
    "a number without its opposite": (
        INTEGER.replace("general", "skew-symmetric") + f"2 2 1\n2 1 -{1 << 63}\n",
        "must hold integers above -2^63",
    ),
    "an exponent of Fortran": (REAL + "2 3 1\n1 1 5D3\n", "line 3 must be a row"),
    "a hexadecimal number": (REAL + "2 3 1\n1 1 0x10\n", "line 3 must be a row"),
    "a comma in a number": (REAL + "2 3 1\n1 1 5,0\n", "line 3 must be a row"),
    "no number": (REAL + "2 3 1\n1 1 nan\n", "line 3 must be a row"),
    "an infinite number": (REAL + "2 3 1\n1 1 -inf\n", "line 3 must be a row"),
    "a number too large for reals": (REAL + "2 3 1\n1 3 1e400\n", "not inf in row 0, column 2"),
    "a real number too large": (
        REAL + "2 3 1\n1 3 1e30\n",
        "not 1e+30 in row 0, column 2, which is too large",
    ),
    "half of a complex number": (
        REAL.replace("real", "complex") + "2 3 1\n1 1 5\n",
        "a real and an imaginary",
    ),
}

SMTX = {
    "nothing": ("", "must have 3 lines (sizes, row pointers, column indices), not 1"),
    "sizes alone": ("1, 1, 0\n", "must have 3 lines"),
    "a line too many": (
        "1, 1, 1\n0 1\n0\n0\n",
        "must have 3 lines (sizes, row pointers, column indices), not 4",
    ),
    "sizes too few": ("2, 3\n0 1 3\n2 0 2\n", "line 1, sizes, must be 3 integers, not 2"),
    "a word": ("2, x, 3\n0 1 3\n2 0 2\n", "line 1, sizes, must be integers, not 'x'"),
    "no rows": ("0, 3, 0\n0\n", "line 1: the matrix must be 2-D with at least one row and column"),
    "a negative size": (
        "2, -3, 0\n0 0 0\n",
        "line 1: the matrix must be 2-D with at least one row and column",
    ),
    "sizes past memory": ("99999999, 99999999, 0\n0\n", "line 1: the matrix must have at most"),
    "nonzeros too many": ("2, 3, 7\n0 1 7\n\n", "line 1: nonzeros must be from 0 to 6, not 7"),
    "nonzeros below 0": ("2, 3, -1\n0 1 7\n\n", "line 1: nonzeros must be from 0 to 6, not -1"),
    "pointers too few": ("2, 3, 3\n0 3\n2 0 2\n", "line 2, row pointers, must be 3 integers, not 2"),
    "a real pointer": ("2, 3, 3\n0 1.5 3\n2 0 2\n", "line 2, row pointers, must be integers, not '1.5'"),
    "a NUL": ("2, 3, 3\n0 1\0 3\n2 0 2\n", "line 2, row pointers, must be integers, not '1\\x00'"),
    "pointers from 1": ("2, 3, 3\n1 2 3\n2 0 2\n", "line 2: row pointers must start at 0, not 1"),
    "pointers that fall": (
        *("3, 3, 3\n0 2 1 3\n2 0 2\n", "line 2: row pointers must not fall, not go from 2 to 1 in row 1"),
    ),
    "pointers that end early": (
        "2, 3, 3\n0 1 2\n2 0 2\n",
        "line 2: row pointers must end at the 3 nonzeros, not 2",
    ),
    "pointers that end late": (
        "2, 3, 3\n0 1 4\n2 0 2\n",
        "line 2: row pointers must end at the 3 nonzeros, not 4",
    ),
    "columns too few": ("2, 3, 3\n0 1 3\n2 0\n", "line 3, column indices, must be 3 integers, not 2"),
    "columns missing": ("2, 3, 3\n0 1 3\n", "line 3, column indices, must be 3 integers, not 0"),
    "a column of 20 digits": (
        *(f"2, 3, 3\n0 1 3\n2 0 {10**19}\n", f"line 3, column indices, must be integers, not '{10**19}'"),
    ),
    "a column too many": ("2, 3, 3\n0 1 3\n2 3 4\n", "line 3: column indices must be from 0 to 2, not 3"),
    "a column below 0": ("2, 3, 3\n0 1 3\n2 -1 2\n", "line 3: column indices must be from 0 to 2, not -1"),
    "a column twice": (
        *("2, 3, 3\n0 1 3\n2 2 2\n", "line 3: entries must be unique, not repeated in row 1, column 2"),
    ),
}


@pytest.mark.parametrize("name", MTX)
def test_matrix_market(name, tmp_path):
    text, said = MTX[name]
    assert_refused(tmp_path / "x.mtx", text.encode(), said)


@pytest.mark.parametrize("name", SMTX)
def test_smtx(name, tmp_path):
    text, said = SMTX[name]
    assert_refused(tmp_path / "x.smtx", text.encode(), said)
