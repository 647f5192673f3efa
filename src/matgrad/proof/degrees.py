"""How likely two different expressions are to agree at a random point of a field.

Floor 4.  Schwartz and Zippel: a polynomial of degree d that is not zero vanishes at a random
point with probability at most d/p.  Every coefficient of a dual value is a quotient of two
polynomials in what was drawn at random; their degrees are bounded node by node, with one
denominator for all entries.  A random function is as good as a new variable, unless two of
its arguments coincide by chance, which is counted, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import prod
from typing import final

from matgrad.catalogue.differential import DIFFERENTIAL
from matgrad.catalogue.indexed import index_sum
from matgrad.core.along import lead_in
from matgrad.core.dims import Number, evaluate
from matgrad.core.errors import NoRule
from matgrad.core.expr import APPLY, CONTRACTION, NUMBER, SUM, SYMBOL, Expr, make, symbol
from matgrad.proof.definitions import numbers
from matgrad.proof.machine import index_range, parted
from matgrad.proof.scalars import SCALARS
from matgrad.proof.sizes import Sizes

Degrees = tuple[int, int]

# Their entries are sums of entries, or conjugates.
_ADDITIVE = frozenset(
    "cumsum cumsum0 cumsum1 ctranspose diagsums antisums cyclesums circulant".split()
)
# Their entries are entries of their operands.
_PLACED = frozenset({"toeplitz", "hankel"})


_MATRICES = frozenset("inv det adj adj_frechet adj_frechet2 adj_frechet3 solve logdet".split())


@final
class DegreeBound:
    """Degrees of numerator and denominator for the nodes of a graph at given sizes."""

    def __init__(self, sizes: Sizes, symbols: Mapping[str, Degrees]) -> None:
        self.sizes = sizes
        self.symbols = symbols
        self.arguments: dict[str, tuple[int, int]] = {}  # how many, their highest degree
        self.table = False  # whether a known scalar function was met

    def of(self, nodes: Iterable[Expr], directions: int) -> Degrees:
        """The degrees of the last node's coefficients over that many directions.

        Raises NoRule for an operator that has no exact value.
        """
        return self._run(nodes, directions, {})

    def _run(self, nodes: Iterable[Expr], k: int, found: dict[Expr, Degrees]) -> Degrees:
        degrees = (0, 0)
        for node in nodes:
            if node.op is index_sum:
                degrees = found[node] = self._summed(node, k, found)
            else:
                degrees = found[node] = self._node(node, [found[a] for a in node.args], k)
        return degrees

    def _summed(self, node: Expr, k: int, found: dict[Expr, Degrees]) -> Degrees:
        """A sum with a term for each value of its index."""
        (body,) = node.args
        index, outer = node.data[0], self.sizes
        fixed, moving = parted(body, index)
        self._run(fixed, k, found)
        terms: list[Degrees] = [(0, 0)]
        for at in index_range(node, outer):
            self.sizes = Sizes({**outer, index: at})
            known = dict(found)
            self._run(moving, k, known)
            terms.append(known[body])
        self.sizes = outer
        return _added(terms)

    def coincidences(self) -> int:
        """A degree for the chance that two arguments of a random function agree."""
        return sum(count * count * degree for count, degree in self.arguments.values())

    def _node(self, node: Expr, args: Sequence[Degrees], k: int) -> Degrees:
        op = node.op
        if op is SYMBOL:
            above, below = self.symbols[node.data[0]]
            return (max(above, 1 + below), below) if k else (above, below)
        if op is NUMBER or not args:
            return 0, 0
        if op.kind == "linear" or op is SUM or op.name in _PLACED:
            return _added(args)
        lead = lead_in(node.data)
        if not lead and (op.kind == "contraction" or op is CONTRACTION):
            return self._contraction(node, args, k)
        size = self.sizes.extents(node.args[0].shape)
        if lead:
            return self._beside(node, size[:lead], args, k)
        if op is APPLY:
            function = node.data[0]
            entries = prod(size) if function.elementwise else 1
            self._met(function.name, entries, args)
            below = k * sum(degree for _, degree in args)
            return 1 + k * max(above for above, _ in args) + below, below
        if op.kind == "conjugate" or op.name in _ADDITIVE or op is DIFFERENTIAL:
            return args[0]
        if op.name in _MATRICES:
            return self._matrix(op.name, size[0], args, k)
        if op.name in ("conv", "cross"):
            return args[0][0] + args[1][0], args[0][1] + args[1][1]
        if op.name == "pinv":
            above, below = args[0]
            up, down = self._matrix("inv", min(size), [(2 * above, 2 * below)], k)
            return up + above, down + below
        if op.name in ("prod", "prod0", "prod1", "cumprod"):
            above, below = args[0]
            return prod(size) * above, prod(size) * below
        if op.name in SCALARS and SCALARS[op.name].exact:
            return self._scalar(op.name, prod(size), args[0], k)
        raise NoRule(f"{op.name} has no exact value")

    def _contraction(self, node: Expr, args: Sequence[Degrees], k: int) -> Degrees:
        op = node.op
        exponents: Sequence[Number]
        if op is CONTRACTION:
            exponents = node.data[2]
        elif op.weights in ("data", "matpow"):
            exponents = (evaluate(node.data, self.sizes),)
        elif op.weights and not op.weights[0].isalpha():
            exponents = numbers(op.weights)
        else:
            return sum([up for up, _ in args]), sum([down for _, down in args])
        above = below = 0
        for arg, (up, down), exponent in zip(node.args, args, exponents, strict=True):
            if exponent.denominator != 1:
                raise NoRule("roots have no exact value")
            shape = self.sizes.extents(arg.shape)
            if exponent < 0 and op.weights == "matpow":
                up, down = self._matrix("inv", shape[0], [(up, down)], k)
            elif exponent < 0:
                up, down = _reciprocal(up, down, prod(shape), k)
            above += abs(int(exponent)) * up
            below += abs(int(exponent)) * down
        return above, below

    def _beside(
        self, node: Expr, lengths: tuple[int, ...], args: Sequence[Degrees], k: int
    ) -> Degrees:
        """The values of an operator along axes, over one denominator."""
        lead, inner = node.data
        operands = tuple([symbol("member", arg.shape[lead:]) for arg in node.args])
        member = make(node.op, operands, inner, node.shape[lead:])
        return _added([self._node(member, args, k) for _ in range(prod(lengths))])

    def _matrix(self, name: str, size: int, args: Sequence[Degrees], k: int) -> Degrees:
        above, below = args[0]
        if name == "det":
            return size * above, size * below
        if name.startswith("adj"):
            directions = [*map(sum, zip(*args[1:], strict=True))] or [0, 0]
            return (size - 1) * above + directions[0], (size - 1) * below + directions[1]
        if name == "logdet":
            return self._scalar("log", 1, (size * above, size * below), k)
        up, down = below + (size - 1) * above + k * size * above, (k + 1) * size * above
        if name == "solve":
            return up + args[1][0], down + args[1][1]
        return up, down

    def _scalar(self, name: str, entries: int, arg: Degrees, k: int) -> Degrees:
        """A function of the table: its derivatives are polynomials in random values of degree
        k + 1 at most, or rational in x."""
        self.table = True
        self._met(f"{name}()", entries, [arg])
        above, below = arg
        up, down = (k + 1) + k * above, k * below
        if k and SCALARS[name].rational:
            steps = 2 ** (k + 1) * entries
            up, down = up + steps * (above + below), down + steps * (above + below)
        return up, down

    def _met(self, name: str, entries: int, args: Sequence[Degrees]) -> None:
        count, highest = self.arguments.get(name, (0, 0))
        degree = sum(above + below for above, below in args)
        self.arguments[name] = count + entries, max(highest, 2 * degree)


def _added(terms: Sequence[Degrees]) -> Degrees:
    """A sum, over one denominator."""
    below = sum(degree for _, degree in terms)
    return max(above - lower for above, lower in terms) + below, below


def _reciprocal(above: int, below: int, entries: int, k: int) -> Degrees:
    """One over each entry, with one denominator for all of them."""
    return below + k * above + (entries - 1) * (k + 1) * above, entries * (k + 1) * above
