"""Ejercicios del cuaderno 13: el hueco, respuestas buenas en las tres API y errores típicos."""
import numpy as np
import pytest

from helpers import check, runtime
from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG

with runtime.quiet():
    import keras
    from keras import layers

SPARSE = "sparse_categorical_crossentropy"


def same(verdict, state, words):
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


def fitted(model, loss=SPARSE):
    model.compile(loss=loss, optimizer="adam")
    return model


def stack(*units, inputs=4, activations=("relu", "relu", "softmax")):
    dense = [layers.Dense(n, activation=a) for n, a in zip(units, activations)]
    return keras.Sequential(([keras.Input((inputs,))] if inputs else []) + dense)


def net(**options):
    return fitted(stack(20, 20, 3, **options))


def by_models():
    model = keras.models.Sequential(name="otra")
    model.add(keras.layers.InputLayer((4,)))
    model.add(keras.layers.Dense(units=20, activation=keras.activations.relu))
    model.add(keras.layers.Dense(20))
    model.add(keras.layers.ReLU())
    model.add(keras.layers.Dense(3))
    model.add(keras.layers.Softmax())
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss=keras.losses.SparseCategoricalCrossentropy(),
                  metrics=["accuracy"])
    print("esto no se ve")
    return model


def functional():
    inputs = keras.Input(shape=(4,))
    h = layers.Dense(20, activation="relu")(inputs)
    h = layers.Dense(20, activation="relu")(h)
    return fitted(keras.Model(inputs, layers.Dense(3, activation="softmax")(h)))


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden1 = layers.Dense(20, activation="relu")
        self.hidden2 = layers.Dense(20, activation="relu")
        self.out = layers.Dense(3, activation="softmax")

    def call(self, inputs):
        return self.out(self.hidden2(self.hidden1(inputs)))


def trained():
    model = functional()
    rng = np.random.default_rng(0)
    model.fit(rng.normal(size=(20, 4)), rng.integers(0, 3, 20), verbose=0)
    return model


def with_shape_in_layer():
    model = keras.Sequential([layers.Dense(20, activation="relu", input_shape=(4,)),
                              layers.Dense(20, activation="relu"), layers.Dense(3, activation="softmax")])
    return fitted(model)


def from_array():
    h = layers.Dense(20)(np.zeros((5, 4)))
    return keras.Model(keras.Input((4,)), layers.Dense(3)(h))


def output_only():
    return layers.Dense(3)(keras.Input((4,)))


@pytest.mark.parametrize("answer, state, words", [
    (lambda: ..., UNTRIED, "puntos"), (..., UNTRIED, "puntos"),
    (net, RIGHT, "583"), (by_models, RIGHT, "583"), (functional, RIGHT, "583"), (trained, RIGHT, "583"),
    (lambda: fitted(Net()), RIGHT, "583"),
    (lambda: fitted(stack(20, 20, 3), "SparseCategoricalCrossentropy"), RIGHT, "583"),
    (with_shape_in_layer, CLOSE, "keras.Input((4,))"), (lambda: net(inputs=None), CLOSE, "Falta decir cuál"),
    (lambda: stack(20, 20, 3), CLOSE, "Falta compile"),
    (lambda: fitted(stack(20, 20, 3), "categorical_crossentropy"), CLOSE, "uno de K"),
    (lambda: fitted(stack(20, 20, 3), keras.losses.CategoricalCrossentropy()), CLOSE, "uno de K"),
    (lambda: fitted(stack(20, 20, 3), keras.losses.SparseCategoricalCrossentropy(from_logits=True)), CLOSE,
     "dos softmax"),
    (lambda: fitted(stack(20, 20, 3), lambda y, p: keras.ops.mean(p**2, axis=-1)), CLOSE, "no es la entropía"),
    (lambda: fitted(stack(20, 20, 3), "mse"), WRONG, "evaluate se detiene"),
    (lambda: keras.Input(4), CLOSE, "con su coma"),
    (lambda: net(activations=(None, None, "softmax")), CLOSE, "tres capas son una sola"),
    (lambda: net(activations=(None, "relu", "softmax")), CLOSE, "primera capa oculta"),
    (lambda: net(activations=("relu", None, "softmax")), CLOSE, "segunda capa oculta"),
    (lambda: net(activations=("relu", "relu", None)), CLOSE, "falta la softmax"),
    (lambda: net(activations=("relu", "relu", "sigmoid")), CLOSE, "sigmoid"),
    (lambda: net(activations=("tanh", "relu", "softmax")), WRONG, "activaciones"),
    (lambda: fitted(stack(20, 3, activations=("relu", "softmax"))), CLOSE, "dos de 20"),
    (lambda: fitted(stack(20, 20, 3, inputs=10)), WRONG, "expected axis -1"),
    (lambda: fitted(stack(30, 20, 3)), WRONG, "4 → 30, 30 → 20, 20 → 3"),
    (lambda: fitted(stack(20, 20, 10)), WRONG, "(9, 10)"),
    (from_array, CLOSE, "no parte de tu keras.Input"), (output_only, WRONG, "falta keras.Model"),
    (lambda: None, WRONG, "return"), (lambda: 3, WRONG, "llegó int"), (7, WRONG, "llegó int"),
    (lambda: Net, WRONG, "paréntesis"), (lambda: x_without_value, WRONG, "x_without_value")])  # noqa: F821
