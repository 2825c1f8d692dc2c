"""Ejercicios del cuaderno 07, De XOR al MLP."""
import itertools

import numpy as np

from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG, Verdict, grade_function, unfinished

STAR = "El * multiplica casilla a casilla; el producto de matrices es @."


def _sigmoid(z):
    return 0.5 + 0.5 * np.tanh(0.5 * z)


def _square_first(answer, reference, square, other, mistakes, praise):
    """Corrige primero con matrices cuadradas, donde una traspuesta no se detiene y se puede reconocer."""
    verdict = grade_function(answer, reference, square, mistakes, praise)
    return grade_function(answer, reference, other, [], praise) if verdict.state == RIGHT else verdict


def forward(answer):
    """`answer(X, W1, b1, w2, b2)`: las n probabilidades de un MLP con una capa oculta."""
    def mlp(X, W1, b1, w2, b2, inner=_sigmoid, outer=_sigmoid, first=1, second=1):
        return outer(inner(X @ W1 + first * b1) @ w2 + second * b2)

    rng = np.random.default_rng(7)
    square = [(rng.normal(size=(n, d)), rng.normal(size=(d, d)), rng.normal(size=d), rng.normal(size=d), 0.3)
              for n, d in [(2, 2), (3, 3)]]           # también n = d: así W1 @ X no se detiene
    weekend = (np.array([[1.0, 1.0]]), np.array([[0.8, 0.2, 0.7], [0.6, 0.9, 0.1]]), np.zeros(3),
               np.array([0.2, 0.8, 0.5]), 0.0)

    other = [(rng.normal(size=(n, 3)), rng.normal(size=(3, 2)), rng.normal(size=2), rng.normal(size=2), 0.3)
             for n in (1, 4)]

    def plain(z):
        return z

    mistakes = [
        ("Falta la σ de dentro: sin ella, las dos capas son una sola.", {"inner": plain}),
        ("Falta la σ de la salida: has devuelto la suma, no la probabilidad.", {"outer": plain}),
        ("Faltan las dos σ: la de la capa oculta y la de la salida.", {"inner": plain, "outer": plain}),
        ("Falta b1, el sesgo de la capa oculta.", {"first": 0}), ("Falta b2, el sesgo de la salida.", {"second": 0}),
        ("Faltan los sesgos, b1 y b2.", {"first": 0, "second": 0}),
        ("Los sesgos se suman, no se restan.", {"first": -1, "second": -1}),
        ("Has redondeado los votos a 0 o 1. La capa oculta pasa sus probabilidades.",
         {"inner": lambda z: (z > 0) + 0.0}),
        ("Has redondeado la salida a 0 o 1: se piden probabilidades.", {"outer": lambda z: (z > 0) + 0.0})]
    return _square_first(
        answer, mlp, square,
        [weekend, *other, (np.ones((6, 4)), np.full((4, 2), 0.5), np.ones(2), np.array([1.0, -2]), 1.0)],
        [*((hint, lambda *a, change=change: mlp(*a, **change)) for hint, change in mistakes),
         ("W1 está traspuesta: cada columna es una neurona oculta, así que es X @ W1.",
          lambda X, W1, *rest: mlp(X, W1.T, *rest)),
         ("X va a la izquierda: X @ W1.", lambda X, W1, *rest: mlp(W1, X, *rest)),
         *((STAR, lambda X, W1, b1, w2, b2, end=end: _sigmoid(end(_sigmoid(X * W1 + b1), w2) + b2))
           for end in (np.matmul, np.multiply)),
         (STAR, lambda X, W1, b1, w2, b2: _sigmoid(_sigmoid(X @ W1 + b1) * w2 + b2)),
         ("Va bien, pero devuelve una matriz: se piden n números. ¿w2 es (k,) en tu cuenta?",
          lambda *a: mlp(*a)[:, None])],
        "Y con los pesos del fin de semana sale 0.7513.")


def committee(dora_weights, dora_bias, carla_weights, carla_bias):
    """Dora debe calcular AND; y Carla, XOR a partir de los votos de Ana (OR) y de Dora."""
    if unfinished([dora_weights, dora_bias, carla_weights, carla_bias]):
        return Verdict(UNTRIED, "Escribe los pesos y los sesgos de Dora y de Carla donde están los puntos suspensivos.")
    try:
        dora, carla = np.asarray(dora_weights, float), np.asarray(carla_weights, float)
        dora_bias, carla_bias = float(dora_bias), float(carla_bias)
    except (TypeError, ValueError):
        return Verdict(WRONG, "Los pesos son listas de dos números y los sesgos, un número cada uno.")
    if dora.shape != (2,) or carla.shape != (2,):
        return Verdict(WRONG, "Dora y Carla tienen dos pesos cada una.")
    inputs = np.array(list(itertools.product((0, 1), repeat=2)))
    ana = np.array([0, 1, 1, 1])
    votes = (inputs @ dora + dora_bias > 0).astype(int)
    said = (np.column_stack([ana, votes]) @ carla + carla_bias > 0).astype(int)
    if list(votes) == [1, 1, 1, 0]:
        return Verdict(CLOSE, "Dora está votando NAND, como Bruno. Ella solo sabe AND: prueba a cambiar sus signos.")
    if list(votes) != [0, 0, 0, 1]:
        row = next(k for k in range(4) if votes[k] != (k == 3))
        return Verdict(WRONG, f"Dora no calcula AND: con {_pair(inputs[row])} vota {votes[row]} "
                              f"y debería votar {1 - votes[row]}.")
    if list(said) == [0, 1, 1, 0]:
        return Verdict(RIGHT, "«Alguno, pero no los dos»: un peso negativo también es un voto útil.")
    if list(said) == [1, 0, 0, 1]:
        return Verdict(CLOSE, "Dora está bien, pero Carla dice lo contrario, XNOR: cambia los signos de Carla.")
    if list(said) == [0, 1, 1, 1]:
        return Verdict(CLOSE, "Dora está bien, pero Carla copia a Ana. Cuando vota Dora, la lámpara está apagada: su "
                              "peso debe restar lo suficiente.")
    if list(said) == [0, 0, 0, 1]:
        return Verdict(CLOSE, "Dora está bien, pero Carla exige su voto. Cuando Dora vota 1, la lámpara está apagada: "
                              "¿qué signo pide su peso?")
    row = next(k for k in range(4) if said[k] != (k in (1, 2)))
    return Verdict(CLOSE, f"Dora está bien. Falla Carla: con {_pair(inputs[row])} recibe los votos "
                          f"({ana[row]}, {votes[row]}) y dice {said[row]}.")


