"""Operators of the catalogue as their records say, for random expressions.

What a record has in its cells is enough: its signature says which operands there are and of which
sizes, its conditions say which values those may have.  So an operator is drawn by its existence,
and a condition that no row here knows is an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from matgrad.catalogue import OPERATORS
from matgrad.core.dims import Shape, Size
from matgrad.core.expr import Expr, Op, number
from matgrad.core.signature import Alternative, alternatives, build
from random_maker import Maker
from samples import germ

# Operators whose nodes carry data or their own shape, or whose first operand is a function.
BY_HAND = frozenset(
    """einsum entry component part block index_sum power matpow unvec vech eye ones zeros unit fuse
    exchange commutation duplication elimination funm funm_frechet funm_frechet2 loewner
    kron face_split khatri_rao kronsum""".split()
)
# What an operand named in a condition must be.  The value is a method of the maker.
_ASKED: dict[str, dict[str, str]] = {
    "B != 0": {"B": "positive"},
    "A > 0": {"A": "positive"},
    "A != 0": {"A": "moved"},
    "A nonsingular": {"A": "moved"},
    "A of full column rank": {"A": "moved"},
    "A of full rank unless A full_rank": {"A": "moved"},
    "rank of A constant nearby unless A full_rank": {"A": "moved"},
    "A has at least as many rows as columns": {"A": "moved"},
    "the leading principal minors of A are not zero": {"A": "moved"},
    "no eigenvalue of A has real part zero": {"A": "moved"},
    "no column of A is zero": {"A": "moved"},
    "no row of A is zero": {"A": "moved"},
    "A symmetric positive definite unless A pd": {"A": "definite"},
    "B symmetric positive definite unless B pd": {"B": "definite"},
    "A and -B have no common eigenvalue unless A, B pd": {"A": "definite", "B": "definite"},
    "A and -A' have no common eigenvalue unless A pd": {"A": "definite"},
    "entries of A positive unless A positive": {"A": "positive"},
    "the eigenvalue of A nearest to s is real and simple": {"A": "real_spectrum"},
    "the eigenvalue nearest to s is simple": {"A": "moved"},
    "the eigenvalues of A numbered k and k + 1 from above differ": {"A": "moved", "k": "one"},
    "the eigenvalues of A are simple": {"A": "moved"},
    "the largest eigenvalue of A is simple": {"A": "moved"},
    "the smallest eigenvalue of A is simple": {"A": "moved"},
    "the largest singular value of A is simple": {"A": "moved"},
    "the singular values of A are simple and positive": {"A": "moved"},
    "L != R": {"L": "moved"},
    "b > a": {"A": "moved", "a": "small", "b": "large"},
    "t > 0": {"A": "moved", "t": "positive"},
    # Scalar functions.
    "x > 0": {"x": "positive"},
    "x > -1": {"x": "positive"},
    "x > 1": {"x": "large"},
    "0 < x < 1": {"x": "share"},
    "abs(x) < 1": {"x": "small"},
    "cos(x) != 0": {"x": "small"},
    "sin(x) != 0": {"x": "share"},
    "x != 0": {"x": "moved"},
    "x no whole number": {"x": "moved"},
    "x + 1/2 no whole number": {"x": "moved"},
    **{
        f"the {kind} of {each}A is attained once": {"A": "moved"}
        for kind in ("maximum", "minimum")
        for each in ("", "each column of ", "each row of ")
    },
}
# Operators whose conditions are those of their derivatives.
_NAMED = {
    name: {"A": "moved"}
    for name in ("maximum", "minimum", "hypot", "atan2", "prod", "prod0", "prod1")
}
_TALL = {"A of full column rank", "A has at least as many rows as columns"}
DRAWN = tuple(
    name
    for name, op in sorted(OPERATORS.items())
    if name not in BY_HAND and op.kind not in ("structural",)
)


def has_rule(op: Op, operand: str) -> bool:
    """Whether a record says how the operator changes with an operand."""
    if op.kind == "elementwise":
        return bool(op.differential)
    if op.kind != "primitive":
        return True
    return f"d{operand}" in op.differential or bool(op.adjoint and operand == op.operands[-1])


@cache
def asked(op: Op) -> dict[str, str]:
    """What the operands of an operator must be, by name."""
    found = dict(_NAMED.get(op.name, {}))
    for condition in op.conditions:
        found |= _ASKED[condition]
    inside = set(re.findall(r"[a-z]\w+", op.definition)) & set(OPERATORS)
    if any(OPERATORS[name].conditions for name in inside):
        found = dict.fromkeys(op.operands, "moved") | found
    return found


def recorded(maker: Maker, shape: Shape, depth: int) -> Expr:
    """A random operator at operands of random sizes, made to fit a shape."""
    op = OPERATORS[maker.random.choice(DRAWN)]
    return maker.fitted(applied(maker, op, shape, depth), shape, depth)


def applied(maker: Maker, op: Op, shape: Shape, depth: int) -> Expr:
    """An operator at operands of random sizes, of those that give a shape where that can be."""
    rule = maker.random.choice([rule for rule in alternatives(op.signature) if _fits(rule)])
    own, further = len(rule.output.axes), rule.output.rest
    sizes: dict[str, Size] = {}
    rests: dict[str, Shape] = {}
    if rule.output.accepts(len(shape)) and len(further) < 2:
        sizes = {str(axis): size for axis, size in zip(rule.output.axes, shape, strict=False)}
        rests = dict.fromkeys(further, shape[own:])
    for spec in rule.inputs:
        for axis in map(str, spec.axes):
            sizes.setdefault(axis, maker.size())
            if axis.isdigit():
                sizes[axis] = int(axis)
        for name in spec.rest:
            count = maker.random.choice((0, 0, 1) if spec.axes else (0, 1, 2, 2, 3))
            rests.setdefault(name, tuple(maker.size() for _ in range(count)))
    if _TALL & set(op.conditions):
        sizes["m"] = sizes["n"] + maker.size()
    args = []
    for name, spec in zip(op.operands, rule.inputs, strict=False):
        wanted = tuple(sizes[str(axis)] for axis in spec.axes)
        wanted = sum((rests[name] for name in spec.rest), wanted)
        args.append(_operand(maker, op, name, wanted, depth))
    return build(op, tuple(args))


def _fits(rule: Alternative) -> bool:
    return all(len(spec.axes) + 2 * len(spec.rest) <= 4 for spec in rule.inputs)


def _operand(maker: Maker, op: Op, name: str, shape: Shape, depth: int) -> Expr:
    way = asked(op).get(name)
    if way == "one":
        return number(1)
    if name == "f":  # of a function of matrices, a scalar function
        return germ(maker.phi)
    if way is None:
        # Functions of matrices are taken of such as are not large.
        square = len(shape) == 2 and shape[0] == shape[1] and op.kind == "primitive"
        way = "small" if square else "make"
    make: Callable[[Shape, int], Expr] = getattr(maker, way)
    if has_rule(op, name):
        return make(shape, depth)
    with maker.held():
        return make(shape, depth)
