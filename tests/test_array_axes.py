"""Axes in the NumPy dialect: what they mean there is what NumPy makes of the same text."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest

import matgrad as mg
from matgrad.core.errors import MatgradError, NoRule, ShapeProblem, SyntaxProblem
from matgrad.core.expr import symbols_of
from matgrad.notation.read import read
from matgrad.proof import evaluate
from spelled import rows

SIZES = {"b": 4, "m": 2, "n": 3, "p": 5}
SHAPES = {
    "A": "m n",
    "S": "n n",
    "T": "b m n",
    "U": "b n p",
    "V": "b m",
    "W": "n n n",
    "x": "n",
    "y": "m",
    "c": "",
}
STEP = 1e-5


def softmax(x: np.ndarray, axis: int = -1) -> np.ndarray:
    powers = np.exp(x - x.max(axis=axis, keepdims=True))
    return np.asarray(powers / powers.sum(axis=axis, keepdims=True))


def logsumexp(x: np.ndarray, axis: Any = None, keepdims: bool = False) -> np.ndarray:
    return np.asarray(np.log(np.sum(np.exp(x), axis=axis, keepdims=keepdims)))


NAMES = {**vars(np), "norm": np.linalg.norm, "softmax": softmax, "logsumexp": logsumexp} | SIZES


def points() -> dict[str, np.ndarray]:
    random = np.random.default_rng(20)
    return {
        name: random.uniform(0.5, 1.5, [SIZES[size] for size in shape.split()])
        for name, shape in SHAPES.items()
    }


def value(text: str, point: dict[str, np.ndarray]) -> np.ndarray:
    """What NumPy makes of a text."""
    return np.asarray(eval(text, {"np": np}, NAMES | point))


def derivative(text: str, by: str) -> np.ndarray:
    """By central differences, the variable's axes last."""
    point = points()
    slopes = []
    for at in np.ndindex(point[by].shape):
        step = np.zeros(point[by].shape)
        step[at] = STEP
        ahead, behind = (value(text, point | {by: point[by] + s}) for s in (step, -step))
        slopes.append((ahead - behind) / (2 * STEP))
    found = np.stack(slopes, axis=-1)
    return found.reshape(found.shape[:-1] + point[by].shape)


@rows(
    "text, by",
    {
        # broadcasting
        "A + x": "x",
        "x + A": "A",
        "(A - x)**2": "x",
        "A*x": "x",
        "A/x": "x",
        "A**x": "x",
        "T*x": "x",
        "T - V[:, :, None]": "V",
        "A + y[:, None]": "y",
        "x[:, None] - y": "y",
        "x[None] + y[:, None]": "x",
        "x[:, np.newaxis]*x": "x",
        "A[..., None]*T.transpose(1, 2, 0)": "A",
        "A[None, :, :] + T": "A",
        "maximum(A, x)": "x",
        "where(A > x, A, x)": "x",
        "hypot(T, x)": "x",
        "broadcast_to(x, (m, n))": "x",
        "broadcast_to(c, (m, n))": "c",
        "A - A.mean(axis=0)": "A",
        "A - A.mean(axis=1, keepdims=True)": "A",
        # products
        "T @ x": "T",
        "T @ x @ y": "x",
        "T @ U": "U",
        "A @ U": "A",
        "T @ S": "S",
        "y @ T": "y",
        "W @ x": "W",
        "x @ W": "x",
        "T.mT @ T": "T",
        "A[None] @ U": "A",
        "dot(A, x)": "x",
        "A.dot(x)*dot(c, c)": "c",
        "tensordot(T, x, 1)": "x",
        "tensordot(T, A, 2)": "T",
        "tensordot(T, U, axes=([0, 2], [0, 1]))": "U",
        "tensordot(x, y, axes=0)": "y",
        "einsum('bij,bjk->bik', T, U)": "T",
        "einsum('bij,bjk', T, U)": "U",
        "einsum('...ij,...jk->...ik', T, U)": "T",
        "einsum('...j,j->...', T, x)": "x",
        "einsum('bij,bjk,j,i->k', T, U, x, y)": "x",
        "einsum('ii', S)": "S",
        "einsum('iij->ij', W)": "W",
        # permutations
        "T.T": "T",
        "W.T": "W",
        "T.mT": "T",
        "transpose(T)": "T",
        "transpose(A)": "A",
        "T.transpose(0, 2, 1)": "T",
        "transpose(T, (2, 0, 1))": "T",
        "transpose(T, axes=(1, 0, -1))": "T",
        "swapaxes(T, 0, -1)": "T",
        "T.swapaxes(1, 1)": "T",
        "moveaxis(T, 0, -1)": "T",
        "moveaxis(T, (0, 1), (1, 2))": "T",
        "expand_dims(x, 0)": "x",
        "expand_dims(A, (0, -1))": "A",
        "expand_dims(c, 0)": "c",
        # other shapes
        "A.reshape(n, m)": "A",
        "A.reshape(-1)": "A",
        "A.ravel(order='F') + A.flatten()": "A",
        "x.reshape(n, 1) @ y[None]": "x",
        "reshape(T, (b, -1)) @ ones(m*n)": "T",
        "T.reshape(b*m, n) @ x": "T",
        "T.reshape(m, b, n)*c": "T",
        "T.reshape(n, m, b)": "T",
        "reshape(T, (n, b*m), order='F') @ T.reshape(b*m, n)": "T",
        "reshape(T, (m, b*n), order='F')": "T",
        "(A @ S).reshape(m*n)": "S",
        # other orders
        "flip(x)*y[0]": "x",
        "flip(A)": "A",
        "flip(A, 1) @ flip(S, axis=(0, 1))": "A",
        "roll(x, 1)": "x",
        "roll(x, -2)": "x",
        "roll(A, 1, axis=0) @ x": "A",
        "roll(A, 2, axis=-1)": "A",
        "diff(x)": "x",
        "diff(x, 2)": "x",
        "diff(A)": "A",
        "diff(A, axis=0) @ x": "A",
        "exp(roll(x, 1) - x) @ flip(x)": "x",
        # reductions
        "T.sum()": "T",
        "T.sum(axis=0)": "T",
        "sum(T, axis=(0, 2))": "T",
        "sum(T, -1)": "T",
        "sum(T, axis=(0, 1, 2))": "T",
        "sum(T, axis=1, keepdims=True)": "T",
        "sum(x, axis=0)": "x",
        "sum(A, axis=None, keepdims=True)": "A",
        "mean(T, axis=2)": "T",
        "mean(T, axis=(0, 1))": "T",
        "T.mean()": "T",
        "A.max(axis=1)": "A",
        "T.max(axis=2)": "T",
        "max(T, axis=(0, 2))": "T",
        "T.min(axis=0, keepdims=True)": "T",
        "prod(T, axis=1) @ x": "T",
        "max(T @ U, axis=1)": "U",
        "min(T)": "T",
        "convolve(x, y)": "x",
        "convolve(x, y, 'valid')": "x",
        "convolve(x, y, mode='full')": "y",
        "convolve(A[0], ones(3), mode='same')": "A",
        "min(A, axis=0, keepdims=True)": "A",
        "A.prod(axis=-1)": "A",
        "var(A, axis=0)": "A",
        "std(T, axis=2)": "T",
        "norm(A, axis=1)": "A",
        "norm(T, axis=0)": "T",
        "np.linalg.norm(A)": "A",
        "norm(x, axis=0)": "x",
        "logsumexp(T, axis=2)": "T",
        "logsumexp(A, axis=1, keepdims=True)": "A",
        "softmax(T, axis=-1)": "T",
        "softmax(T, axis=0)": "T",
        "softmax(A, axis=1)": "A",
        "(A.T).mean(axis=0).dot(y)": "A",
        "sum(A,) + A.sum().sum()": "A",
        "((A[:, None, :] - A[None, :, :])**2).sum(axis=-1)": "A",
        "sum(exp(-((A[:, None] - A)**2).sum(-1)))": "A",
        "sum(logsumexp(A, axis=1) - A @ x)": "A",
        # parts
        "T[0]": "T",
        "A[1]": "A",
        "T[:, 1, :]": "T",
        "T[1, :, 2]": "T",
        "T[:2, None, 1]": "T",
        "T[..., 1:]": "T",
        "T[1:3]": "T",
        "A[-1]": "A",
        "(A @ S)[1] @ x": "A",
    },
)
def test_derivatives(text: str, by: str) -> None:
    found = mg.derive(mg.read(text, syntax="numpy", symbols=SHAPES), by)
    assert found.proof.ok, found.proof
    expected = derivative(text, by)
    known = {symbol.data[0] for symbol in symbols_of(found.source, found.tensor)}
    point = {name: array for name, array in points().items() if name in known}
    answer = np.asarray(found(**point, sizes=SIZES))
    assert answer.shape == expected.shape
    assert np.allclose(answer, expected, rtol=1e-6, atol=1e-7)


