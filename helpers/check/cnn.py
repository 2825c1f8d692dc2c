"""Ejercicios del cuaderno 17, La primera CNN."""
import numpy as np

from helpers.check.grading import grade_function


def conv_parameters(answer):
    """`answer(side, kernel, channels, filters)`: parámetros de una convolución con sesgo."""
    cases = [(28, 3, 1, 32), (28, 3, 32, 32), (14, 5, 6, 16), (32, 3, 3, 64), (7, 1, 64, 10)]
    return grade_function(
        answer, lambda n, k, c, f: (k * k * c + 1) * f, cases,
        [("Falta el sesgo: cada filtro tiene uno, así que suma `filters`.",
          lambda n, k, c, f: k * k * c * f),
         ("Faltan los canales de entrada: cada filtro los atraviesa todos, k · k · c pesos.",
          lambda n, k, c, f: (k * k + 1) * f),
         ("Faltan los canales de entrada y el sesgo de cada filtro.", lambda n, k, c, f: k * k * f),
         ("Un sesgo por filtro, no uno por canal: el 1 se suma después de multiplicar por los canales.",
          lambda n, k, c, f: (k * k + 1) * c * f),
         ("Un sesgo por filtro, no uno para toda la capa.", lambda n, k, c, f: k * k * c * f + 1),
         ("Un sesgo por filtro, no por canal de entrada: suma `filters`, no `channels`.",
          lambda n, k, c, f: k * k * c * f + c),
         ("Eso es un solo filtro: multiplica por cuántos hay.", lambda n, k, c, f: k * k * c + 1),
         ("El filtro es un cuadrado: tiene kernel · kernel casillas.", lambda n, k, c, f: (k * c + 1) * f),
         ("Eso son las unidades, lo que se calcula. Los parámetros, lo que se aprende, no dependen del "
          "tamaño de la imagen.", lambda n, k, c, f: n * n * f),
         ("Has multiplicado por el tamaño de la imagen: el mismo filtro se reutiliza en todas las "
          "posiciones, así que `side` no interviene.", lambda n, k, c, f: n * n * (k * k * c + 1) * f),
         ("Esa es una capa densa sobre toda la imagen. Un filtro solo ve una ventana de kernel · kernel.",
          lambda n, k, c, f: (n * n * c + 1) * f)],
        "Coincide en las cinco capas de prueba. El tamaño de la imagen no cuenta.")


