"""Random values with declared properties.

Floor 4.  A sampler reaches every component of its property: determinants 1 and -1 of
orthogonal matrices, every rank of idempotent ones, the corners of a simplex.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice, permutations
from math import copysign, factorial, prod
from typing import NamedTuple

from matgrad.catalogue.properties import closure, indices_of, of_members, only_of
from matgrad.core.complexes import COMPLEX
from matgrad.proof import matrices
from matgrad.proof.arrays import Flat
from matgrad.proof.components import components, digits
from matgrad.proof.dual import Dual
from matgrad.proof.patterns import (
    Source,
    check_pattern,
    conflict,
    diagonal,
    patterned,
)
from matgrad.proof.ring import BadPoint
from matgrad.proof.sums import centered, column_stochastic, row_stochastic, simplex

Shape = tuple[int, ...]
Properties = frozenset[str]


def sample(source: Source, shape: Shape, declared: Properties) -> Flat:
    """A value with these properties.

    Raises NoRule when there is no sampler for them, BadPoint when none exists of this shape.
    """
    if not declared:
        source.ring.spend(prod(shape))
        return patterned(source, shape, declared)
    lead = len(indices_of(declared))
    if lead:
        return _family(source, shape[:lead], shape[lead:], of_members(declared))
    if declared & COMPLEX:
        return _complex(source, shape, declared)
    source.ring.spend(prod(shape))
    properties = closure(declared)
    square = len(shape) == 2 and shape[0] == shape[1]
    if (only_of(declared, "square") and not square) or (
        only_of(declared, "matrix") and len(shape) != 2
    ):
        raise conflict(declared)
    for name, sampler in _SAMPLERS.items():
        if name in properties:
            rest = properties - closure(frozenset({name}))
            if not rest <= sampler.companions:
                raise conflict(declared)
            return sampler.draw(source, shape, properties)
    check_pattern(declared, properties)
    return patterned(source, shape, properties)


def _family(source: Source, lead: Shape, shape: Shape, declared: Properties) -> Flat:
    """The members of a family, each for itself."""
    each, count = components(closure(declared), shape), prod(lead)
    found: Flat = []
    for component in digits(source.component, each, count, source.random):
        found += sample(source._replace(component=component), shape, declared)
    return found


def _complex(source: Source, shape: Shape, declared: Properties) -> Flat:
    """A complex value: of a Hermitian matrix the real part is symmetric, the imaginary one skew."""
    rest = declared - COMPLEX
    if not declared & {"hermitian", "hpd", "unitary"}:
        return _joined(source, sample(source, shape, rest), sample(source, shape, rest))
    if rest - {"invertible"}:
        raise conflict(declared)
    symmetric = sample(source, shape, frozenset({"symmetric"}))
    skew = sample(source, shape, frozenset({"skew"}))
    if "unitary" in declared:
        hermitian = source.matrix(shape[0], _joined(source, skew, symmetric))
        unit = matrices.identity(hermitian)
        return matrices.multiply(unit - hermitian, matrices.inverse(unit + hermitian)).real
    if "hpd" in declared and source.ring.prime is None:
        # Larger than all other entries of its row together.
        size = shape[0]
        symmetric[:: size + 1] = [4.0 * size + entry for entry in symmetric[:: size + 1]]
    return _joined(source, symmetric, skew)


def _joined(source: Source, real: Flat, imaginary: Flat) -> Flat:
    """real + i imaginary."""
    unit = source.ring.imaginary
    return source.ring.settle([a + unit * b for a, b in zip(real, imaginary, strict=True)])


def degree(declared: Properties, shape: Shape) -> tuple[int, int]:
    """Degrees of numerator and denominator of a sampled entry, in what was drawn at random."""
    if not declared:
        return 1, 0
    lead = len(indices_of(declared))
    if lead:
        above, below = degree(of_members(declared), shape[lead:])
        # One denominator for all the members.
        spare = below * (prod(shape[:lead]) - 1)
        return above + spare, below + spare
    if "unitary" in declared:
        return _twice(shape)
    properties = closure(declared)
    for name, sampler in _SAMPLERS.items():
        if name in properties:
            return sampler.degree(shape)
    return 1, 0


def _permutation(source: Source, shape: Shape, properties: Properties) -> Flat:
    """The permutations in turn, or a random one of too many."""
    places = list(range(shape[0]))
    few = components(properties, shape)
    if few == factorial(len(places)):
        places = list(next(islice(permutations(places), source.component % few, None)))
    else:
        source.random.shuffle(places)
    return [source.ring.number(int(at == place)) for place in places for at in range(shape[0])]


def _onehot(source: Source, shape: Shape, properties: Properties) -> Flat:
    count = prod(shape)
    place = source.component % count
    return [source.ring.number(int(at == place)) for at in range(count)]


def _onehot_rows(source: Source, shape: Shape, properties: Properties) -> Flat:
    rows, columns = shape
    places = digits(source.component, columns, rows, source.random)
    return [source.ring.number(int(at == place)) for place in places for at in range(columns)]


def _orthonormal(source: Source, shape: Shape, properties: Properties) -> Flat:
    """The first columns of an orthogonal matrix."""
    rows, columns = shape
    if rows < columns:
        raise BadPoint("no matrix of this shape has orthonormal columns")
    whole = _orthogonal(source, (rows, rows), closure(frozenset({"orthogonal"})))
    return [entry for row in range(rows) for entry in whole[row * rows : row * rows + columns]]


def _orthogonal(source: Source, shape: Shape, properties: Properties) -> Flat:
    """(I - K)(I + K)^-1 D for skew K and signs D, det D = 1 and -1 in turn."""
    size = shape[0]
    if properties & {"psd", "idempotent"}:
        return matrices.identity(source.matrix(size, [0] * size**2)).real
    signs = [source.random.choice((1, -1)) for _ in range(size)]
    signs[0] = prod(signs[1:]) * (-1) ** source.component
    if "diagonal" in properties:
        return diagonal(source, signs).real
    turn = _rotation(source, size)
    if "skew" in properties:
        if size % 2:
            raise BadPoint("a skew matrix of odd size is singular")
        middle = [source.ring.number(0)] * size**2
        for at in range(0, size, 2):
            middle[at * size + at + 1], middle[(at + 1) * size + at] = signs[at], -signs[at]
        return _conjugated(turn, source.matrix(size, middle), matrices.transpose(turn))
    if "symmetric" in properties:
        return _conjugated(turn, diagonal(source, signs), matrices.transpose(turn))
    return matrices.multiply(turn, diagonal(source, signs)).real


def _idempotent(source: Source, shape: Shape, properties: Properties) -> Flat:
    """S D S^-1 for D with as many ones as the component says, every rank in turn."""
    size = shape[0]
    rank = size if "invertible" in properties else source.component % (size + 1)
    return _similar(source, [1] * rank + [0] * (size - rank), properties)


def _involutory(source: Source, shape: Shape, properties: Properties) -> Flat:
    """S D S^-1 for signs D, every trace in turn."""
    minus = source.component % (shape[0] + 1)
    return _similar(source, [-1] * minus + [1] * (shape[0] - minus), properties)


def _similar(source: Source, values: list[int], properties: Properties) -> Flat:
    """A matrix with these eigenvalues: symmetric, triangular or diagonal if it is to be."""
    size = len(values)
    source.random.shuffle(values)
    middle = diagonal(source, values)
    if "diagonal" in properties:
        return middle.real
    if "symmetric" in properties:
        turn = _rotation(source, size)
        return _conjugated(turn, middle, matrices.transpose(turn))
    base = _regular(source, size, properties & {"lower", "upper"})
    return _conjugated(base, middle, matrices.inverse(base))


def _regular(source: Source, size: int, properties: Properties) -> Dual:
    """A matrix that is inverted; over the floats, a well-conditioned one."""
    entries = list(patterned(source, (size, size), properties))
    if source.ring.prime is None:
        found = entries[:: size + 1]
        entries[:: size + 1] = [entry + copysign(size, entry) for entry in found]
    return source.matrix(size, entries)


def _unit(source: Source, shape: Shape, properties: Properties) -> Flat:
    """(2t, |t|^2 - 1)/(|t|^2 + 1): a point of the sphere from any t."""
    ring, count = source.ring, prod(shape)
    positive = "nonnegative" in properties
    if count == 1:
        return [ring.number(1 if source.component % 2 == 0 or positive else -1)]
    free = source.entries(count - 1)
    (square,) = ring.settle([sum(entry * entry for entry in free)])
    (scale,) = ring.settle([ring.reciprocal(ring.settle([square + 1])[0])])
    entries = ring.settle([2 * entry * scale for entry in free] + [(square - 1) * scale])
    return [abs(entry) for entry in entries] if positive and ring.prime is None else entries


def _rotation(source: Source, size: int) -> Dual:
    skew = source.matrix(size, patterned(source, (size, size), frozenset({"skew", "hollow"})))
    unit = matrices.identity(skew)
    return matrices.multiply(unit - skew, matrices.inverse(unit + skew))


def _conjugated(left: Dual, middle: Dual, right: Dual) -> Flat:
    return matrices.multiply(matrices.multiply(left, middle), right).real


class _Sampler(NamedTuple):
    """How values of one property are drawn, what else they may be asked to be, and the degree of
    their entries."""

    draw: Callable[[Source, Shape, Properties], Flat]
    companions: Properties = frozenset()
    degree: Callable[[Shape], tuple[int, int]] = lambda shape: (0, 0)


def _twice(shape: Shape) -> tuple[int, int]:
    return 2 * shape[0], 2 * shape[0]


_RANKS = "invertible full_column_rank full_row_rank full_rank nonzero"
_FORMS = frozenset(f"symmetric diagonal lower upper idempotent psd pd {_RANKS}".split())
# A value is drawn by the first of these properties that it has.
_SAMPLERS = {
    "permutation": _Sampler(_permutation),
    "onehot": _Sampler(_onehot),
    "onehot_rows": _Sampler(_onehot_rows, frozenset({"full_rank", "nonzero"})),
    "orthogonal": _Sampler(
        _orthogonal, _FORMS | {"skew", "hollow", "involutory", "nonzero"}, _twice
    ),
    "orthonormal": _Sampler(_orthonormal, frozenset({"full_rank", "nonzero"}), _twice),
    "idempotent": _Sampler(_idempotent, _FORMS, _twice),
    "involutory": _Sampler(_involutory, _FORMS, _twice),
    "unit": _Sampler(_unit, frozenset({"positive", "nonnegative"}), lambda shape: (2, 2)),
    "simplex": _Sampler(simplex, frozenset({"positive", "unit_interval"}), lambda shape: (1, 1)),
    "row_stochastic": _Sampler(
        row_stochastic,
        frozenset({"positive", "unit_interval", "column_stochastic", "nonzero"}),
        lambda shape: (1, 1),
    ),
    "column_stochastic": _Sampler(
        column_stochastic,
        frozenset({"positive", "unit_interval", "nonzero"}),
        lambda shape: (1, 1),
    ),
    "centered": _Sampler(centered, frozenset({"symmetric", "nonzero"}), lambda shape: (1, 0)),
}
