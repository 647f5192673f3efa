"""Sizes to check at: small, different from each other, of both parities.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain, permutations, product
from typing import final

from matgrad.core.dims import Shape, Size, evaluate, names_of, terms_of

# Two names are given different sizes by each row, and every name both parities by the rows.
# The first three do unless the sizes are related, such as m < n.
_ROWS = (
    (2, 3, 4, 5),
    (3, 2, 5, 4),
    (4, 5, 2, 3),
    (3, 4, 5, 6),
    (4, 3, 2, 5),
    (5, 4, 3, 2),
)
_SMALL_ROWS = ((2, 3), (3, 2), (4, 3), (3, 4))
# More names than this share sizes.
_DIFFERENT = 8
_SEARCHED = 4


@final
class Sizes(dict[str, int]):
    """A value for every named size; it remembers the shapes it has evaluated."""

    def __init__(self, values: Mapping[str, int] | Iterable[tuple[str, int]] = ()) -> None:
        super().__init__(values)
        self._extents: dict[Shape, tuple[int, ...]] = {}

    def extents(self, shape: Shape) -> tuple[int, ...]:
        """A shape in numbers."""
        found = self._extents.get(shape)
        if found is None:
            found = self._extents[shape] = tuple(int(evaluate(size, self)) for size in shape)
        return found


def assignments(
    shapes: Iterable[Shape],
    small: bool = False,
    equal: Sequence[tuple[Size, Size]] = (),
    least: Iterable[tuple[Size, int]] = (),
    integers: Container[str] = (),
    tied: Mapping[str, str] | None = None,
) -> Iterator[Sizes]:
    """Values for all named sizes, the best choices first, each once; `equal` are pairs of sizes
    that must agree, such as m*p and n*q under the trace of a Kronecker product, `least` what
    sizes must be at least, such as 5 where there is an x[5].  `integers` are names of no axis, such
    as exponents: they are smaller by one, so that they may be 1 or 0.  Names that are `tied` have
    the values of those that they are tied to.

    Later ones are for expressions that exist at some sizes only: inv(X'*X) wants X tall,
    inv(A*B) with inv(B*A) wants square factors.  Sizes of one come last, because they
    make identities true that hold nowhere else.
    """
    every = dict.fromkeys(size for shape in shapes for size in shape)
    names = list(dict.fromkeys(name for size in every for name in sorted(names_of(size))))
    tied = tied or {}
    names = [name for name in names if name not in tied]
    least = list(least)
    seen: set[tuple[int, ...]] = set()
    for values in chain(_candidates(len(names), small), _larger(names, small, least)):
        sizes = Sizes((n, v - (n in integers)) for n, v in zip(names, values, strict=True))
        sizes.update((name, sizes[other]) for name, other in tied.items())
        enough = all(evaluate(size, sizes) >= extent for size, extent in least)
        if values not in seen and enough and _fits(every, sizes) and _agree(equal, sizes):
            seen.add(values)
            yield sizes


def _candidates(count: int, small: bool) -> Iterator[tuple[int, ...]]:
    if not small and len(_ROWS[0]) < count <= _DIFFERENT:
        for shift in range(3):
            yield tuple(2 + (at + shift) % count for at in range(count))
    pattern: tuple[int, ...]
    for pattern in _SMALL_ROWS if small else _ROWS:
        yield tuple(pattern[at % len(pattern)] for at in range(count))
    few = min(count, _SEARCHED)
    spare = count - few
    choices: list[Sequence[tuple[int, ...]]] = [
        sorted(permutations(range(2, 3 + few), few), key=lambda row: (sum(row), row)),
        sorted(product((2, 3, 4), repeat=few), key=lambda row: (len(set(row)), sum(row), row)),
        list(product((1, 2), repeat=few)),
    ]
    for rows in choices:
        for row in rows:
            yield row + row[-1:] * spare


def _larger(
    names: Sequence[str], small: bool, least: Sequence[tuple[Size, int]]
) -> Iterator[tuple[int, ...]]:
    """The candidates again, the sizes in `least` raised past what it asks and past all others; of
    n - p it is n."""
    terms = [term for size, _ in least for term in terms_of(size)]
    raised = {name for monomial, c in terms for name, _ in monomial if c > 0}
    raised -= {name for monomial, c in terms for name, _ in monomial if c < 0}
    by = max((extent for _, extent in least), default=0) + len(names)
    for values in _candidates(len(names), small) if raised else ():
        pairs = zip(names, values, strict=True)
        yield tuple(value + by * (name in raised) for name, value in pairs)


def _agree(equal: Iterable[tuple[Size, Size]], sizes: Sizes) -> bool:
    return all(evaluate(left, sizes) == evaluate(right, sizes) for left, right in equal)


def _fits(axes: Iterable[Size], sizes: Sizes) -> bool:
    """Whether every axis has a positive whole size."""
    values = (evaluate(size, sizes) for size in axes)
    return all(value == int(value) and value >= 1 for value in values)
