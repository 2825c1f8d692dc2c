"""Ejercicios del cuaderno 13, Keras: tres formas de escribir el mismo modelo."""
import contextlib
import io
import re
import warnings

import numpy as np

from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG, Verdict, grade_function, unfinished

NET = [(4, 20), (20, 20), (20, 3)]                            # las formas de los pesos de 4 → 20 → 20 → 3
ISLAND = [(4, 16), (19, 3)]
X = np.random.default_rng(13).normal(size=(9, 4)).astype("float32")
Z = np.eye(3, dtype="float32")[[0, 1, 2] * 3]                 # la isla de cada pingüino, en «uno de K»
Y = np.array([0, 1, 2, 2, 1, 0, 0, 2, 1])
EMPTY = Verdict(UNTRIED, "Escribe tu respuesta donde están los puntos suspensivos.")
INSIDE = ("Las capas nacen dentro de call, así que en cada llamada hay pesos nuevos. Créalas en __init__ (o fuera de "
          "la función que las usa), una sola vez.")


class _Stop(Exception):
    """El veredicto ya está decidido; va en el primer argumento."""


def repaired(answer):
    """`answer()` devuelve la red 4 → 20 → 20 → 3 compilada para etiquetas enteras; vale en cualquier API."""
    try:
        model, notes = _build(answer)
        if any("input_shape" in note for note in notes):
            return Verdict(CLOSE, "Funciona, pero Keras avisa: quita input_shape (o input_dim) de la capa y pon "
                                  "keras.Input((4,)) como primera de la lista.")
        if _is_sequential(model) and not model.built:
            return Verdict(CLOSE, "Falta decir cuál es la entrada: empieza por keras.Input((4,)).")
        _check_net(model, _run(model, X), 1)
        if not model.compiled:
            return Verdict(CLOSE, "La red está bien. Falta compile: sin él, fit se detiene.")
        return _check_loss(model)
    except _Stop as stop:
        return stop.args[0]


def _is_sequential(model):
    import keras
    return isinstance(model, keras.Sequential)


def _check_loss(model):
    """La pérdida de `model` con etiquetas enteras debe ser la entropía cruzada de sus probabilidades."""
    p = _run(model, X)
    try:
        with _silence() as notes:
            loss = model.evaluate(X, Y, verbose=0, return_dict=True)["loss"]
            doubled = any("from_logits" in str(note.message) for note in notes)
    except Exception as error:
        if "same rank" in str(error):
            return Verdict(CLOSE, "categorical_crossentropy espera «uno de K». Con etiquetas enteras, usa la que "
                                  "empieza por sparse_.")
        return Verdict(WRONG, "Con esa pérdida y etiquetas enteras, evaluate se detiene con un error. Usa "
                              "sparse_categorical_crossentropy.")
    if not doubled and abs(loss - _cross_entropy(p)) < 1e-3:
        return Verdict(RIGHT, "583 parámetros, sin avisos y lista para fit.")
    if doubled or abs(loss - _cross_entropy(_softmax(p))) < 1e-3:
        return Verdict(CLOSE, "Hay dos softmax: la de la última capa y la que promete from_logits=True. Quita "
                              "from_logits.")
    return Verdict(CLOSE, "La red está bien y compila, pero esa pérdida no es la entropía cruzada con etiquetas "
                          "enteras, sparse_categorical_crossentropy.")


def _softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _cross_entropy(p):
    return -np.log(p[np.arange(len(Y)), Y]).mean()


