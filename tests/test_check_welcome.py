"""Ejercicios del cuaderno 00: el hueco, respuestas buenas distintas y errores típicos."""
import numpy as np
import pytest

from helpers import check
from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG


@pytest.mark.parametrize("answer, state, words", [
    (..., UNTRIED, "puntos"), (784, RIGHT, "784"), (28 * 28.0, RIGHT, "784"), (np.int64(784), RIGHT, "784"),
    (28, CLOSE, "el lado"), (56, CLOSE, "se multiplica"), (112, CLOSE, "el borde"), (255, CLOSE, "cuántos hay"),
    ((28, 28), CLOSE, "la forma"), ([28, 28], CLOSE, "la forma"),
    (1000, WRONG, "No es 1000"), ("muchos", WRONG, "No es")])
def test_pixels(answer, state, words):
    verdict = check.welcome.pixels(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


def with_loop(predictions, labels):
    hits = 0
    for p, y in zip(predictions, labels):
        hits += p == y
    return hits / len(labels)


@pytest.mark.parametrize("answer, state, words", [
    (lambda p, y: ..., UNTRIED, "puntos"),
    (lambda p, y: (p == y).mean(), RIGHT, "aciertos entre total"), (with_loop, RIGHT, "aciertos entre total"),
    (lambda p, y: 1 - np.mean(p != y), RIGHT, "aciertos"), (lambda p, y: sum(p == y) / len(y), RIGHT, "aciertos"),
    (lambda p, y: np.mean(p != y), CLOSE, "fallos"), (lambda p, y: (p == y).sum(), CLOSE, "Falta dividirlo"),
    (lambda p, y: (p != y).sum(), CLOSE, "número de fallos"), (lambda p, y: 100 * (p == y).mean(), CLOSE, "por ciento"),
    (lambda p, y: (p == y).sum() // len(y), CLOSE, "redondeado"),
    (lambda p, y: int((p == y).mean()), CLOSE, "redondeado"),
    (lambda p, y: p == y, CLOSE, "la media"),
    (lambda p, y: 0.9, WRONG, "se esperaba"), (lambda p, y: None, WRONG, "return"), (0.95, WRONG, "una función")])
def test_accuracy(answer, state, words):
    verdict = check.welcome.accuracy(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


GOOD = {name: kind for name, (kind, _) in check.welcome.SYSTEMS.items()}


@pytest.mark.parametrize("answer, state, words", [
    (dict.fromkeys(GOOD, ...), UNTRIED, "cuatro palabras"), ({**GOOD, "calculadora": ...}, UNTRIED, "puntos"),
    (..., UNTRIED, "puntos"),
    (GOOD, RIGHT, "aprende"), ({name: kind.lower() + " " for name, kind in GOOD.items()}, RIGHT, "capas"),
    ({**GOOD, "calculadora": "IA"}, RIGHT, "valen «nada» e «IA»"),
    ({**GOOD, "calculadora": "ML"}, CLOSE, "suma como se le mandó"),
    ({**GOOD, "ajedrez por búsqueda": "ML"}, CLOSE, "reglas escritas"),
    ({**GOOD, "ajedrez por búsqueda": "nada"}, CLOSE, "Revisa «ajedrez"),
    ({**GOOD, "filtro que cuenta palabras": "DL"}, CLOSE, "no forma capas"),
    ({**GOOD, "filtro que cuenta palabras": "IA"}, CLOSE, "aprende de correos"),
    ({**GOOD, "red que lee cifras": "ML"}, CLOSE, "en capas"),
    ({**GOOD, "traductor automático": "IA", "calculadora": "DL"}, CLOSE, "quedan otros por revisar: 1"),
    (dict.fromkeys(GOOD, "IA"), WRONG, "Revisa «filtro"), ({**GOOD, "calculadora": "AI"}, WRONG, "'AI'"),
    (["nada", "IA"], WRONG, "diccionario"), ({"calculadora": "nada"}, WRONG, "cinco sistemas")])
def test_families(answer, state, words):
    verdict = check.welcome.families(answer)
    assert (verdict.state, words in verdict.hint) == (state, True), verdict
