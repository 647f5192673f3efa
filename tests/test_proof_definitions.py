"""Every operator's definition in proof, against NumPy and against algebraic identities."""

from __future__ import annotations

from fractions import Fraction
from math import erf, lgamma, prod
from random import Random

import numpy as np
import pytest

from arrays import (
    FUNCTIONS,
    adj_frechet,
    adj_frechet2,
    adj_frechet3,
    antisums,
    by_eigenvalues,
    circulant,
    cofactors,
    commutation,
    coshm,
    cosm,
    cyclesums,
    diagsums,
    duplication,
    elimination,
    expm,
    frechet,
    frechet2,
    frechet3,
    hankel,
    layers,
    logm,
    logm_frechet,
    logm_frechet2,
    logm_frechet3,
    sinhm,
    sinm,
    softmax,
    sqrtm,
    sylv,
    toeplitz,
)
from decompositions import DECOMPOSITIONS
from matgrad.catalogue import OPERATORS
from matgrad.catalogue.complex import IMAGINARY
from matgrad.core.dims import Dim, Size
from matgrad.core.expr import CONTRACTION, SUM, Function, make
from matgrad.proof import evaluate, matrices, same
from matgrad.proof.arrays import pairing, product_labels, rearrange
from matgrad.proof.contraction import contract
from matgrad.proof.dual import Dual, combine
from matgrad.proof.ring import PRIMES, Field, Reals, Ring
from samples import germ
from surface import Surface, at, call, dims, eye, num, ones, sym, unknown

RNG = np.random.default_rng(1)
SIZES = {"m": 3, "n": 4, "p": 2, "q": 5}
VALUES = {
    "A": RNG.normal(size=(3, 4)),
    "B": RNG.normal(size=(4, 2)),
    "C": RNG.normal(size=(3, 4)),
    "M": RNG.normal(size=(4, 4)),
    "N": RNG.normal(size=(4, 4)) + 4 * np.eye(4),
    "T": RNG.normal(size=(4, 4, 2, 3)),
    "x": RNG.normal(size=4),
    "y": RNG.normal(size=4),
    "z": RNG.uniform(0.2, 0.9, size=4),
    "w": RNG.normal(size=3),
    "t": np.array(1.7),
}
A, B, C = sym("A", "m", "n"), sym("B", "n", "p"), sym("C", "m", "n")
M, N, T = sym("M", "n", "n"), sym("N", "n", "n"), sym("T", "n", "n", "p", "m")
x, y, z, w, t = sym("x", "n"), sym("y", "n"), sym("z", "n"), sym("w", "m"), sym("t")
v = VALUES
square = dims("n", "n")
n, p, r = Dim("n"), Dim("p"), Dim("r")


def over(body: Surface, index: str, first: Size, last: Size) -> Surface:
    return call("index_sum", body, data=(index, first, last))


def power_of_m(exponent: int) -> np.ndarray:
    return np.linalg.matrix_power(v["M"], exponent)


GRAM = v["M"] @ v["M"].T
POSITIVE = np.outer(v["z"], v["z"]) + np.eye(4)
SIGMOID = 1 / (1 + np.exp(-v["x"]))
COMPLEX, AC = A + Surface(IMAGINARY) * C, v["A"] + 1j * v["C"]
f = Surface(germ(F := Function("f", ((),), (), elementwise=True)))


def softened(matrix: np.ndarray) -> np.ndarray:
    """f(x) = x*exp(x/8) of a matrix."""
    return np.asarray(matrix) @ expm(np.asarray(matrix) / 8)


def slope(matrix: np.ndarray) -> np.ndarray:
    unit = np.eye(len(matrix))
    return (unit + np.asarray(matrix) / 8) @ expm(np.asarray(matrix) / 8)


def divided_differences(x: np.ndarray) -> np.ndarray:
    value, gaps = x * np.exp(x / 8), x[:, None] - x + np.eye(len(x))
    return (value[:, None] - value) / gaps + np.diag((1 + x / 8) * np.exp(x / 8))


three, other = (call("part", a, data=(k,), shape=(3,)) for a, k in ((x, 1), (y, 0)))
GIVEN = {"funm f": softened, "funm D1 f": slope}
FACTS: dict[str, list[tuple[Surface, object]]] = {
    "conj": [(call("conj", COMPLEX), AC.conj()), (call("conj", x), v["x"])],
    "ctranspose": [(call("ctranspose", COMPLEX), AC.conj().T)],
    "real": [(call("real", COMPLEX), v["A"])],
    "imag": [(call("imag", COMPLEX), v["C"])],
    "add": [(A + C, v["A"] + v["C"])],
    "sub": [(A - C, v["A"] - v["C"])],
    "neg": [(-A, -v["A"])],
    "scale": [(t * A, 1.7 * v["A"]), (num(Fraction(1, 3)) * x, v["x"] / 3)],
    "matmul": [
        (A @ B, v["A"] @ v["B"]),
        (A @ x, v["A"] @ v["x"]),
        (w @ A, v["w"] @ v["A"]),
        (x @ y, v["x"] @ v["y"]),
        (M @ T, np.einsum("ik,kjab->ijab", v["M"], v["T"])),
        (T @ M, np.einsum("ikab,kj->ijab", v["T"], v["M"])),
        (x @ T, np.einsum("k,kjab->jab", v["x"], v["T"])),
        (T @ x, np.einsum("ikab,k->iab", v["T"], v["x"])),
    ],
    "hadamard": [(A * C, v["A"] * v["C"])],
    "divide": [(A / t, v["A"] / 1.7), (A / C, v["A"] / v["C"])],
    "outer": [(call("outer", x, w), np.outer(v["x"], v["w"]))],
    "inner": [
        (call("inner", A, C), np.vdot(v["A"], v["C"])),
        (call("inner", x, y), v["x"] @ v["y"]),
        (call("inner", T, T), np.vdot(v["T"], v["T"])),
    ],
    "kron": [
        (call("kron", A, B), np.kron(v["A"], v["B"])),
        (call("kron", x, w), np.kron(v["x"], v["w"])),
    ],
    "power": [(A**2, v["A"] ** 2), (z ** Fraction(-3, 2), v["z"] ** -1.5), (A**-1, 1 / v["A"])],
    "sqrt": [(call("sqrt", z), np.sqrt(v["z"]))],
    "transpose": [(A.T, v["A"].T), (T.T, v["T"].transpose(1, 0, 2, 3))],
    "trace": [
        (call("trace", M), np.trace(v["M"])),
        (call("trace", T), np.einsum("iiab->ab", v["T"])),
    ],
    "diag": [(call("diag", x), np.diag(v["x"]))],
    "diagvec": [(call("diagvec", M), np.diag(v["M"]))],
    "sum": [(call("sum", A), v["A"].sum()), (call("sum", T), v["T"].sum())],
    "sum0": [(call("sum0", A), v["A"].sum(0))],
    "sum1": [(call("sum1", A), v["A"].sum(1))],
    "numel": [(call("numel", A), 12), (call("numel", T), 96)],
    "mean": [(call("mean", A), v["A"].mean()), (call("mean", T), v["T"].mean())],
    "mean0": [(call("mean0", A), v["A"].mean(0))],
    "mean1": [(call("mean1", A), v["A"].mean(1))],
    "vec": [(call("vec", A), v["A"].flatten("F"))],
    "unvec": [
        (call("unvec", call("vec", A), shape=dims("m", "n")), v["A"]),
    ],
    "eye": [(eye("n") @ x, v["x"]), (eye("n"), np.eye(4))],
    "ones": [(ones("m", "n"), np.ones((3, 4))), (x + ones("n"), v["x"] + 1)],
    "zeros": [(call("zeros", shape=dims("m", "n", "p")), np.zeros((3, 4, 2)))],
    "unit": [(call("unit", data=2, shape=dims("n")), np.eye(4)[2])],
    "entry": [
        (call("entry", A, data=(1, 2), shape=()), v["A"][1, 2]),
        (call("entry", T, data=(3, 0), shape=dims("p", "m")), v["T"][3, 0]),
    ],
    "component": [(call("component", T, data=(1, 2), shape=square), v["T"][..., 1, 2])],
    "einsum": [
        (
            call("einsum", A, B, x, data="ik,kj,k->ji", shape=dims("p", "m")),
            np.einsum("ik,kj,k->ji", v["A"], v["B"], v["x"]),
        ),
        (
            call("einsum", x, data="i->iij", shape=dims("n", "n", "m")),
            np.einsum("i,ik,j->ikj", v["x"], np.eye(4), np.ones(3)),
        ),
        (call("einsum", M, A, data="ii,jk->", shape=()), np.trace(v["M"]) * v["A"].sum()),
        (call("einsum", data="->ii", shape=square), np.eye(4)),
    ],
    "part": [
        (call("part", x, data=(1,), shape=(2,)), v["x"][1:3]),
        (call("part", A, data=(None, n - 2), shape=(3, 2)), v["A"][:, 2:]),
        (call("part", T, data=(p, None, 1, None), shape=(2, 4, 1, 3)), v["T"][2:, :, 1:]),
    ],
    "block": [
        (call("block", x, w, data=(2,), shape=(7,)), np.concatenate([v["x"], v["w"]])),
        (call("block", A, C, data=(1, 2), shape=(3, 8)), np.block([v["A"], v["C"]])),
        (
            call("block", A, A @ B, A @ M, C @ B, data=(2, 2), shape=(6, 6)),
            np.block([[v["A"], v["A"] @ v["B"]], [v["A"] @ v["M"], v["C"] @ v["B"]]]),
        ),
    ],
    "fuse": [(call("fuse", shape=(n * p, n, p)), np.eye(8).reshape(8, 4, 2))],
    "inv": [(call("inv", N), np.linalg.inv(v["N"]))],
    "det": [(call("det", M), np.linalg.det(v["M"]))],
    "logdet": [(call("logdet", M), np.linalg.slogdet(v["M"])[1])],
    "adj": [
        (call("adj", M), cofactors(v["M"])),
        (call("adj", call("outer", x, y)), np.zeros((4, 4))),
    ],
    "adj_frechet": [
        (call("adj_frechet", M, M @ M), adj_frechet(v["M"], v["M"] @ v["M"])),
        (call("adj_frechet", M, T), layers(adj_frechet)(v["M"], v["T"])),
        (call("adj_frechet", call("outer", x, x), call("outer", x, y)), np.zeros((4, 4))),
    ],
    "adj_frechet2": [
        (call("adj_frechet2", M, M.T, M @ M), adj_frechet2(v["M"], v["M"].T, v["M"] @ v["M"])),
    ],
    "adj_frechet3": [
        (
            call("adj_frechet3", M, N, M.T, M @ M),
            adj_frechet3(v["M"], v["N"], v["M"].T, v["M"] @ v["M"]),
        ),
        (
            call("adj_frechet3", M, N, T, M),
            layers(adj_frechet3)(v["M"], v["N"], v["T"], v["M"]),
        ),
    ],
    "cof": [(call("cof", M), cofactors(v["M"]).T)],
    "solve": [
        (call("solve", N, x), np.linalg.solve(v["N"], v["x"])),
        (call("solve", N, B), np.linalg.solve(v["N"], v["B"])),
        (call("solve", N, T), np.tensordot(np.linalg.inv(v["N"]), v["T"], 1)),
    ],
    "matpow": [
        (call("matpow", M, data=5), np.linalg.matrix_power(v["M"], 5)),
        (call("matpow", N, data=-3), np.linalg.matrix_power(v["N"], -3)),
        (call("matpow", M, data=0), np.eye(4)),
        (call("matpow", M, data=n - 2), v["M"] @ v["M"]),
    ],
    "index_sum": [
        (over(call("matpow", M, data=r), "r", 0, n), sum(map(power_of_m, range(5)))),
        (over(call("scale", num(r), A), "r", 2, n - 1), 5 * v["A"]),
        (over(over(call("power", z, data=r), "s", r, 3), "r", 1, 2), 3 * v["z"] + 2 * v["z"] ** 2),
        (over(x, "r", 1, 0), np.zeros(4)),
    ],
    "norm2": [(call("norm2", x), np.linalg.norm(v["x"]))],
    "normF": [
        (call("normF", A), np.linalg.norm(v["A"])),
        (call("normF", T), np.linalg.norm(v["T"].ravel())),
    ],
    "norm1": [(call("norm1", A), np.abs(v["A"]).sum()), (call("norm1", x), np.abs(v["x"]).sum())],
    "tril": [
        (call("tril", A), np.tril(v["A"])),
        (call("tril", A, data=-1), np.tril(v["A"], -1)),
    ],
    "triu": [(call("triu", A), np.triu(v["A"])), (call("triu", A, data=1), np.triu(v["A"], 1))],
    "vech": [(call("vech", M, shape=(10,)), v["M"].T[np.triu_indices(4)])],
    "commutation": [(call("commutation", data=(3, 4), shape=(12, 12)), commutation(3, 4))],
    "duplication": [(call("duplication", data=(4,), shape=(16, 10)), duplication(4))],
    "elimination": [(call("elimination", data=(4,), shape=(10, 16)), elimination(4))],
    "cross": [
        (call("cross", three, other), np.cross(v["x"][1:], v["y"][:3])),
        (
            call("cross", three, call("outer", other, w)),
            np.outer(np.cross(v["x"][1:], v["y"][:3]), v["w"]),
        ),
    ],
    "skewmat": [(call("skewmat", three) @ other, np.cross(v["x"][1:], v["y"][:3]))],
    "exchange": [(call("exchange", data=(4,), shape=square), np.eye(4)[::-1])],
    "flip": [(call("flip", x), v["x"][::-1])],
    "flip0": [(call("flip0", A), v["A"][::-1])],
    "flip1": [(call("flip1", A), v["A"][:, ::-1])],
    "diff": [(call("diff", x), np.diff(v["x"]))],
    "diff0": [(call("diff0", A), np.diff(v["A"], axis=0))],
    "diff1": [(call("diff1", A), np.diff(v["A"], axis=1))],
    "cumsum": [(call("cumsum", x), np.cumsum(v["x"]))],
    "cumsum0": [(call("cumsum0", A), np.cumsum(v["A"], 0))],
    "cumsum1": [(call("cumsum1", A), np.cumsum(v["A"], 1))],
    "cumprod": [(call("cumprod", x), np.cumprod(v["x"]))],
    "khatri_rao": [
        (call("khatri_rao", A, C), np.einsum("ij,kj->ikj", v["A"], v["C"]).reshape(9, 4))
    ],
    "face_split": [
        (call("face_split", A, C), np.einsum("ij,ik->ijk", v["A"], v["C"]).reshape(3, 16))
    ],
    "kronsum": [
        (
            call("kronsum", M, N),
            np.kron(v["M"], np.eye(4)) + np.kron(np.eye(4), v["N"]),
        )
    ],
    "diagsums": [
        (call("diagsums", M), diagsums(v["M"])),
        (call("diagsums", A), diagsums(v["A"])),
        (call("diagsums", T), layers(diagsums)(v["T"])),
    ],
    "antisums": [
        (call("antisums", A), antisums(v["A"])),
        (call("antisums", T), layers(antisums)(v["T"])),
    ],
    "cyclesums": [
        (call("cyclesums", M), cyclesums(v["M"])),
        (call("cyclesums", T), layers(cyclesums)(v["T"])),
    ],
    "toeplitz": [
        (call("toeplitz", w, x), toeplitz(v["w"], v["x"])),
        (call("toeplitz", x, w), toeplitz(v["x"], v["w"])),
    ],
    "hankel": [
        (call("hankel", w, x), hankel(v["w"], v["x"])),
        (call("hankel", x, w), hankel(v["x"], v["w"])),
    ],
    "conv": [(call("conv", w, x), np.convolve(v["w"], v["x"]))],
    "circulant": [(call("circulant", x), circulant(v["x"]))],
    "softmax": [(call("softmax", x), softmax(v["x"]))],
    "softmax0": [(call("softmax0", A), softmax(v["A"], 0))],
    "softmax1": [(call("softmax1", A), softmax(v["A"], 1))],
    "logsumexp": [(call("logsumexp", x), np.log(np.exp(v["x"]).sum()))],
    "logsumexp0": [(call("logsumexp0", A), np.log(np.exp(v["A"]).sum(0)))],
    "logsumexp1": [(call("logsumexp1", A), np.log(np.exp(v["A"]).sum(1)))],
    "max": [(call("max", A), v["A"].max()), (call("max", x), v["x"].max())],
    "min": [(call("min", A), v["A"].min()), (call("min", x), v["x"].min())],
    "argmax1": [(call("argmax1", A), 1.0 * (v["A"] == v["A"].max()))],
    "argmin1": [(call("argmin1", x), 1.0 * (v["x"] == v["x"].min()))],
    "max0": [(call("max0", A), v["A"].max(0))],
    "max1": [(call("max1", A), v["A"].max(1))],
    "min0": [(call("min0", A), v["A"].min(0))],
    "min1": [(call("min1", A), v["A"].min(1))],
    "argmax10": [(call("argmax10", A), 1.0 * (v["A"] == v["A"].max(0)))],
    "argmax11": [(call("argmax11", A), 1.0 * (v["A"] == v["A"].max(1)[:, None]))],
    "argmin10": [(call("argmin10", A), 1.0 * (v["A"] == v["A"].min(0)))],
    "argmin11": [(call("argmin11", A), 1.0 * (v["A"] == v["A"].min(1)[:, None]))],
    "prod": [(call("prod", A), v["A"].prod()), (call("prod", x), v["x"].prod())],
    "prod0": [(call("prod0", A), v["A"].prod(0))],
    "prod1": [(call("prod1", A), v["A"].prod(1))],
    "log_softmax": [(call("log_softmax", x), np.log(softmax(v["x"])))],
    "log_softmax0": [(call("log_softmax0", A), np.log(softmax(v["A"], 0)))],
    "log_softmax1": [(call("log_softmax1", A), np.log(softmax(v["A"], 1)))],
    "norminf": [(call("norminf", x), np.abs(v["x"]).max())],
    "vecnorm0": [(call("vecnorm0", A), np.linalg.norm(v["A"], axis=0))],
    "vecnorm1": [(call("vecnorm1", A), np.linalg.norm(v["A"], axis=1))],
    "where": [
        (call("where", A, num(0), C, t), np.where(v["A"] > 0, v["C"], 1.7)),
        (call("where", C, A, A, C), np.where(v["C"] > v["A"], v["A"], v["C"])),
        (call("where", t, num(2), A, C), v["C"]),
    ],
    "maximum": [(call("maximum", A, C), np.maximum(v["A"], v["C"]))],
    "minimum": [(call("minimum", A, C), np.minimum(v["A"], v["C"]))],
    "clip": [(call("clip", A, num(Fraction(-1, 2)), t), np.clip(v["A"], -0.5, 1.7))],
    "logaddexp": [(call("logaddexp", A, C), np.logaddexp(v["A"], v["C"]))],
    "hypot": [(call("hypot", A, C), np.hypot(v["A"], v["C"]))],
    "atan2": [
        (call("atan2", A, C), np.arctan2(v["A"], v["C"])),
        (call("atan2", A, -t), np.arctan2(v["A"], -1.7)),
    ],
    "pow": [
        (call("pow", z, t), v["z"] ** 1.7),
        (call("pow", t, x), 1.7 ** v["x"]),
        (call("pow", z, x), v["z"] ** v["x"]),
    ],
    "lbeta": [(call("lbeta", z, t), [lgamma(e) + lgamma(1.7) - lgamma(e + 1.7) for e in v["z"]])],
    "huber": [
        (
            call("huber", A, num(1)),
            np.where(np.abs(v["A"]) < 1, v["A"] ** 2 / 2, np.abs(v["A"]) - 0.5),
        )
    ],
    "soft_threshold": [
        (call("soft_threshold", A, num(1)), np.sign(v["A"]) * np.maximum(np.abs(v["A"]) - 1, 0))
    ],
    "gelu": [(call("gelu", z), [e * (1 + erf(e / 2**0.5)) / 2 for e in v["z"]])],
    "silu": [(call("silu", x), v["x"] * SIGMOID)],
    "mish": [(call("mish", x), v["x"] * np.tanh(np.log1p(np.exp(v["x"]))))],
    "logsigmoid": [(call("logsigmoid", x), np.log(SIGMOID))],
    "leaky_relu": [(call("leaky_relu", A, num(2)), np.where(v["A"] > 0, 1, 2) * v["A"])],
    "elu": [(call("elu", A, t), np.where(v["A"] > 0, v["A"], 1.7 * np.expm1(v["A"])))],
    **{name: [(call(name, M), f(v["M"]))] for name, f in FUNCTIONS.items()},
    "tanm": [(call("tanm", M), np.linalg.inv(cosm(v["M"])) @ sinm(v["M"]))],
    "tanhm": [(call("tanhm", M), np.linalg.inv(coshm(v["M"])) @ sinhm(v["M"]))],
    "signm": [(call("signm", M), by_eigenvalues(lambda x: np.sign(x.real), v["M"]))],
    **{
        f"{name}_frechet": [
            (call(f"{name}_frechet", M, M + M.T), frechet(f)(v["M"], v["M"] + v["M"].T)),
            (call(f"{name}_frechet", M, T), layers(frechet(f))(v["M"], v["T"])),
        ]
        for name, f in FUNCTIONS.items()
    },
    **{
        f"{name}_frechet2": [
            (
                call(f"{name}_frechet2", M, M.T, M @ M),
                frechet2(f)(v["M"], v["M"].T, v["M"] @ v["M"]),
            )
        ]
        for name, f in FUNCTIONS.items()
    },
    **{
        f"{name}_frechet3": [
            (
                call(f"{name}_frechet3", M, N, M.T, M @ M),
                frechet3(f)(v["M"], v["N"], v["M"].T, v["M"] @ v["M"]),
            ),
            (
                call(f"{name}_frechet3", M, T, N, T),
                layers(frechet3(f))(v["M"], v["T"], v["N"], v["T"]),
            ),
        ]
        for name, f in FUNCTIONS.items()
    },
    "funm": [
        (call("funm", f, M), softened(v["M"])),
        (call("funm", Surface(germ(F, 1)), M), slope(v["M"])),
    ],
    "funm_frechet": [
        (call("funm_frechet", f, M, N), frechet(softened)(v["M"], v["N"])),
        (call("funm_frechet", f, M, T), layers(frechet(softened))(v["M"], v["T"])),
    ],
    "funm_frechet2": [
        (
            call("funm_frechet2", f, M, M.T, M @ M),
            frechet2(softened)(v["M"], v["M"].T, v["M"] @ v["M"]),
        )
    ],
    "funm_frechet3": [
        (
            call("funm_frechet3", f, M, N, M.T, M @ M),
            frechet3(softened)(v["M"], v["N"], v["M"].T, v["M"] @ v["M"]),
        )
    ],
    "loewner": [(call("loewner", f, x), divided_differences(v["x"]))],
    "logm": [(call("logm", M @ M.T), logm(v["M"] @ v["M"].T))],
    "logm_frechet": [(call("logm_frechet", M @ M.T, M), logm_frechet(v["M"] @ v["M"].T, v["M"]))],
    "logm_frechet2": [
        (call("logm_frechet2", M @ M.T, M, M.T), logm_frechet2(GRAM, v["M"], v["M"].T))
    ],
    "logm_frechet3": [
        (
            call("logm_frechet3", M @ M.T, M, M.T, M),
            logm_frechet3(GRAM, v["M"], v["M"].T, v["M"]),
        )
    ],
    "sqrtm": [(call("sqrtm", M @ M.T), sqrtm(v["M"] @ v["M"].T))],
    "sylv": [
        (call("sylv", M @ M.T, M @ M.T, M), sylv(GRAM, GRAM, v["M"])),
        (call("sylv", M @ M.T, M @ M.T, T), layers(sylv)(GRAM, GRAM, v["T"])),
    ],
    "lyap": [(call("lyap", M @ M.T, M), sylv(GRAM, GRAM, v["M"]))],
    "pinv": [
        (call("pinv", A), np.linalg.pinv(v["A"])),
        (call("pinv", call("outer", x, w)), np.linalg.pinv(np.outer(v["x"], v["w"]))),
    ],
    "chol": [(call("chol", M @ M.T), np.linalg.cholesky(GRAM))],
    **{
        name: [(call(name, M), DECOMPOSITIONS[name](v["M"]))]
        for name in ("eigvals", "eigvecs", "eigmin", "eigmax", "eigvecmin", "eigvecmax")
    },
    **{
        name: [(call(name, call("outer", z, z) + eye("n")), DECOMPOSITIONS[name](POSITIVE))]
        for name in ("perron", "perronvec")
    },
    **{
        name: [(call(name, B), DECOMPOSITIONS[name](v["B"]))]
        for name in ("svdu", "svdvals", "svdv", "lsv", "rsv", "normspec", "normnuc", "polar")
    },
    **{
        name: [(call(name, B), DECOMPOSITIONS[name](v["B"]))]
        for name in ("qrq", "qrr", "absm", "proj")
    },
    **{name: [(call(name, M), DECOMPOSITIONS[name](v["M"]))] for name in ("lul", "luu", "cond")},
    **{
        name: [(call(name, N, t), DECOMPOSITIONS[name](v["N"], 1.7))]
        for name in ("eigval", "eigvec")
    },
    **{
        name: [(call(name, M, M @ M.T, t), DECOMPOSITIONS[name](v["M"], GRAM, 1.7))]
        for name in ("geigval", "geigvec")
    },
    **{
        name: [
            (call(name, M, num(2)), DECOMPOSITIONS[name](v["M"], 2)),
            (call(name, M, num(9)), DECOMPOSITIONS[name](v["M"], 9)),
        ]
        for name in ("eigsum", "eigproj")
    },
    "sigmoid": [(call("sigmoid", x), SIGMOID)],
    "relu": [(call("relu", x), np.maximum(v["x"], 0))],
    "tanh": [(call("tanh", A), np.tanh(v["A"]))],
}


def test_every_operator_has_a_fact() -> None:
    """The scalar functions have theirs in test_proof_scalars.py."""
    wanted = {op.name for op in OPERATORS.values() if op.kind != "elementwise"}
    assert wanted <= set(FACTS)


@pytest.mark.parametrize("name", FACTS)
def test_a_definition_is_what_numpy_says(name: str) -> None:
    for expr, expected in FACTS[name]:
        found = evaluate(expr.expr, VALUES, SIZES, GIVEN)
        np.testing.assert_allclose(np.array(found), np.array(expected), rtol=1e-10, atol=1e-10)
        assert np.shape(found) == np.shape(expected)


def test_nodes_of_the_normal_form() -> None:
    labels = (("i", "k"), ("k",))
    product = make(CONTRACTION, (A.expr, x.expr), (("i",), labels, (1, 2)), dims("m"))
    total = make(SUM, (product, w.expr), (Fraction(1, 2), -3), dims("m"))
    expected = v["A"] @ v["x"] ** 2 / 2 - 3 * v["w"]
    np.testing.assert_allclose(np.array(evaluate(total, VALUES)), expected, rtol=1e-12)


# Over dual numbers: what holds in every commutative ring.


def random_dual(ring: Ring, random: Random, shape: tuple[int, ...], singular: bool = False) -> Dual:
    parts = {s: [ring.draw(random) for _ in range(prod(shape))] for s in (0, 1, 2, 3)}
    if singular:
        parts[0][: shape[1]] = parts[0][shape[1] : 2 * shape[1]]
    return Dual(ring, shape, parts)


