"""Ejercicios del cuaderno 03, Regresión lineal."""
import copy

import numpy as np

from helpers.check.grading import CLOSE, RIGHT, WRONG, Verdict, grade_function, grade_value

AREAS = np.array([42.45, 54.25, 32.5, 62.3, 28.4, 45.69, 58.2])                         # m²
PRICES = np.array([91.241, 101.251, 83.051, 110.341, 67.124, 98.525, 104.251])          # miles de €


def rmse(answer):
    """`answer(y, y_hat)` devuelve la raíz del error cuadrático medio."""
    def reference(y, p):
        return np.sqrt(np.mean((p - y) ** 2))

    cases = [(np.array([1.0, 2.0]), np.array([4.0, 6.0])), (np.array([3.0, -1.0, 2.0]), np.array([1.0, 4.0, 2.5])),
             (PRICES, 0.8233 * AREAS + 52.096)]
    return grade_function(
        answer, reference, cases,
        [("Eso es el MSE: falta la raíz para volver a las unidades del precio.", lambda y, p: reference(y, p) ** 2),
         ("Sumas los cuadrados en vez de promediarlos: falta dividir entre n antes de la raíz.",
          lambda y, p: np.sqrt(np.sum((p - y) ** 2))),
         ("Eso es la suma de cuadrados (SSE): falta dividir entre n y sacar la raíz.",
          lambda y, p: np.sum((p - y) ** 2)),
         ("Eso es el MAE: el RMSE eleva cada residuo al cuadrado, no le quita el signo con el valor absoluto.",
          lambda y, p: np.mean(np.abs(p - y))),
         ("El orden cambia el resultado: primero la raíz del promedio de los cuadrados; tú promedias y luego elevas.",
          lambda y, p: abs(np.mean(p - y))),
         ("La n va dentro de la raíz: divides después de sacarla.",
          lambda y, p: np.sqrt(np.sum((p - y) ** 2)) / len(y)),
         ("Eso es la desviación estándar: resta la media de los residuos, y al RMSE le importa quedarse corto siempre.",
          lambda y, p: np.std(p - y))],
        "Primero el cuadrado, luego la media y al final la raíz.")


def line(answer):
    """`answer(x, y)` devuelve (pendiente, ordenada) de mínimos cuadrados."""
    def reference(x, y, w=None):
        if w is None:
            w = np.cov(x, y, bias=True)[0, 1] / np.var(x)
        return np.array([w, np.mean(y) - w * np.mean(x)])

    def covariance(x, y):
        return np.cov(x, y, bias=True)[0, 1]

    cases = [(np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 8.0])),
             (np.array([-1.0, 4.0, 2.0, 3.0]), np.array([5.0, -2.0, 1.0, 1.5])), (AREAS, PRICES)]
    verdict = grade_function(
        answer, reference, cases,
        [("Están los dos, pero al revés: primero la pendiente y después la ordenada.",
          lambda x, y: reference(x, y)[::-1]),
         ("En el denominador va la varianza de x, no la de y: cambiaste los papeles.",
          lambda x, y: reference(x, y, covariance(x, y) / np.var(y))),
         ("Esa es la recta que predice x a partir de y: se intercambiaron los argumentos.",
          lambda x, y: reference(y, x)),
         ("Falta restar las medias antes de multiplicar: Σxy/Σx² es la pendiente de una recta por el origen.",
          lambda x, y: reference(x, y, (x @ y) / (x @ x))),
         ("np.cov divide entre n − 1 y np.var entre n: usa la misma n en las dos (bias=True o ddof=1).",
          lambda x, y: reference(x, y, np.cov(x, y)[0, 1] / np.var(x))),
         ("Falta dividir entre la varianza de x: eso es la covarianza.",
          lambda x, y: reference(x, y, covariance(x, y))),
         ("Eso es la correlación: en el denominador va la varianza de x, no el producto de las dos desviaciones.",
          lambda x, y: reference(x, y, np.corrcoef(x, y)[0, 1])),
         ("La pendiente está bien. La ordenada tiene el signo cambiado: es ȳ − w·x̄.",
          lambda x, y: reference(x, y) * [1, -1]),
         ("La pendiente está bien. La ordenada no es la media de y: hay que restarle w·x̄.",
          lambda x, y: np.array([reference(x, y)[0], np.mean(y)])),
         ("La pendiente está bien. La recta pasa por el punto medio, no por la primera casa: la ordenada es ȳ − w·x̄.",
          lambda x, y: np.array([reference(x, y)[0], y[0] - reference(x, y)[0] * x[0]]))],
        "Con las siete casas sale 1.0954 x + 43.013.")
    if verdict.state == WRONG and grade_function(answer, reference, cases, tolerance=0.02).state == RIGHT:
        return Verdict(CLOSE, "Los dos números son esos, pero redondeados. No redondees.")
    return verdict


SEVERAL_ONES = ("Con una medida va bien y con varias no. ¿Escribiste np.ones(x.shape)? Pone una columna de unos "
                "por medida, y hace falta una sola: np.ones(len(x)).")


def _size(answer, *case):
    """Cuántos números devuelve `answer`; 0 si se detiene."""
    try:
        return np.size(answer(*copy.deepcopy(case)))
    except Exception:  # grade_function ya contó el error
        return 0


def _works_with_one_column(answer, weights):
    """¿Acierta con una sola medida?"""
    try:
        result = answer(AREAS[:, None].copy(), PRICES.copy())
        return np.shape(result) == weights.shape and bool(np.allclose(result, weights))
    except Exception:  # grade_function ya contó el error
        return False


def fit(answer):
    """`answer(x, y)` devuelve los d + 1 pesos de la ecuación normal, con la ordenada delante."""
    def solve(X, y):
        return np.linalg.solve(X.T @ X, X.T @ y)

    def ones(x):
        return np.column_stack([np.ones(len(x)), x])

    def several_ones(x):
        return np.column_stack([np.ones(x.shape), x])

    square = np.array([[1.0, 2.0], [3.0, 1.0], [0.0, 4.0]])
    tall = np.array([[1.0, 0.0], [2.0, 1.0], [0.0, 3.0], [4.0, 1.0], [2.0, 5.0]])
    cases = [(square, np.array([1.0, 4.0, 2.0])), (tall, np.array([3.0, 1.0, 4.0, 1.0, 5.0])), (AREAS[:, None], PRICES)]
    verdict = grade_function(
        answer, lambda x, y: solve(ones(x), y), cases,
        [("Falta la columna de unos: sin ella no hay ordenada y el plano pasa por el origen.", solve),
         ("Los pesos son buenos, pero la ordenada va delante: pon la columna de unos la primera.",
          lambda x, y: solve(np.column_stack([x, np.ones(len(x))]), y)),
         ("Eso es Xᵀy: falta resolver el sistema con XᵀX a la izquierda.", lambda x, y: ones(x).T @ y),
         ("Eso son las predicciones Xw. Se piden los pesos w.", lambda x, y: ones(x) @ solve(ones(x), y)),
         ("Falta XᵀX: multiplicaste por ella en vez de resolver el sistema.",
          lambda x, y: ones(x).T @ ones(x) @ (ones(x).T @ y)),
         ("np.linalg.lstsq devuelve cuatro cosas; los pesos son la primera: añade [0].",
          lambda x, y: tuple(np.linalg.lstsq(ones(x), y, rcond=None))),
         ("Los pesos son esos, pero en columna, (d + 1, 1). Devuelve un arreglo (d + 1,), sin convertir y en matriz.",
          lambda x, y: solve(ones(x), y)[:, None]),
         (SEVERAL_ONES, lambda x, y: np.linalg.pinv(several_ones(x)) @ y)],
        "La misma función sirve para una medida y para mil.")
    if verdict.state == WRONG and _works_with_one_column(answer, solve(ones(AREAS), PRICES)) and (
            "Singular" in verdict.hint or _size(answer, *cases[0]) == several_ones(square).shape[1]):
        return Verdict(CLOSE, SEVERAL_ONES)
    if verdict.state == WRONG and any(word in verdict.hint for word in ("Singular", "square", "matmul", "mismatch")):
        return Verdict(CLOSE, "Las formas no encajan. Con n filas y d + 1 columnas, el sistema es XᵀX w = Xᵀy: "
                              "XᵀX mide (d + 1, d + 1). XXᵀ mide (n, n) y no sirve; X sola tampoco es cuadrada.")
    return verdict


def price(answer):
    """Precio de una casa de 50 m² según mínimos cuadrados, en miles de euros."""
    w, b = np.polyfit(AREAS, PRICES, 1)
    expected = 50 * w + b
    if isinstance(answer, (list, tuple, np.ndarray)) and np.size(answer) == 1:  # [97.8] vale como 97.8
        answer = np.ravel(np.asarray(answer, dtype=object))[0]
    verdict = grade_value(answer, expected, [
        ("El precio es ese, pero se pide en miles de euros.", 1000 * expected),
        ("Eso dice la recta publicada. Usa la de mínimos cuadrados.", 0.8233 * 50 + 52.096),
        ("Eso es la media de los siete precios: no mira la superficie.", PRICES.mean()),
        ("Falta sumar la ordenada b.", 50 * w),
        ("Los coeficientes están cambiados: la superficie multiplica a la pendiente, 1.0954.", 50 * b + w),
        ("Esa es la respuesta con la casa del mar dentro. Usa solo las siete casas.", 125.738),
        ("Esa es la respuesta de la recta de MAE mínimo. Usa la de mínimos cuadrados.", 97.646),
        ("¿Sale de tu recta a ojo? Usa la de mínimos cuadrados.", 100.0),
        ("¿Sale de tu recta a ojo? Usa la de mínimos cuadrados.", 95.0)],
        "Y recuerda cuánto falla con casas no vistas: unos 6300 €, el error dejando una fuera.", tolerance=5e-4)
    if verdict.state == WRONG and isinstance(answer, (int, float, np.number)) and abs(answer - expected) <= 1:
        return Verdict(CLOSE, "Muy cerca: redondeaste o leíste de la figura. "
                              "Calcula w · 50 + b con los coeficientes de la recta y da un decimal.")
    return verdict
