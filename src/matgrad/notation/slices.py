"""The matrices that a tensor's first two axes are, at letters on all its other axes.

Floor 2.  `sylv(A, B, T)` with T[i,j,k] = delta[i,k]*y[j] is, at the letter k, the matrix
`sylv(A, B, unit(k, n)*y')`: entries of it are how index form writes an image with further axes.
"""

from __future__ import annotations

from functools import reduce
from itertools import islice

from matgrad.catalogue.algebra import add, divide, hadamard, kron, matmul, neg, outer, scale, sub
from matgrad.catalogue.structure import (
    diag,
    diagvec,
    einsum,
    entry,
    eye,
    fuse,
    ones,
    trace,
    transpose,
    unit,
    unvec,
    vec,
)
from matgrad.core.along import lead_in
from matgrad.core.dims import Size
from matgrad.core.expr import Expr, inherited, make
from matgrad.core.signature import build, directions, further_of, own_axes

Letters = tuple[str, ...]
_Slice = tuple[Expr, Letters]
# An array with a letter for each axis.
_Array = tuple[Expr, str]
_PRODUCTS = frozenset({matmul, transpose, trace, vec})
_LINEAR = _PRODUCTS | {add, sub, neg, scale, divide}


class _NoMatrix(Exception):
    """A tensor that the notation of matrices has no slice of."""


def is_image(node: Expr) -> bool:
    """Whether axes pass through a linear operator, here or in a factor of a product."""
    return further_axes(node) > 0


def further_axes(node: Expr) -> int:
    """How many axes pass through a linear operator: the last ones of its image, and of products
    of the image with matrices and vectors, of its transpose and its trace."""
    return int(inherited(node, "further axes", _further_axes))


def _further_axes(node: Expr) -> int:
    if node.op.adjoint:
        return 0 if lead_in(node.data) else node.order - own_axes(node.op)
    if node.op in _PRODUCTS:
        return sum(int(arg.memo["further axes"]) for arg in node.args)
    return 0


def sliced(root: Expr, letters: Letters) -> Expr | None:
    """The array that `root` is at `letters` on its last axes, a matrix at most; None if there is
    no notation for it."""
    done: dict[_Slice, Expr] = {}
    stack: list[_Slice] = [(root, letters)]
    try:
        while stack:
            task = stack[-1]
            missing = [need for need in _needs(*task) if need not in done]
            if missing:
                stack += missing
            else:
                done[stack.pop()] = _made(*task, done)
    except _NoMatrix:
        return None
    return done[root, letters]


def _needs(node: Expr, letters: Letters) -> list[_Slice]:
    if node.op.adjoint:
        if own_axes(node.op) < 2:
            raise _NoMatrix
        return [need for need in _directions(node, letters) if need[1]]
    if node.op in _LINEAR:
        return [(arg, letters) for arg in node.args if arg.order > 2 or is_image(arg)]
    if node.op is einsum:
        if node.order != len(letters) + 2:
            raise _NoMatrix
        names = _names(node, letters)
        factors = _factors(node)
        if any(arg.op is fuse and _at_letters(row, names) is None for arg, row in factors):
            raise _NoMatrix
        return [
            (arg, _named(names, row[2:]))
            for arg, row in factors
            if len(row) > 2 and arg.op is not fuse
        ]
    raise _NoMatrix


def _made(node: Expr, letters: Letters, done: dict[_Slice, Expr]) -> Expr:
    if node.op is einsum:
        return _product(node, letters, done)
    if node.op.adjoint:
        whole = dict(zip(directions(node.op), _directions(node, letters), strict=True))
        parts = (done.get(whole.get(k, (arg, ())), arg) for k, arg in enumerate(node.args))
        return build(node.op, tuple(parts), node.data)
    args = tuple(done.get((arg, letters), arg) for arg in node.args)
    return build(node.op, args, node.data)


def _directions(node: Expr, letters: Letters) -> list[_Slice]:
    """The operands that letters on the further axes of a linear operator's value belong to."""
    rest = iter(letters)
    counts = further_of(node.op, node.args)
    return [
        (node.args[k], tuple(islice(rest, count)))
        for k, count in zip(directions(node.op), counts, strict=True)
    ]


def _factors(node: Expr) -> list[tuple[Expr, str]]:
    rows = node.data.partition("->")[0].split(",") if node.args else []
    return list(zip(node.args, rows, strict=True))


def _names(node: Expr, letters: Letters) -> dict[str, str]:
    """The named positions of an einsum's letters after the second."""
    return dict(zip(node.data.partition("->")[2][2:], letters, strict=True))


def _named(names: dict[str, str], letters: str) -> Letters:
    """The positions of these letters; a sum over one of them is no product of matrices."""
    if not names.keys() >= set(letters):
        raise _NoMatrix
    return tuple(names[letter] for letter in letters)


def _product(node: Expr, letters: Letters, done: dict[_Slice, Expr]) -> Expr:
    """An einsum as columns times rows, or as one matrix with a diagonal on each side."""
    first, second = node.data.partition("->")[2][:2]
    names = _names(node, letters)
    arrays: list[_Array] = []
    scalars: list[Expr] = []
    for arg, row in _factors(node):
        if arg.op is fuse:
            arg, row = _joined(arg, row, names)
        elif len(row) > 2:
            arg = done[arg, _named(names, row[2:])]
            row = row[:2]
        if all(letter in names for letter in row):
            scalars.append(_entry(arg, tuple(names[letter] for letter in row)))
        elif len(row) == 2 and row[1] in names:
            arrays.append((_column(arg, names[row[1]], turned=False), row[0]))
        elif len(row) == 2 and row[0] in names:
            arrays.append((_column(arg, names[row[0]], turned=True), row[1]))
        else:
            arrays.append(_off_diagonal(arg, row))
    arrays = _summed(arrays, {first, second})
    scalars += (array for array, row in arrays if not row)
    matrices = [
        array if row[0] == first else build(transpose, (array,))
        for array, row in arrays
        if len(row) == 2
    ]
    left, right = ([array for array, row in arrays if row == end] for end in (first, second))
    matrix = _assembled(matrices, left, right, node.shape)
    return reduce(lambda whole, scalar: build(scale, (scalar, whole)), scalars, matrix)


def _at_letters(row: str, names: dict[str, str]) -> str | None:
    """The axes of a joined axis and its parts that are left at letters: the parts of a place, or
    the place of two parts."""
    if row[0] in names:
        return row[:0:-1]
    return row[0] if names.keys() >= set(row[1:]) else None


def _joined(node: Expr, row: str, names: dict[str, str]) -> _Array:
    """What is left of a joined axis and its parts at letters."""
    units = {
        x: make(unit, (), names[x], (n,))
        for x, n in zip(row, node.shape, strict=True)
        if x in names
    }
    left = _at_letters(row, names) or ""
    if row[0] in names:
        return make(unvec, (units[row[0]],), None, node.shape[:0:-1]), left
    return reduce(lambda whole, part: build(kron, (whole, part)), (units[x] for x in row[1:])), left


def _summed(arrays: list[_Array], ends: set[str]) -> list[_Array]:
    """Vectors and matrices multiplied at every letter that is no end and in two of them."""
    arrays = list(arrays)
    while True:
        bound = [letter for _, row in arrays for letter in row if letter not in ends]
        if not bound:
            return arrays
        here = [array for array in arrays if bound[0] in array[1]]
        if len(here) != 2 or any(len(set(row)) < len(row) for _, row in here):
            raise _NoMatrix
        (left, start), (right, stop) = here
        if start[-1] != bound[0]:
            left, start = build(transpose, (left,)), start[::-1]
        if stop[0] != bound[0]:
            right, stop = build(transpose, (right,)), stop[::-1]
        rest = [array for array in arrays if array not in here]
        product = build(matmul, (left, right)), start[:-1] + stop[1:]
        arrays = [*rest, _off_diagonal(*product)]


def _off_diagonal(array: Expr, row: str) -> _Array:
    """An array at its letters; a matrix at one letter twice is its diagonal there."""
    if len(row) == 2 and row[0] == row[1]:
        return build(diagvec, (array,)), row[0]
    return array, row


def _assembled(
    matrices: list[Expr], left: list[Expr], right: list[Expr], shape: tuple[Size, ...]
) -> Expr:
    vectors = [[v for v in side if v.op is not ones] for side in (left, right)]
    if not matrices:
        columns = [
            reduce(lambda a, b: build(hadamard, (a, b)), side or [make(ones, (), None, (size,))])
            for side, size in zip(vectors, shape, strict=False)
        ]
        return build(outer, tuple(columns))
    whole = [matrix for matrix in matrices if matrix.op is not eye]
    if len(whole) < len(matrices):
        if whole:
            raise _NoMatrix
        whole, vectors = [], [vectors[0] + vectors[1], []]
        if not vectors[0]:
            return matrices[0]
    weights = [
        build(diag, (reduce(lambda a, b: build(hadamard, (a, b)), side),)) if side else None
        for side in vectors
    ]
    middle = reduce(lambda a, b: build(hadamard, (a, b)), whole) if whole else None
    parts = [part for part in (weights[0], middle, weights[1]) if part is not None]
    return reduce(lambda a, b: build(matmul, (a, b)), parts)


def _column(matrix: Expr, name: str, *, turned: bool) -> Expr:
    """A column of a matrix, or of its transpose."""
    if matrix.op is eye:
        return make(unit, (), name, matrix.shape[:1])
    if matrix.op is transpose:
        matrix, turned = matrix.args[0], not turned
    at = make(unit, (), name, (matrix.shape[0 if turned else 1],))
    return build(matmul, (at, matrix) if turned else (matrix, at))


def _entry(array: Expr, names: Letters) -> Expr:
    if not names:
        return array
    if array.op is eye:
        size = array.shape[0]
        left, right = (make(unit, (), name, (size,)) for name in names)
        return build(matmul, (left, right))
    return make(entry, (array,), names, ())
