"""How a derivative is read on a structure: one row for each structure, reading and metric.

Floor 1, data only.  `gradient` is what the free derivative G at X becomes, in our notation and
linear in G.  `tangent`: the vector of the structure's tangent space that the metric pairs with
every direction in it as G does.  `entries`: the derivative by each independent entry, at every
place where that entry stands.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, final

READINGS = ("free", "tangent", "entries")
METRICS = ("embedded", "canonical", "affine-invariant")


@final
class Structure(NamedTuple):
    """A reading of derivatives by variables that have all of `properties` (and no other
    equation); `order` is the variable's number of axes, where it matters."""

    properties: str
    reading: Literal["tangent", "entries"]
    gradient: str
    cite: str
    metric: str = "embedded"
    order: int = 2


_COOKBOOK = "Petersen & Pedersen 2012, The Matrix Cookbook, sec. 2.8"
_ABSIL = "Absil, Mahony & Sepulchre 2008, Optimization Algorithms on Matrix Manifolds, ch. 3"
_EDELMAN = "Edelman, Arias & Smith 1998, SIAM J. Matrix Anal. Appl. 20, 303-353"
_BHATIA = "Bhatia 2007, Positive Definite Matrices, ch. 6"
_BOUMAL = "Boumal 2023, An Introduction to Optimization on Smooth Manifolds, ch. 3 and 7"


def _toeplitz(further: str, entries: str, tangent: str) -> tuple[Structure, Structure]:
    """A matrix with one number along each diagonal: {0} are the sums along those, {1} how many
    entries they have."""
    properties, sums = f"{further} toeplitz".strip(), "diagsums(G)"
    means = tangent.format(sums, "diagsums(ones(n, n))")
    return (
        Structure(properties, "entries", entries.format(sums), _COOKBOOK),
        Structure(properties, "tangent", means, _BOUMAL),
    )


# Of the rows whose properties are declared the first holds.
STRUCTURES: tuple[Structure, ...] = (
    *_toeplitz("diagonal", "tr(G)*eye(n)", "tr(G)/n*eye(n)"),
    *_toeplitz("symmetric", "{0} + {0}' - tr(G)*eye(n)", "({0} + {0}')./{1}/2"),
    *_toeplitz("skew", "{0} - {0}'", "({0} - {0}')./{1}/2"),
    *_toeplitz("lower", "tril({0})", "tril({0}./{1})"),
    *_toeplitz("upper", "triu({0})", "triu({0}./{1})"),
    *_toeplitz("", "{0}", "{0}./{1}"),
    Structure("diagonal", "tangent", "G.*eye(n)", _COOKBOOK),
    Structure("diagonal", "entries", "G.*eye(n)", _COOKBOOK),
    Structure("correlation", "tangent", "(G + G')/2 - G.*eye(n)", _BOUMAL),
    Structure("correlation", "entries", "G + G' - 2*G.*eye(n)", _COOKBOOK),
    Structure("symmetric hollow", "tangent", "(G + G')/2 - G.*eye(n)", _BOUMAL),
    Structure("symmetric hollow", "entries", "G + G' - 2*G.*eye(n)", _COOKBOOK),
    Structure("symmetric", "tangent", "(G + G')/2", _ABSIL),
    Structure("symmetric", "entries", "G + G' - G.*eye(n)", _COOKBOOK),
    Structure("pd", "tangent", "X*(G + G')*X/2", _BHATIA, "affine-invariant"),
    Structure("skew", "tangent", "(G - G')/2", _ABSIL),
    Structure("skew", "entries", "G - G'", _COOKBOOK),
    Structure("hollow", "tangent", "G - G.*eye(n)", _BOUMAL),
    Structure("hollow", "entries", "G - G.*eye(n)", _COOKBOOK),
    Structure("lower unit_diagonal", "tangent", "tril(G, -1)", _BOUMAL),
    Structure("lower unit_diagonal", "entries", "tril(G, -1)", _COOKBOOK),
    Structure("upper unit_diagonal", "tangent", "triu(G, 1)", _BOUMAL),
    Structure("upper unit_diagonal", "entries", "triu(G, 1)", _COOKBOOK),
    Structure("unit_diagonal", "tangent", "G - G.*eye(n)", _BOUMAL),
    Structure("unit_diagonal", "entries", "G - G.*eye(n)", _COOKBOOK),
    Structure("lower", "tangent", "tril(G)", _BOUMAL),
    Structure("lower", "entries", "tril(G)", _COOKBOOK),
    Structure("upper", "tangent", "triu(G)", _BOUMAL),
    Structure("upper", "entries", "triu(G)", _COOKBOOK),
    # Matrices with orthonormal columns: the Stiefel manifold, square ones the orthogonal group.
    Structure("orthonormal", "tangent", "G - X*(X'*G + G'*X)/2", _ABSIL),
    Structure("orthogonal", "tangent", "G - X*(X'*G + G'*X)/2", _ABSIL),
    Structure("orthonormal", "tangent", "G - X*G'*X", _EDELMAN, "canonical"),
    Structure("orthogonal", "tangent", "G - X*G'*X", _EDELMAN, "canonical"),
    Structure("unit", "tangent", "G - (X'*G)*X", _ABSIL, order=1),
    Structure("unit", "tangent", "G - sum(X.*G)*X", _ABSIL),
    Structure("simplex", "tangent", "G - sum(G)/n*ones(n)", _BOUMAL, order=1),
    Structure("centered", "tangent", "G - sum(G)/n*ones(n)", _BOUMAL, order=1),
    Structure("centered", "tangent", "G - ones(m)*(ones(m)'*G)/m", _BOUMAL),
    Structure("row_stochastic", "tangent", "G - (G*ones(n))*ones(n)'/n", _BOUMAL),
    Structure("column_stochastic", "tangent", "G - ones(m)*(ones(m)'*G)/m", _BOUMAL),
)
