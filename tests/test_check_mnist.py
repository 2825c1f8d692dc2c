"""Ejercicios del cuaderno 14: el hueco, respuestas buenas distintas y errores típicos."""
import math

import numpy as np
import pytest

from helpers import check
from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG


def same(verdict, state, words):
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


def with_loop(sizes):
    total = 0
    for k in range(1, len(sizes)):
        total += sizes[k - 1] * sizes[k] + sizes[k]
    return total


@pytest.mark.parametrize("answer, state, words", [
    (lambda s: ..., UNTRIED, "puntos"), (..., UNTRIED, "puntos"), (with_loop, RIGHT, "13 002"),
    (lambda s: np.dot(np.array(s[:-1]) + 1, s[1:]), RIGHT, "13 002"),
    (lambda s: sum(a * b for a, b in zip(s, s[1:])), CLOSE, "Faltan los sesgos"),
    (lambda s: sum(a * b for a, b in zip(s, s[1:])) + sum(s), CLOSE, "Las entradas no tienen"),
    (lambda s: sum(a * b + 1 for a, b in zip(s, s[1:])), CLOSE, "no uno solo"),
    (lambda s: sum(a * (b + 1) for a, b in zip(s, s[1:])), CLOSE, "por entrada"),
    (math.prod, CLOSE, "no se multiplican"), (sum, CLOSE, "Eso son neuronas"),
    (lambda s: sum(s[1:]), CLOSE, "Eso son neuronas"), (lambda s: (s[0] + 1) * s[1], CLOSE, "primera capa"),
    (lambda s: (s[-2] + 1) * s[-1], CLOSE, "última capa"), (lambda s: 7850, WRONG, "101770"),
    (lambda s: None, WRONG, "return"), (lambda s: s[9], WRONG, "se detiene"), (7850, WRONG, "función")])
def test_parameters(answer, state, words):
    same(check.mnist.parameters(answer), state, words)


def loop_entropy(p, y):
    total = 0
    for row, c in zip(p, y):
        total -= math.log(row[c])
    return total / len(y)


def one_hot_entropy(p, y):
    return -(np.eye(p.shape[1])[y] * np.log(p)).sum() / len(p)


def pick(p, y):
    return p[np.arange(len(y)), y]


@pytest.mark.parametrize("answer, state, words", [
    (lambda p, y: ..., UNTRIED, "puntos"), (..., UNTRIED, "puntos"), (loop_entropy, RIGHT, "ln K"),
    (one_hot_entropy, RIGHT, "ln K"),
    (lambda p, y: np.mean(-np.log(np.take_along_axis(p, y[:, None], 1))), RIGHT, "ln K"),
    (lambda p, y: -loop_entropy(p, y), CLOSE, "signo menos"),
    (lambda p, y: -np.log10(pick(p, y)).mean(), CLOSE, "base 10"),
    (lambda p, y: -np.log2(pick(p, y)).mean(), CLOSE, "base 2"),
    (lambda p, y: -np.log(pick(p, y)).sum(), CLOSE, "no la suma"),
    (lambda p, y: -np.log(pick(p, y)), CLOSE, "cada ejemplo"), (lambda p, y: np.log(pick(p, y)), CLOSE, "signo"),
    (lambda p, y: -(np.eye(p.shape[1])[y] * np.log(p)).mean(), CLOSE, "n · K"),
    (lambda p, y: -np.log(p).mean(), CLOSE, "de la clase correcta"),
    (lambda p, y: -np.log(pick(p, y).mean()), CLOSE, "Promediaste antes"),
    (lambda p, y: -np.log(p.max(1)).mean(), CLOSE, "más probable"),
    (lambda p, y: 1 - pick(p, y).mean(), CLOSE, "logaritmo"), (lambda p, y: pick(p, y).mean(), CLOSE, "logaritmo"),
    (lambda p, y: np.mean([-math.log(r[c]) - sum(math.log(1 - v) for k, v in enumerate(r) if k != c)
                           for r, c in zip(p, y)]), CLOSE, "varias etiquetas"),
    (lambda p, y: -np.log(p[:, y]).mean(), CLOSE, "n × n"), (lambda p, y: 0, WRONG, "se esperaba"),
    (lambda p: 0, WRONG, "se detiene")])
def test_cross_entropy(answer, state, words):
    same(check.mnist.cross_entropy(answer), state, words)


