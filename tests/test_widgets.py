"""helpers.widgets: los controles llaman a su función y no esconden sus errores."""
import ipywidgets
import numpy as np
import pytest

from helpers import widgets


@pytest.fixture
def shown(monkeypatch):
    calls = []

    class Handle:
        def update(self, data, **options):
            calls.append(data)

    monkeypatch.setattr(widgets, "display",
                        lambda data, **options: calls.append(data) or Handle())
    return calls


def test_slider_kind_follows_its_numbers():
    assert isinstance(widgets.slider("k", 0, 9), ipywidgets.IntSlider)
    assert isinstance(widgets.slider("w", 0.0, 1.0), ipywidgets.FloatSlider)
    assert widgets.slider("w", -1.0, 1.0, 0.5).value == 0.5 and widgets.slider("k", 2, 9).value == 2


def test_choice_takes_lists_and_dictionaries():
    assert widgets.choice("clase", ["a", "b"]).value == "a"
    assert widgets.choice("clase", {"bota": 9, "bolso": 8}, 8).value == 8


def test_explore_draws_moves_every_control_and_returns_it(shown):
    drawn = []
    controls = widgets.explore(lambda **values: drawn.append(values), k=widgets.slider("k", 0, 5, 2),
                               name=widgets.choice("nombre", ["a", "b"]))
    assert drawn[0] == {"k": 2, "name": "a"} == drawn[-1]
    assert {"k": 5, "name": "a"} in drawn and {"k": 2, "name": "b"} in drawn
    assert {key: c.value for key, c in controls.items()} == {"k": 2, "name": "a"}
    assert shown[-1]["text/plain"] == widgets.FALLBACK
    controls["k"].value = 4
    assert drawn[-1] == {"k": 4, "name": "a"}


def test_move_and_return_covers_one_option_and_the_upper_end():
    for control in (widgets.choice("x", ["única"]), widgets.slider("k", 0, 5, 5)):
        seen = []
        before = control.value
        control.observe(lambda change, seen=seen: seen.append(change.new), "value")
        widgets._move_and_return(control)
        assert control.value == before and (seen in ([], [0, 5]))


def test_progress_rewrites_one_line(shown, monkeypatch):
    clock = iter([0.0, 0.05, 0.3, 0.4, 3.0])
    monkeypatch.setattr(widgets.time, "perf_counter", lambda: next(clock))
    bar = widgets.Progress(4, unit="paso")
    for done in (1, 2, 3, 4):
        bar(done, "pérdida 0.5")
    lines = [d["text/plain"] for d in shown]
    assert lines == ["", "paso 2/4 [██████████··········] 0 s  pérdida 0.5",
                     "paso 4/4 [████████████████████] 3 s  pérdida 0.5"]
    with pytest.raises(ValueError, match="al menos 1"):
        widgets.Progress(0)


@pytest.fixture
def lab(shown):
    states = []
    x, t = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 1])

    def update(weights, bias, point, target):
        return weights + point, bias + (1 if target else -1)

    controls = widgets.perceptron_lab(lambda *state: states.append(state), update, x, t)
    return controls, states


def test_lab_opens_where_it_says_after_trying_its_button(lab):
    _, states = lab
    assert [(w.tolist(), b) for w, b, _, _ in states] == [([1, 1], 1), ([1, 0], 0)]


def test_lab_step_applies_the_readers_rule(lab):
    controls, states = lab
    controls["step"].click()  # con w = (1, 0) y b = 0 falla el punto 2, que es (0, 1)
    weights, bias, _, _ = states[-1]
    assert weights.tolist() == [1, 1] and bias == 1 and controls["point"].value == 1
    count = len(states)
    controls["step"].click()  # ahora falla el punto 1, que debería ser 0
    weights, bias, _, _ = states[-1]
    assert weights.tolist() == [1, 1] and bias == 0 and len(states) == count + 1  # un solo dibujo por paso
    controls["step"].click()
    assert len(states) == count + 1  # todo bien clasificado: no cambia nada


def test_lab_moves_points_and_resets(lab):
    controls, states = lab
    controls["point"].value = 3
    assert (controls["x1"].value, controls["x2"].value, controls["t"].value) == (1, 1, 1)
    controls["x1"].value, controls["t"].value = -0.5, 0
    _, _, x, t = states[-1]
    assert x[3].tolist() == [-0.5, 1] and t.tolist() == [0, 1, 1, 0]
    controls["reset"].click()
    weights, bias, _, _ = states[-1]
    assert weights.tolist() == [0, 0] and bias == 0


