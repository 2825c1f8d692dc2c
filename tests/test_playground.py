"""El tablero del cuaderno 11: el motor, el dibujo y los controles."""
import ast

import numpy as np
import pytest

import notebooks
from helpers import playground, plots, runtime, sandbox, widgets
from helpers.nn import Network, Tanh, softmax_cross_entropy
from helpers.optim import SGD
from helpers.playground import Board, Session, Settings
from helpers.sandbox import DATASETS, FEATURES, Starts, cross_entropy

# --- El motor ------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", DATASETS)
def test_datasets(name):
    x, y = DATASETS[name](400, np.random.default_rng(0))
    assert x.shape == (400, 2) and y.shape == (400,) and set(y) == {0, 1}
    assert 170 <= y.sum() <= 230 and np.abs(x).max() < 6
    again, _ = DATASETS[name](400, np.random.default_rng(0))
    assert np.array_equal(x, again)


def test_shapes_of_the_datasets():
    rng = np.random.default_rng(0)
    x, y = DATASETS["círculo"](200, rng)
    radius = np.hypot(*x.T)
    assert radius[y == 1].max() < 2.5 and 3.5 < radius[y == 0].min() and radius.max() < 5
    x, y = DATASETS["XOR"](200, rng)
    assert np.array_equal(y, x.prod(axis=1) < 0) and np.abs(x).min() > 0.3 and np.abs(x).max() > 4.8
    x, y = DATASETS["dos nubes"](200, rng)
    assert np.abs(x[y == 1].mean(axis=0) - 2).max() < 0.3 and np.abs(x[y == 0].mean(axis=0) + 2).max() < 0.3
    assert 0.6 < x[y == 1].std() < 1
    x, y = DATASETS["espiral"](200, rng)
    assert np.allclose(x[y == 1], -x[y == 0]) and np.allclose(np.hypot(*x[y == 0].T), 5 * np.linspace(0.1, 1, 100))
    angle = np.unwrap(np.arctan2(*x[y == 0].T))
    assert np.ptp(angle) == pytest.approx(0.9 * 1.75 * 2 * np.pi)


def test_the_notebook_writes_the_same_generators():
    cells = [c.source for c in notebooks.read(next(notebooks.FOLDER.glob("11_*.ipynb"))).cells if c.cell_type == "code"]
    scope = {"np": np}
    for source in cells:
        names = {node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}
        if names & {"clouds", "circle", "xor", "spiral", "cross_entropy"}:
            exec(source.replace("(Dense)", ""), scope)
    for function in DATASETS.values():
        mine = scope[function.__name__](100, np.random.default_rng(3))
        assert all(np.array_equal(a, b) for a, b in zip(mine, function(100, np.random.default_rng(3))))


def test_starts_are_the_dense_layer_repeated():
    rng = np.random.default_rng(0)
    x, G = rng.normal(size=(5, 3)), rng.normal(size=(2, 5, 4))
    layer = Starts(2, 3, 4, rng)
    assert layer.weights.std() == pytest.approx(np.sqrt(2 / 3), rel=0.35) and layer.bias.shape == (2, 1, 4)
    z, dx = layer.forward(x), layer.backward(G)
    for k in range(2):
        assert np.allclose(z[k], x @ layer.weights[k]) and np.allclose(layer.grads[0][k], x.T @ G[k])
        assert np.allclose(layer.grads[1][k], G[k].sum(axis=0)) and np.allclose(dx[k], G[k] @ layer.weights[k].T)


def test_cross_entropy_is_softmax_with_two_classes():
    rng = np.random.default_rng(0)
    z, y = rng.normal(size=(3, 6, 1)), rng.integers(0, 2, (6, 1))
    costs, grad = cross_entropy(z, y)
    for k in range(3):
        cost, two = softmax_cross_entropy(np.column_stack([np.zeros(6), z[k]]), y[:, 0])
        assert costs[k] == pytest.approx(cost) and np.allclose(grad[k, :, 0], two[:, 1])