PLACES = ["None", ":, None", "..., None", "0", ":, 1", "..., :1", "-1, ..., None", "None, ..., 0"]


def drawn(random: Random, depth: int) -> str:
    """A text in which arrays of all orders meet; NumPy decides whether it is one."""
    if not depth:
        return random.choice(list(SHAPES))
    left, axis = drawn(random, depth - 1), random.randint(-3, 2)
    match random.randrange(9):
        case 0 | 1 | 2:
            sign = random.choice("+-*/@@")
            return f"({left} {sign} {drawn(random, random.randrange(depth))})"
        case 3:
            keep = random.choice(["", ", keepdims=True"])
            return f"{random.choice(['sum', 'mean', 'norm'])}({left}, axis={axis}{keep})"
        case 4:
            return f"{left}[{random.choice(PLACES)}]"
        case 5:
            return f"swapaxes({left}, {axis}, {random.randint(-3, 2)})"
        case 6:
            return f"moveaxis({left}, {axis}, 0)"
        case 7:
            return f"{random.choice(['exp(sin', '(cos', '(transpose'])}({left}))"
        case _:
            return f"{left}.T"


@pytest.mark.parametrize("first", range(0, 1200, 60))
def test_random_texts(first: int) -> None:
    point, met = points(), 0
    for seed in range(first, first + 60):
        random = Random(seed)
        text = drawn(random, random.randint(2, 4))
        try:
            expected = value(text, point)
        except (ValueError, IndexError, TypeError):
            with pytest.raises(MatgradError):
                read(text, syntax="numpy", symbols=SHAPES)
            continue
        if expected.ndim > 4:
            continue
        expr = read(text, syntax="numpy", symbols=SHAPES).expr
        names = [symbol.data[0] for symbol in symbols_of(expr)]
        known = {name: point[name] for name in names}
        found = np.asarray(evaluate(expr, known, sizes=SIZES))
        assert found.shape == expected.shape, text
        assert np.allclose(found, expected), text
        met += 1
    assert met > 10


OPERANDS = ["", "3", "1", "2", "2 3", "1 3", "2 1", "3 2", "4 2 3", "1 2 1", "4 1 1", "5 4 1 3"]


@pytest.mark.parametrize("sign", ["+", "*", "@"])
@pytest.mark.parametrize(("left", "right"), list(product(OPERANDS, OPERANDS)))
def test_shapes_meet_as_in_numpy(left: str, right: str, sign: str) -> None:
    shapes = {"L": left, "R": right}
    arrays = {name: np.ones([int(n) for n in shape.split()]) for name, shape in shapes.items()}
    try:
        expected = eval(f"L {sign} R", {}, arrays)
    except ValueError:
        with pytest.raises(ShapeProblem):
            read(f"L {sign} R", syntax="numpy", symbols=shapes)
    else:
        assert read(f"L {sign} R", syntax="numpy", symbols=shapes).expr.shape == expected.shape


def test_undeclared_names_are_scalars_where_they_may_be() -> None:
    """Nothing is broadcast that fits without."""
    expr = read("A + t", syntax="numpy", symbols={"A": "m n"}).expr
    assert {node.data[0]: node.shape for node in expr.args[1].args if node.data}["t"] == ()