def test_lab_widens_its_sliders_instead_of_clipping_the_rule(shown):
    states = []
    controls = widgets.perceptron_lab(lambda *state: states.append(state), lambda w, b, x, t: (w + 50, b - 70),
                                      [[0, 1], [1, 0]], [1, 1])
    controls["step"].click()
    weights, bias, _, _ = states[-1]
    assert weights.tolist() == [51, 50] and bias == -70


def test_lab_opens_with_the_first_point_and_even_sliders(lab):
    controls, _ = lab
    values = {name: controls[name].value for name in ("w1", "w2", "b", "point", "x1", "x2", "t")}
    assert values == {"w1": 1.0, "w2": 0.0, "b": 0.0, "point": 0, "x1": 0.0, "x2": 0.0, "t": 0}
    assert [(controls[k].min, controls[k].max) for k in ("w1", "b", "x1")] == [(-4, 4), (-4, 4), (-1, 2)]
    assert [label for label, _ in controls["point"].options] == [f"punto {k}" for k in (1, 2, 3, 4)]


def test_lab_puts_everything_in_view(lab, shown):
    assert list(shown[-1]) == ["text/plain", "application/vnd.jupyter.widget-view+json"]
    model = shown[-1]["application/vnd.jupyter.widget-view+json"]
    assert model["version_major"] == 2 and model["version_minor"] == 0 and model["model_id"]


def test_explore_reserves_the_height(shown, monkeypatch):
    boxes = []
    monkeypatch.setattr(widgets, "_display", boxes.append)
    widgets.explore(lambda k: None, k=widgets.slider("k", 0, 3))
    widgets.explore(lambda k: None, height=200, k=widgets.slider("k", 0, 3))
    assert [box.children[-1].layout.height for box in boxes] == ["380px", "200px"]
    assert [len(box.children) for box in boxes] == [2, 2]


def test_slider_steps():
    assert (widgets.slider("k", 0, 9).step, widgets.slider("w", 0.0, 1.0).step) == (1, 0.1)
    assert widgets.slider("w", 0.0, 1.0, step=0.25).step == 0.25
    assert isinstance(widgets.slider("k", 0, 9, step=0.5), ipywidgets.FloatSlider)
    control = widgets.slider("tasa", 1, 9, 3)
    assert (control.min, control.max, control.value, control.description) == (1, 9, 3, "tasa")


def test_progress_always_writes_the_first_and_the_last(shown, monkeypatch):
    clock = iter([10.0, 10.1, 10.2, 10.3])
    monkeypatch.setattr(widgets.time, "perf_counter", lambda: next(clock))
    bar = widgets.Progress(1)
    bar(1)
    assert shown[-1]["text/plain"] == "época 1/1 [████████████████████] 0 s"


@pytest.mark.parametrize("logs, line", [
    ({"loss": 0.51234, "accuracy": 0.8, "val_accuracy": 0.75}, "pérdida 0.512, exactitud 0.800, en validación 0.750"),
    ({"loss": 0.5}, "pérdida 0.500")])
def test_training_progress_tells_what_keras_logs(shown, logs, line):
    callback = widgets.training_progress(1)
    callback.on_epoch_end(0, logs)
    assert shown[-1]["text/plain"].startswith("época 1/1 [████████████████████]")
    assert shown[-1]["text/plain"].endswith(line)


def test_training_progress_names_another_metric(shown):
    widgets.training_progress(1, metric="mae").on_epoch_end(0, {"loss": 2.0, "mae": 1.0, "accuracy": 0.5})
    assert shown[-1]["text/plain"].endswith("pérdida 2.000, mae 1.000")


def test_training_progress_tells_where_it_stopped(shown):
    callback = widgets.training_progress(50)
    callback.on_train_end({})  # ninguna época: nada que contar
    for epoch in range(3):
        callback.on_epoch_end(epoch, {"loss": 1.0 / (epoch + 1)})
    callback.on_train_end({})
    assert "época 3/50 " in shown[-1]["text/plain"] and shown[-1]["text/plain"].endswith("pérdida 0.333")


@pytest.fixture
def lab_box(monkeypatch):
    """El laboratorio entero, como se muestra, con OR y la regla del perceptrón."""
    boxes, states = [], []
    monkeypatch.setattr(widgets, "_display", boxes.append)

    def update(weights, bias, point, target):
        error = target - int(point @ weights + bias > 0)
        return weights + error * point, bias + error

    x, t = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 1])
    controls = widgets.perceptron_lab(lambda *state: states.append(state), update, x, t, height=300)
    return boxes[0], controls, states