def output_side(answer):
    """`answer(side, kernel, stride, padding)`: lado de la salida de una convolución o un pooling."""
    def right(n, k, s, padding):
        return -(-n // s) if padding == "same" else (n - k) // s + 1

    cases = [(28, 3, 1, "same"), (28, 5, 1, "same"), (28, 2, 2, "same"), (28, 3, 1, "valid"),
             (28, 5, 1, "valid"), (28, 2, 2, "valid"),
             (7, 2, 2, "valid"), (7, 3, 2, "same"), (8, 3, 2, "valid"), (28, 3, 3, "same")]
    return grade_function(
        answer, right, cases,
        [("Sin relleno falta sumar 1: la ventana también cabe en su posición de partida.",
          lambda n, k, s, p: -(-n // s) if p == "same" else (n - k) // s),
         ("Con relleno se divide hacia arriba: si sobra un trozo, el relleno lo completa.",
          lambda n, k, s, p: n // s if p == "same" else (n - k) // s + 1),
         ("Sin relleno se redondea hacia abajo: una ventana que se sale no cuenta.",
          lambda n, k, s, p: -(-n // s) if p == "same" else -(-(n - k) // s) + 1),
         ("Falta el paso: con `stride` 2 la ventana avanza de dos en dos.",
          lambda n, k, s, p: n if p == "same" else n - k + 1),
         ("Con relleno también cuenta el paso: divide entre `stride`, hacia arriba.",
          lambda n, k, s, p: n if p == "same" else (n - k) // s + 1),
         ("Sin relleno, el 1 se suma después de dividir: (side − kernel) // stride + 1.",
          lambda n, k, s, p: -(-n // s) if p == "same" else (n - k + 1) // s),
         ("El relleno no siempre es de 1 píxel: depende del filtro. Con \"same\" no hace falta saberlo.",
          lambda n, k, s, p: (n + 2 - k) // s + 1 if p == "same" else (n - k) // s + 1),
         ("Con \"same\" y paso 1 la salida mide lo mismo que la entrada, y con otro paso se divide. "
          "Tu cuenta trata los dos rellenos como \"valid\".", lambda n, k, s, p: (n - k) // s + 1),
         ("Tu cuenta trata los dos rellenos como \"same\": sin relleno, la ventana no puede salirse.",
          lambda n, k, s, p: -(-n // s)),
         ("Están al revés: \"same\" es con relleno y \"valid\", sin él.",
          lambda n, k, s, p: right(n, k, s, "valid" if p == "same" else "same")),
         ("El lado es un número entero: usa // en lugar de /.",
          lambda n, k, s, p: -(-n // s) if p == "same" else (n - k) / s + 1),
         ("El lado es un número entero: redondea, con relleno hacia arriba y sin él hacia abajo.",
          lambda n, k, s, p: n / s if p == "same" else (n - k) / s + 1)],
        "Ya puedes seguir la forma de una imagen por cualquier red.")


def shift_image(answer):
    """`answer(image, dx, dy)`: imagen (alto, ancho) desplazada, con ceros donde entra fondo."""
    def right(image, dx, dy):
        moved = np.zeros_like(image)
        for (row, column), value in np.ndenumerate(image):
            if 0 <= row + dy < image.shape[0] and 0 <= column + dx < image.shape[1]:
                moved[row + dy, column + dx] = value
        return moved

    def edge(image, dx, dy):
        rows = np.clip(np.arange(image.shape[0]) - dy, 0, image.shape[0] - 1)
        columns = np.clip(np.arange(image.shape[1]) - dx, 0, image.shape[1] - 1)
        return image[np.ix_(rows, columns)]

    small = np.arange(1.0, 13.0).reshape(3, 4)
    cases = [(small, dx, dy) for dx, dy in ((1, 0), (0, 1), (-1, 0), (0, -2), (2, 1), (-1, 1), (0, 0))]
    return grade_function(
        answer, right, cases,
        [("np.roll da la vuelta: lo que sale por un lado entra por el otro. Pon a cero la franja que entra.",
          lambda image, dx, dy: np.roll(image, (dy, dx), (0, 1))),
         ("El sentido está al revés: dx positivo mueve a la derecha y dy positivo, hacia abajo.",
          lambda image, dx, dy: right(image, -dx, -dy)),
         ("dx y dy están intercambiados: el primer eje de la imagen son las filas (dy); el segundo, "
          "las columnas (dx).", lambda image, dx, dy: right(image, dy, dx)),
         ("El eje vertical está al revés: la fila 0 es la de arriba, así que dy positivo suma filas.",
          lambda image, dx, dy: right(image, dx, -dy)),
         ("El eje horizontal está al revés: dx positivo mueve a la derecha.",
          lambda image, dx, dy: right(image, -dx, dy)),
         ("Has repetido el borde: lo que entra debe valer 0, como el fondo.", edge),
         ("Falta mover en vertical: dy.", lambda image, dx, dy: right(image, dx, 0)),
         ("Falta mover en horizontal: dx.", lambda image, dx, dy: right(image, 0, dy)),
         ("La imagen sale como entró.", lambda image, dx, dy: image)],
        "Se mueve en los cuatro sentidos y lo que sale se pierde.")


def scramble_weights(answer):
    """`answer(weights, permutation)`: pesos que dan lo mismo con las entradas barajadas."""
    rng = np.random.default_rng(4)
    cases = [(rng.normal(size=(n, 2)).round(2), np.roll(np.arange(n), n // 2 - 1)) for n in (4, 5, 6)]
    return grade_function(
        answer, lambda w, p: w[p], cases,
        [("Es la permutación inversa. La columna j de `scrambled` es la entrada permutation[j], así que la "
          "fila j de los pesos nuevos debe ser la fila permutation[j] de los viejos.", lambda w, p: w[np.argsort(p)]),
         ("Esos son los pesos de antes: barajadas las entradas, cada una llegaría al peso de otra.",
          lambda w, p: w)],
        "La red barajada calcula exactamente lo mismo que la original. El MLP no sabe qué es un vecino.")
