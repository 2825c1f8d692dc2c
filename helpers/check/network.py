"""Ejercicios del cuaderno 10, Una red desde cero en NumPy."""
import numpy as np

from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG, Verdict, grade_function, grade_value, unfinished
from helpers.nn import softmax


def shapes(dW, db, dX):
    """Las formas de las tres pendientes con X (50, 784) y W (784, 128)."""
    answers = {"dW": dW, "db": db, "dX": dX}
    if any(answer is None or unfinished(answer) for answer in answers.values()):
        return Verdict(UNTRIED, "Rellena las tres formas.")
    items = [("dW", (784, 128), [((128, 784), "Está traspuesta: dW tiene la forma de W."),
                                 ((50, 128), "Esa es la forma de G, lo que llega. dW tiene la forma de W."),
                                 ((50, 784, 128), "Eso es una pendiente por ejemplo: se suman los 50.")]),
             ("db", (128,), [((128, 1), "Casi: b es un vector de una dimensión, y db tiene su misma forma."),
                             ((50, 128), "Falta sumar los 50 ejemplos: el mismo sesgo los empuja a todos."),
                             ((50,), "Sumaste sobre las neuronas. Hay que sumar sobre los ejemplos."),
                             ((784,), "Hay un sesgo por neurona, no por entrada."),
                             ((1, 128), "Casi: b es un vector de una dimensión, y db tiene su misma forma.")]),
             ("dX", (50, 784), [((784, 50), "Está traspuesta: dX tiene la forma de X."),
                                ((50, 128), "Esa es la forma de G. dX tiene la forma de X."),
                                ((784,), "No se suma sobre los ejemplos: cada fila de X es de uno solo.")])]
    for name, right, mistakes in items:
        answer = answers[name]
        if isinstance(answer, (int, np.integer)):
            return Verdict(WRONG, f"{name}: una forma es una tupla. La de un vector de 3 números se escribe (3,).")
        try:
            answer = tuple(int(size) for size in answer)
        except (TypeError, ValueError):
            return Verdict(WRONG, f"{name}: se esperaba una tupla de enteros, como (3, 2).")
        if answer != right:
            for wrong, hint in mistakes:
                if answer == wrong:
                    return Verdict(CLOSE, f"{name}: {hint}")
            return Verdict(WRONG, f"{name}: no es {answer}. Cada pendiente tiene la forma de aquello que se mueve.")
    return Verdict(RIGHT, "Cada pendiente tiene la forma de aquello que se mueve.")


def backward(answer):
    """`answer(X, W, G)` devuelve dW, db y dX de una capa densa."""
    rng = np.random.default_rng(0)
    cases = [tuple(rng.integers(-3, 4, shape).astype(float) for shape in ((n, d), (d, k), (n, k)))
             for n, d, k in [(2, 3, 2), (4, 3, 5), (1, 2, 3)]]
    return grade_function(
        answer, lambda X, W, G: (X.T @ G, G.sum(axis=0), G @ W.T), cases,
        [("dW está traspuesta: la primera dimensión de W es la de las entradas.",
          lambda X, W, G: (G.T @ X, G.sum(axis=0), G @ W.T)),
         ("La n ya va dentro de G, que es la pendiente del costo medio. Aquí se divide dos veces.",
          lambda X, W, G: (X.T @ G / len(X), G.mean(axis=0), G @ W.T)),
         ("La n ya va dentro de G, que es la pendiente del costo medio. Aquí se divide dos veces.",
          lambda X, W, G: (X.T @ G / len(X), G.mean(axis=0), G @ W.T / len(X))),
         ("Sobra keepdims: db es un vector, como b.", lambda X, W, G: (X.T @ G, G.sum(axis=0, keepdims=True), G @ W.T)),
         ("dW está dividida entre n. La n ya va dentro de G.",
          lambda X, W, G: (X.T @ G / len(X), G.sum(axis=0), G @ W.T)),
         ("db es una media, y los caminos se suman. La n ya va dentro de G.",
          lambda X, W, G: (X.T @ G, G.mean(axis=0), G @ W.T)),
         ("Falta la suma en db: el sesgo influye en todos los ejemplos, y sus caminos se suman.",
          lambda X, W, G: (X.T @ G, G, G @ W.T)),
         ("En db sumaste sobre las neuronas (axis=1). Hay que sumar sobre los ejemplos.",
          lambda X, W, G: (X.T @ G, G.sum(axis=1), G @ W.T)),
         ("En db lo sumaste todo. Queda una suma por neurona: axis=0.", lambda X, W, G: (X.T @ G, G.sum(), G @ W.T)),
         ("dX está traspuesta: una fila por ejemplo.", lambda X, W, G: (X.T @ G, G.sum(axis=0), W @ G.T))],
        "Tres líneas, y ya tienes media biblioteca de redes.")


def loss_slope(answer):
    """`answer(z, y)` devuelve la pendiente del costo medio respecto de z, (ŷ − uno de K) / n."""
    cases = [(np.array([[0.0, 0.0]]), np.array([1])),
             (np.array([[1.0, 2, 0], [0, -1, 3]]), np.array([0, 2])),
             (np.array([[2.0, 0, 0, 1], [0, 0, 0, 0], [1, 3, -1, 0]]), np.array([3, 1, 1]))]

    def raw(z, y):
        return softmax(z) - np.eye(z.shape[1])[y]

    return grade_function(
        answer, lambda z, y: raw(z, y) / len(y), cases,
        [("Falta dividir entre n: es la pendiente del costo medio.", raw),
         ("El signo está cambiado: es lo que dijo menos lo que era.", lambda z, y: -raw(z, y) / len(y)),
         ("El signo está cambiado, y además falta dividir entre n.", lambda z, y: -raw(z, y)),
         ("Falta restar 1 en la clase correcta.", lambda z, y: softmax(z) / len(y)),
         ("Falta restar 1 en la clase correcta, y dividir entre n.", lambda z, y: softmax(z)),
         ("Dividiste entre el número de clases. Se divide entre el de ejemplos.", lambda z, y: raw(z, y) / z.shape[1]),
         ("Dividiste entre todos los números de la tabla. Se divide entre los ejemplos.",
          lambda z, y: raw(z, y) / z.size),
         ("Promediaste las filas. El costo es una media, pero cada ejemplo conserva su fila, dividida entre n.",
          lambda z, y: raw(z, y).mean(axis=0)),
         ("Lo promediaste todo. La pendiente tiene la forma de z.", lambda z, y: raw(z, y).mean()),
         ("Te falta softmax: restaste a las puntuaciones z.", lambda z, y: (z - np.eye(z.shape[1])[y]) / len(y)),
         ("softmax va por filas (axis=1, keepdims=True), una por ejemplo.",
          lambda z, y: (softmax(z.T).T - np.eye(z.shape[1])[y]) / len(y))],
        "Lo que dijo menos lo que era, entre n.")


def updates(answer):
    """Actualizaciones en 8 épocas de 10 000 ejemplos con minilotes de 32."""
    return grade_value(
        answer, 2504,
        [("Eso es una sola época. Son ocho.", 313),
         ("Eso es una sola época, y no se puede dar media actualización.", 312.5),
         ("Eso es una sola época, y sin el último minilote.", 312),
         ("El último minilote de cada época tiene 16 ejemplos, pero también actualiza.", 2496),
         ("No se puede dar media actualización: en cada época el último minilote va a medias, y cuenta uno.", 2500),
         ("Eso es una actualización por época: una época tiene muchas iteraciones.", 8),
         ("Eso es una por ejemplo. Se actualiza una vez por minilote.", 80000),
         ("Eso es una sola época con una actualización por ejemplo.", 10000)],
        "313 iteraciones por época, ocho épocas.")
