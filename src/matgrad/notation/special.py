"""Functions whose arguments are not all values: sizes, positions, axes, strings.

Floor 2.  `PLANNERS` has an entry for each; it says how a call becomes a rule.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from matgrad.catalogue import OPERATORS
from matgrad.core.dims import Shape, Size, simple
from matgrad.core.errors import NoRule, ShapeProblem, SyntaxProblem
from matgrad.notation import kinds as k
from matgrad.notation import textbook
from matgrad.notation.blocks import STACKING
from matgrad.notation.constructs import (
    COMPARISONS,
    DIAGONAL,
    SIGNS,
    Rule,
    catalogued,
    constant_power,
    matrix_power,
)
from matgrad.notation.convolutions import convolution
from matgrad.notation.draft import Draft, RowId
from matgrad.notation.germs import NAMES, at_function
from matgrad.notation.integers import over_index
from matgrad.notation.kinds import Kind
from matgrad.notation.reductions import REDUCTIONS
from matgrad.notation.reshapes import reshaping
from matgrad.notation.sheet import Planned, Sheet, whole
from matgrad.notation.tensors import broadcasting, contracted, with_ellipses
from matgrad.notation.tree import Node, Position
from matgrad.notation.turns import rolled


def constant(name: str, shape: Shape, data: Shape | None = None) -> Rule:
    """`ones(m, n)`: an operator without operands that carries its shape."""
    kinds = k.only(k.of_order(len(shape)))
    return Rule(
        lambda _, lenient: kinds,
        lambda draft, rows, _: draft.place(OPERATORS[name], (), data, shape),
    )


def unit(position: Position, size: Size) -> Rule:
    """The vector with a one at `position`, counted from 0."""
    return Rule(
        lambda kinds, lenient: k.only(k.COLUMN),
        lambda draft, rows, kinds: draft.place(OPERATORS["unit"], (), position, (size,)),
    )


def _sized(name: str) -> Callable[[Sheet, Node], Planned]:
    def planner(sheet: Sheet, node: Node) -> Planned:
        if not node.args and sheet.syntax == "latex":
            return textbook.sizeless(name)
        if not node.args:
            raise SyntaxProblem(f"{name} needs its sizes", hint=f"for instance {name}(n)")
        return whole(constant(name, sheet.shape(node.args)))

    return planner


def _eye(sheet: Sheet, node: Node) -> Planned:
    sizes = sheet.shape(node.args)
    if len(sizes) != 1 and (len(sizes) != 2 or sizes[0] != sizes[1]):
        raise SyntaxProblem("eye takes one size", hint="eye(n) is the identity of size n")
    return whole(constant("eye", (sizes[0], sizes[0])))


def _fuse(sheet: Sheet, node: Node) -> Planned:
    sizes = sheet.shape(node.args)
    if len(sizes) < 2:
        raise SyntaxProblem("fuse takes the sizes that it joins", hint="fuse(m, n)")
    joined: Size = 1
    for size in sizes:
        joined = joined * size
    return whole(constant("fuse", (joined, *sizes)))


def _unit(sheet: Sheet, node: Node) -> Planned:
    sizeless = len(node.args) == 1 and sheet.syntax == "latex"
    if len(node.args) != 2 and not sizeless:
        raise SyntaxProblem("unit takes a position and a size", hint="unit(1, n)")
    place = sheet.nodes[node.args[0]]
    sheet.silence(node.args[0])
    if place.head == "name" and not sheet.is_integer(place.name):
        position: Position = place.name
        sheet.scope.indices.add(place.name)
    else:
        position = sheet.positions((sheet.position(node.args[0]),))[0]
    if sizeless:
        return textbook.sizeless("unit", position)
    return whole(unit(position, sheet.size(node.args[1])))


def _doubled(sheet: Sheet, node: Node) -> Planned:
    """`toeplitz(c)` is toeplitz(c, c), the symmetric one."""
    if len(node.args) > 1:
        return whole(catalogued(node.name, dotted=True), *node.args)
    rule = Rule(
        lambda kinds, _: k.only(k.MATRIX) if kinds[0] == k.COLUMN else 0,
        lambda draft, rows, _: draft.emit(node.name, rows[0], rows[0]),
    )
    return whole(rule, *node.args)


def _unvec(sheet: Sheet, node: Node) -> Planned:
    if len(node.args) != 3:
        raise SyntaxProblem("unvec takes a vector and two sizes", hint="unvec(v, m, n)")
    shape = sheet.shape(node.args[1:])

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        length = draft.shape(rows[0])[0]
        if not draft.unifier.unify(length, shape[0] * shape[1]):
            raise ShapeProblem(f"unvec: a vector of {length} entries has not {shape[0] * shape[1]}")
        return draft.place(OPERATORS["unvec"], rows, None, shape)

    rule = Rule(lambda kinds, _: k.only(k.MATRIX) if kinds[0] == k.COLUMN else 0, emit)
    return whole(rule, node.args[0])


def _matpow(sheet: Sheet, node: Node) -> Planned:
    if len(node.args) != 2:
        raise SyntaxProblem(
            f"{node.name} takes a matrix and a whole number", hint=f"{node.name}(X, 2)"
        )
    exponent = sheet.whole(node.args[1], sheet.scope.integer)
    if exponent is None:
        raise NoRule("operator matpow has no rule for an exponent that is not a whole number")
    return whole(matrix_power(exponent), node.args[0])


def _raised(exponent: Size) -> Callable[[Sheet, Node], Planned]:
    """NumPy's functions that are powers of every entry."""

    def planner(sheet: Sheet, node: Node) -> Planned:
        if len(node.args) != 1:
            raise SyntaxProblem(f"{node.name} takes one operand", hint=f"{node.name}(x)")
        return whole(constant_power(exponent, True), *node.args)

    return planner


