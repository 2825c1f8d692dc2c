"""Corrección de ejercicios: compara la respuesta y nombra el error."""
import contextlib
import copy
import html
import inspect
import io
from dataclasses import dataclass

import numpy as np

UNTRIED, RIGHT, CLOSE, WRONG = "sin intentar", "correcto", "casi", "incorrecto"
ICONS = {UNTRIED: "○", RIGHT: "✔", CLOSE: "≈", WRONG: "✘"}
TINTS = {UNTRIED: "#777777", RIGHT: "#009E73", CLOSE: "#E69F00", WRONG: "#D55E00"}


@dataclass(frozen=True)
class Verdict:
    """Resultado de un ejercicio: `state` es uno de los cuatro estados; `hint`, la explicación."""
    state: str
    hint: str

    def __repr__(self):
        return f"{ICONS[self.state]} {self.state.capitalize()}. {self.hint}"

    def _repr_html_(self):
        return (f'<div style="border-left:5px solid {TINTS[self.state]};padding:6px 12px">'
                f"<b>{ICONS[self.state]} {self.state.capitalize()}.</b> {html.escape(self.hint)}</div>")


def grade_function(answer, reference, cases, mistakes=(), praise="", tolerance=1e-6):
    """Corrige una función: la llama una vez por caso y compara con `reference`.

    answer: la función de quien aprende. Un `...` sin completar cuenta como «sin intentar».
    cases: lista de tuplas de argumentos, del caso más pequeño al más grande.
    mistakes: pares (pista, función equivocada): si la respuesta coincide con ella en todos
        los casos, el veredicto es «casi» con esa pista.
    """
    if unfinished(answer) or answer is None:
        return Verdict(UNTRIED, "Escribe tu respuesta donde están los puntos suspensivos.")
    if not callable(answer):
        return Verdict(WRONG, f"Se esperaba una función y llegó {type(answer).__name__}: "
                              "pasa el nombre de la función, sin paréntesis.")
    results = []
    for case in cases:
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                results.append(answer(*copy.deepcopy(case)))
        except Exception as error:  # el error de quien aprende se le cuenta, no se oculta
            if "ellipsis" in str(error):
                return Verdict(UNTRIED, "Todavía queda un ... por completar.")
            return Verdict(WRONG, f"Con {_named(answer, case)} tu función se detiene: "
                                  f"{type(error).__name__}: {error}")
        if unfinished(results[-1]):
            return Verdict(UNTRIED, "Escribe tu respuesta donde están los puntos suspensivos.")
        if results[-1] is None:
            return Verdict(WRONG, "Tu función no devuelve nada. ¿Falta el return?")
    return _compare(results, [reference(*copy.deepcopy(c)) for c in cases],
                    [(hint, lambda f=wrong: [f(*copy.deepcopy(c)) for c in cases])
                     for hint, wrong in mistakes],
                    [f"Con {_named(answer, c)}" for c in cases], praise, tolerance)


def grade_value(answer, expected, mistakes=(), praise="", tolerance=1e-6):
    """Corrige un número, una lista o un arreglo, sin revelar el valor correcto.

    mistakes: pares (pista, valor equivocado).
    """
    if unfinished(answer) or answer is None:
        return Verdict(UNTRIED, "Escribe tu respuesta donde están los puntos suspensivos.")
    return _compare([answer], [expected],
                    [(hint, lambda value=value: [value]) for hint, value in mistakes],
                    None, praise, tolerance)


def quiet(function):
    """La misma función sin los avisos de NumPy; lo que no se puede llamar se devuelve tal cual."""
    if not callable(function):
        return function

    def silent(*arguments):
        with np.errstate(all="ignore"):
            return function(*arguments)

    silent.__wrapped__ = function  # para que los mensajes usen los nombres de sus argumentos
    return silent


def unfinished(answer):
    """¿Queda algún `...` sin completar en la respuesta?"""
    return answer is ... or isinstance(answer, (list, tuple)) and any(map(unfinished, answer))


def _compare(results, expected, mistakes, places, praise, tolerance):
    """Veredicto de una lista de resultados frente a la de valores correctos.

    places: texto de cada caso; None si el valor correcto no se debe revelar.
    """
    failing = [k for k, (a, b) in enumerate(zip(results, expected)) if not _same(a, b, tolerance)]
    if not failing:
        return Verdict(RIGHT, praise or "Coincide en todos los casos.")
    for hint, wrong in mistakes:
        if all(_same(a, b, tolerance) for a, b in zip(results, wrong())):
            return Verdict(CLOSE, hint)
    if places is None:
        return Verdict(WRONG, f"No es {_show(results[0])}. Repasa el enunciado y vuelve a intentarlo.")
    first = failing[0]
    return Verdict(WRONG, f"{places[first]} se esperaba {_show(expected[first])} "
                          f"y llegó {_show(results[first])}.")


def _same(a, b, tolerance):
    """¿Son iguales `a` y `b` (números, textos, arreglos o tuplas de ellos), salvo tolerancia?"""
    if isinstance(b, tuple):
        return (isinstance(a, (tuple, list)) and len(a) == len(b)
                and all(_same(x, y, tolerance) for x, y in zip(a, b)))
    if isinstance(b, str) or isinstance(a, str):
        return isinstance(a, str) and isinstance(b, str) and a.strip().lower() == b.strip().lower()
    try:
        a, b = np.asarray(a, float), np.asarray(b, float)
    except (TypeError, ValueError):  # no es numérico o tiene filas de distinto largo
        return False
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=tolerance, atol=tolerance))


def _named(answer, case):
    """Los argumentos de un caso, con los nombres que les puso quien escribió `answer`."""
    try:
        names = list(inspect.signature(answer).parameters)
    except (TypeError, ValueError):  # algunas funciones escritas en C no dicen sus nombres
        names = []
    if len(names) != len(case):
        return _show(case)
    return ", ".join(f"{name} = {_show(value)}" for name, value in zip(names, case))


def _show(value):
    """Texto corto y legible de un valor o de una tupla de argumentos."""
    if isinstance(value, tuple):
        return "(" + ", ".join(_show(v) for v in value) + ")"
    if isinstance(value, np.ndarray) or hasattr(value, "shape"):
        value = np.asarray(value)
        if value.ndim == 0:
            return f"{value.item():.6g}" if value.dtype.kind == "f" else repr(value.item())
        text = np.array2string(value, precision=4, separator=", ", threshold=20)
        return text if value.size <= 20 else f"un arreglo de forma {value.shape}"
    if isinstance(value, float):
        return f"{value:.6g}"
    return repr(value) if len(repr(value)) < 120 else repr(value)[:117] + "…"
