"""Explanations: why operands do not fit, in the user's words, with a mend that would fit.

Floor 2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, final

from matgrad.catalogue import OPERATORS
from matgrad.core.dims import Shape, Size
from matgrad.core.errors import AmbiguityProblem, MatgradError, NoRule, ShapeProblem
from matgrad.core.expr import shape_text
from matgrad.notation import kinds as k
from matgrad.notation.constructs import is_scalar_function
from matgrad.notation.kinds import Kind
from matgrad.notation.tree import Node
from matgrad.notation.vocabulary import operator_named


@final
class Misfit(NamedTuple):
    """A node whose operands, of these kinds and shapes, it cannot take.

    `problem` is what the shape rule said, empty when already the kinds do not fit; `base` is the
    number of the first axis.
    """

    node: Node
    operands: tuple[Node, ...]
    kinds: tuple[Kind, ...]
    shapes: tuple[Shape, ...]
    problem: str
    base: int

    @property
    def source(self) -> str:
        return excerpt(self.node.source)

    def shape(self, place: int) -> str:
        """The shape of an operand in words, with its orientation."""
        shape, kind = self.shapes[place], self.kinds[place]
        if kind == k.ROW:
            return f"a row of {shape[0]}"
        if kind == k.COLUMN:
            return f"a vector of {shape[0]}"
        return "a scalar" if not shape else shape_text(shape)

    def listed(self) -> str:
        """`A is m x n, x is a vector of m`."""
        return ", ".join(
            f"{excerpt(node.source)} is {self.shape(place)}"
            for place, node in enumerate(self.operands)
        )

    def factor(self, place: int) -> str:
        """An operand as it may stand in a product."""
        return bracketed(self.operands[place])


def explain(misfit: Misfit) -> MatgradError:
    """The error for a misfit."""
    head = misfit.node.head
    return _call(misfit) if head in ("call", "map") else _EXPLAINERS.get(head, _other)(misfit)


_ATOMS = frozenset(("name", "number", "call", "map", "index", "transpose"))


def bracketed(node: Node) -> str:
    """A node's text, in brackets unless it binds as tightly as a name."""
    atom = node.head in _ATOMS or node.source[:1] == "("
    text = excerpt(node.source)
    return text if atom else f"({text})"


def _other(misfit: Misfit) -> MatgradError:
    return ShapeProblem(f"`{misfit.source}`: shapes do not fit: {misfit.listed()}")


def _product(misfit: Misfit) -> MatgradError:
    hint = next(_fitting_products(misfit), None)
    return ShapeProblem(
        f"`{misfit.source}`: shapes do not fit: {misfit.listed()}",
        hint=f"`{hint}` would fit" if hint else None,
    )


def _fitting_products(misfit: Misfit) -> Iterator[str]:
    """The products of the two operands, transposed or swapped, whose shapes fit."""
    if max(misfit.kinds) > k.MATRIX or k.SCALAR in misfit.kinds:
        return
    operands = [
        (misfit.factor(place), kind, _matrix_shape(kind, misfit.shapes[place]))
        for place, kind in enumerate(misfit.kinds)
    ]
    left, right = operands
    for first, second in ((left, right), (right, left)):
        for turn_first, turn_second in ((True, False), (False, True), (False, False), (True, True)):
            if first[1] == second[1] == k.COLUMN and turn_second:
                continue
            a, b = _turned(first, turn_first), _turned(second, turn_second)
            if a[2][1] == b[2][0]:
                yield f"{a[0]}*{b[0]}"


_Operand = tuple[str, Kind, tuple[Size, Size]]


def _turned(operand: _Operand, turn: bool) -> _Operand:
    text, kind, (rows, columns) = operand
    if not turn:
        return operand
    return text[:-1] if text.endswith("'") else text + "'", kind, (columns, rows)


def _matrix_shape(kind: Kind, shape: Shape) -> tuple[Size, Size]:
    if kind == k.MATRIX:
        return shape[0], shape[1]
    return (shape[0], 1) if kind == k.COLUMN else (1, shape[0])