def equal(left: Dual, right: Dual) -> bool:
    ring = left.ring
    return all(
        (a - b) % ring.prime == 0 if ring.prime else abs(a - b) < 1e-9
        for subset in range(4)
        for a, b in zip(left.part(subset), right.part(subset), strict=True)
    )


RINGS = [pytest.param(Field(PRIMES[0]), id="field"), pytest.param(Reals(), id="floats")]


@pytest.mark.parametrize("ring", RINGS)
@pytest.mark.parametrize("singular", [False, True])
@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_determinant_and_adjugate_over_dual_numbers(ring: Ring, size: int, singular: bool) -> None:
    random = Random(size)
    singular = singular and size > 1
    left = random_dual(ring, random, (size, size), singular)
    right = random_dual(ring, random, (size, size))
    adjugate, determinant = matrices.characteristic(left)
    unit = matrices.identity(left)
    scaled = contract(
        ring,
        ((determinant, ()), (unit, ("i", "j"))),
        ("i", "j"),
        {"i": size, "j": size},
        (size, size),
    )
    assert equal(matrices.multiply(left, adjugate), scaled)
    both = matrices.determinant(matrices.multiply(left, right))
    assert equal(both, determinant * matrices.determinant(right))
    assert (abs(determinant.real[0]) < 1e-9) == singular
    plain = matrices.determinant(left.plain()).real[0] - determinant.real[0]
    assert plain == 0 or abs(plain) < 1e-9


