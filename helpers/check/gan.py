"""Ejercicios del cuaderno 34, DCGAN y GAN condicional."""
import numpy as np

from helpers.check.grading import grade_function


def best_discriminator(answer):
    """`answer(p_data, p_generator)` devuelve el discriminador óptimo, p_d / (p_d + p_g)."""
    cases = [(0.8, 0.2), (0.3, 0.3), (0.05, 0.4), (np.array([0.0, 1.2, 3.0]), np.array([2.0, 0.4, 0.0]))]
    return grade_function(
        answer, lambda d, g: d / (d + g), cases,
        [("Está al revés: esa es la probabilidad de que sea falsa. D da la de que sea real.",
          lambda d, g: g / (d + g)),
         ("Compara lo real con el total, no con lo falso: el denominador es la suma de las dos densidades.",
          lambda d, g: d / g if np.ndim(g) == 0 else np.divide(d, g, out=np.full(np.shape(d), np.inf), where=g != 0)),
         ("Siempre ½ es lo que diría si no supiera nada. Usa las dos densidades.",
          lambda d, g: np.full(np.shape(d), 0.5)),
         ("Una densidad no es una probabilidad: divide entre la suma de las dos.", lambda d, g: d),
         ("Eso es una diferencia. Se pregunta qué fracción de lo que hay ahí es real.", lambda d, g: d - g),
         ("Eso solo dice cuál es mayor. El mejor D da un número entre 0 y 1, no un sí o un no.",
          lambda d, g: (np.asarray(d) > g).astype(float))],
        "Donde p_g = p_d vale ½: si el generador imita los datos a la perfección, nadie puede distinguirlos.")


def generator_loss(answer):
    """`answer(judged)` devuelve la media de −log D(G(z)); judged: probabilidades (n,)."""
    cases = [(np.array([0.5]),), (np.array([0.9, 0.1]),), (np.array([0.01, 0.2, 0.7, 0.99]),)]
    return grade_function(
        answer, lambda p: -np.mean(np.log(p)), cases,
        [("Falta el signo menos: así la pérdida bajaría cuando D descubre la falsa.", lambda p: np.mean(np.log(p))),
         ("Esa es la original, log(1 − D), que se satura. Usa −log D.", lambda p: np.mean(np.log(1 - p))),
         ("Esa es la parte de D: premia que D diga «falsa». El generador quiere oír «real».",
          lambda p: -np.mean(np.log(1 - p))),
         ("Falta el logaritmo: eso es la probabilidad media de que la descubran.", lambda p: 1 - np.mean(p)),
         ("Falta el logaritmo de cada probabilidad.", lambda p: -np.mean(p)),
         ("Esa es la de D, con los dos términos. G solo tiene el suyo: −log D(G(z)).",
          lambda p: -np.mean(np.log(p)) - np.mean(np.log(1 - p))),
         ("Es la suma del lote. Falta la media, para que no dependa de cuántas imágenes hay.",
          lambda p: -np.sum(np.log(p))),
         ("Falta la media: devuelve un solo número para todo el lote.", lambda p: -np.log(p)),
         ("El logaritmo va dentro de la media: primero el de cada imagen, luego la media.",
          lambda p: -np.log(np.mean(p))),
         ("Es el logaritmo natural (np.log), no en base 2.", lambda p: -np.mean(np.log2(p))),
         ("Es el logaritmo natural (np.log), no en base 10.", lambda p: -np.mean(np.log10(p))),
         ("`judged` ya son probabilidades: no les apliques otra sigmoide.",
          lambda p: np.mean(np.log1p(np.exp(-p))))],
        "Si D da ½ a todo, vale ln 2 ≈ 0.693.")


def coverage(answer):
    """`answer(real, fake, limit)`: fracción de puntos reales con alguno generado a menos de limit."""
    def distances(real, fake):
        return np.linalg.norm(np.asarray(real)[:, None] - np.asarray(fake)[None], axis=2)

    rng = np.random.default_rng(34)
    cases = [(np.array([[0.0, 0.0], [3.0, 4.0]]), np.array([[0.0, 1.0]]), 2.0),
             (np.array([[0.0, 0.0], [6.0, 0.0], [12.0, 0.0], [18.0, 0.0]]),
              np.array([[0.1, 0.0], [0.0, 0.2], [6.0, 0.5], [3.0, 0.0], [50.0, 0.0]]), 1.0),
             (np.array([[0.0, 0.0], [2.0, 0.0]]), np.array([[1.0, 0.0]]), 1.0),  # justo en el límite: no cuenta
             (rng.normal(size=(40, 3)), 0.4 * rng.normal(size=(25, 3)), 0.8)]
    return grade_function(
        answer, lambda r, f, limit: np.mean(distances(r, f).min(1) < limit), cases,
        [("Has medido lo contrario: cuántas generadas están cerca de una real. Un colapso saca buena nota ahí.",
          lambda r, f, limit: np.mean(distances(r, f).min(0) < limit)),
         ("Se pide una distancia menor que limit: justo en el límite no cuenta. Usa < y no <=.",
          lambda r, f, limit: np.mean(distances(r, f).min(1) <= limit)),
         ("Eso dice de cada punto si está cubierto. Falta la fracción: su media.",
          lambda r, f, limit: (distances(r, f).min(1) < limit).astype(float)),
         ("Es una fracción, de 0 a 1, no un porcentaje.",
          lambda r, f, limit: 100 * np.mean(distances(r, f).min(1) < limit)),
         ("Has dividido entre el número de generados; la fracción es de los reales.",
          lambda r, f, limit: np.sum(distances(r, f).min(1) < limit) / len(f)),
         ("Eso es cuántas son. Falta dividir entre el número de puntos reales.",
          lambda r, f, limit: np.sum(distances(r, f).min(1) < limit)),
         ("Basta con que haya una generada cerca: toma la distancia mínima, no la media.",
          lambda r, f, limit: np.mean(distances(r, f).mean(1) < limit)),
         ("Basta con una: no pidas que todas las generadas estén cerca.",
          lambda r, f, limit: np.mean(distances(r, f).max(1) < limit)),
         ("Cuentas pares. Primero pregunta, para cada real, si hay alguna cerca; luego haz la media.",
          lambda r, f, limit: np.mean(distances(r, f) < limit)),
         ("Falta la raíz: comparas la distancia al cuadrado con el límite.",
          lambda r, f, limit: np.mean((distances(r, f)**2).min(1) < limit)),
         ("Es la fracción que queda sin cubrir: se pregunta la otra.",
          lambda r, f, limit: np.mean(distances(r, f).min(1) >= limit))],
        "Un generador colapsado cubre un solo rincón, por buena que sea su imagen.")


def walk(answer):
    """`answer(start, end, steps)`: (steps, dim), de start a end con los dos extremos."""
    def points(start, end, t):
        return (1 - t)[:, None] * start + t[:, None] * end

    cases = [(np.array([0.0, 2.0]), np.array([1.0, 0.0]), 3),
             (np.array([1.0, -1.0, 4.0]), np.array([3.0, 1.0, 0.0]), 6)]
    return grade_function(
        answer, lambda a, b, n: points(a, b, np.linspace(0, 1, n)), cases,
        [("No llegas a `end`: con steps puntos hay steps − 1 tramos. Usa np.linspace(0, 1, steps).",
          lambda a, b, n: points(a, b, np.arange(n) / n)),
         ("Te falta salir desde `start`: el primer valor de t es 0.",
          lambda a, b, n: points(a, b, np.arange(1, n + 1) / n)),
         ("Vas al revés: con t = 0 hay que estar en `start`.", lambda a, b, n: points(b, a, np.linspace(0, 1, n))),
         ("La forma está traspuesta: cada fila es un punto, (steps, dim).",
          lambda a, b, n: points(a, b, np.linspace(0, 1, n)).T),
         ("Sobra un punto: steps cuenta los dos extremos.", lambda a, b, n: points(a, b, np.linspace(0, 1, n + 1))),
         ("Falta sumar `start`: así el paseo empieza en el origen.",
          lambda a, b, n: np.linspace(0, 1, n)[:, None] * (b - a)),
         ("Se interpola hacia `end`, no se le suma: el peso de `start` debe bajar, 1 − t.",
          lambda a, b, n: a + np.linspace(0, 1, n)[:, None] * b)],
        "El primero es start, el último es end y los pasos son iguales.")