def _sum(misfit: Misfit) -> MatgradError:
    if k.SCALAR in misfit.kinds and misfit.kinds != (k.SCALAR, k.SCALAR):
        return _scalar_plus_array(misfit)
    sign = "-" if "minus" in misfit.node.head else "+"
    hint = None
    if max(misfit.kinds) <= k.MATRIX and k.SCALAR not in misfit.kinds:
        shapes = [_matrix_shape(*pair) for pair in zip(misfit.kinds, misfit.shapes, strict=True)]
        if shapes[0] == shapes[1][::-1]:
            turned = _turned((misfit.factor(1), misfit.kinds[1], shapes[1]), True)[0]
            hint = f"`{misfit.factor(0)} {sign} {turned}` would fit"
    return ShapeProblem(f"`{misfit.source}`: a sum of unequal shapes: {misfit.listed()}", hint=hint)


def _scalar_plus_array(misfit: Misfit) -> MatgradError:
    place = 0 if misfit.kinds[0] == k.SCALAR else 1
    scalar, array = misfit.factor(place), misfit.operands[1 - place]
    shape = misfit.shapes[1 - place]
    sign = "-" if "minus" in misfit.node.head else "+"

    def written(constant: str) -> str:
        one = constant if scalar == "1" else f"{scalar}*{constant}"
        text = excerpt(array.source)
        return f"{one} {sign} {text}" if place == 0 else f"{text} {sign} {one}"

    readings = [f"`{written('ones(' + ', '.join(map(str, shape)) + ')')}` adds to every entry"]
    if len(shape) == 1:
        readings.append(f"so does `.{sign}` in place of `{sign}`")
    elif len(shape) == 2 and shape[0] == shape[1]:
        readings.insert(0, f"`{written(f'eye({shape[0]})')}` adds to the diagonal")
    elif len(shape) == 2:
        readings.insert(0, f"`{written('eye(n)')}` adds to the diagonal of a square matrix")
    words = ["a scalar", "an array"] if place == 0 else ["an array", "a scalar"]
    return AmbiguityProblem(
        f"`{misfit.source}`: {words[0]} {'minus' if sign == '-' else 'plus'} {words[1]} "
        f"({misfit.listed()}) has more than one reading",
        hint="; ".join(readings),
    )


def _quotient(misfit: Misfit) -> MatgradError:
    left, right = misfit.factor(0), misfit.factor(1)
    kinds = misfit.kinds
    if kinds[1] == k.MATRIX and kinds[0] in (k.MATRIX, k.ROW, k.SCALAR):
        inverse = f"inv({excerpt(misfit.operands[1].source)})"
        product = inverse if left == "1" else f"{left}*{inverse}"
        return AmbiguityProblem(
            f"`{misfit.source}` divides by a matrix, which has two readings",
            hint=f"`{product}` multiplies by the inverse; `{left}./{right}` divides entry by entry",
        )
    return ShapeProblem(
        f"`{misfit.source}`: only a scalar divides: {misfit.listed()}",
        hint=f"`{left}./{right}` divides entry by entry",
    )


def _solution(misfit: Misfit) -> MatgradError:
    return ShapeProblem(
        f"`{misfit.source}`: solving needs a square matrix on the left and as many rows on the "
        f"right: {misfit.listed()}",
        hint=f"`{misfit.factor(1)}/{misfit.factor(0)}`" if misfit.kinds[1] == k.SCALAR else None,
    )


def _power(misfit: Misfit) -> MatgradError:
    base, exponent = misfit.factor(0), _exponent(misfit.node.source)
    shape = misfit.shapes[0]
    if misfit.kinds[0] == k.MATRIX and len(misfit.operands) == 1 and misfit.problem:
        return ShapeProblem(
            f"`{misfit.source}`: {base} is {shape_text(shape)}; only square matrices have powers",
            hint=f"`{base}.^{exponent}` takes the power of each entry",
        )
    if misfit.kinds[0] == k.MATRIX:
        return NoRule(
            f"operator matpow has no rule for the power `{misfit.source}`: the exponent of a "
            "matrix is a whole number",
            hint=f"`{base}.^{exponent}` takes the power of each entry",
        )
    return ShapeProblem(
        f"`{misfit.source}`: {misfit.listed()}, and a vector has no power",
        hint=f"`{base}.^{exponent}` takes the power of each entry",
    )