def with_island(answer):
    """`answer()` devuelve un modelo de dos entradas: medidas (4) → 16 ReLU, unidas a isla (3) → softmax de 3."""
    try:
        model, _ = _build(answer)
        inputs = getattr(model, "inputs", None)
        if inputs is not None and len(inputs) == 1:
            return Verdict(WRONG, "Tu modelo tiene una sola entrada. Hacen falta dos keras.Input, y "
                                  "keras.Model([medidas, isla], salida).")
        if inputs is not None and [t.shape[-1] for t in inputs] == [3, 4]:
            return Verdict(CLOSE, "Las entradas están al revés: en la lista van primero las medidas (4) y después la "
                                  "isla (3).")
        output = _run(model, [X, Z])
        dense, kernels = _dense(model)
        if sorted(dense) != sorted(ISLAND) or len(kernels) != 2:
            raise _Stop(_island_shapes(kernels))
        (W, b), (V, c) = (dense[shape] for shape in ISLAND)
        h = X @ W + b
        rows = {joined: joined(h) for joined in (_measures_first, _island_first)}
        if any(np.allclose(output, _softmax(r @ V + c), atol=1e-4) for r in rows.values()):
            raise _Stop(Verdict(CLOSE, "A la capa de 16 le falta su activación: sin ReLU es solo otra suma."))
        h = np.maximum(h, 0)
        for joined in rows:
            z = joined(h) @ V + c
            if np.allclose(output, _softmax(z), atol=1e-4):
                return Verdict(RIGHT, "140 parámetros, dos caminos y una sola salida.")
            if np.allclose(output, z, atol=1e-4):
                return Verdict(CLOSE, "A la última capa le falta la softmax: sus filas no suman 1.")
            if np.allclose(output, 1 / (1 + np.exp(-z)), atol=1e-4):
                return Verdict(CLOSE, "La última capa lleva sigmoid, y las tres especies se excluyen: usa softmax.")
        return Verdict(WRONG, "Los tamaños están bien, pero las activaciones no: ReLU en la de 16 y softmax al final.")
    except _Stop as stop:
        return stop.args[0]


def _measures_first(h):
    return np.hstack([h, Z])


def _island_first(h):
    return np.hstack([Z, h])


def _island_shapes(kernels):
    """Veredicto cuando los pesos no tienen las formas pedidas."""
    if not kernels:
        return Verdict(CLOSE, INSIDE)
    if kernels[0] == (7, 16):
        return Verdict(CLOSE, "Unes demasiado pronto: la isla pasa también por la capa de 16. Une después de ella.")
    if kernels == [(7, 3)]:
        return Verdict(CLOSE, "Falta la capa de 16: las medidas se unen sin pasar por ella.")
    if any(kernel[0] == 3 for kernel in kernels):
        return Verdict(CLOSE, "La isla tiene que entrar directamente, sin una capa densa propia.")
    if kernels[-1][0] == 16:
        return Verdict(CLOSE, "La isla no llega a la salida: la última capa solo recibe 16 números. Une con "
                              "layers.Concatenate()([h, isla]).")
    return Verdict(WRONG, f"Tus capas son {_chain(kernels)} y se esperaba 4 → 16 y, tras unir 16 + 3, 19 → 3.")


def repeated(answer):
    """`answer(times)` crea una subclase que aplica la segunda capa oculta `times` veces, con los mismos pesos."""
    import keras
    if isinstance(answer, keras.Model):
        return Verdict(WRONG, "Llegó una red ya creada: pasa la clase, Repeated, sin paréntesis.")
    try:
        for times in (3, 1, 2):  # con 3 se distingue una vuelta de menos de una sola vuelta
            model, _ = _build(answer, times)
            output = _run(model, X)
            if np.shape(output) == (9, 3) and not np.allclose(output, _run(model, X), atol=1e-5):
                return Verdict(CLOSE, INSIDE)
            _check_net(model, output, times)
        return Verdict(RIGHT, "Tres veces la misma capa y siguen siendo 583 parámetros.")
    except _Stop as stop:
        return stop.args[0]


