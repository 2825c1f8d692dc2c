"""Ejercicios del cuaderno 04: el hueco, respuestas buenas distintas y errores típicos."""
import math

import numpy as np
import pytest

from helpers import check
from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG


def loop_slope(p, x, y):
    total = 0
    for xi, yi in zip(x, y):
        total += 2 * (p * xi - yi) * xi
    return total / len(x)


@pytest.mark.parametrize("answer, state, words", [
    (lambda p, x, y: ..., UNTRIED, "puntos"),
    (lambda p, x, y: -2 * (x * (y - p * x)).mean(), RIGHT, "pendiente de la parábola"),
    (loop_slope, RIGHT, "pendiente de la parábola"),
    (lambda p, x, y: 2 * (p * (x @ x) - x @ y) / len(x), RIGHT, "pendiente de la parábola"),
    (lambda p, x, y: 2 * (x * (y - p * x)).mean(), CLOSE, "signo está cambiado"),
    (lambda p, x, y: -(x * (y - p * x)).mean(), CLOSE, "Falta el 2"),
    (lambda p, x, y: (x * (y - p * x)).mean(), CLOSE, "Falta el 2 de derivar el cuadrado y, además"),
    (lambda p, x, y: -2 * (y - p * x).mean(), CLOSE, "Falta la x"),
    (lambda p, x, y: -2 * (x * (y - p * x)).sum(), CLOSE, "es la suma"),
    (lambda p, x, y: ((y - p * x) ** 2).mean(), CLOSE, "Eso es el costo"),
    (lambda p, x, y: -2 * x * (y - p * x), CLOSE, "Falta promediar"),
    (lambda p, x, y: np.array([-2 * (x * (y - p * x)).mean()]), CLOSE, "no un arreglo"),
    (lambda p, x, y: 0, WRONG, "se esperaba -4")])
def test_slope(answer, state, words):
    verdict = check.descent.slope(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


def right(w, b, x, y, lr):
    e = y - (w * x + b)
    return w + 2 * lr * np.mean(e * x), b + 2 * lr * np.mean(e)


def matrices(w, b, x, y, lr):
    X = np.column_stack([x, np.ones(len(x))])
    return tuple(np.array([w, b]) - lr * 2 / len(y) * X.T @ (X @ [w, b] - y))


def listed(w, b, x, y, lr):
    n, dw, db = len(x), 0, 0
    for xi, yi in zip(x, y):
        dw += 2 * (w * xi + b - yi) * xi / n
        db += 2 * (w * xi + b - yi) / n
    return [w - lr * dw, b - lr * db]


def new_w_first(w, b, x, y, lr):
    w = w - lr * 2 * np.mean((w * x + b - y) * x)
    return w, b - lr * 2 * np.mean(w * x + b - y)


def summed(w, b, x, y, lr):
    e = w * x + b - y
    return w - lr * 2 * np.sum(e * x), b - lr * 2 * np.sum(e)


@pytest.mark.parametrize("answer, state, words", [
    (lambda w, b, x, y, lr: (..., ...), UNTRIED, "puntos"),
    (lambda w, b, x, y, lr: (w, ...), UNTRIED, "puntos"),
    (right, RIGHT, "a la vez"), (matrices, RIGHT, "a la vez"), (listed, RIGHT, "a la vez"),
    (lambda w, b, x, y, lr: np.array(right(w, b, x, y, lr)), RIGHT, "a la vez"),
    (lambda w, b, x, y, lr: right(w, b, x, y, -lr), CLOSE, "se le resta η por su derivada"),
    (lambda w, b, x, y, lr: right(w, b, x, y, lr)[::-1], CLOSE, "primero va w"),
    (lambda w, b, x, y, lr: np.subtract((w, b), right(w, b, x, y, lr)) / lr, CLOSE, "es el gradiente"),
    (new_w_first, CLOSE, "w nueva"), (summed, CLOSE, "es la suma"),
    (lambda w, b, x, y, lr: (w - 2 * lr * np.mean(w * x + b - y), right(w, b, x, y, lr)[1]), CLOSE, "Falta la x"),
    (lambda w, b, x, y, lr: right(w, b, x, y, lr / 2), CLOSE, "Falta el 2"),
    (lambda w, b, x, y, lr: right(w, b, x, y, 1), CLOSE, "tasa de aprendizaje"),
    (lambda w, b, x, y, lr: np.subtract(right(w, b, x, y, lr), (w, b)).tolist(), CLOSE, "solo el cambio"),
    (lambda w, b, x, y, lr: right(w, b, x, y, lr)[0], WRONG, "se esperaba"),
    (lambda w, b, x, y, lr: (w, b), WRONG, "se esperaba")])
def test_step(answer, state, words):
    verdict = check.descent.step(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


X = np.column_stack([[1, 2, 3, 4], np.ones(4)])
LOW, HIGH = np.linalg.eigvalsh(X.T @ X / 2)


@pytest.mark.parametrize("answer, state, words", [
    (..., UNTRIED, "puntos"), ("0.120", WRONG, "sin comillas"),
    (2 / HIGH, RIGHT, "mueven el mínimo"), (0.12, RIGHT, "forma del terreno"),
    (0.1198, RIGHT, "forma del terreno"), (1 / HIGH, CLOSE, "paso perfecto"), (0.0599, CLOSE, "paso perfecto"),
    (2 / LOW, CLOSE, "curvatura menor"), (4 / HIGH, CLOSE, "falta el 2"), (0.5 / HIGH, CLOSE, "dividir por n"),
    (HIGH, CLOSE, "es la curvatura λmax"), (2 / 15, CLOSE, "columna de unos"), (0.0998, WRONG, "No es"),
    (0.121, WRONG, "No es")])
def test_threshold(answer, state, words):
    verdict = check.descent.threshold(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


@pytest.mark.parametrize("answer, state, words", [
    (lambda n, batch, epochs: ..., UNTRIED, "puntos"),
    (lambda n, batch, epochs: epochs * math.ceil(n / batch), RIGHT, "469"),
    (lambda n, batch, epochs: len(range(0, n, batch)) * epochs, RIGHT, "469"),
    (lambda n, batch, epochs: (n // batch + (n % batch > 0)) * epochs, RIGHT, "469"),
    (lambda n, batch, epochs: np.ceil(n / batch) * epochs, RIGHT, "469"),
    (lambda n, batch, epochs: n // batch * epochs, CLOSE, "también cuenta"),
    (lambda n, batch, epochs: n / batch * epochs, CLOSE, "a medias"),
    (lambda n, batch, epochs: math.ceil(n * epochs / batch), CLOSE, "en cada época"),
    (lambda n, batch, epochs: (n // batch + 1) * epochs, CLOSE, "de más"),
    (lambda n, batch, epochs: math.ceil(n / batch), CLOSE, "una sola época"),
    (lambda n, batch, epochs: n * epochs, CLOSE, "ejemplos vistos"),
    (lambda n, batch, epochs: round(n / batch) * epochs, CLOSE, "math.ceil"),
    (lambda n, batch, epochs: n, WRONG, "n = 10, batch = 5, epochs = 1 se esperaba 2")])
def test_updates(answer, state, words):
    verdict = check.descent.updates(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict
