"""The house rules that a machine can check; import-linter keeps the floors."""

from __future__ import annotations

import ast
import importlib
import inspect
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from hatchling.builders.wheel import WheelBuilder

import matgrad
from matgrad.catalogue import OPERATORS
from matgrad.core.expr import Op

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "matgrad"
MODULES = sorted(PACKAGE.rglob("*.py"))
DOORS = {"cli/__init__.py", "notebook.py", "__main__.py"}
# A derivation and code are made when they are asked for; an answer alone does not load what makes
# them.
LAZY = {"api/result.py", "api/code.py", "api/exports.py"}

LINES, COLUMNS = 300, 100
# Files that hold one concept in more lines than that; the reason stands beside the name.
LONGER: dict[str, int] = {}

# Contractions and sums are what the normal form is made of.  Every other operator is named by the
# catalogue, by the notations, and by what proof/ knows of it; elsewhere only by these files.
NAMING = {
    "catalogue",
    "notation",
    "codegen/columns/generic.py",
    "codegen/columns/jax.py",
    "codegen/columns/library.py",
    "codegen/columns/matrices.py",
    "codegen/columns/numpy.py",
    "codegen/columns/operators.py",
    "codegen/columns/scalars.py",
    "codegen/columns/torch.py",
    "proof/complexes.py",
    "proof/cumulative.py",
    "proof/definitions.py",
    "proof/degrees.py",
    "proof/diagonals.py",
    "proof/functions.py",
    "proof/pairs.py",
    "proof/scalars.py",
    "proof/eigen.py",
    "proof/germs.py",
    "proof/factors.py",
    "proof/spectral.py",
    "proof/vectors.py",
}
NAMED = {
    "proof/patterns.py": {"toeplitz"},  # the property of that name,
    "proof/readings.py": {"toeplitz"},  # there too;
    "normal/cancel.py": {"inv"},  # an inverse meets what it inverts,
    "normal/build.py": {"inv"},  # is what a negative power is,
    "normal/joining.py": {"inv"},  # takes one from the exponent of a power beside it,
    "normal/lower.py": {"pow"},  # with a number for its exponent it is a power,
    "normal/averages.py": {"mean", "mean0", "mean1"},  # sums over a size are means,
    "normal/squares.py": {"norm2", "normF"},  # roots of sums of squares are norms,
    "normal/lift.py": {"normF", "solve"},  # squares of norms are written so;
    "normal/conjugate.py": {"conj"},  # conjugates stand at symbols,
    "normal/surface.py": {
        "abs",
        "conj",
        "ctranspose",
        "inv",
        "solve",
    },  # written A^H when transposed
    "normal/cost.py": {"conj", "ctranspose", "pow"},  # at no cost, as inv(B)*inv(A) is inv(A*B);
    "api/expressions.py": {"conj", "ctranspose"},  # Expression.H is one or the other
    "certificate/check.py": {"conj"},  # Wirtinger derivatives are paired with conjugates,
    "shorten/absorb.py": {"inv"},  # inv(A)*inv(S) is inv(S*A) where that cancels,
    "shorten/denominators.py": {"inv"},  # and W - S is over S what inv(S)*W - I is,
    "codegen/assemble.py": {"det", "inv", "logdet"},  # inverses in products solve,
    "codegen/factorise.py": {"det", "inv", "logdet", "solve"},  # one factorisation for all,
    "codegen/inverses.py": {"inv"},  # systems are solved, and some inverses are known,
    "codegen/stable.py": {"det", "exp", "log", "sigmoid"},  # what overflows has another form
    "shorten/conditions.py": {"det"},  # det(A) > 0 says that A is nonsingular;
    "shorten/rank.py": {"adj", "det", "inv"},  # both vanish where the rank is too low
}

FLOORS = {
    "core": 0,
    "catalogue": 1,
    "notation": 2,
    "normal": 3,
    "rules": 3,
    "calculus": 4,
    "codegen": 4,
    "shorten": 4,
    "proof": 4,
    "certificate": 4,
    "derivations": 4,
    "cookbook": 4,
    "claims": 4,
    "api": 5,
    "cli": 6,
    "notebook.py": 6,
    "__main__.py": 6,
}


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def every_module(argument: str = "path") -> pytest.MarkDecorator:
    return pytest.mark.parametrize(argument, MODULES, ids=name)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@every_module()
