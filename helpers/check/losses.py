"""Ejercicios del cuaderno 08, Activaciones y funciones de pérdida."""
import numpy as np

from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG, Verdict, grade_function, quiet, unfinished


def _softmax(z, axis=-1):
    positive = np.exp(z - z.max(axis=axis, keepdims=True))
    return positive / positive.sum(axis=axis, keepdims=True)


def _sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def softmax(answer):
    """`answer(z)`: z (K,) o (n, K); probabilidades sobre el último eje, también con z = 1000."""
    cases = [(np.array([1.0, 1.0]),), (np.array([2.0, 1.0, -1.0]),),
             (np.array([[2.0, 1.0, -1.0], [0.0, 0.0, 3.0]]),), (np.array([[1000.0, 1000.0], [-1000.0, -999.0]]),)]
    verdict = grade_function(
        quiet(answer), _softmax, cases,
        [("Va bien con una fila, pero con varias repartes sobre el primer eje: las probabilidades de cada fila deben "
          "sumar 1. Usa axis=-1.", lambda z: _softmax(z, axis=0)),
         ("Va bien con una fila, pero con varias divides entre la suma de todas. Suma por filas, con axis=-1 y "
          "keepdims=True.", lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum()),
         ("Divides entre el máximo: así la mayor vale 1, pero la fila no suma 1. Divide entre la suma.",
          lambda z: np.exp(z - z.max(axis=-1, keepdims=True))),
         ("Falta la exponencial: repartir las puntuaciones tal cual da números negativos.",
          quiet(lambda z: z / z.sum(axis=-1, keepdims=True))),
         ("Eso es la sigmoide de cada neurona. Softmax reparte: la fila debe sumar 1.", _sigmoid),
         ("El signo está cambiado: la mayor puntuación debe llevarse la mayor probabilidad.", lambda z: _softmax(-z)),
         ("Eso decide el ganador, 0 o 1. Aquí se pide el reparto.",
          lambda z: (z == z.max(axis=-1, keepdims=True)) + 0.0),
         ("Eso es el logaritmo de softmax.", lambda z: np.log(_softmax(z)) if z.max() < 100 else
          z - np.logaddexp.reduce(z, axis=-1, keepdims=True))],
        "Cada fila suma 1, y ni 1000 la desborda.")
    if verdict.state != WRONG:
        return verdict
    small = grade_function(quiet(answer), _softmax, cases[:-1], [  # lo mismo sin el caso que desborda
        ("Sumas toda la tabla: cada fila debe sumar 1. Usa axis=-1, keepdims=True.",
         lambda z: np.exp(z) / np.exp(z).sum()),
        ("Sumas por columnas: cada fila debe sumar 1. Usa axis=-1, keepdims=True.",
         lambda z: np.exp(z) / np.exp(z).sum(axis=0))])
    if small.state == CLOSE:
        return small
    if "out of bounds" in verdict.hint:
        return Verdict(CLOSE, "z también puede tener una sola fila, (K,): usa axis=-1.")
    if "nan" in verdict.hint.split("llegó")[-1]:
        return Verdict(CLOSE, "Va bien hasta que z = 1000 da nan, porque e^1000 no cabe. Resta antes a cada fila su "
                              "máximo: el resultado no cambia.")
    if "broadcast" in verdict.hint:
        return Verdict(CLOSE, "Las formas no encajan: la suma y el máximo de cada fila tienen forma (n,) y hacen falta "
                              "(n, 1). Usa keepdims=True.")
    return verdict


