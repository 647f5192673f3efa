"""One expression in place of another wherever that occurs: whole, in a product, or in a sum.

Floor 3.  A product occurs inside a larger product as a subgraph, a sum inside a larger sum as
some of its terms times a number.
"""

from __future__ import annotations

from fractions import Fraction

from matgrad.core.dims import Dim, Size, divide
from matgrad.core.expr import CONTRACTION, SUM, Expr, walk
from matgrad.normal.build import rebuilt
from matgrad.normal.canon import Factor
from matgrad.normal.embed import embeddings
from matgrad.normal.fusion import occurrences
from matgrad.normal.product import contract
from matgrad.normal.sums import combine, scaled, split
from matgrad.normal.symmetry import permute

# A product is taken to occur this often in one product at most.
_TIMES = 8


def substituted(root: Expr, old: Expr, new: Expr) -> Expr:
    """`root` with `new` for every occurrence of `old`, and so for their transposes."""
    coefficient, core = split(old)
    if isinstance(coefficient, Dim) or not core.args:
        return root
    image = scaled(Fraction(1) / coefficient, new)
    wholes = {core: image}
    if core.order == 2:
        coefficient, turned = split(permute(core, (1, 0)))
        if turned.args and not isinstance(coefficient, Dim):
            opposite = scaled(Fraction(1) / coefficient, permute(image, (1, 0)))
            wholes.setdefault(turned, opposite)
    done: dict[Expr, Expr] = {}
    for node in walk(root):
        changed = rebuilt(node, tuple([done[arg] for arg in node.args]))
        done[node] = _replaced(changed, core, wholes)
    return done[root]


def _replaced(node: Expr, core: Expr, wholes: dict[Expr, Expr]) -> Expr:
    """What a node becomes whose operands have their occurrences replaced."""
    coefficient, inner = split(node)
    if inner in wholes:
        return scaled(coefficient, wholes[inner])
    if inner.op is SUM:
        for part, image in wholes.items():
            inner = _in_sum(inner, part, image)
        return scaled(coefficient, inner)
    if inner.op is CONTRACTION and core.op is CONTRACTION:
        return scaled(coefficient, _in_product(inner, core, wholes[core]))
    return node


def _in_sum(node: Expr, part: Expr, image: Expr) -> Expr:
    """A sum with some of its terms, a multiple of `part`, as that multiple of `image`."""
    if node.op is not SUM or part.op is not SUM or part.shape != node.shape:
        return node
    if len(part.args) >= len(node.args):
        return node
    weights = dict(zip(node.args, node.data, strict=True))
    ratios = {divide(weights.get(arg, 0), c) for c, arg in zip(part.data, part.args, strict=True)}
    (ratio, *others) = ratios
    if others or not ratio:
        return node
    rest = [(c, arg) for arg, c in weights.items() if arg not in part.args]
    return combine([(ratio, image), *rest], node.shape)


def _in_product(node: Expr, part: Expr, image: Expr) -> Expr:
    """A product with every occurrence of another in it replaced."""
    ends, rows, powers = part.data
    parts: list[Factor] = list(zip(part.args, rows, powers, strict=True))
    if len(set(ends)) < len(ends) or set(ends) - {label for row in rows for label in row}:
        return node
    if len(parts) == 1 and len(rows[0]) == len(ends):
        return node if powers[0] == 1 else _powers(node, part, image)
    coefficient: Size = 1
    for _ in range(_TIMES):
        if node.op is not CONTRACTION:
            break
        out, rows, powers = node.data
        factors = {(arg, row): p for arg, row, p in zip(node.args, rows, powers, strict=True)}
        counts = occurrences(factors, out)
        found = next(embeddings(parts, ends, factors, counts, within=True), None)
        if found is None:
            break
        used, mapping = found
        for arg, row, power in used:
            factors[arg, row] -= power
        rest: list[Factor] = [(*key, power) for key, power in factors.items() if power]
        rest.append((image, tuple(mapping[label] for label in ends), 1))
        more, node = split(contract(out, rest, 1, dict(zip(out, node.shape, strict=True))))
        coefficient = coefficient * more
    return scaled(coefficient, node)


def _powers(node: Expr, part: Expr, image: Expr) -> Expr:
    """A product with powers of a power as powers of its image: with s for sqrt(u), u^-3/2 is
    s^-3."""
    (base,), (power,) = part.args, part.data[2]
    place = [part.data[1][0].index(label) for label in part.data[0]]
    out, rows, powers = node.data
    factors: list[Factor] = []
    for arg, row, p in zip(node.args, rows, powers, strict=True):
        times = Fraction(p) / power
        if arg is base and times.denominator == 1:
            factors.append((image, tuple(row[k] for k in place), times.numerator))
        else:
            factors.append((arg, row, p))
    return contract(out, factors, 1, dict(zip(out, node.shape, strict=True)))
