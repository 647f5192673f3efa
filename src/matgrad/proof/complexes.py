"""Complex values in a check: conjugates, and functions at complex numbers.

Floor 4.  Entries are elements a + b i of the field (`proof.gaussian`) or Python's complex numbers;
real ones stay integers and floats.
"""

from __future__ import annotations

import cmath
from collections.abc import Callable, Sequence

from matgrad.core.errors import NoRule
from matgrad.core.expr import APPLY, Op
from matgrad.proof.arrays import Flat
from matgrad.proof.dual import Dual
from matgrad.proof.gaussian import Gaussian


def conjugates(entries: Flat) -> Flat:
    """The conjugates of numbers of any kind."""
    return [entry.conjugate() for entry in entries]


# The functions of the scalar table at complex numbers: principal values.
PRINCIPAL: dict[str, Callable[[complex], complex]] = {
    "exp": cmath.exp,
    "log": cmath.log,
    "sin": cmath.sin,
    "cos": cmath.cos,
    "tan": cmath.tan,
    "sinh": cmath.sinh,
    "cosh": cmath.cosh,
    "tanh": cmath.tanh,
    "asin": cmath.asin,
    "acos": cmath.acos,
    "atan": cmath.atan,
    "asinh": cmath.asinh,
    "acosh": cmath.acosh,
    "atanh": cmath.atanh,
    "sec": lambda z: 1 / cmath.cos(z),
    "csc": lambda z: 1 / cmath.sin(z),
    "cot": lambda z: cmath.cos(z) / cmath.sin(z),
    "sigmoid": lambda z: 1 / (1 + cmath.exp(-z)),
}


def conjugate(value: Dual) -> Dual:
    """The conjugate of every entry: displacements are along real numbers."""
    settle = value.ring.settle
    parts = {subset: settle(conjugates(part)) for subset, part in value.parts.items()}
    return Dual(value.ring, value.shape, parts)


def has_complex(value: Dual) -> bool:
    """Whether an entry, or a derivative of one, is no real number."""
    return any([isinstance(x, _KINDS) for part in value.parts.values() for x in part])


def real_operands(op: Op, args: Sequence[Dual]) -> Sequence[Dual]:
    """Operands of what is defined at real numbers, as real numbers if they are such but for
    rounding; an unknown function takes others, too.

    Raises NoRule for a known one at complex numbers.
    """
    if op.complex or not (op is APPLY or op.kind in ("elementwise", "primitive")):
        return args
    reals = [_real(arg) if has_complex(arg) else arg for arg in args]
    if op is not APPLY and any(real is None for real in reals):
        raise NoRule(f"{op.name} is not defined at complex numbers")
    return [arg if real is None else real for arg, real in zip(args, reals, strict=True)]


def _real(value: Dual) -> Dual | None:
    parts = {}
    for subset, part in value.parts.items():
        largest = max(map(abs, part), default=0)
        if any([isinstance(x, _KINDS) and abs(x.imag) > _ROUNDING * largest for x in part]):
            return None
        parts[subset] = [x.real for x in part]
    return Dual(value.ring, value.shape, parts)


_KINDS = (complex, Gaussian)
_ROUNDING = 1e-9
