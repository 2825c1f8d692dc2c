"""helpers.plots: lo que se dibuja y su descripción."""
import io

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