def test_a_file_holds_one_concept(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LONGER.get(name(path), LINES), f"{len(lines)} lines"
    wide = [number for number, line in enumerate(lines, 1) if len(line) > COLUMNS]
    assert not wide, f"lines wider than {COLUMNS} columns: {wide}"


def test_the_list_of_longer_files_is_needed() -> None:
    for file in LONGER:
        assert len((PACKAGE / file).read_text(encoding="utf-8").splitlines()) > LINES, file


@every_module()
def test_a_module_says_what_it_is_and_on_which_floor(path: Path) -> None:
    docstring = ast.get_docstring(tree(path))
    if not tree(path).body:
        return
    assert docstring, "no module docstring"
    folder = name(path).split("/")[0]
    if "Floor " in docstring:
        assert f"Floor {FLOORS[folder]}" in docstring


@every_module()
def test_imports_stand_at_the_top(path: Path) -> None:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    inside = [
        statement.lineno
        for function in ast.walk(tree(path))
        if isinstance(function, functions)
        for statement in ast.walk(function)
        if isinstance(statement, ast.Import | ast.ImportFrom)
    ]
    assert not inside or name(path) in DOORS | LAZY, f"imports inside functions: lines {inside}"


@every_module()
def test_imports_are_the_standard_library_or_matgrad(path: Path) -> None:
    for statement in tree(path).body:
        for module in imported(statement):
            top = module.split(".")[0]
            assert top == "matgrad" or top in sys.stdlib_module_names, module
            if name(path) != "__init__.py":
                assert module != "matgrad", "import the module that defines it"


def imported(node: ast.AST) -> list[str]:
    """The modules that one statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are absolute"
        return [node.module or ""]
    return []


@every_module()
def test_operators_are_named_in_one_place(path: Path) -> None:
    file = name(path)
    if file in NAMING or file.split("/")[0] in NAMING:
        return
    kinds = {op.name for op in OPERATORS.values() if op.kind not in ("contraction", "linear")}
    found = {operator for operator in named_operators(tree(path)) if operator in kinds}
    assert found == NAMED.get(file, set())


def named_operators(module: ast.Module) -> Iterator[str]:
    """Operators that a module names: records it imports, and strings it compares or looks up."""
    catalogues: dict[str, ModuleType] = {}
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("matgrad.catalogue"):
            source = importlib.import_module(node.module or "")
            for alias in node.names:
                value = getattr(source, alias.name)
                if isinstance(value, Op):
                    yield value.name
                elif isinstance(value, ModuleType):
                    catalogues[alias.asname or alias.name] = value
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            record = getattr(catalogues.get(node.value.id), node.attr, None)
            if isinstance(record, Op):
                yield record.name
        for part in dispatched(node):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value


def dispatched(node: ast.AST) -> list[ast.expr | None]:
    """The expressions by which a node chooses: compared, looked up, or matched."""
    if isinstance(node, ast.Compare):
        return [
            part
            for side in (node.left, *node.comparators)
            for part in (side.elts if isinstance(side, ast.Tuple | ast.Set | ast.List) else [side])
        ]
    if isinstance(node, ast.Dict):
        return list(node.keys)
    if isinstance(node, ast.Subscript):
        return [node.slice]
    if isinstance(node, ast.MatchValue):
        return [node.value]
    return []


def test_the_wheel_holds_matgrad_and_nothing_else(tmp_path: Path) -> None:
    wheel = next(WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"]))
    files = zipfile.ZipFile(wheel).namelist()
    assert "matgrad/py.typed" in files
    assert {file.split("/")[0].split("-")[0] for file in files} == {"matgrad"}
    assert {Path(file).suffix for file in files if file.startswith("matgrad/")} <= {".py", ".typed"}


def test_importing_matgrad_loads_the_standard_library_only() -> None:
    code = "import sys; known = set(sys.modules); import matgrad; print(*set(sys.modules) - known)"
    loaded = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    allowed = sys.stdlib_module_names | {"matgrad"}
    assert {module.split(".")[0] for module in loaded} <= allowed


def public_objects() -> Iterator[tuple[str, object]]:
    """What `matgrad` offers, and the public methods of its classes."""
    for attribute, value in sorted(vars(matgrad).items()):
        if attribute.startswith("_"):
            continue
        if inspect.isclass(value) or inspect.isfunction(value):
            yield attribute, value
        if inspect.isclass(value):
            for member, method in vars(value).items():
                function = method.fget if isinstance(method, property) else method
                if not member.startswith("_") and inspect.isfunction(function):
                    yield f"{attribute}.{member}", function


@pytest.mark.parametrize("value", [pytest.param(v, id=i) for i, v in public_objects()])
def test_a_public_name_says_what_it_is(value: object) -> None:
    docstring = (value.__doc__ or "").strip()
    assert docstring
    assert not docstring.startswith(f"{getattr(value, '__name__', '')}("), "the generated docstring"
