"""JAX.  The function is compiled by `jax.jit` as it stands.

Floor 4, data only.
"""

from __future__ import annotations

from matgrad.codegen.columns.column import Column
from matgrad.codegen.columns.generic import GENERIC, native
from matgrad.codegen.columns.helpers import GENERIC_HELPERS
from matgrad.codegen.columns.library import LIBRARY, LIBRARY_HELPERS
from matgrad.codegen.columns.operators import derivative
from matgrad.codegen.columns.wrappers import WRAPPERS_JAX

_CELLS = {
    "copy": "jnp.asarray({0})",
    "number": "jnp.asarray({0})",
    "diagonal_of": "jnp.diagonal({0}, 0, *{data})",
    "add_diagonal": "_add_diagonal({0}, {1})",
    "solve_vector": "jnp.linalg.solve({0}, {1})",
    "lu": "lu_factor({0})",
    "lu_solve": "lu_solve({0}, {1})",
    "lu_solve_turned": "lu_solve({0}, {1}, trans=1)",
    "lu_inv": "lu_solve({0}, jnp.eye({0}[0].shape[0], dtype={0}[0].dtype))",
    "lu_det": "_lu_det({0})",
    "lu_logdet": "jnp.sum(jnp.log(jnp.abs(jnp.diagonal({0}[0]))))",
    "chol_factor": "jnp.linalg.cholesky({0})",
    "chol_solve": "cho_solve(({0}, True), {1})",
    "chol_inv": "cho_solve(({0}, True), jnp.eye({0}.shape[0], dtype={0}.dtype))",
    "chol_det": "jnp.prod(jnp.diagonal({0})) ** 2",
    "chol_logdet": "2 * jnp.sum(jnp.log(jnp.diagonal({0})))",
    "lower_solve": "solve_triangular({0}, {1}, lower=True)",
    "lower_solve_turned": "solve_triangular({0}, {1}, trans=1, lower=True)",
    "upper_solve": "solve_triangular({0}, {1})",
    "upper_solve_turned": "solve_triangular({0}, {1}, trans=1)",
    "cumprod": "jnp.cumprod({0})",
    "cbrt": "jnp.cbrt({0})",
    "softmax_stack": "jax.nn.softmax({0}, axis=-1)",
    "logsumexp_stack": "jax.nn.logsumexp({0}, axis=-1)",
    "sigmoid": "jax.nn.sigmoid({0})",
    "softplus": "jax.nn.softplus({0})",
    "relu": "jnp.maximum({0}, 0)",
    "erf": "erf({0})",
    "erfc": "erfc({0})",
    "normcdf": "ndtr({0})",
    "lgamma": "gammaln({0})",
    "gamma": "gamma_function({0})",
    "digamma": "digamma({0})",
    "trigamma": "polygamma(1, {0})",
    "logit": "logit({0})",
    **{
        f"{op}{axis}": f"jax.nn.{op}({{0}}, axis={axis if axis != '' else None})"
        for op in ("softmax", "logsumexp")
        for axis in ("", 0, 1)
    },
}

_HELPERS = {
    "_array": '''
def _array(name: str, value: object, *shape: str) -> jax.Array:
    """The argument as an array of real numbers with as many axes as it has sizes."""
    array = jnp.asarray(value)
    if array.ndim != len(shape):
        wanted = " x ".join(shape) or "a scalar"
        raise ValueError(f"{name} should be {wanted}, but its shape is {array.shape}")
    if jnp.issubdtype(array.dtype, jnp.complexfloating):
        raise TypeError(f"{name} should hold real numbers, but its dtype is {array.dtype}")
    return array if jnp.issubdtype(array.dtype, jnp.floating) else array.astype(float)
''',
    "_complex_array": '''
def _complex_array(name: str, value: object, *shape: str) -> jax.Array:
    """The argument as an array of complex numbers with as many axes as it has sizes."""
    array = jnp.asarray(value)
    if array.ndim != len(shape):
        wanted = " x ".join(shape) or "a scalar"
        raise ValueError(f"{name} should be {wanted}, but its shape is {array.shape}")
    return array if jnp.issubdtype(array.dtype, jnp.inexact) else array.astype(float)
''',
    "_add_diagonal": '''
def _add_diagonal(matrix: jax.Array, diagonal: jax.Array | float) -> jax.Array:
    """A matrix with something added to its diagonal."""
    return matrix.at[jnp.diag_indices(matrix.shape[0])].add(diagonal)
''',
    "_lu_det": '''
def _lu_det(factors: tuple[jax.Array, jax.Array]) -> jax.Array:
    """The determinant of a matrix with a factorisation LU and row exchanges."""
    lu, pivots = factors
    exchanges = jnp.sum(pivots != jnp.arange(pivots.shape[0]))
    return jnp.prod(jnp.diagonal(lu)) * jnp.where(exchanges % 2, -1.0, 1.0)
''',
}

_SCIPY = {
    "jax.scipy.linalg": "cho_solve expm lu_factor lu_solve solve_sylvester solve_triangular",
    "jax.scipy.special": "digamma erf erfc gammaln logit ndtr polygamma",
}

JAX = Column(
    name="jax",
    array="jax.Array",
    cells={**native({**GENERIC, **LIBRARY}, "jnp", "jax.Array"), **_CELLS},
    helpers={
        **native({**GENERIC_HELPERS, **LIBRARY_HELPERS}, "jnp", "jax.Array"),
        **derivative("jax.Array"),
        **_HELPERS,
    },
    dtype="float",
    like="jnp.zeros(0)",
    wrappers=WRAPPERS_JAX,
    decorator="@jax.jit",
    decorator_static="@functools.partial(jax.jit, static_argnames=({static}))",
    imports={
        "Any": "from typing import Any",
        "dataclass": "from dataclasses import dataclass",
        "Callable": "from collections.abc import Callable",
        "cmath": "import cmath",
        "functools": "import functools",
        "jax": "import jax",
        "jnp": "import jax.numpy as jnp",
        "NamedTuple": "from typing import NamedTuple",
        "math": "import math",
        **{
            name: f"from {module} import {name}"
            for module in _SCIPY
            for name in _SCIPY[module].split()
        },
        # A symbol may be called gamma.
        "gamma_function": "from jax.scipy.special import gamma as gamma_function",
    },
)
