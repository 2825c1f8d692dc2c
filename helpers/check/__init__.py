"""Afirmaciones comprobadas (`claim`) y ejercicios que responden (un módulo por cuaderno)."""
import importlib
import json
import math
import os

import numpy as np


def __getattr__(name):
    """`check.perceptron` carga helpers/check/perceptron.py la primera vez que se usa.

    Sus funciones apuntan cada veredicto para la tabla de `check.progress()`.
    """
    try:
        module = importlib.import_module(f"helpers.check.{name}")
    except ModuleNotFoundError:
        raise AttributeError(f"No hay ejercicios llamados «{name}» en helpers/check/.") from None
    from helpers import progress as record
    globals()[name] = record.tracked(module)
    return globals()[name]


def progress():
    """Tabla de los ejercicios que has hecho, cuaderno por cuaderno, y por dónde seguir."""
    from helpers import progress as record
    return record.board()


class ClaimError(AssertionError):
    """Una afirmación del texto no se cumplió durante las pruebas."""


def claim(text, value, *, at_least=None, at_most=None, equal=None, tolerance=0.0):
    """Comprueba que un resultado es lo que el texto dice, y lo cuenta en una línea.

    Da exactamente un criterio: `at_least`, `at_most` o `equal` (número, lista o arreglo, con
    `tolerance` absoluta). Si no se cumple, quien lee ve un aviso y sigue; en las pruebas
    (CURSO_ESTRICTO=1) lanza ClaimError. Si la variable CURSO_ACTA nombra un archivo, añade a él una
    línea JSON con el texto, el valor y el criterio (make test-repeat mide así los márgenes).
    """
    given = [c for c in (at_least, at_most, equal) if c is not None]
    if len(given) != 1:
        raise ValueError("claim necesita exactamente un criterio: at_least, at_most o equal.")
    if at_least is not None:
        holds, wanted = value >= at_least, f"se esperaba al menos {_text(at_least)}"
    elif at_most is not None:
        holds, wanted = value <= at_most, f"se esperaba como mucho {_text(at_most)}"
    else:
        a, b = np.asarray(value), np.asarray(equal)
        if a.shape != b.shape:
            holds = False
        elif a.dtype.kind in "fiub":
            holds = np.allclose(a.astype(float), b.astype(float), rtol=0, atol=tolerance)
        else:
            holds = np.array_equal(a, b)
        wanted = f"se esperaba {_text(equal, tolerance)}" + (f" ± {tolerance:g}" if tolerance else "")
    line = f"{text}: {_text(value, tolerance)} ({wanted})"
    if os.environ.get("CURSO_ACTA"):
        _record(text=text, value=value, at_least=at_least, at_most=at_most, equal=equal, tolerance=tolerance,
                holds=holds)
    if holds:
        print("✔ " + line)
    elif os.environ.get("CURSO_ESTRICTO") == "1":
        raise ClaimError(line)
    else:
        print(f"✘ {line}. Si cambiaste algo, es parte del experimento; si no, cuéntanoslo.")


def _record(**claim):
    """Añade una afirmación al acta, en una línea de JSON."""
    plain = {key: v.tolist() if isinstance(v, (np.ndarray, np.generic)) else v for key, v in claim.items()}
    with open(os.environ["CURSO_ACTA"], "a", encoding="utf-8") as file:
        file.write(json.dumps(plain, ensure_ascii=False, default=str) + "\n")


def _text(value, tolerance=0.0):
    """Número con 4 cifras significativas, o más si la tolerancia pide más decimales. Lo demás, tal cual."""
    if isinstance(value, (float, np.floating)):
        texts = [f"{value:.4g}"]
        if tolerance:
            texts.append(f"{value:.{max(0, math.floor(-math.log10(tolerance)))}f}")
        return max(texts, key=lambda text: ("e" not in text, len(text)))
    return str(value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value)
