"""Ejercicios del cuaderno 16, Convolución y pooling desde cero."""
import numpy as np

from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG, Verdict, grade_function, unfinished


def output_size(answer):
    """`answer(n, k, stride, padding)` devuelve cuántas posiciones caben por lado: ⌊(n + 2p − k) / s⌋ + 1."""
    cases = [(5, 3, 1, 0), (6, 3, 2, 0), (28, 5, 1, 2), (10, 4, 3, 1), (9, 2, 4, 3), (227, 11, 4, 0), (224, 7, 2, 3)]
    return grade_function(
        answer, lambda n, k, s, p: (n + 2 * p - k) // s + 1, cases,
        [("Falta el + 1: la posición que la ventana ocupa antes de dar ningún paso.",
          lambda n, k, s, p: (n + 2 * p - k) // s),
         ("El + 1 va al final, después de dividir: la primera posición no cuesta ningún paso.",
          lambda n, k, s, p: (n + 2 * p - k + 1) // s),
         ("El relleno se pone en los dos lados: 2p.", lambda n, k, s, p: (n + p - k) // s + 1),
         ("Falta el relleno, 2p.", lambda n, k, s, p: (n - k) // s + 1),
         ("Falta dividir entre el paso.", lambda n, k, s, p: n + 2 * p - k + 1),
         ("Falta redondear hacia abajo: no hay medias posiciones. Usa //.", lambda n, k, s, p: (n + 2 * p - k) / s + 1),
         ("Hay que redondear hacia abajo: si la ventana no cabe entera, esa posición no existe.",
          lambda n, k, s, p: -(-(n + 2 * p - k) // s) + 1),
         ("round redondea al más cercano, y aquí es siempre hacia abajo: usa //.",
          lambda n, k, s, p: round((n + 2 * p - k) / s) + 1),
         ("Eso es lo que da «same» sin mirar el núcleo: la entrada entre el paso.", lambda n, k, s, p: -(-n // s)),
         ("El núcleo resta sitio: cada vez que crece uno, cabe una posición menos.",
          lambda n, k, s, p: (n + 2 * p + k) // s + 1)],
        "También con pasos que no caben justos.")


def _slide(image, kernel, combine=lambda window, kernel: (window * kernel).sum(), shorter=0):
    """Desliza `kernel` por `image`; `shorter` es cuántas posiciones de menos por lado (un error típico)."""
    (k, m), (h, w) = kernel.shape, image.shape
    return np.array([[combine(image[i:i + k, j:j + m], kernel) for j in range(w - m + 1 - shorter)]
                     for i in range(h - k + 1 - shorter)])


def conv2d(answer):
    """`answer(image, kernel)` desliza un núcleo (k, k) por una imagen (h, w), sin voltearlo y sin relleno."""
    rng = np.random.default_rng(16)
    cases = [tuple(rng.integers(low, 4, shape).astype(float) for low, shape in ((0, size), (-2, (k, k))))
             for size, k in [((3, 4), 2), ((5, 5), 3), ((6, 4), 3), ((4, 6), 1)]]
    cases.append((cases[1][0], cases[1][1] / 4))

    def padded(image, kernel):
        k = len(kernel)
        return _slide(np.pad(image, ((k // 2, (k - 1) // 2),) * 2), kernel)

    def enlarged(image, kernel):
        out = np.zeros_like(image)
        inner = _slide(image, kernel)
        out[:inner.shape[0], :inner.shape[1]] = inner
        return out

    return grade_function(
        answer, _slide, cases,
        [("Volteaste el núcleo: eso es la convolución de los matemáticos. Aquí se desliza tal cual.",
          lambda x, w: _slide(x, w[::-1, ::-1])),
         ("Sumaste el píxel y el peso: se multiplican.", lambda x, w: _slide(x, w, lambda a, b: (a + b).sum())),
         ("Falta una posición por lado: h − k + 1.", lambda x, w: _slide(x, w, shorter=1)),
         ("Las filas y las columnas están cambiadas: la salida sale traspuesta.", lambda x, w: _slide(x, w).T),
         ("El núcleo está traspuesto: la fila i del núcleo va con la fila i de la ventana.",
          lambda x, w: _slide(x, w.T)),
         ("Eso es la media de los productos. Se suman.", lambda x, w: _slide(x, w, lambda a, b: (a * b).mean())),
         ("Solo queda el último producto: ¿pusiste = en vez de +=, o la suma vuelve a 0 dentro del bucle?",
          lambda x, w: _slide(x, w, lambda a, b: a[-1, -1] * b[-1, -1])),
         ("Eso suma la ventana sin mirar los pesos.", lambda x, w: _slide(x, w, lambda a, b: a.sum())),
         ("Ese es un producto de matrices (@). Aquí se multiplica casilla con casilla (*).",
          lambda x, w: _slide(x, w, lambda a, b: (a @ b).sum())),
         ("Se pierden los decimales: tu salida es de enteros. Créala con np.zeros((alto, ancho)), sin int.",
          lambda x, w: np.trunc(_slide(x, w))),
         ("Añadiste relleno: la salida mide h − k + 1 por w − k + 1.", padded),
         ("La cuenta es buena, pero la salida es demasiado grande: mide h − k + 1 por w − k + 1.", enlarged)],
        "Desliza, multiplica, suma.")


def max_pool(answer):
    """`answer(image, size)` da el mayor de cada cuadro de size × size; lo que sobra en los bordes no cuenta."""
    rng = np.random.default_rng(7)
    cases = [(rng.permutation(h * w).reshape(h, w).astype(float) - 9, size)
             for h, w, size in [(4, 4, 2), (4, 6, 2), (6, 6, 3), (5, 7, 2), (7, 4, 3)]]

    def blocks(image, size, operation, step=None, extra=0):
        step, (h, w) = step or size, image.shape
        return np.array([[operation(image[i:i + size, j:j + size]) for j in range(0, w - size + 1 + extra, step)]
                         for i in range(0, h - size + 1 + extra, step)])

    def corners(image, size):
        return blocks(image, size, lambda window: window[0, 0])

    return grade_function(
        answer, lambda x, size: blocks(x, size, np.max), cases,
        [("Eso es la media de cada cuadro. Se pide el mayor.", lambda x, size: blocks(x, size, np.mean)),
         ("Las ventanas se pisan: avanza de size en size.", lambda x, size: blocks(x, size, np.max, 1)),
         ("Eso es el menor de cada cuadro.", lambda x, size: blocks(x, size, np.min)),
         ("Eso es la suma de cada cuadro. Se pide el mayor.", lambda x, size: blocks(x, size, np.sum)),
         ("Eso es el mayor de toda la imagen: un pooling global.", lambda x, size: x.max()),
         ("Eso es quedarse con un píxel de cada cuadro, sin mirar los demás.", corners),
         ("Con un lado que no es múltiplo de size, el cuadro a medias se descarta.",
          lambda x, size: blocks(x, size, np.max, extra=size - 1)),
         ("Está traspuesto: las filas de cuadros son las filas de la salida.",
          lambda x, size: blocks(x, size, np.max).T)],
        "El mayor de cada cuadro, y sin un solo peso.")


def horizontal(kernel):
    """Un núcleo que responde a un borde horizontal y da 0 ante uno vertical y en una pared lisa."""
    if kernel is None or unfinished(kernel):
        return Verdict(UNTRIED, "Escribe los números del núcleo donde están los puntos suspensivos.")
    try:
        kernel = np.asarray(kernel, float)
    except (TypeError, ValueError):
        return Verdict(WRONG, "El núcleo es una lista de filas de números, todas del mismo largo.")
    if kernel.ndim != 2 or not 0 < kernel.size <= 64 or not np.isfinite(kernel).all():
        return Verdict(WRONG, f"El núcleo es una matriz de pocos números, como (3, 3), y llegó {kernel.shape}.")
    step = np.repeat([[0.0] * 10 + [1.0] * 10], 20, axis=0)  # un borde vertical; traspuesto, horizontal
    small = 1e-6 * np.abs(kernel).sum()
    wall, vertical, level = (np.abs(_slide(image, kernel)).max() > small for image in (step * 0 + 1, step, step.T))
    if wall:
        return Verdict(CLOSE, f"Responde también en una pared lisa: sus números suman {kernel.sum():.3g}. "
                              "Deben sumar 0.")
    if level and not vertical:
        return Verdict(RIGHT, "Ve los bordes horizontales y los verticales le dan igual. Hay infinitos así.")
    if vertical and not level:
        return Verdict(CLOSE, "Es justo al revés: encuentra los verticales. Traspón el núcleo.")
    if vertical:
        return Verdict(CLOSE, "Encuentra los horizontales, pero también los verticales: haz que cada columna sume 0.")
    return Verdict(CLOSE, "No responde a ninguno de los dos: alguna fila tiene que sumar algo distinto de 0.")