def _exponent(source: str) -> str:
    return source.rsplit("^", 1)[-1].strip() if "^" in source else "2"


def _index(misfit: Misfit) -> MatgradError:
    if misfit.problem:
        return ShapeProblem(f"`{misfit.source}`: {misfit.problem}: {misfit.listed()}")
    axes = len(misfit.shapes[0])
    return ShapeProblem(
        f"`{misfit.source}`: {misfit.listed()}, which has {axes} {'axis' if axes == 1 else 'axes'}",
        hint="an entry has one index for each axis" if axes else None,
    )


def _block(misfit: Misfit) -> MatgradError:
    message = misfit.problem or "a block has at most two axes"
    return ShapeProblem(
        f"`{misfit.source}`: {message}: {misfit.listed()}",
        hint="rows end at `;`, and the blocks of a row have one height",
    )


def _call(misfit: Misfit) -> MatgradError:
    name = misfit.node.name
    inside = ", ".join(excerpt(node.source) for node in misfit.operands)
    if misfit.node.source[:1] == "|":
        return AmbiguityProblem(
            f"`{misfit.source}` of a matrix has two readings",
            hint=f"`abs.({inside})` is the absolute value of each entry, `det({inside})` the "
            "determinant",
        )
    if misfit.kinds == (k.MATRIX,) and not misfit.problem:
        if name == "norm":
            return AmbiguityProblem(
                f"`{misfit.source}`: a matrix has several norms",
                hint=f"`normF({inside})` is the Frobenius norm, `norm1({inside})` the sum of "
                "absolute values",
            )
        operator = OPERATORS.get(operator_named(name) or "")
        if operator is not None and is_scalar_function(operator):
            return AmbiguityProblem(
                f"`{misfit.source}`: a function of a matrix has two readings",
                hint=f"`{name}.({inside})` applies it to each entry, `{name}m({inside})` is the "
                "matrix function",
            )
        if operator is not None and f"{operator.name}1" in OPERATORS:
            return AmbiguityProblem(
                f"`{misfit.source}`: a matrix has columns and rows",
                hint=f"`{name}({inside}, {misfit.base})` runs down the columns, "
                f"`{name}({inside}, {misfit.base + 1})` along the rows",
            )
    if name in _SQUARE and misfit.kinds == (k.MATRIX,):
        return ShapeProblem(
            f"`{misfit.source}`: {name} needs a square matrix: {misfit.listed()}",
            hint=f"`{name}({bracketed(misfit.operands[0])}'*{bracketed(misfit.operands[0])})` "
            "would fit",
        )
    if name in _SQUARE and len(misfit.kinds) == 1:
        hint = "declare a family of matrices, `A_i: n n, i=1..N`, and write sum_i … of A_i"
        return ShapeProblem(
            f"`{misfit.source}`: {name} needs a square matrix: {misfit.listed()}",
            hint=hint if misfit.kinds[0] > k.MATRIX else None,
        )
    _, takes, signature = misfit.problem.partition("; it takes ")
    message = misfit.problem or "operands of these kinds do not fit"
    if takes:
        message = f"{name} takes {signature}"
    return ShapeProblem(f"`{misfit.source}`: {message}: {misfit.listed()}")


_SQUARE = frozenset(("det", "logdet", "inv", "adj", "tr", "trace", "Tr", "diagvec", "matpow"))


_EXPLAINERS: dict[str, Callable[[Misfit], MatgradError]] = {
    "times": _product,
    "matmul": _product,
    "plus": _sum,
    "minus": _sum,
    "dotplus": _sum,
    "dotminus": _sum,
    "over": _quotient,
    "under": _solution,
    "power": _power,
    "index": _index,
    "part": _index,
    "block": _block,
}


def excerpt(text: str) -> str:
    """A text cut to a readable width."""
    return text if len(text) <= 40 else f"{text[:37]}..."