def test_session_takes_the_steps_of_the_course():
    session = Session(Settings("XOR", layers=(3,), optimizer="SGD", learning_rate=0.1, batch=50, penalty="L2 0.01"),
                      seed=5)
    rng = np.random.default_rng(6)
    network = Network([Starts(1, 2, 3, rng), Tanh(), Starts(1, 3, 1, rng)])
    assert np.array_equal(network.params[0], session.network.params[0])
    session.run(1)
    order, optimizer = rng.permutation(200), SGD(0.1)
    for rows in order.reshape(4, 50):
        network.backward(cross_entropy(network.forward(session.x[rows]), session.y[0][rows])[1])
        grads = [g + 0.01 * w * (k % 2 == 0) for k, (g, w) in enumerate(zip(network.grads, network.params))]
        optimizer.update(network.params, grads)
    assert all(np.allclose(a, b) for a, b in zip(network.params, session.network.params))
    assert [entry[0] for entry in session.history] == [0, 1] and session.epoch == 1


def test_l1_pulls_with_a_constant_force():
    for penalty, force in [("L1 0.1", np.sign), ("L2 0.1", lambda w: w), ("ninguna", np.zeros_like)]:
        session = Session(Settings(layers=(), optimizer="SGD", learning_rate=0.5, batch=200, penalty=penalty), seed=0)
        w = session.network.params[0].copy()
        free = Session(Settings(layers=(), optimizer="SGD", learning_rate=0.5, batch=200), seed=0)
        session.run(1)
        free.run(1)
        assert np.allclose(session.network.params[0], free.network.params[0] - 0.5 * 0.1 * force(w))
        assert np.allclose(session.network.params[1], free.network.params[1])


def test_session_data_seeds_and_draws():
    one, two = Session(Settings(), seed=1), Session(Settings(), seed=1, draw=3)
    assert np.array_equal(one.x, two.x) and not np.array_equal(one.network.params[0], two.network.params[0])
    assert not np.array_equal(one.points, Session(Settings(), seed=2).points) and two.draw == 3
    assert np.array_equal(Session(Settings()).points, Session(Settings(), seed=runtime.seed(0)).points)
    assert one.points.shape == (2, 200, 2) and one.y.shape == (2, 200, 1)
    assert np.allclose(one.x.mean(axis=0), 0) and np.allclose(one.x.std(axis=0), 1)
    assert np.allclose(one.inputs(one.points[1]), one.x_test)
    assert Session(Settings(), points=30).points.shape == (2, 30, 2)
    quiet, loud = Session(Settings(), seed=1).points, Session(Settings(noise=0.5), seed=1).points
    assert (loud - quiet).std() == pytest.approx(0.5, rel=0.1)
    a, b = one.points[0].T
    expected = [a, b, a * a, b * b, a * b, np.sin(a), np.sin(b)]
    assert np.allclose(Session(Settings(features=tuple(FEATURES)), seed=1)._raw(one.points[0]).T, expected)


def test_losses_and_accuracy():
    session = Session(Settings("dos nubes", layers=()), starts=3)
    session.network.params[0][...], session.network.params[1][...] = 0, 0
    assert np.allclose(session.losses(), np.log(2)) and all(len(part) == 3 for part in session.losses())
    session.run(60, every=20)
    assert [entry[0] for entry in session.history] == [0, 20, 40, 60]
    assert session.accuracy().shape == (3,) and session.accuracy().min() > 0.97 and session.losses()[1].max() < 0.1


@pytest.mark.filterwarnings("error")
def test_an_explosion_is_told_and_drawn():
    session = Session(Settings("XOR", layers=(8, 8, 8), activation="lineal", optimizer="Momentum", learning_rate=3))
    session.run(100)
    image, alt = playground.picture(session)
    assert np.isinf(session.losses()).all() and "disparada: baja la tasa" in alt and image.size == (900, 500)