@pytest.mark.parametrize("ring", RINGS)
def test_inverse_and_solve_over_dual_numbers(ring: Ring) -> None:
    matrix, right = (random_dual(ring, Random(k), (3, 3)) for k in (1, 2))
    assert equal(matrices.multiply(matrix, matrices.inverse(matrix)), matrices.identity(matrix))
    assert equal(matrices.multiply(matrix, matrices.solve(matrix, right)), right)
    power = matrices.matrix_power(matrix, -2)
    square = matrices.multiply(matrix, matrix)
    assert equal(matrices.multiply(square, power), matrices.identity(matrix))


@pytest.mark.parametrize("ring", RINGS)
def test_reciprocal_and_power_over_dual_numbers(ring: Ring) -> None:
    array = random_dual(ring, Random(3), (5,))
    assert equal(array * array.reciprocal(), array.constant(1))
    assert equal(array.power(3), array * array * array)
    assert equal(array.power(-2) * array * array, array.constant(1))
    assert equal(array.power(0), array.constant(1))
    half = combine(((Fraction(1, 2), array),))
    assert equal(half + half, array)


@pytest.mark.parametrize(
    ("left", "right"),
    [("ab", "bc"), ("ab", "ab"), ("a", "b"), ("abc", "cad"), ("ba", "ab"), ("", "a")],
)
@pytest.mark.parametrize("kept", ["", "a", "ab"])
def test_pairwise_products(left: str, right: str, kept: str) -> None:
    sizes = {"a": 2, "b": 3, "c": 4, "d": 5}
    random = Random(5)
    one, two = (
        [random.uniform(-1, 1) for _ in range(prod(sizes[k] for k in labels))]
        for labels in (left, right)
    )
    needed = frozenset(kept) | (set(left) ^ set(right))
    out = product_labels(tuple(left), tuple(right), needed)
    found = pairing(tuple(left), tuple(right), needed, sizes).product(one, two)
    expected = np.einsum(
        f"{left},{right}->{''.join(map(str, out))}",
        np.reshape(one, [sizes[k] for k in left]),
        np.reshape(two, [sizes[k] for k in right]),
    )
    np.testing.assert_allclose(found, expected.flatten())


def test_rearranging() -> None:
    sizes = {"a": 2, "b": 3}
    entries = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    assert rearrange(entries, ("a", "b"), ("b", "a"), sizes) == [1, 4, 2, 5, 3, 6]
    assert rearrange(entries, ("a", "b"), ("a",), sizes) == [6, 15]
    assert rearrange([1.0, 2.0], ("a",), ("a", "a"), sizes) == [1, 0, 0, 2]
    assert rearrange([1.0, 2.0], ("a",), ("a", "b"), sizes) == [1, 1, 1, 2, 2, 2]
    assert rearrange([1.0, 2.0, 3.0, 4.0], ("a", "a"), (), {"a": 2}) == [5]


def test_unknown_functions_of_one_point_are_one_function() -> None:
    f = unknown("f", [dims("n"), dims()], dims("m"))
    assert same(at(f, x, t).expr, at(f, x + y - y, t).expr).ok
    assert same(at(f, x, t).expr, at(f, y, t).expr).ok is False
    mixed = at(f, x, t, by=(0, 1))
    assert mixed.expr.shape == dims("m", "n")
    assert same(mixed.expr, at(f, x, t, by=(1, 0)).expr).ok
