"""Ejercicios del cuaderno 02: el hueco, respuestas buenas distintas y errores típicos."""
import numpy as np
import pytest

from helpers import check
from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG


def with_loop(y, y_hat, classes):
    matrix = [[0] * classes for _ in range(classes)]
    for real, predicted in zip(y, y_hat):
        matrix[real][predicted] += 1
    return matrix


def with_bincount(y, y_hat, classes):
    return np.bincount(classes * y + y_hat, minlength=classes**2).reshape(classes, classes)


def with_masks(y, y_hat, classes):
    return np.array([[((y == i) & (y_hat == j)).sum() for j in range(classes)] for i in range(classes)], float)


def counted_once(y, y_hat, classes):
    matrix = np.zeros((classes, classes))
    matrix[y, y_hat] += 1
    return matrix


@pytest.mark.parametrize("answer, state, words", [
    (lambda y, y_hat, k: ..., UNTRIED, "puntos"), (..., UNTRIED, "puntos"),
    (with_loop, RIGHT, "diagonal"), (with_bincount, RIGHT, "diagonal"), (with_masks, RIGHT, "diagonal"),
    (lambda y, y_hat, k: with_bincount(y_hat, y, k), CLOSE, "intercambiadas"),
    (counted_once, CLOSE, "una sola vez"),
    (lambda y, y_hat, k: with_bincount(y, y_hat, k) / len(y), CLOSE, "cuenta ejemplos"),
    (lambda y, y_hat, k: with_masks(y, y_hat, k) / np.maximum(np.bincount(y, minlength=k), 1)[:, None], CLOSE,
     "de cada fila"),
    (lambda y, y_hat, k: with_masks(y, y_hat, k) / with_masks(y, y_hat, k).sum(axis=1, keepdims=True), CLOSE,
     "de cada fila"),  # con 0/0
    (lambda y, y_hat, k: with_masks(y, y_hat, k) / with_masks(y, y_hat, k).sum(axis=0), CLOSE, "de cada columna"),
    (lambda y, y_hat, k: with_bincount(y, y_hat, k) * np.eye(k), CLOSE, "Solo has contado los aciertos"),
    (lambda y, y_hat, k: with_bincount(y, y_hat, k) * (1 - np.eye(k)), CLOSE, "Solo has contado los errores"),
    (lambda y, y_hat, k: with_bincount(y, y_hat, k)[::-1, ::-1], CLOSE, "al revés"),
    (lambda y, y_hat, k: with_loop(y, y_hat, max(max(y), max(y_hat)) + 1), CLOSE, "`classes`"),
    (lambda y, y_hat, k: (y == y_hat).mean(), WRONG, "se esperaba"), (lambda y, y_hat, k: None, WRONG, "return"),
    (lambda y, y_hat, k: with_loop(y, y_hat, 1), WRONG, "se detiene")])
