"""helpers.plots: lo que se dibuja y su descripción."""
import io

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from helpers import plots


@pytest.fixture
def shown(monkeypatch):
    """Recoge lo que se muestra, en vez de mostrarlo."""
    calls = []
    monkeypatch.setattr(plots, "display", lambda data, **options: calls.append((data, options)))
    return calls


def test_show_attaches_the_description_and_closes(shown):
    fig, ax = plt.subplots(figsize=(3, 2), dpi=50)
    ax.plot([0, 1], [0, 1])
    plots.show(fig, alt="Una recta que sube.")
    (data, options), = shown
    picture = Image.open(io.BytesIO(data["image/png"]))
    assert picture.size == (150, 100) and picture.mode == "P"  # paleta: PNG ligero
    assert options["metadata"]["image/png"]["alt"] == "Una recta que sube."
    assert not plt.get_fignums()


@pytest.mark.parametrize("alt", ["", "  "])
def test_show_demands_a_description(alt, shown):
    with pytest.raises(ValueError, match="Falta la descripción"):
        plots.show(plt.figure(), alt=alt)
    plt.close("all")
    assert shown == []


def test_show_replaces_the_picture_of_a_place(monkeypatch):
    class Handle:
        updates = []

        def update(self, data, **options):
            self.updates.append(data)

    monkeypatch.setattr(plots, "display", lambda *a, **k: Handle())
    place = plots.place()
    for _ in range(2):
        plots.show(plt.figure(figsize=(1, 1)), alt="Una figura vacía.", place=place)
    assert len(Handle.updates) == 2


def test_light_png_keeps_the_greys():
    fig, axes = plots.images(np.arange(256).reshape(1, 16, 16), size=2, vmin=0, vmax=255)
    levels = np.unique(Image.open(io.BytesIO(plots._light_png(fig))).convert("L"))
    plt.close(fig)
    assert len(levels) == 64 and levels.min() == 0 and levels.max() == 255 and np.diff(levels.astype(int)).max() <= 5


def test_light_png_keeps_the_colours():
    fig, ax = plt.subplots(figsize=(2, 2), dpi=50)
    ax.axis("off")
    ax.imshow([[0.0]], cmap="Blues", vmin=0, vmax=1)
    ax.add_patch(plt.Rectangle((-0.5, -0.5), 1, 1, color=plots.RED))
    picture = Image.open(io.BytesIO(plots._light_png(fig))).convert("RGB")
    plt.close(fig)
    found, wanted = np.array(picture.getpixel((50, 50))), np.array([0xD5, 0x5E, 0x00])
    assert np.abs(found - wanted).max() <= 8


def test_half_plane_matches_the_formula():
    weights, bias = np.array([2.0, -1.0]), 0.3
    fig, ax = plt.subplots()
    ax.set(xlim=(-1, 2), ylim=(-1, 2))
    field, line = plots.half_plane(ax, weights, bias)
    np.testing.assert_allclose(line.get_xydata() @ weights + bias, 0, atol=1e-9)
    values = field.get_array()
    grid = np.linspace(-1, 2, 200)
    np.testing.assert_array_equal(values, 2 * grid[None] - grid[:, None] + bias > 0)
    assert ax.get_xlim() == (-1, 2) and ax.get_ylim() == (-1, 2)
    plt.close(fig)


def test_half_plane_with_zero_weights_has_no_line():
    fig, ax = plt.subplots()
    assert len(plots.half_plane(ax, np.zeros(2), 1.0)) == 1
    plt.close(fig)


def test_points_tell_classes_by_shape_too():
    fig, ax = plt.subplots()
    zeros, ones = plots.points(ax, [[0, 0], [1, 1], [2, 2]], [0, 1, 1])
    assert zeros.get_offsets().tolist() == [[0, 0]] and ones.get_offsets().tolist() == [[1, 1], [2, 2]]
    assert not np.array_equal(zeros.get_paths()[0].vertices, ones.get_paths()[0].vertices)
    plt.close(fig)


@pytest.mark.parametrize("shape", [(7, 4, 4), (7, 4, 4, 3)])
def test_images_puts_each_picture_in_its_place(shape):
    pictures = np.arange(np.prod(shape)).reshape(shape) / np.prod(shape)
    fig, axes = plots.images(pictures, titles=[f"n{k}" for k in range(7)], columns=3)
    assert axes.shape == (3, 3)
    shown = [(ax.get_title(), np.asarray(ax.images[0].get_array())) for ax in axes.flat if ax.images]
    assert [title for title, _ in shown] == [f"n{k}" for k in range(7)]
    for (_, picture), wanted in zip(shown, pictures):
        np.testing.assert_allclose(picture, wanted)
    plt.close(fig)


def test_images_rejects_a_single_picture():
    with pytest.raises(ValueError, match="llegó \\(28, 28\\)"):
        plots.images(np.zeros((28, 28)))


def test_confusion_writes_counts_and_names():
    fig, ax = plt.subplots()
    plots.confusion(ax, [[5, 1], [0, 4]], ["gato", "perro"])
    assert {(t.get_position(), t.get_text()) for t in ax.texts} == {((0, 0), "5"), ((1, 0), "1"), ((1, 1), "4")}
    assert [t.get_text() for t in ax.get_yticklabels()] == ["gato", "perro"]
    plt.close(fig)


def test_neuron_shows_weights_and_threshold():
    fig, ax = plt.subplots()
    plots.neuron(ax, ["a", "b"], [3, -1.5], threshold=5)
    texts = [t.get_text() for t in ax.texts]
    assert {"a", "b", "× 3", "× -1.5", "suma\n¿> 5?", "1 o 0"} <= set(texts)
    with pytest.raises(ValueError):
        plots.neuron(ax, ["a", "b"], [3], threshold=5)
    plt.close(fig)


@pytest.mark.parametrize("weights, bias", [((2.0, -1.0), 0.3), ((0.0, 1.0), -1.9), ((-1.0, -1.0), 3.9), ((0.1, 0), 0)])
def test_the_line_crosses_the_whole_picture_and_the_arrow_leaves_it_towards_the_yes(weights, bias):
    fig, ax = plt.subplots()
    ax.set(xlim=(-1, 2), ylim=(-1, 2))
    _, line, arrow = plots.half_plane(ax, weights, bias, arrow=True)
    box, w = np.array([[-1, -1], [2, 2]]), np.array(weights)
    for end in line.get_xydata():
        assert ((end < box[0]) | (end > box[1])).any()
    start, tip = np.array(arrow.get_position()), np.array(arrow.xy)
    assert w @ start + bias == pytest.approx(0)
    np.testing.assert_allclose(tip - start, 0.45 * w / np.hypot(*w))
    along = np.array([-w[1], w[0]])
    assert along @ start == pytest.approx(along @ [0.5, 0.5])  # enfrente del centro de la figura
    plt.close(fig)


def test_half_plane_paints_each_side_with_the_colour_of_its_points():
    fig, ax = plt.subplots()
    ax.set(xlim=(-1, 1), ylim=(-1, 1))
    field, _ = plots.half_plane(ax, [1.0, 0.0], 0.0)
    hexes = [matplotlib.colors.to_hex(field.cmap(field.norm(value))) for value in (0, 1)]
    assert hexes == [color.lower() for color in plots.CLASS_COLORS]
    assert field.get_extent() == [-1, 1, -1, 1] and field.origin == "lower"
    zeros, ones = plots.points(ax, [[0, 0], [1, 1]], [0, 1])
    assert [matplotlib.colors.to_hex(s.get_facecolor()[0]) for s in (zeros, ones)] == hexes
    assert [s.get_label() for s in (zeros, ones)] == ["clase 0", "clase 1"]
    assert [s.get_label() for s in plots.points(ax, [[0, 0]], [0], labels=["no", "sí"])] == ["no", "sí"]
    assert zeros.get_zorder() > field.get_zorder()  # los puntos, por encima del fondo
    plt.close(fig)


@pytest.mark.parametrize("columns, titles, size, wanted", [
    (10, None, 1.0, (7, 1)), (3, None, 2.0, (6, 6)), (7, ["a"] * 7, 1.0, (7, 1.25)), (4, ["a\nb"] * 7, 1.0, (4, 3))])
def test_images_leave_room_for_their_titles(columns, titles, size, wanted):
    fig, axes = plots.images(np.zeros((7, 4, 4)), titles=titles, columns=columns, size=size, vmin=-1, vmax=1)
    np.testing.assert_allclose(fig.get_size_inches(), wanted)
    assert not any(ax.axison for ax in axes.flat)
    assert axes.flat[0].images[0].get_clim() == (-1, 1) and axes.flat[0].images[0].get_cmap().name == "gray"
    plt.close(fig)


def test_confusion_is_readable():
    fig, ax = plt.subplots()
    artist = plots.confusion(ax, [[10, 2], [5, 6]], ["gato", "perro"])
    colors = {t.get_text(): t.get_color() for t in ax.texts}
    assert colors == {"10": "white", "2": plots.BLACK, "5": plots.BLACK, "6": "white"}  # claro sobre oscuro
    assert artist.get_array().tolist() == [[10, 2], [5, 6]]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicción", "clase real")
    assert [t.get_text() for t in ax.get_xticklabels()] == ["gato", "perro"]
    assert not any(line.get_visible() for line in ax.get_xgridlines())
    plt.close(fig)


