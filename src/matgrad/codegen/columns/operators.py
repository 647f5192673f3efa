"""The object that a derivative with many axes is given as, for every backend.

Floor 4, data only.
"""

from __future__ import annotations

_DERIVATIVE = '''
@dataclass(eq=False)
class Derivative:
    """A derivative by what it does.  The axes of the result come first, then those of the variable.

    `matvec` and `rmatvec` multiply a direction of the shape `columns` and one of the shape `rows`,
    `dense()` is all of it, `factors()` are products of arrays that add up to it: subscripts as
    einsum writes them, in which a letter that the result has twice is a diagonal, and the arrays.
    """

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    matvec: Callable[[Array], Array]
    rmatvec: Callable[[Array], Array]
    dense: Callable[..., Array]
    factors: Callable[[], list[tuple[str, tuple[Array, ...]]]]
    solution: Callable[[Array], Array] | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of all axes."""
        return self.rows + self.columns

    def solve(self, right: Array) -> Array:
        """The direction whose product is given, as for a step of Newton's method."""
        if self.solution is None:
            raise ValueError(f"a derivative of {self.rows} by {self.columns} is not square")
        return self.solution(right)
'''

_METHODS = {
    "np.ndarray": '''
    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """All of it, for functions that take arrays."""
        return np.asarray(self.dense(), dtype=dtype)

    def linear_operator(self) -> LinearOperator:
        """As an operator of SciPy, on arrays flattened row by row."""
        return LinearOperator(
            (math.prod(self.rows), math.prod(self.columns)),
            matvec=lambda v: np.ravel(self.matvec(np.reshape(v, self.columns))),
            rmatvec=lambda u: np.ravel(self.rmatvec(np.reshape(u, self.rows))),
            dtype=float,
        )
''',
    "jax.Array": '''
    def __jax_array__(self) -> jax.Array:
        """All of it, for functions that take arrays."""
        return self.dense()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        """All of it, for functions that take arrays of NumPy."""
        return self.dense().__array__(dtype)

    def linear_operator(self) -> Any:
        """As an operator of lineax, on directions of the shape `columns`."""
        try:
            import lineax
        except ImportError:
            raise ImportError("an operator of lineax needs it: pip install lineax") from None
        # The type that products have.
        direction = jax.ShapeDtypeStruct(self.columns, jnp.zeros(0).dtype)
        return lineax.FunctionLinearOperator(self.matvec, direction)
''',
    "torch.Tensor": '''
    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        """All of it, for functions that take arrays of NumPy."""
        return self.dense().detach().numpy().__array__(dtype)
''',
}


def derivative(array: str) -> dict[str, str]:
    """The helper of that name for arrays of a type."""
    text = _DERIVATIVE.replace("Array", array).rstrip("\n")
    return {"Derivative": f"{text}\n{_METHODS.get(array, '')}"}
