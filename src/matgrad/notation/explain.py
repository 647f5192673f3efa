"""Explanations: why operands do not fit, in the user's words, with a mend that would fit.

Floor 2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from matgrad.core.dims import Shape, Size
from matgrad.core.errors import AmbiguityProblem, MatgradError, NoRule, ShapeProblem
from matgrad.core.expr import shape_text
from matgrad.notation import kinds as k
from matgrad.notation.explain_calls import explain_call
from matgrad.notation.kinds import Kind
from matgrad.notation.misfit import Misfit, excerpt


def explain(misfit: Misfit) -> MatgradError:
    """The error for a misfit."""
    head = misfit.node.head
    return (
        explain_call(misfit) if head in ("call", "map") else _EXPLAINERS.get(head, _other)(misfit)
    )


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