def leaky_slope(answer):
    """`answer(z, alpha)`: pendiente de max(αz, z). z: (n,), sin ceros."""
    cases = [(np.array([2.0]), 0.1), (np.array([-3.0]), 0.1), (np.array([-4.0, -0.5, 0.2, 6.0]), 0.3)]
    verdict = grade_function(
        answer, lambda z, a: np.where(z > 0, 1, a), cases,
        [("Eso es la propia función, max(αz, z). Se pide su pendiente: no depende del tamaño de z, solo del signo.",
          lambda z, a: np.maximum(a * z, z)),
         ("Esa es la pendiente de la ReLU simple. En la parte negativa, la leaky conserva α.",
          lambda z, a: (z > 0) + 0.0),
         ("A la izquierda la función es αz, y su pendiente es α, sin la z.", lambda z, a: np.where(z > 0, 1, a * z)),
         ("A la derecha la función es z, y su pendiente es 1, sin la z.", lambda z, a: np.where(z > 0, z, a)),
         ("Los dos lados están intercambiados: α va donde z es negativa.", lambda z, a: np.where(z > 0, a, 1)),
         ("El signo de la izquierda sobra: αz sube, despacio, así que su pendiente es +α.",
          lambda z, a: np.where(z > 0, 1, -a)),
         ("Usa el alpha que recibes, no 0.1.", lambda z, a: np.where(z > 0, 1, 0.1)),
         ("Es 1 solo a la derecha; a la izquierda es α.", lambda z, a: 0 * z + 1),
         ("Eso es la ReLU. Se pide la pendiente de la leaky.", lambda z, a: np.maximum(0, z))],
        "Nunca es cero: por esa rendija siguen aprendiendo.")
    if verdict.state == WRONG and "ambiguous" in verdict.hint:
        return Verdict(CLOSE, "Un if decide una sola vez y z es un arreglo. Usa np.where(condición, si, no).")
    return verdict


def cross_entropy(answer):
    """`answer(y, p)`: entropía cruzada categórica media. y: (n, K), un 1 por fila; p: (n, K)."""
    def pay(y, p, sign=-1, add=np.mean, log=np.log):
        return sign * add(np.sum(y * log(p), axis=1))

    rng = np.random.default_rng(8)
    cases = [(np.array([[0, 1]]), np.array([[0.2, 0.8]])),
             (np.array([[1, 0, 0], [0, 1, 0]]), np.array([[0.7, 0.2, 0.1], [0.3, 0.6, 0.1]])),
             (np.eye(4)[[3, 0, 0, 2, 1]], _softmax(rng.normal(size=(5, 4))))]
    return grade_function(
        quiet(answer), pay, cases,
        [("Falta el menos de delante: un pago nunca es negativo.", lambda y, p: pay(y, p, sign=1)),
         ("Es la media sobre los ejemplos: sumaste los pagos de todo el lote.", lambda y, p: pay(y, p, add=np.sum)),
         ("Además del menos, falta dividir entre el número de ejemplos.", lambda y, p: pay(y, p, 1, np.sum)),
         ("Promediaste sobre las n·K casillas: suma por filas y promedia solo sobre los n ejemplos.",
          lambda y, p: -np.mean(y * np.log(p))),
         ("Ese es el error frecuente: sobra el término (1 − y)·log(1 − p), que es de K sigmoides.",
          lambda y, p: pay(y, p) + pay(1 - y, 1 - p)),
         ("Sobra el término (1 − y)·log(1 − p), y además falta el menos.",
          lambda y, p: -pay(y, p) - pay(1 - y, 1 - p)),
         ("Eso es la entropía binaria promediada sobre las casillas. Con softmax solo cuenta la clase verdadera.",
          lambda y, p: -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))),
         ("Tomaste el logaritmo de las clases equivocadas: solo paga la probabilidad de la verdadera.",
          lambda y, p: pay(1 - y, p)),
         ("Intercambiaste y y p: el logaritmo es de las probabilidades.", quiet(lambda y, p: pay(p, y))),
         ("Falta el logaritmo.", lambda y, p: -np.mean(np.sum(y * p, axis=1))),
         ("Es el logaritmo natural, np.log, no el decimal.", lambda y, p: pay(y, p, log=np.log10)),
         ("Es el logaritmo natural, np.log, no el de base 2.", lambda y, p: pay(y, p, log=np.log2)),
         ("Falta promediar: devuelve un número, no un pago por ejemplo.", lambda y, p: pay(y, p, add=np.asarray)),
         ("Eso es el error cuadrático. Se paga menos el logaritmo de la probabilidad de la clase verdadera.",
          lambda y, p: np.mean(np.sum((y - p) ** 2, axis=1))),
         ("Eso es el error cuadrático. Se paga menos el logaritmo de la probabilidad de la clase verdadera.",
          lambda y, p: np.mean((y - p) ** 2))],
        "Coincide: 0.43375 por las dos películas.")


