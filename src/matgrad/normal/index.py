"""Index form: the answer for every tensor, output axes in front.

Floor 3.  `[i,j,k,l]: -inv(X)[i,k]*inv(X)[l,j]` is a sum of einsum terms.  Chains of matrices are
multiplied first unless the explicit form is asked for, in which every summed index shows.
"""

from __future__ import annotations

from string import ascii_letters
from typing import TYPE_CHECKING

from matgrad.catalogue import structure
from matgrad.core.dims import Size, leading
from matgrad.core.errors import NoForm
from matgrad.core.expr import CONTRACTION, SUM, Expr, make, number
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.cost import cost_of
from matgrad.normal.directions import in_print_order
from matgrad.normal.finish import weighted
from matgrad.normal.graph import Graph
from matgrad.normal.images import further_axes
from matgrad.normal.links import Link, reverse
from matgrad.normal.paths import joined
from matgrad.normal.signs import oriented
from matgrad.normal.summing import is_summed, summed
from matgrad.normal.surface import Stuck, added, strip_sign, zeros
from matgrad.normal.symmetry import permute
from matgrad.normal.tensors import totals

if TYPE_CHECKING:
    from matgrad.normal.lift import Lifter

# i, j, k, l first: the letters of the printed form follow this order.
_LETTERS = "ijklpqrstuvwxyz" + "".join(c for c in ascii_letters if c not in "ijklpqrstuvwxyz")


def index_form(lifter: Lifter, node: Expr, *, explicit: bool = False) -> Expr:
    """A surface expression of einsum terms for a normal expression of any order."""
    terms = _terms(1, node)
    if not terms:
        return zeros(node)
    made: list[tuple[Size, Expr]] = []
    for coefficient, term in terms:
        outside = 1 if leading(coefficient) > 0 else -1
        sign, expr = strip_sign(_term(lifter, outside, term, explicit=explicit))
        made.append((coefficient * outside * sign, expr))
    first = next((k for k, (c, _) in enumerate(made) if leading(c) > 0), 0)
    made.insert(0, made.pop(first))
    return added(made)


def reordered(lifter: Lifter, node: Expr) -> Expr | None:
    """A product in matrix notation but for the order of its axes, those last that pass through a
    linear operator; None where it is not."""
    if node.op is not CONTRACTION or len(set(node.data[0])) < node.order:
        return None
    out, rows, _ = node.data
    for factor, row in zip(node.args, rows, strict=True):
        further = row[factor.order - further_axes(factor) :]
        if not further or not set(further).issubset(out):
            continue
        order = sorted(range(node.order), key=lambda k: (out[k] in further, k))
        if order == sorted(order):
            continue
        try:
            expr = lifter.product(1, permute(node, tuple(order)), False)
        except Stuck:
            continue
        letters = _LETTERS[: node.order]
        spec = f"{''.join(letters[k] for k in order)}->{letters}"
        return make(structure.einsum, (expr,), spec, node.shape)
    return None


def _terms(coefficient: Size, node: Expr) -> list[tuple[Size, Expr]]:
    if node.op is not SUM:
        return [(coefficient, node)]
    found: list[tuple[Size, Expr]] = []
    for inner, arg in zip(node.data, node.args, strict=True):
        found += _terms(coefficient * inner, arg)
    return found


def _term(lifter: Lifter, sign: int, node: Expr, *, explicit: bool) -> Expr:
    if node.op is CONTRACTION:
        out, rows, powers = node.data
        factors: list[Factor] = list(zip(node.args, rows, powers, strict=True))
    else:
        out = tuple(range(node.order))
        factors = [(node, out, 1)]
    if is_summed(node):
        return summed(lifter, sign, node, row=False)
    graph = Graph(lifter, out, dict(zip(out, node.shape, strict=True)), indexed=True)
    coefficient, factors = oriented(lifter, sign, factors)
    factors = [in_print_order(factor, out) for factor in factors]
    graph.load(factors if explicit else totals(graph, factors))
    parts = _explicit(graph) if explicit else _reduced(graph)
    return weighted(graph, coefficient, _einsum(graph, parts, out, node))


def _reduced(graph: Graph) -> list[tuple[Expr, Labels]]:
    """What is left when every label that no tensor holds is summed by matrix products."""
    held = {label for _, row in graph.tensors for label in row}
    graph.reduce(held)
    return _explicit(graph)


def _explicit(graph: Graph) -> list[tuple[Expr, Labels]]:
    parts = list(graph.tensors)
    for label, ends in graph.ends.items():
        if ends:
            parts.append((joined(graph.lifter, ends).column(graph.lifter), (label,)))
    seen: set[int] = set()
    for links in graph.links.values():
        for key, link in links.items():
            if key not in seen:
                seen.add(key)
                parts.append(_matrix(graph.lifter, link))
    return parts


def _matrix(lifter: Lifter, link: Link) -> tuple[Expr, Labels]:
    """A product and its two labels, in the direction that needs fewer transposes."""
    ways: list[tuple[Expr, Labels]] = []
    for chain, row in (
        (link.chain, (link.start, link.stop)),
        (reverse(link.chain), (link.stop, link.start)),
    ):
        matrix = lifter.multiply([forward for forward, _ in chain])
        turned = matrix.op is structure.transpose
        ways.append((matrix.args[0], row[::-1]) if turned else (matrix, row))
    return min(ways, key=lambda way: cost_of(way[0], counted=True))


def _einsum(graph: Graph, parts: list[tuple[Expr, Labels]], out: Labels, node: Expr) -> Expr | None:
    if not out and not parts:
        return None
    letters: dict[int, str] = {}
    supply = iter(_LETTERS)
    output, args, inputs = "", [], []
    try:
        for label in out:
            letter = next(supply)
            if label in letters:
                size = graph.sizes[label]
                args.append(make(structure.eye, (), None, (size, size)))
                inputs.append(letters[label] + letter)
            else:
                letters[label] = letter
            output += letter
        place = {label: k for k, label in enumerate(out)}
        parts.sort(key=lambda part: sorted(place.get(label, len(out)) for label in part[1]))
        for expr, row in parts:
            for label in row:
                if label not in letters:
                    letters[label] = next(supply)
            args.append(expr)
            inputs.append("".join(letters[label] for label in row))
    except StopIteration:
        raise NoForm("this answer needs more index letters than the alphabet has") from None
    if not args and not out:
        return number(1)
    return make(structure.einsum, tuple(args), ",".join(inputs) + "->" + output, node.shape)
