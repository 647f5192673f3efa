"""Index form: what no matrix notation writes, `[i,j,k,l]: -inv(X)[i,k]*inv(X)[l,j]`.

Floor 2.  The axes of the result stand in front; every other letter is summed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, count
from typing import final

from matgrad.catalogue.algebra import add, divide, matmul, neg, scale, sub
from matgrad.catalogue.indexed import index_sum
from matgrad.catalogue.record import CALL
from matgrad.catalogue.structure import einsum, eye, ones, trace, transpose
from matgrad.core.dims import Number
from matgrad.core.expr import Expr, operators, walk
from matgrad.core.signature import build
from matgrad.notation.cells import by_cell, is_fraction
from matgrad.notation.compose import Composer
from matgrad.notation.fused import fuse
from matgrad.notation.layout import LOWEST, Layout, Task
from matgrad.notation.member_form import MemberForm
from matgrad.notation.orient import View
from matgrad.notation.shared import used_names
from matgrad.notation.slices import further_axes, is_image, sliced

_LETTERS = "ijklpqrstuvwabcdefghmno"
_COMMON = frozenset("ijklpqrstuvw")


@final
class IndexForm:
    """Lays out the nodes of one expression that are einsums, or sums of them."""

    def __init__(
        self, root: Expr, compose: Composer, named: Mapping[Expr, str], beside: Expr | None = None
    ) -> None:
        self._compose = compose
        self._named = named
        self._indexed: set[Expr] = set()
        # The letters that are summed over inside a view.
        self._bound: dict[View, set[str]] = {}
        if not any([op is einsum or op.adjoint for op in operators(root)]):
            return
        for node in walk(root):
            opens = any(self._opens(arg) for arg in _terms(node))
            if node.op is einsum or opens or is_image(node):
                self._indexed.add(node)
        self._members = MemberForm(root)
        if self._indexed:
            self._avoid = used_names(root) | set(named.values())
            self._avoid |= used_names(beside) if beside is not None else set()

    def without_name(self, part: Expr) -> IndexForm:
        """The same, with `part` written out: what its name stands for does not use the name."""
        copy = IndexForm.__new__(IndexForm)
        copy.__dict__.update(self.__dict__)
        copy._named = {node: name for node, name in self._named.items() if node is not part}
        return copy

    @property
    def used(self) -> bool:
        """Whether anything is printed in index form, where letters not in front are summed over."""
        return bool(self._indexed)

    def applies(self, node: Expr) -> bool:
        """Whether `node` is printed in index form."""
        return node in self._indexed

    def _opens(self, node: Expr) -> bool:
        return node in self._indexed and node not in self._named

    def whole(self, node: Expr) -> Task[View]:
        """`node` with its axes in front."""
        latex = self._compose.spelling.notation == "latex"
        # In LaTeX nothing in front says that the letters of a scalar are its own.
        taken = _COMMON if latex and not node.shape else frozenset[str]()
        letters = self._free(taken)
        axes = tuple(next(letters) for _ in node.shape)
        body = yield View(node, axes=axes, taken=taken)
        if latex:
            matrix = Layout((r"\left[", body, r"\right]"), CALL)
            return self._compose.indexed(matrix, axes) if axes else matrix
        return Layout((f"[{','.join(axes)}]: ", body), LOWEST)

    def entry(self, view: View) -> Layout | Task[View]:
        """The entry of `view.node` at the letters `view.axes`."""
        begun = self._entry(view)
        return begun if isinstance(begun, Layout) else self._noted(view, begun)

    def _noted(self, view: View, task: Task[View]) -> Task[View]:
        """A task, noting the letters that it binds."""
        bound = self._bound[view] = set[str]()
        reply: Layout | None = None
        while True:
            try:
                asked = next(task) if reply is None else task.send(reply)
            except StopIteration as finished:
                layout: Layout = finished.value
                return layout
            reply = yield asked
            bound |= {*(asked.axes or ())}.difference(view.axes or ())
            bound |= self._bound.get(asked, set())

    def _entry(self, view: View) -> Layout | Task[View]:
        node, axes, taken = view.node, view.axes or (), view.taken
        if node in self._named:
            return self._plain(node, axes)
        if node.op is transpose and node.args[0] in self._named:
            return self._plain(node.args[0], (axes[1], axes[0], *axes[2:]))
        if is_image(node):
            return self._image(node, axes, taken)
        if node.op is einsum or (node.op is scale and node in self._indexed):
            return self._product(node, axes, taken)
        if node in self._indexed:
            return self._sum(node, axes, taken)
        if node.op is eye and "delta" not in self._avoid:
            return self._compose.indexed(Layout((self._compose.spelling.delta,)), axes)
        if node.op is ones:
            return self._compose.number(1)
        if node.op is transpose:
            return self._plain(node.args[0], (axes[1], axes[0], *axes[2:]))
        return self._plain(node, axes)

    def _plain(self, node: Expr, axes: tuple[str, ...]) -> Task[View]:
        base = yield View(node)
        return self._compose.indexed(base, axes) if axes else base

    def _image(self, node: Expr, axes: tuple[str, ...], taken: frozenset[str]) -> Task[View]:
        """The entry of the array that an image is at its further letters."""
        own = node.order - further_axes(node)
        array = sliced(node, axes[own:])
        if array is not None:
            return (yield View(array, axes=axes[:own]))
        if node.op in (matmul, transpose, trace):
            return (yield from self._fused(node, axes, taken, [], 1))
        operands: list[Layout] = []
        for arg in node.args:
            operands.append((yield View(arg)))
        return self._compose.indexed(by_cell(self._compose, node, operands), axes)

    def _sum(self, node: Expr, axes: tuple[str, ...], taken: frozenset[str]) -> Task[View]:
        compose = self._compose
        if node.op is index_sum:
            within = taken | {node.data[0]}
            body = yield View(node.args[0], axes=axes, taken=within)
            return self._members.summed(compose, node, body)
        if node.op is neg:
            return compose.negative((yield View(node.args[0], axes=axes, taken=taken)))
        if node.op is divide:
            body = yield View(node.args[0], axes=axes, taken=taken)
            return compose.quotient(body, (yield View(node.args[1])))
        terms: list[tuple[bool, Layout]] = []
        stack = [(node, False)]
        while stack:
            part, subtracted = stack.pop()
            opens = part is node or self._opens(part)
            if opens and not subtracted and part.op in (add, sub):
                left, right = part.args
                stack += ((right, part.op is sub), (left, False))
            else:
                terms.append((subtracted, (yield View(part, axes=axes, taken=taken))))
        return compose.total(terms)

    def _product(self, node: Expr, axes: tuple[str, ...], taken: frozenset[str]) -> Task[View]:
        factors: list[Layout] = []
        coefficient: Number = 1
        if node.op is scale and is_fraction(node.args[0]):
            coefficient, node = node.args[0].data, node.args[1]
        while node.op is scale and node not in self._named:
            factors.append((yield View(node.args[0])))
            node = node.args[1]
        if node.op is einsum and node not in self._named:
            return (yield from self._fused(node, axes, taken, factors, coefficient))
        factors.append((yield View(node, axes=axes, taken=taken)))
        return self._compose.product(factors, coefficient=coefficient)

    def _fused(
        self,
        node: Expr,
        axes: tuple[str, ...],
        taken: frozenset[str],
        factors: list[Layout],
        coefficient: Number,
    ) -> Task[View]:
        """The entry of a product of tensors, after scalar factors."""
        fused = fuse(node, lambda inner: inner.op is einsum and inner not in self._named)
        letters = dict(zip(reversed(fused.out), reversed(axes), strict=True))
        free = self._free(taken.union(axes))
        for label in (label for _, labels in fused.factors for label in labels):
            if label not in letters:
                letters[label] = next(free)
        taken = taken.union(axes, letters.values())
        seen = {
            *fused.out,
            *(x for factor, row in fused.factors if factor.op is not ones for x in row),
        }
        for factor, labels in fused.factors:
            entry = tuple(letters[label] for label in labels)
            if factor.op is not ones:
                part = View(factor, axes=entry, taken=taken)
                factors.append((yield part))
                # What one factor sums over, the next would share.
                taken |= self._bound.get(part, set())
            elif not seen.issuperset(labels) or factor.shape == (1,):
                # A label that nothing else has would be lost, and with it the size it counts; an
                # axis of size one is another's that is repeated, if nothing says so.
                factors.append((yield from self._plain(factor, entry)))
        for label, letter, size in zip(fused.out, axes, node.shape, strict=True):
            if letters[label] != letter:
                identity = build(eye, (), None, (size, size))
                factors.append((yield View(identity, axes=(letters[label], letter), taken=taken)))
        factors = factors or [self._compose.number(1)]
        return self._compose.product(factors, coefficient=coefficient)

    def _free(self, taken: frozenset[str]) -> Iterator[str]:
        pool = chain(_LETTERS, (f"i{number}" for number in count(1)))
        return (letter for letter in pool if letter not in taken and letter not in self._avoid)


def _terms(node: Expr) -> tuple[Expr, ...]:
    """The operands that a node in index form hands its axes to."""
    if node.op in (add, sub, neg, index_sum):
        return node.args
    if node.op is scale:
        return node.args[1:]
    if node.op is divide and node.args[1].order == 0:
        return node.args[:1]
    return ()