def _check_net(model, output, times):
    """Lanza _Stop si la red no es 4 → 20 → 20 (`times` veces) → 3 con ReLU y softmax."""
    dense, kernels = _dense(model)
    if not kernels:
        raise _Stop(Verdict(CLOSE, INSIDE))
    if times > 1 and len(kernels) > 3:
        raise _Stop(Verdict(CLOSE, f"Con times = {times} hay {len(kernels)} capas densas: creas una por vuelta. Son "
                                   "los mismos pesos: crea una y aplícala en el bucle."))
    if sorted(dense) != sorted(NET) or len(kernels) != 3:
        raise _Stop(_net_shapes(kernels))
    weights = [array for shape in NET for array in dense[shape]]
    right = _forward(weights, times)
    if np.allclose(output, right, atol=1e-4):
        return
    where = f"Con times = {times}, l" if times > 1 else "L"
    for hint, wrong in _wrong_nets(weights, times):
        if np.shape(output) == wrong.shape and np.allclose(output, wrong, atol=1e-4):
            raise _Stop(Verdict(CLOSE, hint))
    raise _Stop(Verdict(WRONG, f"{where}os tamaños están bien, pero la salida no: revisa las activaciones (ReLU en "
                               "las ocultas, softmax al final) y el camino."))


def _wrong_nets(weights, times):
    """Pares (pista, salida) de los errores típicos."""
    def same(z):
        return z

    def relu(z):
        return np.maximum(z, 0)

    pairs = [("A las capas ocultas les falta activation=\"relu\": sin ella, tres capas son una sola.",
              _forward(weights, times, same, same)),
             ("A la primera capa oculta le falta la ReLU.", _forward(weights, times, same, relu)),
             ("A la segunda capa oculta le falta la ReLU.", _forward(weights, times, relu, same)),
             ("A la última capa le falta la softmax: sus filas no suman 1.", _forward(weights, times, end=same)),
             ("La última capa lleva sigmoid, y las tres especies se excluyen: usa softmax.",
              _forward(weights, times, end=lambda z: 1 / (1 + np.exp(-z))))]
    if times > 1:
        pairs += [("hidden2 actúa una sola vez. O falta usar times, o cada vuelta empieza de nuevo: guarda el "
                   "resultado en la variable que le das, h = self.hidden2(h).", _forward(weights, 1)),
                  ("Lo que da hidden2 se pierde: guárdalo, h = self.hidden2(h).", _forward(weights, 0)),
                  ("Aplicas hidden2 una vez de más: times las cuenta todas.", _forward(weights, times + 1)),
                  ("Aplicas hidden2 una vez de menos: range(times) ya da `times` vueltas.",
                   _forward(weights, times - 1))]
    return pairs


def _dense(model):
    """Las capas densas de `model`: {forma de W: (W, b)}, y la lista de esas formas, en orden."""
    weights = model.get_weights()
    pairs = [(W, b) for W, b in zip(weights, [*weights[1:], np.zeros(0)]) if W.ndim == 2]
    pairs = [(W, b if b.shape == W.shape[1:] else np.zeros(W.shape[1])) for W, b in pairs]  # puede no tener sesgo
    return {W.shape: (W, b) for W, b in pairs}, [W.shape for W, _ in pairs]


def _forward(weights, times, first=lambda z: np.maximum(z, 0), second=lambda z: np.maximum(z, 0), end=_softmax):
    """Salida de la red con esos pesos, en NumPy: (9, 3)."""
    W, b, V, c, U, d = weights
    h = first(X @ W + b)
    for _ in range(times):
        h = second(h @ V + c)
    return end(h @ U + d)


def _net_shapes(kernels):
    """Veredicto cuando las capas no son 4 → 20 → 20 → 3."""
    if kernels == [(4, 20), (20, 3)]:
        return Verdict(CLOSE, "Falta una capa oculta: son dos de 20.")
    if kernels == [(4, 20), (4, 20), (20, 3)]:
        return Verdict(CLOSE, "La segunda capa oculta recibe las 4 medidas. Dale lo que sale de la primera.")
    if kernels and kernels[0] == (10, 20):
        return Verdict(CLOSE, "Los pingüinos tienen 4 medidas, no 10.")
    return Verdict(WRONG, f"Tus capas son {_chain(kernels)} y se esperaba 4 → 20, 20 → 20, 20 → 3.")


def _chain(kernels):
    return ", ".join(f"{a} → {b}" for a, b in kernels)


def classes_and_accuracy(answer):
    """`answer(probabilities, y)` devuelve las clases predichas (n,) y la exactitud."""
    def both(p, y):
        classes = p.argmax(axis=1)
        return classes, (classes == y).mean()

    cases = [(np.array([[0.1, 0.7, 0.2], [0.8, 0.1, 0.1], [0.3, 0.3, 0.4]]), np.array([1, 0, 0]))]
    rng = np.random.default_rng(3)
    for k in (4, 5):  # tantos ejemplos como clases: así el eje equivocado también da un resultado
        cases.append((_softmax(rng.normal(size=(k, k))), rng.integers(0, k, k)))
    return grade_function(
        answer, both, cases,
        [("El eje es el otro: la clase de cada fila se busca entre sus columnas, axis=1 (o -1).",
          lambda p, y: (p.argmax(axis=0), (p.argmax(axis=0) == y).mean())),
         ("argmax sin axis mira la tabla entera: pide axis=1 (o -1).",
          lambda p, y: (p.argmax(), (p.argmax() == y).mean())),
         ("Eso es la mayor probabilidad de cada fila. La clase es su posición: argmax, no max.",
          lambda p, y: (p.max(axis=1), (p.max(axis=1) == y).mean())),
         ("Eso es la mayor probabilidad de cada fila. La clase es su posición: argmax, no max.",
          lambda p, y: (p.max(axis=1), both(p, y)[1])),
         ("Comparas tablas: las clases son enteros, una por fila. No redondees las probabilidades; usa argmax.",
          lambda p, y: (p.round(), (p.round() == np.eye(len(p[0]))[y]).mean())),
         ("La exactitud compara clase con clase, n números. Has comparado tablas en «uno de K», que tienen más ceros "
          "en los que acertar.",
          lambda p, y: (both(p, y)[0], (np.eye(len(p[0]))[both(p, y)[0]] == np.eye(len(p[0]))[y]).mean())),
         ("Las clases se piden en enteros, no en «uno de K».",
          lambda p, y: (np.eye(len(p[0]))[both(p, y)[0]], both(p, y)[1])),
         ("Eso es cuántas acierta. La exactitud es la fracción: mean, no sum.",
          lambda p, y: (both(p, y)[0], (both(p, y)[0] == y).sum())),
         ("La exactitud se pide entre 0 y 1, no en porcentaje.", lambda p, y: (both(p, y)[0], 100 * both(p, y)[1])),
         ("Eso es la fracción de fallos: compara con ==.", lambda p, y: (both(p, y)[0], 1 - both(p, y)[1])),
         ("Están intercambiadas: primero las clases y después la exactitud.", lambda p, y: both(p, y)[::-1]),
         ("Falta la exactitud: devuelve dos cosas.", lambda p, y: both(p, y)[0]),
         ("Las clases empiezan en 0: sobra el + 1.", lambda p, y: (both(p, y)[0] + 1, both(p, y)[1]))],
        "Dos líneas que evaluate hace por ti.")


