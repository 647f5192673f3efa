"""Pseudo-inverse, Cholesky factor, eigenvalues, singular values, and norms made of them.

Floor 1, data only.  The Cholesky factor and the eigenproblem named eig… read only the symmetric
part of their operand, so that a derivative in any direction exists.  Eigenvectors and singular
vectors have length one; their signs are free but agree with each other.
"""

from __future__ import annotations

from matgrad.catalogue.record import call, forms, postfix, primitive, template

_MAGNUS = "Magnus 1985, Econometric Theory 1, 179-191"
_GILES = "Giles 2008, Collected matrix derivative results for forward and reverse mode AD"
_GOLUB = "Golub & Pereyra 1973, SIAM J. Numer. Anal. 10, 413-432"
_HIGHAM = "Higham 2008, Functions of Matrices, ch. 8"
_HORN = "Horn & Johnson 2013, Matrix Analysis, sec. 6.3 and 8.2"

pinv = primitive(
    "pinv",
    "(m,n)->(n,m)",
    forms(call("pinv"), unicode=postfix("⁺"), latex=postfix("^{+}")),
    operands=("A",),
    differential="-pinv(A)*dA*pinv(A) + pinv(A)*pinv(A)'*dA'*(eye(m) - A*pinv(A))"
    " + (eye(n) - pinv(A)*A)*dA'*pinv(A)'*pinv(A)",
    conditions=("rank of A constant nearby unless A full_rank",),
    transpose="equivariant",
    gives=(
        "psd if A psd",
        "full_row_rank if A full_column_rank",
        "full_column_rank if A full_row_rank",
    ),
    cite=_GOLUB,
)
# With M = inv(L)*dA*inv(L)': dL = L*(lower triangle of M, its diagonal halved); of the two terms,
# which take the symmetric part, the second leaves the diagonal to the first.
chol = primitive(
    "chol",
    "(n,n)->(n,n)",
    forms(call("chol")),
    operands=("A",),
    differential="chol(A)*tril(inv(chol(A))*dA*inv(chol(A))')/2"
    " + chol(A)*tril(inv(chol(A))*dA'*inv(chol(A))', -1)/2",
    conditions=("A symmetric positive definite unless A pd",),
    transpose="invariant",
    gives=("lower", "invertible"),
    cite=_GILES,
)

eigvals = primitive(
    "eigvals",
    "(n,n)->(n)",
    forms(call("eigvals"), unicode=call("λ"), latex=call(r"\lambda")),
    operands=("A",),
    differential="diagvec(eigvecs(A)'*dA*eigvecs(A))",
    conditions=("the eigenvalues of A are simple",),
    transpose="invariant",
    gives=("positive if A pd", "nonnegative if A psd"),
    cite=_MAGNUS,
)
# Divided differences off the diagonal, zeros on it.
_DIFFERENCES = "(ones(n, n)./(ones(n)*eigvals(A)' - eigvals(A)*ones(n)' + eye(n)) - eye(n))"
eigvecs = primitive(
    "eigvecs",
    "(n,n)->(n,n)",
    forms(call("eigvecs")),
    operands=("A",),
    differential=f"eigvecs(A)*({_DIFFERENCES}.*(eigvecs(A)'*dA*eigvecs(A)))/2"
    f" + eigvecs(A)*({_DIFFERENCES}.*(eigvecs(A)'*dA'*eigvecs(A)))/2",
    conditions=("the eigenvalues of A are simple",),
    transpose="invariant",
    gives=("orthogonal",),
    cite=_MAGNUS,
)
eigmax = primitive(
    "eigmax",
    "(n,n)->()",
    forms(call("eigmax"), latex=call(r"\lambda_{\max}")),
    operands=("A",),
    differential="eigvecmax(A)'*dA*eigvecmax(A)",
    conditions=("the largest eigenvalue of A is simple",),
    transpose="invariant",
    gives=("positive if A pd", "nonnegative if A psd"),
    cite=_MAGNUS,
)
eigmin = primitive(
    "eigmin",
    "(n,n)->()",
    forms(call("eigmin"), latex=call(r"\lambda_{\min}")),
    operands=("A",),
    differential="eigvecmin(A)'*dA*eigvecmin(A)",
    conditions=("the smallest eigenvalue of A is simple",),
    transpose="invariant",
    gives=("positive if A pd", "nonnegative if A psd"),
    cite=_MAGNUS,
)
eigvecmax = primitive(
    "eigvecmax",
    "(n,n)->(n)",
    forms(call("eigvecmax")),
    operands=("A",),
    differential="pinv(eigmax(A)*eye(n) - (A + A')/2)*dA*eigvecmax(A)/2"
    " + pinv(eigmax(A)*eye(n) - (A + A')/2)*dA'*eigvecmax(A)/2",
    conditions=("the largest eigenvalue of A is simple",),
    transpose="invariant",
    gives=("unit",),
    cite=_MAGNUS,
)
eigvecmin = primitive(
    "eigvecmin",
    "(n,n)->(n)",
    forms(call("eigvecmin")),
    operands=("A",),
    differential="pinv(eigmin(A)*eye(n) - (A + A')/2)*dA*eigvecmin(A)/2"
    " + pinv(eigmin(A)*eye(n) - (A + A')/2)*dA'*eigvecmin(A)/2",
    conditions=("the smallest eigenvalue of A is simple",),
    transpose="invariant",
    gives=("unit",),
    cite=_MAGNUS,
)
# The eigenvalue of largest real part of a matrix with positive entries.
perron = primitive(
    "perron",
    "(n,n)->()",
    forms(call("perron"), latex=call(r"\rho")),
    operands=("A",),
    differential="perronvec(A')'*dA*perronvec(A)/(perronvec(A')'*perronvec(A))",
    conditions=("entries of A positive unless A positive",),
    transpose="invariant",
    gives=("positive",),
    cite=_HORN,
)
# Its eigenvector, whose entries add up to one; sum(dx) = 0 takes the place of the singular row.
perronvec = primitive(
    "perronvec",
    "(n,n)->(n)",
    forms(call("perronvec")),
    operands=("A",),
    differential="(eye(n) - perronvec(A)*ones(n)')"
    "*inv(perron(A)*eye(n) - A + perronvec(A)*ones(n)')*dA*perronvec(A)",
    conditions=("entries of A positive unless A positive",),
    gives=("positive", "simplex"),
    cite=_MAGNUS,
)

