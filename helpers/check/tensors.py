"""Ejercicios del cuaderno 12, TensorFlow: tensores, grafos y gradientes."""
import contextlib
import functools

import numpy as np
import tensorflow as tf

from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG, Verdict, grade_function, unfinished

TENSORS = [  # texto, forma y, por cada equivocación, (rango o forma, pista)
    ("tf.constant(7)", (), [
        (1, "¿cuántos índices necesitas para señalar el único número? No hay corchetes."),
        ((1,), "esa es la forma de [7], con corchetes. Un número suelto no tiene índices, ni tupla con números."),
        ((7,), "7 es el valor. La forma de un número suelto es una tupla vacía.")]),
    ("tf.constant([7])", (1,), [
        (0, "los corchetes cuentan: aunque haya un solo número, para señalarlo hace falta un índice."),
        ((), "los corchetes cuentan: es un vector de un solo número."),
        ((7,), "7 es el valor. La forma dice cuántos hay.")]),
    ("tf.constant([[7, 7, 7], [7, 7, 7]])", (2, 3), [
        (6, "eso es cuántos números hay. El rango es cuántos índices hacen falta."),
        (3, "eso es cuántos hay en cada fila. El rango es cuántos índices hacen falta."),
        ((3, 2), "primero las filas y después las columnas."),
        ((6,), "eso es cuántos números hay. La forma lleva un número por índice.")]),
    ("photos", (100, 64, 48), [
        (4, "eso sería con un canal al final; estas no lo tienen."),
        (2, "ese es el de una sola foto: falta el índice que dice cuál."),
        (100, "eso es cuántas fotos hay. El rango es cuántos índices hacen falta."),
        ((100, 64, 48, 1), "eso sería con un canal al final; estas no lo tienen."),
        ((100, 48, 64), "en una imagen, primero el alto (las filas) y después el ancho."),
        ((64, 48, 100), "el primer índice es el del lote: cuál de las fotos."),
        ((64, 48), "esa es la de una sola foto: falta cuántas hay.")]),
    ("photos[0]", (64, 48), [
        (3, "al elegir una foto se gasta un índice."),
        ((1, 64, 48), "eso es photos[:1], un lote de una foto. Con [0] el índice desaparece."),
        ((48, 64), "en una imagen, primero el alto (las filas) y después el ancho.")])]


def shapes(ranks, shapes):
    """Rangos (cinco enteros) y formas (cinco tuplas) de los tensores del enunciado."""
    if unfinished(ranks) or unfinished(shapes):
        return Verdict(UNTRIED, "Rellena los cinco rangos y las cinco formas.")
    for name, answers in (("ranks", ranks), ("shapes", shapes)):
        if not isinstance(answers, (list, tuple, np.ndarray)) or len(answers) != len(TENSORS):
            return Verdict(WRONG, f"{name} debe ser una lista de cinco respuestas, una por tensor.")
    for number, (rank, shape, (text, right, mistakes)) in enumerate(zip(ranks, shapes, TENSORS), start=1):
        hints, place = dict(mistakes), f"{number}, {text}: "
        if not isinstance(rank, (int, float, np.integer)):
            return Verdict(WRONG, place + "el rango es un número entero.")
        if isinstance(shape, (int, np.integer)):
            return Verdict(CLOSE, place + "la forma es una tupla" + (
                f". Con un solo número se escribe ({shape},), con coma." if right else
                ", y la de un número suelto no tiene nada dentro."))
        try:
            shape = tuple(int(size) for size in shape)
        except (TypeError, ValueError):
            return Verdict(WRONG, place + "la forma es una tupla de números.")
        if rank != len(right):
            return Verdict(CLOSE if rank in hints else WRONG, place + hints.get(rank, f"el rango no es {rank}."))
        if shape != right:
            hint = hints.get(shape, f"la forma no es {shape}." if len(shape) == rank else
                             f"dices que el rango es {rank} y la forma {shape} tiene {len(shape)} números.")
            return Verdict(CLOSE if shape in hints else WRONG, place + hint)
    return Verdict(RIGHT, "El rango es siempre la longitud de la forma.")