def _power(sheet: Sheet, node: Node) -> Planned:
    """`pow(x, y)`, entry by entry."""
    if len(node.args) != 2:
        raise SyntaxProblem(
            f"{node.name} takes a base and an exponent", hint="pow(x, 2), pow(x, p)"
        )
    base, exponent = node.args
    value = sheet.constant(exponent)
    if value is None:
        return whole(SIGNS["dotpower"], base, exponent)
    sheet.silence(exponent)
    return whole(constant_power(value, elementwise=True), base)


def _triangle(sheet: Sheet, node: Node) -> Planned:
    offset = sheet.integer(node.args[1]) if len(node.args) == 2 else 0
    if offset is None or not node.args or len(node.args) > 2:
        raise SyntaxProblem(
            f"{node.name} takes a matrix and the offset of a diagonal, a whole number",
            hint=f"{node.name}(A), {node.name}(A, -1)",
        )
    rule = Rule(
        lambda kinds, _: k.only(k.MATRIX) if kinds[0] == k.MATRIX else 0,
        lambda draft, rows, _: draft.emit(node.name, *rows, data=offset or None),
    )
    return whole(rule, node.args[0])


def _commutation(sheet: Sheet, node: Node) -> Planned:
    if len(node.args) != 2:
        raise SyntaxProblem("commutation takes the sizes of a matrix", hint="commutation(m, n)")
    m, n = sheet.shape(node.args)
    return whole(constant("commutation", (m * n, m * n), (m, n)))


def _symmetrizer(sheet: Sheet, node: Node) -> Planned:
    _one(node)
    (n,) = sheet.shape(node.args)
    tall = (n * n, triangular(n))
    shapes = {"duplication": tall, "elimination": tall[::-1], "exchange": (n, n)}
    return whole(constant(node.name, shapes[node.name], (n,)))


def _vech(sheet: Sheet, node: Node) -> Planned:
    _one(node)

    def emit(draft: Draft, rows: tuple[RowId, ...], kinds: tuple[Kind, ...]) -> RowId:
        size, other = draft.shape(rows[0])
        if not draft.unifier.unify(size, other):
            raise ShapeProblem(f"vech: the matrix is {size} x {other}, not square")
        return draft.place(OPERATORS["vech"], rows, None, (triangular(size),))

    rule = Rule(lambda kinds, _: k.only(k.COLUMN) if kinds[0] == k.MATRIX else 0, emit)
    return whole(rule, node.args[0])


