"""Ejercicios del cuaderno 03: el hueco, respuestas buenas distintas y errores típicos."""
import math

import numpy as np
import pytest

from helpers import check
from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG


def rmse_with_loop(y, y_hat):
    total = 0
    for target, guess in zip(y, y_hat):
        total += (target - guess) ** 2
    return math.sqrt(total / len(y))


@pytest.mark.parametrize("answer, state, words", [
    (lambda y, p: ..., UNTRIED, "puntos"),
    (lambda y, p: np.sqrt(np.mean((y - p) ** 2)), RIGHT, "al final la raíz"),
    (rmse_with_loop, RIGHT, "al final la raíz"),
    (lambda y, p: np.linalg.norm(y - p) / len(y) ** 0.5, RIGHT, "al final la raíz"),
    (lambda y, p: np.mean((y - p) ** 2), CLOSE, "falta la raíz"),
    (lambda y, p: np.sqrt(np.sum((y - p) ** 2)), CLOSE, "en vez de promediarlos"),
    (lambda y, p: np.sum((y - p) ** 2), CLOSE, "SSE"),
    (lambda y, p: np.mean(abs(y - p)), CLOSE, "MAE"),
    (lambda y, p: np.sqrt(np.mean(y - p) ** 2), CLOSE, "promedias y luego elevas"),
    (lambda y, p: np.sqrt(np.sum((y - p) ** 2)) / len(y), CLOSE, "va dentro de la raíz"),
    (lambda y, p: np.std(y - p), CLOSE, "desviación estándar"),
    (lambda y, p: y - p, WRONG, "se esperaba 3.53553"), (lambda y, p: None, WRONG, "return"),
    (lambda y, p: np.sqrt(np.mean((y - z) ** 2)), WRONG, "NameError")])  # noqa: F821
