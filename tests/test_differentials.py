"""Every operator of the catalogue: its derivative against what it means, by evaluation.

The operands have the most general shapes that the operator's own signature allows, so a new
record has its tests by being there.  The oracle is `proof`, which shares no rule with the calculus.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from typing import Any, NamedTuple

import pytest

import matgrad as mg
from matgrad.catalogue import OPERATORS
from matgrad.core.dims import Dim, Shape, Size
from matgrad.core.errors import NoRule
from matgrad.core.expr import (
    SYMBOL,
    Expr,
    Function,
    Op,
    make,
    number,
    symbol,
    symbols_of,
    transform,
)
from matgrad.core.signature import (
    Alternative,
    Spec,
    alternatives,
    build,
    directions,
    operand_symbols,
)
from matgrad.notation.read import read, read_expression
from matgrad.proof import same
from samples import germ

m, n, p, q, k, r = (Dim(name) for name in "mnpqkr")
A, B, x, t = symbol("A", (m, n)), symbol("B", (n, n)), symbol("x", (n,)), symbol("t")
T, S, E = symbol("T", (n, n, p, q)), symbol("A", (n, n)), symbol("E", (n, n))
F = Function("f", ((),), (), elementwise=True)
HALF = n * (n + 1) * Fraction(1, 2)
POWER = build(OPERATORS["power"], (t,), r)
# Operators that carry data or make their own shape: operands, data, shape.
SPECIAL: dict[str, list[tuple[tuple[Expr, ...], Any, Shape | None]]] = {
    "power": [((A,), 2, None), ((x,), -1, None), ((t,), Fraction(3, 2), None), ((x,), k, None)],
    "matpow": [((B,), e, None) for e in (3, -2, 0, k, k - 2, k * -1)],
    "unvec": [((symbol("v", (m * n,)),), None, (m, n))],
    "entry": [((A,), (0, 1), ()), ((A,), ("i", "j"), ()), ((x,), (1,), ())],
    "component": [((T,), (0, "i"), (n, n))],
    "einsum": [((A, B), "ij,jj->ij", (m, n)), ((A, x), "ij,j->jji", (n, n, m))],
    "eye": [((), None, (n, n))],
    "ones": [((), None, (n,)), ((), None, (m, n))],
    "zeros": [((), None, (n,)), ((), None, (m, n))],
    "unit": [((), 1, (n,)), ((), "i", (n,))],
    "part": [
        ((x,), (p,), (q,)),
        ((A,), (None, 1), (m, 2)),
        ((T,), (0, None, 1, None), (1, n, p - 1, q)),
    ],
    "block": [
        ((x, symbol("y", (p,)), symbol("z", (1,))), (3,), (n + p + 1,)),
        (
            (A, symbol("C", (m, p)), symbol("D", (q, n)), symbol("E", (q, p))),
            (2, 2),
            (m + q, n + p),
        ),
    ],
    "fuse": [((), None, (m * n, m, n))],
    "tril": [((A,), None, None), ((A,), -1, None)],
    "triu": [((A,), None, None), ((A,), 1, None)],
    "vech": [((B,), None, (HALF,))],
    "exchange": [((), (n,), (n, n))],
    "commutation": [((), (m, n), (m * n, m * n))],
    "duplication": [((), (n,), (n * n, HALF))],
    "elimination": [((), (n,), (HALF, n * n))],
    "eigsum": [((B, number(2)), None, None)],
    "eigproj": [((B, number(1)), None, None)],
    **{
        name: [((germ(F, times), *rest), None, None) for times in (0, 1) for rest in operands]
        for name, operands in {
            "funm": [(S,)],
            "funm_frechet": [(S, E), (S, symbol("E", (n, n, p)))],
            "funm_frechet2": [
                (S, symbol("D", (n, n)), E),
                (S, symbol("D", (n, n)), symbol("E", (n, n, q))),
            ],
            "loewner": [(x,)],
        }.items()
    },
    "funm_frechet3": [((germ(F, 0), S, B, symbol("D", (n, n)), E), None, None)],
    "index_sum": [
        ((build(OPERATORS["matpow"], (B,), r),), ("r", 0, k - 1), None),
        ((build(OPERATORS["matpow"], (B,), k - r),), ("r", 1, k), None),
        ((build(OPERATORS["scale"], (number(r), POWER)),), ("r", 2, k + 1), None),
    ],
}


# Whose values at many positions along two axes are beyond the work that a check is given.
DEAR = frozenset({"logm_frechet2"})


def applications(op: Op) -> Iterator[Expr]:
    """The operator on symbols, once for each way its signature can be read."""
    for args, data, shape in SPECIAL.get(op.name, []):
        yield build(op, args, data, shape)
    if op.name not in SPECIAL:
        for rule in alternatives(op.signature):
            names = sorted({name for spec in rule.inputs for name in spec.rest})
            lengths: tuple[Shape, ...] = ((), (p,)) if op.adjoint else ((), (p,), (p, q))
            for rests in product(lengths, repeat=len(names)):
                if (len(names) > 2 or op.name in DEAR) and any(rests[:-1]):
                    continue  # of three directions the last; pairs are those of two
                yield build(op, tuple(operands(op, rule, dict(zip(names, rests, strict=True)))))


def operands(op: Op, rule: Alternative, rests: dict[str, Shape]) -> Iterator[Expr]:
    for name, spec in zip(op.operands, rule.inputs, strict=False):
        yield symbol(name, shape(spec, rests))


def shape(spec: Spec, rests: dict[str, Shape]) -> Shape:
    sizes: tuple[Size, ...] = tuple(
        int(str(axis)) if str(axis).isdigit() else Dim(str(axis)) for axis in spec.axes
    )
    return sum((rests[name] for name in spec.rest), sizes)


class Case(NamedTuple):
    expr: Expr
    variable: Expr

    def derive(self, **options: Any) -> mg.Result:
        return mg.derive(mg.Expression(self.expr), self.variable.data[0], **options)


def has_rule(op: Op, operand: str) -> bool:
    """Whether a record says how the operator changes with an operand."""
    if op.kind == "elementwise":
        return bool(op.differential)
    if op.kind != "primitive":
        return True
    linear = [op.operands[k] for k in directions(op)]
    return f"d{operand}" in op.differential or operand in linear


# As the records are when this is imported; scripts/mutate changes them afterwards.
UNRULED = {
    (op.name, name) for op in OPERATORS.values() for name in op.operands if not has_rule(op, name)
}


def cases(op: Op, *, ruled: bool = True) -> Iterator[Case]:
    """Each application, by each operand with a rule (or by each without); a constant is scaled
    by what it is derived by."""
    for expr in applications(op):
        if not expr.args:
            expr = build(OPERATORS["scale"], (t, expr))
        for variable in symbols_of(expr):
            if ((op.name, variable.data[0]) in UNRULED) is not ruled:
                yield Case(expr, variable)


def proved(result: mg.Result) -> None:
    assert result.proof is not None
    assert result.proof.ok is True, f"{result}: {result.proof}\n{result.proof.detail}"
    sizes = [size for assignment in result.proof.sizes for size in assignment.values()]
    assert not sizes or max(sizes) > 1, f"{result} is checked for single entries only"


# Operators with an operand by which the derivative is refused: the next in line has no record.
REFUSED = [name for name, op in OPERATORS.items() if any(cases(op, ruled=False))]


def operators(*kinds: str, constants: bool = True) -> pytest.MarkDecorator:
    """The operators of these kinds that have a derivative, with or without those of no operand."""
    names = [
        name
        for name, op in OPERATORS.items()
        if op.kind in kinds and any(cases(op)) and (constants or op.signature[0] != "-")
    ]
    return pytest.mark.parametrize("name", names)


EVERY = ("contraction", "linear", "elementwise", "primitive", "composed")
derivable = operators(*EVERY)


@derivable
def test_derivative(name: str) -> None:
    found = list(cases(OPERATORS[name]))
    assert found
    for case in found:
        proved(case.derive())


@derivable
def test_derivative_of_something_inside(name: str) -> None:
    """The chain rule: operands that are functions of the variable, at every entry another."""
    for case in cases(OPERATORS[name]):
        if case.variable.order > 2 or case.expr.order > 2:
            continue
        inside = build(OPERATORS["add"], (case.variable, _shifted(case.variable)))
        expr = transform(case.expr, lambda node, args, c=case, i=inside: _put(node, args, c, i))
        proved(mg.derive(mg.Expression(_scalar(expr)), case.variable.data[0]))


def _shifted(variable: Expr) -> Expr:
    """Half the variable times an array of its shape."""
    other = symbol("S", variable.shape)
    times = "scale" if not variable.shape else "hadamard"
    return build(
        OPERATORS["scale"], (number(Fraction(1, 8)), build(OPERATORS[times], (other, variable)))
    )


def _put(node: Expr, args: tuple[Expr, ...], case: Case, inside: Expr) -> Expr:
    if node is case.variable:
        return inside
    return make(node.op, args, node.data, node.shape) if args else node


def _scalar(expr: Expr) -> Expr:
    """The entries of an array with arbitrary weights, added up."""
    if not expr.shape:
        return expr
    return build(OPERATORS["inner"], (symbol("W", expr.shape), expr))


@operators(*EVERY, constants=False)
def test_forward_and_reverse_agree(name: str) -> None:
    """The differential, swept forwards, is the derivative, swept backwards, at a change."""
    for case in cases(OPERATORS[name]):
        result = case.derive(check=False)
        change = symbol(f"d{case.variable.data[0]}", case.variable.shape)
        letters = "abcdefghijkl"[: result.tensor.order]
        row = letters[case.expr.order :]
        spec = f"{letters},{row}->{letters[: case.expr.order]}"
        backward = make(OPERATORS["einsum"], (result.tensor, change), spec, case.expr.shape)
        forward = read(
            result.differential,
            symbols=_declared(case.expr, change, result.tensor),
            shape=" ".join(map(str, case.expr.shape)),
        ).expr
        assert same(forward, backward).ok is True, result.differential


TURNED = [name for name, op in OPERATORS.items() if op.transpose]


@pytest.mark.parametrize("name", TURNED)
def test_operands_transposed(name: str) -> None:
    """What transposing the operands does, as the record says, is what it does."""
    found = [expr for expr in applications(OPERATORS[name]) if _is_flat(expr)]
    assert found
    for expr in found:
        args = [_turned(arg) for arg in expr.args]
        how = OPERATORS[name].transpose
        if how == "reversed":
            args[0], args[1] = args[1], args[0]
        value = build(expr.op, tuple(args), expr.data)
        other = expr if how == "invariant" else _turned(expr)
        # At a positive definite operand where only such have a value.
        pair = [transform(side, _definite(expr)) for side in (value, other)]
        assert same(*pair).ok is True


def _is_flat(expr: Expr) -> bool:
    return all(arg.order < 3 for arg in expr.args) and any(arg.order == 2 for arg in expr.args)


def _turned(expr: Expr) -> Expr:
    return build(OPERATORS["transpose"], (expr,)) if expr.order == 2 else expr


def _definite(expr: Expr) -> Callable[[Expr, tuple[Expr, ...]], Expr]:
    """Matrices declared positive definite where a condition asks for that."""
    asked = {text.split()[0] for text in expr.op.conditions if "positive definite" in text}
    return lambda node, args: (
        symbol(node.data[0], node.shape, {"pd"})
        if node.op is SYMBOL and node.data[0] in asked
        else make(node.op, args, node.data, node.shape)
    )


SINGULAR = [name for name, op in OPERATORS.items() if op.singular]


@pytest.mark.parametrize("name", SINGULAR)
def test_derivative_where_an_operand_is_singular(name: str) -> None:
    """Of a matrix that is a product of narrow ones, by one of these: checked at sizes beyond their
    width, where it is singular, and up to that."""
    for width in (1, 2):
        left, right = symbol("U", (n, width)), symbol("V", (n, width))
        product = build(OPERATORS["matmul"], (left, build(OPERATORS["transpose"], (right,))))
        proved(mg.derive(mg.Expression(_scalar(build(OPERATORS[name], (product,)))), "U"))


WITH_MATRIX = [name for name, op in OPERATORS.items() if op.matrix]


@pytest.mark.parametrize("name", WITH_MATRIX)
def test_a_matrix_is_the_operator_under_vec(name: str) -> None:
    op = OPERATORS[name]
    args = operand_symbols(op, tuple(len(s.axes) for s in alternatives(op.signature)[0].inputs))
    matrix = read_expression(op.matrix, {arg.data[0]: arg for arg in args})
    stacked = [build(OPERATORS["vec"], (part,)) for part in (build(op, args), args[-1])]
    assert same(stacked[0], build(OPERATORS["matmul"], (matrix, stacked[1]))).ok is True


def _declared(*exprs: Expr) -> dict[str, str]:
    names = {s.data[0]: " ".join(map(str, s.shape)) for s in symbols_of(*exprs)}
    return names | {"k": "integer"}


@operators("elementwise", "primitive", "composed")
def test_second_derivative(name: str) -> None:
    """The rule applied to its own result."""
    for case in cases(OPERATORS[name]):
        if case.expr.order + 2 * case.variable.order > 4:
            continue
        try:
            result = mg.derive(mg.Expression(case.expr), [case.variable.data[0]] * 2)
        except NoRule as refusal:
            assert any(other in str(refusal) for other in OPERATORS)
        else:
            proved(result)


@pytest.mark.parametrize("name", REFUSED)
def test_an_operator_without_a_rule_is_refused_by_name(name: str) -> None:
    for case in cases(OPERATORS[name], ruled=False):
        with pytest.raises(NoRule, match=name):
            case.derive()


@pytest.mark.parametrize("name", OPERATORS)
def test_a_record_says_how_it_is_differentiated(name: str) -> None:
    op = OPERATORS[name]
    assert op.cite
    assert bool(op.definition) is (op.kind == "composed")
    if op.kind == "primitive":
        assert op.differential or op.adjoint
    elif op.kind != "elementwise":
        assert not op.differential
