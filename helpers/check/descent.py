"""Ejercicios del cuaderno 04, Costo y descenso por gradiente."""
import functools
import math

import numpy as np

from helpers.check.grading import WRONG, Verdict, grade_function, grade_value


def slope(answer):
    """`answer(p, x, y)` devuelve la derivada en p del costo medio J(p) = media de (y − p·x)²."""
    def residual(p, x, y):
        return y - p * x

    cases = [(0.0, np.array([1.0]), np.array([2.0])), (1.0, np.array([1.0, 2.0]), np.array([3.0, 1.0])),
             (-0.5, np.array([0.5, -1.0, 3.0]), np.array([1.0, 4.0, 2.0]))]
    return grade_function(
        answer, lambda p, x, y: -2 * np.mean(x * residual(p, x, y)), cases,
        [("El signo está cambiado: al crecer p, el error y − p·x disminuye, y la derivada lleva un menos.",
          lambda p, x, y: 2 * np.mean(x * residual(p, x, y))),
         ("Falta el 2: sale de derivar el cuadrado.", lambda p, x, y: -np.mean(x * residual(p, x, y))),
         ("Falta el 2 de derivar el cuadrado y, además, el signo está cambiado.",
          lambda p, x, y: np.mean(x * residual(p, x, y))),
         ("Falta la x: cada error pesa según su entrada (regla de la cadena).",
          lambda p, x, y: -2 * np.mean(residual(p, x, y))),
         ("Eso es la suma; el costo es una media, así que falta dividir por n.",
          lambda p, x, y: -2 * np.sum(x * residual(p, x, y))),
         ("Eso es el costo, no su derivada.", lambda p, x, y: np.mean(residual(p, x, y) ** 2)),
         ("Falta promediar: devuelves un número por ejemplo.", lambda p, x, y: -2 * x * residual(p, x, y)),
         ("La fórmula está bien, pero devuelve un número, no un arreglo.",
          lambda p, x, y: np.array([-2 * np.mean(x * residual(p, x, y))]))],
        "Es la pendiente de la parábola en cualquier punto, para cualquier resorte.")


def step(answer):
    """`answer(w, b, x, y, learning_rate)` devuelve (w, b) tras un paso de descenso; vale un arreglo de dos."""
    if callable(answer):
        answer = _in_pairs(answer)

    def rule(w, b, x, y, lr, sign=-1, average=np.mean, use_x=True, factor=2, new_w_first=False, use_lr=True,
             only_change=False, only_gradient=False, swapped=False):
        rate = sign * (lr if use_lr else 1) * factor
        new_w = w + rate * average((w * x + b - y) * (x if use_x else 1))
        new_b = b + rate * average((new_w if new_w_first else w) * x + b - y)
        if only_gradient:
            return (w - new_w) / lr, (b - new_b) / lr
        if swapped:
            return new_b, new_w
        return (new_w - w, new_b - b) if only_change else (new_w, new_b)

    cases = [(0.0, 0.0, np.array([1.0, 2.0]), np.array([2.0, 3.0]), 0.1),
             (1.0, -1.0, np.array([1.0, 0.0, 3.0]), np.array([2.0, 1.0, -1.0]), 0.5),
             (-0.5, 2.0, np.array([4.0, -1.0, 2.0, 1.0]), np.array([0.0, 1.0, 2.0, 5.0]), 0.02)]
    mistakes = [
        ("Subes en vez de bajar. Con el error ŷ − y, a cada parámetro se le resta η por su derivada.", {"sign": 1}),
        ("Actualizas b con la w nueva: los dos cambios se calculan con los valores viejos.", {"new_w_first": True}),
        ("Eso es la suma de los errores: falta dividir por n para tener la media.", {"average": np.sum}),
        ("Falta la x en la derivada de w: cada error pesa según su entrada.", {"use_x": False}),
        ("Falta el 2 de derivar el cuadrado.", {"factor": 1}),
        ("Falta la tasa de aprendizaje η multiplicando el gradiente.", {"use_lr": False}),
        ("Eso es solo el cambio: súmaselo a los valores viejos de w y b.", {"only_change": True}),
        ("Eso es el gradiente: falta dar el paso, restando η por él a los valores viejos.", {"only_gradient": True}),
        ("Están cambiados de orden: primero va w y después b.", {"swapped": True})]
    return grade_function(answer, rule, cases,
                          [(hint, lambda *a, change=change: rule(*a, **change)) for hint, change in mistakes],
                          "Los dos parámetros bajan a la vez, cada uno por su pendiente.")


def _in_pairs(answer):
    """`answer`, que devuelve una pareja también cuando su resultado es un arreglo de dos números."""
    @functools.wraps(answer)
    def paired(*arguments):
        result = answer(*arguments)
        return tuple(result) if isinstance(result, np.ndarray) and result.shape == (2,) else result
    return paired


def threshold(answer):
    """La η desde la que diverge la recta ajustada a x = 1, 2, 3, 4 con el costo medio (tres decimales)."""
    if isinstance(answer, str):
        return Verdict(WRONG, "Tu respuesta es un texto: es un número, escríbelo sin comillas.")
    X = np.column_stack([[1, 2, 3, 4], np.ones(4)])
    low, high = np.linalg.eigvalsh(2 / 4 * X.T @ X)
    return grade_value(answer, 2 / high, [
        ("Eso es 1/λmax, el paso perfecto de la dirección más empinada. Diverge al doble.", 1 / high),
        ("Has usado la curvatura menor: la que limita es la dirección más empinada, λmax.", 2 / low),
        ("A tu matriz H le falta el 2: H = (2/n) XᵀX.", 4 / high),
        ("A tu matriz H le falta dividir por n: el costo es una media.", 2 / high / 4),
        ("Eso es la curvatura λmax. El límite es 2/λmax.", high),
        ("Falta la columna de unos: el modelo tiene también b.", 2 / (2 * np.mean(np.square([1, 2, 3, 4]))))],
        "Las y no hacen falta: mueven el mínimo de sitio, pero no cambian la forma del terreno.", tolerance=4e-4)


def updates(answer):
    """`answer(n, batch, epochs)` devuelve cuántas actualizaciones hay, con el último lote incompleto."""
    cases = [(10, 5, 1), (10, 4, 1), (10, 4, 3), (60_000, 128, 2), (7, 32, 5)]
    return grade_function(
        answer, lambda n, batch, epochs: epochs * math.ceil(n / batch), cases,
        [("El último lote de cada época, aunque esté incompleto, también cuenta: redondea hacia arriba.",
          lambda n, batch, epochs: epochs * (n // batch)),
         ("Un paso no se puede dar a medias: redondea hacia arriba.", lambda n, batch, epochs: epochs * n / batch),
         ("Redondea en cada época, no al final: los lotes no pasan de una época a la siguiente.",
          lambda n, batch, epochs: math.ceil(epochs * n / batch)),
         ("Sumas un lote de más cuando n es múltiplo del tamaño del lote.",
          lambda n, batch, epochs: epochs * (n // batch + 1)),
         ("Eso es una sola época: falta multiplicar por el número de épocas.",
          lambda n, batch, epochs: math.ceil(n / batch)),
         ("Eso son ejemplos vistos. Se preguntan las actualizaciones: una por lote.",
          lambda n, batch, epochs: epochs * n),
         ("round no siempre redondea hacia arriba: usa math.ceil o -(-n // batch).",
          lambda n, batch, epochs: epochs * round(n / batch))],
        "Con 60 000 imágenes en lotes de 128, por ejemplo, son 469 por época.")
