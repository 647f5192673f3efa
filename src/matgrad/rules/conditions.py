"""What conditions say of parts: A*B is nonsingular where A and B are, x'*x > 0 where x != 0.

Floor 3, data only.  `shorten.conditions` tells each condition by the shortest parts it is about.
"""

from __future__ import annotations

from typing import NamedTuple, final


@final
class Reduction(NamedTuple):
    """Where the symbols are as `given` says, `condition` holds wherever all of `means` do.

    A condition is an expression and one of `> 0`, `!= 0` (of an array: it is not all zeros),
    `has no zeros` and `nonsingular`.
    """

    name: str
    condition: str
    given: str
    means: tuple[str, ...]


REDUCTIONS: tuple[Reduction, ...] = (
    Reduction("transpose", "A' nonsingular", "A: n n", ("A nonsingular",)),
    Reduction("negative", "-A nonsingular", "A: n n", ("A nonsingular",)),
    Reduction("inverse", "inv(A) nonsingular", "A: n n", ("A nonsingular",)),
    Reduction("product", "A*B nonsingular", "A: n n; B: n n", ("A nonsingular", "B nonsingular")),
    Reduction("multiple", "c*A nonsingular", "c: scalar; A: n n", ("c != 0", "A nonsingular")),
    Reduction("fraction", "A/c nonsingular", "c: scalar; A: n n", ("A nonsingular",)),
    Reduction(
        "kronecker-product",
        "kron(A, B) nonsingular",
        "A: n n; B: m m",
        ("A nonsingular", "B nonsingular"),
    ),
    Reduction("diagonal", "diag(x) nonsingular", "x: n", ("x has no zeros",)),
    Reduction("determinant", "det(A) != 0", "A: n n", ("A nonsingular",)),
    Reduction("semidefinite-determinant", "det(A) > 0", "A: n n psd", ("A nonsingular",)),
    Reduction("inner-square", "x'*x > 0", "x: n", ("x != 0",)),
    Reduction("inner-square-nonzero", "x'*x != 0", "x: n", ("x != 0",)),
    Reduction("squared-entries", "sum(x.^2) > 0", "x: n", ("x != 0",)),
    Reduction("squared-matrix", "sum(A.^2) > 0", "A: m n", ("A != 0",)),
    Reduction("squared-norm", "tr(A'*A) > 0", "A: m n", ("A != 0",)),
    Reduction("norm", "norm(x) != 0", "x: n", ("x != 0",)),
    Reduction("frobenius-norm", "normF(A) != 0", "A: m n", ("A != 0",)),
    Reduction("positive-norm", "norm(x) > 0", "x: n", ("x != 0",)),
    Reduction("positive-frobenius-norm", "normF(A) > 0", "A: m n", ("A != 0",)),
    Reduction("quadratic-form", "x'*A*x > 0", "A: n n pd; x: n", ("x != 0",)),
    Reduction("quadratic-form-nonzero", "x'*A*x != 0", "A: n n pd; x: n", ("x != 0",)),
    Reduction("image", "A*x != 0", "A: m n full_column_rank; x: n", ("x != 0",)),
    Reduction("multiple-of-vector", "c*x != 0", "c: scalar; x: n", ("c != 0", "x != 0")),
    Reduction("multiple-of-matrix", "c*A != 0", "c: scalar; A: m n", ("c != 0", "A != 0")),
    Reduction("multiple-of-number", "c*t != 0", "c: scalar; t: scalar", ("c != 0", "t != 0")),
    Reduction("positive-multiple", "c*t > 0", "c: scalar positive; t: scalar", ("t > 0",)),
    Reduction("positive-multiple-right", "t*c > 0", "t: scalar; c: scalar positive", ("t > 0",)),
    Reduction("positive-multiple-of-vector", "c*x > 0", "c: scalar positive; x: n", ("x > 0",)),
    Reduction("positive-fraction", "t/c > 0", "t: scalar; c: scalar positive", ("t > 0",)),
    Reduction("reciprocal", "1/c > 0", "c: scalar", ("c > 0",)),
    Reduction("square", "t^2 > 0", "t: scalar", ("t != 0",)),
    Reduction("square-nonzero", "t^2 != 0", "t: scalar", ("t != 0",)),
    Reduction("root", "sqrt(t) != 0", "t: scalar", ("t > 0",)),
    Reduction("roots", "sqrt(x) has no zeros", "x: n", ("x > 0",)),
    Reduction("squares", "x.^2 has no zeros", "x: n", ("x has no zeros",)),
    Reduction(
        "multiple-of-entries",
        "c*x has no zeros",
        "c: scalar; x: n",
        ("c != 0", "x has no zeros"),
    ),
    Reduction("columns", "x*ones(n)' has no zeros", "x: m", ("x has no zeros",)),
    Reduction("rows", "ones(m)*x' has no zeros", "x: n", ("x has no zeros",)),
    Reduction("positive-columns", "x*ones(n)' > 0", "x: m", ("x > 0",)),
    Reduction("positive-rows", "ones(m)*x' > 0", "x: n", ("x > 0",)),
    Reduction("sum-of-columns", "sum(x*ones(n)', 2) has no zeros", "x: m", ("x has no zeros",)),
    Reduction("sum-of-rows", "sum(ones(m)*x', 1) has no zeros", "x: n", ("x has no zeros",)),
    Reduction("positive-root", "sqrt(t) > 0", "t: scalar", ("t > 0",)),
    Reduction("absolute-value", "abs(t) > 0", "t: scalar", ("t != 0",)),
    Reduction("absolute-values", "abs(x) > 0", "x: n", ("x has no zeros",)),
    Reduction("absolute-values-of-matrix", "abs.(A) > 0", "A: m n", ("A has no zeros",)),
    Reduction("positive-squares", "x.^2 > 0", "x: n", ("x has no zeros",)),
    Reduction("absolute-value-nonzero", "abs(t) != 0", "t: scalar", ("t != 0",)),
)
