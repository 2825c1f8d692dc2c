"""Ejercicios del cuaderno 06, Neurona sigmoide y regresión logística."""
import numpy as np

from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG, Verdict, grade_function, grade_value, quiet, unfinished


def _sigmoid(z):
    small = np.exp(-np.abs(z))
    return np.where(np.asarray(z) >= 0, 1, small) / (1 + small)


def _overflows(function):
    """¿Se desborda alguna exponencial de NumPy con z = ±1000?"""
    try:
        with np.errstate(over="raise", invalid="ignore", under="ignore"):
            function(np.array([-1000.0, 1000.0]))
    except FloatingPointError:
        return True
    return False


def sigmoid(answer):
    """`answer(z)` convierte un número o un arreglo en probabilidades, también con z = ±1000."""
    cases = [(0.0,), (2.0,), (-0.9,), (np.array([-3.0, 0.0, 0.5, 8.0]),), (np.array([-1000.0, 1000.0]),)]
    verdict = grade_function(
        quiet(answer), _sigmoid, cases,
        [("Falta el menos del exponente: así la probabilidad baja cuando z sube.", lambda z: _sigmoid(-z)),
         ("Eso es la tangente hiperbólica, que va de −1 a 1. Una probabilidad va de 0 a 1.", np.tanh),
         ("Eso son las apuestas a favor, e^z. Falta pasarlas a probabilidad: divide entre 1 + e^z.",
          quiet(lambda z: np.exp(z) + 0 * z)),
         ("Falta el 1 del numerador: es uno dividido entre 1 + e^−z.", quiet(lambda z: 1 + np.exp(-z))),
         ("Eso es la decisión del perceptrón, 0 o 1: aquí se pide la probabilidad.", lambda z: (z > 0) + 0.0),
         ("Eso recorta z entre 0 y 1. La sigmoide no es una recta: usa e^−z.", lambda z: np.clip(z, 0, 1)),
         ("Eso es la derivada, σ(z)(1 − σ(z)). Se pide la propia σ(z).",
          lambda z: _sigmoid(z) * (1 - _sigmoid(z)))],
        "Vale para números y para arreglos, y ni 1000 la desborda.")
    if verdict.state == RIGHT and _overflows(answer):
        return Verdict(CLOSE, "El valor es bueno por suerte: e^1000 dio inf, con un aviso. Usa exponenciales de "
                              "números negativos.")
    if verdict.state == WRONG and ("truth value" in verdict.hint or "arrays can be converted" in verdict.hint):
        return Verdict(CLOSE, "Tu función solo admite un número: z también puede ser un arreglo; mira np.where y "
                              "np.exp.")
    if verdict.state == WRONG and "llegó" in verdict.hint and "nan" in verdict.hint:
        return Verdict(CLOSE, "Va bien hasta que z = 1000 da nan, porque e^1000 no cabe. Usa exponenciales de números "
                              "negativos.")
    return verdict


def bce(answer):
    """`answer(y, p)`: entropía cruzada media."""
    def pay(y, p, log=np.log, sign=-1, ones=1, zeros=1, add=np.mean):
        return sign * add(ones * y * log(p) + zeros * (1 - y) * log(1 - p))

    cases = [(np.array([1]), np.array([0.9])), (np.array([0]), np.array([0.2])),
             (np.array([1, 0, 1]), np.array([0.9, 0.2, 0.6])),
             (np.array([0, 0, 1, 1]), np.array([0.5, 0.01, 0.3, 0.99]))]
    mistakes = [
        ("Ese es el error frecuente: falta el menos de delante. Un pago nunca es negativo.", {"sign": 1}),
        ("Falta el segundo término: los casos con y = 0 también pagan, −log(1 − p).", {"zeros": 0}),
        ("Falta el primer término: los casos con y = 1 pagan −log(p).", {"ones": 0}),
        ("Es la media de los pagos, no la suma.", {"add": np.sum}),
        ("Además del menos de delante, falta dividir entre el número de casos.", {"add": np.sum, "sign": 1}),
        ("Es el logaritmo natural, np.log, no el decimal.", {"log": np.log10}),
        ("Es el logaritmo natural, np.log, no el de base 2.", {"log": np.log2}),
        ("Los dos términos llevan menos: el segundo está sumando.", {"zeros": -1}),
        ("Falta promediar: devuelve un número, no un pago por caso.", {"add": np.asarray})]
    return grade_function(
        quiet(answer), pay, cases,
        [*((hint, lambda y, p, change=change: pay(y, p, **change)) for hint, change in mistakes),
         ("Los interruptores están cambiados: con y = 1 se paga −log(p).", lambda y, p: pay(1 - y, p)),
         ("Eso es el error cuadrático. Se paga menos el logaritmo de la probabilidad de lo que ocurrió.",
          lambda y, p: np.mean((y - p) ** 2)),
         ("Eso es la distancia media, el cobrador que invita a mentir. Falta el logaritmo.",
          lambda y, p: np.mean(np.abs(y - p))),
         ("Cambiaste y por p dentro de los logaritmos: se toma el logaritmo de la probabilidad.",
          quiet(lambda y, p: pay(p, y)))],
        "Tu cobrador coincide hasta el último decimal: 0.27978 por los tres sábados de Ana.")


