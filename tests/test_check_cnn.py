"""Los ejercicios del cuaderno 17 aceptan lo correcto y nombran los errores típicos."""
import itertools

import numpy as np
import pytest

from helpers.check import cnn


def windows(n, kernel, stride):
    """Cuenta una por una las posiciones en las que cabe la ventana."""
    return len([start for start in range(0, n, stride) if start + kernel <= n])


def padded_shift(image, dx, dy):
    height, width = image.shape
    frame = np.pad(image, 10)
    return frame[10 - dy:10 - dy + height, 10 - dx:10 - dx + width]


def edge_shift(image, dx, dy):
    """El error de repetir el borde en vez de rellenar con ceros."""
    pad = abs(dx) + abs(dy)
    padded, (rows, columns) = np.pad(image, pad, mode="edge"), image.shape
    return padded[pad - dy:pad - dy + rows, pad - dx:pad - dx + columns]


def rolled_shift(image, dx, dy):
    moved = np.roll(image, (dy, dx), axis=(0, 1))
    if dx:
        moved[:, :dx] = 0 if dx > 0 else moved[:, :dx]
    if dx < 0:
        moved[:, dx:] = 0
    if dy > 0:
        moved[:dy] = 0
    if dy < 0:
        moved[dy:] = 0
    return moved


def only_positive(image, dx, dy):
    moved = np.zeros_like(image)
    moved[dy:, dx:] = image[:image.shape[0] - dy, :image.shape[1] - dx]
    return moved


def matrix_weights(weights, permutation):
    """La permutación escrita como matriz: scrambled = x @ p."""
    p = np.eye(len(permutation))[:, permutation]
    return p.T @ weights


STUBS = [(cnn.conv_parameters, lambda side, kernel, channels, filters: ...),
         (cnn.output_side, lambda side, kernel, stride, padding: ...),
         (cnn.shift_image, lambda image, dx, dy: ...),
         (cnn.scramble_weights, lambda weights, permutation: ...)]

RIGHT = [
    (cnn.conv_parameters, lambda n, k, c, f: (k * k * c + 1) * f),
    (cnn.conv_parameters, lambda n, k, c, f: k**2 * c * f + f),
    (cnn.conv_parameters, lambda n, k, c, f: float(np.prod([k, k, c, f])) + f),
    (cnn.output_side, lambda n, k, s, p: -(-n // s) if p == "same" else (n - k) // s + 1),
    (cnn.output_side, lambda n, k, s, p: int(np.ceil(n / s)) if p == "same" else windows(n, k, s)),
    (cnn.output_side, lambda n, k, s, p: (n - 1) // s + 1 if p == "same" else -(-(n - k + 1) // s)),
    (cnn.shift_image, padded_shift),
    (cnn.shift_image, rolled_shift),
    (cnn.shift_image, lambda image, dx, dy: padded_shift(image, dx, dy).tolist()),
    (cnn.scramble_weights, lambda w, p: w[p]),
    (cnn.scramble_weights, lambda w, p: np.array([w[j] for j in p])),
    (cnn.scramble_weights, matrix_weights)]

CLOSE = [
    (cnn.conv_parameters, lambda n, k, c, f: k * k * c * f, "sesgo"),
    (cnn.conv_parameters, lambda n, k, c, f: (k * k + 1) * f, "canales"),
    (cnn.conv_parameters, lambda n, k, c, f: k * k * f, "canales"),
    (cnn.conv_parameters, lambda n, k, c, f: (k * k + 1) * c * f, "por canal"),
    (cnn.conv_parameters, lambda n, k, c, f: k * k * c * f + 1, "toda la capa"),
    (cnn.conv_parameters, lambda n, k, c, f: (k * c + 1) * f, "cuadrado"),
    (cnn.conv_parameters, lambda n, k, c, f: n * n * f, "unidades"),
    (cnn.conv_parameters, lambda n, k, c, f: n * n * (k * k * c + 1) * f, "reutiliza"),
    (cnn.conv_parameters, lambda n, k, c, f: (n * n * c + 1) * f, "densa"),
    (cnn.output_side, lambda n, k, s, p: -(-n // s) if p == "same" else (n - k) // s, "sumar 1"),
    (cnn.output_side, lambda n, k, s, p: n // s if p == "same" else (n - k) // s + 1, "hacia arriba"),
    (cnn.output_side, lambda n, k, s, p: -(-n // s) if p == "same" else -(-(n - k) // s) + 1, "hacia abajo"),
    (cnn.output_side, lambda n, k, s, p: n if p == "same" else n - k + 1, "stride"),
    (cnn.output_side, lambda n, k, s, p: (n - k) // s + 1, "como \"valid\""),
    (cnn.output_side, lambda n, k, s, p: -(-n // s), "como \"same\""),
    (cnn.output_side, lambda n, k, s, p: -(-n // s) if p == "valid" else (n - k) // s + 1, "al revés"),
    (cnn.output_side, lambda n, k, s, p: n / s if p == "same" else (n - k) / s + 1, "redondea"),
    (cnn.shift_image, lambda image, dx, dy: np.roll(image, (dy, dx), (0, 1)), "np.roll"),
    (cnn.shift_image, lambda image, dx, dy: padded_shift(image, -dx, -dy), "sentido"),
    (cnn.shift_image, lambda image, dx, dy: padded_shift(image, dy, dx), "intercambiados"),
    (cnn.shift_image, lambda image, dx, dy: padded_shift(image, dx, -dy), "vertical"),
    (cnn.shift_image, lambda image, dx, dy: padded_shift(image, dx, 0), "dy"),
    (cnn.shift_image, lambda image, dx, dy: image, "como entró"),
    (cnn.scramble_weights, lambda w, p: w[np.argsort(p)], "inversa"),
    (cnn.scramble_weights, lambda w, p: w, "antes"),
    (cnn.conv_parameters, lambda n, k, c, f: k * k * c * f + c, "por canal"),
    (cnn.conv_parameters, lambda n, k, c, f: k * k * c + 1, "un solo filtro"),
    (cnn.output_side, lambda n, k, s, p: n if p == "same" else (n - k) // s + 1, "divide entre"),
    (cnn.output_side, lambda n, k, s, p: -(-n // s) if p == "same" else (n - k + 1) // s, "después de dividir"),
    (cnn.output_side, lambda n, k, s, p: (n + 2 * (p == "same") - k) // s + 1, "no siempre"),
    (cnn.output_side, lambda n, k, s, p: int(np.ceil(n / s)) if p == "same" else 1 + (n - k) / s, "usa // en lugar"),
    (cnn.shift_image, edge_shift, "repetido el borde"),
    (cnn.shift_image, lambda image, dx, dy: padded_shift(image, -dx, dy), "horizontal está al revés"),
    (cnn.shift_image, lambda image, dx, dy: padded_shift(image, 0, dy), "en horizontal")]

WRONG = [
    (cnn.conv_parameters, lambda n, k, c, f: 320),
    (cnn.conv_parameters, lambda n, k, c, f: None),
    (cnn.output_side, lambda n, k, s, p: n // 2),
    (cnn.shift_image, lambda image, dx, dy: image[dy:, dx:]),
    (cnn.shift_image, only_positive),
    (cnn.scramble_weights, lambda w, p: w[:, ::-1]),
    (cnn.scramble_weights, lambda w, p: w[::-1])]


@pytest.mark.parametrize("check, stub", STUBS)
def test_stub_is_untried(check, stub):
    assert check(stub).state == "sin intentar"


@pytest.mark.parametrize("check, answer", RIGHT)
def test_right_answers_are_accepted(check, answer):
    assert check(answer).state == "correcto", check(answer)


@pytest.mark.parametrize("check, answer, word", CLOSE)
def test_typical_mistakes_get_their_hint(check, answer, word):
    verdict = check(answer)
    assert verdict.state == "casi" and word in verdict.hint, verdict


@pytest.mark.parametrize("check, answer", WRONG)
def test_wrong_answers_are_rejected(check, answer):
    assert check(answer).state == "incorrecto", check(answer)


def test_scrambled_weights_give_the_same_outputs():
    rng = np.random.default_rng(0)
    x, weights, permutation = rng.normal(size=(5, 7)), rng.normal(size=(7, 3)), rng.permutation(7)
    assert np.allclose(x[:, permutation] @ weights[permutation], x @ weights)


def test_references_agree_with_keras():
    layers = pytest.importorskip("keras").layers
    for side, kernel, channels, filters, stride in [(28, 3, 1, 4, 1), (14, 5, 6, 8, 2), (7, 2, 3, 2, 3)]:
        for padding in ("same", "valid"):
            layer = layers.Conv2D(filters, kernel, strides=stride, padding=padding)
            layer.build((None, side, side, channels))
            shape = layer.compute_output_shape((None, side, side, channels))
            assert layer.count_params() == (kernel**2 * channels + 1) * filters
            expected = -(-side // stride) if padding == "same" else (side - kernel) // stride + 1
            assert shape[1] == expected


def test_image_given_is_not_modified():
    def greedy(image, dx, dy):
        image[:] = 0
        return image

    assert cnn.shift_image(greedy).state == "incorrecto"
    assert all(cnn.shift_image(padded_shift).state == "correcto" for _ in itertools.repeat(None, 2))
