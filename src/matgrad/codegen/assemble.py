"""From the normal form to a program: products in the best order, sums by broadcasting.

Floor 4.  What labels say is not built: an axis along which a value only repeats is left out, a
label that the output has twice is a diagonal kept as a vector, axes stand in any order.  An
inverse is built only where something else than a product wants it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import final

from matgrad.catalogue.linalg import inv
from matgrad.codegen.apart import apart
from matgrad.codegen.diagonals import is_diagonal, on_diagonals
from matgrad.codegen.fusing import Fused
from matgrad.codegen.held import Held, pattern, plain, renamed
from matgrad.codegen.members import along, each, is_along
from matgrad.codegen.multiply import Choice, multiplied, times
from matgrad.codegen.products import Operand, Products
from matgrad.codegen.program import NUMBER, SUM, Program, Value
from matgrad.codegen.sizes import Scale
from matgrad.codegen.squares import is_nonnegative, squared
from matgrad.codegen.stable import norm_of, stabilised, stable
from matgrad.core.dims import Number, Shape, Size, names_of
from matgrad.core.expr import APPLY, CONTRACTION, SYMBOL, Expr, symbols_of, walk
from matgrad.core.expr import SUM as NORMAL_SUM
from matgrad.normal.canon import Labels
from matgrad.normal.indices import PLACE, lead
from matgrad.normal.inference import known_of


@final
class Assembly:
    """One program for several normal expressions."""

    def __init__(
        self,
        parts: Sequence[tuple[Expr, Expr]] = (),
        moving: Sequence[Expr] = (),
        scale: Scale | None = None,
        roots: Sequence[Expr] = (),
    ) -> None:
        self.program = Program(symbol.data[0] for symbol in moving)
        self.products = Products(self.program)
        self.done: dict[Expr, Held] = {}
        self.scale = scale or Scale()
        # What one node wants, and no result is; in operators it is prepared.
        every = walk(*roots, *(part for _, part in parts)) if roots and not moving else ()
        uses = Counter((*roots, *(arg for node in every for arg in set(node.args))))
        self.once = {node for node, count in uses.items() if count == 1}.difference(roots)
        # Products whose order is a choice.
        self.choices: list[Choice] = []
        for symbol, part in parts:
            self.add(part)
            self.done[symbol] = self.get(part)

    def add(self, root: Expr) -> Value:
        """The whole array of a normal expression."""
        for symbol in symbols_of(root):
            self.scale.tall.update(*map(names_of, symbol.shape[:1]))
        self.prepare(root)
        return self.whole(root)

    def prepare(self, root: Expr) -> None:
        """Holds whatever a node needs; of inverses only what is inverted."""
        if root.op is NORMAL_SUM:
            # What may be multiplied in several orders last: a part of it may be made by then.
            for arg in sorted(
                root.args, key=lambda arg: arg.op is CONTRACTION and len(arg.args) > 2
            ):
                self.prepare(arg)
        ready = all(arg in self.done for arg in root.args)
        for node in (root,) if ready else walk(root):
            if node not in self.done and node.op is not inv:
                self.done[node] = self.held(node)

    def whole(self, node: Expr) -> Value:
        """The array of a node, with all its axes in their order."""
        return self.filled(self.get(node), node.shape)

    def get(self, node: Expr) -> Held:
        if node not in self.done:
            (matrix,) = node.args
            value = self.whole(matrix) if lead(node) else self.solvable(matrix)
            inverse = Operand(value, tuple(range(node.order)), solves=True)
            self.done[node] = plain(self.products.built(inverse).value)
        return self.done[node]

    def solvable(self, matrix: Expr) -> Value:
        """A matrix whose inverse is wanted, marked with what is known of it."""
        value = self.whole(matrix)
        held = known_of(matrix).properties
        for kind in ("diagonal", "lower", "upper", "pd"):
            if kind in held:
                return self.program.make("known", (value,), kind, value.shape)
        return value

    def filled(self, held: Held, shape: Shape) -> Value:
        """The array with its diagonals and repeated axes filled in."""
        value, row, out = held
        if not held.is_diagonal and set(row) == set(out):
            return self.program.permuted(value, tuple(map(row.index, out)))
        distinct = tuple(dict.fromkeys(out))
        spread = self.products.spread(Operand(value, row), distinct)
        lengths = dict(zip(out, shape, strict=True))
        sizes = tuple(lengths[label] for label in distinct)
        if not held.is_diagonal:
            if value.op == NUMBER:
                return self.program.make("full", (value,), sizes, sizes)
            return self.program.make("broadcast", (spread,), sizes, sizes)
        places = tuple(map(distinct.index, out))
        if value.op == NUMBER and places == (0, 0):
            eye = self.program.make("eye", (), shape[0], shape)
            return self.program.scaled(value.data, eye)
        return self.program.make("spread", (spread,), places, shape)

    # Nodes

    def held(self, node: Expr) -> Held:
        form = stable(node)
        if form is not None:
            coefficient, op, arg = form
            self.prepare(arg)
            if op == "log_det" and node.order:
                return plain(each(self.program, op, None, (self.whole(arg),), node.shape))
            if op == "log_det":
                return plain(self.program.make(op, (self.solvable(arg),)))
            if op.startswith("logsumexp"):
                return plain(self.program.make(op, (self.whole(arg),), None, node.shape))
            return self.applied(op, arg, coefficient)
        if node.op is CONTRACTION:
            return self.contraction(node)
        if node.op is NORMAL_SUM:
            return self.sum(node)
        if node.op is SYMBOL:
            value = self.program.make("input", (), node.data[0], node.shape)
            if "symmetric" in known_of(node).properties:
                self.program.symmetric.add(value)
            return plain(value)
        if node.op.kind == "elementwise":
            return self.applied(node.op.name, node.args[0], 1)
        if is_along(node):
            return plain(along(self.program, node, tuple(map(self.whole, node.args))))
        if node.op.name in ("det", "logdet"):
            return plain(self.program.make(node.op.name, (self.solvable(node.args[0]),)))
        data = node.data[:2] if node.op is PLACE else node.data
        data = data if node.op is not APPLY else (data[0].name, data[1])
        args = tuple(map(self.whole, node.args))
        return plain(self.program.make(node.op.name, args, data, node.shape))

    def applied(self, op: str, arg: Expr, coefficient: Size) -> Held:
        """A scalar function of every entry."""
        held = self.get(arg)
        if held.is_diagonal:
            held = plain(self.whole(arg))
        value = self.program.make(op, (held.value,), None, held.value.shape)
        return held._replace(value=self.program.scaled(coefficient, value))

    # Sums

    def sum(self, node: Expr) -> Held:
        terms = [(c, self.get(arg)) for c, arg in zip(node.data, node.args, strict=True)]
        if not terms:
            return Held(self.program.number(0), (), tuple(range(node.order)))
        groups: dict[Labels, list[tuple[Size, Held]]] = {}
        for c, held in terms:
            groups.setdefault(pattern(held.out), []).append((c, renamed(held)))
        order = sorted(groups, key=lambda labels: len(labels) - len(set(labels)))
        first, *others = [self.added(groups[labels]) for labels in order]
        for term in others:
            whole = self.filled(first, node.shape)
            first = plain(self.with_diagonal(whole, term))
        return first

    def with_diagonal(self, whole: Value, term: Held) -> Value:
        """A sum of a whole array and a diagonal."""
        make = self.program.make
        if whole.order == 2 and term.value.order <= 1:
            return make("add_diagonal", (whole, term.value), None, whole.shape)
        distinct = tuple(dict.fromkeys(term.out))
        values = self.products.spread(Operand(term.value, term.row), distinct)
        places = tuple(map(distinct.index, term.out))
        return make("add_spread", (whole, values), places, whole.shape)

    def added(self, terms: list[tuple[Size, Held]]) -> Held:
        """A sum of terms with one output, whose axes stand as most of them have them."""
        out = terms[0][1].out
        rows = [held.row for _, held in terms]
        # Products may as well be made the other way round.
        longest = max(terms, key=lambda t: (len(t[1].row), t[1].value.op != "matmul"))[1].row
        row = longest + tuple(dict.fromkeys(x for r in rows for x in r if x not in longest))
        values: list[Value] = []
        lengths: dict[int, Size] = {}
        for _, held in terms:
            lengths.update(zip(held.row, held.value.shape, strict=True))
            values.append(self.products.spread(Operand(held.value, held.row), row))
        shape = tuple(lengths[label] for label in row)
        coefficients = tuple(c for c, _ in terms)
        if len(values) == 1:
            return Held(self.program.scaled(coefficients[0], values[0]), row, out)
        if all(value.op == NUMBER for value in values):
            number: Size = 0
            for c, value in zip(coefficients, values, strict=True):
                number = number + c * value.data
            return Held(self.program.number(number), row, out)
        return Held(self.program.make(SUM, tuple(values), coefficients, shape), row, out)

    # Products

    def contraction(self, node: Expr) -> Held:
        terms = apart(node, self.once, self.scale)
        if terms is not None:
            self.prepare(terms)
            return self.get(terms)
        out, rows, powers = node.data
        factors = stabilised(list(zip(node.args, rows, powers, strict=True)))
        for arg, _, _ in factors:
            self.prepare(arg)
        out, factors = on_diagonals(out, factors)
        sizes = dict(zip(out, node.shape, strict=True))
        for arg, row, _ in factors:
            sizes.update(zip(row, arg.shape, strict=True))
        fused = Fused(self.products, out, sizes)
        scale: list[Operand] = []
        operands: list[Operand] = []
        signs: list[bool] = []
        labels: set[int] = set()
        for factor in list(fused.loaded(factors)):
            operand = factor if isinstance(factor, Operand) else self.operand(*factor)
            labels.update(operand.row if isinstance(factor, Operand) else factor[1])
            if operand.row:
                operands.append(fused.apart(operand))
                signs.append(not isinstance(factor, Operand) and is_nonnegative(*factor[::2]))
            else:
                scale.append(operand)
        # Along labels that only repeated what is left of factors they counted.
        counted = {x for label in labels for x in fused.flat(label)}.difference(fused.out)
        for label in sorted(counted.difference(*[operand.row for operand in operands])):
            scale.append(Operand(self.program.number(fused.sizes[label]), ()))
        operands = squared(self.products, operands, signs, fused.out)
        value = self.multiplied(operands, fused.out, fused.sizes)
        for one in scale:
            value = times(self.products, value, one)
        held = Held(value.value, value.row, fused.out)
        if fused.out == out:
            return held
        # Axes that are joined in the result.
        whole = self.filled(held, tuple(fused.sizes[label] for label in fused.out))
        return plain(self.products.reshaped(whole, node.shape))

    def multiplied(
        self, operands: Sequence[Operand], out: Labels, sizes: Mapping[int, Size]
    ) -> Operand:
        """The product of operands, summed over what is no output."""
        return multiplied(self.products, operands, out, sizes, self.scale, self.choices)

    def operand(self, node: Expr, row: Labels, power: Number) -> Operand:
        """A factor with the labels of what is held of it."""
        if node.op is inv and power == 1 and len(set(row)) == len(row):
            held = self.get(node.args[0])
            if lead(node):
                return Operand(self.whole(node.args[0]), row, solves=True)
            if not held.is_diagonal:
                return Operand(self.solvable(node.args[0]), row, solves=True)
        if node.op is inv and power > 0 and len(set(row)) == 1 and is_diagonal(node):
            entries = self.operand(node.args[0], row, power)
            return entries._replace(below=True)
        norm = norm_of(node) if not row and (power * 2) % 2 else None
        if norm is not None:
            root = self.program.make("norm", (self.whole(norm),))
            doubled: Number = power * 2
            if power < 0:
                return Operand(self.program.power(root, -doubled), (), below=True)
            return Operand(self.program.power(root, doubled), ())
        held = self.get(node)
        names: dict[int, int] = {}
        for inner, outer in zip(held.out, row, strict=True):
            names.setdefault(inner, outer)
        if held.is_diagonal:
            # Labels that the value equates are another matter than an axis of it.
            held = plain(self.filled(held, node.shape))
            names = dict(zip(held.out, row, strict=True))
        operand = Operand(held.value, tuple(names[label] for label in held.row))
        operand = self.products.diagonal(operand)
        if power == 1:
            return operand
        if power < 0:
            return operand._replace(value=self.program.power(operand.value, -power), below=True)
        return operand._replace(value=self.program.power(operand.value, power))
