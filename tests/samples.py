"""Surface expressions in every operator of the catalogue, alone and inside one another."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from matgrad.catalogue import OPERATORS
from matgrad.catalogue.germs import ARGUMENT, PRIME
from matgrad.core.dims import Dim, Number
from matgrad.core.errors import ShapeProblem
from matgrad.core.expr import SYMBOL, Expr, Function, apply, make, number, symbol, transform
from matgrad.core.signature import alternatives, build

n, k, r = Dim("n"), Dim("k"), Dim("r")
X, A = symbol("X", (n, n)), symbol("A_1", (n, n))
SHAPED = (
    "eye ones zeros unit unvec vech einsum entry component part block index_sum exchange".split()
)
GERMS = "funm funm_frechet funm_frechet2 funm_frechet3 loewner".split()
F = Function("f", ((n, n),), (n, n))
PHI = Function("phi", ((),), (), elementwise=True)
# Further axes of all operands together: an operator is evaluated at every position along them.
MOST_PASSING = 3
OPERANDS = {
    0: (symbol("t"), symbol("lambda")),
    1: (symbol("x", (n,)), symbol("y", (n,))),
    2: (X, A),
    3: (symbol("T", (n, n, n)), symbol("U", (n, n, n))),
    4: (apply(F, (X,), (0,)), symbol("V", (n, n, n, n))),
}


def germ(function: Function, times: int = 0) -> Expr:
    """A scalar function as an operand: f, f', f'' …"""
    found = apply(function, (make(ARGUMENT, (), None, ()),))
    for _ in range(times):
        found = make(PRIME, (found,), None, ())
    return found


def with_functions(root: Expr) -> Expr:
    """A record's or a rule's text with a function for the scalar f, and a number for the scalar k,
    that stand for such."""
    known = {"f": germ(Function("f", ((),), (), elementwise=True)), "k": number(2)}

    def visit(node: Expr, args: tuple[Expr, ...]) -> Expr:
        if node.op is SYMBOL:
            return known.get(node.data[0], node)
        return make(node.op, args, node.data, node.shape)

    return transform(root, visit)


def samples(deep: bool = True) -> dict[str, Expr]:
    """Expressions by name: each operator on symbols, and with `deep` each on each of those."""
    shallow = dict(_applied("", OPERANDS))
    found = dict(shallow)
    for name, inner in shallow.items() if deep else ():
        for place in (0, 1):
            operands = dict(OPERANDS)
            if inner.order not in operands or inner.op.name == "imag":
                continue  # what is real has no imaginary part to divide by
            pair = OPERANDS[inner.order]
            operands[inner.order] = (inner, pair[1]) if place == 0 else (pair[0], inner)
            for outer, expr in _applied(f"({name})", operands):
                if any(arg is inner for arg in expr.args):
                    found[f"{outer} {place}"] = expr
    return found


def _applied(inside: str, operands: dict[int, tuple[Expr, Expr]]) -> Iterator[tuple[str, Expr]]:
    for op in OPERATORS.values():
        if op.name in (*SHAPED, *GERMS):
            continue
        for orders in sorted(_orders(op.signature)):
            args = tuple(operands[order][place % 2] for place, order in enumerate(orders))
            for data in _data(op.name):
                try:
                    made = build(op, args, data)
                except ShapeProblem:
                    continue
                yield f"{op.name}{data or ''} {orders}{inside}", made
    yield from _with_data(inside, operands)


def _orders(signature: str) -> set[tuple[int, ...]]:
    found = set()
    for rule in alternatives(signature):
        rests = (0, 1, 2, 3) if any(spec.rest for spec in rule.inputs) else (0,)
        for rest in rests:
            orders = tuple(len(spec.axes) + rest * len(spec.rest) for spec in rule.inputs)
            passing = rest * len({name for spec in rule.inputs for name in spec.rest})
            if max(orders, default=5) <= 4 and passing <= MOST_PASSING:
                found.add(orders)
    return found


def _data(name: str) -> tuple[Number | Dim | None, ...]:
    if name == "power":
        return (2, -1, Fraction(1, 2), Fraction(-3, 2), k)
    return (2, 3, -2, k, k - 1, k * -1) if name == "matpow" else (None,)


def _with_data(inside: str, operands: dict[int, tuple[Expr, Expr]]) -> Iterator[tuple[str, Expr]]:
    """Constants, entries, einsums, numbers and unknown functions."""
    (t, _), (x, _), (M, N), _, (V, _) = operands.values()
    if any(size is not n for arg in (x, M, N, V) for size in arg.shape):
        return
    ops = OPERATORS
    for shape in ((n,), (n, n)):
        yield f"ones {len(shape)}{inside}", build(ops["ones"], (), None, shape)
    yield f"eye{inside}", build(ops["eye"], (), None, (n, n))
    yield f"unit{inside}", build(ops["unit"], (), 0, (n,))
    yield f"number{inside}", number(n * n + 1)
    for value in (2, -2, Fraction(1, 2), Fraction(-2, 3), n + 1):
        for arg in (t, x, M, V):
            name = f"scale {value} {arg.order}{inside}"
            yield name, build(ops["scale"], (number(value), arg))
    for arg in (x, M):
        difference = build(ops["sub"], (build(ops["ones"], (), None, arg.shape), arg))
        yield f"1 - {arg.order}{inside}", difference
    yield f"entry 2{inside}", build(ops["entry"], (M,), (0, 1), ())
    yield f"entry 1{inside}", build(ops["entry"], (x,), ("i",), ())
    yield f"component{inside}", build(ops["component"], (V,), (1, "j"), (n, n))
    yield f"part 1{inside}", build(ops["part"], (x,), (1,), (n - 1,))
    yield f"part 2{inside}", build(ops["part"], (M,), (None, 0), (n, 2))
    yield f"row{inside}", build(ops["entry"], (M,), (1,), (n,))
    yield f"column{inside}", build(ops["component"], (M,), ("j",), (n,))
    one = build(ops["ones"], (), None, (1,))
    last = build(ops["scale"], (t, one))
    yield f"block 1{inside}", build(ops["block"], (x, last), (2,), (n + 1,))
    blocks = M, build(ops["outer"], (x, one)), N, build(ops["zeros"], (), None, (n, 1))
    yield f"block 2{inside}", build(ops["block"], blocks, (2, 2), (2 * n, n + 1))
    half = n * (n + 1) * Fraction(1, 2)
    yield f"tril -1{inside}", build(ops["tril"], (M,), -1)
    yield f"triu 1{inside}", build(ops["triu"], (M,), 1)
    yield f"vech{inside}", build(ops["vech"], (M,), None, (half,))
    yield f"exchange{inside}", build(ops["exchange"], (), (n,), (n, n))
    yield f"commutation{inside}", build(ops["commutation"], (), (n, n), (n * n, n * n))
    yield f"duplication{inside}", build(ops["duplication"], (), (n,), (n * n, half))
    yield f"elimination{inside}", build(ops["elimination"], (), (n,), (half, n * n))
    yield f"einsum product{inside}", build(ops["einsum"], (M, N), "ik,lj->ijkl", (n,) * 4)
    yield f"einsum diagonal{inside}", build(ops["einsum"], (x, M), "i,jk->iik", (n,) * 3)
    yield f"einsum scalar{inside}", build(ops["einsum"], (M, N, t), "ij,ij,->", ())
    yield f"einsum vector{inside}", build(ops["einsum"], (M, N, x), "ij,ij,j->i", (n,))
    for times in (0, 1, 2):
        yield f"funm{times}{inside}", build(ops["funm"], (germ(PHI, times), M))
        yield f"funm_frechet{times}{inside}", build(ops["funm_frechet"], (germ(PHI, times), M, N))
        yield f"loewner{times}{inside}", build(ops["loewner"], (germ(PHI, times), x))
    second = build(ops["funm_frechet2"], (germ(PHI, 1), M, N, build(ops["transpose"], (M,))))
    yield f"funm_frechet2{inside}", second
    yield f"funm_frechet3{inside}", build(ops["funm_frechet3"], (*second.args, N))
    for arg in (t, x, M, V):
        once = build(ops["scale"], (number(r + 1), build(ops["power"], (arg,), r)))
        yield f"index sum {arg.order}{inside}", build(ops["index_sum"], (once,), ("r", 0, k))
    around = build(ops["matmul"], (build(ops["matpow"], (M,), r), N))
    around = build(ops["matmul"], (around, build(ops["matpow"], (M,), k - 1 - r)))
    yield f"index sum of powers{inside}", build(ops["index_sum"], (around,), ("r", 0, k - 1))
    yield f"f(M){inside}", apply(F, (M,))
    yield f"D(f, M){inside}", apply(F, (M,), (0,))
    yield f"D2(f, M){inside}", apply(F, (M,), (0, 0))
    for arg in (t, x, M):
        for times in (0, 1, 2):
            yield f"phi{times} {arg.order}{inside}", apply(PHI, (arg,), (0,) * times)
