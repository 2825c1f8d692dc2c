"""Convolución y pooling con NumPy: la versión limpia de lo que se construye en el cuaderno 16.

    maps = conv2d(x, kernels, bias, padding="same")  # x (n, alto, ancho, c), kernels (k, k, c, f)
    small = max_pool(maps, 2)                        # (n, alto // 2, ancho // 2, f)

Las formas, los nombres y el relleno son los de Keras, con los canales al final. Como en Keras, el núcleo no se voltea.
"""
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

BLOCK = 2**18  # números que se copian de una vez: caben en la memoria rápida del procesador


def conv2d(x, kernels, bias=None, stride=1, padding="valid"):
    """Desliza f núcleos sobre n imágenes: x (n, alto, ancho, c), kernels (k, k, c, f) → (n, alto', ancho', f).

    bias: (f,), o None. stride: cuántos píxeles avanza la ventana. padding: ceros alrededor; un entero, «valid»
    (ninguno) o «same» (los necesarios para que alto' sea alto entre `stride`, redondeado hacia arriba).
    El tipo de los números se conserva (con float32 es más rápida); los enteros se suman con 64 bits.
    """
    x, kernels = _images(x), np.asarray(kernels)
    if kernels.ndim != 4 or 0 in kernels.shape or kernels.shape[2] != x.shape[3]:
        raise ValueError(f"Con imágenes de {x.shape[3]} canales, los núcleos tienen forma (k, k, {x.shape[3]}, f), y "
                         f"llegó {kernels.shape}.")
    *size, _, filters = kernels.shape
    if bias is not None and np.shape(bias) != (filters,):
        raise ValueError(f"El sesgo de {filters} núcleos tiene forma ({filters},), y llegó {np.shape(bias)}.")
    kind = np.result_type(x, kernels)
    kind = kind if kind.kind == "f" else np.dtype("int64")
    weights = kernels.reshape(-1, filters).astype(kind, copy=False)
    windows = windows_of(pad(x, size, stride, padding), size, stride)
    n, high, wide = windows.shape[:3]
    out = np.empty((n, high, wide, filters), kind)
    rows = max(1, BLOCK // (wide * len(weights)))  # filas de ventanas que caben en un bloque
    images = max(1, rows // high)                  # o imágenes enteras, si son pequeñas
    for i in range(0, n, images):
        for r in range(0, high, rows):
            block = windows[i:i + images, r:r + rows]
            out[i:i + images, r:r + rows] = (_rows(block, kind) @ weights).reshape(*block.shape[:3], filters)
    return out if bias is None else out + (np.asarray(bias, kind) if kind.kind == "f" else bias)


def max_pool(x, size=2, stride=None, padding="valid"):
    """El mayor número de cada ventana, canal por canal. Sin `stride`, las ventanas no se pisan."""
    stride = size if stride is None else stride
    padded = pad(x, size, stride, padding, mode="edge")  # repetir el borde no cambia ningún máximo
    return _reduce(np.maximum, windows_of(padded, size, stride))


def mean_pool(x, size=2, stride=None, padding="valid"):
    """La media de cada ventana, canal por canal. Sin `stride`, no se pisan. El relleno no cuenta en la media."""
    stride, x = size if stride is None else stride, _images(x)
    x = x if x.dtype.kind == "f" else x.astype(float)
    total, count = (_reduce(np.add, windows_of(pad(images, size, stride, padding), size, stride))
                    for images in (x, np.ones_like(x[:1, ..., :1])))
    return total / count


def im2col(x, size, stride=1):
    """Una fila por ventana, con sus k·k·c números: (n, alto, ancho, c) → (n · alto' · ancho', k·k·c)."""
    windows = windows_of(x, size, stride)
    return _rows(windows, windows.dtype)


def windows_of(x, size, stride=1):
    """Las ventanas de n imágenes, sin copiar nada: (n, alto, ancho, c) → (n, alto', ancho', k, k, c)."""
    x, size = _images(x), _sides(size, stride)
    if size[0] > x.shape[1] or size[1] > x.shape[2]:
        raise ValueError(f"La ventana de {size[0]}×{size[1]} no cabe en una imagen de {x.shape[1]}×{x.shape[2]}.")
    return sliding_window_view(x, size, (1, 2))[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)


def pad(x, size, stride=1, padding="same", **how):
    """Rodea n imágenes con ceros, como conv2d (o según `how`, los argumentos de np.pad)."""
    x, size = _images(x), _sides(size, stride)
    if isinstance(padding, str) and padding in ("valid", "same"):
        extra = [0, 0] if padding == "valid" else [
            max((-(-length // stride) - 1) * stride + k - length, 0) for length, k in zip(x.shape[1:3], size)]
        around = [(e // 2, e - e // 2) for e in extra]  # si son impares, el que sobra va abajo o a la derecha
    elif isinstance(padding, (int, np.integer)) and padding >= 0:
        around = [(padding, padding)] * 2
    else:
        raise ValueError(f"El relleno es «same», «valid» o un entero no negativo, y llegó {padding!r}.")
    return np.pad(x, [(0, 0), *around, (0, 0)], **how) if np.any(around) else x


def _reduce(operation, windows):
    """Combina los k·k números de cada ventana de dos en dos, todas las ventanas a la vez."""
    first, *others = (windows[..., i, j, :] for i, j in np.ndindex(windows.shape[3:5]))
    out = first.copy()
    for other in others:
        operation(out, other, out=out)
    return out


def _rows(windows, kind):
    """Copia cada ventana (k, k, c) en una fila. Con pocos canales es más rápido escribirlas como columnas."""
    length = int(np.prod(windows.shape[3:]))
    if windows.shape[5] > 3:
        return windows.astype(kind, order="C").reshape(-1, length)
    return windows.transpose(3, 4, 5, 0, 1, 2).astype(kind, order="C").reshape(length, -1).T


def _images(x):
    """x como arreglo de imágenes (n, alto, ancho, canales); si no lo es, lo dice."""
    x = np.asarray(x)
    if x.ndim != 4:
        raise ValueError(f"Se esperaban imágenes (n, alto, ancho, canales) y llegó {x.shape}. Para una sola en gris, "
                         "x[None, :, :, None].")
    return x


def _sides(size, stride):
    """El lado de una ventana como pareja (alto, ancho), con su paso comprobado."""
    sides = tuple(size) if isinstance(size, (tuple, list)) else (size, size)
    for value in (*sides, stride):
        if not isinstance(value, (int, np.integer)) or value < 1:
            raise ValueError(f"El lado de la ventana y el paso son enteros desde 1, y llegó {value!r}.")
    return sides
