"""Ejercicios del cuaderno 05: el hueco, respuestas buenas distintas y errores típicos."""
import numpy as np
import pytest

from helpers import check
from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG


def ball(w, v, g, lr, beta):
    v = beta * v - lr * g
    return w + v, v


def listed(w, v, g, lr, beta):
    v = np.asarray(v) * beta - lr * np.asarray(g)
    return [np.asarray(w) + v, v]


def uphill(w, v, g, lr, beta):
    v = beta * v + lr * g
    return w - v, v


def torch(w, v, g, lr, beta):
    v = beta * v + g
    return w - lr * v, v


def nag(w, v, g, lr, beta):
    v = beta * v - lr * g
    return w + beta * v - lr * g, v


@pytest.mark.parametrize("answer, state, words", [
    (lambda w, v, g, lr, beta: (..., ...), UNTRIED, "puntos"),
    (lambda w, v, g, lr, beta: (w, ...), UNTRIED, "puntos"),
    (ball, RIGHT, "inercia"), (listed, RIGHT, "inercia"),
    (lambda w, v, g, lr, beta: (w - lr * g + beta * v, -(lr * g - beta * v)), RIGHT, "inercia"),
    (lambda w, v, g, lr, beta: ball(w, v, -g, lr, beta), CLOSE, "Subes"),
    (lambda w, v, g, lr, beta: ball(w, 0 * v, g, lr, beta), CLOSE, "no recuerda"),
    (nag, CLOSE, "Eso es NAG"),
    (lambda w, v, g, lr, beta: ball(w, v, (1 - beta) * g, lr, beta), CLOSE, "(1 − β)"),
    (lambda w, v, g, lr, beta: ball(w, v, g, 1, beta), CLOSE, "tasa de aprendizaje"),
    (lambda w, v, g, lr, beta: (w + v, beta * v - lr * g), CLOSE, "velocidad vieja"),
    (lambda w, v, g, lr, beta: (beta * v - lr * g, beta * v - lr * g), CLOSE, "solo el cambio"),
    (lambda w, v, g, lr, beta: ball(w, v, g, lr, 1), CLOSE, "rozamiento"),
    (torch, CLOSE, "PyTorch"), (uphill, CLOSE, "cuesta arriba"),
    (lambda w, v, g, lr, beta: ball(w, v, g, lr, beta)[::-1], CLOSE, "El orden"),
    (lambda w, v, g, lr, beta: ball(w, v, g, lr, beta)[0], WRONG, "se esperaba"),
    (lambda w, v, g, lr, beta: (w, v), WRONG, "se esperaba")])
def test_momentum(answer, state, words):
    verdict = check.optimizers.momentum(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


def averages(g, m, v, b1=0.9, b2=0.999):
    return b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2


def paper(w, g, m, v, t, lr, fix_m=True, fix_v=True, eps=1e-7):
    m, v = averages(g, m, v)
    m_hat, v_hat = m / (1 - 0.9**t if fix_m else 1), v / (1 - 0.999**t if fix_v else 1)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def keras(w, g, m, v, t, lr):
    m, v = averages(g, m, v)
    return w - lr * np.sqrt(1 - 0.999**t) / (1 - 0.9**t) * m / (np.sqrt(v) + 1e-7), m, v


def no_root(w, g, m, v, t, lr):
    m, v = averages(g, m, v)
    return w - lr * m / (1 - 0.9**t) / (v / (1 - 0.999**t) + 1e-7), m, v


def inside(w, g, m, v, t, lr):
    m, v = averages(g, m, v)
    return w - lr * m / (1 - 0.9**t) / np.sqrt(v / (1 - 0.999**t) + 1e-7), m, v


def no_square(w, g, m, v, t, lr):
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * abs(g)
    return w - lr * m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.999**t)) + 1e-7), m, v


def swapped(w, g, m, v, t, lr):
    m, v = averages(g, m, v, 0.999, 0.9)
    return w - lr * m / (1 - 0.999**t) / (np.sqrt(v / (1 - 0.9**t)) + 1e-7), m, v


def no_power(w, g, m, v, t, lr):
    m, v = averages(g, m, v)
    return w - lr * m / 0.1 / (np.sqrt(v / 0.001) + 1e-7), m, v


def no_m(w, g, m, v, t, lr):
    m, v = averages(g, m, v)
    return w - lr * g / (np.sqrt(v / (1 - 0.999**t)) + 1e-7), m, v


def hats(w, g, m, v, t, lr):
    new_m, new_v = averages(g, m, v)
    return paper(w, g, m, v, t, lr)[0], new_m / (1 - 0.9**t), new_v / (1 - 0.999**t)