def test_rmse(answer, state, words):
    verdict = check.regression.rmse(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


def slope(x, y):
    return np.sum((x - x.mean()) * (y - y.mean())) / np.sum((x - x.mean()) ** 2)


def line_with_loop(x, y):
    mx, my = sum(x) / len(x), sum(y) / len(y)
    w = sum((a - mx) * (t - my) for a, t in zip(x, y)) / sum((a - mx) ** 2 for a in x)
    return [w, my - w * mx]


def covariance(x, y):
    return np.cov(x, y, bias=True)[0, 1]


@pytest.mark.parametrize("answer, state, words", [
    (lambda x, y: (..., ...), UNTRIED, "puntos"), (lambda x, y: (slope(x, y), ...), UNTRIED, "puntos"),
    (lambda x, y: (slope(x, y), y.mean() - slope(x, y) * x.mean()), RIGHT, "1.0954"),
    (line_with_loop, RIGHT, "1.0954"), (lambda x, y: np.polyfit(x, y, 1), RIGHT, "1.0954"),
    (lambda x, y: tuple(np.polyfit(x, y, 1)[::-1]), CLOSE, "al revés"),
    (lambda x, y: (covariance(x, y) / y.var(), y.mean() - covariance(x, y) / y.var() * x.mean()), CLOSE, "denominador"),
    (lambda x, y: tuple(np.polyfit(y, x, 1)), CLOSE, "se intercambiaron"),
    (lambda x, y: ((x @ y) / (x @ x), y.mean() - (x @ y) / (x @ x) * x.mean()), CLOSE, "restar las medias"),
    (lambda x, y: (np.cov(x, y)[0, 1] / np.var(x), y.mean() - np.cov(x, y)[0, 1] / np.var(x) * x.mean()),
     CLOSE, "np.cov divide entre n − 1"),
    (lambda x, y: (covariance(x, y), y.mean() - covariance(x, y) * x.mean()), CLOSE, "Falta dividir"),
    (lambda x, y: (np.corrcoef(x, y)[0, 1], y.mean() - np.corrcoef(x, y)[0, 1] * x.mean()), CLOSE, "correlación"),
    (lambda x, y: (slope(x, y), slope(x, y) * x.mean() - y.mean()), CLOSE, "signo cambiado"),
    (lambda x, y: (slope(x, y), y.mean()), CLOSE, "no es la media de y"),
    (lambda x, y: (slope(x, y), y[0] - slope(x, y) * x[0]), CLOSE, "punto medio"),
    (lambda x, y: tuple(np.round(np.polyfit(x, y, 1), 4)), CLOSE, "No redondees"),
    (lambda x, y: np.round(np.polyfit(x, y, 1), 2), CLOSE, "No redondees"),
    (lambda x, y: (round(slope(x, y), 2), y.mean() - round(slope(x, y), 2) * x.mean()), CLOSE, "No redondees"),
    (lambda x, y: slope(x, y), WRONG, "se esperaba [3.5, 0.5]"),
    (lambda x, y: (1, 0), WRONG, "x = [0., 1., 2.]")])
def test_line(answer, state, words):
    verdict = check.regression.line(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


def ones(x):
    return np.column_stack([np.ones(len(x)), x])


def ones_last(x):
    return np.column_stack([x, np.ones(len(x))])


def several_ones(x):
    return np.column_stack([np.ones(x.shape), x])


def normal(X, y):
    return np.linalg.solve(X.T @ X, X.T @ y)


@pytest.mark.parametrize("answer, state, words", [
    (lambda x, y: ..., UNTRIED, "puntos"),
    (lambda x, y: normal(ones(x), y), RIGHT, "para mil"),
    (lambda x, y: np.linalg.lstsq(ones(x), y, rcond=None)[0], RIGHT, "para mil"),
    (lambda x, y: np.linalg.inv(ones(x).T @ ones(x)) @ ones(x).T @ y, RIGHT, "para mil"),
    (lambda x, y: list(np.linalg.pinv(ones(x)) @ y), RIGHT, "para mil"),
    (lambda x, y: normal(x, y), CLOSE, "columna de unos"),
    (lambda x, y: normal(ones_last(x), y), CLOSE, "va delante"),
    (lambda x, y: ones(x).T @ y, CLOSE, "resolver el sistema"),
    (lambda x, y: ones(x) @ normal(ones(x), y), CLOSE, "predicciones"),
    (lambda x, y: ones(x).T @ ones(x) @ (ones(x).T @ y), CLOSE, "multiplicaste"),
    (lambda x, y: np.linalg.solve(ones(x) @ ones(x).T, ones(x) @ y), CLOSE, "XXᵀ"),
    (lambda x, y: np.linalg.solve(ones(x) @ ones(x).T, y), CLOSE, "XXᵀ"),
    (lambda x, y: np.linalg.solve(ones(x), y), CLOSE, "cuadrada"),
    (lambda x, y: np.linalg.lstsq(ones(x), y, rcond=None), CLOSE, "devuelve cuatro cosas; los pesos son la primera"),
    (lambda x, y: normal(ones(x), y)[:, None], CLOSE, "en columna"),
    (lambda x, y: normal(ones(x), y.reshape(-1, 1)), CLOSE, "en columna"),
    (lambda x, y: normal(several_ones(x), y), CLOSE, "np.ones(len(x))"),
    (lambda x, y: np.linalg.inv(several_ones(x).T @ several_ones(x)) @ several_ones(x).T @ y, CLOSE, "np.ones(len(x))"),
    (lambda x, y: np.linalg.lstsq(several_ones(x), y, rcond=None)[0], CLOSE, "np.ones(len(x))"),
    (lambda x, y: np.zeros(x.shape[1] + 1), WRONG, "se esperaba"),
    (lambda x, y: normal(unos(x), y), WRONG, "NameError")])  # noqa: F821
def test_fit(answer, state, words):
    verdict = check.regression.fit(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


@pytest.mark.parametrize("answer, state, words", [
    (..., UNTRIED, "puntos"), ([...], UNTRIED, "puntos"), (97.785, RIGHT, "6300"), (97.8, RIGHT, "6300"),
    (np.float64(97.78507), RIGHT, "6300"), (np.array([97.785]), RIGHT, "6300"), ([97.8], RIGHT, "6300"),
    (np.array(97.8), RIGHT, "6300"), (np.array([[97.785]]), RIGHT, "6300"),
    (97785, CLOSE, "miles de euros"), (93.261, CLOSE, "publicada"), (93.683, CLOSE, "media"),
    (54.772, CLOSE, "ordenada"), (2151.75, CLOSE, "cambiados"), (125.74, CLOSE, "mar"), (97.646, CLOSE, "MAE"),
    (100, CLOSE, "recta a ojo"), (95, CLOSE, "recta a ojo"), ([100], CLOSE, "recta a ojo"),
    (98, CLOSE, "redondeaste"), (97, CLOSE, "redondeaste"), (97.7, CLOSE, "redondeaste"),
    ([98.5], CLOSE, "redondeaste"),
    (90, WRONG, "No es 90"), ("97", WRONG, "No es"), (["97"], WRONG, "No es"), ([97.8, 1], WRONG, "No es")])
def test_price(answer, state, words):
    verdict = check.regression.price(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict
