"""Ejercicios del cuaderno 06: el hueco, respuestas buenas distintas y errores típicos."""
import math
import warnings

import numpy as np
import pytest

from helpers import check
from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG


def good(z):
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + small), small / (1 + small))


def with_loop(z):
    def one(v):
        return 1 / (1 + math.exp(-v)) if v > -700 else 0.0

    return [one(v) for v in z] if np.ndim(z) else one(z)


@pytest.mark.parametrize("answer, state, words", [
    (lambda z: ..., UNTRIED, "puntos"), (..., UNTRIED, "puntos"),
    (good, RIGHT, "desborda"), (with_loop, RIGHT, "desborda"),
    (lambda z: 1 / (1 + np.exp(-np.clip(z, -500, 500))), RIGHT, "desborda"),
    (lambda z: 1 / (1 + np.exp(-z)), CLOSE, "por suerte"),
    (lambda z: np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z))), CLOSE, "por suerte"),
    (lambda z: 1 / (1 + np.exp(-z)) if z >= 0 else np.exp(z) / (1 + np.exp(z)), CLOSE, "np.where"),
    (lambda z: (1 + np.tanh(np.asarray(z) / 2)) / 2, RIGHT, "desborda"),
    (lambda z: 1 / (1 + np.exp(z)), CLOSE, "Falta el menos"),
    (lambda z: np.exp(z) / (1 + np.exp(z)), CLOSE, "nan"), (np.tanh, CLOSE, "tangente"),
    (np.exp, CLOSE, "apuestas"), (lambda z: 1 + np.exp(-z), CLOSE, "numerador"),
    (lambda z: np.heaviside(z, 0), CLOSE, "perceptrón"), (lambda z: np.clip(z, 0, 1), CLOSE, "no es una recta"),
    (lambda z: good(z) * (1 - good(z)), CLOSE, "derivada"),
    (lambda z: 0.5, WRONG, "z = 2 se esperaba 0.880797"), (lambda z: None, WRONG, "return"),
    (lambda z: 1 / (1 + math.exp(-z)), CLOSE, "solo admite un número"),
    (lambda z: 1 / 0, WRONG, "se detiene"), (0.5, WRONG, "Se esperaba una función")])
