"""What may be declared of a symbol: one record each, data only.

Floor 1.  `PROPERTIES` is every property by name, `PHRASES` every way to declare some of them, and
`closure` what follows from what is declared.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Literal, NamedTuple, final

from matgrad.core.interval import REALS, Interval, interval


@final
class Property(NamedTuple):
    """One property of an array A.

    `of` is what may have it; `says` is the equation that defines it, in our notation, where one
    does; `entries` is the interval in which every entry lies, `values` are all that
    an entry can be, where there are such.
    `stays` are the properties left of a variable that has it when it may move a little in any
    direction.  A `linear` one holds of sums and multiples, and so of derivatives.  `turned` is
    what A' has then: the same, unless told otherwise; None for nothing.
    """

    name: str
    of: Literal["square", "matrix", "any"]
    says: str = ""
    entries: str = ""
    values: tuple[int, ...] = ()
    stays: tuple[str, ...] = ()
    linear: bool = False
    turned: str | None = "same"


_RECORDS = (
    # A number that everyone knows, such as pi.
    Property("constant", "any", stays=("constant",)),
    # Complex values; everything else is real.
    Property("complex", "any", stays=("complex",)),
    Property("hermitian", "square", "A^H = A", stays=("complex",)),
    Property("hpd", "square", stays=("complex", "invertible")),
    Property("unitary", "square", "A^H*A = eye(n)", stays=("complex", "invertible")),
    # What a matrix is as a whole.
    Property("symmetric", "square", "A' = A", linear=True),
    Property("skew", "square", "A' = -A", linear=True),
    Property("psd", "square"),
    Property("pd", "square", stays=("invertible",)),
    Property("invertible", "square", stays=("invertible",)),
    Property("orthogonal", "square", "A'*A = eye(n)", stays=("invertible",)),
    # Columns of length one that are orthogonal to each other: A lies in a Stiefel manifold.
    Property("orthonormal", "matrix", "A'*A = eye(n)", stays=("full_column_rank",), turned=None),
    Property("idempotent", "square", "A*A = A"),
    Property("involutory", "square", "A*A = eye(n)", stays=("invertible",)),
    Property("full_column_rank", "matrix", stays=("full_column_rank",), turned="full_row_rank"),
    Property("full_row_rank", "matrix", stays=("full_row_rank",), turned="full_column_rank"),
    Property("full_rank", "matrix", stays=("full_rank",)),
    # Where its zeros and ones are.
    Property("diagonal", "square", "A.*eye(n) = A", linear=True),
    Property("lower", "square", "tril(A) = A", linear=True, turned="upper"),
    Property("upper", "square", "triu(A) = A", linear=True, turned="lower"),
    Property("unit_diagonal", "square", "diagvec(A) = ones(n)"),
    Property("hollow", "square", "diagvec(A) = zeros(n)", linear=True),
    Property("correlation", "square", entries="[-1, 1]"),
    Property("permutation", "square"),
    Property("toeplitz", "square", linear=True),
    # Where its entries lie.
    Property("positive", "any", entries="(0, inf)", stays=("positive",)),
    Property("nonnegative", "any", entries="[0, inf)"),
    Property("negative", "any", entries="(-inf, 0)", stays=("negative",)),
    Property("nonpositive", "any", entries="(-inf, 0]"),
    Property("unit_interval", "any", entries="(0, 1)", stays=("unit_interval",)),
    Property("bounded", "any", entries="[-1, 1]"),
    Property("binary", "any", "A.*A = A", entries="[0, 1]", values=(0, 1)),
    Property(
        "sign", "any", "A.*A = ones(m, n)", entries="[-1, 1]", values=(1, -1), stays=("nonzero",)
    ),
    Property("nonzero", "any", stays=("nonzero",)),
    # What its entries add up to.
    Property("unit", "any", "sum(A.^2) = 1", entries="[-1, 1]", stays=("nonzero",)),
    Property("simplex", "any", "sum(A) = 1", entries="[0, 1]", stays=("nonzero",)),
    Property("onehot", "any", stays=("nonzero",)),
    Property("centered", "any", "sum(A, 1) = zeros(n)'", linear=True, turned=None),
    Property(
        "row_stochastic",
        "matrix",
        "A*ones(n) = ones(m)",
        entries="[0, 1]",
        turned="column_stochastic",
    ),
    Property(
        "column_stochastic",
        "matrix",
        "A'*ones(m) = ones(n)",
        entries="[0, 1]",
        turned="row_stochastic",
    ),
    Property("onehot_rows", "matrix", turned=None),
)
PROPERTIES = {record.name: record for record in _RECORDS}


@cache
def record_of(name: str) -> Property | None:
    """The record of a property; an interval, such as `[2, inf)`, is one of its own."""
    if name[:1] not in ("(", "["):
        return PROPERTIES.get(name)
    inside = f"({name[1:-1]})"
    return Property(name, "any", entries=name, stays=(inside,))


# What follows: from all the properties on the left, those on the right.
IMPLIED = (
    ("hpd", "hermitian invertible"),
    ("unitary", "invertible complex"),
    ("hermitian", "complex"),
    ("pd", "psd invertible"),
    ("psd", "symmetric"),
    ("psd invertible", "pd"),
    ("symmetric idempotent", "psd"),
    ("symmetric orthogonal", "involutory"),
    ("symmetric involutory", "orthogonal"),
    ("orthogonal", "invertible orthonormal"),
    ("orthonormal", "full_column_rank"),
    ("involutory", "invertible"),
    ("invertible", "full_column_rank full_row_rank"),
    ("full_column_rank", "full_rank"),
    ("full_row_rank", "full_rank"),
    ("diagonal", "symmetric lower upper"),
    ("lower upper", "diagonal"),
    ("symmetric lower", "diagonal"),
    ("symmetric upper", "diagonal"),
    ("lower orthogonal", "diagonal"),
    ("upper orthogonal", "diagonal"),
    ("lower unit_diagonal", "invertible"),
    ("upper unit_diagonal", "invertible"),
    ("correlation", "pd unit_diagonal"),
    ("pd unit_diagonal", "correlation"),
    ("skew", "hollow"),
    ("permutation", "orthogonal onehot_rows column_stochastic"),
    ("constant", "positive"),
    ("positive", "nonnegative nonzero"),
    ("negative", "nonpositive nonzero"),
    ("unit_interval", "positive bounded"),
    ("binary", "nonnegative bounded"),
    ("sign", "nonzero bounded"),
    ("unit", "nonzero bounded"),
    ("simplex", "nonnegative nonzero bounded"),
    ("onehot", "binary simplex unit"),
    ("onehot_rows", "row_stochastic binary"),
    ("row_stochastic", "nonnegative bounded"),
    ("column_stochastic", "nonnegative bounded"),
)
_IMPLIED = tuple((frozenset(left.split()), frozenset(right.split())) for left, right in IMPLIED)


@lru_cache(4096)
def closure(declared: frozenset[str]) -> frozenset[str]:
    """Everything that follows from some properties, they among it."""
    found, before = declared, frozenset[str]()
    while found != before:
        before = found
        for wanted, given in _IMPLIED:
            if wanted <= found:
                found |= given
    return found


# Other ways to declare properties than by name.
_SPELLED = {
    "centred": "centered",
    "constant": "",
    "diag": "diagonal",
    "doubly stochastic": "row_stochastic column_stochastic",
    "hermitian positive definite": "hpd",
    "full column rank": "full_column_rank",
    "full rank": "full_rank",
    "full row rank": "full_row_rank",
    "lower triangular": "lower",
    "nonsingular": "invertible",
    "non-negative": "nonnegative",
    "non-positive": "nonpositive",
    "normalised": "unit",
    "normalized": "unit",
    "one-hot": "onehot",
    "one-hot rows": "onehot_rows",
    "orthonormal columns": "orthonormal",
    "positive definite": "pd",
    "positive semidefinite": "psd",
    "projection": "symmetric idempotent",
    "row stochastic": "row_stochastic",
    "column stochastic": "column_stochastic",
    "skew symmetric": "skew",
    "spd": "pd",
    "symmetric positive definite": "pd",
    "unit diagonal": "unit_diagonal",
    "unit lower": "lower unit_diagonal",
    "unit lower triangular": "lower unit_diagonal",
    "unit norm": "unit",
    "unit upper": "upper unit_diagonal",
    "unit upper triangular": "upper unit_diagonal",
    "upper triangular": "upper",
    "zero diagonal": "hollow",
}
PHRASES: dict[tuple[str, ...], frozenset[str]] = {
    **{(name,): frozenset({name}) for name in PROPERTIES},
    **{
        tuple(phrase.replace("-", " ").split()): frozenset(names.split())
        for phrase, names in _SPELLED.items()
    },
}


def only_of(properties: Iterable[str], kind: str) -> frozenset[str]:
    """Those among some properties that only square matrices (`square`), only matrices
    (`matrix`: square ones, too) have."""
    kinds = {"square"} if kind == "square" else {"square", "matrix"}
    records = map(record_of, properties)
    return frozenset(record.name for record in records if record and record.of in kinds)


# A symbol with the property `family:i` is a family: its leading axis is the index i.
_FAMILY = "family:"


def family_of(names: Iterable[str]) -> frozenset[str]:
    """The property of a family with these indices; none for no index."""
    listed = ",".join(names)
    return frozenset({_FAMILY + listed}) if listed else frozenset()


def indices_of(properties: Iterable[str]) -> tuple[str, ...]:
    """The names of a family's indices, which are its leading axes; none of what is no family."""
    for name in properties:
        if name.startswith(_FAMILY):
            return tuple(name.removeprefix(_FAMILY).split(","))
    return ()


def of_members(properties: frozenset[str]) -> frozenset[str]:
    """The properties of a family that its members have."""
    return frozenset(name for name in properties if not name.startswith(_FAMILY))


def bounds(properties: frozenset[str]) -> Interval:
    """Where the entries of a value with some properties lie."""
    found = REALS
    for record in map(record_of, properties):
        if record and record.entries:
            found = found.meet(interval(record.entries))
    return found