def centers(x, y):
    return np.stack([x[y == c].mean(0) for c in np.unique(y)])


def with_loops(x, y, new):
    means, answer = centers(x, y), []
    for row in new:
        answer.append(min(range(len(means)), key=lambda c: math.dist(row, means[c])))
    return answer


def squares(x, y, new):
    return ((new[:, None] - centers(x, y)) ** 2).sum(2)


@pytest.mark.parametrize("answer, state, words", [
    (lambda x, y, new: ..., UNTRIED, "puntos"), (..., UNTRIED, "puntos"), (with_loops, RIGHT, "82"),
    (lambda x, y, new: (new @ centers(x, y).T - (centers(x, y) ** 2).sum(1) / 2).argmax(1), RIGHT, "82"),
    (lambda x, y, new: np.linalg.norm(new[:, None] - centers(x, y), axis=2).argmin(1), RIGHT, "82"),
    (lambda x, y, new: squares(x, y, new).argmax(1), CLOSE, "argmin"),
    (lambda x, y, new: squares(x, y, new).argmin(0), CLOSE, "por filas"),
    (lambda x, y, new: squares(x, y, new).argmin(), CLOSE, "un solo número"),
    (squares, CLOSE, "Falta elegir"), (lambda x, y, new: squares(x, y, new).min(1), CLOSE, "argmin en lugar"),
    (lambda x, y, new: (new[:, None] - centers(x, y)).sum(2).argmin(1), CLOSE, "cuadrado"),
    (lambda x, y, new: np.abs(new[:, None] - centers(x, y)).sum(2).argmin(1), CLOSE, "valores absolutos"),
    (lambda x, y, new: ((new[:, None] - np.array([[x[y == c].mean()] for c in np.unique(y)])) ** 2).sum(2).argmin(1),
     CLOSE, "axis=0"),
    (lambda x, y, new: (new @ centers(x, y).T).argmax(1), CLOSE, "medias grandes"),
    (lambda x, y, new: y[((new[:, None] - x) ** 2).sum(2).argmin(1)], CLOSE, "ejemplo más cercano"),
    (lambda x, y, new: ((new[:, None] - x) ** 2).sum(2).argmin(1), CLOSE, "lugar del ejemplo"),
    (lambda x, y, new: np.zeros(len(new)), WRONG, "se esperaba"), (lambda x, y: y, WRONG, "se detiene")])
def test_nearest_mean(answer, state, words):
    same(check.mnist.nearest_mean(answer), state, words)


def off(counts):
    counts = counts.copy()
    np.fill_diagonal(counts, 0)
    return counts


def searching(counts):
    best = (0, 1)
    for i in range(len(counts)):
        for j in range(len(counts)):
            if i != j and counts[i, j] > counts[best]:
                best = (i, j)
    return list(best)


@pytest.mark.parametrize("answer, state, words", [
    (lambda c: ..., UNTRIED, "puntos"), (lambda c: (..., ...), UNTRIED, "puntos"), (searching, RIGHT, "dónde mirar"),
    (lambda c: np.unravel_index(off(c).argmax(), c.shape), RIGHT, "dónde mirar"),
    (lambda c: divmod(int(off(c).argmax()), len(c)), RIGHT, "dónde mirar"),
    (lambda c: tuple(np.argwhere(off(c) == off(c).max())[0]), RIGHT, "dónde mirar"),
    (lambda c: np.argwhere(off(c) == off(c).max())[0], RIGHT, "dónde mirar"),
    (lambda c: np.unravel_index(c.argmax(), c.shape), CLOSE, "diagonal"),
    (lambda c: np.unravel_index(off(c).T.argmax(), c.shape), CLOSE, "al revés"),
    (lambda c: off(c).argmax(), CLOSE, "unravel_index"), (lambda c: c.argmax(), CLOSE, "incluiste la diagonal"),
    (lambda c: off(c).max(), CLOSE, "cuántas veces"),
    (lambda c: np.unravel_index(np.triu(off(c) + off(c).T).argmax(), c.shape), CLOSE, "dos sentidos"),
    (lambda c: np.unravel_index((c + 99 * np.eye(len(c))).argmin(), c.shape), CLOSE, "menos frecuente"),
    (lambda c: (0, 1), WRONG, "se esperaba"), (lambda c: c[9], WRONG, "se detiene")])
def test_most_confused(answer, state, words):
    same(check.mnist.most_confused(answer), state, words)