def test_sigmoid(answer, state, words):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # quien aprende no debe ver avisos de NumPy
        verdict = check.logistic.sigmoid(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


def both(y, p):
    return y * np.log(p) + (1 - y) * np.log(1 - p)


@pytest.mark.parametrize("answer, state, words", [
    (lambda y, p: ..., UNTRIED, "puntos"),
    (lambda y, p: -both(y, p).mean(), RIGHT, "0.27978"),
    (lambda y, p: sum(-math.log(q if t else 1 - q) for t, q in zip(y, p)) / len(y), RIGHT, "0.27978"),
    (lambda y, p: -np.log(np.where(y == 1, p, 1 - p)).mean(), RIGHT, "0.27978"),
    (lambda y, p: both(y, p).mean(), CLOSE, "falta el menos"),
    (lambda y, p: -np.mean(y * np.log(p)), CLOSE, "Falta el segundo"),
    (lambda y, p: -np.mean((1 - y) * np.log(1 - p)), CLOSE, "Falta el primer"),
    (lambda y, p: -both(y, p).sum(), CLOSE, "no la suma"),
    (lambda y, p: both(y, p).sum(), CLOSE, "Además del menos"),
    (lambda y, p: -both(y, p).mean() / np.log(10), CLOSE, "decimal"),
    (lambda y, p: -both(y, p).mean() / np.log(2), CLOSE, "base 2"),
    (lambda y, p: np.mean(-y * np.log(p) + (1 - y) * np.log(1 - p)), CLOSE, "Los dos términos llevan menos"),
    (lambda y, p: -both(y, p), CLOSE, "Falta promediar"),
    (lambda y, p: -both(1 - y, p).mean(), CLOSE, "interruptores"),
    (lambda y, p: np.mean((y - p) ** 2), CLOSE, "cuadrático"), (lambda y, p: np.abs(y - p).mean(), CLOSE, "mentir"),
    (lambda y, p: -both(p, y).mean(), CLOSE, "Cambiaste y por p"),
    (lambda y, p: 0.0, WRONG, "se esperaba 0.105361")])
def test_bce(answer, state, words):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        verdict = check.logistic.bce(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


def plain(x, y, w, b):
    error = good(x @ w + b) - y
    return (error[:, None] * x).mean(axis=0), error.mean()


def mean_form(x, y, w, b, size):
    slope, other = plain(x, y, w, b)
    return slope + size * w, other


def loops(x, y, w, b, size):
    slope, other = [0.0] * len(w), 0.0
    for row, target in zip(x, y):
        error = 1 / (1 + math.exp(-sum(i * j for i, j in zip(row, w)) - b)) - target
        slope = [s + error * v / len(y) for s, v in zip(slope, row)]
        other += error / len(y)
    return [s + size * v for s, v in zip(slope, w)], other


def changed(out=good, factor=lambda p: 1, scale=1, bias=1, pay=1):
    def answer(x, y, w, b, size):
        p = out(x @ w + bias * b)
        error = scale * (p - y) * factor(p)
        return x.T @ error / len(y) + pay * size * w, error.mean()

    return answer


def parts(by_w=lambda n, d: 1, by_b=lambda n, d: 1, pay=1):
    def answer(x, y, w, b, size):
        slope, other = plain(x, y, w, b)
        return by_w(*x.shape) * slope + pay * size * w, by_b(*x.shape) * other

    return answer


def n_times(n, d):
    return n


def flat_bias(x, y, w, b, size):
    return mean_form(x, y, w, b, size)[0], good(x @ w + b) - y


def prime(p):
    return p * (1 - p)


@pytest.mark.parametrize("answer, state, words", [
    (lambda x, y, w, b, s: (..., ...), UNTRIED, "puntos"),
    (lambda x, y, w, b, s: (mean_form(x, y, w, b, s)[0], ...), UNTRIED, "puntos"),
    (mean_form, RIGHT, "tres casos"), (loops, RIGHT, "tres casos"), (changed(), RIGHT, "tres casos"),
    (changed(pay=0), CLOSE, "Falta el cobro"), (changed(pay=2), CLOSE, "sobra un 2"),
    (changed(pay=0.5), CLOSE, "se cancela"), (changed(pay=-1), CLOSE, "premia los pesos grandes"),
    (lambda x, y, w, b, s: (mean_form(x, y, w, b, s)[0], plain(x, y, w, b)[1] + s * b), CLOSE, "El sesgo no paga"),
    (lambda x, y, w, b, s: (plain(x, y, w, b)[0] + s * w / len(y), plain(x, y, w, b)[1]), CLOSE, "no se divide"),
    (changed(factor=prime), CLOSE, "sobra la derivada"), (changed(factor=prime, pay=0), CLOSE, "sobra la derivada"),
    (changed(scale=-1), CLOSE, "signo"), (changed(scale=-1, pay=0), CLOSE, "signo"),
    (lambda x, y, w, b, s: (plain(x, y, w, b)[1] + s * w, plain(x, y, w, b)[1]), CLOSE, "Falta la x"),
    (changed(bias=0), CLOSE, "Falta el sesgo"),
    (lambda x, y, w, b, s: (mean_form(x, y, w, b, s)[0], 0), CLOSE, "el sesgo también"),
    (changed(out=lambda z: z), CLOSE, "Falta la sigmoide"),
    (changed(out=lambda z: np.heaviside(z, 0)), CLOSE, "Redondeaste"),
    (changed(scale=2), CLOSE, "Sobra el 2"), (changed(factor=prime, scale=2), CLOSE, "error cuadrático"),
    (parts(n_times, n_times), CLOSE, "falta dividir entre n"), (parts(n_times, n_times, 0), CLOSE, "falta dividir"),
    (parts(by_b=n_times), CLOSE, "la del sesgo también"), (parts(by_w=n_times), CLOSE, "la de los pesos"),
    (parts(*[lambda n, d: n / d] * 2), CLOSE, "número de pesos"), (flat_bias, CLOSE, "promedia el error"),
    (lambda *a: mean_form(*a)[::-1], CLOSE, "otro orden"),
    (lambda x, y, w, bias, s: (w, bias), WRONG, "bias = 0"), (lambda x, y, w, b, s: w, WRONG, "se esperaba")])
def test_gradient(answer, state, words):
    verdict = check.logistic.gradient(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


@pytest.mark.parametrize("boundary, almost_sure, state, words", [
    (..., ..., UNTRIED, "puntos"), (4.8, ..., UNTRIED, "puntos"), (..., 5.68, UNTRIED, "puntos"),
    (4.8, 5.678889830934488, RIGHT, "centímetro"), (np.float64(4.8), 5.679, RIGHT, "centímetro"),
    (12 / 2.5, 4.8 + math.log(9) / 2.5, RIGHT, "centímetro"),
    (4.8, 5.68, RIGHT, "centímetro"), (5.68, 4.8, CLOSE, "otro orden"), (4.8, 5.7, WRONG, "No es 5.7"),
    (-4.8, 5.679, CLOSE, "0.5: cuida el signo"), (2.5 / 12, 5.679, CLOSE, "invertida"),
    (-2.5 / 12, 5.679, CLOSE, "qué divide a qué"), (5.0, 5.679, CLOSE, "no es z = 0.5"), (12, 5.679, CLOSE, "dividir"),
    (4.8, 5.16, CLOSE, "no es z = 0.9"), (4.8, 8.4, CLOSE, "log(9), no 9"), (4.8, 3.9211, CLOSE, "da 0.1"),
    (4.8, 5.1817, CLOSE, "decimal"), (4.8, 4.75786, CLOSE, "0.9 entre 0.1"), (4.8, 4.8, CLOSE, "frontera"),
    (4.8, -3.9211, CLOSE, "signo de b"), (4.8, 6.99722, CLOSE, "dividirlo entre w"),
    (6, 5.679, WRONG, "No es 6"), (4.8, 6, WRONG, "No es 6"), (4.8, "5", WRONG, "No es")])
def test_lengths(boundary, almost_sure, state, words):
    verdict = check.logistic.lengths(boundary, almost_sure)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict
