"""Ejercicios del cuaderno 01: el hueco, respuestas buenas distintas y errores típicos."""
import numpy as np
import pytest

from helpers import check
from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG


def z(x, w, b):
    return sum(wi * xi for wi, xi in zip(w, x)) + b


@pytest.mark.parametrize("answer, state, words", [
    (lambda x, w, b: ..., UNTRIED, "puntos"),
    (lambda x, w, b: 1 if z(x, w, b) > 0 else 0, RIGHT, "pesos negativos"),
    (lambda x, w, b: np.heaviside(x @ w + b, 0), RIGHT, "pesos negativos"),
    (lambda x, w, b: (x * w).sum() + b > 0, RIGHT, "pesos negativos"),
    (lambda x, w, b: int(x @ w > 0), CLOSE, "Falta sumar el sesgo"),
    (lambda x, w, b: int(x @ w + b >= 0), CLOSE, "> y no >="),
    (lambda x, w, b: int(x @ w - b > 0), CLOSE, "se suma, no se resta"),
    (lambda x, w, b: int(x @ w + b <= 0), CLOSE, "al revés"),
    (z, CLOSE, "falta compararla"), (lambda x, w, b: int(x @ w + b > 5), CLOSE, "dos veces el umbral"),
    (lambda x, w, b: 1 if z(x, w, b) > 0 else -1, CLOSE, "no −1"),
    (lambda x, w, b: 1, WRONG, "se esperaba 0")])
def test_decide(answer, state, words):
    verdict = check.perceptron.decide(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


def right(w, b, x, t, lr):
    error = t - (1 if np.dot(w, x) + b > 0 else 0)
    return [wi + lr * error * xi for wi, xi in zip(w, x)], b + lr * error


def with_if(w, b, x, t, lr):
    predicted = w @ x + b > 0
    if predicted and not t:
        return w - lr * x, b - lr
    if t and not predicted:
        return w + lr * x, b + lr
    return w, b


@pytest.mark.parametrize("answer, state, words", [
    (lambda w, b, x, t, lr: (..., ...), UNTRIED, "puntos"),
    (lambda w, b, x, t, lr: (right(w, b, x, t, lr)[0], ...), UNTRIED, "puntos"),
    (right, RIGHT, "no toca nada"), (with_if, RIGHT, "no toca nada"),
    (lambda w, b, x, t, lr: right(w, b, x, t, -lr), CLOSE, "signo"),
    (lambda w, b, x, t, lr: (w + lr * (t - (w @ x + b > 0)), right(w, b, x, t, lr)[1]), CLOSE, "Falta la x"),
    (lambda w, b, x, t, lr: (right(w, b, x, t, lr)[0], b), CLOSE, "el sesgo también"),
    (lambda w, b, x, t, lr: right(w, b, x, t, 1), CLOSE, "tasa de aprendizaje"),
    (lambda w, b, x, t, lr: (w + lr * t * x, b + lr * t), CLOSE, "restar la predicción"),
    (lambda w, b, x, t, lr: (w + lr * (t - (w @ x > 0)) * x, b + lr * (t - (w @ x > 0))), CLOSE, "falta el sesgo"),
    (lambda w, b, x, t, lr: (w + lr * (t - (w @ x + b >= 0)) * x, b + lr * (t - (w @ x + b >= 0))), CLOSE, "empate"),
    (lambda w, b, x, t, lr: (w, b), WRONG, "w = [0., 0.], b = 0, x = [1., 1.], t = 1, lr = 0.5 se esperaba"),
    (lambda w, b, x, t, lr: w, WRONG, "se esperaba")])
def test_update(answer, state, words):
    verdict = check.perceptron.update(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


@pytest.mark.parametrize("weights, bias, state, words", [
    ([..., ...], ..., UNTRIED, "puntos"), ([1, 1], ..., UNTRIED, "puntos"), ([..., 1], 0, UNTRIED, "puntos"),
    ([-1, -1], 1.5, RIGHT, "infinitas"), (np.array([-2.0, -3.0]), 4, RIGHT, "infinitas"), ((-5, -5), 9, RIGHT, ""),
    ([1, 1], -1.5, CLOSE, "Eso es AND"), ([-1, -1], 0.5, WRONG, "(0, 1) da 0"), ([0, 0], 1, WRONG, "(1, 1) da 1"),
    ([-1, -1], 2.5, WRONG, "(1, 1)"), ([-1], 1.5, WRONG, "dos pesos"),
    ([-1, -1], None, WRONG, "un número"), ([-1, -1], "uno", WRONG, "un número"), ("ab", 1, WRONG, "dos números")])
def test_nand(weights, bias, state, words):
    verdict = check.perceptron.nand(weights, bias)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


@pytest.mark.parametrize("answer, state, words", [
    (..., UNTRIED, "puntos"), (14, RIGHT, "XNOR"), (14.0, RIGHT, "XNOR"), (16, CLOSE, "imposible"),
    (15, CLOSE, "contraria"), (12, CLOSE, "constantes"), (2, CLOSE, "posibles"), (8, WRONG, "No es 8")])
def test_separable(answer, state, words):
    verdict = check.perceptron.separable(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict
