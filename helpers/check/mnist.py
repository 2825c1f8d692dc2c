"""Ejercicios del cuaderno 14, MNIST: de softmax al MLP."""
import numpy as np

from helpers.check.grading import grade_function, quiet


def parameters(answer):
    """`answer(sizes)` devuelve cuántos parámetros tiene una red densa con esos tamaños de capa."""
    def pairs(sizes):
        return list(zip(sizes, sizes[1:]))

    return grade_function(
        answer, lambda sizes: sum((a + 1) * b for a, b in pairs(sizes)),
        [([784, 10],), ([784, 128, 10],), ([784, 16, 16, 10],)],
        [("Faltan los sesgos: cada neurona tiene uno.", lambda sizes: sum(a * b for a, b in pairs(sizes))),
         ("Las entradas no tienen sesgo: solo las neuronas de las capas siguientes.",
          lambda sizes: sum(a * b for a, b in pairs(sizes)) + sum(sizes)),
         ("Cada capa tiene tantos sesgos como neuronas, no uno solo.",
          lambda sizes: sum(a * b + 1 for a, b in pairs(sizes))),
         ("El sesgo es uno por neurona de salida: contaste uno por entrada.",
          lambda sizes: sum(a * (b + 1) for a, b in pairs(sizes))),
         ("Los pesos de capas seguidas se suman, no se multiplican entre sí.", lambda sizes: int(np.prod(sizes))),
         ("Eso son neuronas. Un parámetro es un peso o un sesgo.", lambda sizes: sum(sizes)),
         ("Eso son neuronas. Un parámetro es un peso o un sesgo.", lambda sizes: sum(sizes[1:])),
         ("Contaste solo la primera capa.", lambda sizes: (sizes[0] + 1) * sizes[1]),
         ("Contaste solo la última capa.", lambda sizes: (sizes[-2] + 1) * sizes[-1])],
        "7850, 101 770 y 13 002: pesos y sesgos, capa a capa.")


def cross_entropy(answer):
    """`answer(p, y)` devuelve la media de −ln p en la clase correcta. p: (n, K); y: (n,)."""
    cases = [(np.full((1, 4), 0.25), np.array([2])), (np.full((3, 10), 0.1), np.array([0, 7, 3])),
             (np.array([[0.7, 0.2, 0.1], [0.05, 0.8, 0.15], [0.5, 0.3, 0.2], [0.1, 0.6, 0.3]]),
              np.array([0, 1, 2, 1]))]

    def losses(p, y):
        return -np.log(p[np.arange(len(y)), y])

    def one_hot(p, y):
        return np.eye(p.shape[1])[y]

    return grade_function(
        quiet(answer), lambda p, y: losses(p, y).mean(), cases,
        [("Falta el signo menos: el logaritmo de una probabilidad es negativo, y un costo no.",
          lambda p, y: -losses(p, y).mean()),
         ("Es el logaritmo natural, np.log; usaste el de base 10.", lambda p, y: losses(p, y).mean() / np.log(10)),
         ("Es el logaritmo natural, np.log; usaste el de base 2.", lambda p, y: losses(p, y).mean() / np.log(2)),
         ("Falta dividir entre n: es la media, no la suma.", lambda p, y: losses(p, y).sum()),
         ("Falta promediar: eso es la pérdida de cada ejemplo.", losses),
         ("Falta la suma y el signo: el costo es uno solo para todo el lote.", lambda p, y: -losses(p, y)),
         ("Dividiste entre todos los números de la tabla (n · K). Se divide entre los n ejemplos.",
          lambda p, y: losses(p, y).sum() / p.size),
         ("Promediaste las K probabilidades. Solo cuenta la de la clase correcta.", lambda p, y: -np.log(p).mean()),
         ("Promediaste antes del logaritmo. Primero el logaritmo de cada una y después la media.",
          lambda p, y: -np.log(p[np.arange(len(y)), y].mean())),
         ("Usaste la clase más probable. La pérdida mira la correcta, aunque el modelo no la eligiera.",
          lambda p, y: -np.log(p.max(axis=1)).mean()),
         ("Falta el logaritmo.", lambda p, y: (1 - p[np.arange(len(y)), y]).mean()),
         ("Falta el logaritmo.", lambda p, y: p[np.arange(len(y)), y].mean()),
         ("Sumaste también ln(1 − p) de las otras clases. Eso es para varias etiquetas a la vez (cuaderno 08).",
          lambda p, y: -(one_hot(p, y) * np.log(p) + (1 - one_hot(p, y)) * np.log(1 - p)).sum(axis=1).mean()),
         ("Con p[:, y] salen n × n números: empareja cada fila con su clase, p[np.arange(len(y)), y].",
          lambda p, y: -np.log(p[:, y]).mean())],
        "Con probabilidades iguales da ln K: el costo con el que debe empezar una red.")


def nearest_mean(answer):
    """`answer(x, y, new)` devuelve la clase de la media más cercana a cada fila de `new`."""
    rng = np.random.default_rng(0)
    spread = np.array([[-4.0, 0], [1, 5], [6, -3], [9, 9]])
    y = np.arange(24) % 4
    cases = [(np.array([[0.0], [2], [10]]), np.array([0, 0, 1]), np.array([[1.0], [5.8], [9]])),
             (np.array([[0.0, 0], [2, 0], [4, 4], [6, 4]]), np.array([0, 0, 1, 1]),
              np.array([[1.0, 1], [5, 3], [9, 9]])),
             (spread[y] + rng.normal(size=(24, 2)), y, rng.uniform(-6, 9, (12, 2)))]

    def centers(x, y):
        return np.array([x[y == c].mean(axis=0) for c in range(y.max() + 1)])

    def flat(x, y):
        return np.array([[x[y == c].mean()] for c in range(y.max() + 1)])

    def distances(x, y, new):
        return ((new[:, None] - centers(x, y)) ** 2).sum(axis=2)

    return grade_function(
        quiet(answer), lambda x, y, new: distances(x, y, new).argmin(axis=1), cases,
        [("Elegiste la más lejana: hace falta argmin.", lambda x, y, new: distances(x, y, new).argmax(axis=1)),
         ("argmin va por filas (axis=1): una clase por ejemplo nuevo.",
          lambda x, y, new: distances(x, y, new).argmin(axis=0)),
         ("Falta axis=1 en argmin: así da un solo número.", lambda x, y, new: distances(x, y, new).argmin()),
         ("Eso son las distancias. Falta elegir la menor de cada fila.", distances),
         ("Eso es la distancia a la más cercana. Se pide su clase: argmin en lugar de min.",
          lambda x, y, new: distances(x, y, new).min(axis=1)),
         ("Falta el cuadrado (o el valor absoluto): las diferencias positivas y negativas se cancelan.",
          lambda x, y, new: (new[:, None] - centers(x, y)).sum(axis=2).argmin(axis=1)),
         ("Sumaste valores absolutos. La distancia pide los cuadrados de las diferencias.",
          lambda x, y, new: np.abs(new[:, None] - centers(x, y)).sum(axis=2).argmin(axis=1)),
         ("Falta axis=0 en la media: cada clase necesita una imagen media, no un solo número.",
          lambda x, y, new: ((new[:, None] - flat(x, y)) ** 2).sum(axis=2).argmin(axis=1)),
         ("El producto x · m favorece a las medias grandes. Falta restar la mitad de su cuadrado.",
          lambda x, y, new: (new @ centers(x, y).T).argmax(axis=1)),
         ("Diste la clase del ejemplo más cercano. Se pide la de la media más cercana.",
          lambda x, y, new: y[((new[:, None] - x) ** 2).sum(axis=2).argmin(axis=1)]),
         ("Diste el lugar del ejemplo más cercano. Compara con las medias, una por clase.",
          lambda x, y, new: ((new[:, None] - x) ** 2).sum(axis=2).argmin(axis=1))],
        "Un clasificador entero en dos líneas, y acierta 82 de cada 100 cifras.")


def most_confused(answer):
    """`answer(counts)` devuelve (real, predicha), el error más frecuente de una matriz de confusión."""
    cases = [(np.array([[9, 1], [3, 7]]),), (np.array([[5, 2, 0], [1, 9, 0], [4, 3, 6]]),),
             (np.array([[20, 0, 1, 5], [2, 18, 0, 1], [0, 7, 15, 3], [6, 1, 4, 12]]),)]

    def off(counts):
        return counts - np.diag(np.diag(counts))

    def place(table):
        return tuple(int(k) for k in np.unravel_index(table.argmax(), table.shape))

    def rarest(counts):
        return place(-counts - 999 * np.eye(len(counts), dtype=int))

    def paired(counts):  # un arreglo de dos números también es una pareja
        found = answer(counts)
        return tuple(found) if isinstance(found, np.ndarray) and found.shape == (2,) else found

    paired.__wrapped__ = answer  # para que los mensajes usen los nombres de sus argumentos
    return grade_function(
        paired if callable(answer) else answer, lambda counts: place(off(counts)), cases,
        [("Eso está en la diagonal: son aciertos. Quítala antes de buscar el mayor.", place),
         ("Están al revés: la fila es la clase real y la columna, la predicha.",
          lambda counts: place(off(counts))[::-1]),
         ("argmax da el lugar en la tabla puesta en fila. Conviértelo con np.unravel_index.",
          lambda counts: int(off(counts).argmax())),
         ("argmax da el lugar en la tabla puesta en fila, y además incluiste la diagonal.",
          lambda counts: int(counts.argmax())),
         ("Eso es cuántas veces pasó. Se pide entre qué dos clases.", lambda counts: int(off(counts).max())),
         ("Sumaste los dos sentidos. Aquí importa cuál era la real.",
          lambda counts: place(np.triu(off(counts) + off(counts).T))),
         ("Eso es el error menos frecuente.", rarest)],
        "La matriz dice dónde mirar: ahora busca esas imágenes.")
