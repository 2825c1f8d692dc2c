"""Ejercicios del cuaderno 02, Metodología, datos y métricas."""
import contextlib
import functools
import io
import itertools

import numpy as np

from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG, Verdict, grade_function, unfinished


def _tidied(answer, tidy):
    """La función `answer`, con su resultado pasado por `tidy`; lo que no es una función, tal cual."""
    if not callable(answer):
        return answer

    @functools.wraps(answer)
    def call(*arguments):
        with np.errstate(invalid="ignore"):  # 0/0 da nan sin avisar
            result = answer(*arguments)
        return result if result is None or unfinished(result) else tidy(result)
    return call


def _no_nan(matrix):
    """Cambia los nan de una matriz por ceros: una fila vacía dividida entre su suma es 0/0."""
    matrix = np.asarray(matrix)
    return np.nan_to_num(matrix) if matrix.dtype.kind == "f" else matrix


def confusion(answer):
    """`answer(y, y_hat, classes)`: matriz (classes, classes), clase real en filas y predicha en columnas."""
    def right(y, y_hat, classes):
        counts = np.zeros((classes, classes), int)
        np.add.at(counts, (y, y_hat), 1)
        return counts

    def once(y, y_hat, classes):
        counts = np.zeros((classes, classes), int)
        counts[y, y_hat] += 1
        return counts

    def fractions(axis):
        def wrong(y, y_hat, classes):
            counts = right(y, y_hat, classes)
            return counts / np.maximum(counts.sum(axis=axis, keepdims=True), 1)
        return wrong

    rng = np.random.default_rng(2)
    cases = [(np.array(y), np.array(y_hat), classes) for y, y_hat, classes in
             [([0, 1, 1, 1], [0, 0, 0, 1], 2), ([0, 0, 1, 1, 2, 2], [0, 1, 1, 1, 0, 2], 3), ([1, 0, 0], [0, 0, 1], 3)]]
    cases.append((rng.integers(0, 4, 60), rng.integers(0, 4, 60), 5))
    return grade_function(
        _tidied(answer, _no_nan), right, cases,
        [("Filas y columnas están intercambiadas: la fila es la clase real y la columna, la predicha.",
          lambda y, y_hat, k: right(y_hat, y, k)),
         ("matriz[y, y_hat] += 1 cuenta cada casilla una sola vez, aunque el par se repita. Usa un bucle o np.add.at.",
          once),
         ("Eso son fracciones: la matriz cuenta ejemplos.", lambda y, y_hat, k: right(y, y_hat, k) / len(y)),
         ("Eso son fracciones de cada fila: no dividas, la matriz cuenta ejemplos.", fractions(1)),
         ("Eso son fracciones de cada columna: no dividas, la matriz cuenta ejemplos.", fractions(0)),
         ("Solo has contado los aciertos. Los errores van fuera de la diagonal.",
          lambda y, y_hat, k: np.diag(np.diag(right(y, y_hat, k)))),
         ("Solo has contado los errores. Los aciertos van en la diagonal.",
          lambda y, y_hat, k: right(y, y_hat, k) * (1 - np.eye(k, dtype=int))),
         ("El orden de las clases está al revés: la casilla [0, 0] es la de la clase 0.",
          lambda y, y_hat, k: right(y, y_hat, k)[::-1, ::-1]),
         ("El tamaño lo da `classes`: una clase que no aparece también tiene su fila y su columna.",
          lambda y, y_hat, k: right(y, y_hat, max(y.max(), y_hat.max()) + 1))],
        "La diagonal son los aciertos; cada fila suma cuántos hay de esa clase.")


