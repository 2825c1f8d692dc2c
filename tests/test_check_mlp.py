"""Ejercicios del cuaderno 07: el hueco, respuestas buenas distintas y errores típicos."""
import math

import numpy as np
import pytest

from helpers import check
from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG


def s(z):
    return 1 / (1 + np.exp(-np.asarray(z, float)))


def good(X, W1, b1, w2, b2):
    return s(s(X @ W1 + b1) @ w2 + b2)


def loops(X, W1, b1, w2, b2):
    out = []
    for row in X:
        h = [s(sum(v * W1[i][j] for i, v in enumerate(row)) + b1[j]) for j in range(len(b1))]
        out.append(float(s(sum(a * b for a, b in zip(h, w2)) + b2)))
    return out


@pytest.mark.parametrize("answer, state, words", [
    (lambda X, W1, b1, w2, b2: ..., UNTRIED, "puntos"), (..., UNTRIED, "puntos"),
    (good, RIGHT, "0.7513"), (loops, RIGHT, "0.7513"),
    (lambda X, W1, b1, w2, b2: (1 + np.tanh((s(b1 + X.dot(W1)).dot(w2) + b2) / 2)) / 2, RIGHT, "0.7513"),
    (lambda X, W1, b1, w2, b2: s((X @ W1 + b1) @ w2 + b2), CLOSE, "σ de dentro"),
    (lambda X, W1, b1, w2, b2: s(X @ W1 + b1) @ w2 + b2, CLOSE, "σ de la salida"),
    (lambda X, W1, b1, w2, b2: (X @ W1 + b1) @ w2 + b2, CLOSE, "las dos σ"),
    (lambda X, W1, b1, w2, b2: good(X, W1, 0, w2, b2), CLOSE, "Falta b1"),
    (lambda X, W1, b1, w2, b2: good(X, W1, b1, w2, 0), CLOSE, "Falta b2"),
    (lambda X, W1, b1, w2, b2: good(X, W1, 0, w2, 0), CLOSE, "Faltan los sesgos"),
    (lambda X, W1, b1, w2, b2: good(X, W1, -b1, w2, -b2), CLOSE, "no se restan"),
    (lambda X, W1, b1, w2, b2: good(X, W1.T, b1, w2, b2), CLOSE, "traspuesta"),
    (lambda X, W1, b1, w2, b2: s(np.heaviside(X @ W1 + b1, 0) @ w2 + b2), CLOSE, "los votos"),
    (lambda X, W1, b1, w2, b2: np.round(good(X, W1, b1, w2, b2)), CLOSE, "la salida a 0 o 1"),
    (lambda X, W1, b1, w2, b2: good(X, W1, b1, w2[:, None], b2), CLOSE, "devuelve una matriz"),
    (lambda X, W1, b1, w2, b2: good(W1, X, b1, w2, b2), CLOSE, "a la izquierda"),
    (lambda X, W1, b1, w2, b2: s(s(X * W1 + b1) @ w2 + b2), CLOSE, "casilla a casilla"),
    (lambda X, W1, b1, w2, b2: s(s(X * W1 + b1) * w2 + b2), CLOSE, "casilla a casilla"),
    (lambda X, W1, b1, w2, b2: s(s(X @ W1 + b1) * w2 + b2), CLOSE, "casilla a casilla"),
    (lambda X, W1, b1, w2, b2: s(s(X[:2] @ W1 + b1) @ w2 + b2), WRONG, "se esperaba"),
    (lambda X, W1, b1, w2, b2: X @ W1 @ np.ones(7), WRONG, "se detiene"),
    (lambda X, W1, b1, w2, b2: np.full(len(X), 0.5), WRONG, "se esperaba"),
    (lambda X, W1, b1, w2, b2: None, WRONG, "return"), (0.7513, WRONG, "Se esperaba una función")])
def test_forward(answer, state, words):
    verdict = check.mlp.forward(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


AND, CARLA = ([1, 1], -1.5), ([1, -1], -0.5)


@pytest.mark.parametrize("dora, carla, state, words", [
    (([..., ...], ...), ([..., ...], ...), UNTRIED, "puntos"), (AND, ([1, ...], ...), UNTRIED, "puntos"),
    (AND, CARLA, RIGHT, "negativo"), ((np.array([2.0, 3.0]), -4), ((3, -5), -1.0), RIGHT, "negativo"),
    (([-1, -1], 1.5), CARLA, CLOSE, "NAND"),
    (([1, 1], -0.5), CARLA, WRONG, "con (0, 1) vota 1"), (([1, 1], -2), CARLA, WRONG, "con (1, 1) vota 0"),
    (AND, ([-1, 1], 0.5), CLOSE, "XNOR"), (AND, ([1, 0], -0.5), CLOSE, "copia a Ana"),
    (AND, ([2, -1], -0.5), CLOSE, "copia a Ana"), (AND, ([1, 1], -1.5), CLOSE, "exige su voto"),
    (AND, ([0, 0], -1), CLOSE, "con (0, 1) recibe los votos (1, 0) y dice 0"),
    (AND, ([0, 0], 1), CLOSE, "con (0, 0) recibe los votos (0, 0) y dice 1"),
    (([1], 0), CARLA, WRONG, "dos pesos"), ((["a", 1], 0), CARLA, WRONG, "listas de dos números"),
    (([1, 1], None), CARLA, WRONG, "un número cada uno")])
def test_committee(dora, carla, state, words):
    verdict = check.mlp.committee(*dora, *carla)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


@pytest.mark.parametrize("answer, state, words", [
    (lambda d, k, m: ..., UNTRIED, "puntos"),
    (lambda d, k, m: (d + 1) * k + (k + 1) * m, RIGHT, "13"),
    (lambda d, k, m: d * k + k + k * m + m, RIGHT, "13"),
    (lambda d, k, m: sum(np.zeros(shape).size for shape in [(d, k), k, (k, m), m]), RIGHT, "13"),
    (lambda d, k, m: d * k + k * m, CLOSE, "Faltan los sesgos: uno"),
    (lambda d, k, m: d * k + k + k + 1, CLOSE, "una sola salida"),
    (lambda d, k, m: d + (d + 1) * k + (k + 1) * m, CLOSE, "también en las entradas"),
    (lambda d, k, m: (d + 1) * k + k * m, CLOSE, "sesgos de la salida"),
    (lambda d, k, m: d * k + (k + 1) * m, CLOSE, "sesgos de la capa oculta"),
    (lambda d, k, m: d * k + k * m + 2, CLOSE, "su propio sesgo"),
    (lambda d, k, m: k + m, CLOSE, "Eso son las neuronas"), (lambda d, k, m: d + k + m, CLOSE, "círculos"),
    (lambda d, k, m: (d + 1) * k + (k + 1) * m + d * m, CLOSE, "directamente"),
    (lambda d, k, m: 13, WRONG, "d = 2, k = 1, m = 1 se esperaba 5")])
def test_parameters(answer, state, words):
    verdict = check.mlp.parameters(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


def loops_merge(W1, b1, W2, b2):
    k, m = W2.shape
    W = [[math.fsum(row[j] * W2[j, o] for j in range(k)) for o in range(m)] for row in W1]
    return W, [math.fsum(b1[j] * W2[j, o] for j in range(k)) + b2[o] for o in range(m)]


@pytest.mark.parametrize("answer, state, words", [
    (lambda W1, b1, W2, b2: (..., ...), UNTRIED, "puntos"),
    (lambda W1, b1, W2, b2: (W1 @ W2, ...), UNTRIED, "puntos"),
    (lambda W1, b1, W2, b2: (W1 @ W2, b1 @ W2 + b2), RIGHT, "una"), (loops_merge, RIGHT, "una"),
    (lambda W1, b1, W2, b2: (np.einsum("dk,km->dm", W1, W2), b2 + W2.T @ b1), RIGHT, "una"),
    (lambda W1, b1, W2, b2: (W1 @ W2, b2), CLOSE, "no es solo b2"),
    (lambda W1, b1, W2, b2: (W1 @ W2, b1 + b2), CLOSE, "tal cual"),
    (lambda W1, b1, W2, b2: (W1 @ W2, b1 @ W2), CLOSE, "le falta sumarle b2"),
    (lambda W1, b1, W2, b2: (W1 @ W2, W2 @ b1 + b2), CLOSE, "a la derecha"),
    (lambda W1, b1, W2, b2: (W2 @ W1, b1 @ W2 + b2), CLOSE, "El orden importa"),
    (lambda W1, b1, W2, b2: (W2 @ W1, b2), CLOSE, "al sesgo le falta b1"),
    (lambda W1, b1, W2, b2: (W1 * W2, b1 @ W2 + b2), CLOSE, "casilla a casilla"),
    (lambda W1, b1, W2, b2: (W1 * W2, b1 * W2 + b2), CLOSE, "casilla a casilla"),
    (lambda W1, b1, W2, b2: (W1 * W2, b1 * b2), CLOSE, "casilla a casilla"),
    (lambda W1, b1, W2, b2: (W1 @ W2, b1 * W2 + b2), CLOSE, "En el sesgo: el *"),
    (lambda W1, b1, W2, b2: (W1 @ W2, b1[None] @ W2 + b2), CLOSE, "(1, m)"),
    (lambda W1, b1, W2, b2: (W1 + W2, b1 + b2), CLOSE, "no se suman"),
    (lambda W1, b1, W2, b2: (W1 @ W2, b1 * b2), CLOSE, "no se multiplican"),
    (lambda W1, b1, W2, b2: (b1 @ W2 + b2, W1 @ W2), CLOSE, "otro orden"),
    (lambda W1, b1, W2, b2: (W1, b1), WRONG, "se esperaba"), (lambda W1, b1, W2, b2: W1 @ W2, WRONG, "se esperaba")])
def test_merge(answer, state, words):
    verdict = check.mlp.merge(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict
