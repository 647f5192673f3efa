"""What is read as more than one operator, for random expressions: texts of the NumPy dialect.

Axes of tensors, broadcasting, slices, entries moved and joined, `einsum`: where no record stands
for a function, its text does, at random operands.
"""

from __future__ import annotations

from functools import cache

from matgrad.core.dims import Shape
from matgrad.core.expr import Expr, replaced, symbol, symbols_of
from matgrad.notation.read import read_expression
from random_maker import M, Maker, N, P

# The operands of the texts by name: those called R… lie away from each other and from zero.
OPERANDS: dict[str, Shape] = {
    "A": (M, N),
    "B": (M, N),
    "S": (N, N),
    "x": (N,),
    "y": (M,),
    "w": (3,),
    "T": (M, N, P),
    "U": (N, P),
    "V": (M, N, N),
    "RV": (M, N, N),
    "RA": (M, N),
    "RT": (M, N, P),
    "Rx": (N,),
}
TEXTS = """
    roll(x, 2) | roll(A, 1, 0) | roll(A, -1, axis=1)
    reshape(A, (n, m)) | reshape(T, (m*n, p)) | reshape(T, (m, n*p), order='F')
    A.ravel() | A.flatten(order='F') | T.reshape(-1)
    convolve(x, w) | convolve(x, w, 'same') | convolve(w, x[0:3])
    convolve(concatenate([x, y]), y, mode='valid')
    sum(T, axis=1) | sum(T, axis=(0, 2)) | T.sum(axis=-1) | mean(T, axis=0) | T.mean()
    max(RT, axis=1) | min(RT, axis=2) | RT.max() | prod(RT, axis=1) | norm(RT, axis=2)
    prod(RA, axis=0) | var(A, axis=0) | std(Rx) | norm(Rx, 3) | norm(RA, axis=1)
    softmax(T, axis=1) | logsumexp(T, axis=(0, 1)) | logsumexp(T, axis=2)
    einsum('ijk,jk->i', T, U) | einsum('ii->i', S) | einsum('ij,kj,j->ik', A, B, x)
    einsum('ijk,ijl->kl', T, T) | einsum('i,ij,ik->ijk', y, A, B) | einsum('ij->', A)
    A - A.mean(axis=0) | A + x | A*y[:, None] | x[:, None] - y | A[:, :, None]*T
    A.sum(axis=1, keepdims=True)*B | T - A[:, :, None] | broadcast_to(x, (m, n))
    T.transpose(1, 2, 0) | swapaxes(T, 0, 2) | moveaxis(T, 0, 2) | T.mT @ A.T | A @ U | T @ U.T
    tensordot(T, U, 2) | tensordot(y, T, 1) | x @ T
    concatenate([A, B], axis=0) | concatenate([x, y]) | stack([x, x]) | vstack([A, B])
    hstack([A, B]) | block([[A, B], [B, A]])
    A[1:, :] | T[0] | A[:, 1] | T[:, 1, :] | T[:, :, 1:] | A[0, 1] | T[0, 1, 1] | x[1:] - x[:-1]
    tril(S, -1) | triu(S, 1) | unit(1, n)*x | zeros(n) + x | vec(A)*vec(B)
    commutation(m, n) @ vec(A) | duplication(n) @ vech(S) | elimination(n) @ vec(S)
    exchange(n) @ x | unvec(vec(A), n, m) | khatri_rao(A, T[:, :, 0]) | face_split(A, B)
    kron(A, S) | kron(x, y) | kronsum(S, A @ A.T)
    where(RA > x, A, 0) | maximum(RA, x) | logaddexp(A, x) | diff(A, axis=1) | cumsum(A, axis=0)
    det(RV) | trace(inv(RV), axis1=1, axis2=2) | inv(RV) @ x
    solve(RV, V) | expm(tanh(V)) | logdet(RV)
    msum(w4, 1, k, x**w4) | expm_frechet(tanh(S), S*x) | sylv(S.T @ S + eye(n), eye(n), U @ T[0].T)
"""


def texts() -> list[str]:
    return [text.strip() for line in TEXTS.strip().splitlines() for text in line.split("|")]


@cache
def template(text: str) -> Expr:
    """A text read, its operands symbols that occur nowhere else."""
    known = {name: symbol(f"operand{name}", shape) for name, shape in OPERANDS.items()}
    return read_expression(text, known, "numpy")


def written(maker: Maker, shape: Shape, depth: int) -> Expr:
    """A random text at random operands, made to fit a shape."""
    root = template(maker.random.choice(_TEXTS))
    values = {}
    for slot in symbols_of(root):
        make = maker.moved if slot.data[0].startswith("operandR") else maker.make
        values[slot] = make(slot.shape, depth)
    return maker.fitted(replaced(root, values), shape, depth)


_TEXTS = texts()