def slope(answer):
    """`answer(x)` devuelve la pendiente de x·sen x en el número x."""
    def as_number(result):
        return result.numpy() if tf.is_tensor(result) else result

    with _tape_failures() as failures:
        verdict = grade_function(
            _after(answer, as_number), lambda x: np.sin(x) + x * np.cos(x), [(1.0,), (0.5,), (-2.0,), (3.0,)],
            [("Falta el otro camino: parte del cálculo salió de TensorFlow (np.sin, .numpy()…) y la cinta no la vio. "
              "Usa tf.sin y el propio x.", np.sin),
             ("Falta el otro camino: la cinta no vio uno de los dos factores. O salió de TensorFlow (.numpy(), "
              "float()…) o quedó fuera del with.", lambda x: x * np.cos(x)),
             ("Eso es el valor de la función. Falta pedir la pendiente: tape.gradient(f, x).",
              lambda x: x * np.sin(x)),
             ("Esa es la pendiente de sen x, sin la x que multiplica.", np.cos),
             ("Esa es la segunda derivada: con una cinta basta.", lambda x: 2 * np.cos(x) - x * np.sin(x)),
             ("El signo está cambiado.", lambda x: -np.sin(x) - x * np.cos(x)),
             ("Le pediste las pendientes de una lista y te devolvió una lista: quédate con su único elemento.",
              lambda x: np.array([np.sin(x) + x * np.cos(x)]))],
            "x llega al resultado por dos caminos, y la pendiente los suma.", tolerance=1e-4)
    return Verdict(CLOSE, failures[0]) if failures and verdict.state == WRONG else verdict


def step(answer):
    """`answer(w, b, x, y, learning_rate)` mueve dos tf.Variable un paso y devuelve el costo de antes."""
    def rule(w, b, x, y, lr, sign=-1, rate=None, average=np.mean, move_w=True, move_b=True, keep=True, factor=2):
        error = w * x + b - y
        change = sign * (lr if rate is None else rate(lr)) * factor
        new_w, new_b = (old * keep + change * average(error * each) for old, each in ((w, x), (b, np.ones_like(x))))
        return new_w if move_w else w, new_b if move_b else b

    returned = []

    def moved(w, b, x, y, learning_rate):
        variables = tf.Variable(w), tf.Variable(b)
        result = answer(*variables, tf.constant(x, tf.float32), tf.constant(y, tf.float32), learning_rate)
        returned.append(result)
        return result if unfinished(result) else tuple(float(v) for v in variables)

    cases = [(0.0, 0.0, np.array([1.0, 2.0]), np.array([2.0, 3.0]), 0.1),
             (1.0, -1.0, np.array([1.0, 0.0, 3.0]), np.array([2.0, 1.0, -1.0]), 0.25),
             (-0.5, 2.0, np.array([4.0, -1.0, 2.0, 1.0]), np.array([0.0, 1.0, 2.0, 5.0]), 0.02)]
    mistakes = [
        ("Las variables no se han movido. Escribir w = w − … crea un tensor nuevo: usa w.assign_sub(…).",
         {"move_w": False, "move_b": False}),
        ("Subes en vez de bajar: al parámetro se le resta η por su pendiente (assign_sub).", {"sign": 1}),
        ("La tasa de aprendizaje está aplicada dos veces.", {"rate": lambda lr: lr**2}),
        ("Falta la tasa de aprendizaje multiplicando la pendiente.", {"rate": lambda lr: 1}),
        ("Es la suma de los errores al cuadrado. El costo es la media: tf.reduce_mean.", {"average": np.sum}),
        ("w se mueve bien, pero b también aprende.", {"move_b": False}),
        ("b se mueve bien, pero w también aprende.", {"move_w": False}),
        ("Guardas el cambio en lugar de restarlo: assign pone, assign_sub resta.", {"keep": False}),
        ("Guardas el cambio en lugar de restarlo: assign pone, assign_sub resta.", {"keep": False, "sign": 1}),
        ("El costo es la media de los errores al cuadrado, sin el ½.", {"factor": 1})]
    with _tape_failures() as failures:
        verdict = grade_function(
            _named_like(moved, answer), rule, cases,
            [(hint, lambda *a, change=change: rule(*a, **change)) for hint, change in mistakes],
            "Delante, atrás y descenso, en cinco líneas. Con un millón de pesos serían las mismas.", tolerance=1e-4)
    if failures and verdict.state != RIGHT:
        return Verdict(CLOSE, failures[0])
    if "= value` with `tf.Variable`" in verdict.hint:
        return Verdict(CLOSE, "A una tf.Variable no se le puede restar con -=: usa w.assign_sub(…).")
    if verdict.state != RIGHT:
        return verdict
    if any(result is None for result in returned):
        return Verdict(CLOSE, "El paso es bueno. Falta devolver el costo: return cost.")
    costs = [np.mean((w * x + b - y) ** 2) for w, b, x, y, _ in cases]
    try:
        good = np.allclose([float(result) for result in returned], costs, rtol=1e-4)
    except (TypeError, ValueError):
        return Verdict(CLOSE, "El paso es bueno. Falta devolver el costo, un solo número.")
    return verdict if good else Verdict(CLOSE, "El paso es bueno; el costo que devuelves no es el de antes de darlo.")


