"""Los optimizadores de helpers: iguales a los de Keras y a los del cuaderno 05, y claros cuando algo no encaja."""
import inspect
from pathlib import Path

import nbformat
import numpy as np
import pytest

from helpers import optim, runtime

SHAPES = [(3, 4), (4,), (2, 3, 2), ()]
# Keras guarda las tasas en float32. Con sumas de potencias de 2 no redondea, y la comparación puede ser exacta.
RATE = 0.0625
SETTINGS = [("SGD", {}), ("SGD", {"momentum": 0.875}), ("SGD", {"momentum": 0.5, "nesterov": True}), ("Adagrad", {}),
            ("Adagrad", {"initial_accumulator_value": 1.0}), ("RMSprop", {}), ("RMSprop", {"rho": 0.5}),
            ("Adadelta", {}), ("Adadelta", {"rho": 0.875}), ("Adam", {"beta_1": 0.875, "beta_2": 0.9921875}),
            ("Adam", {"beta_1": 0.5, "beta_2": 0.875, "epsilon": 0.125})]


def walk(seed, scale=1.0, steps=20):
    """Parámetros de varias formas y los gradientes de `steps` pasos, al azar."""
    rng = np.random.default_rng(seed)
    params = [np.array(rng.normal(size=shape)) for shape in SHAPES]
    return params, [[np.array(scale * rng.normal(size=shape)) for shape in SHAPES] for _ in range(steps)]


@pytest.fixture(scope="module")
def keras():
    with runtime.quiet():
        import keras
    return keras


@pytest.mark.parametrize("scale", [1e-5, 1, 1e5])
@pytest.mark.parametrize("name, options", SETTINGS)
def test_equal_to_keras(keras, name, options, scale):
    params, gradients = walk(0, scale)
    variables = [keras.Variable(p, dtype="float64") for p in params]
    ours = getattr(optim, name)(RATE, **options)
    theirs = getattr(keras.optimizers, name)(RATE, **options)
    for grads in gradients:
        ours.update(params, grads)
        theirs.apply([keras.ops.convert_to_tensor(g, dtype="float64") for g in grads], variables)
    for p, variable in zip(params, variables):
        np.testing.assert_allclose(p, keras.ops.convert_to_numpy(variable), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", ["SGD", "Adagrad", "RMSprop", "Adadelta", "Adam"])
def test_names_and_defaults_are_those_of_keras(keras, name):
    ours = inspect.signature(getattr(optim, name)).parameters
    theirs = inspect.signature(getattr(keras.optimizers, name)).parameters
    assert {key: p.default for key, p in ours.items()} == {key: theirs[key].default for key in ours}


@pytest.fixture(scope="module")
def lesson():
    """Las clases que define el cuaderno 05, sacadas de sus celdas."""
    path = Path(__file__).resolve().parent.parent / "notebooks/05_optimizadores.ipynb"
    namespace = {"np": np}
    for cell in nbformat.read(path, 4).cells:
        if cell.cell_type == "code" and cell.source.startswith("class "):
            exec(cell.source, namespace)
    return namespace


@pytest.mark.parametrize("name, options, own, own_options", [
    ("SGD", {}, "SGD", {}), ("SGD", {"momentum": 0.9}, "Momentum", {}), ("SGD", {"momentum": 0.5}, "Momentum",
                                                                         {"momentum": 0.5}),
    ("SGD", {"momentum": 0.9, "nesterov": True}, "NAG", {}), ("Adagrad", {}, "Adagrad", {}),
    ("RMSprop", {}, "RMSprop", {}), ("Adadelta", {}, "Adadelta", {}), ("Adam", {}, "Adam", {}),
    ("Adam", {"beta_1": 0.5}, "Adam", {"beta_1": 0.5})])
def test_equal_to_the_notebook(lesson, name, options, own, own_options):
    params, gradients = walk(1, scale=10)
    expected = [p.copy() for p in params]
    ours = getattr(optim, name)(RATE, **options)
    own = [lesson[own](RATE, **own_options) for _ in params]
    for grads in gradients:
        ours.update(params, grads)
        expected = [runner.update(w, g) for runner, w, g in zip(own, expected, grads)]
    for p, w in zip(params, expected):
        np.testing.assert_allclose(p, w, rtol=0, atol=1e-5)  # Adam pone ε en otro lugar


def test_changes_the_arrays_in_place_and_not_the_gradients():
    weights, grad = np.ones((2, 2)), np.full((2, 2), 3.0)
    optim.SGD(0.5).update([weights], [grad])
    assert (weights == -0.5).all() and (grad == 3).all()


def test_float32_stays_float32():
    p = np.ones(3, np.float32)
    optim.Adam().update([p], [np.ones(3)])
    assert p.dtype == np.float32 and (p < 1).all()


def test_learning_rate_can_change():
    p, optimizer = np.zeros(1), optim.SGD(1.0)
    optimizer.update([p], [[1.0]])
    optimizer.learning_rate = 0.1
    optimizer.update([p], [[1.0]])
    assert np.isclose(p[0], -1.1)


@pytest.mark.parametrize("name, options", SETTINGS)
def test_zero_gradient_from_the_start_moves_nothing(name, options):
    p = np.array([1.0, -2.0])
    getattr(optim, name)(RATE, **options).update([p], [np.zeros(2)])
    assert p.tolist() == [1, -2]


@pytest.mark.parametrize("params, grads, error, words", [
    ([np.zeros(2)], [np.zeros(3)], ValueError, r"tienen \[\(2,\)\] y los gradientes \[\(3,\)\]"),
    ([np.zeros((2, 1))], [np.zeros(2)], ValueError, "Formas distintas"),
    ([np.zeros(2), np.zeros(1)], [np.zeros(2)], ValueError, "Formas distintas"),
    ([np.zeros(2)], [1.0], ValueError, "Formas distintas"),
    ([np.array([1, 2])], [np.zeros(2)], TypeError, "con decimales"),
    ([0.5], [0.1], TypeError, "arreglos de NumPy"), ([[1.0, 2.0]], [np.zeros(2)], TypeError, "arreglos de NumPy")])
def test_bad_input(params, grads, error, words):
    optimizer = optim.Adam()
    with pytest.raises(error, match=words):
        optimizer.update(params, grads)
    assert optimizer.iterations == 0


def test_other_params_need_another_optimizer():
    optimizer = optim.SGD(momentum=0.9)
    optimizer.update([np.zeros(2)], [np.ones(2)])
    with pytest.raises(ValueError, match="crea otro"):
        optimizer.update([np.zeros(3)], [np.ones(3)])


@pytest.mark.parametrize("momentum", [-0.1, 1.5])
def test_bad_momentum(momentum):
    with pytest.raises(ValueError, match="de 0 a 1"):
        optim.SGD(momentum=momentum)
