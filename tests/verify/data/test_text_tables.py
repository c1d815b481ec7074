"""Text as spreadsheets, pandas, R and NumPy write it: the same numbers, or one sentence that names line and column."""

from __future__ import annotations

import gzip
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.data.loading import load, read_table
from verify.errors import InputError

X = np.array([[0.5, -1.0, 2e-3], [3.0, 4.25, 5.0], [6.0, 7.5, 8.0], [9.0, 0.125, 1e3]])
NAMES = ["a", "b c", "d"]


def text(separator=",", *, header=None, index=None, comma=False, end="", quote=False):
    """X as text; the header is a list of names, the index one of words before each line."""
    lines = [] if header is None else [separator.join(header) + end]
    for i, row in enumerate(X.tolist()):
        cells = [repr(v).replace(".", ",") if comma else repr(v) for v in row]
        cells = [f'"{cell}"' for cell in cells] if quote else cells
        lines.append(separator.join([*([] if index is None else [index[i]]), *cells]) + end)
    return "\n".join(lines) + "\n"


INDEX = ["10", "11", "12", "13"]
GOOD = {
    "header": text(header=NAMES),
    "quoted header": text(header=[f'"{n}"' for n in NAMES]),
    "pandas": text(header=["", *NAMES], index=INDEX),
    "pandas without names": text(header=["", "0", "1", "2"], index=INDEX),
    "pandas without names or index": text(header=["0", "1", "2"]),
    "pandas read again": text(header=["Unnamed: 0", *NAMES], index=INDEX),
    "R": text(header=NAMES, index=['"g1"', '"g2"', '"g3"', '"g4"']),
    "semicolons": text(";"),
    "tabs": text("\t", header=NAMES),
    "spaces": text("   "),
    "Excel": "sep=;\n" + text(";", header=NAMES, comma=True),
    "savetxt": "# a b c\n" + text(" "),
    "decimal commas": text(";", comma=True),
    "decimal commas and tabs": text("\t", comma=True, header=NAMES),
    "decimal commas in quotes": text(comma=True, quote=True),
    "trailing separators": text(end=","),
    "trailing separators and a header": text(header=NAMES, end=","),
    "trailing separators below a header": text(header=NAMES).replace("\n", ",\n").replace(",", "", 0),
    "empty lines": "\n\n" + text(header=NAMES).replace("\n", "\n\n"),
    "other line ends": text().replace("\n", "\r\n"),
    "spaces around": text(" , "),
}


@pytest.mark.parametrize("name", ["y.csv", "y.tsv", "y.txt", "y.csv.gz", "y.TXT.gz"])
@pytest.mark.parametrize("case", GOOD)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_however_it_is_written_it_is_the_same_table(tmp_path, case, name, encoding):
    raw = (("\ufeff" if encoding == "utf-16-be" else "") + GOOD[case]).encode(encoding)
    path = tmp_path / name
    path.write_bytes(gzip.compress(raw) if name.endswith("gz") else raw)
    np.testing.assert_array_equal(load(path), X)


@pytest.mark.parametrize("case", ["pandas", "pandas without names", "R"])
def test_an_index_that_is_left_out_is_named(tmp_path, case):
    path = tmp_path / "y.csv"
    path.write_text(GOOD[case])
    note = f"{path}: the first column has no name, so it was taken for the index of the rows and left out."
    assert read_table(path).notes == (note,)
    path.write_text(GOOD["header"])
    assert read_table(path).notes == ()


def test_whole_numbers_from_0_are_no_header(tmp_path):
    path = tmp_path / "y.csv"
    path.write_text("0,1,2\n3,4,5\n")
    assert load(path).tolist() == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize(("skip", "columns"), [([1], [1, 2]), (["b c"], [0, 2]), (["3", "a"], [1])])
def test_columns_are_left_out_by_number_or_name(tmp_path, skip, columns):
    path = tmp_path / "y.csv"
    path.write_text(text(header=NAMES))
    np.testing.assert_array_equal(read_table(path, skip).table, X[:, columns])
    words = text(header=["word", *NAMES], index=["x", "y", '"p,q"', ""])
    path.write_text(words)
    np.testing.assert_array_equal(read_table(path, ["word", *skip[1:]]).table, np.delete(X, [0] * len(skip[1:]), 1))
    path.write_text(text(header=["time", *NAMES], index=["2020-01-01 10:00:00"] * 4))
    np.testing.assert_array_equal(read_table(path, [1]).table, X)


