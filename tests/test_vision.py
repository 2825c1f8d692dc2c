"""helpers/vision.py: igual a Keras, a los bucles del cuaderno 16 y a las cuentas a mano, y clara ante un error."""
import ast
import itertools
import tracemalloc
from pathlib import Path

import nbformat
import numpy as np
import pytest

from helpers import runtime, vision

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "16_convolucion_y_pooling_desde_cero.ipynb"
X = np.array([[[1, 0, 1, 0, 2], [1, 1, 3, 2, 1], [1, 1, 0, 1, 1], [2, 3, 2, 1, 3], [0, 2, 0, 1, 0]],
              [[1, 0, 0, 1, 0], [2, 0, 1, 2, 0], [3, 1, 1, 3, 0], [0, 3, 0, 3, 2], [1, 0, 3, 2, 1]],
              [[2, 0, 1, 2, 1], [3, 3, 1, 3, 2], [2, 1, 1, 1, 0], [3, 1, 3, 2, 0], [1, 1, 2, 1, 1]]])
KERNEL = np.array([[[0, 1, 0], [0, 0, 2], [0, 1, 0]], [[2, 1, 0], [0, 0, 0], [0, 3, 0]],
                   [[1, 0, 0], [1, 0, 0], [0, 0, 2]]])
IMAGE, FILTER = X.transpose(1, 2, 0)[None], KERNEL.transpose(1, 2, 0)[..., None]  # (1, 5, 5, 3) y (3, 3, 3, 1)
SHAPES = [(6, 6), (7, 7), (8, 5), (5, 9)]


@pytest.fixture(scope="module")
def keras():
    with runtime.quiet():
        import keras
    return keras


def example(size, k, channels=3, filters=4, n=2, kind="float32", seed=0):
    rng = np.random.default_rng(seed)
    sides = k if isinstance(k, tuple) else (k, k)
    shapes = (n, *size, channels), (*sides, channels, filters), filters
    return [rng.normal(size=shape).astype(kind) for shape in shapes]  # x, núcleos y sesgos


# --- Convolución ---------------------------------------------------------------------------------

