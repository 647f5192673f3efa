"""Products with sums: (A + B) x term by term, where that is less work than adding first.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import final

from matgrad.codegen.order import WRITTEN, Shaped, Work, least
from matgrad.codegen.sizes import Scale
from matgrad.core.dims import Size, terms_of
from matgrad.core.expr import CONTRACTION, SUM, Expr
from matgrad.normal.canon import Factor, Labels
from matgrad.normal.directions import reached
from matgrad.normal.fusion import FUSE
from matgrad.normal.product import contract
from matgrad.normal.sums import combine, split

# How many times less work it has to be; for differences, whose leading digits are lost where terms
# are nearly equal, as much as an axis is.
_LESS, _MUCH_LESS = 1.5, 10.0


def apart(node: Expr, once: Container[Expr], scale: Scale) -> Expr | None:
    """A product in which a factor that is a sum, and that nothing else wants whole, is multiplied
    term by term with one of the others or with all of them."""
    factors = list(zip(node.args, *node.data[1:], strict=True))
    for k, (factor, row, power) in enumerate(factors):
        # What has one axis is as good as its terms.
        if factor.op is not SUM or power != 1 or len(set(row)) < 2 or factor not in once:
            continue
        others = factors[:k] + factors[k + 1 :]
        count = _Count([node, *node.args, *factor.args], scale)
        signs = {all(c < 0 for _, c in terms_of(coefficient)) for coefficient in factor.data}
        less = _LESS if len(signs) == 1 else _MUCH_LESS
        first = count.work(node) + count.added(factor, factor.args)
        near = [[other] for other in others if set(row).intersection(other[1])]
        near.append(_joined(node.data[0], row, others))
        ways = [_termwise(node, factors[k], part, others) for part in (others, *near)]
        works = [count.added(inner, terms) + count.work(whole) for inner, terms, whole in ways]
        if first > min(works) * less:
            return ways[works.index(min(works))][2]
    return None


def _joined(out: Labels, row: Labels, others: list[Factor]) -> list[Factor]:
    """The factors that are joined to a row by labels that are summed over."""
    labels = reached(tuple(set(row).difference(out)), others, out)
    return [other for other in others if labels.intersection(other[1])]


def _termwise(
    node: Expr, factor: Factor, part: list[Factor], others: list[Factor]
) -> tuple[Expr, list[Expr], Expr]:
    """Some factors times each term of a sum: their sum, its terms, and the product with the other
    factors."""
    total, row, _ = factor
    out = node.data[0]
    sizes = dict(zip(out, node.shape, strict=True))
    rest = [other for other in others if other not in part]
    wanted = set(out).union(*[labels for _, labels, _ in rest])
    inside = dict.fromkeys(label for _, labels, _ in [*part, factor] for label in labels)
    kept = tuple(label for label in inside if label in wanted) if rest else out
    within = {label: sizes[label] for label in kept if label in sizes}
    terms = [contract(kept, [*part, (term, row, 1)], 1, within) for term in total.args]
    shape = tuple(terms[0].shape) if terms else ()
    inner = combine(zip(total.data, terms, strict=True), shape)
    return inner, terms, contract(out, [*rest, (inner, kept, 1)], 1, sizes) if rest else inner


@final
class _Count:
    """Counts work at the same choices of sizes for all that there is to compare."""

    def __init__(self, nodes: Iterable[Expr], scale: Scale) -> None:
        self.scale = scale
        # Sizes without a label of their own.
        found = dict.fromkeys(size for node in nodes for size in node.shape)
        self.sizes: dict[int, Size] = {-1 - k: size for k, size in enumerate(found)}

    def added(self, whole: Expr, terms: Sequence[Expr]) -> float:
        """The work of terms and of adding them up."""
        axes = dict(enumerate(whole.shape))
        entries = Work(self.sizes | axes, self.scale).size(*axes)
        return sum(map(self.work, terms)) + (len(terms) + WRITTEN - 1) * entries

    def work(self, node: Expr) -> float:
        """The work of a product, its factors given."""
        _, node = split(node)
        if node.op is not CONTRACTION or any(arg.op is FUSE for arg in node.args):
            return 0.0
        out, rows, _ = node.data
        sizes = self.sizes | dict(zip(out, node.shape, strict=True))
        for arg, row in zip(node.args, rows, strict=True):
            sizes.update(zip(row, arg.shape, strict=True))
        factors = [Shaped(row) for row in rows if row]
        return least(factors, frozenset(out), Work(sizes, self.scale))
