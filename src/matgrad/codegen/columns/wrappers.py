"""What libraries' own machinery calls: functions that they differentiate by derived derivatives,
and what they minimise.

Floor 4, data only.  Each stands behind `value_and_gradient`; one that knows two derivatives behind
`hessian`, too.  VARIABLE is the name of what is differentiated by.
"""

from __future__ import annotations

_OBJECTIVE = '''
@dataclass(frozen=True)
class Objective:
    """What scipy.optimize.minimize takes: minimize(**o.arguments(), method="BFGS").  Points are
    arrays of one axis; `fun` gives value and gradient, which is what `jac` says."""

    fun: Callable[[np.ndarray], tuple[float, np.ndarray]]
    x0: np.ndarray
    jac: bool = True
    # Of a second derivative: the matrix, its product with a direction, a step of Newton's method.
    hess: Callable[[np.ndarray], np.ndarray] | None = None
    hessp: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = None
    step: Callable[[np.ndarray], np.ndarray] | None = None

    def arguments(self, second: str = "") -> dict[str, Any]:
        """The arguments by name; `second` is "hess" or "hessp", where there is one."""
        found = {"fun": self.fun, "x0": self.x0, "jac": self.jac}
        if second:
            found[second] = getattr(self, second) if second in ("hess", "hessp") else None
            if found[second] is None:
                raise ValueError(f"there is no {second}: it takes a second derivative")
        return found
'''

_FIRST = '''
def differentiable(VARIABLE: np.ndarray, **others: Any) -> Objective:
    """Value and gradient as a function of VARIABLE, flattened row by row, from a first guess."""
    shape = np.shape(VARIABLE)

    def fun(x: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = value_and_gradient(VARIABLE=np.reshape(x, shape), **others)
        return float(value), np.ravel(gradient)

    return Objective(fun, np.ravel(VARIABLE))
'''

_SECOND = '''
def differentiable(VARIABLE: np.ndarray, **others: Any) -> Objective:
    """Value, gradient and Hessian as functions of VARIABLE, flattened row by row, from a first
    guess."""
    shape = np.shape(VARIABLE)
    # The Hessian at the last point.
    known: list[tuple[np.ndarray, Derivative]] = []

    def fun(x: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = value_and_gradient(VARIABLE=np.reshape(x, shape), **others)
        return float(value), np.ravel(gradient)

    def at(x: np.ndarray) -> Derivative:
        if not known or not np.array_equal(known[0][0], x):
            known[:] = [(np.array(x), hessian(VARIABLE=np.reshape(x, shape), **others))]
        return known[0][1]

    def hess(x: np.ndarray) -> np.ndarray:
        return at(x).dense().reshape(np.size(x), np.size(x))

    def hessp(x: np.ndarray, p: np.ndarray) -> np.ndarray:
        return np.ravel(at(x).matvec(np.reshape(p, shape)))

    def step(x: np.ndarray) -> np.ndarray:
        return -np.ravel(at(x).solve(np.reshape(fun(x)[1], shape)))

    return Objective(fun, np.ravel(VARIABLE), True, hess, hessp, step)
'''

WRAPPERS_NUMPY = {("", 1): _OBJECTIVE + "\n" + _FIRST, ("", 2): _OBJECTIVE + "\n" + _SECOND}

_VJP = '''
def differentiable(**others: Any) -> Callable[[jax.Array], jax.Array]:
    """A function of VARIABLE that JAX differentiates by the derived gradient."""

    @jax.custom_vjp
    def function(VARIABLE: jax.Array) -> jax.Array:
        return value_and_gradient(VARIABLE=VARIABLE, **others)[0]

    def forward(VARIABLE: jax.Array) -> tuple[jax.Array, jax.Array]:
        value, gradient = value_and_gradient(VARIABLE=VARIABLE, **others)
        return value, gradient

    def backward(gradient: jax.Array, cotangent: jax.Array) -> tuple[jax.Array]:
        return (cotangent * gradient,)

    function.defvjp(forward, backward)
    return function
'''

_VJP_SECOND = '''
def differentiable(**others: Any) -> Callable[[jax.Array], jax.Array]:
    """A function of VARIABLE that JAX differentiates by the derived gradient, and that by the
    derived Hessian."""

    @jax.custom_vjp
    def gradient(VARIABLE: jax.Array) -> jax.Array:
        return value_and_gradient(VARIABLE=VARIABLE, **others)[1]

    def gradient_forward(VARIABLE: jax.Array) -> tuple[jax.Array, jax.Array]:
        return gradient(VARIABLE), VARIABLE

    def gradient_backward(VARIABLE: jax.Array, cotangent: jax.Array) -> tuple[jax.Array]:
        return (hessian(VARIABLE=VARIABLE, **others).rmatvec(cotangent),)

    gradient.defvjp(gradient_forward, gradient_backward)

    @jax.custom_vjp
    def function(VARIABLE: jax.Array) -> jax.Array:
        return value_and_gradient(VARIABLE=VARIABLE, **others)[0]

    def forward(VARIABLE: jax.Array) -> tuple[jax.Array, jax.Array]:
        return function(VARIABLE), gradient(VARIABLE)

    def backward(known: jax.Array, cotangent: jax.Array) -> tuple[jax.Array]:
        return (cotangent * known,)

    function.defvjp(forward, backward)
    return function
'''

_JVP = '''
def differentiable(**others: Any) -> Callable[[jax.Array], jax.Array]:
    """A function of VARIABLE that JAX differentiates by the derived gradient, forward too."""

    @jax.custom_jvp
    def function(VARIABLE: jax.Array) -> jax.Array:
        return value_and_gradient(VARIABLE=VARIABLE, **others)[0]

    @function.defjvp
    def along(
        points: tuple[jax.Array], directions: tuple[jax.Array]
    ) -> tuple[jax.Array, jax.Array]:
        value, gradient = value_and_gradient(VARIABLE=points[0], **others)
        return value, jnp.vdot(gradient, directions[0])

    return function
'''

_JVP_SECOND = '''
def differentiable(**others: Any) -> Callable[[jax.Array], jax.Array]:
    """A function of VARIABLE that JAX differentiates by the derived gradient, and that by the
    derived Hessian, forward too."""

    @jax.custom_jvp
    def gradient(VARIABLE: jax.Array) -> jax.Array:
        return value_and_gradient(VARIABLE=VARIABLE, **others)[1]

    @gradient.defjvp
    def gradient_along(
        points: tuple[jax.Array], directions: tuple[jax.Array]
    ) -> tuple[jax.Array, jax.Array]:
        known = hessian(VARIABLE=points[0], **others)
        return gradient(points[0]), known.matvec(directions[0])

    @jax.custom_jvp
    def function(VARIABLE: jax.Array) -> jax.Array:
        return value_and_gradient(VARIABLE=VARIABLE, **others)[0]

    @function.defjvp
    def along(
        points: tuple[jax.Array], directions: tuple[jax.Array]
    ) -> tuple[jax.Array, jax.Array]:
        return function(points[0]), jnp.vdot(gradient(points[0]), directions[0])

    return function
'''

WRAPPERS_JAX = {
    ("", 1): _VJP,
    ("vjp", 1): _VJP,
    ("jvp", 1): _JVP,
    ("", 2): _VJP_SECOND,
    ("vjp", 2): _VJP_SECOND,
    ("jvp", 2): _JVP_SECOND,
}

_ONE = '''
def _only_one(others: dict[str, Any]) -> None:
    """Whether nothing but the variable asks for a gradient."""
    for name, value in others.items():
        if isinstance(value, torch.Tensor) and value.requires_grad:
            raise ValueError(f"{name} requires a gradient, but only VARIABLE has one here")
'''

# By the derived gradient, and by one that is differentiated once more where it is asked to be.
_FUNCTION = """
    class Function(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, VARIABLE: torch.Tensor) -> torch.Tensor:
            value, gradient = value_and_gradient(VARIABLE=VARIABLE, **others)
            ctx.save_for_backward(VARIABLE, gradient)
            return value

        @staticmethod
        def backward(ctx: Any, cotangent: torch.Tensor) -> torch.Tensor:
            VARIABLE, gradient = ctx.saved_tensors
            if torch.is_grad_enabled():
                # It is to be differentiated once more{note}.
                gradient = {again}
            return cotangent * gradient

    return Function.apply
"""

_ONCE = '''
def differentiable(**others: Any) -> Callable[[torch.Tensor], torch.Tensor]:
    """A function of VARIABLE that PyTorch differentiates by the derived gradient."""
    _only_one(others)
''' + _FUNCTION.format(
    note=", which PyTorch does by itself",
    again="value_and_gradient(VARIABLE=VARIABLE, **others)[1]",
)

_TWICE = '''
def differentiable(**others: Any) -> Callable[[torch.Tensor], torch.Tensor]:
    """A function of VARIABLE that PyTorch differentiates by the derived gradient, and that by the
    derived Hessian."""
    _only_one(others)

    class Gradient(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, VARIABLE: torch.Tensor) -> torch.Tensor:
            ctx.save_for_backward(VARIABLE)
            return value_and_gradient(VARIABLE=VARIABLE, **others)[1]

        @staticmethod
        def backward(ctx: Any, cotangent: torch.Tensor) -> torch.Tensor:
            return hessian(VARIABLE=ctx.saved_tensors[0], **others).rmatvec(cotangent)
''' + _FUNCTION.format(note="", again="Gradient.apply(VARIABLE)")

WRAPPERS_TORCH = {("", 1): _ONE + "\n" + _ONCE, ("", 2): _ONE + "\n" + _TWICE}
