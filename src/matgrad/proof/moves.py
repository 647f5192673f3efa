"""What moves in the differentials of an expression, and its value while that moves.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from matgrad.catalogue.differential import DIFFERENTIAL
from matgrad.catalogue.indexed import index_sum
from matgrad.core.complexes import is_complex
from matgrad.core.expr import SYMBOL, Expr, operators, walk
from matgrad.proof.demands import Target
from matgrad.proof.machine import Values, in_order, run
from matgrad.proof.point import Point


def moves_of(nodes: Iterable[Expr]) -> list[Target]:
    """What moves in the differentials among these nodes."""
    nodes = list(nodes)
    along = dict.fromkeys([node.data for node in nodes if node.op is DIFFERENTIAL])
    if not along:
        return []
    found = {node.data[0]: node for node in nodes if node.op is SYMBOL}
    return [
        Target(name, found[name].shape, entry or (), is_complex(found[name]))
        for name, entry in along
        if name in found
    ]


def values_of(nodes: Sequence[Expr], point: Point, known: Values) -> Values:
    """The values of nodes in order, the last the root's; `known` are values of another
    expression, of which only the plain part is used.

    Symbols move under differentials only: elsewhere a function is asked for its value and not for
    a derivative that it may not have.
    """
    within = operators(nodes[-1])
    if DIFFERENTIAL not in within:
        return run(nodes, point, {node: known[node].plain() for node in nodes if node in known})
    if index_sum in within:
        return run(nodes, point)  # an index may stand under a differential
    found = [node for node in walk(nodes[-1]) if node.op is DIFFERENTIAL]
    under = run(dict.fromkeys(node for each in found for node in in_order(each)), point)
    still = {name: value.plain() for name, value in point.symbols.items()}
    values = {node: under[node] for node in found}
    return run(_outside(nodes[-1]), point._replace(symbols=still), values)


def _outside(root: Expr) -> list[Expr]:
    """The nodes under `root` that do not stand under a differential only, operands first."""
    needed = {root}
    order = walk(root)
    for node in reversed(order):
        if node in needed and node.op is not DIFFERENTIAL:
            needed.update(node.args)
    return [node for node in order if node in needed]
