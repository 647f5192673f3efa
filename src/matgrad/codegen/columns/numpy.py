"""NumPy and SciPy.

Floor 4, data only.
"""

from __future__ import annotations

from matgrad.codegen.columns.column import Column
from matgrad.codegen.columns.generic import GENERIC, native
from matgrad.codegen.columns.helpers import GENERIC_HELPERS
from matgrad.codegen.columns.library import LIBRARY, LIBRARY_HELPERS
from matgrad.codegen.columns.matrices import FRECHET
from matgrad.codegen.columns.numpy_helpers import NUMPY_HELPERS
from matgrad.codegen.columns.operators import derivative
from matgrad.codegen.columns.wrappers import WRAPPERS_NUMPY

_CELLS = {
    # axes
    "permute": "np.transpose({0}, {data})",
    "reshape": "{0}.reshape({shape})",
    "broadcast": "np.broadcast_to({0}, {shape}).copy()",
    "copy": "np.array({0})",
    "diagonal": "np.diagonal({0})",
    "diagonal_of": "np.diagonal({0}, 0, *{data})",
    "number": "np.float64({0})",
    # products
    "tensordot": "np.tensordot({0}, {1}, axes={data})",
    "outer": "np.multiply.outer({0}, {1})",
    "inner": "_inner({0}, {1})",
    "congruence": "_congruence({0}, {1})",
    "trace": "np.trace({0})",
    # constants
    "stack": "np.array(({every}))",
    "eye": "np.eye({data}, dtype={dtype})",
    "full": "np.full({shape}, {0}, dtype={dtype})",
    "add_diagonal": "_add_diagonal(np.array({0}), {1})",
    "add_diagonal_into": "_add_diagonal({0}, {1})",
    "add_spread": "_add_spread(np.array({0}), {1}, {data})",
    "add_spread_into": "_add_spread({0}, {1}, {data})",
    **{
        f"{op}_into": f"_into(np.{op}, {{0}}, {{1}})"
        for op in ("add", "subtract", "multiply", "divide")
    },
    "spread": "_spread({0}, {data}, {shape})",
    # factorisations
    "solve": "np.linalg.solve({0}, {1})",
    "solve_vector": "np.linalg.solve({0}, {1})",
    "inv": "np.linalg.inv({0})",
    "det": "np.linalg.det({0})",
    "logdet": "np.linalg.slogdet({0})[1]",
    "log_det": "_log_det({0})",
    "lu": "lu_factor({0}, check_finite=False)",
    "lu_solve": "lu_solve({0}, {1}, check_finite=False)",
    "lu_solve_turned": "lu_solve({0}, {1}, trans=1, check_finite=False)",
    "lu_inv": "_lu_inv({0})",
    "lu_det": "_lu_det({0})",
    "lu_logdet": "np.sum(np.log(np.abs(np.diagonal({0}[0]))))",
    "chol_factor": "_cholesky({0})",
    "chol_solve": "_chol_solve({0}, {1})",
    "chol_inv": "_chol_inv({0})",
    "chol_det": "np.prod(np.diagonal({0})) ** 2",
    "chol_logdet": "2 * np.sum(np.log(np.diagonal({0})))",
    "lower_solve": "solve_triangular({0}, {1}, lower=True, check_finite=False)",
    "lower_solve_turned": "solve_triangular({0}, {1}, trans=1, lower=True, check_finite=False)",
    "upper_solve": "solve_triangular({0}, {1}, check_finite=False)",
    "upper_solve_turned": "solve_triangular({0}, {1}, trans=1, check_finite=False)",
    # into an array that is there
    "into": "{out}[...] = {0}",
    "turned": "np.transpose({out}, {data})",
    "into_outer": "np.multiply.outer({0}, {1}, out={out})",
    "into_multiply": "np.multiply({0}, {1}, out={out})",
    "into_divide": "np.divide({0}, {1}, out={out})",
    "into_matmul": "_matmul_into({0}, {1}, {out})",
    "into_spread": "{out}[...] = 0\nnp.einsum({out}, {data})[...] = {0}",
    **{
        f"into_{name}{spread}": f"{view} {sign}= {{0}}"
        for name, sign in (("add", "+"), ("subtract", "-"))
        for spread, view in (("", "{out}[...]"), ("_spread", "np.einsum({out}, {data})[...]"))
    },
    # along leading axes
    "softmax_stack": "softmax({0}, axis=-1)",
    "logsumexp_stack": "_logsumexp({0}, -1)",
    # functions of every entry
    "cbrt": "np.cbrt({0})",
    "sigmoid": "expit({0})",
    "softplus": "np.logaddexp(0.0, {0})",
    "relu": "np.maximum({0}, 0.0)",
    "step": "_step({0})",
    "erf": "erf({0})",
    "erfc": "erfc({0})",
    "normcdf": "ndtr({0})",
    "lgamma": "gammaln({0})",
    "gamma": "gamma_function({0})",
    "digamma": "digamma({0})",
    "trigamma": "polygamma(1, {0})",
    "logit": "logit({0})",
    # reductions
    "cumprod": "np.cumprod({0})",
    "softmax": "softmax({0})",
    "softmax0": "softmax({0}, axis=0)",
    "softmax1": "softmax({0}, axis=1)",
    # decompositions and functions of matrices
    "chol": "np.linalg.cholesky(_symmetric({0}))",
    "signm": "signm({0})",
    **{
        f"logm_frechet{times}": f"_passing(_along, _logm, {operands})"
        for times, operands in FRECHET
    },
    "mask": "np.tri({shape[0]}, {shape[1]}, {data}, dtype={dtype})",
}

_SCIPY = {
    "scipy.linalg": (
        "expm expm_frechet get_blas_funcs get_lapack_funcs logm lu_factor lu_solve signm"
        " solve_sylvester solve_triangular"
    ),
    "scipy.sparse.linalg": "LinearOperator",
    "scipy.special": ("digamma erf erfc expit gammaln logit ndtr polygamma softmax"),
}

NUMPY = Column(
    name="numpy",
    array="np.ndarray",
    cells={**native({**GENERIC, **LIBRARY}, "np", "np.ndarray"), **_CELLS},
    helpers={
        **native({**GENERIC_HELPERS, **LIBRARY_HELPERS}, "np", "np.ndarray"),
        **derivative("np.ndarray"),
        **NUMPY_HELPERS,
    },
    dtype="float",
    like="np.zeros(0)",
    wrappers=WRAPPERS_NUMPY,
    imports={
        "Any": "from typing import Any",
        "dataclass": "from dataclasses import dataclass",
        "NamedTuple": "from typing import NamedTuple",
        "math": "import math",
        "cmath": "import cmath",
        "np": "import numpy as np",
        "Callable": "from collections.abc import Callable",
        **{
            name: f"from {module} import {name}"
            for module in _SCIPY
            for name in _SCIPY[module].split()
        },
        # A symbol may be called gamma.
        "gamma_function": "from scipy.special import gamma as gamma_function",
    },
)
