"""Redes densas con NumPy: la versión limpia de lo que se construye en el cuaderno 10.

    rng = np.random.default_rng(0)
    network = Network([Dense(784, 128, rng), ReLU(), Dense(128, 10, rng)])
    fit(network, x, y, Adam(), epochs=5, batch_size=32, rng=rng)  # x (n, 784), y (n,) con clases 0…9
    (network.predict(x_test) == y_test).mean()

Los ejemplos van en filas. Una capa tiene `forward(x)`, `backward(arriving)`, y las listas `params` y `grads`.
La última capa no lleva softmax: va dentro de `softmax_cross_entropy`.
"""
import numpy as np


class Dense:
    """x (n, d) → x W + b, (n, k). Los pesos salen de una normal de desviación `scale`; el sesgo, de 0.

    dtype: el tipo de los números. Con "float32", el de Keras, entrena más rápido; con el de 64 bits se deriva mejor.
    """

    def __init__(self, inputs, outputs, rng, scale=None, dtype="float64"):
        scale = np.sqrt(2 / inputs) if scale is None else scale
        self.weights, self.bias = rng.normal(0, scale, (inputs, outputs)).astype(dtype), np.zeros(outputs, dtype)
        self.params, self.grads = [self.weights, self.bias], []

    def forward(self, x):
        x = np.asarray(x, dtype=self.weights.dtype)
        if x.ndim != 2 or x.shape[1] != len(self.weights):
            raise ValueError(f"Esta capa espera x de forma (n, {len(self.weights)}) y llegó {x.shape}.")
        self.x = x
        return x @ self.weights + self.bias

    def backward(self, arriving):
        """Guarda en `grads` las pendientes de W y de b, y devuelve la de x, (n, d). arriving: (n, k)."""
        expected = (len(self.x), len(self.bias))
        if np.shape(arriving) != expected:
            raise ValueError(f"A esta capa le llega una pendiente de forma {expected}, y llegó {np.shape(arriving)}.")
        self.grads = [self.x.T @ arriving, arriving.sum(axis=0)]
        return arriving @ self.weights.T


class Activation:
    """Una función elemento a elemento. Una subclase escribe `value(z)` y `slope(h)`, la pendiente según h = f(z)."""

    def __init__(self):
        self.params, self.grads = [], []

    def forward(self, z):
        self.h = self.value(np.asarray(z))
        return self.h

    def backward(self, arriving):
        return arriving * self.slope(self.h)


class ReLU(Activation):
    def value(self, z):
        return np.maximum(z, 0)

    def slope(self, h):
        return h > 0


class Tanh(Activation):
    def value(self, z):
        return np.tanh(z)

    def slope(self, h):
        return 1 - h**2


class Sigmoid(Activation):
    def value(self, z):
        return 0.5 + 0.5 * np.tanh(0.5 * z)  # la σ de siempre, que así no se desborda

    def slope(self, h):
        return h * (1 - h)


def softmax(z):
    """Probabilidades por filas. z: (n, K) → (n, K)."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_cross_entropy(z, y):
    """Costo medio y su pendiente respecto de z, (ŷ − y) / n. z: (n, K), sin softmax; y: (n,), clases 0…K−1."""
    z, y = np.asarray(z), np.asarray(y)
    if z.ndim != 2 or y.shape != z.shape[:1] or y.dtype.kind not in "iu":
        raise ValueError(f"Se esperaban z (n, K) y n clases enteras, y llegaron {z.shape} e {y.shape} ({y.dtype}).")
    if len(y) == 0 or y.min() < 0 or y.max() >= z.shape[1]:
        raise ValueError(f"Las clases de y van de 0 a {z.shape[1] - 1}, y tiene que haber al menos una.")
    z, rows = z - z.max(axis=1, keepdims=True), np.arange(len(y))
    cost = (np.log(np.exp(z).sum(axis=1)) - z[rows, y]).mean()
    grad = softmax(z)
    grad[rows, y] -= 1
    return cost, grad / len(y)


class Network:
    """Capas una detrás de otra."""

    def __init__(self, layers):
        self.layers = list(layers)
        self.params = [p for layer in self.layers for p in layer.params]

    @property
    def grads(self):
        return [g for layer in self.layers for g in layer.grads]

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, arriving):
        """Pone al día `grads` y devuelve la pendiente respecto de la entrada."""
        for layer in reversed(self.layers):
            arriving = layer.backward(arriving)
        return arriving

    def predict(self, x):
        """La clase de mayor puntuación, (n,)."""
        return self.forward(x).argmax(axis=1)


def fit(network, x, y, optimizer, epochs, batch_size, rng, on_epoch=None, loss=softmax_cross_entropy):
    """Entrena con minilotes barajados por `rng`. Tras cada época llama a on_epoch(época, costo medio)."""
    if len(x) != len(y):
        raise ValueError(f"Hay {len(x)} ejemplos y {len(y)} etiquetas.")
    history = []
    for epoch in range(1, epochs + 1):
        order, total = rng.permutation(len(x)), 0.0
        for k in range(0, len(x), batch_size):
            batch = order[k:k + batch_size]
            cost, arriving = loss(network.forward(x[batch]), y[batch])
            network.backward(arriving)
            optimizer.update(network.params, network.grads)
            total += cost * len(batch)
        history.append(total / len(x))
        if on_epoch:
            on_epoch(epoch, history[-1])
    return history