def test_neuron_joins_every_input_with_the_circle():
    fig, ax = plt.subplots()
    plots.neuron(ax, ["a", "b", "c"], [3, -1, 0], threshold=2)
    (circle,) = ax.patches
    arrows = [t for t in ax.texts if getattr(t, "arrow_patch", None)]
    heights = {t.get_text(): t.get_position()[1] for t in ax.texts if t.get_text() in "abc" and t.get_text()}
    assert circle.center[1] == heights["b"] == pytest.approx(1) and heights["a"] > heights["b"] > heights["c"]
    *inputs, output = arrows
    assert [a.xyann[1] for a in inputs] == [heights[k] for k in "abc"]
    for arrow in inputs:
        assert np.hypot(*np.subtract(arrow.xy, circle.center)) < 1.5 * circle.radius  # llega junto al círculo
        assert arrow.xyann[0] < arrow.xy[0] < circle.center[0]
    widths = [a.arrow_patch.get_linewidth() for a in inputs]
    assert widths[0] > widths[1] > widths[2]  # más gruesa cuanto mayor es el peso, con cualquier signo
    assert circle.center[0] < output.xyann[0] < output.xy[0] and output.xyann[1] == output.xy[1] == circle.center[1]
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert all(left < t.get_position()[0] < right and bottom < t.get_position()[1] < top for t in ax.texts)
    assert not ax.axison
    plt.close(fig)


def test_style_of_the_course():
    with matplotlib.rc_context():
        plots.set_style()
        wanted = {"axes.grid": True, "axes.spines.top": False, "axes.spines.right": False, "legend.frameon": False,
                  "figure.constrained_layout.use": True, "image.cmap": "gray"}
        assert {key: matplotlib.rcParams[key] for key in wanted} == wanted
        assert matplotlib.rcParams["axes.prop_cycle"].by_key()["color"] == plots.COLORS
    assert len(set(plots.COLORS)) == len(plots.COLORS) == 8


def test_steady_keeps_the_margins_of_the_first_picture(shown):
    def box(label, columns=1):
        fig, axes = plt.subplots(1, columns, figsize=(3, 2), layout="constrained", squeeze=False)
        axes[0, 0].set_ylabel(label)
        plots.show(fig, alt="Ejes vacíos con una etiqueta.")
        return axes[0, 0].get_position(original=True).bounds

    long = "una etiqueta\nde tres\nlíneas"
    kept = {}
    with plots.steady(kept):
        first = box("y")
        assert box(long) == first and box("y", columns=2) != first
    assert len(kept) == 2
    assert box(long) != first  # fuera, cada figura vuelve a buscar los suyos
    with plots.steady({}):
        assert box(long) != first


def test_graph():
    from helpers.autodiff import Value

    def texts(root, **options):
        fig, ax = plt.subplots()
        place = plots.graph(ax, root, **options)
        found = [text.get_text() for text in ax.texts]
        boxes, lines = [patch.get_linewidth() for patch in ax.patches], len(ax.lines)
        plt.close(fig)
        return place, found, boxes, lines

    x, y, z = Value(-2, name="x"), Value(5, name="y"), Value(-4, name="z")
    total = x + y
    result = total * z
    result.backward()
    place, found, boxes, lines = texts(result, highlight=[z])
    assert [place[node][0] for node in (x, y, total, z, result)] == [-2, -2, -1, -1, 0]
    assert place[x][1] > place[y][1] and place[total][1] > place[z][1]  # los padres, en el orden de la operación
    assert sorted(found) == sorted(["x", "−2", "∂ −4", "y", "5", "∂ −4", "z", "−4", "∂ 3", "+", "3", "∂ −4", "×",
                                    "−12", "∂ 1", "×1", "×1", "×3", "×−4"])
    assert sorted(boxes) == [1, 1, 1, 1, 2.5] and lines == 8  # 4 flechas: la línea y la punta
    _, found, *_ = texts(result, gradients=[z], slopes=False)
    assert sorted(found) == sorted(["x", "−2", "y", "5", "z", "−4", "∂ 3", "+", "3", "×", "−12"])
    place, found, _, lines = texts(x * x + x)  # dos flechas iguales y una que salta una columna: un tramo más
    assert found.count("×−2") == 2 and found.count("×1") == 2 and lines == 4 * 2 + 1
    assert len(set(place.values())) == 3