# The thin decomposition of a matrix with at least as many rows as columns.
_TALL = "A has at least as many rows as columns"
_DISTINCT = "the singular values of A are simple and positive"
svdvals = primitive(
    "svdvals",
    "(m,n)->(n)",
    forms(call("svdvals"), unicode=call("σ"), latex=call(r"\sigma")),
    operands=("A",),
    differential="diagvec(svdu(A)'*dA*svdv(A))",
    conditions=(_TALL, _DISTINCT),
    gives=("nonnegative", "positive if A full_column_rank"),
    cite=_GILES,
)
_SQUARES = "(ones(n, n)./(ones(n)*(svdvals(A).^2)' - (svdvals(A).^2)*ones(n)' + eye(n)) - eye(n))"
svdv = primitive(
    "svdv",
    "(m,n)->(n,n)",
    forms(call("svdv")),
    operands=("A",),
    differential=f"svdv(A)*({_SQUARES}.*(svdv(A)'*dA'*A*svdv(A)))"
    f" + svdv(A)*({_SQUARES}.*(svdv(A)'*A'*dA*svdv(A)))",
    conditions=(_TALL, _DISTINCT),
    gives=("orthogonal",),
    cite=_GILES,
)
svdu = primitive(
    "svdu",
    "(m,n)->(m,n)",
    forms(call("svdu")),
    operands=("A",),
    differential="(eye(m) - svdu(A)*svdu(A)')*dA*svdv(A)*inv(diag(svdvals(A)))"
    f" + svdu(A)*({_SQUARES}.*(svdu(A)'*dA*svdv(A)*diag(svdvals(A))))"
    f" + svdu(A)*({_SQUARES}.*(diag(svdvals(A))*svdv(A)'*dA'*svdu(A)))",
    conditions=(_TALL, _DISTINCT),
    gives=("orthonormal",),
    cite=_GILES,
)
lsv = primitive(
    "lsv",
    "(m,n)->(m)",
    forms(call("lsv")),
    operands=("A",),
    differential="pinv(normspec(A)^2*eye(m) - A*A')*dA*A'*lsv(A)"
    " + pinv(normspec(A)^2*eye(m) - A*A')*A*dA'*lsv(A)",
    conditions=("the largest singular value of A is simple",),
    gives=("unit",),
    cite=_MAGNUS,
)
rsv = primitive(
    "rsv",
    "(m,n)->(n)",
    forms(call("rsv")),
    operands=("A",),
    differential="pinv(normspec(A)^2*eye(n) - A'*A)*dA'*A*rsv(A)"
    " + pinv(normspec(A)^2*eye(n) - A'*A)*A'*dA*rsv(A)",
    conditions=("the largest singular value of A is simple",),
    gives=("unit",),
    cite=_MAGNUS,
)
normspec = primitive(
    "normspec",
    "(m,n)->()",
    forms(
        call("normspec"),
        unicode=template("‖#1‖₂"),
        latex=template(r"\left\lVert #1\right\rVert_{2}"),
        numpy=call("normspec"),
    ),
    operands=("A",),
    differential="lsv(A)'*dA*rsv(A)",
    conditions=("the largest singular value of A is simple",),
    gives=("nonnegative", "positive if A nonzero"),
    cite=_MAGNUS,
)
normnuc = primitive(
    "normnuc",
    "(m,n)->()",
    forms(
        call("normnuc"),
        unicode=template("‖#1‖_*"),
        latex=template(r"\left\lVert #1\right\rVert_{*}"),
        numpy=call("normnuc"),
    ),
    operands=("A",),
    differential="inner(polar(A), dA)",
    conditions=("A of full rank unless A full_rank",),
    transpose="invariant",
    gives=("nonnegative", "positive if A nonzero"),
    cite=_HIGHAM,
)
# A = U*H with orthonormal columns (or rows) in U and H positive semidefinite.
polar = primitive(
    "polar",
    "(m,n)->(m,n)",
    forms(call("polar")),
    operands=("A",),
    differential="sylv(A*polar(A)', polar(A)'*A, dA - polar(A)*dA'*polar(A))",
    conditions=("A of full rank unless A full_rank",),
    transpose="equivariant",
    gives=("orthogonal if A invertible", "orthonormal if A full_column_rank"),
    cite=_HIGHAM,
)
