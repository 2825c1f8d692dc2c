"""Ejercicios del cuaderno 09: el hueco, respuestas buenas distintas y errores típicos."""
import math

import numpy as np
import pytest

from helpers import check
from helpers.autodiff import Value
from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG


def same(verdict, state, words):
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


@pytest.mark.parametrize("answer, state, words", [
    (lambda a, b, arriving: (..., ...), UNTRIED, "puntos"), (..., UNTRIED, "puntos"),
    (lambda a, b, arriving: (b * arriving, a * arriving), RIGHT, "otro"),
    (lambda a, b, arriving: [arriving * b, arriving * a], RIGHT, "otro"),
    (lambda a, b, g: (a * g, b * g), CLOSE, "cambiadas"), (lambda a, b, g: (b, a), CLOSE, "Falta multiplicar"),
    (lambda a, b, g: (a, b), CLOSE, "además"), (lambda a, b, g: (g, g), CLOSE, "suma"),
    (lambda a, b, g: (b + g, a + g), CLOSE, "no se suma"), (lambda a, b, g: (a * b * g,) * 2, CLOSE, "producto entero"),
    (lambda a, b, g: (b * g / 2, a * g / 2), CLOSE, "reparte"),
    (lambda a, b, arriving: 0, WRONG, "a = 2, b = 3, arriving = 1 se esperaba (3, 2)"),
    (lambda a, b, g: None, WRONG, "return"), (lambda a, b: 0, WRONG, "se detiene")])
def test_product(answer, state, words):
    same(check.backprop.product(answer), state, words)


@pytest.mark.parametrize("answer, state, words", [
    ((..., ..., ..., ...), UNTRIED, "Rellena"), ((15, 7, ..., 2), UNTRIED, "Rellena"),
    ((15, 7, 6, 2), RIGHT, "6 + 1"), ((15.0, 6 + 1, 6.0, 3 - 1), RIGHT, "6 + 1"),
    ((12, 7, 6, 2), CLOSE, "value: Eso es (x + y)·z"), ((0, 7, 6, 2), CLOSE, "value: Primero"),
    ((15, 6, 6, 2), CLOSE, "slope_x: Ese es solo el camino del producto"), ((15, 1, 6, 2), CLOSE, "+="),
    ((15, 5, 6, 2), CLOSE, "restado"), ((15, 3, 6, 2), CLOSE, "llega z"), ((15, 7, 7, 2), CLOSE, "slope_y: y solo"),
    ((15, 7, 1, 2), CLOSE, "slope_y: El 1"), ((15, 7, 2, 2), CLOSE, "que es z"), ((15, 7, 6, 6), CLOSE, "slope_z"),
    ((15, 7, 6, 3), CLOSE, "solo x"), ((15, 7, 6, -2), WRONG, "slope_z: No es -2"), ((1, 7, 6, 2), WRONG, "value")])
def test_by_hand(answer, state, words):
    same(check.backprop.by_hand(*answer), state, words)


def root(slope, value=math.sqrt):
    return lambda a: Value(value(a.data), (a,), (slope(a.data),), "√")


class Plain:
    """Como la clase del cuaderno: otra clase, con los mismos atributos."""

    def __init__(self, data, parents, slopes):
        self.data, self.parents, self.slopes, self.grad = data, parents, slopes, 0.0


def touches(a):
    a.grad += 1
    return Value(math.sqrt(a.data), (a,), (0.5 / math.sqrt(a.data),))


@pytest.mark.parametrize("answer, state, words", [
    (lambda a: ..., UNTRIED, "puntos"), (..., UNTRIED, "puntos"),
    (root(lambda v: 1 / (2 * math.sqrt(v))), RIGHT, "dos números"), (root(lambda v: 0.5 * v**-0.5), RIGHT, "dos"),
    (lambda a: a**0.5, RIGHT, "dos"), (lambda a: Plain(a.data**0.5, [a], [0.5 / a.data**0.5]), RIGHT, "dos"),
    (root(lambda v: 1 / math.sqrt(v)), CLOSE, "falta el 2"), (root(lambda v: math.sqrt(v) / 2), CLOSE, "dividiendo"),
    (root(lambda v: 1 / (2 * v)), CLOSE, "usa a donde"), (root(lambda v: -0.5 / math.sqrt(v)), CLOSE, "signo"),
    (root(lambda v: v**1.5 / 2), CLOSE, "se resta 1"), (root(math.sqrt), CLOSE, "también como pendiente"),
    (root(lambda v: 1 - v), CLOSE, "tanh"), (lambda a: a * a, WRONG, "en una tupla"),
    (lambda a: a**2, CLOSE, "cuadrado"),
    (lambda a: math.sqrt(a.data), WRONG, "se esperaba un Value y llegó float"),
    (lambda a: Value(math.sqrt(a.data), (a), (1,)), WRONG, "coma"),
    (lambda a: Value(math.sqrt(a.data)), WRONG, "el padre"), (touches, WRONG, "eso lo hace backward"),
    (lambda a: math.sqrt(a), WRONG, "su número es a.data"),
    (lambda a: np.sqrt(a), WRONG, "su número es a.data"), (lambda a, b: 0, WRONG, "se detiene"),
    (root(lambda v: 1 / math.sqrt(2 * v)), CLOSE, "fuera de la raíz"), (lambda a: None, WRONG, "return"),
    (root(lambda v: 0), WRONG, "a = 4 se esperaba (2, 0.25)"), (2.0, WRONG, "Se esperaba una función"),
    (lambda node: Value(0, (node,), (0,)), WRONG, "node = 4 se esperaba")])
def test_square_root(answer, state, words):
    same(check.backprop.square_root(answer), state, words)


@pytest.mark.parametrize("answer, state, words", [
    ([..., ..., ...], UNTRIED, "puntos"), (None, UNTRIED, "puntos"), (["L", "e", ...], UNTRIED, "puntos"),
    (["L", "e", "d"], RIGHT, "único"), (("l", "E ", "D"), RIGHT, "único"), ("Led", RIGHT, "único"),
    (["L", "e", "d", "c", "a", "b"], RIGHT, "único"), (["L", "e", "c", "d", "b", "a"], RIGHT, "único"),
    (["L", "d", "e"], CLOSE, "les faltaría una entrega"), (["d", "e", "L"], CLOSE, "hacia delante"),
    (["e", "d", "L"], CLOSE, "no ha recibido"), (["a", "L", "e", "d"], CLOSE, "entradas"),
    (["c", "L", "e", "d"], CLOSE, "entradas"), (["L", "e"], WRONG, "tres letras"), (["L", "e", "e"], WRONG, "tres"),
    (["L", "e", "d", "d"], WRONG, "tres"), (3, WRONG, "tres"), (["L", "x", "d"], WRONG, "tres")])
def test_order(answer, state, words):
    same(check.backprop.order(answer), state, words)
