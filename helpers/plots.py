"""Figuras del curso: un estilo, una paleta que todos distinguen y una descripción por figura."""
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


def _light_png(fig):
    """PNG de `fig` con una paleta de 128 colores: la tercera parte de bytes, igual a la vista."""
    fig.canvas.draw()
    picture = Image.fromarray(np.asarray(fig.canvas.buffer_rgba())).convert("RGB")
    buffer = io.BytesIO()
    picture.quantize(128, method=Image.Quantize.FASTOCTREE, dither=0).save(buffer, "png")
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
