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