LEAVE = "leave the column out with skip_column="
MISSING = "a missing value; fill it in, remove the line, or " + LEAVE
BAD = {
    "1,2\n3,\n5,6\n": "line 2, column 2 is empty, " + MISSING + "2.",
    "a,b\n1,2\nNA,4\n": "line 3, column 1 (a) is 'NA', " + MISSING + "1.",
    "1;2\n3;NaN\n": "line 2, column 2 is 'NaN', " + MISSING + "2.",
    "1,2\n-inf,4\n": "line 2, column 1 is '-inf'; every value must be finite: remove the line, or " + LEAVE + "1.",
    "1,2\n3,cat\n": "line 2, column 2 is 'cat', not a number; encode it as a number, or " + LEAVE + "2.",
    "x,y\n1,2\n3,1_000\n": "line 3, column 2 (y) is '1_000', not a number; encode it as a number, or " + LEAVE + "2.",
    "id,2019\n1,2\n3,4\n": "line 1, column 1 is 'id', not a number; if line 1 is a header, give every column a name"
    " that is no number; otherwise encode it as a number, or " + LEAVE + "1.",
    "1,2\n3,4,5\n": "line 2 has 3 column(s) where line 1 has 2; every line needs the same number.",
    "a,b,c\n1,2\n3,4\n": "line 1 names 3 columns, line 2 has 2.",
    "1,2,\n3,4,\n5,6,7\n": "line 3 has a value after the last separator, where line 1 ends.",
    '"1,5","2"\n"1.5","2"\n': " has a comma in a number of line 1 and a point in one of line 2; write all"
    " decimals one way, and no separators of thousands.",
    "1.234,5;2\n3;4\n": " has a comma in a number of line 1 and a point in one of line 1; write all"
    " decimals one way, and no separators of thousands.",
    "a,b\n": " has a header and no numbers; at least 2 lines of numbers are needed.",
    " \n\n": " is empty; at least 2 lines of numbers are needed.",
    "1,2\n": " has 1 row; at least 2 rows are needed.",
}


@pytest.mark.parametrize("written", BAD, ids=repr)
def test_what_is_wrong_is_named_by_line_and_column(tmp_path, written):
    path = tmp_path / "y.csv"
    path.write_text(written)
    with pytest.raises(InputError) as caught:
        load(path)
    said = BAD[written]
    assert str(caught.value) == f"{path}{said if said.startswith(' ') else ': ' + said}"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"1,2\n\xff\xfe,3\n", " is not UTF-8 text; save it as plain UTF-8 CSV."),
        (
            "1,2\n3,4\n".encode("utf-16-le"),
            " holds bytes of 0, as UTF-16 without a mark or a binary file does; save it as UTF-8.",
        ),
    ],
)
def test_other_encodings_are_refused(tmp_path, raw, said):
    path = tmp_path / "y.csv"
    path.write_bytes(raw)
    with pytest.raises(InputError) as caught:
        load(path)
    assert str(caught.value) == f"{path}{said}"


def test_truncated_gzip(tmp_path):
    path = tmp_path / "y.csv.gz"
    for raw in (gzip.compress(text().encode())[:-12], b"1,2\n3,4\n"):
        path.write_bytes(raw)
        with pytest.raises(InputError, match="is truncated or damaged"):
            load(path)


def test_a_column_that_is_not_there(tmp_path):
    path = tmp_path / "y.csv"
    path.write_text(text(header=NAMES))
    for wanted in (4, 0, "e"):
        with pytest.raises(InputError) as caught:
            read_table(path, [wanted])
        assert str(caught.value) == f"skip_column {wanted}: {path} has the columns 1 to 3, called a, b c, d."
    with pytest.raises(InputError, match="leaves nothing"):
        read_table(path, [1, 2, 3])


CELL = st.floats(-1e9, 1e9).map(lambda v: float(f"{v:.6g}"))


@given(st.data())
def test_any_table_comes_back(tmp_path_factory, data):
    width = data.draw(st.integers(2, 4))
    rows = data.draw(st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=2, max_size=5))
    separator, comma = data.draw(st.sampled_from([p for p in product(",;\t ", [False, True]) if p != (",", True)]))
    header, end = data.draw(st.booleans()), data.draw(st.sampled_from(["", separator.strip(" ")]))
    lines = [[f"n{i}" for i in range(width)]] if header else []
    lines += [[repr(v).replace(".", ",") if comma else repr(v) for v in row] for row in rows]
    path = tmp_path_factory.mktemp("any") / "y.csv"
    path.write_text("".join(separator.join(line) + end + "\n" for line in lines))
    np.testing.assert_array_equal(load(path), rows)
