"""Ejercicios del cuaderno 10: el hueco, respuestas buenas distintas y errores típicos."""
import numpy as np
import pytest

from helpers import check
from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG
from helpers.nn import softmax, softmax_cross_entropy


def same(verdict, state, words):
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


W, B, X = (784, 128), (128,), (50, 784)


@pytest.mark.parametrize("answer, state, words", [
    ((..., ..., ...), UNTRIED, "tres formas"), ((W, ..., X), UNTRIED, "tres formas"),
    (((..., 128), B, X), UNTRIED, "tres"), ((W, B, X), RIGHT, "se mueve"),
    (([784, 128], [128], np.zeros(X).shape), RIGHT, "se mueve"),
    (((128, 784), B, X), CLOSE, "dW: Está traspuesta"), (((50, 128), B, X), CLOSE, "forma de G"),
    (((50, 784, 128), B, X), CLOSE, "se suman"), ((W, (50, 128), X), CLOSE, "Falta sumar"),
    ((W, (50,), X), CLOSE, "sobre las neuronas"), ((W, (784,), X), CLOSE, "por neurona"),
    ((W, (1, 128), X), CLOSE, "una dimensión"), ((W, (128, 1), X), CLOSE, "una dimensión"),
    ((W, 128, X), WRONG, "tupla"), ((W, (128), X), WRONG, "(3,)"),
    ((W, B, (784, 50)), CLOSE, "dX: Está traspuesta"), ((W, B, (50, 128)), CLOSE, "forma de X"),
    ((W, B, (784,)), CLOSE, "de uno solo"), (((3, 3), B, X), WRONG, "dW: no es (3, 3)"),
    ((W, B, "x"), WRONG, "enteros")])
def test_shapes(answer, state, words):
    same(check.network.shapes(*answer), state, words)


def with_loops(X, W, G):
    dW, db, dX = np.zeros_like(W), np.zeros(W.shape[1]), np.zeros_like(X)
    for x, g, row in zip(X, G, dX):
        dW += np.outer(x, g)
        db += g
        row += W @ g
    return dW, db, dX


def db(f):
    return lambda X, W, G: (X.T @ G, f(G), G @ W.T)


@pytest.mark.parametrize("answer, state, words", [
    (lambda X, W, G: (..., ..., ...), UNTRIED, "puntos"), (..., UNTRIED, "puntos"),
    (lambda X, W, G: (X.T @ G, G.sum(0), G @ W.T), RIGHT, "Tres líneas"), (with_loops, RIGHT, "Tres líneas"),
    (lambda x, w, g: [np.einsum("nd,nk->dk", x, g), np.ones(len(g)) @ g, (w @ g.T).T], RIGHT, "Tres"),
    (lambda X, W, G: (G.T @ X, G.sum(0), G @ W.T), CLOSE, "dW está traspuesta"),
    (lambda X, W, G: (X.T @ G / len(X), G.mean(0), G @ W.T), CLOSE, "dos veces"),
    (lambda X, W, G: (X.T @ G / len(X), G.mean(0), G @ W.T / len(X)), CLOSE, "dos veces"),
    (db(lambda G: G.sum(0, keepdims=True)), CLOSE, "keepdims"),
    (lambda X, W, G: (X.T @ G / len(X), G.sum(0), G @ W.T), CLOSE, "dW está dividida"),
    (db(lambda G: G.mean(0)), CLOSE, "db es una media"), (db(lambda G: G), CLOSE, "Falta la suma"),
    (db(lambda G: G.sum(1)), CLOSE, "axis=1"), (db(lambda G: G.sum()), CLOSE, "lo sumaste todo"),
    (lambda X, W, G: (X.T @ G, G.sum(0), W @ G.T), CLOSE, "dX está traspuesta"),
    (lambda X, W, G: (X.T @ G, G.sum(0), G @ W), WRONG, "se detiene"),
    (lambda X, W, G: (X @ G, G.sum(0), G @ W.T), WRONG, "se detiene"), (lambda X, W, G: None, WRONG, "return"),
    (lambda X, W, G: X.T @ G, WRONG, "se esperaba")])
def test_backward(answer, state, words):
    same(check.network.backward(answer), state, words)


def raw(z, y):
    return softmax(z) - np.eye(z.shape[1])[y]


def in_place(z, y):
    p = softmax(z)
    p[np.arange(len(y)), y] -= 1
    return p / len(y)


@pytest.mark.parametrize("answer, state, words", [
    (lambda z, y: ..., UNTRIED, "puntos"), (..., UNTRIED, "puntos"),
    (lambda z, y: raw(z, y) / len(y), RIGHT, "entre n"), (in_place, RIGHT, "entre n"),
    (lambda z, y: softmax_cross_entropy(z, y)[1], RIGHT, "entre n"), (raw, CLOSE, "Falta dividir"),
    (lambda z, y: -raw(z, y) / len(y), CLOSE, "signo"), (lambda z, y: -raw(z, y), CLOSE, "además"),
    (lambda z, y: softmax(z) / len(y), CLOSE, "restar 1"), (lambda z, y: softmax(z), CLOSE, "y dividir"),
    (lambda z, y: raw(z, y) / z.shape[1], CLOSE, "número de clases"), (lambda z, y: raw(z, y) / z.size, CLOSE, "tabla"),
    (lambda z, y: raw(z, y).mean(0), CLOSE, "conserva su fila"), (lambda z, y: raw(z, y).mean(), CLOSE, "forma de z"),
    (lambda z, y: (z - np.eye(z.shape[1])[y]) / len(y), CLOSE, "falta softmax"),
    (lambda z, y: (softmax(z.T).T - np.eye(z.shape[1])[y]) / len(y), CLOSE, "por filas"),
    (lambda z, y: z * 0, WRONG, "se esperaba"), (lambda z: z, WRONG, "se detiene")])
def test_loss_slope(answer, state, words):
    same(check.network.loss_slope(answer), state, words)


@pytest.mark.parametrize("answer, state, words", [
    (..., UNTRIED, "puntos"), (2504, RIGHT, "313"), (8 * -(-10000 // 32), RIGHT, "313"), (313, CLOSE, "sola época"),
    (312, CLOSE, "sin el último"), (312.5, CLOSE, "media"), (2496, CLOSE, "16 ejemplos"), (2500, CLOSE, "media"),
    (8, CLOSE, "por época"), (80000, CLOSE, "por minilote"), (10000, CLOSE, "por ejemplo"), (7, WRONG, "No es 7")])
def test_updates(answer, state, words):
    same(check.network.updates(answer), state, words)
