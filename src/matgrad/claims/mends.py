"""The search for a mend: small edits of a claim, smallest first, until it is correct.

Floor 4.  A candidate counts when it has the correct values at the points, and the first when it is
proved.  What was wrong is read off the edits that mend it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import takewhile
from typing import final

from matgrad.catalogue import algebra, structure
from matgrad.claims import faults
from matgrad.claims.edits import Change, changes, renamed
from matgrad.claims.places import Place, built, places
from matgrad.claims.points import Points
from matgrad.claims.terms import Mend, mends_of_terms, rescaled, scaled, terms
from matgrad.claims.tidy import tidied
from matgrad.core.expr import NUMBER, SYMBOL, Expr, depends, make, walk
from matgrad.core.signature import build
from matgrad.normal.surface import turn
from matgrad.proof import same

# How much work each kind of edit may be, in multiplications, before it is given up.
_LIMIT = 200_000
_POOL = 24
# How many mends are tried until one is proved, and how much larger others may be than that.
_PROVED, _BESIDE = 4, 1.5


def mends(
    points: Points,
    claimed: Expr,
    parts: Iterable[Expr],
    moving: set[Expr],
    real: Callable[[Expr], Expr | None] = lambda whole: whole,
) -> list[Mend]:
    """What makes a claim correct, smallest first; the first is proved.  Empty where nothing small
    does.

    `parts` are expressions that may have been left out, besides those of the correct one; `moving`
    is what is differentiated by.  Where the claim was read loosely, `real` makes an expression of a
    candidate that fits together.
    """
    search = _Search(points, claimed, parts, moving, real)
    # Each kind of edit, and how small a mend has to be for no other kind to be tried.
    rounds: tuple[tuple[float, Callable[[], Iterable[Mend]]], ...] = (
        (1.5, search.edited),
        (2.0, search.terms),
        (2.0, search.renamed),
        (3.0, search.completed),
        (9.0, search.twice),
    )
    found: list[Mend] = []
    for enough, kind in rounds:
        points.work = 0
        found += (mend._replace(expr=tidied(mend.expr)) for mend in kind())
        found.sort(key=lambda mend: (round(mend.cost, 1), len(walk(mend.expr))))
        smallest: dict[Expr, Mend] = {}
        for mend in found:
            smallest.setdefault(mend.expr, mend)
        found = list(smallest.values())
        for first, mend in enumerate(found[:_PROVED]):
            if mend.cost > enough:
                break
            if same(points.correct, mend.expr).ok:
                return [other for other in found[first:] if other.cost <= mend.cost + _BESIDE]
    return [mend for mend in found[:_PROVED] if same(points.correct, mend.expr).ok]


@final
class _Search:
    def __init__(
        self,
        points: Points,
        claimed: Expr,
        parts: Iterable[Expr],
        moving: set[Expr],
        real: Callable[[Expr], Expr | None],
    ) -> None:
        self.points = points
        self.real = real
        self.correct = points.correct
        self.claimed = claimed
        self.places = places(claimed)
        self.seen = {claimed}
        self.pool = _pool(self.correct, parts)
        self.varying = {part for part in self.pool if part in depends(part, moving)}

    def edited(self) -> Iterator[Mend]:
        """One edit, and perhaps a factor or the transpose of the whole besides; other coefficients
        of the terms."""
        yield from mends_of_terms(self.points, self.claimed, missing=False)
        every = ((place, change) for place in self.places for change in changes(place))
        yield from self._tried(every)

    def terms(self) -> Iterator[Mend]:
        """Terms added."""
        return mends_of_terms(self.points, self.claimed, missing=True)

    def renamed(self) -> Iterator[Mend]:
        """Another function."""
        every = ((place, change) for place in self.places for change in renamed(place))
        return self._tried(every)

    def completed(self) -> Iterator[Mend]:
        """A part put in as a factor, as a term, or in place of what stands there."""
        every = (
            (place, change)
            for place in self.places
            for part in self.pool
            for change in _with(place.node, part, part in self.varying)
            if not place.everywhere
        )
        for place, change in self._while_fresh(every):
            whole = self._new(place.filled(change.node))
            if whole is not None and self.points.holds(whole):
                kinds = [change.fault]
                if change.fault in (faults.FACTOR, faults.CHAIN):
                    kinds += [faults.FACTOR, faults.CHAIN]
                yield Mend(change.cost, tuple(dict.fromkeys(kinds)), whole)

    def twice(self) -> Iterator[Mend]:
        """Two edits, one after the other."""
        begun: set[Expr] = set()
        for place in self.places:
            for change in changes(place):
                once = place.filled(change.node)
                if once is None or once in begun:
                    continue
                begun.add(once)
                every = ((second, more) for second in places(once) for more in changes(second))
                for mend in self._tried(every):
                    kinds = dict.fromkeys((change.fault, *mend.faults))
                    yield Mend(change.cost + mend.cost, tuple(kinds), mend.expr)

    def _tried(self, every: Iterable[tuple[Place, Change]]) -> Iterator[Mend]:
        for place, change in self._while_fresh(every):
            whole = self._new(place.filled(change.node))
            if whole is None:
                continue
            if self.points.holds(whole):
                yield Mend(change.cost, (change.fault,), whole)
                continue
            factor = rescaled(self.points, whole)
            if factor is not None and factor[0] != 0:
                kind = faults.SIGN if factor == (-1, 1) else faults.FACTOR
                yield Mend(change.cost + 0.8, (change.fault, kind), scaled(whole, factor))
            elif whole.order == 2 and place.path:
                turned = self._new(turn(whole))
                if turned is not None and self.points.holds(turned):
                    yield Mend(change.cost + 0.8, (change.fault, faults.TRANSPOSE), turned)

    def _new(self, whole: Expr | None) -> Expr | None:
        """A candidate that was not tried before, or None."""
        if whole is None or whole in self.seen:
            return None
        self.seen.add(whole)
        return self.real(whole)

    def _while_fresh(self, every: Iterable[tuple[Place, Change]]) -> Iterator[tuple[Place, Change]]:
        """As many of the edits as the budget allows."""
        return takewhile(lambda _: self.points.work <= _LIMIT, every)


def _pool(correct: Expr, parts: Iterable[Expr]) -> list[Expr]:
    """What may have been left out: parts of the correct answer, and others."""
    found: dict[Expr, None] = {}
    for node in (*reversed(walk(correct)), *parts):
        if node is correct or node.op is NUMBER or node.order > 2:
            continue
        if not node.args and node.op is not SYMBOL:
            continue
        found[node] = None
        if node.order == 2:
            found[turn(node)] = None
    return sorted(found, key=lambda node: len(walk(node)))[:_POOL]


def _with(node: Expr, part: Expr, varies: bool) -> Iterator[Change]:
    """A part put in at a node: as a factor, as a term, or in its place."""
    fault = faults.CHAIN if varies or part.order else faults.FACTOR
    if part.order == 0:
        pairs = [(algebra.scale, (part, node)), (algebra.divide, (node, part))]
    else:
        pairs = [
            (algebra.matmul, (part, node)),
            (algebra.matmul, (node, part)),
            (algebra.hadamard, (node, part)),
            (algebra.divide, (node, part)),
        ]
        if part.order == 1 and node.order == 2:
            weights = make(structure.diag, (part,), None, (*part.shape, *part.shape))
            pairs += [(algebra.matmul, (weights, node)), (algebra.matmul, (node, weights))]
    size = 0.02 * len(walk(part))
    for op, args in pairs:
        made = built(op, args)
        if made is not None:
            yield Change(fault, 2.0 + size, made)
    if part.shape == node.shape and part is not node:
        core = node.args[0] if node.op is structure.transpose else node
        plain = core.op.kind in ("contraction", "structural", "linear")
        fault = faults.FACTOR if plain else faults.FUNCTION
        if part.op.kind == "linear" and any(term is node for _, term in terms(part, 1)):
            yield Change(faults.TERM, 1.6 + size, part)
        else:
            yield Change(fault, 2.5 + size, part)
            for op in (algebra.add, algebra.sub):
                yield Change(faults.TERM, 2.0 + size, build(op, (node, part)))


def likeliest(correct: Expr, claimed: Expr) -> tuple[str, ...]:
    """What is probably wrong with a claim that nothing small mends, by what it lacks."""
    found = []
    if correct.shape != claimed.shape:
        found.append(faults.SHAPE)
    if len(terms(claimed)) < len(terms(correct)):
        found.append(faults.TERM)
    ours, theirs = set(walk(correct)), set(walk(claimed))
    known = {node.op for node in ours}
    if any(node.op not in known for node in theirs if node.op.kind != "structural"):
        found.append(faults.FUNCTION)
    if len(ours - theirs) > len(theirs - ours):
        found.append(faults.CHAIN)
    return tuple(found) or (faults.FUNCTION,)