def _pair(row):
    return f"({row[0]}, {row[1]})"


def parameters(answer):
    """`answer(d, k, m)`: parámetros de una red totalmente conectada de d entradas, k ocultas y m salidas."""
    return grade_function(
        answer, lambda d, k, m: (d + 1) * k + (k + 1) * m, [(2, 3, 1), (2, 1, 1), (4, 5, 3), (784, 128, 10)],
        [("Eso vale con una sola salida. Con m, cada una tiene sus k pesos y su sesgo.",
          lambda d, k, m: (d + 1) * k + k + 1),
         ("Faltan los sesgos: uno por neurona oculta y uno por salida.", lambda d, k, m: d * k + k * m),
         ("Has contado sesgos también en las entradas. La capa de entrada no tiene parámetros.",
          lambda d, k, m: (d + 1) * k + (k + 1) * m + d),
         ("Faltan los sesgos de la salida: uno por cada una.", lambda d, k, m: (d + 1) * k + k * m),
         ("Faltan los sesgos de la capa oculta: uno por neurona.", lambda d, k, m: d * k + (k + 1) * m),
         ("Cada neurona tiene su propio sesgo: no hay uno por capa.", lambda d, k, m: d * k + 1 + k * m + 1),
         ("Eso son las neuronas. Cuenta los pesos, uno por línea, y los sesgos.", lambda d, k, m: k + m),
         ("Eso son los círculos del dibujo. Cuenta los pesos, uno por línea, y los sesgos.",
          lambda d, k, m: d + k + m),
         ("Las entradas no se conectan directamente con las salidas.",
          lambda d, k, m: (d + 1) * k + (k + 1) * m + d * m)],
        "La 2-3-1 tiene 13; la 784-128-10, más de cien mil.")


def merge(answer):
    """`answer(W1, b1, W2, b2)` devuelve (W, b) de la capa única equivalente a dos capas lineales."""
    rng = np.random.default_rng(4)
    shapes = [(2, 2, 2), (3, 3, 3), (2, 3, 1), (4, 2, 3)]
    cases = [(rng.normal(size=(d, k)), rng.normal(size=k), rng.normal(size=(k, m)), rng.normal(size=m))
             for d, k, m in shapes]
    mistakes = [
        ("W está bien. El sesgo no es solo b2: b1 también atraviesa la segunda capa.",
         lambda W1, b1, W2, b2: (W1 @ W2, b2)),
        ("W está bien. b1 no se suma tal cual: también pasa por W2.", lambda W1, b1, W2, b2: (W1 @ W2, b1 + b2)),
        ("W está bien. A b1 @ W2 le falta sumarle b2.", lambda W1, b1, W2, b2: (W1 @ W2, b1 @ W2)),
        ("W está bien. En el sesgo, W2 va a la derecha de b1: b1 @ W2.",
         lambda W1, b1, W2, b2: (W1 @ W2, W2 @ b1 + b2)),
        ("El orden importa: primero se aplica W1, así que W = W1 @ W2.",
         lambda W1, b1, W2, b2: (W2 @ W1, b1 @ W2 + b2)),
        ("El orden importa: primero se aplica W1, así que W = W1 @ W2. Y al sesgo le falta b1.",
         lambda W1, b1, W2, b2: (W2 @ W1, b2)),
        *((STAR, lambda W1, b1, W2, b2, bias=bias: (W1 * W2, bias(b1, W2, b2))) for bias in [
            lambda b1, W2, b2: b1 @ W2 + b2, lambda b1, W2, b2: b1 * W2 + b2, lambda b1, W2, b2: b1 * b2]),
        ("W está bien. En el sesgo: el * multiplica casilla a casilla; el producto de matrices es @.",
         lambda W1, b1, W2, b2: (W1 @ W2, b1 * W2 + b2)),
        ("Va bien, pero b sale con forma (1, m): se piden m números.",
         lambda W1, b1, W2, b2: (W1 @ W2, (b1 @ W2 + b2)[None])),
        ("Las dos capas se aplican una tras otra: los pesos se multiplican, no se suman.",
         lambda W1, b1, W2, b2: (W1 + W2, b1 + b2)),
        ("W está bien. Los sesgos no se multiplican: b1 pasa por W2 y al resultado se le suma b2.",
         lambda W1, b1, W2, b2: (W1 @ W2, b1 * b2)),
        ("Los dos valores son buenos, pero en otro orden: primero W y después b.",
         lambda W1, b1, W2, b2: (b1 @ W2 + b2, W1 @ W2))]
    return _square_first(answer, lambda W1, b1, W2, b2: (W1 @ W2, b1 @ W2 + b2), cases[:2], cases[2:], mistakes,
                         "Dos capas lineales son una. Por eso hace falta la σ de en medio.")
