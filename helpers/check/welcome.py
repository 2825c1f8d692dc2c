"""Ejercicios del cuaderno 00, Bienvenida."""
import numpy as np

from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG, Verdict, grade_function, grade_value, unfinished

KINDS = ("nada", "IA", "ML", "DL")
SYSTEMS = {
    "calculadora": ("nada", "La calculadora suma como se le mandó: no aprende de ejemplos."),
    "ajedrez por búsqueda": ("IA", "Este ajedrez prueba jugadas con reglas escritas por personas: no aprende de "
                                   "ejemplos."),
    "filtro que cuenta palabras": ("ML", "El filtro aprende de correos marcados, pero no forma capas: cuenta "
                                         "palabras."),
    "red que lee cifras": ("DL", "La red aprende de ejemplos y transforma la imagen en capas: es la de este "
                                 "cuaderno."),
    "traductor automático": ("DL", "El traductor actual es una red con muchas capas aprendidas; lo construirás en "
                                   "los cuadernos 28 y 29.")}


def pixels(answer):
    """Cuántos números hay en una imagen de 28 filas y 28 columnas."""
    return grade_value(answer, 784, [
        ("Ese es el lado. La imagen tiene 28 filas, y cada una, 28 números.", 28),
        ("Has sumado filas y columnas: hay 28 números en cada una de las 28 filas, así que se multiplica.", 56),
        ("Esa es la forma, filas y columnas. Se pide cuántos números hay en total.", (28, 28)),
        ("Son cuatro veces el lado, el borde. Se preguntan todos los números de dentro.", 112),
        ("Ese es el valor más grande que puede tener un píxel. Se pregunta cuántos hay.", 255)],
        "Cada imagen es una fila de 784 números. Así la verá la red.")


def accuracy(answer):
    """`answer(predictions, labels)` devuelve la fracción de aciertos, entre 0 y 1."""
    cases = [(np.array([3]), np.array([3])), (np.array([7, 1, 0, 4]), np.array([7, 1, 6, 4])),
             (np.array([1, 2, 3, 4, 5]), np.array([1, 0, 0, 4, 0])), (np.array([8, 8, 8]), np.array([3, 3, 3]))]
    return grade_function(
        answer, lambda p, y: float(np.mean(p == y)), cases,
        [("Eso es la fracción de fallos: compara con == y no con !=.", lambda p, y: float(np.mean(p != y))),
         ("Eso es el número de aciertos. Falta dividirlo entre cuántos ejemplos hay.",
          lambda p, y: int(np.sum(p == y))),
         ("Eso es el número de fallos. Cuenta los aciertos y divide entre cuántos ejemplos hay.",
          lambda p, y: int(np.sum(p != y))),
         ("Está en tanto por ciento: se pide una fracción entre 0 y 1.", lambda p, y: 100 * float(np.mean(p == y))),
         ("Has redondeado (con // o con int): la división es con una sola barra.",
          lambda p, y: int(np.sum(p == y)) // len(y)),
         ("Eso dice qué ejemplos acierta, uno por uno. Falta hacer la media.", lambda p, y: p == y)],
        "Es la medida que usamos con la red: aciertos entre total.")


def families(answer):
    """Diccionario con cada sistema de SYSTEMS y su familia: «nada», «IA», «ML» o «DL»."""
    if unfinished(answer) or isinstance(answer, dict) and any(map(unfinished, answer.values())):
        return Verdict(UNTRIED, "Escribe una de las cuatro palabras donde están los puntos suspensivos.")
    if not isinstance(answer, dict) or set(answer) != set(SYSTEMS):
        return Verdict(WRONG, "Deja el diccionario con sus cinco sistemas y cambia solo los puntos suspensivos.")
    known = {kind.lower() for kind in KINDS}
    given = {name: str(kind).strip().lower() for name, kind in answer.items()}
    strange = next((name for name, kind in given.items() if kind not in known), None)
    if strange:
        return Verdict(WRONG, f"En «{strange}» hay {answer[strange]!r}. Usa \"nada\", \"IA\", \"ML\" o \"DL\".")
    if given["calculadora"] == "ia":  # discutible: también vale
        given["calculadora"] = "nada"
    missed = [name for name, (kind, _) in SYSTEMS.items() if given[name] != kind.lower()]
    if not missed:
        return Verdict(RIGHT, "La calculadora es discutible: valen «nada» e «IA». En los demás decide si aprende de "
                              "ejemplos y si aprende capas.")
    state = CLOSE if len(missed) <= 2 else WRONG
    rest = "" if len(missed) == 1 else f" Y quedan otros por revisar: {len(missed) - 1}."
    return Verdict(state, f"Revisa «{missed[0]}». {SYSTEMS[missed[0]][1]}{rest}")
