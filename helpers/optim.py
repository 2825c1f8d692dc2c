"""Los optimizadores del cuaderno 05 para listas de arreglos, con los nombres y valores de Keras.

>>> optimizer = Adam(learning_rate=0.01)
>>> optimizer.update([weights, bias], [weights_grad, bias_grad])  # cambia weights y bias
"""
import numpy as np


class Optimizer:
    """Lo común a todos: comprobar las formas y guardar la memoria de cada parámetro.

    Una subclase dice con qué valor empieza cada arreglo de su memoria (`starts`) y escribe `step(g, …)`, que
    la pone al día en su sitio y devuelve lo que se suma al parámetro. Todo se calcula elemento a elemento.
    """
    starts = (0,)

    def __init__(self, learning_rate):
        self.learning_rate, self.iterations, self.memory = learning_rate, 0, None

    def update(self, params, grads):
        """Da un paso: cambia en su sitio los arreglos de `params` según `grads`, una lista de las mismas formas.

        La memoria es de los parámetros de la primera llamada: para otros, crea otro optimizador.
        """
        if not all(isinstance(p, np.ndarray) and p.dtype.kind == "f" for p in params):
            raise TypeError("Los parámetros deben ser arreglos de NumPy con decimales, para cambiarlos en su sitio.")
        shapes, arriving = [p.shape for p in params], [np.shape(g) for g in grads]
        if shapes != arriving:
            raise ValueError(f"Formas distintas: los parámetros tienen {shapes} y los gradientes {arriving}.")
        self.memory = self.memory or [[np.full_like(p, start) for start in self.starts] for p in params]
        if shapes != (known := [memory[0].shape for memory in self.memory]):
            raise ValueError(f"Este optimizador ya recuerda parámetros de formas {known}. Para {shapes}, crea otro.")
        self.iterations += 1
        for p, g, memory in zip(params, grads, self.memory):
            p += self.step(np.asarray(g), *memory)


class SGD(Optimizer):
    """Descenso por gradiente; con inercia (Polyak, 1964) o mirando adelante (Nesterov, 1983), si se pide."""
    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False):
        super().__init__(learning_rate)
        if not 0 <= momentum <= 1:
            raise ValueError(f"momentum va de 0 a 1 y vale {momentum}.")
        self.momentum, self.nesterov = momentum, nesterov

    def step(self, g, v):
        v[...] = self.momentum * v - self.learning_rate * g
        return self.momentum * v - self.learning_rate * g if self.nesterov else v


class Adagrad(Optimizer):
    """Una tasa por parámetro: divide por la raíz de todos sus gradientes² (Duchi, Hazan y Singer, 2011)."""
    def __init__(self, learning_rate=0.001, initial_accumulator_value=0.1, epsilon=1e-7):
        super().__init__(learning_rate)
        self.starts, self.epsilon = (initial_accumulator_value,), epsilon

    def step(self, g, total):
        total += g**2
        return -self.learning_rate * g / np.sqrt(total + self.epsilon)


class RMSprop(Optimizer):
    """Adagrad que olvida: media móvil de los gradientes² (Tieleman y Hinton, 2012)."""
    def __init__(self, learning_rate=0.001, rho=0.9, *, epsilon=1e-7):
        super().__init__(learning_rate)
        self.rho, self.epsilon = rho, epsilon

    def step(self, g, v):
        v[...] = self.rho * v + (1 - self.rho) * g**2
        return -self.learning_rate * g / np.sqrt(v + self.epsilon)


class Adadelta(Optimizer):
    """El tamaño del paso sale de los pasos anteriores (Zeiler, 2012, que usa learning_rate=1)."""
    starts = (0, 0)

    def __init__(self, learning_rate=0.001, rho=0.95, epsilon=1e-7):
        super().__init__(learning_rate)
        self.rho, self.epsilon = rho, epsilon

    def step(self, g, v, d):
        v[...] = self.rho * v + (1 - self.rho) * g**2
        move = -np.sqrt(d + self.epsilon) / np.sqrt(v + self.epsilon) * g
        d[...] = self.rho * d + (1 - self.rho) * move**2
        return self.learning_rate * move


class Adam(Optimizer):
    """Inercia y RMSprop juntos, sin el sesgo del arranque (Kingma y Ba, 2015; ε, donde la pone Keras)."""
    starts = (0, 0)

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
        super().__init__(learning_rate)
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon

    def step(self, g, m, v):
        m += (1 - self.beta_1) * (g - m)  # la media móvil de siempre, β m + (1 − β) g, con una cuenta menos
        v += (1 - self.beta_2) * (g**2 - v)
        scale = np.sqrt(1 - self.beta_2**self.iterations) / (1 - self.beta_1**self.iterations)
        return (-self.learning_rate * scale) * m / (np.sqrt(v) + self.epsilon)
