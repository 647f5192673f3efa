"""PyTorch, as it runs without `torch.func` or `torch.compile`.

Floor 4, data only.
"""

from __future__ import annotations

from matgrad.codegen.columns.column import Column
from matgrad.codegen.columns.generic import GENERIC, native
from matgrad.codegen.columns.helpers import GENERIC_HELPERS
from matgrad.codegen.columns.library import LIBRARY, LIBRARY_HELPERS
from matgrad.codegen.columns.operators import derivative
from matgrad.codegen.columns.wrappers import WRAPPERS_TORCH

_CELLS = {
    "permute": "torch.permute({0}, {data})",
    "copy": "{0}.clone()",
    "into": "{out}.copy_({0})",
    "number": "torch.as_tensor({0})",
    "diagonal": "torch.diagonal({0})",
    "diagonal_of": "torch.diagonal({0}, 0, *{data})",
    "tensordot": "torch.tensordot({0}, {1}, dims={data})",
    "outer": "torch.tensordot({0}, {1}, dims=0)",
    "trace": "torch.trace({0})",
    "eye": "torch.eye({data}, dtype={dtype}, device={like}.device)",
    "full": "torch.full({shape}, {0}, dtype={dtype}, device={like}.device)",
    "mask": "torch.tril(torch.ones({shape}, dtype={dtype}, device={like}.device), {data})",
    "broadcast": "torch.broadcast_to({0}, {shape}).clone()",
    "step": "({0} > 0).to({dtype})",
    "solve_vector": "torch.linalg.solve({0}, {1})",
    "lu": "torch.linalg.lu_factor({0})",
    "lu_solve": "torch.linalg.lu_solve(*{0}, {1})",
    "lu_solve_vector": "torch.linalg.lu_solve(*{0}, {1}[:, None])[:, 0]",
    "lu_solve_turned": "torch.linalg.lu_solve(*{0}, {1}, adjoint=True)",
    "lu_solve_turned_vector": "torch.linalg.lu_solve(*{0}, {1}[:, None], adjoint=True)[:, 0]",
    "lu_inv": "_lu_inv({0})",
    "lu_det": "_lu_det({0})",
    "lu_logdet": "torch.sum(torch.log(torch.abs(torch.diagonal({0}[0]))))",
    "chol_factor": "torch.linalg.cholesky({0})",
    "chol_solve": "torch.cholesky_solve({1}, {0})",
    "chol_solve_vector": "torch.cholesky_solve({1}[:, None], {0})[:, 0]",
    "chol_inv": "torch.cholesky_inverse({0})",
    "chol_det": "torch.prod(torch.diagonal({0})) ** 2",
    "chol_logdet": "2 * torch.sum(torch.log(torch.diagonal({0})))",
    **{
        f"{side}_solve{turned}{vector}": (
            f"torch.linalg.solve_triangular({{0}}{'.T' if turned else ''}, "
            f"{{1}}{'[:, None]' if vector else ''}, "
            f"upper={(side == 'upper') != bool(turned)}){'[:, 0]' if vector else ''}"
        )
        for side in ("lower", "upper")
        for turned in ("", "_turned")
        for vector in ("", "_vector")
    },
    "cumprod": "torch.cumprod({0}, 0)",
    "softmax_stack": "torch.softmax({0}, -1)",
    "logsumexp_stack": "torch.logsumexp({0}, -1)",
    "sigmoid": "torch.sigmoid({0})",
    "softplus": "torch.logaddexp({0}, torch.zeros_like({0}))",
    "relu": "torch.relu({0})",
    "erf": "torch.erf({0})",
    "erfc": "torch.erfc({0})",
    "normcdf": "torch.special.ndtr({0})",
    "lgamma": "torch.lgamma({0})",
    "gamma": "_gamma({0})",
    "digamma": "torch.digamma({0})",
    "trigamma": "torch.special.polygamma(1, {0})",
    "logit": "torch.logit({0})",
    **{
        f"{op}{axis}": f"torch.{name}({{0}}, {axis if axis != '' else tail})"
        for op, name in (("max", "amax"), ("min", "amin"))
        for axis, tail in (("", "()"), (0, ""), (1, ""))
    },
    **{
        f"{op}{axis}": f"torch.{op}({{0}}, {axis or 0})"
        for op in ("softmax", "logsumexp")
        for axis in ("", 0, 1)
    },
    "sylv": "_passing(_sylvester, {0}, {1}, {2})",
}

