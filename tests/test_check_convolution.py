"""Los ejercicios del cuaderno 16 reconocen el hueco, las respuestas buenas y los errores típicos."""
import math

import numpy as np
import pytest

from helpers import check
from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG


def verify(verdict, state, words):
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


def count(n, k, stride, padding):
    """Las posiciones, contadas de una en una."""
    return sum(1 for start in range(-padding, n + padding, stride) if start + k <= n + padding)


@pytest.mark.parametrize("answer, state, words", [
    (lambda n, k, s, p: ..., UNTRIED, "puntos"), (..., UNTRIED, "puntos"), (count, RIGHT, "justos"),
    (lambda n, k, s, p: (n + 2 * p - k) // s + 1, RIGHT, "justos"),
    (lambda n, k, s, p: math.floor((n + 2 * p - k) / s + 1), RIGHT, "justos"),
    (lambda n, k, s, p: (n - k + 2 * p + s) // s, RIGHT, "justos"),
    (lambda n, k, s, p: (n + 2 * p - k) // s, CLOSE, "Falta el + 1"),
    (lambda n, k, s, p: (n + 2 * p - k + 1) // s, CLOSE, "después de dividir"),
    (lambda n, k, s, p: (n + p - k) // s + 1, CLOSE, "los dos lados"),
    (lambda n, k, s, p: (n - k) // s + 1, CLOSE, "Falta el relleno"),
    (lambda n, k, s, p: n + 2 * p - k + 1, CLOSE, "entre el paso"),
    (lambda n, k, s, p: (n + 2 * p - k) / s + 1, CLOSE, "medias posiciones"),
    (lambda n, k, s, p: math.ceil((n + 2 * p - k) / s) + 1, CLOSE, "no cabe entera"),
    (lambda n, k, s, p: round((n + 2 * p - k) / s) + 1, CLOSE, "al más cercano"),
    (lambda n, k, s, p: math.ceil(n / s), CLOSE, "«same»"),
    (lambda n, k, s, p: (n + 2 * p + k) // s + 1, CLOSE, "resta sitio"),
    (lambda n, k, s, p: n, WRONG, "n = 5, k = 3, s = 1, p = 0 se esperaba 3 y llegó 5"),
    (lambda n, k, s, p: None, WRONG, "return"), (3, WRONG, "función")])
def test_output_size(answer, state, words):
    verify(check.convolution.output_size(answer), state, words)


def loops(image, kernel):
    k = len(kernel)
    return [[sum(image[i + a][j + b] * kernel[a][b] for a in range(k) for b in range(k))
             for j in range(len(image[0]) - k + 1)] for i in range(len(image) - k + 1)]


def windows(image, kernel):
    return np.einsum("ijkl,kl->ij", np.lib.stride_tricks.sliding_window_view(image, kernel.shape), kernel)


def slow(image, kernel, flip=False, plus=False, assign=False, size=lambda h, k: h - k + 1, swap=False, turn=False,
         mean=False, deaf=False, product=False, keep=False):
    """Cuatro bucles, con los errores que se pidan."""
    k = len(kernel)
    rows, columns = size(image.shape[0], k), size(image.shape[1], k)
    out = np.zeros(image.shape if keep else (columns, rows) if swap else (rows, columns))
    for i in range(rows):
        for j in range(columns):
            total = 0
            if product:
                total = (image[i:i + k, j:j + k] @ kernel).sum()
            for a in range(k if not product else 0):
                for b in range(k):
                    w = kernel[k - 1 - a, k - 1 - b] if flip else kernel[b, a] if turn else kernel[a, b]
                    w = 1 if deaf else w
                    value = image[i + a, j + b] + w if plus else image[i + a, j + b] * w
                    total = value if assign else total + value
            out[(j, i) if swap else (i, j)] = total / k**2 if mean else total
    return out


def with_padding(image, kernel):
    k = len(kernel)
    return slow(np.pad(image, ((k // 2, (k - 1) // 2),) * 2), kernel)


@pytest.mark.parametrize("answer, state, words", [
    (lambda image, kernel: ..., UNTRIED, "puntos"), (loops, RIGHT, "multiplica"), (windows, RIGHT, "multiplica"),
    (slow, RIGHT, "multiplica"), (lambda x, w: slow(x, w, flip=True), CLOSE, "Volteaste"),
    (lambda x, w: slow(x, w, plus=True), CLOSE, "se multiplican"),
    (lambda x, w: slow(x, w, size=lambda h, k: h - k), CLOSE, "Falta una posición"),
    (lambda x, w: slow(x, w, swap=True), CLOSE, "traspuesta"), (lambda x, w: slow(x, w, turn=True), CLOSE, "fila i"),
    (lambda x, w: slow(x, w, mean=True), CLOSE, "media"), (lambda x, w: slow(x, w, assign=True), CLOSE, "+="),
    (lambda x, w: slow(x, w, deaf=True), CLOSE, "sin mirar los pesos"),
    (lambda x, w: slow(x, w, product=True), CLOSE, "casilla con casilla"), (with_padding, CLOSE, "relleno"),
    (lambda x, w: slow(x, w, keep=True), CLOSE, "demasiado grande"),
    (lambda x, w: slow(x, w).astype(int), CLOSE, "decimales"),
    (lambda x, w: slow(x, w, size=lambda h, k: h), WRONG, "se detiene: IndexError"),
    (lambda x, w: x, WRONG, "se esperaba"), (lambda x, w: None, WRONG, "return")])
def test_conv2d(answer, state, words):
    verify(check.convolution.conv2d(answer), state, words)


def by_reshape(image, size, operation=np.max):
    h, w = image.shape[0] // size, image.shape[1] // size
    return operation(image[:h * size, :w * size].reshape(h, size, w, size), axis=(1, 3))


def by_loops(image, size, step=None, operation=max, extra=0):
    step = step or size
    return [[operation(v for row in image[i:i + size] for v in row[j:j + size])
             for j in range(0, len(image[0]) - size + 1 + extra, step)]
            for i in range(0, len(image) - size + 1 + extra, step)]


@pytest.mark.parametrize("answer, state, words", [
    (lambda image, size: ..., UNTRIED, "puntos"), (by_reshape, RIGHT, "sin un solo peso"),
    (by_loops, RIGHT, "sin un solo peso"), (lambda x, k: by_reshape(x, k, np.mean), CLOSE, "la media"),
    (lambda x, k: by_loops(x, k, step=1), CLOSE, "se pisan"),
    (lambda x, k: by_loops(x, k, operation=min), CLOSE, "menor"),
    (lambda x, k: by_loops(x, k, operation=sum), CLOSE, "la suma"), (lambda x, k: x.max(), CLOSE, "global"),
    (lambda x, k: by_reshape(x, k).T, CLOSE, "traspuesto"),
    (lambda x, k: x[:len(x) // k * k:k, :x.shape[1] // k * k:k], CLOSE, "sin mirar los demás"),
    (lambda x, k: by_loops(x, k, extra=k - 1), CLOSE, "a medias"),
    (lambda x, k: x.reshape(len(x) // k, k, -1, k).max(axis=(1, 3)), WRONG, "se detiene: ValueError"),
    (lambda x, k: x, WRONG, "se esperaba"), (lambda x, k: None, WRONG, "return")])
def test_max_pool(answer, state, words):
    verify(check.convolution.max_pool(answer), state, words)


@pytest.mark.parametrize("kernel, state, words", [
    (..., UNTRIED, "puntos"), ([[..., 0, 0], [0, 0, 0], [0, 0, 0]], UNTRIED, "puntos"), (None, UNTRIED, "puntos"),
    ([[-1, -1, -1], [0, 0, 0], [1, 1, 1]], RIGHT, "infinitos"),
    (np.array([[1, 2, 1], [0, 0, 0], [-1, -2, -1]]), RIGHT, "infinitos"), ([[1], [-1]], RIGHT, "infinitos"),
    ([[0, 0.1, 0], [0, -0.1, 0]], RIGHT, "infinitos"),
    ([[0, 1, 0], [0, -2, 0], [0, 1, 0]], RIGHT, "infinitos"), ([[1 / 3], [1 / 3], [-2 / 3]], RIGHT, "infinitos"),
    ([[-1, 0, 1]] * 3, CLOSE, "Traspón"), ([[0, 1, 0], [1, -4, 1], [0, 1, 0]], CLOSE, "cada columna"),
    ([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]], CLOSE, "cada columna"), ([[0, 0, 0]] * 3, CLOSE, "ninguno"),
    ([[1, 0, -1], [0, 0, 0], [-1, 0, 1]], CLOSE, "ninguno"),
    ([[1, 1, 1], [0, 0, 0], [0, 0, 0]], CLOSE, "suman 3. Deben"),
    ([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], CLOSE, "suman 1"), ([1, 0, -1], WRONG, "(3,)"), ([], WRONG, "(0,)"),
    ([[1, 2], [3]], WRONG, "mismo largo"), ("abc", WRONG, "filas de números"), (np.ones((9, 9)), WRONG, "(9, 9)"),
    ([[np.inf], [1]], WRONG, "(2, 1)")])
def test_horizontal(kernel, state, words):
    verify(check.convolution.horizontal(kernel), state, words)