def test_repaired(answer, state, words):
    same(check.keras_api.repaired(answer), state, words)


def island(hidden="relu", end="softmax", units=16, flip=False, swap=False, early=False, branch=False, skip=False,
           alone=False):
    a, b = keras.Input((4,)), keras.Input((3,))
    if early:
        h = layers.Dense(units, activation=hidden)(layers.Concatenate()([a, b]))
    else:
        h = a if skip else layers.Dense(units, activation=hidden)(a)
        side = layers.Dense(3, activation="relu")(b) if branch else b
        h = h if alone else layers.Concatenate()([side, h] if flip else [h, side])
    return keras.Model([b, a] if swap else [a, b], layers.Dense(3, activation=end)(h))


def named():
    measures, where = keras.Input((4,), name="medidas"), keras.Input((3,), name="isla")
    h = layers.Dense(16)(measures)
    h = keras.ops.relu(h)
    joined = keras.layers.concatenate([where, h])
    return keras.models.Model(inputs=[measures, where], outputs=layers.Activation("softmax")(layers.Dense(3)(joined)))


class Island(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden, self.out = layers.Dense(16, activation="relu"), layers.Dense(3, activation="softmax")

    def call(self, inputs):
        measures, where = inputs
        return self.out(keras.ops.concatenate([self.hidden(measures), where], axis=-1))


def one_input():
    inputs = keras.Input((7,))
    return keras.Model(inputs, layers.Dense(3)(layers.Dense(16)(inputs)))


def loose_end():
    a, b = keras.Input((4,)), keras.Input((3,))
    return keras.Model([keras.Input((4,)), b], layers.Dense(3)(layers.Concatenate()([layers.Dense(16)(a), b])))


def not_joined():
    a, b = keras.Input((4,)), keras.Input((3,))
    return keras.Model([a, b], layers.Dense(3)([layers.Dense(16)(a), b]))


@pytest.mark.parametrize("answer, state, words", [
    (lambda: ..., UNTRIED, "puntos"), (island, RIGHT, "140"), (lambda: island(flip=True), RIGHT, "140"),
    (named, RIGHT, "140"), (lambda: fitted(island()), RIGHT, "140"), (Island, RIGHT, "140"),
    (lambda: island(hidden=None), CLOSE, "sin ReLU"), (lambda: island(hidden=None, flip=True), CLOSE, "sin ReLU"),
    (lambda: island(end=None), CLOSE, "falta la softmax"), (lambda: island(end="sigmoid", flip=True), CLOSE, "sigmoid"),
    (lambda: island(hidden="tanh"), WRONG, "activaciones"), (lambda: island(swap=True), CLOSE, "al revés"),
    (lambda: island(early=True), CLOSE, "demasiado pronto"), (lambda: island(skip=True), CLOSE, "Falta la capa de 16"),
    (lambda: island(branch=True), CLOSE, "directamente"), (lambda: island(alone=True), CLOSE, "Concatenate"),
    (lambda: island(units=8), WRONG, "4 → 8, 11 → 3"), (one_input, WRONG, "una sola entrada"),
    (loose_end, CLOSE, "hilo"), (not_joined, CLOSE, "une antes"), (output_only, WRONG, "falta keras.Model"),
    (lambda: None, WRONG, "return")])
def test_with_island(answer, state, words):
    same(check.keras_api.with_island(answer), state, words)


class Base(keras.Model):
    def __init__(self, times):
        super().__init__()
        self.times = times
        self.hidden1 = layers.Dense(20, activation="relu")
        self.hidden2 = layers.Dense(20, activation="relu")
        self.out = layers.Dense(3, activation="softmax")


def call(body, name="Repeated"):
    """Una subclase de Base cuyo `call` es la función `body(self, inputs)`."""
    return type(name, (Base,), {"call": body})


def loop(extra=0, times=None):
    def body(self, inputs):
        h = self.hidden1(inputs)
        for _ in range((self.times if times is None else times) + extra):
            h = self.hidden2(h)
        return self.out(h)
    return call(body)


def restart(self, inputs):
    start = self.hidden1(inputs)
    for _ in range(self.times):
        h = self.hidden2(start)
    return self.out(h)


def lost(self, inputs):
    h = self.hidden1(inputs)
    for _ in range(self.times):
        self.hidden2(h)
    return self.out(h)


def from_inputs(self, inputs):
    h = self.hidden1(inputs)
    for _ in range(self.times):
        h = self.hidden2(inputs)
    return self.out(h)


def bare_times(self, inputs):
    return self.out(self.hidden2(self.hidden1(inputs)) * times)  # noqa: F821


def unbound(self, inputs):
    x = self.hidden1(x)  # noqa: F821
    return self.out(x)


def inside(self, inputs):
    h = layers.Dense(20, activation="relu")(inputs)
    for _ in range(self.times):
        h = layers.Dense(20, activation="relu")(h)
    return layers.Dense(3, activation="softmax")(h)


def new_state(self, inputs):
    self.extra = layers.Dense(20)
    return self.out(self.extra(self.hidden1(inputs)))


def recursive(self, inputs):
    h, k = self.hidden1(inputs), 0
    while k < self.times:
        h, k = self.hidden2(h), k + 1
    return self.out(h)


class ManyLayers(Base):
    def __init__(self, times):
        super().__init__(times)
        self.many = [layers.Dense(20, activation="relu") for _ in range(times)]

    def call(self, inputs):
        h = self.hidden1(inputs)
        for layer in self.many:
            h = layer(h)
        return self.out(h)


class OutFirst(Base):
    def __init__(self, times):
        super().__init__(times)
        self.b, self.a = layers.Dense(3, activation="softmax"), layers.Dense(20, activation="relu")

    def call(self, inputs):
        h = self.hidden1(inputs)
        for _ in range(self.times):
            h = self.a(h)
        return self.b(h)


class NoSuper(keras.Model):
    def __init__(self, times):
        self.times = times
        self.hidden1 = layers.Dense(20)

    def call(self, inputs):
        return self.hidden1(inputs)


def as_functional(times):
    inputs, again = keras.Input((4,)), layers.Dense(20, activation="relu")
    h = layers.Dense(20, activation="relu")(inputs)
    for _ in range(times):
        h = again(h)
    return keras.Model(inputs, layers.Dense(3, activation="softmax")(h))


@pytest.mark.parametrize("answer, state, words", [
    (call(lambda self, inputs: ...), UNTRIED, "puntos"), (..., UNTRIED, "puntos"),
    (type("Half", (Base,), {"hidden3": ..., "call": lambda self, x: self.hidden3(x)}), UNTRIED, "..."),
    (loop(), RIGHT, "583"), (call(recursive), RIGHT, "583"),
    (as_functional, RIGHT, "583"), (OutFirst, RIGHT, "583"),
    (loop(times=1), CLOSE, "una sola vez"), (loop(extra=1), CLOSE, "de más"), (loop(extra=-1), CLOSE, "de menos"),
    (call(restart), CLOSE, "guarda el resultado"), (call(lost), CLOSE, "se pierde"),
    (call(from_inputs), CLOSE, "recibe las 4 medidas"), (call(bare_times), CLOSE, "self.times"),
    (call(unbound), CLOSE, "antes de darle valor"),
    (call(inside), CLOSE, "en cada llamada"), (call(new_state), CLOSE, "en cada llamada"),
    (ManyLayers, CLOSE, "una por vuelta"), (NoSuper, CLOSE, "super().__init__()"),
    (call(lambda self, x: None), WRONG, "return"), (call(lambda self, x: self.hidden1(x)), WRONG, "(9, 20)"),
    (call(lambda self, x: self.out(self.hidden1(x))), CLOSE, "dos de 20"), (Net, WRONG, "positional"),
    (Net(), WRONG, "sin paréntesis"), (5, WRONG, "llegó int")])
def test_repeated(answer, state, words):
    same(check.keras_api.repeated(answer), state, words)


def accuracy(p, y):
    return (p.argmax(1) == y).mean()


def slowly(p, y):
    classes = [max(range(len(row)), key=row.__getitem__) for row in p.tolist()]
    return classes, sum(a == b for a, b in zip(classes, y)) / len(y)


@pytest.mark.parametrize("answer, state, words", [
    (lambda p, y: (..., ...), UNTRIED, "puntos"), (lambda p, y: (p.argmax(-1), ...), UNTRIED, "puntos"),
    (lambda p, y: (p.argmax(-1), accuracy(p, y)), RIGHT, "evaluate"), (slowly, RIGHT, "evaluate"),
    (lambda p, y: [np.argsort(p, axis=1)[:, -1], np.mean(p.argmax(1) == y)], RIGHT, "evaluate"),
    (lambda p, y: (p.argmax(axis=0), (p.argmax(axis=0) == y).mean()), CLOSE, "eje es el otro"),
    (lambda p, y: (p.argmax(), (p.argmax() == y).mean()), CLOSE, "sin axis"),
    (lambda p, y: (p.max(axis=1), (p.max(axis=1) == y).mean()), CLOSE, "no max"),
    (lambda p, y: (p.max(axis=1), accuracy(p, y)), CLOSE, "no max"),
    (lambda p, y: (p.round(), (p.round() == np.eye(len(p))[y]).mean()), CLOSE, "No redondees"),
    (lambda p, y: (p.argmax(1), (np.eye(len(p))[p.argmax(1)] == np.eye(len(p))[y]).mean()), CLOSE, "más ceros"),
    (lambda p, y: (np.eye(len(p))[p.argmax(1)], accuracy(p, y)), CLOSE, "no en «uno de K»"),
    (lambda p, y: (p.argmax(1), (p.argmax(1) == y).sum()), CLOSE, "mean, no sum"),
    (lambda p, y: (p.argmax(1), 100 * accuracy(p, y)), CLOSE, "porcentaje"),
    (lambda p, y: (p.argmax(1), (p.argmax(1) != y).mean()), CLOSE, "fallos"),
    (lambda p, y: (accuracy(p, y), p.argmax(1)), CLOSE, "intercambiadas"),
    (lambda p, y: p.argmax(1), CLOSE, "dos cosas"),
    (lambda p, y: (p.argmax(1) + 1, accuracy(p, y)), CLOSE, "+ 1"),
    (lambda p, y: (p.argmin(1), accuracy(p, y)), WRONG, "se esperaba"), (lambda p, y: None, WRONG, "return")])
def test_classes_and_accuracy(answer, state, words):
    same(check.keras_api.classes_and_accuracy(answer), state, words)
