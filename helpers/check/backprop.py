"""Ejercicios del cuaderno 09, Retropropagación y grafo de cómputo."""
import math

from helpers.autodiff import Value
from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG, Verdict, grade_function, grade_value, unfinished


def product(answer):
    """`answer(a, b, arriving)` devuelve lo que el nodo a·b entrega a `a` y a `b`."""
    cases = [(2.0, 3.0, 1.0), (-4.0, 5.0, 0.5), (1.5, -2.0, -3.0)]
    return grade_function(
        answer, lambda a, b, g: (b * g, a * g), cases,
        [("Están cambiadas: si mueves a en 1, el producto cambia en b. A cada uno le toca el otro.",
          lambda a, b, g: (a * g, b * g)),
         ("Esas son las pendientes locales. Falta multiplicar por lo que llegó del hijo.",
          lambda a, b, g: (b, a)),
         ("Están cambiadas, y además falta multiplicar por lo que llegó del hijo.", lambda a, b, g: (a, b)),
         ("Así entrega una suma: lo que llega, tal cual. En un producto la pendiente local es el otro factor.",
          lambda a, b, g: (g, g)),
         ("La pendiente local se multiplica por lo que llega; no se suma.", lambda a, b, g: (b + g, a + g)),
         ("Se entrega la pendiente local por lo que llegó, no el producto entero.",
          lambda a, b, g: (a * b * g, a * b * g)),
         ("No se reparte: cada uno recibe su pendiente local por todo lo que llegó, sin dividir entre dos.",
          lambda a, b, g: (b * g / 2, a * g / 2))],
        "A cada factor le llega el otro, por lo que llegó del hijo.")


def by_hand(value, slope_x, slope_y, slope_z):
    """f = (x + y)·z + x en (3, −1, 6): valor y pendientes."""
    names = {"value": value, "slope_x": slope_x, "slope_y": slope_y, "slope_z": slope_z}
    if unfinished(list(names.values())):
        return Verdict(UNTRIED, "Rellena los cuatro números.")
    items = [("value", 15, [("Eso es (x + y)·z: falta sumar x.", 12), ("Primero la suma y después el producto.", 0)]),
             ("slope_z", 2, [("Eso es z. La pendiente local de z en el producto es el otro factor, x + y.", 6),
                             ("Eso es solo x. El otro factor del producto es x + y.", 3)]),
             ("slope_y", 6, [("El 1 es la pendiente local de la suma: multiplícala por lo que le llega a x + y.", 1),
                             ("y solo llega a f por un camino: el 1 de más es el de x.", 7),
                             ("A x + y le llega el otro factor, que es z.", 2)]),
             ("slope_x", 7, [("Ese es solo el camino del producto. x tiene otro: la suma del final.", 6),
                             ("Ese es solo el camino de la suma: es el error de escribir = donde iba +=.", 1),
                             ("Los caminos se suman, 6 + 1. Ahí los has restado.", 5),
                             ("Por el camino del producto llega z, no x + y.", 3)])]
    for name, right, mistakes in items:
        verdict = grade_value(names[name], right, mistakes)
        if verdict.state != RIGHT:
            return Verdict(verdict.state, f"{name}: {verdict.hint}")
    return Verdict(RIGHT, "Los dos caminos de x suman 6 + 1. Compruébalo ahora con el motor.")


def square_root(answer):
    """`answer(a)` devuelve un nodo con √a, su padre `a` y la pendiente local 1/(2√a)."""
    def parts(a):
        node = Value(a)
        try:
            result = answer(node)
        except TypeError as error:  # math.sqrt(a), np.sqrt(a): la función de un número, aplicada al nodo
            if "real number" in str(error) or "ufunc" in str(error):
                raise TypeError("a es un nodo: su número es a.data") from error
            raise
        if result is ... or result is None:
            return result
        if not all(hasattr(result, name) for name in ("data", "parents", "slopes")):
            raise TypeError("se esperaba un Value y llegó " + type(result).__name__)
        if not isinstance(result.parents, (tuple, list)) or not isinstance(result.slopes, (tuple, list)):
            raise TypeError("parents y slopes son tuplas, también con un solo padre: (a,). ¿Falta la coma?")
        if len(result.parents) != 1 or result.parents[0] is not node:
            raise ValueError("el padre del nuevo nodo debe ser a, en una tupla: (a,)")
        if node.grad != 0 or result.grad != 0:
            raise ValueError("la operación no toca ningún grad: eso lo hace backward")
        return float(result.data), *(float(slope) for slope in result.slopes)

    if not callable(answer):
        return grade_function(answer, None, [])
    parts.__wrapped__ = answer  # para que los mensajes usen el nombre de su argumento
    root = math.sqrt
    return grade_function(
        parts, lambda a: (root(a), 1 / (2 * root(a))), [(4.0,), (9.0,), (0.25,), (2.0,)],
        [("El valor está bien. En la pendiente falta el 2: es 1/(2√a).", lambda a: (root(a), 1 / root(a))),
         ("El valor está bien. En la pendiente, el 2 va fuera de la raíz: 1/(2√a).",
          lambda a: (root(a), 1 / root(2 * a))),
         ("El valor está bien. En la pendiente, la raíz va dividiendo: 1/(2√a).", lambda a: (root(a), root(a) / 2)),
         ("El valor está bien, pero la pendiente usa a donde va √a.", lambda a: (root(a), 1 / (2 * a))),
         ("El valor está bien, pero la pendiente tiene el signo cambiado: la raíz crece con a.",
          lambda a: (root(a), -1 / (2 * root(a)))),
         ("Al derivar se resta 1 al exponente: ½ − 1 = −½. Te quedó ½·a^(3/2) o parecido.",
          lambda a: (root(a), a**1.5 / 2)),
         ("El valor está bien, pero pusiste el valor también como pendiente.", lambda a: (root(a), root(a))),
         ("Esa es la pendiente de tanh: cámbiala por la de la raíz, 1/(2√a).", lambda a: (root(a), 1 - a)),
         ("Eso es el cuadrado. Se pide la raíz cuadrada.", lambda a: (a * a, 2 * a))],
        "El motor ya sabe sacar raíces, y derivarlas, con dos números.")


def order(answer):
    """Orden en que entregan los nodos de L = d·e, d = a + b, e = d·c."""
    if unfinished(answer) or answer is None:
        return Verdict(UNTRIED, "Escribe las letras donde están los puntos suspensivos.")
    full = [str(v).strip().lower() for v in answer] if isinstance(answer, (list, tuple, str)) else []
    letters = "".join(v for v in full if v not in ("a", "b", "c"))
    if sorted(letters) != ["d", "e", "l"]:
        return Verdict(WRONG, "Hacen falta tres letras distintas: las de los nodos con padres, L, d y e.")
    if letters != "led":
        hint = {"l": "Empieza bien, pero d entrega antes de recibir lo de e: a sus padres les faltaría una entrega.",
                "d": "Ese es el orden hacia delante, o parecido. Para entregar hay que haber recibido: empieza "
                     "por el final.",
                "e": "e todavía no ha recibido nada: el primero es L, que empieza con un 1."}[letters[0]]
        return Verdict(CLOSE, hint)
    if any(full.index(v) < full.index("e" if v == "c" else "d") for v in full if v in ("a", "b", "c")):
        return Verdict(CLOSE, "Los nodos con padres están bien, pero las entradas no tienen a quién entregar: "
                              "quítalas, o ponlas al final.")
    return Verdict(RIGHT, "d espera a sus dos hijos, L y e, y entrega una sola vez. Es el único orden posible.")
