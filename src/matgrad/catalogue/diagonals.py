"""Matrices with one number along each diagonal, and sums along diagonals.

Floor 1, data only.  Entry (i, j) of diagsums(A) is the sum of all entries of A on its diagonal,
those with the same i - j: what a Toeplitz matrix is paired with.  `antisums` has the same i + j,
`cyclesums` the same i - j up to a multiple of n.  toeplitz(c, r) has the first column c and the
first row r, hankel(c, r) the first column c and the last row r; where both meet c holds.
"""

from __future__ import annotations

from matgrad.catalogue.record import PRODUCT, call, forms, infix, primitive

_GRAY = "Gray 2006, Toeplitz and Circulant Matrices: A Review"
_HORN = "Horn & Johnson 2013, Matrix Analysis, sec. 0.9"

diagsums = primitive(
    "diagsums",
    "(m,n,...)->(m,n,...)",
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
antisums = primitive(
    "antisums",
    "(m,n,...)->(m,n,...)",
    forms(call("antisums")),
    operands=("A",),
    differential="",
    adjoint="antisums(C)",
    transpose="equivariant",
    gives=("symmetric if A symmetric", "positive if A positive"),
    cite=_HORN,
)
cyclesums = primitive(
    "cyclesums",
    "(n,n,...)->(n,n,...)",
    forms(call("cyclesums")),
    operands=("A",),
    differential="",
    adjoint="cyclesums(C)",
    transpose="equivariant",
    gives=("toeplitz", "symmetric if A symmetric", "skew if A skew", "positive if A positive"),
    cite=_GRAY,
)
toeplitz = primitive(
    "toeplitz",
    "(m),(n)->(m,n)",
    forms(call("toeplitz")),
    operands=("A", "B"),
    differential="diagsums(dA*unit(1, n)' + unit(1, m)*((eye(n) - unit(1, n)*unit(1, n)')*dB)')",
    cite=_GRAY,
)
hankel = primitive(
    "hankel",
    "(m),(n)->(m,n)",
    forms(call("hankel")),
    operands=("A", "B"),
    differential="antisums(dA*unit(1, n)' + unit(m, m)*((eye(n) - unit(1, n)*unit(1, n)')*dB)')",
    cite=_HORN,
)
circulant = primitive(
    "circulant",
    "(n)->(n,n)",
    forms(call("circulant")),
    operands=("A",),
    differential="cyclesums(dA*unit(1, n)')",
    gives=("toeplitz", "positive if A positive"),
    cite=_GRAY,
)
# All products of two entries, added up where their positions add up to the same.
conv = primitive(
    "conv",
    "(m),(n)->(m+n-1)",
    forms(call("conv"), latex=infix(r" \ast ", PRODUCT), numpy=call("convolve")),
    operands=("A", "B"),
    differential=(
        "toeplitz([A; zeros(n - 1)], zeros(n))*dB + toeplitz([B; zeros(m - 1)], zeros(m))*dA"
    ),
    cite=_GRAY,
)