@pytest.mark.parametrize("choices, words", [
    ({"features": ()}, "al menos un rasgo"), ({"features": ("x₃",)}, "«x₃» como rasgo"),
    ({"activation": "relu"}, "«relu» como activación"), ({"optimizer": "adam"}, "«adam» como optimizador"),
    ({"penalty": "L3 1"}, "«L3 1» como regularización"), ({"layers": (9,)}, "de 1 a 8"), ({"layers": (0,)}, "de 1 a 8"),
    ({"layers": (1, 1, 1, 1)}, "hasta 3"), ({"layers": (2.5,)}, "de 1 a 8"), ({"noise": -1}, "negativo"),
    ({"learning_rate": 0}, "mayores que 0"), ({"batch": 0}, "mayores que 0")])
def test_impossible_settings_are_explained(choices, words):
    with pytest.raises(runtime.CourseError, match=words):
        Settings(**choices)


@pytest.mark.parametrize("make", [
    lambda n, rng: None, lambda n, rng: (np.zeros((n, 2)), np.zeros(n)),
    lambda n, rng: (np.zeros((2, n)), np.arange(n) % 2),
    lambda n, rng: (np.zeros((n, 2)), np.arange(n) % 3), lambda n, rng: (np.full((n, 2), np.nan), np.arange(n) % 2),
    lambda n, rng: (np.zeros((n, 2)), (np.arange(n) % 2)[:, None])])
def test_a_wrong_generator_is_explained(make):
    with pytest.raises(runtime.CourseError, match=r"«mío» debe devolver x de forma \(400, 2\)"):
        Board({**DATASETS, "mío": make})
    with pytest.raises(runtime.CourseError, match="No hay datos «otro»"):
        Session(Settings("otro"))


def test_settings_say_what_they_are():
    assert str(Settings()) == ("espiral, ruido 0 · capas 4-2, tanh · Adam, η = 0.03, minilotes de 20 · "
                               "regularización: ninguna")
    assert "sin capas ocultas" in str(Settings(layers=[])) and Settings(layers=[2]).layers == (2,)
    assert hash(Settings(features=["x₁"])) and all(Settings(penalty=penalty) for penalty in sandbox.PENALTIES)


# --- El dibujo -----------------------------------------------------------------------------------

def pixels(session):
    return np.asarray(playground.picture(session)[0]).astype(int)


def near(color, wanted):
    return np.abs(color - wanted).max() < 12


def color(name, pale=0.0):
    rgb = np.array([int(name[k:k + 2], 16) for k in (1, 3, 5)])
    return rgb + pale * (255 - rgb)


def line_session(weights, bias=0.0, **choices):
    """Una red sin capas ocultas con los pesos que se digan."""
    session = Session(Settings("dos nubes", layers=(), **choices), seed=0)
    session.network.params[0][...], session.network.params[1][...] = np.reshape(weights, (1, -1, 1)), bias
    return session


def test_output_field_has_x1_to_the_right_and_x2_upwards():
    for weights, blue, orange in [((30, 0), (880, 190), (600, 190)), ((0, 30), (740, 50), (740, 330))]:
        image = pixels(line_session(weights))
        assert near(image[blue[1], blue[0]], color(plots.BLUE, 0.35)), weights
        assert near(image[orange[1], orange[0]], color(plots.ORANGE, 0.35)), weights


def test_points_lie_where_they_are():
    session = line_session((0, 0))
    session.points[0] = 0
    session.points[0, 0], session.y[0, 0] = (3, 4), 1
    image = pixels(session)
    assert near(image[190 - 96, 740 + 72], color(plots.BLUE)) and near(image[190 + 96, 740 + 72], 255)


def test_weights_are_lines_with_width_and_color():
    thick, thin = pixels(line_session((3, 0.0))), pixels(line_session((-0.5, 0.0)))
    column = slice(80, 200), 350                       # la línea de x₁, a mitad de camino
    blue = np.abs(thick[column] - color(plots.BLUE)).max(axis=1) < 40
    orange = (thin[column][:, 2] < 200) & (thin[column][:, 0] > 200)
    assert 4 <= blue.sum() <= 8 and 1 <= orange.sum() <= 2
    nothing = pixels(line_session((0, 0)))
    assert nothing[column].min() > 200