@pytest.mark.parametrize("k", [1, 2, 3, 4, 5, (1, 3), (3, 2)])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_equal_to_keras(keras, padding, stride, k):
    for (size, channels) in itertools.product(SHAPES, [1, 3, 5]):
        x, kernels, _ = example(size, k, channels)
        ours = vision.conv2d(x, kernels, stride=stride, padding=padding)
        theirs = keras.ops.convert_to_numpy(keras.ops.conv(x, kernels, strides=stride, padding=padding))
        assert ours.shape == theirs.shape and ours.dtype == np.float32
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("size", [(9, 2), (3, 1), (2, 8)])
def test_same_when_the_window_is_larger_than_the_image(keras, size):
    x, kernels, _ = example(size, 5)
    theirs = keras.ops.convert_to_numpy(keras.ops.conv(x, kernels, strides=2, padding="same"))
    np.testing.assert_allclose(vision.conv2d(x, kernels, stride=2, padding="same"), theirs, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("padding", [0, 1, 3])
@pytest.mark.parametrize("stride", [1, 2])
def test_a_number_of_zeros_around(padding, stride):
    x, kernels, bias = example((6, 7), 3, kind="float64")
    wide = np.zeros((2, 6 + 2 * padding, 7 + 2 * padding, 3))
    wide[:, padding:padding + 6, padding:padding + 7] = x
    np.testing.assert_allclose(vision.conv2d(x, kernels, bias, stride, padding),
                               vision.conv2d(wide, kernels, stride=stride) + bias)


def test_the_worked_example():
    partial = [vision.conv2d(IMAGE[..., [c]], FILTER[:, :, [c]])[0, ..., 0].tolist() for c in range(3)]
    assert partial == [[[7, 5, 3], [4, 7, 5], [7, 2, 8]], [[5, 3, 10], [13, 1, 13], [7, 12, 11]],
                       [[7, 5, 2], [11, 8, 2], [9, 4, 6]]]
    assert vision.conv2d(IMAGE, FILTER)[0, ..., 0].tolist() == [[19, 13, 15], [28, 16, 20], [23, 18, 25]]
    flipped = vision.conv2d(IMAGE, FILTER[::-1, ::-1])
    assert flipped[0, ..., 0].tolist() == [[12, 14, 17], [19, 25, 18], [25, 21, 22]]


def notebook_names(*names):
    """Las funciones del cuaderno con esos nombres, tal como están escritas en él."""
    space = {"np": np}
    for cell in nbformat.read(NOTEBOOK, 4).cells:
        if cell.cell_type == "code":
            for node in ast.parse(cell.source).body:
                if isinstance(node, ast.FunctionDef) and node.name in names and node.name not in space:
                    exec(compile(ast.Module([node], []), "cuaderno", "exec"), space)
    return [space[name] for name in names]


@pytest.mark.parametrize("size", SHAPES)
def test_equal_to_the_notebook(size):
    slide, by_matrix, pool = notebook_names("slide", "by_matrix", "pool")
    x, kernels, _ = example(size, 3, n=1, kind="float64")
    ours = vision.conv2d(x, kernels)[0]
    for f in range(kernels.shape[3]):
        np.testing.assert_allclose(slide(x[0], kernels[..., f]), ours[..., f])
        one = sum(by_matrix(x[0, :, :, c], kernels[:, :, c, f]) for c in range(3))
        np.testing.assert_allclose(one, ours[..., f])
    even = x[:, :size[0] // 2 * 2, :size[1] // 2 * 2]
    np.testing.assert_array_equal(pool(even[0, ..., 0], 2), vision.max_pool(even)[0, ..., 0])
    np.testing.assert_allclose(pool(even[0, ..., 0], 2, np.mean), vision.mean_pool(even)[0, ..., 0])


@pytest.mark.parametrize("n, size, channels, filters",
                         [(40, (30, 30), 8, 3), (1, (400, 300), 5, 2), (7, (64, 64), 1, 9)])
def test_many_blocks_give_the_same(n, size, channels, filters, monkeypatch):
    x, kernels, bias = example(size, 3, channels, filters, n)
    by_blocks = vision.conv2d(x, kernels, bias, padding=1)
    monkeypatch.setattr(vision, "BLOCK", 1)
    np.testing.assert_allclose(vision.conv2d(x[-1:], kernels, bias, padding=1), by_blocks[-1:], atol=1e-4)
    monkeypatch.setattr(vision, "BLOCK", 10**9)
    np.testing.assert_allclose(vision.conv2d(x, kernels, bias, padding=1), by_blocks, atol=1e-4)


@pytest.mark.parametrize("n, side", [(64, 60), (1, 480)])
def test_memory_stays_small(n, side):
    x, kernels, _ = example((side, side), 5, 4, 1, n)
    tracemalloc.start()
    out = vision.conv2d(x, kernels)
    peak = tracemalloc.get_traced_memory()[1] - out.nbytes
    tracemalloc.stop()
    assert peak < 8 * vision.BLOCK < 25 * x.nbytes / 10  # todas las ventanas de una vez serían 25 veces x


def test_types():
    x, kernels, bias = example((5, 5), 3)
    assert vision.conv2d(x, kernels, bias.astype("float64")).dtype == np.float32
    assert vision.conv2d(x.astype("float64"), kernels).dtype == np.float64
    photo = np.full((1, 3, 3, 1), 255, np.uint8)
    ones = np.ones((3, 3, 1, 1), np.uint8)
    total = vision.conv2d(photo, ones)
    assert total.item() == 9 * 255 and total.dtype == np.int64
    assert vision.conv2d(photo, ones, [0.5]).item() == 9 * 255 + 0.5
    assert vision.conv2d(photo.tolist(), ones.tolist(), [1]).item() == 9 * 255 + 1


def test_nothing_of_yours_changes():
    x, kernels, bias = example((6, 6), 3)
    before = [a.copy() for a in (x, kernels, bias)]
    vision.conv2d(x, kernels, bias, 2, "same")
    vision.max_pool(x, 3, 2, "same")
    vision.mean_pool(x)
    for a, b in zip((x, kernels, bias), before):
        np.testing.assert_array_equal(a, b)


def test_no_images():
    x, kernels, bias = example((6, 6), 3, n=0)
    assert vision.conv2d(x, kernels, bias).shape == (0, 4, 4, 4)


# --- im2col --------------------------------------------------------------------------------------

@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("stride", [1, 2])
def test_im2col_has_a_row_for_each_window(channels, stride):
    x, kernels, _ = example((6, 7), 3, channels, kind="float64")
    rows = vision.im2col(x, 3, stride)
    corners = itertools.product(range(2), range(0, 4, stride), range(0, 5, stride))
    np.testing.assert_array_equal(rows, [x[i, r:r + 3, c:c + 3].ravel() for i, r, c in corners])
    maps = vision.conv2d(x, kernels, stride=stride)
    np.testing.assert_allclose((rows @ kernels.reshape(-1, 4)).reshape(maps.shape), maps)


def test_windows_are_not_copies():
    x, *_ = example((50, 50), 3)
    windows = vision.windows_of(x, (3, 5))
    assert windows.shape == (2, 48, 46, 3, 5, 3) and np.shares_memory(windows, x) and not windows.flags.writeable


# --- Pooling -------------------------------------------------------------------------------------

@pytest.mark.parametrize("kind, ours, theirs", [("max", vision.max_pool, "max_pool"),
                                                ("mean", vision.mean_pool, "average_pool")])
@pytest.mark.parametrize("size", [1, 2, 3, (2, 3)])
@pytest.mark.parametrize("stride", [None, 1, 2, 3])
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_pooling_equal_to_keras(keras, padding, stride, size, kind, ours, theirs):
    if stride is None and isinstance(size, tuple):
        with pytest.raises(ValueError, match="paso"):
            ours(np.ones((1, 4, 4, 1)), size)
        return
    for shape in SHAPES:
        x = -1 - np.abs(example(shape, 3)[0])  # negativos: un relleno de ceros se notaría
        expected = getattr(keras.ops, theirs)(x, size, stride, padding)
        np.testing.assert_allclose(ours(x, size, stride, padding), keras.ops.convert_to_numpy(expected), rtol=1e-6)


def test_pooling_by_hand():
    x = np.array([[1, 3, 2, 0], [4, 8, 1, 1], [0, 2, 9, 7], [6, 0, 5, 3]], np.uint8)[None, :, :, None]
    assert vision.max_pool(x)[0, ..., 0].tolist() == [[8, 2], [6, 9]] and vision.max_pool(x).dtype == np.uint8
    assert vision.mean_pool(x)[0, ..., 0].tolist() == [[4, 1], [2, 6]]
    assert vision.mean_pool(np.full((1, 2, 2, 1), 255, np.uint8)).item() == 255  # sin desbordarse
    assert vision.mean_pool(x.astype("float32")).dtype == np.float32
    assert vision.max_pool(x, 3, 1)[0, ..., 0].tolist() == [[9, 9], [9, 9]]


# --- Errores -------------------------------------------------------------------------------------

@pytest.mark.parametrize("mistake, words", [
    (lambda x, k: vision.conv2d(x[0], k), r"\(n, alto, ancho, canales\) y llegó \(6, 6, 3\)"),
    (lambda x, k: vision.conv2d(x[0, ..., 0], k), r"x\[None, :, :, None\]"),
    (lambda x, k: vision.conv2d(x[..., :1], k), r"imágenes de 1 canales.*\(k, k, 1, f\), y llegó \(3, 3, 3, 4\)"),
    (lambda x, k: vision.conv2d(x, k[..., 0]), r"\(k, k, 3, f\), y llegó \(3, 3, 3\)"),
    (lambda x, k: vision.conv2d(x, k[..., :0]), r"\(k, k, 3, f\), y llegó \(3, 3, 3, 0\)"),
    (lambda x, k: vision.conv2d(x, k, np.ones(3)), r"sesgo de 4 núcleos tiene forma \(4,\), y llegó \(3,\)"),
    (lambda x, k: vision.conv2d(x, k, 1.0), r"forma \(4,\), y llegó \(\)"),
    (lambda x, k: vision.conv2d(x[:, :2], k), "La ventana de 3×3 no cabe en una imagen de 2×6"),
    (lambda x, k: vision.conv2d(x[:, :, :2], k), "no cabe en una imagen de 6×2"),
    (lambda x, k: vision.conv2d(x, k, stride=0), "enteros desde 1, y llegó 0"),
    (lambda x, k: vision.conv2d(x, k, stride=1.5), "enteros desde 1, y llegó 1.5"),
    (lambda x, k: vision.conv2d(x, k, padding="igual"), "«same», «valid» o un entero no negativo, y llegó 'igual'"),
    (lambda x, k: vision.conv2d(x, k, padding=-1), "no negativo, y llegó -1"),
    (lambda x, k: vision.conv2d(x, k, padding=0.5), "no negativo, y llegó 0.5"),
    (lambda x, k: vision.max_pool(x, 0), "enteros desde 1, y llegó 0"),
    (lambda x, k: vision.max_pool(x, 7), "La ventana de 7×7 no cabe en una imagen de 6×6"),
    (lambda x, k: vision.mean_pool(x[0]), r"llegó \(6, 6, 3\)"),
    (lambda x, k: vision.im2col(x, 2, -1), "enteros desde 1, y llegó -1")])
def test_mistakes_are_explained(mistake, words):
    x, kernels, _ = example((6, 6), 3)
    with pytest.raises(ValueError, match=words):
        mistake(x, kernels)
