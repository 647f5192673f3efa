"""Matrix calculus: a matrix expression in, its derivative in closed form out, checked."""