_HELPERS = {
    "_array": '''
def _array(name: str, value: torch.Tensor, *shape: str) -> torch.Tensor:
    """The argument as a tensor of real numbers with as many axes as it has sizes."""
    tensor = torch.as_tensor(value)
    if tensor.ndim != len(shape):
        wanted = " x ".join(shape) or "a scalar"
        raise ValueError(f"{name} should be {wanted}, but its shape is {tuple(tensor.shape)}")
    if tensor.is_complex():
        raise TypeError(f"{name} should hold real numbers, but its dtype is {tensor.dtype}")
    return tensor if tensor.is_floating_point() else tensor.to(torch.get_default_dtype())
''',
    "_complex_array": '''
def _complex_array(name: str, value: torch.Tensor, *shape: str) -> torch.Tensor:
    """The argument as a tensor of complex numbers with as many axes as it has sizes."""
    tensor = torch.as_tensor(value)
    if tensor.ndim != len(shape):
        wanted = " x ".join(shape) or "a scalar"
        raise ValueError(f"{name} should be {wanted}, but its shape is {tuple(tensor.shape)}")
    return tensor
''',
    "_astype": '''
def _astype(tensor: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """The same numbers in another type."""
    return tensor.to(dtype)
''',
    "_fits": '''
def _fits(out: torch.Tensor, shape: tuple[int, ...]) -> None:
    """Whether a result may be written into a tensor."""
    if tuple(out.shape) != shape:
        raise ValueError(f"out should have the shape {shape}, but has {tuple(out.shape)}")
    if not (out.is_floating_point() or out.is_complex()):
        raise TypeError(f"out should hold real numbers, but its dtype is {out.dtype}")
''',
    "_gamma": '''
def _gamma(values: torch.Tensor) -> torch.Tensor:
    """The gamma function; its sign left of zero alternates."""
    odd = (values < 0) & (torch.floor(values) % 2 != 0)
    return torch.exp(torch.lgamma(values)) * torch.where(odd, -1.0, 1.0)
''',
    "_add_diagonal": '''
def _add_diagonal(matrix: torch.Tensor, diagonal: torch.Tensor | float) -> torch.Tensor:
    """A matrix with something added to its diagonal."""
    result = matrix.clone()
    result.diagonal().add_(diagonal)
    return result
''',
    "_lu_inv": '''
def _lu_inv(factors: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
    """The inverse of a matrix with a factorisation LU."""
    eye = torch.eye(len(factors[0]), dtype=factors[0].dtype, device=factors[0].device)
    return torch.linalg.lu_solve(*factors, eye)
''',
    "_lu_det": '''
def _lu_det(factors: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
    """The determinant of a matrix with a factorisation LU and row exchanges."""
    lu, pivots = factors
    exchanges = torch.sum(pivots != torch.arange(1, len(pivots) + 1, device=pivots.device))
    return torch.prod(torch.diagonal(lu)) * (1 - 2 * (exchanges % 2))
''',
    "expm": '''
def expm(matrix: torch.Tensor) -> torch.Tensor:
    """The exponential of a matrix."""
    return torch.linalg.matrix_exp(matrix)
''',
}


def _native(texts: dict[str, str]) -> dict[str, str]:
    """In the words of PyTorch; the standard's `max` along an axis is its `amax`."""
    plain = {
        name: text.replace("xp.astype(", "_astype(").replace("xp.max(", "xp.amax(")
        for name, text in texts.items()
    }
    return native(plain, "torch", "torch.Tensor")


TORCH = Column(
    name="torch",
    array="torch.Tensor",
    cells={**_native({**GENERIC, **LIBRARY}), **_CELLS},
    helpers={
        **_native({**GENERIC_HELPERS, **LIBRARY_HELPERS}),
        **derivative("torch.Tensor"),
        **_HELPERS,
    },
    wrappers=WRAPPERS_TORCH,
    dtype="torch.get_default_dtype()",
    like="torch.zeros(0)",
    imports={
        "Any": "from typing import Any",
        "dataclass": "from dataclasses import dataclass",
        "Callable": "from collections.abc import Callable",
        "cmath": "import cmath",
        "NamedTuple": "from typing import NamedTuple",
        "math": "import math",
        "torch": "import torch",
    },
)