def test_unused_features_are_pale_and_every_neuron_has_its_field():
    image = pixels(line_session((1, 1)))
    used, unused = image[100, 60], image[100 + 5 * 54, 60:100]
    assert near(used, color(plots.ORANGE)) or used[2] < 60
    assert unused.min() > 190
    session = Session(Settings("XOR", layers=(2,), activation="ReLU"), seed=0)
    weights, bias, *_ = session.network.params
    weights[0], bias[...] = [[1, 0], [0, 0]], [0, -1]   # una mira x₁ y la otra calla
    image = pixels(session)
    x, top, bottom = 344, 262 - 27, 262 + 27
    assert near(image[top, x + 20], color(plots.BLUE)) or image[top, x + 20, 0] < 90
    assert near(image[top, x - 20], 255) and near(image[bottom, x - 20:x + 20], 255)


def test_loss_curves_use_a_logarithmic_scale():
    session = line_session((0, 0))
    session.history = [(0, np.array([0.1]), np.array([0.01])), (100, np.array([0.1]), np.array([0.01]))]
    image = pixels(session)
    assert image[382 + 33, 700:800].max() < 90                                      # entrenamiento, en negro
    assert np.abs(image[382 + 66, 700:800] - color(plots.GREEN)).max() < 20         # prueba, en verde
    assert image[382 + 99 - 8:382 + 99 - 3, 700:800].min() > 240


def test_picture_and_show_describe(monkeypatch):
    shown = []
    monkeypatch.setattr(playground, "display", lambda data, **options: shown.append((data, options)))
    session = Session(Settings(), seed=0)
    session.run(3)
    playground.show(session)
    (data, options), = shown
    alt = options["metadata"]["image/png"]["alt"]
    train, test = (losses[0] for losses in session.losses())
    assert data["image/png"].startswith(b"\x89PNG") and options["raw"] is True and alt in data["text/plain"]
    assert f"Época 3, {session.settings}. Pérdida: entrenamiento {train:.3f}, prueba {test:.3f}." in alt


# --- Los controles -------------------------------------------------------------------------------

@pytest.fixture
def board():
    return Board()


def test_board_opens_with_its_settings(board):
    assert board.settings == Settings() == board.session.settings and board.session.epoch == 0
    other = Settings("XOR", 0.5, ("x₁", "x₁x₂"), (3, 5), "ReLU", "L1 0.01", "SGD", 0.1, 5)
    assert Board(settings=other).settings == other


CHANGES = {"data": "XOR", "noise": 0.5, "layer1": 7, "layer2": 0, "layer3": 2, "activation": "ReLU",
           "penalty": "L2 0.01", "optimizer": "SGD", "learning_rate": 0.3, "batch": 200}


@pytest.mark.parametrize("name", CHANGES)
def test_every_control_changes_the_picture_and_the_session(board, name):
    board.frame()
    before = board.picture.value
    board.controls[name].value = CHANGES[name]
    assert board.picture.value != before and board.session.settings == board.settings != Settings()
    live = name in ("penalty", "learning_rate", "batch")
    assert board.session.epoch == (playground.FRAME if live else 0)
    if name == "learning_rate":
        assert board.session.optimizer.learning_rate == 0.3
    assert len(CHANGES) == len(board.controls)


def test_layers_with_zero_neurons_vanish(board):
    for name, value in [("layer1", 0), ("layer2", 5), ("layer3", 0)]:
        board.controls[name].value = value
    assert board.settings.layers == (5,)
    board.controls["layer2"].value = 0
    assert board.settings.layers == () and board.session.epoch == 0


