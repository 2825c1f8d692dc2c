"""Ejercicios del cuaderno 08: el hueco, respuestas buenas distintas y errores típicos."""
import math
import warnings

import numpy as np
import pytest

from helpers import check
from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG


def good(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def with_loops(z):
    if np.ndim(z) == 2:
        return [with_loops(row) for row in z]
    e = [math.exp(v - max(z)) for v in z]
    return [v / sum(e) for v in e]


def naive(z):
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


@pytest.mark.parametrize("answer, state, words", [
    (lambda z: ..., UNTRIED, "puntos"), (..., UNTRIED, "puntos"),
    (good, RIGHT, "desborda"), (with_loops, RIGHT, "desborda"),
    (lambda z: np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True)), RIGHT, "desborda"),
    (naive, CLOSE, "nan"), (lambda z: naive(z.T).T if z.ndim == 1 else naive(z), CLOSE, "Resta"),
    (lambda z: np.exp(z - z.max(axis=0)) / np.exp(z - z.max(axis=0)).sum(axis=0), CLOSE, "primer eje"),
    (lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum(), CLOSE, "suma de todas"),
    (lambda z: np.exp(z - z.max(axis=-1, keepdims=True)), CLOSE, "entre el máximo"),
    (lambda z: z / z.sum(axis=-1, keepdims=True), CLOSE, "Falta la exponencial"),
    (lambda z: np.where(z > 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z))), CLOSE, "sigmoide"),
    (lambda z: good(-z), CLOSE, "signo"), (lambda z: (z == z.max(axis=-1, keepdims=True)) * 1, CLOSE, "ganador"),
    (lambda z: z - np.logaddexp.reduce(z, axis=-1, keepdims=True), CLOSE, "logaritmo"),
    (lambda z: np.exp(z - z.max(axis=-1)) / np.exp(z).sum(axis=-1), CLOSE, "keepdims"),
    (lambda z: np.exp(z) / np.sum(np.exp(z)), CLOSE, "toda la tabla"),
    (lambda z: np.exp(z) / np.sum(np.exp(z), axis=0), CLOSE, "por columnas"),
    (lambda z: np.exp(z) / np.exp(z).sum(axis=1, keepdims=True), CLOSE, "una sola fila"),
    (lambda z: 0.5, WRONG, "z = [1., 1.] se esperaba"), (lambda z: None, WRONG, "return"),
    (lambda z: math.exp(z), WRONG, "se detiene")])
