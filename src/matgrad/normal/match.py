"""Matching: does a normal expression have the form of a rule's left side?

Floor 3.  A pattern variable binds any node of a fitting shape; sizes in patterns unify with
sizes in the target.  A pattern A*B matches a product at any bound label whose cut separates
the two outputs, so variables stand for whole sub-products.
"""

from __future__ import annotations

from typing import final

from matgrad.catalogue.germs import ARGUMENT
from matgrad.core.dims import Dim, Size
from matgrad.core.expr import CONTRACTION, SUM, SYMBOL, Expr, Op, make
from matgrad.normal.canon import Factor
from matgrad.normal.fusion import FUSE
from matgrad.normal.indices import is_affine
from matgrad.normal.kronecker import kronecker_parts
from matgrad.normal.product import contract
from matgrad.normal.properties import properties_of
from matgrad.normal.sums import is_zero, numeral, scaled, split
from matgrad.normal.symmetry import transposed, turned


@final
class Match:
    """Bindings of pattern variables to nodes and of pattern sizes to sizes.

    In an `entrywise` match scalar variables bind arrays, because the operator at the head
    acts entry by entry.
    """

    __slots__ = ("entrywise", "nodes", "sizes")

    def __init__(self, entrywise: bool) -> None:
        self.entrywise = entrywise
        self.nodes: dict[Expr, Expr] = {}
        self.sizes: dict[str, Size] = {}

    def copy(self) -> Match:
        """The same bindings, to be extended apart."""
        other = Match(self.entrywise)
        other.nodes, other.sizes = dict(self.nodes), dict(self.sizes)
        return other

    def bind(self, variable: Expr, target: Expr) -> bool:
        if variable in self.nodes:
            return self.nodes[variable] is target
        if variable.data[1] and not variable.data[1] <= properties_of(target):
            return False
        if variable.order != target.order:
            if not (self.entrywise and variable.order == 0):
                return False
        elif not all(map(self.size, variable.shape, target.shape)):
            return False
        self.nodes[variable] = target
        return True

    def size(self, pattern: Size, target: Size) -> bool:
        """Unify a pattern's size, a bare name or a number, with the target's."""
        if isinstance(pattern, Dim):
            return self.sizes.setdefault(str(pattern), target) == target
        return pattern == target

    def exponent(self, pattern: Expr, target: Expr) -> bool:
        """Unify the exponents of two powers without indices; other nodes have none."""
        if not is_affine(pattern):
            return True
        (wanted, steps), (start, others) = pattern.data, target.data
        return not steps and not others and self.size(wanted, start)

    def match(self, pattern: Expr, target: Expr) -> bool:
        if is_variable(pattern):
            return self.bind(pattern, target)
        if is_zero(pattern):
            return is_zero(target) and all(map(self.size, pattern.shape, target.shape))
        if pattern.op is SUM:
            coefficient, inner = split(target)
            negative = not isinstance(coefficient, Dim) and coefficient < 0
            return negative and self.match(pattern.args[0], scaled(-coefficient, inner))
        if pattern.op is CONTRACTION:
            return self.product(pattern, target)
        if pattern.op is target.op:
            return self.exponent(pattern, target) and all(
                map(self.match, pattern.args, target.args)
            )
        equivariant = pattern.op.transpose in ("equivariant", "reversed")
        if equivariant and target.op is CONTRACTION and target.order > 1:
            other = turned(target)
            if other.op is pattern.op and self.exponent(pattern, other):
                return all(map(self.match, pattern.args, transposed(other.op, other.args)))
        return False

    def product(self, pattern: Expr, target: Expr) -> bool:
        out, rows, _ = pattern.data
        if not pattern.args:
            if target.op is not CONTRACTION or target.args or (out and target.data[0] != out):
                return False
            return not out or all(map(self.size, pattern.shape, target.shape))
        if len(pattern.args) == 1 and not out:
            return self.total(pattern, target)
        if len(pattern.args) == 1:
            if target.op is not CONTRACTION or target.data[0] != out or len(set(out)) != 1:
                return False
            _, inner_rows, powers = target.data
            factors = list(zip(target.args, inner_rows, powers, strict=True))
            sizes = {out[0]: target.shape[0]}
            return self.match(pattern.args[0], contract((out[0],), factors, 1, sizes))
        if () in rows:
            return self.multiple(pattern, target)
        if any(node.op is FUSE for node in pattern.args):
            return self.kronecker(pattern, target)
        return self.chain(pattern, target)

    def total(self, pattern: Expr, target: Expr) -> bool:
        """sum(x): the entries of one vector added up."""
        if target.op is not CONTRACTION or target.shape or pattern.data[2] != (1,):
            return False
        _, rows, powers = target.data
        if len(set().union(*rows)) != 1 or () in rows or len(pattern.data[1][0]) != 1:
            return False
        factors = list(zip(target.args, rows, powers, strict=True))
        return self.match(pattern.args[0], contract(rows[0][:1], factors))

    def multiple(self, pattern: Expr, target: Expr) -> bool:
        """c*A: a coefficient or scalar factors in front of an array."""
        coefficient, core = split(target)
        scalars: list[Factor] = []
        if core.op is CONTRACTION:
            out, rows, powers = core.data
            factors = list(zip(core.args, rows, powers, strict=True))
            scalars = [factor for factor in factors if not factor[1]]
            if scalars:
                rest = [factor for factor in factors if factor[1]]
                if not rest and len(set(out)) != len(out):
                    return False
                sizes = dict(zip(out, core.shape, strict=True))
                core = contract(out, rest, 1, sizes)
        if coefficient == 1 and not scalars:
            return False
        front = contract((), scalars, coefficient) if scalars else numeral(coefficient)
        at = pattern.data[1].index(())
        if pattern.data[1][1 - at] == (1, 0):
            core = turned(core)
        return self.match(pattern.args[at], front) and self.match(pattern.args[1 - at], core)

    def kronecker(self, pattern: Expr, target: Expr) -> bool:
        """kron(A, B): both outputs joined axes whose parts meet pairwise."""
        parts = kronecker_parts(target)
        if parts is None:
            return False
        slots = _kronecker_slots(pattern)
        return all(
            self.match(pattern.args[slot], part) for slot, part in zip(slots, parts, strict=True)
        )

    def chain(self, pattern: Expr, target: Expr) -> bool:
        """A*B at the first cut where the shapes fit."""
        if target.op is not CONTRACTION:
            return False
        out, rows, powers = target.data
        if len(set(out)) != 2:
            return False
        factors: list[Factor] = list(zip(target.args, rows, powers, strict=True))
        first = next(k for k, row in enumerate(pattern.data[1]) if pattern.data[0][0] in row)
        for label in sorted({inner for row in rows for inner in row} - set(out)):
            side = side_of(factors, out[0], label)
            if side is None or any(out[1] in row for _, row, _ in side):
                continue
            other = [factor for factor in factors if factor not in side]
            left = contract((out[0], label), side)
            right = contract((label, out[1]), other)
            saved = dict(self.nodes), dict(self.sizes)
            if self.match(pattern.args[first], left) and self.match(pattern.args[1 - first], right):
                return True
            self.nodes, self.sizes = saved
        return False