def test_feature_buttons_and_the_last_one_stays(board):
    before = board.picture.value
    board.features["sen x₁"].value = True
    assert board.session.settings.features == ("x₁", "x₂", "sen x₁") and board.picture.value != before
    for name in ("x₁", "x₂", "sen x₁"):
        board.features[name].value = False
    assert board.settings.features == ("sen x₁",) and board.features["sen x₁"].value


def test_frames_with_tiny_batches_are_short(board):
    """Con minilotes de 1, cuatro épocas tardarían más que el intervalo de «Play», y la pausa llegaría tarde."""
    board.controls["batch"].value = 1
    board.frame()
    assert board.session.epoch == 1
    board.buttons["100 épocas"].click()
    assert board.session.epoch == 101


def test_buttons_and_play(board):
    step, long_run, restart = board.buttons.values()
    step.click()
    assert board.session.epoch == 1
    board.play.value += 1
    assert board.session.epoch == 1 + playground.FRAME
    board.play.value = 0                               # el botón de parar no entrena
    assert board.session.epoch == 1 + playground.FRAME
    long_run.click()
    assert board.session.epoch == 1 + playground.FRAME + 100
    weights = Board().session.network.params[0]
    restart.click()
    assert board.session.epoch == 0 and board.session.draw == 1
    assert not np.array_equal(board.session.network.params[0], weights)


class Fake:
    """Una misión que se cumple con una red de menos de seis neuronas que haya entrenado algo."""
    title = "la misión"

    def missing(self, session):
        return "" if session.epoch and sum(session.settings.layers) < 6 else "falta"


def test_missions_are_marked_with_the_smallest_network():
    board = Board(missions=[Fake()], settings=Settings(layers=(8,)))
    assert board.note.value == "○ la misión"
    board.frame()
    assert board.note.value == "○ la misión" and board.done == {}
    for neurons, record in [(5, 5), (3, 3), (4, 3)]:
        board.controls["layer1"].value = neurons
        board.frame()
        assert board.done == {"la misión": record}
        assert board.note.value == f"✔ la misión <b>Conseguida</b>, con {record} neuronas ocultas."


def test_show_tries_everything_and_returns_to_the_start(monkeypatch):
    boxes, moved = [], []
    monkeypatch.setattr(widgets, "_display", boxes.append)
    board = Board(missions=[Fake()], settings=Settings(layers=(3,)))
    for name, control in [*board.controls.items(), *board.features.items(), ("play", board.play)]:
        control.observe(lambda change, name=name: moved.append(name), "value")
    for text, button in board.buttons.items():
        button.on_click(lambda _, text=text: moved.append(text))
    fresh = board.picture.value
    board.show()
    assert {*board.controls, *board.features, *board.buttons, "play"} <= set(moved)
    assert board.settings == Settings(layers=(3,))
    assert (board.session.epoch, board.session.draw, board.done) == (0, 0, {})
    assert board.picture.value == fresh and board.play.value == 0 and board.note.value == "○ la misión"
    box, = boxes
    assert [len(row.children) for row in box.children[:3]] == [2, 8, 4]
    assert box.children[3:] == (board.picture, board.note)
    assert [len(column.children) for column in box.children[0].children] == [5, 5]


def test_a_failing_generator_is_noticed_on_show():
    def moody(n, rng):
        if moody.calls:
            moody.calls -= 1
            return DATASETS["XOR"](n, rng)
        return None

    moody.calls = 1
    board = Board({"espiral": DATASETS["espiral"], "raro": moody})
    with pytest.raises(runtime.CourseError, match="«raro»"):
        board.show()


def test_frames_per_second_counts_frames(monkeypatch):
    clock, frames = iter([10.0, 12.0]), []
    monkeypatch.setattr(playground.time, "perf_counter", lambda: next(clock))
    monkeypatch.setattr(Board, "frame", lambda self: frames.append(self.settings))
    assert playground.frames_per_second(6) == 3
    assert len(frames) == 6 and frames[0].layers == (8, 8, 8) and frames[0].features == tuple(FEATURES)