def compile_once(answer):
    """`answer(function)` devuelve function(x, factor) compilada de modo que se trace una sola vez."""
    if unfinished(answer) or answer is None:
        return Verdict(UNTRIED, "Escribe tu respuesta donde están los puntos suspensivos.")
    if not callable(answer):
        return Verdict(WRONG, "Se esperaba una función: pasa su nombre, sin paréntesis.")
    traces, eager, case = [], [], None

    def body(x, factor):
        (traces if tf.inside_function() else eager).append(1)
        return tf.reduce_sum(x) * factor

    lengths = [(np.arange(n, dtype=np.float32), 2.0) for n in (2, 3, 4, 5)]
    factors = [(np.arange(2, dtype=np.float32), factor) for factor in (0.5, 1.5, 2.5, 3.5)]
    with _without_advice():
        try:
            compiled = answer(body)
            if unfinished(compiled):
                return Verdict(UNTRIED, "Escribe tu respuesta donde están los puntos suspensivos.")
            if compiled is None:
                return Verdict(WRONG, "Tu función no devuelve nada. ¿Falta el return?")
            if not callable(compiled):
                return Verdict(WRONG, "Devuelve la función compilada, sin llamarla.")
            for case in lengths + factors:
                result = compiled(tf.constant(case[0]), case[1])
                if not np.allclose(result, case[0].sum() * case[1]):
                    return Verdict(WRONG, "La función compilada debe dar lo mismo que la original.")
                if case is lengths[-1]:
                    by_length = len(traces)
        except Exception as error:
            return _signature_failure(error, case)
    if eager:
        return Verdict(CLOSE, "Se ejecuta Python en cada llamada: no hay grafo. Devuelve tf.function(function, …).")
    if len(traces) == 1:
        return Verdict(RIGHT, "Ocho llamadas distintas y un solo trazado.")
    count = f"Se trazó {len(traces)} veces en ocho llamadas. "
    if by_length == 1:
        return Verdict(CLOSE, count + "Las longitudes ya no obligan; los factores, números de Python, sí: haz que "
                                      "entren como tensor, con TensorSpec([]) en la firma.")
    if len(traces) == by_length:
        return Verdict(CLOSE, count + "Los factores ya no obligan; las longitudes, sí: en la firma, pon None.")
    return Verdict(CLOSE, count + "Cada longitud y cada factor cuentan: falta input_signature, con un TensorSpec por "
                                  "argumento.")


