"""What is timed: generated code, the expert's form, automatic differentiation, each as a call."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter, process_time
from typing import Any, NamedTuple, final

import numpy as np

import matgrad as mg
from derivatives import Arrays, Problem


class Prepared(NamedTuple):
    """A call that is to be timed, what gives its whole result as an array of NumPy, and the seconds
    that stating the problem, compiling and the first call took."""

    call: Callable[[], Any]
    whole: Callable[[], Any]
    first: float


@final
class Device:
    """Where everything runs: `cpu`, one thread and CPU time; or `cuda`, wall time to the end of
    what was started.  Raises SystemExit where there is no such device."""

    def __init__(self, name: str = "cpu") -> None:
        self.name = name
        self.clock: Callable[[], float] = process_time
        if name == "cuda":
            try:
                import torch
            except ImportError:
                raise SystemExit("--device cuda needs PyTorch, which is not installed") from None
            if not torch.cuda.is_available():
                raise SystemExit("--device cuda: PyTorch finds no CUDA device here")
            self.clock = perf_counter

    def done(self, value: Any) -> Any:
        """A value when it is there."""
        if hasattr(value, "block_until_ready"):
            return value.block_until_ready()
        if self.name == "cuda":
            import torch

            torch.cuda.synchronize()
        return value


def prepared(device: Device, make: Callable[[], Callable[[], Any]], *, dense: bool) -> Prepared:
    """A call as it is made, first called, and its whole result."""
    started = device.clock()
    made = make()
    device.done(made())
    seconds = device.clock() - started

    def call() -> Any:
        return device.done(made())

    return Prepared(call, lambda: plain(call() if dense else call().dense()), seconds)


def plain(value: Any) -> Any:
    """An array of any library as one of NumPy."""
    return np.asarray(value.cpu() if hasattr(value, "cpu") else value)


def ours(problem: Problem, values: Arrays, device: Device, backend: str = "") -> Prepared:
    """Generated code: deriving and generating belong to the first call."""
    backend = backend or ("numpy" if device.name == "cpu" else "torch")
    arrays = converted(values, backend, device)

    def make() -> Callable[[], Any]:
        result = mg.derive(problem.text, list(problem.wrt), given=problem.given, check=False)
        compiled = result.compile(backend, form=problem.kind)
        code = getattr(compiled, "__wrapped__", compiled).__code__
        wanted = code.co_varnames[: code.co_argcount]
        known = {name: arrays[name] for name in wanted if name in arrays}
        known |= {name: len(values["U"]) for name in wanted if name == "m" and "U" in values}
        return lambda: compiled(**known)

    return prepared(device, make, dense=problem.kind == "dense")


def converted(values: Arrays, library: str, device: Device) -> Arrays:
    """Arrays as those of a library, on a device."""
    if library == "numpy":
        return values
    if library == "jax":
        import jax

        jax.config.update("jax_enable_x64", True)
        if device.name == "cuda" and jax.default_backend() != "gpu":
            raise ImportError("JAX finds no GPU")
        return {name: jax.numpy.asarray(value) for name, value in values.items()}
    import torch

    torch.set_num_threads(1)
    place = "cuda" if device.name == "cuda" else "cpu"
    return {name: torch.as_tensor(value, device=place) for name, value in values.items()}


def expert(problem: Problem, values: Arrays, device: Device) -> Prepared:
    """The closed form by hand, in NumPy and SciPy."""
    if device.name != "cpu":
        raise ImportError("the expert's forms are NumPy's")
    return prepared(device, lambda: lambda: problem.expert(values), dense=True)


def by_jax(problem: Problem, values: Arrays, device: Device) -> Prepared:
    """Jitted JAX."""
    import jax

    arrays, name = converted(values, "jax", device), problem.wrt[0]
    others = {key: array for key, array in arrays.items() if key != name}

    def value(point: Any, others: Arrays) -> Any:
        return problem.loss(jax.numpy, others | {name: point})

    def make() -> Callable[[], Any]:
        if len(problem.wrt) == 2:
            function = jax.hessian(value)
        else:
            function = jax.grad(value) if is_scalar(problem, values) else jax.jacrev(value)
        compiled = jax.jit(function)
        return lambda: compiled(arrays[name], others)

    return prepared(device, make, dense=True)


def by_torch(
    problem: Problem, values: Arrays, device: Device, *, compile: bool = False
) -> Prepared:
    """torch.func, as it is or through torch.compile."""
    import torch

    arrays, name = converted(values, "torch", device), problem.wrt[0]

    def value(point: Any) -> Any:
        return problem.loss(torch, arrays | {name: point})

    def make() -> Callable[[], Any]:
        if len(problem.wrt) == 2:
            function = torch.func.hessian(value)
        else:
            scalar = is_scalar(problem, values)
            function = torch.func.grad(value) if scalar else torch.func.jacrev(value)
        if compile:
            torch.compiler.reset()
            function = torch.compile(function)
        return lambda: function(arrays[name])

    return prepared(device, make, dense=True)


def by_torch_compile(problem: Problem, values: Arrays, device: Device) -> Prepared:
    return by_torch(problem, values, device, compile=True)


def is_scalar(problem: Problem, values: Arrays) -> bool:
    return bool(np.ndim(problem.loss(np, values)) == 0)


System = Callable[[Problem, Arrays, Device], Prepared]
RIVALS: dict[str, System] = {"jax": by_jax, "torch": by_torch, "torch.compile": by_torch_compile}
SYSTEMS: dict[str, System] = {"ours": ours, "expert": expert, **RIVALS}