def test_softmax(answer, state, words):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # quien aprende no debe ver avisos de NumPy
        verdict = check.losses.softmax(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


@pytest.mark.parametrize("answer, state, words", [
    (lambda z, alpha: ..., UNTRIED, "puntos"),
    (lambda z, alpha: np.where(z > 0, 1, alpha), RIGHT, "rendija"),
    (lambda z, a: [1 if v > 0 else a for v in z], RIGHT, "rendija"),
    (lambda z, a: a + (1 - a) * (z > 0), RIGHT, "rendija"),
    (lambda z, a: np.maximum(a * z, z) / z, RIGHT, "rendija"),
    (lambda z, a: np.maximum(a * z, z), CLOSE, "propia función"), (lambda z, a: (z > 0) * 1, CLOSE, "ReLU simple"),
    (lambda z, a: np.where(z > 0, 1, a * z), CLOSE, "es α, sin la z"),
    (lambda z, a: np.where(z > 0, z, a), CLOSE, "es 1, sin la z"),
    (lambda z, a: np.where(z < 0, 1, a), CLOSE, "intercambiados"),
    (lambda z, a: np.where(z > 0, 1, -a), CLOSE, "signo"), (lambda z, a: np.ones_like(z), CLOSE, "solo a la derecha"),
    (lambda z, a: np.where(z > 0, 1, 0.1), CLOSE, "el alpha que recibes"),
    (lambda z, a: np.maximum(0, z), CLOSE, "Eso es la ReLU"), (lambda z, a: 1 if z > 0 else a, CLOSE, "np.where"),
    (lambda z, a: z + a, WRONG, "se esperaba"), (0.1, WRONG, "Se esperaba una función")])
def test_leaky_slope(answer, state, words):
    verdict = check.losses.leaky_slope(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


def rows(y, p):
    return (y * np.log(p)).sum(axis=1)


def both(y, p):
    return y * np.log(p) + (1 - y) * np.log(1 - p)


@pytest.mark.parametrize("answer, state, words", [
    (lambda y, p: ..., UNTRIED, "puntos"),
    (lambda y, p: -rows(y, p).mean(), RIGHT, "0.43375"),
    (lambda y, p: -np.log((y * p).sum(axis=1)).mean(), RIGHT, "0.43375"),
    (lambda y, p: sum(-math.log(row[list(t).index(1)]) for t, row in zip(y, p)) / len(y), RIGHT, "0.43375"),
    (lambda y, p: -np.log(p[np.arange(len(y)), y.argmax(axis=1)]).mean(), RIGHT, "0.43375"),
    (lambda y, p: rows(y, p).mean(), CLOSE, "Falta el menos"), (lambda y, p: -rows(y, p).sum(), CLOSE, "todo el lote"),
    (lambda y, p: rows(y, p).sum(), CLOSE, "Además"), (lambda y, p: -(y * np.log(p)).mean(), CLOSE, "casillas"),
    (lambda y, p: -both(y, p).sum(axis=1).mean(), CLOSE, "error frecuente"),
    (lambda y, p: both(y, p).sum(axis=1).mean(), CLOSE, "además falta el menos"),
    (lambda y, p: -both(y, p).mean(), CLOSE, "binaria"), (lambda y, p: -rows(1 - y, p).mean(), CLOSE, "equivocadas"),
    (lambda y, p: -rows(p, y).mean(), CLOSE, "Intercambiaste"),
    (lambda y, p: -(y * p).sum(axis=1).mean(), CLOSE, "Falta el logaritmo"),
    (lambda y, p: -rows(y, p).mean() / np.log(10), CLOSE, "decimal"),
    (lambda y, p: -rows(y, p).mean() / np.log(2), CLOSE, "base 2"), (lambda y, p: -rows(y, p), CLOSE, "promediar"),
    (lambda y, p: ((y - p) ** 2).mean(), CLOSE, "cuadrático"),
    (lambda y, p: ((y - p) ** 2).sum(axis=1).mean(), CLOSE, "cuadrático"),
    (lambda y, p: 0.0, WRONG, "se esperaba 0.223144")])
def test_cross_entropy(answer, state, words):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        verdict = check.losses.cross_entropy(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


PRICE, SPAM, DIGIT, GENRES, PLACE, PHOTO, MATCH, WEEK = check.losses.TASKS
SOLUTION = {PRICE: (1, "A"), SPAM: (1, "B"), DIGIT: (10, "C"), GENRES: (12, "D"), PLACE: (2, "A"), PHOTO: (3, "D"),
            MATCH: (3, "C"), WEEK: (7, "A")}
STUB = {task: (..., ...) for task in SOLUTION}


@pytest.mark.parametrize("answer, state, words", [
    (..., UNTRIED, "pareja"), (STUB, UNTRIED, "puntos"), (STUB | {PRICE: (1, ...)}, UNTRIED, "puntos"),
    (STUB | {PRICE: (1, "A")}, UNTRIED, "bien: 1 de 8. Faltan 7"),
    (SOLUTION | {WEEK: (..., "A")}, UNTRIED, "Falta un encargo"),
    (SOLUTION, RIGHT, "Los ocho"), (SOLUTION | {SPAM: (2, "C")}, RIGHT, "Los ocho"),
    ({task: [np.int64(n), row.lower()] for task, (n, row) in SOLUTION.items()}, RIGHT, "Los ocho"),
    (STUB | {PRICE: (1, "B")}, CLOSE, "nunca pasaría de 1"), (STUB | {PRICE: (2, "A")}, CLOSE, "una sola cantidad"),
    (STUB | {SPAM: (2, "B")}, CLOSE, "basta una"), (STUB | {SPAM: (1, "C")}, CLOSE, "vale siempre 1"),
    (STUB | {SPAM: (1, "A")}, CLOSE, "puede valer 7"), (STUB | {DIGIT: (9, "C")}, CLOSE, "diez clases"),
    (STUB | {DIGIT: (1, "A")}, CLOSE, "son nombres"), (STUB | {DIGIT: (10, "D")}, CLOSE, "se excluyen"),
    (STUB | {GENRES: (12, "C")}, CLOSE, "un solo pastel"), (STUB | {GENRES: (1, "D")}, CLOSE, "su propia"),
    (STUB | {PLACE: (1, "A")}, CLOSE, "dos unidades"), (STUB | {PLACE: (2, "C")}, CLOSE, "compitan"),
    (STUB | {PHOTO: (3, "C")}, CLOSE, "obliga a elegir"), (STUB | {PHOTO: (4, "D")}, CLOSE, "tres preguntas"),
    (STUB | {MATCH: (3, "D")}, CLOSE, "solo ocurre uno"), (STUB | {MATCH: (1, "C")}, CLOSE, "tres resultados"),
    (STUB | {WEEK: (1, "A")}, CLOSE, "una cantidad por día"), (STUB | {WEEK: (7, "C")}, CLOSE, "los días no son"),
    (STUB | {PRICE: (1, "D")}, CLOSE, "son cantidades"), (STUB | {PRICE: (1, "lineal")}, WRONG, "A, B, C o D"),
    (STUB | {PRICE: 1}, WRONG, "una pareja"), (STUB | {PRICE: (1, 2)}, WRONG, "una pareja"),
    ({PRICE: (1, "A")}, WRONG, "ocho encargos")])
def test_outputs(answer, state, words):
    verdict = check.losses.outputs(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict
