"""Kinds: what an operand is while it is being read.  Order, and for vectors orientation.

Floor 2.  A kind is a small number, a set of kinds a bit mask.  An outcome is a function from
the kinds of operands to the set of kinds the result may have, empty where the construct is
not defined.  A `lenient` outcome also admits what the reader must ask about (`1 + x`,
`exp(X)`), so that the question can be put well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

Kind = int
Kinds = int
Outcome = Callable[[tuple[Kind, ...], bool], Kinds]

SCALAR, COLUMN, ROW, MATRIX = 0, 1, 2, 3
LIMIT = 16
"""Kinds below this many are tried where nothing is known."""

VECTOR: Kinds = 1 << COLUMN | 1 << ROW
ANY: Kinds = (1 << LIMIT) - 1


def only(kind: Kind) -> Kinds:
    return 1 << kind


def members(kinds: Kinds) -> Iterator[Kind]:
    """The kinds in a set, in ascending order."""
    while kinds:
        low = kinds & -kinds
        yield low.bit_length() - 1
        kinds ^= low


def order_of(kind: Kind) -> int:
    return kind if kind < ROW else kind - 1


def of_order(order: int) -> Kind:
    """The kind of a value with this many axes; a vector stands upright."""
    return order if order < ROW else order + 1


def oriented(order: int) -> Kinds:
    """The kinds a value may have whose orientation nothing has fixed."""
    return VECTOR if order == 1 else only(of_order(order))


def stacked(lead: int) -> Outcome:
    """An array of values along `lead` new axes in front."""
    return lambda kinds, lenient: only(of_order(order_of(kinds[0]) + lead))


def same(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
    """The operand's own kind."""
    return only(kinds[0])


def transposed(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
    return only({COLUMN: ROW, ROW: COLUMN}.get(kinds[0], kinds[0]))


_PRODUCTS = {
    (MATRIX, MATRIX): MATRIX,
    (MATRIX, COLUMN): COLUMN,
    (ROW, MATRIX): ROW,
    (ROW, COLUMN): SCALAR,
    (COLUMN, ROW): MATRIX,
}


def product(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
    """The product of mathematics; tensors take part with their first two axes."""
    left, right = kinds
    if left == SCALAR or right == SCALAR:
        return only(left + right)
    if left > MATRIX and right > MATRIX:
        return 0
    if left > MATRIX:
        return only(left) if right == MATRIX else only(left - 1) if right == COLUMN else 0
    if right > MATRIX:
        return only(right) if left == MATRIX else only(right - 1) if left == ROW else 0
    found = _PRODUCTS.get((left, right))
    return 0 if found is None else only(found)


def equal(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
    """Sums: both operands of one kind.  Scalar plus array is asked about."""
    left, right = kinds
    if left == right:
        return only(left)
    return only(left + right) if lenient and SCALAR in kinds else 0


def entrywise(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
    """Elementwise operators with a dot: scalars are spread over the other operands."""
    arrays = set(kinds) - {SCALAR}
    return only(max(arrays, default=SCALAR)) if len(arrays) < 2 else 0


def spread(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
    """Elementwise signs: a column beside a matrix stands for all its columns, a row for all its
    rows.  Nothing is inferred from that: undeclared operands are of one kind."""
    if lenient and len({*kinds} - {SCALAR}) > 1 and max(kinds) <= MATRIX:
        return only(MATRIX)
    return entrywise(kinds, lenient)


def quotient(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
    """`/`: by a scalar.  By a matrix it is asked about."""
    left, right = kinds
    if right == SCALAR:
        return only(left)
    return only(max(left, right)) if lenient else 0


def solution(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
    """`\\`: by a matrix from the left, or by a scalar."""
    left, right = kinds
    if left == SCALAR or (left == MATRIX and right not in (SCALAR, ROW)):
        return only(right)
    return 0


def powered(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
    """`^` with a constant exponent: of scalars and square matrices."""
    return only(kinds[0]) if kinds[0] in (SCALAR, MATRIX) or lenient else 0


def scalar_power(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
    """`^` with an exponent that is not a number: of scalars; of matrices it is an integer."""
    if kinds in ((SCALAR, SCALAR), (MATRIX, SCALAR)):
        return only(kinds[0])
    return only(kinds[0]) if lenient else 0


def mapped(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
    """A scalar function without a dot: of scalars and vectors.  Of a matrix it is asked about."""
    return only(kinds[0]) if kinds[0] < MATRIX or lenient else 0


def kronecker(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
    """Of columns, of rows, and of matrices, among which a column or a row is one, too."""
    if not {*kinds} <= {COLUMN, ROW, MATRIX}:
        return 0
    left, right = kinds
    return only(left if left == right else MATRIX)


def norm(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
    """The Euclidean norm of a vector.  Of a matrix it is asked about."""
    return only(SCALAR) if kinds[0] in (COLUMN, ROW) or lenient else 0


def diagonal(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
    """`diag`: builds from a vector, extracts from a matrix."""
    if kinds[0] in (COLUMN, ROW):
        return only(MATRIX)
    return only(COLUMN) if kinds[0] == MATRIX else 0


def any_order(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
    """Anything to a scalar."""
    return only(SCALAR)


def same_order(kinds: tuple[Kind, ...], lenient: bool) -> Kinds:
    """The kinds with as many axes: an argument of an unknown function has no orientation."""
    return oriented(order_of(kinds[0]))