def is_variable(pattern: Expr) -> bool:
    """Whether a pattern binds anything of its shape: a symbol, or the name of a function."""
    return pattern.op is SYMBOL or (bool(pattern.args) and pattern.args[0].op is ARGUMENT)


def heads(pattern: Expr) -> frozenset[Op]:
    """The operators of what can match a pattern; none where all can."""
    if is_variable(pattern):
        return frozenset()
    if pattern.op is CONTRACTION:
        return frozenset({CONTRACTION, SUM})
    turns = pattern.op.transpose in ("equivariant", "reversed")
    return frozenset({pattern.op, CONTRACTION} if turns else {pattern.op})


def upright(pattern: Expr) -> Expr:
    """inv(A')' as inv(A): patterns do not depend on which of A and A' has the lesser key."""
    if pattern.op is CONTRACTION and len(pattern.args) == 1 and pattern.data[1] == ((1, 0),):
        (inner,) = pattern.args
        if inner.op.transpose in ("equivariant", "reversed"):
            operands = transposed(inner.op, inner.args)
            return make(inner.op, operands, inner.data, inner.shape[::-1])
    return pattern


def _kronecker_slots(pattern: Expr) -> list[int]:
    """Where A and B stand in a compiled kron(A, B)."""
    out, rows, _ = pattern.data
    parts = next(
        r[1:] for n, r in zip(pattern.args, rows, strict=True) if n.op is FUSE and r[0] == out[0]
    )
    return [
        next(k for k, r in enumerate(rows) if part in r and pattern.args[k].op is not FUSE)
        for part in parts
    ]


def side_of(factors: list[Factor], start: int, cut: int) -> list[Factor] | None:
    """The factors joined to label `start` without crossing `cut`, if exactly one end of `cut`
    is among them and one is not."""
    reached = {start}
    side: list[Factor] = []
    left = list(factors)
    changed = True
    while changed:
        changed = False
        for factor in list(left):
            if any(label in reached for label in factor[1]):
                side.append(factor)
                left.remove(factor)
                reached.update(label for label in factor[1] if label != cut)
                changed = True
    ends = sum(row.count(cut) for _, row, _ in side)
    return side if left and ends == 1 and sum(row.count(cut) for _, row, _ in left) == 1 else None