@rows(
    "text, error, message",
    {
        "A + y": (ShapeProblem, "a sum of unequal shapes: A is m x n, y is a vector of m"),
        "T @ y": (ShapeProblem, "do not fit"),
        "c @ x": (ShapeProblem, "do not fit"),
        "sum(T, axis=3)": (ShapeProblem, "no such axes"),
        "sum(T, axis=(0, 0))": (ShapeProblem, "no such axes"),
        "sum(T, axis=x)": (SyntaxProblem, "an axis is a whole number"),
        "sum(T, keepdims=1)": (SyntaxProblem, "True or False"),
        "sum(T, dtype=c)": (SyntaxProblem, "a, axis, keepdims"),
        "convolve(x, y, 'some')": (SyntaxProblem, "full, same, valid"),
        "convolve(x, y, c)": (SyntaxProblem, "full, same, valid"),
        "convolve(x, y, 'same')": (ShapeProblem, "is even"),
        "transpose(T, (0, 1))": (ShapeProblem, "no such axes"),
        "transpose(T, (0, 1, 1))": (ShapeProblem, "no such axes"),
        "swapaxes(T, 0)": (SyntaxProblem, "two axes"),
        "swapaxes(T, 0, 3)": (ShapeProblem, "no such axes"),
        "moveaxis(T, (0, 1), 2)": (ShapeProblem, "no such axes"),
        "broadcast_to(A, (n,))": (ShapeProblem, "no such axes"),
        "broadcast_to(x, (n, m))": (ShapeProblem, "sizes of axes differ"),
        "flip(T)": (NoRule, "flip has no rule along an axis of an array of order 3"),
        "flip(A, 2)": (ShapeProblem, "no such axes"),
        "diff(T)": (NoRule, "diff has no rule"),
        "diff(A, axis=2)": (ShapeProblem, "no such axes"),
        "diff(x, 0)": (SyntaxProblem, "once, or up to four times"),
        "roll(A, 1)": (ShapeProblem, "do not fit"),
        "roll(x, 1/2)": (SyntaxProblem, "a whole number"),
        "roll(T, 1, 0)": (NoRule, "roll has no rule for an array of order 3"),
        "A.reshape(-1, -1)": (SyntaxProblem, "one size at most"),
        "T.reshape(-1, p)": (ShapeProblem, "does not follow"),
        "A.reshape(n, n)": (ShapeProblem, "as many entries as n x n"),
        "A.reshape(m, n, order='A')": (SyntaxProblem, "order='C' or order='F'"),
        "A.ravel(n)": (SyntaxProblem, "an array only"),
        "tensordot(A, x, 2)": (ShapeProblem, "no such axes"),
        "T[..., None, ...]": (ShapeProblem, "one index for each axis"),
        "x[0, 1]": (ShapeProblem, "one index for each axis"),
        "x.frobnicate(1)": (SyntaxProblem, "write frobnicate(X)"),
        "x.sum(": (SyntaxProblem, "missing after `(`"),
        "sum(axis=1)": (SyntaxProblem, "needs an array"),
        "sum(T, axis=1, axis=0)": (SyntaxProblem, "sum takes a, axis, keepdims"),
        "(A,)": (SyntaxProblem, "a list stands in"),
        "inv(T)": (ShapeProblem, "inv needs a square matrix"),
        "einsum('...i,i', A, S)": (ShapeProblem, "do not fit"),
    },
)
def test_refusals(text: str, error: type[MatgradError], message: str) -> None:
    with pytest.raises(error) as caught:
        read(text, syntax="numpy", symbols=SHAPES)
    assert message in caught.value.message + str(caught.value)


@pytest.mark.parametrize(
    "text", ["T @ x", "T @ U", "W @ x", "x @ W", "A @ U", "W @ W", "T.T", "W.T @ S"]
)
def test_objects_mean_the_same(text: str) -> None:
    declared = {name: mg.symbols(f"{name}: {shape}") for name, shape in SHAPES.items() if shape}
    assert eval(text, {}, declared).expr is read(text, syntax="numpy", symbols=SHAPES).expr


def test_objects_that_do_not_fit() -> None:
    W, c, y = mg.symbols("W: n n n; c: ; y: m")
    for left, right in ((W, c), (W, y)):
        with pytest.raises(ShapeProblem):
            left @ right
