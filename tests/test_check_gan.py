"""Ejercicios del cuaderno 34: el hueco, respuestas buenas distintas y errores típicos."""
import numpy as np
import pytest

from helpers import check
from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG


@pytest.mark.parametrize("answer, state, words", [
    (lambda d, g: ..., UNTRIED, "puntos"),
    (lambda d, g: d / (d + g), RIGHT, "½"),
    (lambda d, g: 1 - g / (g + d), RIGHT, "½"),
    (lambda d, g: np.divide(d, np.add(d, g)).tolist(), RIGHT, "½"),
    (lambda d, g: g / (d + g), CLOSE, "al revés"),
    (lambda d, g: d, CLOSE, "no es una probabilidad"),
    (lambda d, g: d - g, CLOSE, "diferencia"),
    (lambda d, g: np.asarray(d > g, float), CLOSE, "entre 0 y 1"),
    (lambda d, g: np.full(np.shape(d), 0.5), CLOSE, "Siempre ½"),
    (lambda d, g: d * g, WRONG, "se esperaba 0.8"),
    (lambda d, g: 0.5, WRONG, "se esperaba")])
def test_best_discriminator(answer, state, words):
    verdict = check.gan.best_discriminator(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


@pytest.mark.filterwarnings("ignore:divide by zero")
def test_ratio_of_densities():
    """p_d / p_g da infinito donde el generador nunca llega: es un error, y tiene su pista."""
    verdict = check.gan.best_discriminator(lambda d, g: d / g)
    assert verdict.state == CLOSE and "la suma de las dos" in verdict.hint


@pytest.mark.parametrize("answer, state, words", [
    (lambda p: ..., UNTRIED, "puntos"),
    (lambda p: -np.mean(np.log(p)), RIGHT, "ln 2"),
    (lambda p: sum(-np.log(v) for v in p) / len(p), RIGHT, "ln 2"),
    (lambda p: np.log(1 / p).mean(), RIGHT, "ln 2"),
    (lambda p: np.log(p).mean(), CLOSE, "signo menos"),
    (lambda p: np.log(1 - p).mean(), CLOSE, "se satura"),
    (lambda p: -np.log(1 - p).mean(), CLOSE, "oír «real»"),
    (lambda p: -np.log(p).sum(), CLOSE, "Falta la media"),
    (lambda p: -np.log(p), CLOSE, "un solo número"),
    (lambda p: -np.log(p.mean()), CLOSE, "dentro de la media"),
    (lambda p: -np.log2(p).mean(), CLOSE, "natural"),
    (lambda p: -np.log10(p).mean(), CLOSE, "natural"),
    (lambda p: -np.log(1 / (1 + np.exp(-p))).mean(), CLOSE, "otra sigmoide"),
    (lambda p: (1 - p).mean(), CLOSE, "Falta el logaritmo"), (lambda p: -p.mean(), CLOSE, "Falta el logaritmo"),
    (lambda p: -np.log(p).mean() - np.log(1 - p).mean(), CLOSE, "dos términos"),
    (lambda p: p.max(), WRONG, "se esperaba")])
def test_generator_loss(answer, state, words):
    verdict = check.gan.generator_loss(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


def distances(real, fake):
    return np.sqrt(((real[:, None] - fake[None]) ** 2).sum(-1))


def with_loops(real, fake, limit):
    covered = 0
    for point in real:
        covered += any(np.sqrt(sum((point - other) ** 2)) < limit for other in fake)
    return covered / len(real)


@pytest.mark.parametrize("answer, state, words", [
    (lambda r, f, limit: ..., UNTRIED, "puntos"),
    (with_loops, RIGHT, "rincón"),
    (lambda r, f, limit: (distances(r, f) < limit).any(1).mean(), RIGHT, "rincón"),
    (lambda r, f, limit: (distances(r, f) < limit).any(0).mean(), CLOSE, "lo contrario"),
    (lambda r, f, limit: (distances(r, f) < limit).any(1).sum(), CLOSE, "dividir"),
    (lambda r, f, limit: (distances(r, f).mean(1) < limit).mean(), CLOSE, "mínima"),
    (lambda r, f, limit: (distances(r, f) < limit).all(1).mean(), CLOSE, "Basta con una"),
    (lambda r, f, limit: (distances(r, f) < limit).mean(), CLOSE, "pares"),
    (lambda r, f, limit: ((distances(r, f) ** 2).min(1) < limit).mean(), CLOSE, "raíz"),
    (lambda r, f, limit: 1 - with_loops(r, f, limit), CLOSE, "la otra"),
    (lambda r, f, limit: (distances(r, f).min(1) <= limit).mean(), CLOSE, "justo en el límite"),
    (lambda r, f, limit: distances(r, f).min(1) < limit, CLOSE, "Falta la fracción"),
    (lambda r, f, limit: 100 * with_loops(r, f, limit), CLOSE, "porcentaje"),
    (lambda r, f, limit: with_loops(r, f, limit) * len(r) / len(f), CLOSE, "número de generados"),
    (lambda r, f, limit: 1.0, WRONG, "se esperaba 0.5")])
def test_coverage(answer, state, words):
    verdict = check.gan.coverage(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


@pytest.mark.parametrize("answer, state, words", [
    (lambda a, b, n: ..., UNTRIED, "puntos"),
    (lambda a, b, n: np.linspace(a, b, n), RIGHT, "iguales"),
    (lambda a, b, n: [a + k / (n - 1) * (b - a) for k in range(n)], RIGHT, "iguales"),
    (lambda a, b, n: np.linspace(a, b, n, endpoint=False), CLOSE, "No llegas"),
    (lambda a, b, n: np.linspace(a, b, n + 1)[1:], CLOSE, "salir desde"),
    (lambda a, b, n: np.linspace(b, a, n), CLOSE, "al revés"),
    (lambda a, b, n: np.linspace(a, b, n, axis=1), CLOSE, "traspuesta"),
    (lambda a, b, n: np.linspace(a, b, n + 1), CLOSE, "Sobra"),
    (lambda a, b, n: np.linspace(0 * a, b - a, n), CLOSE, "empieza en el origen"),
    (lambda a, b, n: np.linspace(a, a + b, n), CLOSE, "1 − t"),
    (lambda a, b, n: np.stack([a, b]), WRONG, "se esperaba")])
def test_walk(answer, state, words):
    verdict = check.gan.walk(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict
