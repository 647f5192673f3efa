"""Canonical labelling of contractions: isomorphic graphs get the same labels.

Floor 3.  Colour refinement, individualisation, and every tie explored that is not an
automorphism (McKay & Piperno 2014).  Factors may carry a signed group of slot
permutations; a contraction that an automorphism maps to its own negative is zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple, final

from matgrad.core.budget import spend
from matgrad.core.dims import Number
from matgrad.core.expr import Expr

Labels = tuple[int, ...]
Factor = tuple[Expr, Labels, Number]
Group = tuple[tuple[tuple[int, ...], int], ...]
Certificate = tuple[Labels, tuple[Labels, ...]]
# A labelled contraction: its sign (0: it is zero), the labels of the output, its factors.
Canonical = tuple[int, Labels, list[Factor]]


def canonical(out: Labels, factors: list[Factor], groups: list[Group]) -> Canonical:
    """Relabel a contraction canonically.  The factors are in the order of their keys; `groups[k]`
    are the slot symmetries of factor k, without the identity."""
    kinds = [0] * len(factors)
    for k in range(1, len(factors)):
        (node, _, exponent), (before, _, other) = factors[k], factors[k - 1]
        kinds[k] = kinds[k - 1] + (node is not before or exponent != other)
    if not kinds or kinds[-1] == len(kinds) - 1:
        quick = _quick(out, factors, groups) if any(groups) else _quickest(out, factors)
        if quick is not None:
            return quick
    graph = _Graph(out, factors, groups, kinds)
    leaves = [_leaf(graph, names) for names in _first_uses(graph)]
    leaf = _least(leaves) if leaves else _Search(graph).run()
    if leaf is None:
        return 0, (), []
    sign, (out, rows), order = leaf
    labelled = [(factors[k][0], row, factors[k][2]) for k, row in zip(order, rows, strict=True)]
    return sign, out, labelled


def _quickest(out: Labels, factors: list[Factor]) -> Canonical:
    """The labelling by first use of factors that all differ and have no symmetries: most products
    are such, so this is one pass."""
    names: dict[int, int] = {}
    _name(names, out)
    result: list[Factor] = []
    for node, labels, exponent in factors:
        _name(names, labels)
        result.append((node, tuple([names[label] for label in labels]), exponent))
    return 1, tuple([names[label] for label in out]), result


def _name(names: dict[int, int], labels: Labels) -> None:
    """Number labels by first use."""
    for label in labels:
        if label not in names:
            names[label] = len(names)


def _quick(out: Labels, factors: list[Factor], groups: list[Group]) -> Canonical | None:
    """The labelling by first use of factors that all differ, where those without symmetries use
    every label."""
    names: dict[int, int] = {}
    plain = [factor[1] for factor, group in zip(factors, groups, strict=True) if not group]
    for labels in (out, *plain):
        _name(names, labels)
    sign = 1
    result: list[Factor] = []
    for (node, labels, exponent), group in zip(factors, groups, strict=True):
        if group and not names.keys() >= {*labels}:
            return None
        row = tuple([names[label] for label in labels])
        if group:
            row, flip = least(row, group)
            if flip == 0:
                return 0, (), []
            if flip < 0 and exponent % 2:
                sign = -sign
        result.append((node, row, exponent))
    return sign, tuple([names[label] for label in out]), result


class _Graph(NamedTuple):
    """A contraction to be labelled: its factors in key order, and for each the symmetries of
    its slots and the number of its kind (factors with one key are of one kind)."""

    out: Labels
    factors: list[Factor]
    groups: list[Group]
    kinds: list[int]


# A contraction with its labels named: sign, certificate, the order of the factors.
_Leaf = tuple[int, Certificate, list[int]]


def _leaf(graph: _Graph, names: Mapping[int, int]) -> _Leaf:
    """What a naming of the labels gives; its sign is 0 where a factor is its own negative."""
    sign = 1
    rows: list[tuple[int, Labels, int]] = []
    for k, (_, labels, exponent) in enumerate(graph.factors):
        row = tuple(map(names.__getitem__, labels))
        if graph.groups[k]:
            row, flip = least(row, graph.groups[k])
            if flip == 0 or exponent % 2:
                sign *= flip
        rows.append((graph.kinds[k], row, k))
    rows.sort()
    out = tuple(map(names.__getitem__, graph.out))
    return sign, (out, tuple([row for _, row, _ in rows])), [k for _, _, k in rows]


def _least(leaves: list[_Leaf]) -> _Leaf | None:
    """The leaf with the least certificate; None where it comes with both signs, or one is 0."""
    best = min(leaves, key=lambda leaf: leaf[1])
    signs = {sign for sign, certificate, _ in leaves if certificate == best[1] or not sign}
    return best if signs in ({1}, {-1}) else None


def _first_uses(graph: _Graph) -> list[dict[int, int]]:
    """The labels named by first use: in the output, in the factors that are alone of their kind
    and have no symmetry, then in one alone of its kind, in every way that its symmetries allow.
    None where that leaves labels without a name."""
    out, factors, groups, kinds = graph
    repeated = {kind for kind, following in pairwise(kinds) if kind == following}
    names: dict[int, int] = {}
    _name(names, out)
    later: set[int] = set()
    pivots: list[tuple[Labels, Group]] = []
    for (_, labels, _), group, kind in zip(factors, groups, kinds, strict=True):
        if group or kind in repeated:
            later.update(labels)
            if kind not in repeated:
                pivots.append((labels, group))
            continue
        _name(names, labels)
    later.difference_update(names)
    if not later:
        return [names]
    if len(later) == 1 and len(names) == len(set(out)):
        return [{**names, later.pop(): len(names)}]
    labels, group = next((p for p in pivots if not later.isdisjoint(p[0])), ((), ()))
    if not later.issubset(labels):
        return []
    namings = [names]
    for turn, _ in group:
        image = dict(names)
        for slot in turn:
            image.setdefault(labels[slot], len(image))
        namings.append(image)
    for label in labels:
        names.setdefault(label, len(names))
    return namings


def least(labels: Labels, group: Group) -> tuple[Labels, int]:
    """The least image of `labels` under the group and its sign; sign 0 if both signs give it."""
    best, sign = labels, 1
    for permutation, flip in group:
        image = tuple([labels[k] for k in permutation])
        if image < best:
            best, sign = image, flip
        elif image == best and flip != sign:
            return best, 0
    return best, sign


@final
class _Search:
    """One search over labellings of a contraction whose ties must be broken."""

    def __init__(self, graph: _Graph) -> None:
        self.graph = graph
        out, factors, groups, self.base = graph
        self.factors, self.groups = factors, groups
        self.labels = sorted({*out, *(label for _, labels, _ in factors for label in labels)})
        self.incident: dict[int, list[int]] = {label: [] for label in self.labels}
        for k, (_, labels, _) in enumerate(factors):
            for label in set(labels):
                self.incident[label].append(k)
        self.vanishes = False
        # One refinement looks at every slot of every factor under every symmetry of the factor.
        slots = (len(f[1]) * (1 + len(g)) for f, g in zip(factors, groups, strict=True))
        self.work = len(self.labels) + 2 * sum(slots)

    def run(self) -> _Leaf | None:
        out = self.graph.out
        places = [tuple(k for k, other in enumerate(out) if other == x) for x in self.labels]
        first = _ranks([(not place, place) for place in places])
        leaf = self.search(self.refine(dict(zip(self.labels, first, strict=True))))
        return None if self.vanishes else leaf

    def refine(self, colours: dict[int, int]) -> dict[int, int]:
        """Split colour classes until each label's surroundings are as its class-mates'."""
        count = len(set(colours.values()))
        while count < len(self.labels):
            spend(self.work, "the search for symmetries of a product")
            views = [self.view(k, colours) for k in range(len(self.factors))]
            signatures = []
            for label in self.labels:
                seen = []
                for k in self.incident[label]:
                    labels = self.factors[k][1]
                    slots = tuple(s for s, other in enumerate(labels) if other == label)
                    if self.groups[k]:
                        slots = min(
                            (tuple(sorted(perm.index(s) for s in slots)))
                            for perm in self.images(k, colours)
                        )
                    seen.append((self.base[k], views[k], slots))
                signatures.append((colours[label], tuple(sorted(seen))))
            ranks = _ranks(signatures)
            colours = dict(zip(self.labels, ranks, strict=True))
            refined = len(set(ranks))
            if refined == count:
                break
            count = refined
        return colours

    def view(self, k: int, colours: dict[int, int]) -> tuple[int, ...]:
        """The colours around factor k, least over its slot symmetries."""
        seen = tuple(colours[label] for label in self.factors[k][1])
        for permutation, _ in self.groups[k]:
            seen = min(seen, tuple(colours[self.factors[k][1][s]] for s in permutation))
        return seen

    def images(self, k: int, colours: dict[int, int]) -> list[tuple[int, ...]]:
        """The slot permutations under which factor k shows its least view."""
        labels = self.factors[k][1]
        identity = tuple(range(len(labels)))
        least = self.view(k, colours)
        return [
            permutation
            for permutation in (identity, *(p for p, _ in self.groups[k]))
            if tuple(colours[labels[s]] for s in permutation) == least
        ]

    def search(self, colours: dict[int, int]) -> _Leaf | None:
        """The least leaf below this colouring (an explicit stack would only hide the tree:
        its depth is the number of ties, not the size of the expression)."""
        cells: dict[int, list[int]] = {}
        for label in self.labels:
            cells.setdefault(colours[label], []).append(label)
        ties = [(len(cell), colour) for colour, cell in cells.items() if len(cell) > 1]
        if not ties:
            return self.leaf(colours)
        cell = cells[min(ties)[1]]
        best = None
        probes: dict[Certificate, int] = {}
        for label in cell:
            chosen = self.refine({**colours, label: -1})
            sign, certificate, _ = self.probe(chosen)
            if certificate in probes:
                # An automorphism maps an explored branch here; an odd one kills the term.
                if probes[certificate] != sign:
                    self.vanishes = True
                    return None
                continue
            probes[certificate] = sign
            leaf = self.search(chosen)
            if leaf is None:
                return None
            if best is None or leaf[1] < best[1]:
                best = leaf
            elif leaf[1] == best[1] and leaf[0] != best[0]:
                self.vanishes = True
                return None
        return best

    def probe(self, colours: dict[int, int]) -> _Leaf:
        """The leaf on the first path below a colouring."""
        while True:
            cells: dict[int, list[int]] = {}
            for label in self.labels:
                cells.setdefault(colours[label], []).append(label)
            ties = [(len(cell), colour) for colour, cell in cells.items() if len(cell) > 1]
            if not ties:
                return self.leaf(colours)
            colours = self.refine({**colours, cells[min(ties)[1]][0]: -1})

    def leaf(self, colours: dict[int, int]) -> _Leaf:
        """The certificate of a discrete colouring."""
        ordered = sorted(self.labels, key=colours.__getitem__)
        leaf = _leaf(self.graph, {label: k for k, label in enumerate(ordered)})
        if leaf[0] == 0:
            self.vanishes = True
        return leaf


def _ranks(values: Sequence[Any]) -> list[int]:
    """The position of each value among the distinct values in order."""
    position = {value: k for k, value in enumerate(sorted(set(values)))}
    return [position[value] for value in values]
