"""What every namespace of the array API standard can do, and the column for any of them.

Floor 4, data only.  Columns of libraries begin with these cells and put their own in place of
some.  https://data-apis.org/array-api/latest/
"""

from __future__ import annotations

import re

from matgrad.codegen.columns.column import Column
from matgrad.codegen.columns.helpers import GENERIC_HELPERS
from matgrad.codegen.columns.matrices import MATRICES, STANDARD_HELPERS
from matgrad.codegen.columns.operators import derivative

_ENTRYWISE = (
    "exp expm1 log log1p log2 log10 sqrt sin cos tan asin acos atan sinh cosh tanh asinh acosh"
    " atanh abs sign floor ceil round conj"
).split()

GENERIC = {
    **{name: f"xp.{name}({{0}})" for name in _ENTRYWISE},
    # axes
    "permute": "xp.permute_dims({0}, {data})",
    "reshape": "xp.reshape({0}, {shape})",
    "broadcast": "xp.broadcast_to({0}, {shape})",
    "copy": "xp.asarray({0}, copy=True)",
    "diagonal": "xp.linalg.diagonal({0})",
    "diagonal_of": "xp.linalg.diagonal(xp.moveaxis({0}, {data}, (-2, -1)))",
    "total": "xp.sum({0}, axis={data})",
    "all": "xp.sum({0})",
    "stack": "xp.stack(({every}))",
    # products
    "tensordot": "xp.tensordot({0}, {1}, axes={data})",
    "outer": "xp.tensordot({0}, {1}, axes=0)",
    "inner": "xp.sum({0} * {1})",
    "rowdot": "xp.sum({0} * {1}, axis=-1)",
    "congruence": "{1}.T @ ({0} @ {1})",
    "trace": "xp.linalg.trace({0})",
    # constants
    "eye": "xp.eye({data}, dtype={dtype})",
    "full": "xp.full({shape}, {0}, dtype={dtype})",
    "unit": "_unit({data}, {shape[0]}, {like})",
    "mask": "xp.tril(xp.ones({shape}, dtype={dtype}), k={data})",
    "count": "_integers({data}, {shape}, {like})",
    "within": "_within({data}, {shape}, {like})",
    "place": "_place({data}, {shape}, {like})",
    "powers": "_powers({0}, {data}, {shape})",
    "raised": "_raised({0}, {data}, {shape})",
    "duplication": "_duplication({data}, {like})",
    "elimination": "_elimination({data}, {like})",
    "add_diagonal": "_add_diagonal({0}, {1})",
    "add_spread": "_add_spread({0}, {1}, {data})",
    "spread": "_spread({0}, {data}, {shape}, {like})",
    # factorisations
    "solve": "xp.linalg.solve({0}, {1})",
    "solve_vector": "xp.linalg.solve({0}, {1}[:, None])[:, 0]",
    # along leading axes
    "solve_stack": "xp.linalg.solve({0}, {1})",
    "inv_stack": "xp.linalg.inv({0})",
    "det_stack": "xp.linalg.det({0})",
    "logdet_stack": "xp.linalg.slogdet({0})[1]",
    "each": "_each({data}, {every})",
    "inv": "xp.linalg.inv({0})",
    "det": "xp.linalg.det({0})",
    "logdet": "xp.linalg.slogdet({0})[1]",
    "log_det": "_log_det({0})",
    "adj": "_adjugate({0})",
    "norm": "_norm({0})",
    # functions of every entry
    "cbrt": "_cbrt({0})",
    "sec": "1 / xp.cos({0})",
    "csc": "1 / xp.sin({0})",
    "cot": "1 / xp.tan({0})",
    "sigmoid": "_sigmoid({0})",
    "softplus": "_softplus({0})",
    "relu": "xp.where({0} > 0, {0}, 0.0 * {0})",
    "step": "xp.astype({0} > 0, {dtype})",
    "logit": "xp.log({0}) - xp.log1p(-{0})",
    "normpdf": "xp.exp(-({0} ** 2) / 2) / math.sqrt(2 * math.pi)",
    "where": "xp.where({0} > {1}, {2}, {3})",
    "maximum": "xp.maximum({0}, {1})",
    "minimum": "xp.minimum({0}, {1})",
    "clip": "xp.minimum(xp.maximum({0}, {1}), {2})",
    "logaddexp": "xp.logaddexp({0}, {1})",
    "hypot": "xp.hypot({0}, {1})",
    "atan2": "xp.atan2({0}, {1})",
    "pow": "{0} ** {1}",
    "huber": "_huber({0}, {1})",
    "soft_threshold": "xp.sign({0}) * _relu(xp.abs({0}) - {1})",
    # reductions
    **{
        f"{op}{axis}": f"xp.{op}({{0}}{along})"
        for op in ("max", "min", "prod")
        for axis, along in (("", ""), (0, ", axis=0"), (1, ", axis=1"))
    },
    **{
        f"{op}{axis}": f"_{op}({{0}}, {axis if axis != '' else None})"
        for op in ("softmax", "logsumexp", "argmax1", "argmin1")
        for axis in ("", 0, 1)
    },
    # decompositions
    "cumprod": "xp.cumulative_prod({0})",
    "pinv": "xp.linalg.pinv({0})",
    "chol": "xp.linalg.cholesky(_symmetric({0}))",
    "svdvals": "xp.linalg.svdvals({0})",
    "svdu": "xp.linalg.svd({0}, full_matrices=False)[0]",
    "svdv": "xp.linalg.svd({0}, full_matrices=False)[2].T",
    "lsv": "xp.linalg.svd({0}, full_matrices=False)[0][:, 0]",
    "rsv": "xp.linalg.svd({0}, full_matrices=False)[2][0, :]",
    "normspec": "xp.linalg.svdvals({0})[0]",
    "normnuc": "xp.sum(xp.linalg.svdvals({0}))",
    "polar": "_polar({0})",
    "eigvals": "xp.linalg.eigvalsh(_symmetric({0}))",
    "eigvecs": "xp.linalg.eigh(_symmetric({0}))[1]",
    "eigmax": "xp.linalg.eigvalsh(_symmetric({0}))[-1]",
    "eigmin": "xp.linalg.eigvalsh(_symmetric({0}))[0]",
    "eigvecmax": "_eigenvector({0}, -1)",
    "eigvecmin": "_eigenvector({0}, 0)",
    "sqrtm": "_of_symmetric(xp.sqrt, {0})",
    "logm": "_of_symmetric(xp.log, {0})",
    "log_prod": "_log_prod({0})",
    "matrix_power": "_matrix_power({0}, {data})",
    "qrq": "_qr({0})[0]",
    "qrr": "_qr({0})[1]",
    **MATRICES,
}


