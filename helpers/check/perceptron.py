"""Ejercicios del cuaderno 01, El perceptrón."""
import itertools

import numpy as np

from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG, Verdict, grade_function, grade_value, unfinished

WEEKEND = list(itertools.product((0, 1), repeat=3))


def decide(answer):
    """`answer(x, weights, bias)` devuelve 1 si w·x + b > 0 y 0 si no."""
    def z(x, w, b):
        return np.dot(x, w) + b

    cases = [(np.array(x), np.array(w), b) for w, b in (([3, 1, 5], -5), ([2, 6, 1], -5), ([-2, 1, -3], 2))
             for x in WEEKEND]
    return grade_function(
        answer, lambda x, w, b: int(z(x, w, b) > 0), cases,
        [("Ese es el error frecuente de contar dos veces el umbral: el sesgo ya lo incluye, compara con 0.",
          lambda x, w, b: int(z(x, w, b) > 5)),
         ("Falta sumar el sesgo: compara con 0 la suma w·x + b, no solo w·x.",
          lambda x, w, b: int(np.dot(x, w) > 0)),
         ("En el borde, cuando la suma vale justo 0, la neurona no se activa. Usa > y no >=.",
          lambda x, w, b: int(z(x, w, b) >= 0)),
         ("El sesgo se suma, no se resta: ya lleva su propio signo.",
          lambda x, w, b: int(z(x, w, -b) > 0)),
         ("Está al revés: devuelve 1 cuando la suma es positiva.",
          lambda x, w, b: int(z(x, w, b) <= 0)),
         ("Eso es la suma, no la decisión: falta compararla con 0.", z),
         ("La decisión es buena, pero el «no» se escribe 0, no −1.",
          lambda x, w, b: 1 if z(x, w, b) > 0 else -1)],
        "Tu neurona decide igual que Ana, que Bruno y que otra con pesos negativos.")


def update(answer):
    """`answer(weights, bias, x, target, learning_rate)` devuelve (pesos, sesgo) tras un ejemplo."""
    def rule(w, b, x, t, lr, sign=1, use_x=True, move_bias=True, use_lr=True, subtract=True, see_bias=True,
             tie=False):
        z = np.dot(w, x) + (b if see_bias else 0)
        error = t - int(z >= 0 if tie else z > 0) if subtract else t
        step = sign * (lr if use_lr else 1) * error
        return w + step * (x if use_x else 1), b + (step if move_bias else 0)

    cases = [(np.array(w, float), b, np.array(x, float), t, 0.5)
             for w, b, x, t in [((0, 0), 0.0, (1, 1), 1), ((1, 1), 0.0, (1, 0), 0),
                                ((1, 1), -1.5, (1, 1), 1), ((1, 1), -1.5, (1, 0), 0),
                                ((1, -1), 0.5, (0, 1), 1), ((1, 0), -1.0, (1, 0), 0),
                                ((2, 0), -1.0, (1, 3), 0)]]
    mistakes = [
        ("El signo está cambiado: el error es objetivo − predicción.", {"sign": -1}),
        ("Falta la x: cada peso se mueve en proporción a su entrada.", {"use_x": False}),
        ("Los pesos están bien, pero el sesgo también aprende: b + η·error.", {"move_bias": False}),
        ("Falta la tasa de aprendizaje η multiplicando el cambio.", {"use_lr": False}),
        ("Falta restar la predicción: si acierta, no se debe mover nada.", {"subtract": False}),
        ("Al predecir falta el sesgo: la suma es w·x + b.", {"see_bias": False}),
        ("En el empate, w·x + b = 0, la neurona dice 0: usa > y no >=.", {"tie": True})]
    return grade_function(answer, rule, cases,
                          [(hint, lambda *a, change=change: rule(*a, **change))
                           for hint, change in mistakes],
                          "Corrige cuando falla y no toca nada cuando acierta.")


def nand(weights, bias):
    """Pesos (2,) y sesgo elegidos a mano para que una neurona calcule NAND."""
    if unfinished([weights, bias]):
        return Verdict(UNTRIED, "Escribe dos pesos y un sesgo donde están los puntos suspensivos.")
    try:
        weights, bias = np.asarray(weights, float), float(bias)
    except (TypeError, ValueError):
        return Verdict(WRONG, "Los pesos son una lista de dos números y el sesgo, un número.")
    if weights.shape != (2,):
        return Verdict(WRONG, f"Hacen falta dos pesos y llegaron {weights.size}.")
    inputs = list(itertools.product((0, 1), repeat=2))
    outputs = [int(np.dot(weights, x) + bias > 0) for x in inputs]
    if outputs == [1, 1, 1, 0]:
        return Verdict(RIGHT, "Tu recta deja solo el punto (1, 1) del otro lado. Hay infinitas más.")
    if outputs == [0, 0, 0, 1]:
        return Verdict(CLOSE, "Eso es AND. NAND es lo contrario: prueba a cambiar todos los signos.")
    wrong = next(x for x, y, t in zip(inputs, outputs, [1, 1, 1, 0]) if y != t)
    return Verdict(WRONG, f"Con la entrada {wrong} da {outputs[inputs.index(wrong)]} "
                          f"y debería dar {1 - outputs[inputs.index(wrong)]}.")


def separable(answer):
    """Cuántas de las 16 funciones lógicas de dos entradas puede aprender un perceptrón."""
    return grade_value(answer, 14, [
        ("Se te escapa alguna: no solo XOR es imposible. Piensa en su contraria.", 15),
        ("Hay 16 en total, pero ya conoces una que es imposible.", 16),
        ("Cuenta también las dos constantes (siempre 0 y siempre 1): una recta que deja todos "
         "los puntos del mismo lado también vale.", 12),
        ("Esas son las imposibles. Se preguntan las posibles.", 2)],
        "Todas menos XOR y su contraria, XNOR (Minsky y Papert hicieron famoso el caso en 1969).")