def triangular(size: Size) -> Size:
    """How many entries a triangle has, its diagonal included."""
    return simple(size * (size + 1) * Fraction(1, 2))


def _where(sheet: Sheet, node: Node) -> Planned:
    """`where(x > y, a, b)`: a comparison chooses entry by entry."""
    test = sheet.nodes[node.args[0]] if len(node.args) == 3 else None
    if test is None or test.head not in COMPARISONS:
        raise SyntaxProblem(
            "where takes a comparison and two values",
            hint="where(x > 0, a, b) is a where x > 0 and b elsewhere",
        )
    sheet.silent[node.args[0]] = 1
    larger, smaller = test.args if test.head == "greater" else test.args[::-1]
    rule = catalogued("where", dotted=True)
    rule = broadcasting(rule) if sheet.syntax == "numpy" else rule
    return whole(rule, larger, smaller, *node.args[1:])


def _diag(sheet: Sheet, node: Node) -> Planned:
    _one(node)
    return whole(DIAGONAL, node.args[0])


def _one(node: Node) -> None:
    if len(node.args) != 1:
        raise SyntaxProblem(f"{node.name} takes one operand, not {len(node.args)}")


def _einsum(sheet: Sheet, node: Node) -> Planned:
    quoted = sheet.nodes[node.args[0]] if node.args else None
    if quoted is None or quoted.head != "quoted":
        raise SyntaxProblem("einsum needs its string first", hint="einsum('ij,jk->ik', A, B)")
    sheet.silence(node.args[0])
    spec = quoted.name.replace(" ", "")
    left, arrow, output = spec.partition("->")
    inputs = tuple(left.split(","))
    letters = left.replace(",", "").replace("...", "")
    if not arrow:
        # What NumPy takes where no result is written: the letters that stand once, sorted.
        output = "..." * ("..." in left)
        output += "".join(sorted(letter for letter in letters if letters.count(letter) == 1))
    whole_text = letters + output.replace("...", "", 1)
    if whole_text and not (whole_text.isalpha() and whole_text.isascii()):
        raise SyntaxProblem("einsum needs letters, commas and `->`", hint="einsum('ij->ji', A)")
    if not set(output) <= {*letters, "."}:
        raise SyntaxProblem("einsum: a letter of the result stands in no operand")
    if len(inputs) != len(node.args) - 1:
        raise SyntaxProblem(
            f"einsum: `{spec}` has {len(inputs)} operands and {len(node.args) - 1} are given"
        )
    if "..." in left:
        return whole(with_ellipses(inputs, output), *node.args[1:])
    orders = tuple(map(len, inputs))
    spec = f"{left}->{output}"
    return Planned(contracted(spec, inputs, output), node.args[1:], (), orders=orders)


PLANNERS: dict[str, Callable[[Sheet, Node], Planned]] = {
    **REDUCTIONS,
    **STACKING,
    **dict.fromkeys(NAMES, at_function),
    "commutation": _commutation,
    **dict.fromkeys(("conv", "convolve"), convolution),
    "diag": _diag,
    "duplication": _symmetrizer,
    "einsum": _einsum,
    "elimination": _symmetrizer,
    "exchange": _symmetrizer,
    "eye": _eye,
    "fuse": _fuse,
    **dict.fromkeys(("matpow", "matrix_power"), _matpow),
    "msum": over_index,
    "ones": _sized("ones"),
    **dict.fromkeys(("pow", "power"), _power),
    "reciprocal": _raised(-1),
    "square": _raised(2),
    **dict.fromkeys(("reshape", "ravel", "flatten"), reshaping),
    **dict.fromkeys(("roll", "circshift"), rolled),
    "toeplitz": _doubled,
    "tril": _triangle,
    "triu": _triangle,
    "unit": _unit,
    "unvec": _unvec,
    "vech": _vech,
    "where": _where,
    "zeros": _sized("zeros"),
    **textbook.PLANNERS,
}
