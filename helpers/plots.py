"""Figuras del curso: un estilo, una paleta que todos distinguen y una descripción por figura."""
import contextlib
import io
import math

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from PIL import Image

# Paleta de Okabe e Ito (2008), legible con cualquier tipo de visión del color.
BLUE, ORANGE, GREEN, PINK = "#0072B2", "#E69F00", "#009E73", "#CC79A7"
SKY, RED, YELLOW, BLACK = "#56B4E9", "#D55E00", "#F0E442", "#222222"
COLORS = [BLUE, ORANGE, GREEN, PINK, SKY, RED, BLACK, YELLOW]
CLASS_COLORS = [ORANGE, BLUE]  # clase 0, clase 1
CLASS_MARKERS = ["s", "o"]     # la clase se ve también sin color


def set_style():
    """Aplica el estilo del curso a todas las figuras que vengan después."""
    matplotlib.rcParams.update({
        "axes.prop_cycle": matplotlib.cycler(color=COLORS), "axes.grid": True,
        "axes.spines.top": False, "axes.spines.right": False, "axes.titlesize": 11,
        "axes.titley": 1.0,  # sin buscarle sitio al título en cada dibujo: es lento
        "figure.dpi": 90, "figure.constrained_layout.use": True, "font.size": 10,
        "grid.alpha": 0.3, "image.cmap": "gray", "legend.frameon": False, "lines.linewidth": 2})


def place():
    """Reserva un lugar para una figura que se reemplaza: `plots.show(fig, alt, place=…)`."""
    return display({"text/plain": ""}, raw=True, display_id=True)


def show(fig, alt, place=None):
    """Muestra una figura como PNG ligero con su descripción y la cierra.

    fig: la figura de matplotlib.
    alt: texto que cuenta lo que se ve, para quien no puede ver la imagen. No puede faltar.
    place: el lugar de `plots.place()` donde reemplaza a la figura anterior; si no, sale nueva.
    """
    if not alt or not alt.strip():
        raise ValueError("Falta la descripción de la figura: plots.show(fig, alt=\"…\").")
    png = _light_png(fig)
    plt.close(fig)
    draw = place.update if place else display
    draw({"image/png": png, "text/plain": f"[Figura: {alt}]"},
         metadata={"image/png": {"alt": alt}}, raw=True)


_kept = None  # los márgenes que conserva el control que dibuja (ver steady); None si no dibuja ninguno


@contextlib.contextmanager
def steady(kept):
    """Dentro, las figuras conservan los márgenes de la primera, que se guardan en el diccionario `kept`.

    Buscar los márgenes es un tercio de lo que tarda un dibujo. Además, así los ejes no bailan al mover un control.
    """
    global _kept
    before, _kept = _kept, kept
    try:
        yield
    finally:
        _kept = before