def gradient(answer):
    """`answer(x, y, weights, bias, strength)`: pendientes de J + λ‖w‖²/2, con λ = strength. x: (n, d); y: (n,)."""
    def slopes(x, y, w, b, size, pay=1, pay_b=0, out=_sigmoid, factor=lambda p: 1, scale=1.0, use_x=True,
               use_b=True, move_b=True):
        p = out(x @ w + (b if use_b else 0))
        error = scale * (p - y) * factor(p) / len(y)
        slope = x.T @ error if use_x else np.full(len(w), error.sum())
        return slope + pay * size * w, error.sum() + pay_b * size * b if move_b else 0.0

    def scaled(by_w, by_b, pay=1):
        """El error típico de no promediar: multiplica por n la parte de J de cada pendiente."""
        def wrong(x, y, w, b, size):
            slope_w, slope_b = slopes(x, y, w, b, size, pay=0)
            return slope_w * (len(y) if by_w else 1) + pay * size * w, slope_b * (len(y) if by_b else 1)

        return wrong

    def vector(mean):
        """El error típico de dejar la pendiente del sesgo como arreglo."""
        def wrong(x, y, w, b, size, pay=1):
            error = _sigmoid(x @ w + b) - y
            return slopes(x, y, w, b, size, pay=pay)[0], error / len(y) if mean else error

        return wrong

    rng = np.random.default_rng(6)
    cases = [(np.array([[2.0]]), np.array([1]), np.array([0.0]), 0.0, 0.5),
             (np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 1.0]]), np.array([1, 0, 0]), np.array([0.5, -1.0]), 0.5, 0.1),
             (rng.normal(size=(5, 3)), np.array([0, 1, 1, 0, 1]), np.array([1.0, -2.0, 0.5]), -1.0, 0.3)]
    mistakes = [
        ("Ese es el error frecuente: sobra la derivada σ′. Con la entropía cruzada se cancela.",
         {"factor": lambda p: p * (1 - p)}),
        ("El signo está cambiado: el error es predicción menos verdad, ŷ − y.", {"scale": -1}),
        ("Falta la x: la pendiente de cada peso es el error por su entrada.", {"use_x": False}),
        ("Falta el sesgo al calcular z = x·w + b.", {"use_b": False}),
        ("Los pesos están bien, pero el sesgo también tiene pendiente: la media del error.", {"move_b": False}),
        ("Falta la sigmoide: ŷ es σ(z), no z.", {"out": lambda z: z}),
        ("Redondeaste ŷ a 0 o 1: esa es la regla del perceptrón. Deja la probabilidad.",
         {"out": lambda z: (z > 0) + 0.0}),
        ("Sobra el 2: la entropía cruzada no lleva cuadrado.", {"scale": 2}),
        ("Ese es el gradiente del error cuadrático: sobran el 2 y la derivada σ′.",
         {"scale": 2, "factor": lambda p: p * (1 - p)})]
    own = [  # los del segundo remedio
        ("Falta el cobro por el tamaño: suma λ por cada peso a su pendiente.", {"pay": 0}),
        ("La derivada de (λ/2)w² es λw: sobra un 2.", {"pay": 2}),
        ("La derivada de (λ/2)w² es λw: el 2 se cancela.", {"pay": 0.5}),
        ("El cobro por el tamaño se suma: con el signo cambiado, premia los pesos grandes.", {"pay": -1}),
        ("El sesgo no paga por su tamaño: su pendiente es solo la media del error.", {"pay_b": 1})]
    both = [*own, *((hint, change | {"pay": pay}) for pay in (1, 0) for hint, change in mistakes)]
    return grade_function(
        quiet(answer), slopes, cases,
        [*((hint, lambda *a, change=change: slopes(*a, **change)) for hint, change in both),
         ("También se promedió el cobro por el tamaño: λw no se divide entre n.",
          lambda x, y, w, b, size: slopes(x, y, w, b, size, pay=1 / len(y))),
         *((hint, scaled(*parts, pay)) for pay in (1, 0) for hint, parts in [
             ("Es la media sobre los ejemplos: falta dividir entre n.", (True, True)),
             ("La de los pesos está bien; la del sesgo también se divide entre n.", (False, True)),
             ("La del sesgo está bien; la de los pesos también se divide entre n.", (True, False))]),
         ("Dividiste entre el número de pesos: se promedia sobre los n ejemplos, las filas.",
          lambda x, y, w, b, size: slopes(x, y, w, b, size, scale=len(y) / len(w))),
         *(("En la pendiente del sesgo, promedia el error: es un número.",
            lambda *a, mean=mean, pay=pay: vector(mean)(*a, pay=pay)) for mean in (True, False) for pay in (1, 0)),
         ("Los valores son buenos, pero en otro orden: primero ∂J/∂w y después ∂J/∂b.",
          lambda *a: slopes(*a)[::-1])],
        "Coincide con la fórmula en los tres casos. Con este costo, ni el problema fácil crece sin fin.")