def test_lab_says_what_each_button_did(lab_box):
    box, controls, states = lab_box
    rows, (step, reset, note), output = box.children[0], box.children[1].children, box.children[2]
    hint = "«Un paso» aplica la regla al siguiente punto mal clasificado."
    assert (step, reset) == (controls["step"], controls["reset"]) and output.layout.height == "300px"
    assert sum(len(column.children) for column in rows.children) == 7 and note.value == hint
    step.click()
    assert note.value == "Punto 2 mal clasificado: la regla ha movido la recta."
    step.click()  # después del 2, el primero que falla es el 1
    assert note.value == "Punto 1 mal clasificado: la regla ha movido la recta." and controls["point"].value == 0
    assert (controls["x1"].value, controls["x2"].value, controls["t"].value) == (0, 0, 0)
    step.click()
    assert note.value == "Todos los puntos están bien clasificados: no hay nada que corregir."
    reset.click()
    assert note.value == hint and controls["b"].value == 0


@pytest.mark.parametrize("name, position", [("w1", 0), ("w2", 1), ("b", None)])
def test_lab_redraws_with_every_slider(lab_box, name, position):
    _, controls, states = lab_box
    controls[name].value = -2.5
    weights, bias, x, t = states[-1]
    assert (bias if position is None else weights[position]) == -2.5
    x[:], t[:] = 9, 9  # el dibujo recibe copias: no puede estropear los puntos
    controls[name].value = 3.0
    assert states[-1][2].max() == 1 and states[-1][3].tolist() == [0, 1, 1, 1]


def test_progress_waits_a_fifth_of_a_second(shown, monkeypatch):
    clock = iter([0.0, 1.0, 1.1, 1.25, 1.44])
    monkeypatch.setattr(widgets.time, "perf_counter", lambda: next(clock))
    bar = widgets.Progress(9)
    for done in (1, 2, 3, 4):
        bar(done)
    assert [d["text/plain"].split()[1] for d in shown[1:]] == ["1/9", "3/9"]


@pytest.fixture
def canvas(monkeypatch):
    """El lienzo entero, como se muestra, y los dibujos que recibió la función."""
    boxes, pictures = [], []
    monkeypatch.setattr(widgets, "_display", boxes.append)
    controls = widgets.digit_canvas(pictures.append, height=250)
    return boxes[0], controls, pictures


def test_canvas_tries_a_line_and_opens_blank(canvas):
    box, controls, pictures = canvas
    assert [int(picture.sum()) for picture in pictures] == [28 * 255, 0]
    assert all(picture.shape == (28, 28) and picture.dtype == np.uint8 for picture in pictures)
    (_, drawing, clear, note), output = box.children[0].children, box.children[1]
    assert (drawing, clear) == (controls["drawing"], controls["clear"]) and drawing.value == ""
    assert output.layout.height == "250px" and drawing.layout.display == "none" and note.value.startswith("Dibuja")


def test_canvas_markup_finds_its_own_text(canvas):
    box = canvas[0]
    sheet = box.children[0].children[0].value
    assert "curso-lienzo" in box._dom_classes and ".closest('.curso-lienzo')" in sheet
    assert sheet.count('"') == 12 and "<script" not in sheet  # el código va entre comillas dobles: no puede llevarlas
    assert "bubbles: true" in sheet and sheet.index("input") < sheet.index("</canvas>")


def test_canvas_hands_over_what_the_page_writes(canvas):
    _, controls, pictures = canvas
    written = np.arange(784) % 256
    controls["drawing"].value = " ".join(map(str, written))
    np.testing.assert_array_equal(pictures[-1].ravel(), written)
    controls["drawing"].value = "300 " * 784
    assert pictures[-1].max() == 255


@pytest.mark.parametrize("text", ["1 2 3", "hola", "1,2", "0 " * 785, "0.5 " * 784])
def test_canvas_explains_a_bad_drawing_and_goes_on(canvas, text):
    box, controls, pictures = canvas
    count, note = len(pictures), box.children[0].children[3]
    controls["drawing"].value = text
    assert len(pictures) == count and "Borrar" in note.value
    controls["drawing"].value = "9 " * 784
    assert pictures[-1].min() == 9 and note.value == ""


def test_canvas_clear_changes_the_sheet_every_time(canvas):
    box, controls, pictures = canvas
    sheet, seen = box.children[0].children[0], []
    sheet.observe(lambda change: seen.append(change.new.strip()), "value")
    for _ in range(3):
        controls["drawing"].value = "7 " * 784
        controls["clear"].click()
        assert pictures[-1].max() == 0 and controls["drawing"].value == ""
    assert len(seen) == 3 and set(seen) == {widgets.SHEET}  # si no cambiara, la página dejaría el dibujo viejo
