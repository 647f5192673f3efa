"""Functions of matrices made of a scalar function that is not known: funm(f, A).

Floor 1, data only.  f(A) is the sum of the powers of A with the coefficients of f's series, or
V*diag(f(lambda))*inv(V) where A = V*diag(lambda)*inv(V); f is smooth, and analytic where A has
eigenvalues that are not real.  The first operand is f itself, a scalar to all floors: the unknown
function applied to ARGUMENT, which stands for nothing in particular, in as many PRIMEs as it was
differentiated times.  loewner(f, x) are the divided differences of f at the entries of x.
"""

from __future__ import annotations

from matgrad.catalogue.frechet import derivatives
from matgrad.catalogue.record import POSTFIX, call, forms, primitive, template
from matgrad.core.expr import Op

# They are in no register: users write f and f'.
ARGUMENT = Op("argument", "structural", "->", forms=forms(call("argument")), cite="definition")
PRIME = Op(
    "prime",
    "structural",
    "()->()",
    operands=("f",),
    forms=forms(
        template("#1'"), unicode=template("#1′"), latex=template("#1'"), numpy=call("prime")
    ),
    cite="definition",
)

GERM = (ARGUMENT, PRIME)
"""What a function as an operand is made of, besides its name."""

_HIGHAM = "Higham 2008, Functions of Matrices, ch. 1 and 3"
_BHATIA = "Bhatia 1997, Matrix Analysis, sec. V.3 (Daleckii & Krein)"

funm = primitive(
    "funm",
    "(),(n,n)->(n,n)",
    forms(
        call("funm"),
        unicode=template("#1(#2)", POSTFIX),
        latex=template(r"#1\left(#2\right)", POSTFIX),
    ),
    operands=("f", "A"),
    differential="funm_frechet(f, A, dA)",
    transpose="equivariant",
    gives=("lower if A lower", "upper if A upper"),
    cite=_HIGHAM,
)
derivatives("funm", _HIGHAM, before=("f",))
# Entry i, j is (f(x_i) - f(x_j))/(x_i - x_j), and f'(x_i) where i = j.
loewner = primitive(
    "loewner",
    "(),(n)->(n,n)",
    forms(call("loewner")),
    operands=("f", "x"),
    differential="(diag(diagvec(loewner(f, x)).*dx)*ones(n, n) - ones(n, n)*"
    "diag(diagvec(loewner(f, x)).*dx) - loewner(f, x).*(dx*ones(n)' - ones(n)*dx'))"
    "./(x*ones(n)' - ones(n)*x' + eye(n))"
    " + diag(diagvec(loewner(f', x)).*dx)",
    gives=("symmetric",),
    cite=_BHATIA,
)