def _light_png(fig):
    """PNG de `fig` con 128 colores, o con 64 grises si no tiene otros: la tercera parte de bytes, igual a la vista."""
    kept, key = {} if _kept is None else _kept, (*fig.get_size_inches(), len(fig.axes))
    if key in kept:
        fig.set_layout_engine("none")
        for ax, box in zip(fig.axes, kept[key], strict=True):
            ax.set_position(box)
    fig.canvas.draw()
    kept[key] = [ax.get_position(original=True) for ax in fig.axes]
    pixels, buffer = np.asarray(fig.canvas.buffer_rgba())[..., :3], io.BytesIO()
    if (pixels == pixels[..., :1]).all():
        picture = Image.fromarray(pixels[..., 0] // 4 * 4 + pixels[..., 0] // 64)  # la paleta solo daría 16 grises
    else:
        picture = Image.fromarray(pixels).quantize(128, method=Image.Quantize.FASTOCTREE, dither=0)
    picture.save(buffer, "png")
    return buffer.getvalue()


def points(ax, x, y, labels=None, size=90):
    """Dibuja puntos de dos clases: x (n, 2), y (n,) con ceros y unos. Devuelve los artistas."""
    x, y = np.asarray(x, float), np.asarray(y)
    labels = labels or ["clase 0", "clase 1"]
    return [ax.scatter(*x[y == k].T, s=size, c=CLASS_COLORS[k], marker=CLASS_MARKERS[k],
                       edgecolors="white", linewidths=1.5, label=labels[k], zorder=3)
            for k in (0, 1)]


def half_plane(ax, weights, bias, arrow=False):
    """Colorea dónde w·x + b > 0 (clase 1) y dónde no, y traza su frontera.

    weights: (2,). bias: número. arrow: si dibuja el vector de pesos, con largo fijo.
    Usa los límites que `ax` ya tiene; devuelve los artistas.
    """
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    horizontal, vertical = np.linspace(left, right, 200), np.linspace(bottom, top, 200)
    z = weights[0] * horizontal[None, :] + weights[1] * vertical[:, None] + bias
    colors = matplotlib.colors.ListedColormap(CLASS_COLORS)
    artists = [ax.imshow(z > 0, extent=(left, right, bottom, top), origin="lower", aspect="auto",
                         cmap=colors, vmin=0, vmax=1, alpha=0.18, zorder=0)]
    norm = math.hypot(*weights)
    if norm > 0:
        foot = -bias * np.asarray(weights) / norm**2  # punto de la recta más cercano al origen
        along = np.array([-weights[1], weights[0]]) / norm
        reach = 2 * (abs(right - left) + abs(top - bottom)) + math.hypot(*foot)
        ends = np.stack([foot - reach * along, foot + reach * along])
        artists += ax.plot(*ends.T, color=BLACK, zorder=2)
        ax.set(xlim=(left, right), ylim=(bottom, top))
        if arrow:
            center = np.array([(left + right) / 2, (bottom + top) / 2])
            start = center - (center @ weights + bias) / norm**2 * np.asarray(weights)
            artists.append(ax.annotate("", start + 0.45 * np.asarray(weights) / norm, start, zorder=4,
                                       arrowprops={"arrowstyle": "-|>", "color": BLACK, "lw": 2}))
    return artists


def images(pictures, titles=None, columns=10, size=1.0, vmin=None, vmax=None, cmap="gray"):
    """Cuadrícula de imágenes: (n, alto, ancho), con 1 o 3 canales al final si los hay.

    titles: n textos cortos. size: lado de cada imagen, en pulgadas. Devuelve (fig, axes).
    """
    pictures = np.asarray(pictures)
    if pictures.ndim not in (3, 4):
        raise ValueError(f"Se esperaba (n, alto, ancho[, canales]) y llegó {pictures.shape}.")
    columns = min(columns, len(pictures))
    rows = math.ceil(len(pictures) / columns)
    extra = 0.25 * (1 + max(map(str.count, titles, "\n" * len(titles)))) if titles else 0
    fig, axes = plt.subplots(rows, columns, squeeze=False,
                             figsize=(columns * size, rows * (size + extra)))
    for k, ax in enumerate(axes.flat):
        ax.axis("off")
        if k < len(pictures):
            ax.imshow(pictures[k], vmin=vmin, vmax=vmax, cmap=cmap)
            if titles:
                ax.set_title(titles[k], fontsize=9)
    return fig, axes


def confusion(ax, counts, names):
    """Matriz de confusión: counts (k, k) con la clase real en filas y la predicha en columnas."""
    counts = np.asarray(counts)
    artist = ax.imshow(counts, cmap="Blues")
    for (row, column), count in np.ndenumerate(counts):
        if count:
            ax.text(column, row, count, ha="center", va="center", fontsize=8,
                    color="white" if count > counts.max() / 2 else BLACK)
    ax.set(xticks=range(len(names)), yticks=range(len(names)), xlabel="predicción",
           ylabel="clase real")
    ax.set_xticklabels(names, rotation=45, ha="right")
    ax.set_yticklabels(names)
    ax.grid(False)
    return artist


def neuron(ax, inputs, weights, threshold):
    """Dibuja una neurona artificial: entradas, pesos, suma, umbral y salida.

    inputs: textos de las entradas. weights: un número por entrada. threshold: el umbral.
    """
    n = len(inputs)
    heights = np.linspace(n - 1, 0, n)
    middle = (n - 1) / 2
    ax.set(xlim=(-2.6, 4.3), ylim=(-0.6, n - 0.4), aspect="equal")
    ax.axis("off")
    for text, weight, y in zip(inputs, weights, heights, strict=True):
        ax.annotate("", (1.55, middle + 0.3 * (y - middle)), (0.1, y),
                    arrowprops={"arrowstyle": "->", "lw": 0.6 + 0.5 * abs(weight), "color": BLUE})
        ax.text(0, y, text, ha="right", va="center")
        ax.text(0.75, middle + 0.66 * (y - middle) + 0.12, f"× {weight:g}", ha="center", color=BLUE)
    ax.add_patch(plt.Circle((2, middle), 0.45, fc="white", ec=BLACK, lw=2))
    ax.text(2, middle, "suma\n" + f"¿> {threshold:g}?", ha="center", va="center", fontsize=9)
    ax.annotate("", (3.4, middle), (2.47, middle), arrowprops={"arrowstyle": "->", "lw": 2})
    ax.text(3.5, middle, "1 o 0", va="center")


def graph(ax, root, gradients=None, slopes=True, highlight=()):
    """Dibuja un grafo de cómputo, de las entradas (izquierda) al resultado `root` (derecha).

    root: un nodo con data, grad, name, parents y slopes, como helpers.autodiff.Value.
    gradients: los nodos que enseñan su pendiente (∂); None, todos. highlight: los de borde grueso.
    slopes: si cada flecha lleva su pendiente local.
    Reserva en la figura 1.2 × 0.7 pulgadas por nodo. Devuelve el lugar (x, y) de cada nodo.
    """
    place, lanes = _graph_layout(root)
    for node, (x, y) in place.items():
        bold = node in highlight
        ax.add_patch(plt.Rectangle((x - 0.3, y - 0.4), 0.6, 0.8, fc="#eef4fa" if node.parents else "#fff3d6", zorder=3,
                                   ec=RED if bold else "0.4", lw=2.5 if bold else 1))
        lines = [node.name, f"{node.data:.4g}"]
        lines += [f"∂ {node.grad:.4g}"] if gradients is None or node in gradients else []
        for k, text in enumerate(lines):
            ax.text(x, y + 0.25 - 0.26 * k, text.replace("-", "−"), ha="center", va="center", zorder=4, fontsize=9,
                    weight="bold" if k != 1 else None, color="#a83c00" if k == 2 else BLACK)
        for k, parent in enumerate(node.parents):
            twin = (2 * k - 1) * 0.18 if node.parents.count(parent) > 1 else 0
            middle = _graph_edge(ax, [place[parent], *lanes[parent, node], (x, y)], twin)
            if slopes:
                ax.text(*middle, f"×{node.slopes[k]:.3g}".replace("-", "−"), fontsize=8, ha="center", va="center",
                        zorder=5, bbox={"fc": "white", "ec": "none", "pad": 0.6})
    heights = [y for *_, y in [*place.values(), *sum(lanes.values(), [])]]
    ax.set(xlim=(min(x for x, _ in place.values()) - 0.4, 0.4), ylim=(min(heights) - 0.5, max(heights) + 0.5))
    ax.axis("off")
    return place


def _graph_layout(root):
    """Un lugar para cada nodo y, para cada flecha (padre, hijo) que salta columnas, sus puntos de paso."""
    depth, children = {root: 0}, {root: []}
    pending = [root]
    while pending:  # columna: la distancia más larga hasta el resultado
        node = pending.pop()
        for parent in node.parents:
            children.setdefault(parent, []).append(node)
            if depth.get(parent, -1) < depth[node] + 1:
                depth[parent] = depth[node] + 1
                pending.append(parent)
    lanes = {(parent, child): [(parent, level) for level in range(depth[parent] - 1, depth[child], -1)]
             for parent, below in children.items() for child in below}
    place = {}
    for level in range(max(depth.values()) + 1):
        wanted = {node: [place[lanes[node, child][-1]] if lanes[node, child] else place[child]
                         for child in children[node]] for node in depth if depth[node] == level}
        for (parent, child), lane in lanes.items():
            if (parent, level) in lane:
                wanted.setdefault((parent, level), []).append(
                    place[child] if level == depth[child] + 1 else place[parent, level - 1])
        ideal = {key: np.mean([y for _, y in points] or [0]) for key, points in wanted.items()}
        heights = np.arange(len(ideal)) - (len(ideal) - 1) / 2 + np.mean(list(ideal.values()))
        place |= {key: (-level, height) for key, height in zip(sorted(reversed(ideal), key=ideal.get), heights)}
    return ({node: place[node] for node in depth},
            {edge: [place[key] for key in lane] for edge, lane in lanes.items()})


def _graph_edge(ax, points, twin):
    """Flecha suave por `points`, separada `twin` hacia un lado. Devuelve el centro de su último tramo."""
    t = np.linspace(0, 1, 20)
    for k, (start, end) in enumerate(zip(points, points[1:])):
        left = start[0] + (0.3 if k == 0 else 0)
        right = end[0] - (0.35 if k == len(points) - 2 else 0)
        x, y = left + (right - left) * t, start[1] + (end[1] - start[1]) * t**2 * (3 - 2 * t)
        y = y + twin * (np.sin(np.pi * t) / 2 + t * (2 - t))  # dos flechas iguales se abren
        ax.plot(x, y, color="0.5", lw=1.2, zorder=2)
    ax.plot(x[-1], y[-1], ">", color="0.5", ms=5, zorder=2)
    return (x[9] + x[10]) / 2, (y[9] + y[10]) / 2
