"""Sums along diagonals.

Floor 1, data only.  Entry (i, j) of diagsums(A) is the sum of all entries of A on its diagonal,
those with the same i - j: what a Toeplitz matrix is paired with.
"""

from __future__ import annotations

from matgrad.catalogue.record import call, forms, primitive

_GRAY = "Gray 2006, Toeplitz and Circulant Matrices: A Review"

diagsums = primitive(
    "diagsums",
    "(n,n,...)->(n,n,...)",
    forms(call("diagsums")),
    operands=("A",),
    differential="",
    adjoint="diagsums(C)",
    transpose="equivariant",
    gives=(
        "toeplitz",
        "symmetric if A symmetric",
        "skew if A skew",
        "lower if A lower",
        "positive if A positive",
    ),
    cite=_GRAY,
)
