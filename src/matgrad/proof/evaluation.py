"""Evaluation at numbers, in plain Python.

Floor 4.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import final

from matgrad.core import dims
from matgrad.core.dims import Dim, Shape, Size, names_of, simple, substitute
from matgrad.core.errors import EvaluationProblem
from matgrad.core.expr import SYMBOL, Expr, Function, shape_text, walk
from matgrad.notation.bound import free_names
from matgrad.proof.arrays import Flat
from matgrad.proof.dual import Dual
from matgrad.proof.expand import expanded
from matgrad.proof.machine import in_order, run
from matgrad.proof.nested import Nested, flatten, nest
from matgrad.proof.point import Point
from matgrad.proof.problem import CONSTANTS
from matgrad.proof.ring import BadPoint, Reals
from matgrad.proof.sizes import Sizes
from matgrad.proof.unknown import Slots, Unknowns

Callables = Mapping[str, Callable[..., Nested]]


def evaluate(
    expr: Expr,
    values: Mapping[str, Nested],
    sizes: Mapping[str, int] | None = None,
    functions: Callables | None = None,
    indices: Mapping[str, int] | None = None,
) -> Nested:
    """The value of `expr` at numbers, nested lists or arrays: nested lists, or one float.

    Named sizes are read off the values; `sizes` gives those that no value shows.  `functions`
    has a callable for each unknown function f under "f", and for its derivative tensors by
    the first argument, by the first twice … under "D1 f", "D1 D1 f" …, and for f of matrices
    under "funm f", "funm D1 f" …  `indices` gives named positions, counted from 0.

    Raises EvaluationProblem for a missing value, a wrong shape, or no value there.
    """
    expr = expanded(expr)
    nodes = in_order(expr)
    arrays: dict[str, tuple[Shape, tuple[int, ...], Flat]] = {}
    for node in walk(expr):
        if node.op is SYMBOL:
            name, properties = node.data
            if name in values:
                arrays[name] = (node.shape, *flatten(values[name]))
            elif properties & {"constant", "imaginary"} and name in CONSTANTS:
                arrays[name] = ((), (), [CONSTANTS[name]])
            else:
                wanted = shape_text(node.shape)
                raise EvaluationProblem(f"{name} has no value ({wanted} is wanted)")
    known = _sizes({name: (want, have) for name, (want, have, _) in arrays.items()}, sizes or {})
    _check_sizes(expr, known)
    ring = Reals()
    symbols = {name: Dual(ring, have, {0: flat}) for name, (_, have, flat) in arrays.items()}
    point = Point(ring, known, symbols, _Given(ring, known, functions or {}), indices or {})
    try:
        result = run(nodes, point)[expr]
    except BadPoint as problem:
        raise EvaluationProblem(f"there is no value at these numbers: {problem}") from None
    except ArithmeticError:
        raise EvaluationProblem("a number grew too large at these numbers") from None
    return nest(result.shape, result.real)


def _sizes(shapes: Mapping[str, tuple[Shape, tuple[int, ...]]], given: Mapping[str, int]) -> Sizes:
    """The named sizes that arrays of these shapes have.  Raises EvaluationProblem for a clash."""
    known = Sizes(given)
    source = {name: "the given sizes" for name in given}
    waiting: list[tuple[str, Size, int]] = []
    for name, (wanted, have) in shapes.items():
        if len(wanted) != len(have):
            raise _misfit(name, wanted, have, "")
        waiting += ((name, size, extent) for size, extent in zip(wanted, have, strict=True))
    progress = True
    while waiting and progress:
        progress, later = False, []
        for name, size, extent in waiting:
            rest = simple(substitute(size, known))
            if not isinstance(rest, Dim):
                progress = True
                if rest != extent:
                    used = sorted(names_of(size))
                    why = ", ".join(f"{n} = {known[n]} from {source[n]}" for n in used)
                    raise _misfit(name, *shapes[name], why)
            elif (value := _only_name(rest, extent)) is not None:
                progress = True
                known[value[0]], source[value[0]] = value[1], name
            else:
                later.append((name, size, extent))
        waiting = later
    for name, size, _ in waiting:
        if len(names_of(substitute(size, known))) == 1:
            raise _misfit(name, *shapes[name], "")
    return known


def _only_name(size: Dim, extent: int) -> tuple[str, int] | None:
    """(name, value) from the equation size = extent, if it has one positive whole solution."""
    if len(size.names) != 1:
        return None
    (name,) = size.names
    if size is Dim(name):
        return name, extent
    for value in range(1, extent + 1):
        if dims.evaluate(size, {name: value}) == extent:
            return name, value
    return None


def _misfit(name: str, wanted: Shape, have: tuple[int, ...], why: str) -> EvaluationProblem:
    got = " x ".join(map(str, have)) or "a scalar"
    because = f" ({why})" if why else ""
    return EvaluationProblem(f"{name} should be {shape_text(wanted)}{because}, but it is {got}")


def _check_sizes(expr: Expr, known: Mapping[str, int]) -> None:
    for name in sorted(free_names(expr)):
        if name not in known:
            raise EvaluationProblem(f"the size {name} is not known: give it in sizes=")


@final
class _Given(Unknowns):
    """Unknown functions that the caller brought."""

    def __init__(self, ring: Reals, sizes: Sizes, functions: Callables) -> None:
        self.ring = ring
        self.sizes = sizes
        self.functions = functions

    def tensor(self, function: Function, slots: Slots, args: Sequence[Dual]) -> Dual:
        wanted = self.sizes.extents(function.value)
        wanted += tuple(size for slot in slots for size in args[slot].shape)
        results = self._callable(function, slots)(*(nest(arg.shape, arg.real) for arg in args))
        shape, entries = flatten(results)
        if shape != wanted:
            raise _misfit(f"the value of {_key(function, slots)}", wanted, shape, "")
        return Dual(self.ring, shape, {0: entries})

    def entrywise(self, function: Function, times: int, x: Dual) -> Dual:
        callable_ = self._callable(function, (0,) * times)
        entries = [flatten(callable_(entry))[1] for entry in x.real]
        return Dual(self.ring, x.shape, {0: [entry for one in entries for entry in one]})

    def of_matrices(self, function: Function, times: int) -> Callable[[Dual], Dual]:
        callable_ = self._callable(function, (0,) * times, "funm ")

        def value(matrix: Dual) -> Dual:
            shape, entries = flatten(callable_(nest(matrix.shape, matrix.real)))
            return Dual(self.ring, shape, {0: entries})

        return value

    def _callable(self, function: Function, slots: Slots, front: str = "") -> Callable[..., Nested]:
        key = front + _key(function, slots)
        if key not in self.functions:
            raise EvaluationProblem(f'{key} has no value: give functions["{key}"]')
        return self.functions[key]


def _key(function: Function, slots: Slots) -> str:
    return " ".join([*(f"D{slot + 1}" for slot in slots), function.name])