def one_late(w, g, m, v, t, lr):
    return paper(w, g, m, v, t + 1, lr)


def signed(w, g, m, v, t, lr):
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g
    return w - lr * m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.999**t)) + 1e-7), m, v


def old_averages(w, g, m, v, t, lr):
    return w - lr * m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.999**t)) + 1e-7), *averages(g, m, v)


@pytest.mark.parametrize("answer, state, words", [
    (lambda w, g, m, v, t, lr: (..., ..., ...), UNTRIED, "puntos"),
    (lambda w, g, m, v, t, lr: (w, m, ...), UNTRIED, "puntos"),
    (paper, RIGHT, "Adam entero"), (keras, RIGHT, "Adam entero"),
    (lambda *a: list(paper(*a)), RIGHT, "Adam entero"),
    (lambda w, g, m, v, t, lr: paper(w, g, m, v, t, -lr), CLOSE, "Subes"), (no_root, CLOSE, "Falta la raíz"),
    (inside, CLOSE, "fuera de la raíz"),
    (lambda *a: paper(*a, fix_m=False, fix_v=False), CLOSE, "corregir el arranque"),
    (lambda *a: paper(*a, fix_m=False), CLOSE, "corregir m"),
    (lambda *a: paper(*a, fix_v=False), CLOSE, "corregir v"), (no_square, CLOSE, "Falta el cuadrado"),
    (swapped, CLOSE, "cambiado las β"), (no_power, CLOSE, "elevar las β a t"), (no_m, CLOSE, "RMSprop"),
    (one_late, CLOSE, "no le sumes 1"), (signed, CLOSE, "Falta el cuadrado"),
    (old_averages, CLOSE, "medias viejas"), (lambda *a: paper(*a, eps=1e-8), CLOSE, "10⁻⁷"),
    (lambda *a: paper(*a)[1:] + paper(*a)[:1], CLOSE, "El orden"),
    (lambda *a: (paper(*a)[0], paper(*a)[2], paper(*a)[1]), CLOSE, "El orden"),
    (hats, CLOSE, "sin corregir"), (lambda *a: paper(*a, eps=0), CLOSE, "Falta ε"),
    (lambda *a: paper(*a)[0], WRONG, "se esperaba"), (lambda w, g, m, v, t, lr: (w, m, v), WRONG, "se esperaba")])
def test_adam(answer, state, words):
    verdict = check.optimizers.adam(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


@pytest.mark.parametrize("answer, state, words", [
    (..., UNTRIED, "puntos"), (0.1, RIGHT, "Siempre η"), (-0.1, RIGHT, "Siempre η"), (0.09999, RIGHT, "Siempre η"),
    (np.float64(0.1), RIGHT, "Siempre η"), (25, CLOSE, "paso de SGD"), (25.0, CLOSE, "paso de SGD"),
    (0.316, CLOSE, "sin corregir"), (0.01, CLOSE, "solo corriges v"), (3.16, CLOSE, "solo corriges m"),
    ((0, 1), CLOSE, "con punto"), (0.0004, CLOSE, "Falta la raíz"), (1, CLOSE, "unidades de η"),
    (250, WRONG, "No es 250")])
def test_first_step(answer, state, words):
    verdict = check.optimizers.first_step(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


@pytest.mark.parametrize("answer, state, words", [
    (..., UNTRIED, "puntos"), (-0.58042, RIGHT, "pasado del mínimo"), (-0.5804, RIGHT, "pasado del mínimo"),
    (np.float64(-0.5804200000000004), RIGHT, "pasado del mínimo"), (-0.3086, CLOSE, "4 pasos"),
    (-0.7090, CLOSE, "6 pasos"), (0.32768, CLOSE, "SGD"), (0.5804, CLOSE, "el signo no"),
    (-0.58, CLOSE, "cuatro decimales"), ((0, 5804), CLOSE, "con punto"), (0.5, WRONG, "No es 0.5")])
def test_five_steps(answer, state, words):
    verdict = check.optimizers.five_steps(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


def final(steps=5, nesterov=False, slope=2, factor=1):
    w, v = 1.0, 0.0
    for _ in range(steps):
        push = -0.1 * slope * w * factor
        v = 0.9 * v + push
        w += 0.9 * v + push if nesterov else v
    return w


@pytest.mark.parametrize("answer, words", [
    (final(nesterov=True), "NAG"), (final(slope=1), "no w"), (final(factor=0.1), "(1 − β)")])
def test_five_steps_of_another_ball(answer, words):
    verdict = check.optimizers.five_steps(answer)
    assert (verdict.state, words in verdict.hint) == (CLOSE, True), verdict