def native(texts: dict[str, str], namespace: str, array: str) -> dict[str, str]:
    """Cells or helpers with the names of a library in place of the standard's."""
    return {
        name: text.replace("xp.", f"{namespace}.").replace("Array", array)
        for name, text in texts.items()
    }


def _with_namespace(text: str) -> str:
    """A helper that asks its first array for the namespace."""
    head, rest = text.split('"""\n', 1)
    names = [part.split(":")[0].strip() for part in head[head.index("(") + 1 :].split(",")]
    plain = (name for name in names if re.search(rf"(?<!\w){re.escape(name)}: Array(?! [|])", head))
    array = next(plain, "")
    if not array or "xp." not in rest:
        return text
    array = f"{array[1:]}[-1]" if array.startswith("*") else array
    return f'{head}"""\n    xp = {array}.__array_namespace__()\n{rest}'


ARRAY_API = Column(
    name="array-api",
    array="Any",
    cells={
        **GENERIC,
        "digamma": "_digamma({0})",
        "trigamma": "_trigamma({0})",
    },
    helpers={
        **derivative("Any"),
        **{
            name: _with_namespace(text).replace("Array", "Any")
            for name, text in {**GENERIC_HELPERS, **STANDARD_HELPERS}.items()
        },
        "_array": '''
def _array(name: str, value: Any, *shape: str) -> Any:
    """The argument, an array of real numbers with as many axes as it has sizes."""
    if len(value.shape) != len(shape):
        wanted = " x ".join(shape) or "a scalar"
        raise ValueError(f"{name} should be {wanted}, but its shape is {value.shape}")
    xp = value.__array_namespace__()
    if not xp.isdtype(value.dtype, "real floating"):
        raise TypeError(f"{name} should hold real numbers, but its dtype is {value.dtype}")
    return value
''',
        "_complex_array": '''
def _complex_array(name: str, value: Any, *shape: str) -> Any:
    """The argument, an array of numbers with as many axes as it has sizes."""
    if len(value.shape) != len(shape):
        wanted = " x ".join(shape) or "a scalar"
        raise ValueError(f"{name} should be {wanted}, but its shape is {value.shape}")
    return value
''',
    },
    imports={
        "Any": "from typing import Any",
        "dataclass": "from dataclasses import dataclass",
        "Callable": "from collections.abc import Callable",
        "NamedTuple": "from typing import NamedTuple",
        "math": "import math",
    },
    namespace="xp",
    dtype="None",
    like="xp.zeros(0)",
)