TASKS = {  # encargo: (unidades, filas que valen, pista de las unidades, {fila equivocada: su pista})
    "precio de una casa": (
        1, "A", "hay que decir una sola cantidad.",
        {"B": "un precio no es una probabilidad; la sigmoide nunca pasaría de 1.",
         "C": "no hay clases entre las que repartir; softmax con una unidad vale siempre 1."}),
    "¿es spam este correo?": (
        1, "B", "basta una probabilidad: la del no es lo que falta hasta 1.",
        {"A": "la respuesta es una probabilidad; una salida lineal puede valer 7.",
         "C": "softmax con una sola unidad vale siempre 1.",
         "D": "no hay varias etiquetas, solo un sí o no."}),
    "qué cifra, del 0 al 9": (
        10, "C", "del 0 al 9 hay diez clases, y cada una necesita su puntuación.",
        {"A": "un 9 no es «más» que un 1: son nombres, no cantidades.",
         "B": "sí o no son dos respuestas; aquí hay diez.",
         "D": "cada imagen es una cifra y solo una: se excluyen."}),
    "géneros de una película, de 12 posibles": (
        12, "D", "cada género posible necesita su propia respuesta.",
        {"A": "cada género es un sí o no, no una cantidad.", "B": "hay doce preguntas de sí o no, no una.",
         "C": "softmax reparte un solo pastel, y una película puede tener varios géneros."}),
    "latitud y longitud de una foto": (
        2, "A", "son dos cantidades, así que dos unidades.",
        {"B": "una latitud no es una probabilidad.", "C": "latitud y longitud no son clases que compitan.",
         "D": "son cantidades; una sigmoide no pasa de 1."}),
    "qué hay en la foto: gato, perro, auto": (
        3, "D", "hay tres preguntas, una por objeto.",
        {"A": "cada objeto es un sí o no, no una cantidad.", "B": "son tres preguntas de sí o no, no una.",
         "C": "puede haber varios, o nada, y softmax obliga a elegir uno."}),
    "resultado del partido: gana, empata o pierde": (
        3, "C", "hay tres resultados posibles.",
        {"A": "son tres resultados con nombre, no una cantidad.", "B": "sí o no son dos respuestas; aquí hay tres.",
         "D": "los tres resultados se excluyen: solo ocurre uno."}),
    "temperatura máxima de los próximos 7 días": (
        7, "A", "una cantidad por día.",
        {"B": "una temperatura no es una probabilidad.", "C": "los días no son clases que compitan.",
         "D": "son cantidades; una sigmoide no pasa de 1."})}


def outputs(answer):
    """Un diccionario de encargo a (unidades, "A", "B", "C" o "D"): la capa de salida de cada uno."""
    if unfinished(answer) or answer is None:
        return Verdict(UNTRIED, "Escribe una pareja para cada encargo.")
    if not isinstance(answer, dict) or set(answer) != set(TASKS):
        return Verdict(WRONG, "Se esperaba el diccionario de la celda, con sus ocho encargos y sus mismos nombres.")
    done = {task: pair for task, pair in answer.items() if not unfinished(pair)}
    for task, pair in done.items():
        verdict = _pair(task, pair)
        if verdict:
            return verdict
    if not done:
        return Verdict(UNTRIED, "Escribe las parejas donde están los puntos suspensivos.")
    if len(done) < len(TASKS):
        left = len(TASKS) - len(done)
        return Verdict(UNTRIED, f"De momento, bien: {len(done)} de {len(TASKS)}. "
                                f"{'Falta un encargo' if left == 1 else f'Faltan {left} encargos'}.")
    return Verdict(RIGHT, "Los ocho. Tres preguntas bastan: qué dice la red, qué valores son legales y qué pérdida "
                          "deja viva la pendiente.")


def _pair(task, pair):
    """Veredicto de una pareja equivocada; None si es buena."""
    units, row, units_hint, row_hints = TASKS[task]
    if not isinstance(pair, (tuple, list)) or len(pair) != 2 or not isinstance(pair[1], str):
        return Verdict(WRONG, f"«{task}»: escribe una pareja como (1, \"B\"): unidades y fila.")
    given = pair[1].strip().upper()
    if task.startswith("¿es spam") and (pair[0], given) == (2, "C"):
        return None  # dos unidades con softmax son la misma sigmoide
    if given not in ("A", "B", "C", "D"):
        return Verdict(WRONG, f"«{task}»: la fila es A, B, C o D, y llegó {pair[1]!r}.")
    if given != row:
        return Verdict(CLOSE, f"«{task}»: {row_hints.get(given, 'revisa la fila: son cantidades, no etiquetas.')}")
    if pair[0] != units:
        return Verdict(CLOSE, f"«{task}»: la fila está bien; revisa las unidades: {units_hint}")
    return None
