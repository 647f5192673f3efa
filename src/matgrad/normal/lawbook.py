"""The laws of products compiled, and what they say at one operator.

Floor 3.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from matgrad.catalogue import OPERATORS
from matgrad.core.dims import Dim, Size
from matgrad.core.expr import CONTRACTION, SUM, Expr, Op, walk
from matgrad.normal.build import instantiate
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.laws import Instance, Order, provide_laws
from matgrad.normal.lower import lower_all
from matgrad.normal.match import Match, upright
from matgrad.normal.property_laws import property_instances
from matgrad.normal.sums import split
from matgrad.normal.symmetry import group_of, is_symmetric, orient, permute, transposed
from matgrad.notation.read import read
from matgrad.rules import RULES, Rule


class Law(NamedTuple):
    """A compiled law: the operands of the operator that announces it, the factors of the left
    side, its output, and the right side.

    A law whose sides differ only in their order is there in both directions: one for matrices
    as they are, one for transposes (`turned`), so that f(A)*A and its transpose agree.  It
    `swaps` when one side is the transpose of the other.
    """

    name: str
    operands: tuple[Expr, ...]
    out: Labels
    factors: tuple[Factor, ...]
    right: Expr
    turned: bool | None
    swaps: bool


_laws: dict[Op, tuple[Law, ...] | None] = {}


def clear() -> None:
    """Forget compiled laws."""
    _laws.clear()


def laws(op: Op) -> Sequence[Law] | None:
    """The compiled laws that `op`, the first operator in their text, announces; None while they
    are being compiled, because their own sides are not rewritten."""
    if op not in _laws:
        _laws[op] = None
        rows = [r for r in RULES if r.when == "law" and OPERATORS.get(_announcer(r)) is op]
        _laws[op] = tuple(law for rule in rows for law in _compiled_laws(op, rule))
    return _laws[op]


def _compiled_laws(op: Op, rule: Rule) -> Iterator[Law]:
    left, right = (read(side, given=rule.given).expr for side in (rule.left, rule.right))
    head = next(node for node in walk(left) if node.op is op)
    operands = tuple(map(upright, lower_all(head.args)))
    ways = [lower_all((left, right))]
    turned: tuple[bool | None, ...] = (None,)
    if sorted(part.key for part in ways[0][0].args) == sorted(part.key for part in ways[0][1].args):
        ways, turned = [ways[0], ways[0][::-1]], (False, True)
    for (source, result), is_turned in zip(ways, turned, strict=True):
        assert source.op is CONTRACTION, f"{rule.name}: its left side is rewritten"
        factors = tuple(zip(source.args, *source.data[1:], strict=True))
        swaps = is_turned is not None and permute(source, (1, 0)) is result
        yield Law(rule.name, operands, source.data[0], factors, result, is_turned, swaps)


def _announcer(rule: Rule) -> str:
    return rule.left[: rule.left.index("(")].rpartition("*")[2].strip("-( ")


def instances(node: Expr) -> tuple[Instance, ...]:
    """The laws that a node announces, by its operator or by what is known of it."""
    found: tuple[Instance, ...] | None = node.memo.get("laws")
    if found is None:
        rows = laws(node.op)
        if rows is None:
            return ()
        node.memo["laws"] = ()  # nor are they where they are made for a node
        own = property_instances(node)
        if own is None:
            del node.memo["laws"]
            return ()
        made = (_instance(law, node) for law in rows)
        found = node.memo["laws"] = (*own, *(law for law in made if law is not None))
    return found


def _instance(law: Law, node: Expr) -> Instance | None:
    if law.turned is not None and (is_symmetric(node) or law.turned != _is_turned(node.args[0])):
        return None
    match = _matched(law, node.args)
    if match is None and node.op.transpose and any(arg.op is CONTRACTION for arg in node.args):
        # inv(chol(A)') stands for inv(chol(A)) where that has the lesser key.
        match = _matched(law, transposed(node.op, node.args))
    if match is None:
        return None
    coefficient: Size = 1
    factors: list[Factor] = []
    fresh = 1 + max((label for _, row, _ in law.factors for label in row), default=0)
    for part, row, exponent in law.factors:
        outer, inner = split(instantiate(part, match.nodes, match.sizes))
        coefficient = coefficient * outer
        if inner.op is not CONTRACTION:
            if inner.op is SUM and len(row) == 2:
                inner, swapped, sign = orient(inner)
                row, coefficient = row[::-1] if swapped else row, coefficient * sign
            factors.append((inner, row, exponent))
            continue
        out, rows, powers = inner.data
        if len(set(out)) < len(out) or not inner.args or exponent != 1:
            return None
        names = dict(zip(out, row, strict=True))
        for factor, labels, power in zip(inner.args, rows, powers, strict=True):
            for label in labels:
                if label not in names:
                    names[label], fresh = fresh, fresh + 1
            factors.append((factor, tuple(names[label] for label in labels), power))
    if isinstance(coefficient, Dim):
        return None
    right = instantiate(law.right, match.nodes, match.sizes)
    order: Order = "swaps" if law.swaps else "keeps" if law.turned is None else "moves"
    return Instance(law.out, tuple(factors), right, Fraction(1) / coefficient, order, law.name)


def _matched(law: Law, args: tuple[Expr, ...]) -> Match | None:
    match = Match(entrywise=False)
    return match if all(map(match.match, law.operands, args)) else None


def _is_turned(node: Expr) -> bool:
    """Whether what is printed for a matrix is a transpose."""
    node = split(node)[1]
    if node.op is SUM:
        return all(map(_is_turned, node.args))
    if node.op is not CONTRACTION:
        return False
    matrices = [(arg, row) for arg, row in zip(node.args, node.data[1], strict=True) if row]
    (first, row), *others = matrices or [(node, ())]
    return not others and row == node.data[0][::-1] and not group_of(first)


provide_laws(instances)