def _build(answer, *arguments):
    """El modelo que devuelve `answer(*arguments)` y los avisos que dio. Lanza _Stop si no hay un modelo."""
    import keras
    if unfinished(answer) or answer is None:
        raise _Stop(EMPTY)
    if isinstance(answer, keras.Model):
        return answer, []
    if not callable(answer):
        raise _Stop(Verdict(WRONG, f"Se esperaba una función y llegó {type(answer).__name__}: pasa el nombre, sin "
                                   "paréntesis."))
    try:
        with _silence() as notes:
            model = answer(*arguments)
    except Exception as error:
        raise _Stop(_explained(error)) from None
    if unfinished(model):
        raise _Stop(EMPTY)
    if model is None:
        raise _Stop(Verdict(WRONG, "Tu función no devuelve nada. ¿Falta el return?"))
    if isinstance(model, type):
        raise _Stop(Verdict(WRONG, "Devuelves la clase. Faltan los paréntesis que crean la red."))
    if not isinstance(model, keras.Model):
        kind = type(model).__name__
        hint = " Eso es la salida: falta keras.Model(entradas, salida)." if "KerasTensor" in kind else ""
        raise _Stop(Verdict(WRONG, f"Se esperaba un modelo de Keras y llegó {kind}.{hint}"))
    return model, [str(note.message) for note in notes]


def _run(model, x):
    """Las salidas de `model` como arreglo de NumPy. Lanza _Stop si no las da."""
    import keras
    try:
        with _silence():
            output = model(x)
    except Exception as error:
        raise _Stop(_explained(error)) from None
    if output is ...:
        raise _Stop(EMPTY)
    if output is None:
        raise _Stop(Verdict(WRONG, "call no devuelve nada. ¿Falta el return?"))
    if isinstance(output, (list, tuple, dict)):
        raise _Stop(Verdict(WRONG, "Se esperaba una sola salida, y la red da varias."))
    output = keras.ops.convert_to_numpy(output)
    if output.shape != (9, 3):
        raise _Stop(Verdict(WRONG, f"Con 9 pingüinos la salida mide {output.shape} y se esperaba (9, 3)."))
    return output


def _explained(error):
    """Veredicto para un error de quien aprende, con su causa si es de las conocidas."""
    text = str(error)
    if "Cannot convert '4' to a shape" in text:
        return Verdict(CLOSE, "La forma de la entrada es una tupla: keras.Input((4,)), con su coma.")
    if "ellipsis" in text.lower():
        return Verdict(UNTRIED, "Todavía queda un ... por completar.")
    if "super().__init__()" in text:
        return Verdict(CLOSE, "Falta super().__init__() como primera línea de __init__.")
    if "add new elements of state" in text:
        return Verdict(CLOSE, INSIDE)
    if isinstance(error, UnboundLocalError):
        return Verdict(CLOSE, "Usas una variable antes de darle valor. La primera capa recibe la entrada: "
                              "self.hidden1(inputs).")
    if isinstance(error, NameError) and "'times'" in text:
        return Verdict(CLOSE, "Dentro de call, times se lee como self.times.")
    if "expects 1 input(s)" in text:
        return Verdict(CLOSE, "Una capa densa recibe una sola entrada: une antes las dos con "
                              "layers.Concatenate()([h, isla]).")
    if "must be KerasTensors" in text:
        return Verdict(CLOSE, "La red no parte de tu keras.Input: alguna capa recibe números en vez de la entrada.")
    if "disconnected" in text or "not connected" in text:
        return Verdict(CLOSE, "Alguna de tus entradas no llega a la salida. Sigue el hilo desde cada keras.Input; dos "
                              "ramas se juntan con layers.Concatenate().")
    return Verdict(WRONG, f"Se detiene: {_told(error)}")


def _told(error):
    """El error en una línea, sin los colores ni el envoltorio de Keras."""
    parts = [part for part in re.sub(r"\x1b\[\d+m", "", str(error)).strip().split("\n\n") if part.strip()] or [""]
    text = parts[1] if parts[0].startswith("Exception encountered") and len(parts) > 1 else parts[0]
    return f"{type(error).__name__}: {text.strip().splitlines()[0][:160] if text.strip() else ''}"


@contextlib.contextmanager
def _silence():
    """Sin lo que se escriba en pantalla; los avisos se guardan en la lista que da."""
    with warnings.catch_warnings(record=True) as notes, contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("always")
        yield notes
