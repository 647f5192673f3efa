"""Array notation: an expression as one line of NumPy, in the dialect that is read back.

Floor 2.  Vectors have no orientation here.  Products with tensors, which NumPy's `@` and `.T`
take by their last axes, are written as einsums.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import mul
from string import ascii_letters
from typing import Literal, final

from matgrad.catalogue import structure
from matgrad.catalogue.algebra import (
    add,
    divide,
    hadamard,
    inner,
    kron,
    matmul,
    neg,
    outer,
    power,
    scale,
    sub,
)
from matgrad.catalogue.blocks import block, part
from matgrad.catalogue.linalg import solve
from matgrad.catalogue.pairs import pow
from matgrad.catalogue.structure import component, einsum, entry, ones, trace, transpose
from matgrad.core.dims import Number, Size
from matgrad.core.errors import NoForm
from matgrad.core.expr import APPLY, NUMBER, SYMBOL, Expr, Op, make, number
from matgrad.core.signature import build
from matgrad.notation.cells import base_of, by_cell, cell_token, is_fraction
from matgrad.notation.compose import composer
from matgrad.notation.derivative_form import applied
from matgrad.notation.fused import Fused, Labels, fuse
from matgrad.notation.layout import Layout, Task, lay_out, text
from matgrad.notation.spelling import NUMPY
from matgrad.notation.stacks import by_inverse

Step = Task[Expr]
Begun = Layout | Step
# Where a factor stands: alone in its product but for scalars in front, first in a chain of
# `@`, later in one, among elementwise products, or in front as a scalar.
Place = Literal["alone", "first", "later", "elementwise", "scalar"]

_LETTERS = ascii_letters[8:] + ascii_letters[:8]


@final
class ArrayForm:
    """Lays out the nodes of an expression."""

    def __init__(self) -> None:
        self._compose = composer(NUMPY.notation)
        self._matmul = self._compose.token(matmul)
        self._transposed = self._compose.token(transpose)
        self._methods: dict[Op, Callable[[Expr], Begun]] = {
            SYMBOL: lambda node: self._compose.name(node.data[0]),
            NUMBER: lambda node: self._compose.number(node.data),
            APPLY: self._apply,
            add: self._sum,
            sub: self._sum,
            neg: self._negative,
            scale: self._product,
            matmul: self._product,
            hadamard: self._product,
            inner: self._inner,
            kron: self._kronecker,
            divide: self._quotient,
            power: self._power,
            pow: self._power,
            transpose: self._transpose,
            entry: self._indexed,
            part: self._indexed,
            block: self._block,
            component: self._indexed,
        }

    def whole(self, root: Expr) -> Layout:
        """The expression itself."""
        return lay_out(root, self._begin)

    def _begin(self, node: Expr) -> Begun:
        if node.op is solve and node.args[1].order > 2:
            node = by_inverse(node)
        if _is_einsum(node) or node.op is structure.fuse:
            return self._einsum(node)
        return self._methods.get(node.op, self._by_cell)(node)

    def _sum(self, root: Expr) -> Step:
        """A sum; multiples of ones are written as the scalar that is broadcast, but not beside
        each other in front, where they would be added first."""
        terms: list[tuple[bool, Expr]] = []
        stack = [(root, False)]
        while stack:
            node, subtracted = stack.pop()
            if node.op in (add, sub) and not subtracted:
                left, right = node.args
                stack += ((right, node.op is sub), (left, False))
            else:
                terms.append((subtracted, node))
        constants = [_constant(node) for _, node in terms]
        broadcast = root.order > 0 and None in constants[:2]
        layouts: list[tuple[bool, Layout]] = []
        for (subtracted, node), constant in zip(terms, constants, strict=True):
            layouts.append((subtracted, (yield constant if broadcast and constant else node)))
        if broadcast and None not in constants[:2]:
            # Two scalars in front would be added up before they are broadcast.
            arrays = [k for k, constant in enumerate(constants) if constant is None]
            first = next((k for k in arrays if not layouts[k][0]), arrays[0])
            subtracted, layout = layouts.pop(first)
            layouts.insert(0, (False, self._compose.negative(layout) if subtracted else layout))
        return self._compose.total(layouts)

    def _negative(self, node: Expr) -> Step:
        return self._compose.negative((yield node.args[0]))

    def _product(self, root: Expr) -> Step:
        coefficient: Number = 1
        factors = _vectors_first(_factors(root, self._matmul, self._compose.times), self._matmul)
        if is_fraction(factors[0][1]):
            coefficient, factors = factors[0][1].data, factors[1:]
        layouts: list[Layout] = []
        for _, factor in factors:
            layouts.append((yield factor))
        return self._compose.product(layouts, [token for token, _ in factors], coefficient)

    def _inner(self, node: Expr) -> Step:
        left = yield node.args[0]
        right = yield node.args[1]
        if node.args[0].order == 1:
            return self._compose.product((left, right), ("", self._matmul))
        return self._compose.call("sum", [self._compose.product((left, right))])

    def _kronecker(self, node: Expr) -> Step:
        """A vector beside a matrix, a column there, which NumPy would take for a row."""
        operands: list[Layout] = []
        for arg in node.args:
            column = arg.order < node.order
            operands.append((yield build(outer, (arg, _ones(1))) if column else arg))
        return self._compose.call("kron", operands)

    def _quotient(self, node: Expr) -> Step:
        top, bottom = node.args
        constant = _constant(top) if bottom.order else None
        numerator = yield constant or top
        return self._compose.quotient(numerator, (yield bottom))

    def _power(self, node: Expr) -> Step:
        base = yield node.args[0]
        if node.op is pow:
            return self._compose.raised(base, (yield node.args[1]), node.order > 0)
        return self._compose.power(base, node.data)

    def _transpose(self, node: Expr) -> Step:
        return self._compose.postfix((yield node.args[0]), self._transposed)

    def _apply(self, node: Expr) -> Step:
        arguments: list[Layout] = []
        for arg in node.args:
            arguments.append((yield arg))
        return applied(self._compose, node, arguments, None)

    def _block(self, node: Expr) -> Step:
        blocks: list[Layout] = []
        for piece in node.args:
            blocks.append((yield piece))
        if node.order == 2:
            return self._compose.grid(blocks, node.data[1])
        return self._compose.call("concatenate", [Layout((f"[{', '.join(map(text, blocks))}]",))])

    def _indexed(self, node: Expr) -> Step:
        base = yield base_of(node)
        return self._compose.subscript(base, cell_token(self._compose, node))

    def _by_cell(self, node: Expr) -> Step:
        operands: list[Layout] = []
        for arg in node.args:
            operands.append((yield arg))
        return by_cell(self._compose, node, operands)

    def _einsum(self, root: Expr) -> Step:
        """One einsum; a repeated output letter becomes an identity, one in no factor ones."""
        fused = _without_joints(fuse(root, _is_einsum))
        letters: dict[int, str] = {}
        free = iter(_LETTERS)
        operands: list[Layout] = []
        inputs: list[str] = []
        output: list[str] = []
        occurring = {label for _, labels in fused.factors for label in labels}
        try:
            for label, size in zip(fused.out, root.shape, strict=True):
                output.append(next(free))
                if label in letters or label not in occurring:
                    constant = "eye" if label in letters else "ones"
                    inputs.append(letters.get(label, "") + output[-1])
                    operands.append(self._compose.call(constant, [self._compose.number(size)]))
                letters.setdefault(label, output[-1])
            for label in (label for _, labels in fused.factors for label in labels):
                if label not in letters:
                    letters[label] = next(free)
        except StopIteration:
            raise NoForm(f"an einsum has only {len(_LETTERS)} letters") from None
        inputs[:0] = ["".join(letters[label] for label in labels) for _, labels in fused.factors]
        factors: list[Layout] = []
        for factor, _ in fused.factors:
            factors.append((yield factor))
        subscripts = Layout((f"'{','.join(inputs)}->{''.join(output)}'",))
        return self._compose.call("einsum", [subscripts, *factors, *operands])


def _factors(root: Expr, at: str, times: str) -> list[tuple[str, Expr]]:
    """The factors of nested products, each with the sign before it, opened where Python's
    reading from left to right means the same."""
    factors: list[tuple[str, Expr]] = []
    stack: list[tuple[Expr, str, Place]] = [(root, "", "alone")]
    leading = True
    while stack:
        node, token, place = stack.pop()
        left, right = node.args if len(node.args) == 2 else (node, node)
        if node.op is scale and leading:
            stack += ((right, times, place), (left, token, "scalar"))
        elif node.op is matmul and place in ("alone", "first") and not _is_einsum(node):
            stack += ((right, at, "later"), (left, token, "first"))
        elif node.op is matmul and place == "later" and left.order == 2 and right.order < 3:
            stack += ((right, at, "later"), (left, token, "later"))
        elif node.op is hadamard and place in ("alone", "elementwise"):
            stack += ((right, times, "elementwise"), (left, token, "elementwise"))
        else:
            factors.append((token, node))
            leading = leading and place == "scalar"
    return factors


def _vectors_first(factors: list[tuple[str, Expr]], at: str) -> list[tuple[str, Expr]]:
    """Matrices round an outer product multiply its vectors, which is the shorter work:
    `L @ outer(a, b) @ R.T` is `outer(L @ a, R @ b)`."""
    start = max(place for place, (token, _) in enumerate(factors) if token != at)
    chain = [node for _, node in factors[start:]]
    middle = next((place for place, node in enumerate(chain) if node.op is outer), None)
    if middle is None or len(chain) == 1 or any(node.order != 2 for node in chain):
        return factors
    left, right = chain[middle].args
    for node in reversed(chain[:middle]):
        left = build(matmul, (node, left))
    after = chain[middle + 1 :]
    transposed = all(node.op is transpose for node in after)
    for node in after:
        right = build(matmul, (node.args[0], right) if transposed else (right, node))
    return [*factors[:start], (factors[start][0], build(outer, (left, right)))]


def _without_joints(product: Fused) -> Fused:
    """Write joined axes by a matrix for each of their parts, `kron(eye(m), ones(n, 1))` for the
    first of two: it is one where a place along the joined axis has that part."""
    factors: list[tuple[Expr, Labels]] = []
    for factor, labels in product.factors:
        if factor.op is not structure.fuse:
            factors.append((factor, labels))
            continue
        sizes = factor.shape[1:]
        for place, (size, label) in enumerate(zip(sizes, labels[1:], strict=True)):
            matrix = make(structure.eye, (), None, (size, size))
            if place:
                matrix = build(kron, (_ones(_product_of(sizes[:place]), 1), matrix))
            if place < len(sizes) - 1:
                matrix = build(kron, (matrix, _ones(_product_of(sizes[place + 1 :]), 1)))
            factors.append((matrix, (labels[0], label)))
    return Fused(tuple(factors), product.out)


def _ones(*shape: Size) -> Expr:
    return make(ones, (), None, shape)


def _product_of(sizes: tuple[Size, ...]) -> Size:
    """The number of entries of an array with axes of these sizes."""
    return reduce(mul, sizes)


def _is_einsum(node: Expr) -> bool:
    """Whether `node` is an einsum, or a product, transpose or trace of tensors."""
    if node.op is einsum:
        return True
    return node.op in (matmul, transpose, trace) and any(arg.order > 2 for arg in node.args)


def _constant(node: Expr) -> Expr | None:
    """The scalar that `node` repeats in every entry, if it is written so."""
    if node.op is ones:
        return number(1)
    if node.op is scale and node.args[1].op is ones:
        return node.args[0]
    return None