def _signature_failure(error, case):
    """Veredicto de una firma que TensorFlow rechaza. case: la llamada, o None si falló antes de llamar."""
    if "ellipsis" in str(error):
        return Verdict(UNTRIED, "Todavía queda un ... por completar.")
    message = str(error).splitlines()[0] if str(error) else ""
    if "tuple or a list" in message or "sequence of TensorSpec" in message:
        return Verdict(CLOSE, "input_signature es una lista de TensorSpec, uno por argumento.")
    if "missing type constraint" in message:
        return Verdict(CLOSE, "En la firma falta un TensorSpec: la función tiene dos argumentos, x y factor.")
    if case and ("Can not cast" in message or "Binding inputs" in message):
        return Verdict(CLOSE, f"La firma no admite x de forma {case[0].shape} con el factor {case[1]}: en x, None "
                              "donde cambia la longitud; en factor, [] (un número suelto); en los dos, float32.")
    where = f"Con x de forma {case[0].shape} y factor {case[1]}" if case else "Al compilar"
    return Verdict(WRONG, f"{where} se detiene: {type(error).__name__}: {message[:200]}")


def _after(answer, finish):
    """`answer` seguida de `finish`; lo que no se puede llamar se devuelve tal cual."""
    return _named_like(lambda *arguments: finish(answer(*arguments)), answer) if callable(answer) else answer


def _named_like(function, answer):
    """`function` con los nombres de los argumentos de `answer`, para los mensajes."""
    if not callable(answer):
        return answer
    function.__wrapped__ = getattr(answer, "python_function", answer)
    return function


@contextlib.contextmanager
def _without_advice():
    """Calla los consejos de TensorFlow mientras se corrige."""
    log = tf.get_logger()
    level = log.level
    log.setLevel("ERROR")
    try:
        yield
    finally:
        log.setLevel(level)


@contextlib.contextmanager
def _tape_failures():
    """Lista que se llena con una explicación por cada None o error de una cinta mientras dura."""
    gradient, watch = tf.GradientTape.gradient, tf.GradientTape.watch
    failures, watched = [], []

    @functools.wraps(gradient)
    def spying_gradient(tape, target, sources, *rest, **options):
        if any(not tf.is_tensor(source) and source is not ... for source in tf.nest.flatten(sources)):
            failures.append("Pides la pendiente respecto a un número suelto, que la cinta no vigila. Antes del with, "
                            "conviértelo en una tf.Variable.")
        try:
            result = gradient(tape, target, sources, *rest, **options)
        except RuntimeError as error:
            if "non-persistent" in str(error):
                failures.append("La cinta se borra al usarla: pide todo en una sola llamada a tape.gradient.")
            raise
        for value, source in zip(tf.nest.flatten(result), tf.nest.flatten(sources)):
            if value is None:
                failures.append(_explain(source, watched))
        return result

    @functools.wraps(watch)
    def spying_watch(tape, tensor):
        watched.extend(tf.nest.flatten(tensor))
        return watch(tape, tensor)

    tf.GradientTape.gradient, tf.GradientTape.watch = spying_gradient, spying_watch
    try:
        with _without_advice():
            yield failures
    finally:
        tf.GradientTape.gradient, tf.GradientTape.watch = gradient, watch


def _explain(source, watched):
    """Por qué la cinta no encontró un camino hasta `source`."""
    if not source.dtype.is_floating:
        return "La cinta devolvió None: los enteros no tienen pendiente. Convierte x a un decimal."
    if isinstance(source, tf.Variable) or any(source is tensor for tensor in watched):
        return ("La cinta devolvió None: el cálculo no usó esa variable dentro del with, o salió a NumPy por el "
                "camino. Escribe las operaciones dentro, con las de TensorFlow.")
    return "La cinta devolvió None: x es una constante y no la vigila. Usa tape.watch(x) o una tf.Variable."
