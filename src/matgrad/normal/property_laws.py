"""The laws of what has a property: Q'*Q = I for orthonormal Q, b.*b = b for zeros and ones.

Floor 3.  Their left sides are products of one variable; what has its properties announces them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from matgrad.catalogue.properties import PROPERTIES, closure
from matgrad.core.expr import APPLY, CONTRACTION, SUM, SYMBOL, Expr, Op, symbols_of
from matgrad.normal.build import instantiate, spread
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.inference import is_equivariant, is_identity, known_of, known_turned
from matgrad.normal.known import gives
from matgrad.normal.laws import Instance
from matgrad.normal.lower import lower_all
from matgrad.normal.match import Match
from matgrad.normal.sums import scaled, split
from matgrad.normal.symmetry import turned
from matgrad.notation.read import read
from matgrad.rules import RULES, Rule


class _Law(NamedTuple):
    """A compiled law: its variable, the factors of the left side, its output, and the right side.
    One of scalars holds entry by entry."""

    name: str
    variable: Expr
    factors: tuple[Factor, ...]
    out: Labels
    right: Expr


_ROWS = tuple(
    (rule, frozenset(word for word in rule.given.split() if word in PROPERTIES))
    for rule in RULES
    if rule.when == "property"
)
# What has a law.
_WANTED = frozenset().union(*[wanted for _, wanted in _ROWS])
_compiled: dict[str, _Law | None] = {}


def property_instances(node: Expr) -> list[Instance] | None:
    """The laws that a node announces by what is known of it; None while one is being compiled,
    because its own sides are not rewritten."""
    found: list[Instance] = []
    for value in _values(node):
        held = known_of(value).properties
        if held.isdisjoint(_WANTED):
            continue
        for rule, wanted in _ROWS:
            if wanted <= held:
                law = _law(rule)
                if law is None:
                    return None
                instance = _instance(law, value)
                found += [instance] if instance else []
    return found


def _values(node: Expr) -> Iterator[Expr]:
    """A factor of a product as what may have a property; of a sum also its negative, because
    P - I stands for I - P, and of what may stand for its transpose also that."""
    if node.op is SUM:
        if node.order == 2 and any(map(is_identity, node.args)):
            yield node
            yield scaled(-1, node)
    elif _may_announce(node):
        yield node
        if is_equivariant(node) and not known_turned(node).properties.isdisjoint(_WANTED):
            yield turned(node)


def _may_announce(node: Expr) -> bool:
    if node.op is SYMBOL:
        return _may_have_laws(node.data[1])
    if node.op is APPLY:
        return bool(node.data[0].properties)
    return bool(node.op.gives) and _gives_laws(node.op)


@lru_cache(4096)
def _may_have_laws(declared: frozenset[str]) -> bool:
    """Whether what is declared of a symbol may have a law; an interval says more than its name."""
    return not declared <= PROPERTIES.keys() or not closure(declared).isdisjoint(_WANTED)


@cache
def _gives_laws(op: Op) -> bool:
    """Whether what an operator gives, for some operands at least, has a law."""
    held = closure(frozenset(name for name, _ in gives(op)))
    return not held.isdisjoint(_WANTED)


def _law(rule: Rule) -> _Law | None:
    if rule.name not in _compiled:
        _compiled[rule.name] = None
        left, right = lower_all(
            tuple(read(side, given=rule.given).expr for side in (rule.left, rule.right))
        )
        (variable,) = symbols_of(left)
        factors = tuple(zip(left.args, *left.data[1:], strict=True))
        _compiled[rule.name] = _Law(rule.name, variable, factors, left.data[0], right)
    return _compiled[rule.name]


def _instance(law: _Law, value: Expr) -> Instance | None:
    """A law for one value of its variable."""
    entrywise = not law.variable.shape
    match = Match(entrywise)
    if not match.bind(law.variable, value):
        return None
    axes = tuple(range(value.order))
    factors: list[Factor] = []
    scale = 1
    for part, row, power in law.factors:
        coefficient, node = split(instantiate(part, match.nodes, match.sizes))
        scale *= -1 if coefficient == -1 and power % 2 else 1
        if value.op is CONTRACTION:
            # A transpose.
            node, row = node.args[0], row[::-1]
        factors.append((node, axes if entrywise else row, power))
    if entrywise:
        right = spread(law.right, match.nodes, value.shape)
        return Instance(axes, tuple(factors), right, scale, "keeps", law.name)
    right = instantiate(law.right, match.nodes, match.sizes)
    return Instance(law.out, tuple(factors), right, scale, "keeps", law.name)