def test_confusion(answer, state, words):
    verdict = check.metrics.confusion(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


def ratio(a, b):
    return 0 if b == 0 else a / b


def precision(tp, fp, fn, tn):
    return ratio(tp, tp + fp)


def recall(tp, fp, fn, tn):
    return ratio(tp, tp + fn)


def accuracy(tp, fp, fn, tn):
    return (tp + tn) / (tp + fp + fn + tn)


def specificity(tp, fp, fn, tn):
    return ratio(tn, tn + fp)


def f1(p, r):
    return ratio(2 * p * r, p + r)


def build(first=precision, second=recall, mean=f1, factor=1):
    """Una respuesta con las tres métricas; cada argumento cambia una pieza."""
    def answer(*counts):
        p, r = first(*counts), second(*counts)
        return factor * p, factor * r, factor * mean(p, r)
    return answer


def with_counts(tp, fp, fn, tn):
    return [tp / max(tp + fp, 1), tp / max(tp + fn, 1), 2 * tp / max(2 * tp + fp + fn, 1)]


@pytest.mark.parametrize("answer, state, words", [
    (lambda *c: (..., ..., ...), UNTRIED, "puntos"), (lambda *c: (0.5, ..., 0), UNTRIED, "puntos"),
    (build(), RIGHT, "0.696"), (with_counts, RIGHT, "0.696"),
    (lambda *c: tuple(map(np.float64, with_counts(*c))), RIGHT, "0.696"),
    (lambda *c: np.array(with_counts(*c)), RIGHT, "0.696"),
    (lambda *c: np.array([..., ..., ...]), UNTRIED, "puntos"), (lambda *c: None, WRONG, "return"),
    (lambda *c: 0.5, WRONG, "se esperaba"), (..., UNTRIED, "puntos"), (3, WRONG, "una función"),
    (build(recall, precision), CLOSE, "intercambiadas"),
    (build(first=accuracy), CLOSE, "Eso es la exactitud, no la precisión"),
    (lambda *c: (accuracy(*c), *build()(*c)[1:]), CLOSE, "sinónimos. F1 está bien"),
    (build(second=accuracy), CLOSE, "no la exhaustividad"), (build(second=specificity), CLOSE, "Los TN no entran"),
    (build(second=lambda tp, fp, fn, tn: ratio(tp, tp + tn)), CLOSE, "TP + TN, todos los aciertos"),
    (build(mean=lambda p, r: (p + r) / 2), CLOSE, "cerca del más bajo"),
    (build(mean=lambda p, r: p * r), CLOSE, "no es el producto"),
    (build(mean=lambda p, r: np.sqrt(p * r)), CLOSE, "geométrica"),
    (build(mean=lambda p, r: ratio(p * r, p + r)), CLOSE, "falta el 2"), (build(factor=100), CLOSE, "porcentajes"),
    (lambda tp, fp, fn, tn: (tp / (tp + fp), tp / (tp + fn), 0), WRONG, "ZeroDivisionError"),
    (lambda *c: build()(*c)[:2], WRONG, "se esperaba (0.615385, 0.8, 0.695652)")])
def test_metrics(answer, state, words):
    verdict = check.metrics.metrics(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


def cut(order, first=0.6, second=0.8):
    n = len(order)
    return order[:int(first * n)], order[int(first * n):int(second * n)], order[int(second * n):]


def with_sets(n, rng):
    left = set(range(n))
    train = rng.choice(sorted(left), round(0.6 * n), replace=False)
    left -= set(train.tolist())
    validation = rng.choice(sorted(left), round(0.2 * n), replace=False)
    return train.tolist(), validation.tolist(), sorted(left - set(validation.tolist()))


def shuffled_apart(n, rng):
    return [rng.permutation(part) for part in cut(np.arange(n))]


def rest_in_order(n, rng):
    train = rng.choice(n, int(0.6 * n), replace=False)
    rest = np.setdiff1d(np.arange(n), train)
    return train, rest[:len(rest) // 2], rest[len(rest) // 2:]


def rest_shuffled(n, rng):
    train = rng.choice(n, int(0.6 * n), replace=False)
    rest = rng.permutation(np.setdiff1d(np.arange(n), train))
    return train, rest[:len(rest) // 2], rest[len(rest) // 2:]


def lossy(n, rng):
    order, a, b = rng.permutation(n), int(0.6 * n), int(0.2 * n)
    return order[:a], order[a:a + b], order[a + b:a + 2 * b]


@pytest.mark.parametrize("answer, state, words", [
    (..., UNTRIED, "puntos"), (lambda n, rng: ..., UNTRIED, "puntos"),
    (lambda n, rng: (..., ..., ...), UNTRIED, "puntos"),
    (lambda n, rng: rng.permutation(n)[:... * n], UNTRIED, "por completar"),
    (lambda n, rng: cut(rng.permutation(n)), RIGHT, "Nadie se repite"), (with_sets, RIGHT, "Nadie se repite"),
    (lambda n, rng: np.split(rng.permutation(n), [round(0.6 * n), round(0.8 * n)]), RIGHT, "Nadie se repite"),
    (rest_shuffled, RIGHT, "Nadie se repite"), (rest_in_order, CLOSE, "setdiff1d"),
    (lambda n, rng: (lambda a, b, c: (a, c, b))(*rest_in_order(n, rng)), CLOSE, "sin barajar entre sí"),
    (lambda n, rng: cut(np.arange(n)), CLOSE, "No has barajado"), (shuffled_apart, CLOSE, "No has barajado"),
    (lambda n, rng: cut(np.arange(n)[::-1]), CLOSE, "No has barajado"),
    (lambda n, rng: [rng.choice(n, int(s * n), replace=False) for s in (0.6, 0.2, 0.2)], CLOSE, "repetidos"),
    (lambda n, rng: cut(rng.integers(0, n, n)), CLOSE, "repetidos"), (lossy, CLOSE, "suman 56"),
    (lambda n, rng: cut(rng.permutation(n), 0.8, 0.9), CLOSE, "60, 20 y 20"),
    (lambda n, rng: cut(rng.permutation(n))[::-1], CLOSE, "en ese orden"),
    (lambda n, rng: cut(1 + rng.permutation(n)), CLOSE, "0 a n − 1"),
    (lambda n, rng: cut(rng.permutation(n) / n), CLOSE, "enteros"),
    (lambda n, rng: cut(np.random.default_rng(0).permutation(n)), CLOSE, "no uno tuyo"),
    (lambda n, rng: cut(np.random.default_rng().permutation(n)), CLOSE, "no np.random"),
    (lambda n, rng: cut(rng.permutation(n))[:2], WRONG, "tres arreglos"), (lambda n, rng: n, WRONG, "tres arreglos"),
    (lambda n, rng: None, WRONG, "return"), (lambda n, rng: 1 / 0, WRONG, "ZeroDivisionError"),
    (3, WRONG, "una función")])
def test_split(answer, state, words):
    verdict = check.metrics.split(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


def tried_down(scores, y, recall):
    for t in sorted(set(scores.tolist()), reverse=True):
        if sum((scores >= t) & (y == 1)) / sum(y) >= recall:
            return t


def by_rank(scores, y, recall):
    positive = np.sort(scores[y == 1])[::-1]
    return positive[int(np.ceil(recall * len(positive) - 1e-9)) - 1]


def first(scores, y, recall, measure, order):
    return next((t for t in order(np.unique(scores)) if measure(scores, y, t) >= recall), np.nan)


def skip_lowest(scores, y, recall, cautious=1e-9):
    positive = np.sort(scores[y == 1])
    return positive[int((1 - recall) * len(positive) + cautious)]


def up(values):
    return values


def down(values):
    return values[::-1]


@pytest.mark.parametrize("answer, state, words", [
    (lambda s, y, r: ..., UNTRIED, "puntos"), (tried_down, RIGHT, "se escaparían"), (by_rank, RIGHT, "se escaparían"),
    (skip_lowest, RIGHT, "se escaparían"), (lambda s, y, r: skip_lowest(s, y, r, 0), CLOSE, "int()"),
    (lambda s, y, r: max(t for t in s if (s[y == 1] >= t).mean() > r), CLOSE, ">= recall"),
    (lambda s, y, r: first(s, y, r, lambda s, y, t: (s[y == 1] > t).mean(), down), CLOSE, "no >"),
    (lambda s, y, r: min(s), CLOSE, "no es el más alto"),
    (lambda s, y, r: first(s, y, r, lambda s, y, t: y[s >= t].mean(), down), CLOSE, "Eso es la precisión."),
    (lambda s, y, r: first(s, y, r, lambda s, y, t: y[s >= t].mean(), up), CLOSE, "más bajo que la alcanza"),
    (lambda s, y, r: first(s, y, r, lambda s, y, t: (s >= t).mean(), down), CLOSE, "entre todos los ejemplos"),
    (lambda s, y, r: first(s, y, r, lambda s, y, t: (s[y == 1] <= t).mean(), up), CLOSE, "al revés"),
    (lambda s, y, r: np.quantile(s[y == 1], 1 - r), CLOSE, "np.quantile"),
    (lambda s, y, r: (s[y == 1] >= tried_down(s, y, r)).mean(), CLOSE, "Se pide el umbral"),
    (lambda s, y, r: 0.5, WRONG, "se esperaba 0.7"), (lambda s, y, r: None, WRONG, "return")])
def test_threshold(answer, state, words):
    verdict = check.metrics.threshold(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict
