"""One factorisation for everything that is asked of one matrix.

Floor 4.  Solves, determinants and inverses of a diagonal or triangular matrix need none, of a
positive definite one Cholesky's, of any other LU where more than one thing is asked.  Where the
inverse is built anyway, products with it stand for solutions, which take longer.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import final

from matgrad.codegen.products import Operand, Products
from matgrad.codegen.program import Program, Value, reachable

_ASKED = ("solve", "inv", "det", "logdet", "log_det")


def factorised(
    program: Program, roots: Sequence[Value], cells: Container[str]
) -> tuple[list[Value], dict[Value, Value]]:
    """The roots with factorisations in place of what is asked of matrices; and what every value
    that they need has become."""
    order = reachable(roots)
    # In operators only the whole array, for which nobody may ask, wants inverses.
    built = {_bare(v.args[0])[0]: v for v in order if v.op == "inv" and not program.names}
    asked: dict[Value, set[tuple[object, ...]]] = {}
    for value in order:
        if value.op in _ASKED and not (value.op == "solve" and _bare(value.args[0])[0] in built):
            matrix, _ = _bare(value.args[0])
            asked.setdefault(matrix, set()).add((value.op, value.data, *value.args[1:]))
    pass_ = _Factorisation(program, cells)
    done: dict[Value, Value] = {}
    for value in order:
        args = tuple(done[arg] for arg in value.args)
        if value.op in _ASKED:
            matrix, kind = _bare(value.args[0])
            shared = len(asked[matrix]) > 1
            if value.op == "solve" and matrix in built and kind in ("", "pd"):
                inverse = pass_.asked(built[matrix], done[matrix], (), kind, shared)
                inverse = program.permuted(inverse, (1, 0)) if value.data else inverse
                done[value] = program.make("matmul", (inverse, args[1]), None, value.shape)
            else:
                done[value] = pass_.asked(value, done[matrix], args[1:], kind, shared)
        elif value.op == "known":
            done[value] = args[0]
        else:
            done[value] = program.make(value.op, args, value.data, value.shape)
    return [done[root] for root in roots], done


def _bare(matrix: Value) -> tuple[Value, str]:
    return (matrix.args[0], matrix.data) if matrix.op == "known" else (matrix, "")


@final
class _Factorisation:
    """What is asked of a matrix, in terms of its factors."""

    def __init__(self, program: Program, cells: Container[str]) -> None:
        self.program = program
        self.cells = cells

    def asked(
        self, value: Value, matrix: Value, operands: tuple[Value, ...], kind: str, shared: bool
    ) -> Value:
        op = value.op
        if kind == "diagonal":
            return self.by_diagonal(value, matrix, operands)
        if kind in ("lower", "upper") and op != "solve" and op != "inv":
            return self.of_entries(op, self.diagonal(matrix))
        if kind in ("lower", "upper") and f"{kind}_solve" in self.cells:
            right = operands[0] if operands else self.identity(matrix)
            turned = "_turned" if value.data else ""
            return self.solution(f"{kind}_solve{turned}", matrix, right)
        if kind == "pd" and "chol_factor" in self.cells:
            factor = self.program.make("chol_factor", (matrix,), None, matrix.shape)
            op = "logdet" if op == "log_det" else op
            if op == "solve":
                return self.solution("chol_solve", factor, operands[0])
            result = self.program.make(f"chol_{op}", (factor,), None, value.shape)
            if op == "inv":
                self.program.symmetric.add(result)
            return result
        if shared and "lu" in self.cells and op != "log_det":
            factors = self.program.make("lu", (matrix,), None, matrix.shape)
            if op == "solve":
                turned = "_turned" if value.data else ""
                return self.solution(f"lu_solve{turned}", factors, operands[0])
            return self.program.make(f"lu_{op}", (factors,), None, value.shape)
        if op == "solve":
            left = self.program.permuted(matrix, (1, 0)) if value.data else matrix
            return self.solution("solve", left, operands[0])
        return self.program.make(op, (matrix, *operands), None, value.shape)

    def solution(self, op: str, matrix: Value, right: Value) -> Value:
        """A solve; some libraries take vectors another way."""
        vector = f"{op}_vector"
        if right.order == 1 and vector in self.cells:
            op = vector
        return self.program.make(op, (matrix, right), None, right.shape)

    def diagonal(self, matrix: Value) -> Value:
        return self.program.make("diagonal", (matrix,), (0, 1), matrix.shape[:1])

    def identity(self, matrix: Value) -> Value:
        return self.program.make("eye", (), matrix.shape[0], matrix.shape)

    def of_entries(self, op: str, diagonal: Value) -> Value:
        """A determinant from the diagonal."""
        make = self.program.make
        if op == "det":
            return make("prod", (diagonal,))
        if op == "logdet":
            diagonal = make("abs", (diagonal,), None, diagonal.shape)
        elif "log_prod" in self.cells:
            return make("log_prod", (diagonal,))
        return make("total", (make("log", (diagonal,), None, diagonal.shape),), (0,))

    def by_diagonal(self, value: Value, matrix: Value, operands: tuple[Value, ...]) -> Value:
        diagonal = self.diagonal(matrix)
        if value.op == "inv":
            inverse = self.program.power(diagonal, -1)
            return self.program.make("spread", (inverse,), (0, 0), value.shape)
        if value.op != "solve":
            return self.of_entries(value.op, diagonal)
        labels = tuple(range(operands[0].order))
        products = Products(self.program)
        below = Operand(diagonal, (0,), below=True)
        return products.entrywise(Operand(operands[0], labels), below).value


def is_solution(value: Value) -> bool:
    """Whether an instruction solves a system with one of its operands."""
    return "solve" in value.op and len(value.args) > 1
