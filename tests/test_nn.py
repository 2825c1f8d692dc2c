"""Las redes de helpers: iguales a TensorFlow, a los empujones y a las del cuaderno 10, y claras ante un error."""
import ast
from pathlib import Path

import nbformat
import numpy as np
import pytest

from helpers import nn, optim, runtime

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "10_una_red_desde_cero_en_numpy.ipynb"
ACTIVATIONS = [nn.ReLU, nn.Tanh, nn.Sigmoid]


def example(activation, seed=0, module=nn):
    """Red 5-4-3-3 al azar, con sesgos, 7 ejemplos y sus clases."""
    rng = np.random.default_rng(seed)
    network = module.Network([module.Dense(5, 4, rng), activation(), module.Dense(4, 3, rng), activation(),
                              module.Dense(3, 3, rng)])
    for p in network.params:
        p += rng.normal(0, 0.3, p.shape)
    return network, rng.normal(size=(7, 5)), rng.integers(0, 3, 7)


def slopes(network, x, y):
    """Costo, pendientes de los parámetros y pendiente de la entrada."""
    cost, arriving = nn.softmax_cross_entropy(network.forward(x), y)
    dx = network.backward(arriving)
    return cost, network.grads, dx


@pytest.fixture(scope="module")
def tf():
    with runtime.quiet():
        import tensorflow
    return tensorflow


@pytest.mark.parametrize("activation, name", [(nn.ReLU, "relu"), (nn.Tanh, "tanh"), (nn.Sigmoid, "sigmoid")])
def test_equal_to_tensorflow(tf, activation, name):
    network, x, y = example(activation)
    params = [tf.Variable(p) for p in network.params]
    with tf.GradientTape() as tape:
        f = getattr(tf.nn, name)
        z = f(tf.constant(x) @ params[0] + params[1])
        z = f(z @ params[2] + params[3]) @ params[4] + params[5]
        theirs = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, z))
    cost, grads, _ = slopes(network, x, y)
    np.testing.assert_allclose(cost, theirs, rtol=1e-9)
    for ours, g in zip(grads, tape.gradient(theirs, params), strict=True):
        np.testing.assert_allclose(ours, g, rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_equal_to_nudges(activation):
    network, x, y = example(activation, seed=1)
    _, grads, dx = slopes(network, x, y)
    for array, ours in [*zip(network.params, grads, strict=True), (x, dx)]:
        for place in np.ndindex(array.shape):
            original, costs = array[place], []
            for array[place] in (original + 1e-6, original - 1e-6):
                costs.append(nn.softmax_cross_entropy(network.forward(x), y)[0])
            array[place] = original
            assert ours[place] == pytest.approx((costs[0] - costs[1]) / 2e-6, abs=1e-7)


def notebook_names():
    """Ejecuta solo las importaciones, clases y funciones del cuaderno, sin los huecos de los ejercicios."""
    space = {"runtime": runtime}
    for cell in nbformat.read(NOTEBOOK, 4).cells:
        if cell.cell_type != "code" or "solucion" in cell.metadata.get("tags", []) or cell.source.startswith("%"):
            continue
        try:
            tree = ast.parse(cell.source)
        except SyntaxError:
            continue
        for node in tree.body:
            if isinstance(node, (ast.Import, ast.ImportFrom, ast.ClassDef, ast.FunctionDef)):
                if getattr(node, "name", "") not in space:
                    exec(compile(ast.Module([node], []), "cuaderno", "exec"), space)
    return space


@pytest.mark.parametrize("name", ["ReLU", "Tanh", "Sigmoid"])
def test_equal_to_the_notebook(name):
    space = notebook_names()
    module = type("cuaderno", (), {key: staticmethod(space[key]) for key in ("Dense", "Network")})
    theirs, x, y = example(space[name], module=module)
    ours, _, _ = example(getattr(nn, name))
    for a, b in zip(ours.params, theirs.params, strict=True):
        b[...] = a
    cost, grads, _ = slopes(ours, x, y)
    other, arriving = space["softmax_cross_entropy"](theirs.forward(x), y)
    theirs.backward(arriving)
    assert other == pytest.approx(cost, rel=1e-12)
    for a, b in zip(grads, theirs.grads, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-15)


def test_softmax_does_not_overflow():
    z = np.array([[1000.0, 0, -1000], [-1000, -1000, -1000]])
    np.testing.assert_allclose(nn.softmax(z), [[1, 0, 0], [1 / 3] * 3])
    cost, grad = nn.softmax_cross_entropy(z, np.array([2, 0]))
    assert cost == pytest.approx((2000 + np.log(3)) / 2) and np.isfinite(grad).all()
    assert np.isfinite(nn.Sigmoid().forward(np.array([[-1e6, 1e6]]))).all()


def test_fit_learns_reports_and_repeats():
    def run():
        rng, seen = np.random.default_rng(0), []
        x = rng.normal(size=(201, 2))
        y = (x[:, 0] * x[:, 1] > 0).astype(int)
        network = nn.Network([nn.Dense(2, 16, rng), nn.Tanh(), nn.Dense(16, 2, rng)])
        history = nn.fit(network, x, y, optim.Adam(0.02), 60, 20, rng, lambda *args: seen.append(args))
        return (network.predict(x) == y).mean(), history, seen

    accuracy, history, seen = run()
    assert accuracy > 0.95 and history[-1] < history[0] / 3
    assert seen == list(enumerate(history, start=1)) and len(seen) == 60
    assert run()[1] == history


def test_one_update_is_one_step_of_descent():
    network, x, y = example(nn.Tanh)
    before = [p.copy() for p in network.params]
    _, grads, _ = slopes(network, x, y)
    nn.fit(network, x, y, optim.SGD(0.5), 1, len(x), np.random.default_rng(0))
    for p, old, g in zip(network.params, before, grads, strict=True):
        np.testing.assert_allclose(p, old - 0.5 * g, atol=1e-12)


def test_start():
    layer = nn.Dense(1000, 50, np.random.default_rng(0))
    assert layer.weights.std() == pytest.approx(np.sqrt(2 / 1000), rel=0.05) and not layer.bias.any()
    assert not nn.Dense(3, 2, np.random.default_rng(0), scale=0).weights.any()


@pytest.mark.parametrize("mistake, words", [
    (lambda net, x, y: net.forward(x.T), r"espera x de forma \(n, 5\) y llegó \(5, 7\)"),
    (lambda net, x, y: net.forward(x[0]), r"llegó \(5,\)"),
    (lambda net, x, y: (net.forward(x), net.backward(np.ones((7, 2)))), r"forma \(7, 3\), y llegó \(7, 2\)"),
    (lambda net, x, y: nn.softmax_cross_entropy(net.forward(x), y[:3]), "n clases enteras"),
    (lambda net, x, y: nn.softmax_cross_entropy(net.forward(x), y * 1.0), "enteras"),
    (lambda net, x, y: nn.softmax_cross_entropy(net.forward(x), y + 1), "van de 0 a 2"),
    (lambda net, x, y: nn.softmax_cross_entropy(net.forward(x), np.eye(3, dtype=int)[y]), "n clases enteras"),
    (lambda net, x, y: nn.fit(net, x, y[:2], optim.SGD(), 1, 4, None), "7 ejemplos y 2 etiquetas")])
def test_mistakes_are_explained(mistake, words):
    network, x, y = example(nn.ReLU)
    y[0] = 2
    with pytest.raises(ValueError, match=words):
        mistake(network, x, y)


def test_float32_stays_float32_and_agrees_with_float64():
    results = []
    for dtype in ("float32", "float64"):
        rng = np.random.default_rng(0)
        network = nn.Network([nn.Dense(5, 4, rng, dtype=dtype), nn.ReLU(), nn.Dense(4, 3, rng, dtype=dtype)])
        x, y = rng.normal(size=(7, 5)), rng.integers(0, 3, 7)
        cost, grads, dx = slopes(network, x, y)
        assert {a.dtype for a in [*network.params, *grads, dx]} == {np.dtype(dtype)}
        results.append(grads)
    for single, double in zip(*results):
        np.testing.assert_allclose(single, double, atol=1e-6)
