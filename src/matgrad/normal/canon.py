"""Canonical labelling of contractions: isomorphic graphs get the same labels.

Floor 3.  Colour refinement, individualisation, and every tie explored that is not an
automorphism (McKay & Piperno 2014).  Factors may carry a signed group of slot
permutations; a contraction that an automorphism maps to its own negative is zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple, final

from matgrad.core.budget import spend
from matgrad.core.dims import Number
from matgrad.core.expr import Expr

Labels = tuple[int, ...]
Factor = tuple[Expr, Labels, Number]
Group = tuple[tuple[tuple[int, ...], int], ...]
Certificate = tuple[Labels, tuple[Labels, ...]]


class Canonical(NamedTuple):
    """A labelled contraction; `sign` 0 means that it is zero."""

    sign: int
    out: Labels
    factors: tuple[Factor, ...]


TRIVIAL: Group = ()


def canonical(out: Labels, factors: list[Factor], groups: list[Group]) -> Canonical:
    """Relabel a contraction canonically.  `groups[k]` are the slot symmetries of factor k,
    without the identity."""
    keys = [_factor_key(factor) for factor in factors]
    if len(keys) > 1:
        order = sorted(range(len(keys)), key=keys.__getitem__)
        factors = [factors[k] for k in order]
        groups = [groups[k] for k in order]
        keys.sort()
    return _quick(out, factors, groups, keys) or _Search(out, factors, groups).run()


_Key = tuple[int, Number, int]


def _factor_key(factor: Factor) -> _Key:
    node, labels, exponent = factor
    return node.key, exponent, len(labels)


def _quick(
    out: Labels, factors: list[Factor], groups: list[Group], keys: list[_Key]
) -> Canonical | None:
    """The labelling by order of first use, where the output and the factors that are alone in
    their kind and have no symmetry use all labels."""
    repeated = {key for key, following in pairwise(keys) if key == following}
    names: dict[int, int] = {}
    for label in out:
        if label not in names:
            names[label] = len(names)
    others: set[int] = set()
    for (_, labels, _), group, key in zip(factors, groups, keys, strict=True):
        if group or key in repeated:
            others.update(labels)
            continue
        for label in labels:
            if label not in names:
                names[label] = len(names)
    if not others <= names.keys():
        return None
    sign = 1
    rows = []
    for (_, labels, exponent), group in zip(factors, groups, strict=True):
        row = tuple(map(names.__getitem__, labels))
        if group:
            row, flip = least(row, group)
            if flip == 0:
                return Canonical(0, (), ())
            if flip < 0 and exponent % 2:
                sign = -sign
        rows.append(row)
    if repeated:
        rows = [row for _, row in sorted(zip(keys, rows, strict=True))]
    named = [(node, row, exponent) for (node, _, exponent), row in zip(factors, rows, strict=True)]
    return Canonical(sign, tuple(map(names.__getitem__, out)), tuple(named))


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

    def __init__(self, out: Labels, factors: list[Factor], groups: list[Group]) -> None:
        self.out = out
        self.factors = factors
        self.groups = groups
        self.base = _ranks([_factor_key(factor) for factor in factors])
        self.labels = sorted({*out, *(label for _, labels, _ in factors for label in labels)})
        self.incident: dict[int, list[int]] = {label: [] for label in self.labels}
        for k, (_, labels, _) in enumerate(factors):
            for label in set(labels):
                self.incident[label].append(k)
        self.vanishes = False
        # One refinement looks at every slot of every factor under every symmetry of the factor.
        slots = (len(f[1]) * (1 + len(g)) for f, g in zip(factors, groups, strict=True))
        self.work = len(self.labels) + 2 * sum(slots)

    def run(self) -> Canonical:
        places: dict[int, tuple[int, ...]] = {
            label: tuple(k for k, other in enumerate(self.out) if other == label)
            for label in self.labels
        }
        first = _ranks([(not places[label], places[label]) for label in self.labels])
        colours = self.refine(dict(zip(self.labels, first, strict=True)))
        leaf = self.search(colours)
        if self.vanishes or leaf is None:
            return Canonical(0, (), ())
        sign, (out, rows), order = leaf
        factors = tuple(
            (self.factors[k][0], labels, self.factors[k][2])
            for k, labels in zip(order, rows, strict=True)
        )
        return Canonical(sign, out, factors)

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

    def search(self, colours: dict[int, int]) -> tuple[int, Certificate, list[int]] | None:
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

    def probe(self, colours: dict[int, int]) -> tuple[int, Certificate, list[int]]:
        """The leaf on the first path below a colouring."""
        while True:
            cells: dict[int, list[int]] = {}
            for label in self.labels:
                cells.setdefault(colours[label], []).append(label)
            ties = [(len(cell), colour) for colour, cell in cells.items() if len(cell) > 1]
            if not ties:
                return self.leaf(colours)
            colours = self.refine({**colours, cells[min(ties)[1]][0]: -1})

    def leaf(self, colours: dict[int, int]) -> tuple[int, Certificate, list[int]]:
        """The certificate of a discrete colouring: sign, labels, and the order of the factors."""
        number = {label: k for k, label in enumerate(sorted(self.labels, key=colours.__getitem__))}
        sign = 1
        rows: list[tuple[int, Labels, int]] = []
        for k, (_, labels, exponent) in enumerate(self.factors):
            row, flip = least(tuple(number[label] for label in labels), self.groups[k])
            if flip == 0:
                self.vanishes = True
            elif flip < 0 and exponent % 2:
                sign = -sign
            rows.append((self.base[k], row, k))
        rows.sort()
        out = tuple(number[label] for label in self.out)
        return sign, (out, tuple(row for _, row, _ in rows)), [k for _, _, k in rows]


def _ranks(values: Sequence[Any]) -> list[int]:
    """The position of each value among the distinct values in order."""
    position = {value: k for k, value in enumerate(sorted(set(values)))}
    return [position[value] for value in values]