def lengths(boundary, almost_sure):
    """Con w = 2.5 y b = -12: el largo en que ŷ = 0.5 y aquel en que ŷ = 0.9."""
    w, b, log_odds = 2.5, -12, np.log(9)
    if unfinished([boundary, almost_sure]):
        return Verdict(UNTRIED, "Escribe los dos largos donde están los puntos suspensivos.")
    try:
        swapped = np.allclose([boundary, almost_sure], [(log_odds - b) / w, -b / w], rtol=0, atol=0.01)
    except (TypeError, ValueError):  # no son números
        swapped = False
    if swapped:
        return Verdict(CLOSE, "Están en el otro orden: primero el largo en que duda, después el de 0.9.")
    first = grade_value(boundary, -b / w, [
        ("En el de 0.5: cuida el signo. La frontera cumple wx + b = 0, así que x = −b/w.", b / w),
        ("En el de 0.5: está invertida. Despeja x en wx + b = 0.", -w / b),
        ("En el de 0.5: también cuida el signo y qué divide a qué: despeja x en wx + b = 0.", w / b),
        ("En el de 0.5: ŷ = 0.5 no es z = 0.5. ¿Qué z da la sigmoide en 0.5?", (0.5 - b) / w),
        ("En el de 0.5: falta dividir entre w.", -b)], tolerance=2e-3)
    if first.state != RIGHT:
        return first
    return grade_value(almost_sure, (log_odds - b) / w, [
        ("En el de 0.9: ŷ = 0.9 no es z = 0.9. Busca la z con e^z = 9.", (0.9 - b) / w),
        ("En el de 0.9: las apuestas son e^z = 9, así que z = log(9), no 9.", (9 - b) / w),
        ("En el de 0.9: ese largo da 0.1. Cuida el signo de log(9).", (-log_odds - b) / w),
        ("En el de 0.9: usa el logaritmo natural, np.log, no el decimal.", (np.log10(9) - b) / w),
        ("En el de 0.9: las apuestas son 0.9 entre 0.1, o sea 9 a 1.", (np.log(0.9) - b) / w),
        ("En el de 0.9: ese es el largo de la frontera, donde ŷ = 0.5.", -b / w),
        ("En el de 0.9: cuida el signo de b al despejar.", (log_odds + b) / w),
        ("En el de 0.9: sumaste el log al final; falta dividirlo entre w.", -b / w + log_odds)],
        "Duda del todo con 4.8 cm y dice 0.9 con 5.68: de la duda al 0.9 hay menos de un centímetro.",
        tolerance=2e-3)
