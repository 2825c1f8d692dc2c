"""La arena del patio de juegos (cuaderno 11): datos de juguete y redes pequeñas, varios arranques a la vez.

>>> session = Session(Settings("espiral", layers=(8, 8)), starts=10)
>>> session.run(200)        # diez redes con pesos iniciales distintos, 200 épocas
>>> session.losses()        # pérdida de entrenamiento y de prueba, (10,) y (10,)
"""
from dataclasses import dataclass

import numpy as np

from helpers import runtime
from helpers.nn import Activation, Dense, Network, ReLU, Sigmoid, Tanh
from helpers.optim import SGD, Adam


def clouds(n, rng):
    y = np.arange(n) % 2
    return rng.normal(4 * y[:, None] - 2, 0.8, (n, 2)), y


def circle(n, rng):
    y = np.arange(n) % 2
    radius, angle = np.where(y == 1, rng.uniform(0, 2.5, n), rng.uniform(3.5, 5, n)), rng.uniform(0, 2 * np.pi, n)
    return np.column_stack([radius * np.sin(angle), radius * np.cos(angle)]), y


def xor(n, rng):
    x = rng.uniform(-5, 5, (n, 2))
    x += 0.3 * np.sign(x)
    return x, (x[:, 0] * x[:, 1] < 0).astype(int)


