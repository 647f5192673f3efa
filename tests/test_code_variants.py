"""Orders of products that sizes decide: every way gives the value, and the one taken is good."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise, product
from typing import Any

import pytest

import matgrad as mg

np = pytest.importorskip("numpy", reason="NumPy is not installed")
pytest.importorskip("scipy", reason="SciPy is not installed")

from test_code import statements  # noqa: E402
from test_code_backends import converted  # noqa: E402

# Expressions of matrices, with the sizes that they multiply between.
CHAINS = {
    "A'*(B*C)": "A: m k; B: m n; C: n l",
    "A*B*C": "A: k m; B: m n; C: n l",
    "A*B*C*D": "A: k m; B: m n; C: n l; D: l p",
}


def chain(text: str) -> mg.Result:
    return mg.derive(text, "A", given=CHAINS[text])


def matrices(text: str, sizes: dict[str, int]) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    shapes = re.findall(r"(\w): (\w) (\w)", CHAINS[text])
    return {name: rng.standard_normal((sizes[a], sizes[b])) for name, a, b in shapes}


def branches(source: str) -> list[str]:
    return re.findall(r"if (.*):\n +return", statements(source))


def test_the_function_compares_sizes() -> None:
    source = chain("A'*(B*C)").code(orders=(0,))
    assert branches(source) == ["k*n*(l + m) < l*m*(k + n)"]
    assert source.count("return A.T @") == 2
    compile(source, "variants", "exec")


@pytest.mark.parametrize(
    ("text", "variable", "given"),
    [
        ("a'*A*B*C*x", "a", "A: m n; B: n k; C: k l"),
        ("tr(A*X*B)", "X", "A: p m; X: m n; B: n p"),
        ("A*B*C", "A", "A: n n; B: n n; C: n n"),
        ("norm(A*x - b)^2", "x", "A: m n"),
    ],
)
def test_where_one_order_is_best_there_is_one(text: str, variable: str, given: str) -> None:
    assert not branches(mg.derive(text, variable, given=given).code(orders=(0, 1), form="dense"))


SIZES = [dict(zip("kmnlp", sizes, strict=True)) for sizes in product((2, 13), repeat=5)]


@pytest.mark.parametrize("backend", ["numpy", "jax"])
@pytest.mark.parametrize("text", CHAINS)
def test_every_way_gives_the_value(text: str, backend: str) -> None:
    convert = converted(backend)
    function, left = chain(text).compile(backend, orders=(0,)), set(range(3))
    for sizes in SIZES if backend == "numpy" else SIZES[::7]:
        arrays = matrices(text, sizes)
        first, *others = arrays.values()
        expected = np.linalg.multi_dot([first.T if "'" in text else first, *others])
        found = function(**{name: convert(array) for name, array in arrays.items()})
        np.testing.assert_allclose(np.asarray(found), expected, rtol=1e-9)
        conditions = branches(chain(text).code(orders=(0,)))
        taken = next((k for k, c in enumerate(conditions) if eval(c, dict(sizes))), -1)
        left.discard(taken if taken >= 0 else len(conditions))
    assert left <= set(range(len(conditions) + 1, 3))


def best(sizes: tuple[int, ...]) -> int:
    """The least work of a chain of matrices, by trying all last products."""

    @cache
    def least(i: int, j: int) -> int:
        if j - i < 2:
            return 0
        return min(
            least(i, s) + least(s, j) + sizes[i] * sizes[s] * sizes[j] for s in range(i + 1, j)
        )

    return least(0, len(sizes) - 1)


def spent(text: str, sizes: dict[str, int]) -> int:
    """The work of the products that the function makes, by multiplying shapes."""
    total = 0

    class Shape:
        def __init__(self, *shape: int) -> None:
            self.shape = shape

        @property
        def T(self) -> Shape:
            return Shape(*self.shape[::-1])

        def __matmul__(self, other: Shape) -> Shape:
            nonlocal total
            total += self.shape[0] * self.shape[1] * other.shape[1]
            assert self.shape[1] == other.shape[0]
            return Shape(self.shape[0], other.shape[1])

    lines = statements(chain(text).code(orders=(0,))).strip().splitlines()
    kept = [line for line in lines if "_array" not in line]
    body = "\n".join(line.removeprefix("    ") for line in kept)
    shapes = {name: Shape(*array.shape) for name, array in matrices(text, sizes).items()}
    code = "\n    ".join(["def run(A, B, C, D=None):", *body.splitlines()])
    space: dict[str, Any] = {}
    exec(code, space)
    space["run"](**shapes)
    return total


# How much more work than the least on the average; four matrices have five orders.
GOOD = {"A'*(B*C)": 1.0001, "A*B*C": 1.0001, "A*B*C*D": 1.35}


@pytest.mark.parametrize(("text", "good"), GOOD.items())
def test_the_way_taken_is_good(text: str, good: float) -> None:
    rng = np.random.default_rng(7)
    ratios = []
    for _ in range(60):
        sizes = {name: int(2 ** rng.uniform(1, 8)) for name in "kmnlp"}
        order = tuple(sizes[name] for name in "kmnlp"[: len(CHAINS[text].split(";")) + 1])
        ratios.append(spent(text, sizes) / best(order))
    assert np.mean(ratios) < good


def test_conditions_are_compared_with_what_is_left() -> None:
    for one, other in pairwise(branches(chain("A*B*C*D").code(orders=(0,)))):
        assert one.count(" and ") == other.count(" and ") + 1