def metrics(answer):
    """`answer(tp, fp, fn, tn)` devuelve (precisión, exhaustividad, F1); 0 donde se dividiría entre 0."""
    def ratio(a, b):
        return a / b if b else 0.0

    def harmonic(p, r):
        return ratio(2 * p * r, p + r)

    def change(precision=lambda tp, fp, fn, tn: ratio(tp, tp + fp), recall=lambda tp, fp, fn, tn: ratio(tp, tp + fn),
               f1=harmonic, factor=1):
        def wrong(tp, fp, fn, tn):
            p, r = precision(tp, fp, fn, tn), recall(tp, fp, fn, tn)
            return factor * p, factor * r, factor * f1(p, r)
        return wrong

    right = change()
    cases = [(8, 5, 2, 85), (27, 70, 3, 900), (1, 0, 3, 6), (30, 970, 0, 0), (0, 4, 10, 86), (0, 0, 30, 970)]

    def accuracy(tp, fp, fn, tn):
        return (tp + tn) / (tp + fp + fn + tn)

    def right_f1_of(counts):
        return harmonic(ratio(counts[0], counts[0] + counts[1]), ratio(counts[0], counts[0] + counts[2]))

    return grade_function(
        _tidied(answer, lambda found: tuple(found) if np.ndim(found) == 1 else found), right, cases,
        [("Precisión y exhaustividad están intercambiadas: la precisión divide entre todas las alarmas (TP + FP); "
          "la exhaustividad, entre todos los positivos reales (TP + FN).",
          lambda tp, fp, fn, tn: right(tp, fn, fp, tn)),
         ("Eso es la exactitud, no la precisión: los TN no entran en ninguna de las tres.", change(precision=accuracy)),
         ("La precisión no es la exactitud, aunque en el habla común sean sinónimos. F1 está bien.",
          lambda *c: (accuracy(*c), right(*c)[1], right_f1_of(c))),
         ("Eso es la exactitud, no la exhaustividad: esta solo mira los positivos reales.", change(recall=accuracy)),
         ("La exhaustividad solo mira los positivos reales, TP + FN. Los TN no entran.",
          change(recall=lambda tp, fp, fn, tn: ratio(tn, tn + fp))),
         ("En la exhaustividad divides entre TP + TN, todos los aciertos. Los positivos reales son TP + FN.",
          change(recall=lambda tp, fp, fn, tn: ratio(tp, tp + tn))),
         ("F1 no es la media corriente: es la armónica, 2PR / (P + R), que se queda cerca del más bajo.",
          change(f1=lambda p, r: (p + r) / 2)),
         ("F1 no es el producto: es la media armónica, 2PR / (P + R).", change(f1=lambda p, r: p * r)),
         ("F1 no es la media geométrica: es la armónica, 2PR / (P + R).", change(f1=lambda p, r: (p * r) ** 0.5)),
         ("A F1 le falta el 2: es 2PR / (P + R).", change(f1=lambda p, r: ratio(p * r, p + r))),
         ("Devuelve números entre 0 y 1, no porcentajes.", change(factor=100))],
        "Con TP = 8, FP = 5, FN = 2 y TN = 85 salen 0.615, 0.80 y 0.696.")


def split(answer):
    """`answer(n, rng)`: tres arreglos con los índices de entrenamiento, validación y prueba (60, 20 y 20 %)."""
    if unfinished(answer) or answer is None or not callable(answer):
        return grade_function(answer, None, [])
    for n, seed in ((10, 0), (57, 1), (342, 2)):
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                parts, again, other = (answer(n, np.random.default_rng(s)) for s in (seed, seed, seed + 1))
        except Exception as error:  # el error de quien aprende se le cuenta, no se oculta
            if "ellipsis" in str(error):
                return Verdict(UNTRIED, "Todavía queda un ... por completar.")
            return Verdict(WRONG, f"Con n = {n} tu función se detiene: {type(error).__name__}: {error}")
        if unfinished(parts):
            return Verdict(UNTRIED, "Escribe tu respuesta donde están los puntos suspensivos.")
        if parts is None:
            return Verdict(WRONG, "Tu función no devuelve nada. ¿Falta el return?")
        try:
            parts, again, other = ([np.asarray(part) for part in p] for p in (parts, again, other))
        except TypeError:
            parts = []
        if len(parts) != 3 or any(part.ndim != 1 for part in parts):
            return Verdict(WRONG, "Devuelve tres arreglos de índices: entrenamiento, validación y prueba.")
        if hint := _split_problem(n, parts, again, other):
            return Verdict(CLOSE, hint)
    return Verdict(RIGHT, "Nadie se repite, nadie se pierde y el azar decide quién va dónde.")


def _split_problem(n, parts, again, other):
    """Pista sobre lo que falla en un reparto de n ejemplos, o None. again: con la misma semilla; other: con otra."""
    everything = np.concatenate(parts)
    sizes = [len(part) for part in parts]
    if everything.dtype.kind not in "iu":
        return "Hacen falta índices enteros, los de las filas de cada parte."
    if everything.min() < 0 or everything.max() >= n:
        return f"Los índices van de 0 a n − 1, y con n = {n} hay uno que se sale."
    if len(np.unique(everything)) < len(everything):
        return "Hay ejemplos repetidos: el mismo pingüino no puede estar en dos partes. Baraja una vez y corta."
    if len(everything) < n:
        return f"Con n = {n} las partes suman {len(everything)}: al redondear se pierde alguien. Corta hasta el final."
    if any(abs(size - share * n) > 1 for size, share in zip(sizes, (0.6, 0.2, 0.2))):
        return f"Con n = {n} las partes miden {sizes}: se pide 60, 20 y 20 %, en ese orden."
    if n > 300:  # con pocos, podría salir por casualidad
        if any(np.ptp(part) == len(part) - 1 for part in parts):
            return ("No has barajado antes de cortar. Si las filas vienen ordenadas por especie, la prueba "
                    "tendría una sola.")
        if any(a.max() < b.min() for a, b in itertools.permutations(parts, 2)):
            return ("Hay dos partes sin barajar entre sí: una se queda los índices menores y otra los mayores, porque "
                    "los que sobran (con np.setdiff1d, por ejemplo) salen ordenados. Baraja una vez y corta.")
        if not all(map(np.array_equal, parts, again)):
            return "Con la misma semilla debe salir el mismo reparto: usa el generador `rng`, no np.random."
        if all(map(np.array_equal, parts, other)):
            return "Con otra semilla sale el mismo reparto: usa el generador `rng` que recibes, no uno tuyo."
    return None


def threshold(answer):
    """`answer(scores, y, recall)`: el umbral más alto, de los valores de scores, con esa exhaustividad o más."""
    def pick(good, choose=max):
        def wrong(scores, y, recall):
            chosen = [t for t in np.unique(scores) if good(scores, y, t) >= recall]
            return choose(chosen) if chosen else np.nan
        return wrong

    def found(scores, y, t):
        return (scores[y == 1] >= t).mean()

    right = pick(found)
    rng = np.random.default_rng(7)
    y = np.repeat([1, 0], [40, 80])
    large = (np.clip(rng.normal(0.35 + 0.2 * y, 0.15), 0.05, 1).round(2), y, 0.95)
    large[0][-3:] = 0.0
    # Se alcanzan justo: 2 de 4 y 9 de 10. Con 0.9, además, int((1 - recall) * 10) es 0 por el redondeo.
    half = (np.array([0.9, 0.8, 0.6, 0.5, 0.4, 0.3]), np.array([1, 1, 0, 1, 1, 0]), 0.5)
    tenth = (np.array([0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.6, 0.55, 0.5, 0.45, 0.4, 0.3, 0.2, 0.1]),
             np.array([1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 0, 1, 0]), 0.9)
    cases = [(np.array([0.9, 0.8, 0.7, 0.4, 0.2]), np.array([1, 0, 1, 1, 0]), 0.6),
             (np.array([0.1, 0.3, 0.3, 0.6, 0.8, 0.9]), np.array([0, 1, 0, 1, 0, 1]), 0.95),
             half, tenth, large]
    return grade_function(
        answer, right, cases,
        [("En el umbral justo también hay alarma: score >= umbral, no >.",
          pick(lambda scores, y, t: (scores[y == 1] > t).mean())),
         ("Ese umbral cumple, pero no es el más alto: bajándolo tanto solo ganas falsas alarmas.", pick(found, min)),
         ("Eso es la precisión. La exhaustividad se mide solo entre los positivos reales, y == 1.",
          pick(lambda scores, y, t: y[scores >= t].mean())),
         ("Eso es la precisión, y además el umbral más bajo que la alcanza. Se pide la exhaustividad.",
          pick(lambda scores, y, t: y[scores >= t].mean(), min)),
         ("Has contado entre todos los ejemplos: la exhaustividad se mide solo entre los positivos reales, y == 1.",
          pick(lambda scores, y, t: (scores >= t).mean())),
         ("Está al revés: la alarma salta cuando la puntuación es alta, score >= umbral.",
          pick(lambda scores, y, t: (scores[y == 1] <= t).mean(), min)),
         ("Se pide esa exhaustividad o más, >= recall: un umbral que la alcanza justo también vale.",
          lambda scores, y, recall: max((t for t in scores if found(scores, y, t) > recall), default=np.nan)),
         ("La cuenta es buena, pero (1 − 0.9) · 10 da 0.99… en la computadora e int() lo deja en 0. Redondea antes, "
          "o prueba los umbrales uno por uno.",
          lambda scores, y, recall: np.sort(scores[y == 1])[int((1 - recall) * (y == 1).sum())]),
         ("np.quantile inventa un valor entre dos puntuaciones y se queda corto: prueba los umbrales uno por uno.",
          lambda scores, y, recall: np.quantile(scores[y == 1], 1 - recall)),
         ("Eso es la exhaustividad que se alcanza. Se pide el umbral.", lambda *c: found(c[0], c[1], right(*c)))],
        "Un poco más alto y se escaparían demasiados positivos.")