def spiral(n, rng):
    y, s = np.arange(n) % 2, np.linspace(0.1, 1, n // 2).repeat(2)
    angle = 1.75 * s * 2 * np.pi + np.pi * y
    return np.column_stack([5 * s * np.sin(angle), 5 * s * np.cos(angle)]), y


DATASETS = {"dos nubes": clouds, "círculo": circle, "XOR": xor, "espiral": spiral}
FEATURES = {"x₁": lambda a, b: a, "x₂": lambda a, b: b, "x₁²": lambda a, b: a**2, "x₂²": lambda a, b: b**2,
            "x₁x₂": lambda a, b: a * b, "sen x₁": lambda a, b: np.sin(a), "sen x₂": lambda a, b: np.sin(b)}
POINTS, MAX_LAYERS, MAX_NEURONS = 200, 3, 8  # ejemplos de entrenamiento, y otros tantos de prueba


class Linear(Activation):
    def value(self, z):
        return z

    def slope(self, h):
        return 1.0


ACTIVATIONS = {"tanh": Tanh, "ReLU": ReLU, "sigmoide": Sigmoid, "lineal": Linear}
OPTIMIZERS = {"SGD": SGD, "Momentum": lambda rate: SGD(rate, momentum=0.9), "Adam": Adam}
PENALTIES = ["ninguna", *(f"{kind} {rate}" for kind in ("L1", "L2") for rate in (0.001, 0.003, 0.01, 0.03, 0.1))]


@dataclass(frozen=True)
class Settings:
    """Lo que se elige en el tablero. Un valor imposible lanza CourseError."""
    data: str = "espiral"
    noise: float = 0.0          # desviación de los puntos, en unidades del plano
    features: tuple = ("x₁", "x₂")
    layers: tuple = (4, 2)      # neuronas de cada capa oculta; () es ninguna
    activation: str = "tanh"
    penalty: str = "ninguna"    # o «L1 0.01», «L2 0.003»…
    optimizer: str = "Adam"
    learning_rate: float = 0.03
    batch: int = 20

    def __post_init__(self):
        object.__setattr__(self, "features", tuple(self.features))
        object.__setattr__(self, "layers", tuple(self.layers))
        known = {"rasgo": (self.features, FEATURES), "activación": ([self.activation], ACTIVATIONS),
                 "regularización": ([self.penalty], PENALTIES), "optimizador": ([self.optimizer], OPTIMIZERS)}
        for what, (chosen, options) in known.items():
            for name in chosen:
                if name not in options:
                    raise runtime.CourseError(f"No conozco «{name}» como {what}. Elige entre: {', '.join(options)}.")
        if not self.features:
            raise runtime.CourseError("La red necesita al menos un rasgo de entrada.")
        if len(self.layers) > MAX_LAYERS or any(k not in range(1, MAX_NEURONS + 1) for k in self.layers):
            raise runtime.CourseError(f"Caben hasta {MAX_LAYERS} capas ocultas, de 1 a {MAX_NEURONS} neuronas cada "
                                      f"una, y se pidió {self.layers}.")
        if not (self.noise >= 0 and self.learning_rate > 0 and self.batch >= 1):
            raise runtime.CourseError("El ruido no puede ser negativo; la tasa y el minilote, mayores que 0.")

    def __str__(self):
        net = f"capas {'-'.join(map(str, self.layers))}, {self.activation}" if self.layers else "sin capas ocultas"
        return (f"{self.data}, ruido {self.noise:g} · {net} · {self.optimizer}, η = {self.learning_rate:g}, minilotes "
                f"de {self.batch} · regularización: {self.penalty}")


class Starts(Dense):
    """La capa densa de helpers.nn con S juegos de pesos a la vez: (S, d, k). x: (n, d) o (S, n, d) → (S, n, k)."""

    def __init__(self, starts, inputs, outputs, rng):
        self.weights = rng.normal(0, np.sqrt(2 / inputs), (starts, inputs, outputs))
        self.bias = np.zeros((starts, 1, outputs))
        self.params, self.grads = [self.weights, self.bias], []

    def forward(self, x):
        self.x = x
        return x @ self.weights + self.bias

    def backward(self, arriving):
        self.grads = [self.x.swapaxes(-1, -2) @ arriving, arriving.sum(axis=-2, keepdims=True)]
        return arriving @ self.weights.swapaxes(-1, -2)


def cross_entropy(z, y):
    """Pérdida media de cada arranque, (S,), y su pendiente respecto de z. z: (S, n, 1); y: (n, 1), ceros y unos."""
    return (np.logaddexp(0, z) - y * z).mean(axis=(1, 2)), (0.5 + 0.5 * np.tanh(z / 2) - y) / len(y)


class Session:
    """Unos datos y `starts` redes con pesos iniciales distintos, que se entrenan a la vez."""

    def __init__(self, settings, datasets=None, starts=1, draw=0, seed=None, points=POINTS):
        """draw: qué pesos iniciales. seed: el azar de todo lo demás; si no se dice, runtime.seed(0)."""
        seed = runtime.seed(0) if seed is None else seed
        self.settings, self.draw, self.epoch = settings, draw, 0
        self.points, self.y = make_data(settings, datasets or DATASETS, points, np.random.default_rng(seed))
        raw = self._raw(self.points[0])
        self.mean, self.scale = raw.mean(axis=0), raw.std(axis=0)
        self.x, self.x_test = map(self.inputs, self.points)
        self.rng = np.random.default_rng(seed + 1 + draw)
        sizes, layers = [len(settings.features), *settings.layers, 1], []
        for inputs, outputs in zip(sizes, sizes[1:]):
            layers += [Starts(starts, inputs, outputs, self.rng), ACTIVATIONS[settings.activation]()]
        self.network = Network(layers[:-1])
        self.optimizer = OPTIMIZERS[settings.optimizer](settings.learning_rate)
        self.history = [(0, *self.losses())]

    def _raw(self, points):
        return np.column_stack([FEATURES[name](*points.T) for name in self.settings.features])

    def inputs(self, points):
        """Los rasgos de unos puntos, con media 0 y desviación 1 en entrenamiento. (n, 2) → (n, d)"""
        return (self._raw(points) - self.mean) / self.scale

    def change(self, settings):
        """Sobre la marcha solo se cambian la tasa, la regularización y el minilote."""
        self.settings, self.optimizer.learning_rate = settings, settings.learning_rate

    def run(self, epochs, every=1):
        """Entrena y anota en `history` (época, pérdidas de entrenamiento, de prueba) cada `every` épocas."""
        kind, rate = (*self.settings.penalty.split(), 0)[:2]
        rate, pull = float(rate), {"L1": np.sign, "L2": np.asarray}.get(kind)  # las pendientes de |w| y de w²/2
        with np.errstate(all="ignore"):  # con una tasa enorme los pesos se disparan: se verá en la pérdida
            for _ in range(epochs):
                order = self.rng.permutation(len(self.x))
                for k in range(0, len(order), self.settings.batch):
                    rows = order[k:k + self.settings.batch]
                    self.network.backward(cross_entropy(self.network.forward(self.x[rows]), self.y[0][rows])[1])
                    grads = self.network.grads
                    if pull:  # los sesgos no se encogen
                        grads[::2] = [g + rate * pull(w) for g, w in zip(grads[::2], self.network.params[::2])]
                    self.optimizer.update(self.network.params, grads)
                self.epoch += 1
                if self.epoch % every == 0:
                    self.history.append((self.epoch, *self.losses()))

    def losses(self):
        """Pérdida de entrenamiento y de prueba de cada arranque, (S,) y (S,); inf si se han disparado."""
        with np.errstate(all="ignore"):
            both = [cross_entropy(self.network.forward(x), y)[0] for x, y in zip((self.x, self.x_test), self.y)]
        return tuple(np.nan_to_num(values, nan=np.inf, posinf=np.inf) for values in both)

    def accuracy(self):
        """Aciertos en prueba de cada arranque, (S,)."""
        return ((self.network.forward(self.x_test) > 0) == self.y[1]).mean(axis=(1, 2))


def make_data(settings, datasets, points, rng):
    """Puntos de entrenamiento y de prueba, (2, n, 2), y sus clases, (2, n, 1). Revisa lo que da el generador."""
    if settings.data not in datasets:
        raise runtime.CourseError(f"No hay datos «{settings.data}». Elige entre {', '.join(datasets)}.")
    made = datasets[settings.data](2 * points, rng)
    x, y = map(np.asarray, made) if isinstance(made, tuple) and len(made) == 2 else (np.zeros(0), np.zeros(0))
    shapes = x.shape == (2 * points, 2) and y.shape == (2 * points,)
    if not shapes or set(np.unique(y)) != {0, 1} or not np.isfinite(x).all():
        raise runtime.CourseError(f"Con n = {2 * points}, el generador de «{settings.data}» debe devolver x de forma "
                                  f"({2 * points}, 2) e y de forma ({2 * points},), con ceros y unos.")
    order = rng.permutation(2 * points)
    x = x + settings.noise * rng.normal(size=x.shape)
    return x[order].reshape(2, points, 2), y[order].astype(float).reshape(2, points, 1)
