"""Diferenciación automática de números sueltos: la versión limpia de lo que se construye en el cuaderno 09.

    from helpers.autodiff import Value
    x, y, z = Value(-2), Value(5), Value(-4)
    f = (x + y) * z
    f.backward()
    f.data, x.grad, y.grad, z.grad  # -12.0, -4.0, -4.0, 3.0
"""
import itertools
import math
from numbers import Real


class Value:
    """Un número que recuerda de qué números salió.

    data: el número.
    parents: los Value de los que salió. Vacío si es una entrada.
    slopes: por cada padre, su pendiente local: cuánto cambia `data` si solo cambia ese padre.
    grad: cuánto cambia el resultado final si cambia este número. Lo calcula backward().
    name: la operación que lo creó, o el nombre de la entrada. Solo sirve para dibujar.
    """
    births = itertools.count()

    def __init__(self, data, parents=(), slopes=(), name=""):
        if not isinstance(data, (float, Real)):  # float primero: es lo habitual, y Real tarda más
            raise TypeError(f"Value opera con números y con otros Value, no con {type(data).__name__}.")
        self.data, self.parents, self.slopes, self.name = float(data), parents, slopes, name
        self.grad, self.birth = 0.0, next(Value.births)

    def __repr__(self):
        return f"Value({self.data:g}, grad={self.grad:g})"

    def __add__(self, other):
        other = as_value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0), "+")

    def __mul__(self, other):
        other = as_value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data), "×")

    def __pow__(self, exponent):
        if not isinstance(exponent, Real):
            raise TypeError(f"El exponente debe ser un número fijo, no {type(exponent).__name__}.")
        if self.data < 0 and exponent != int(exponent):
            raise ValueError(f"{self.data:g} no se puede elevar a {exponent:g}: no sale un número real.")
        slope = exponent * self.data ** (exponent - 1) if exponent else 0.0
        return Value(self.data**exponent, (self,), (slope,), f"^{exponent:g}")

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -as_value(other)

    def __truediv__(self, other):
        return self * as_value(other) ** -1

    def __rsub__(self, other):
        return as_value(other) - self

    def __rtruediv__(self, other):
        return as_value(other) / self

    __radd__, __rmul__ = __add__, __mul__

    def exp(self):
        value = math.exp(self.data)
        return Value(value, (self,), (value,), "exp")

    def log(self):
        return Value(math.log(self.data), (self,), (1 / self.data,), "log")

    def tanh(self):
        value = math.tanh(self.data)
        return Value(value, (self,), (1 - value**2,), "tanh")

    def relu(self):
        return Value(max(self.data, 0.0), (self,), (float(self.data > 0),), "relu")

    def sigmoid(self):
        small = math.exp(-abs(self.data))  # nunca se desborda
        value = (1 if self.data >= 0 else small) / (1 + small)
        return Value(value, (self,), (value * (1 - value),), "σ")

    def ancestors(self):
        """Este nodo y todos aquellos de los que depende, del más reciente al más antiguo."""
        found, pending = {self}, [self]
        while pending:
            new = set(pending.pop().parents) - found
            found |= new
            pending += new
        return sorted(found, key=lambda node: -node.birth)

    def backward(self):
        """Pone en el grad de cada ancestro cuánto cambia este número si cambia él. Empieza de cero."""
        nodes = self.ancestors()
        for node in nodes:
            node.grad = 0.0
        self.grad = 1.0
        for node in nodes:  # un nodo nace después que sus padres: al llegar a él, ya tiene su grad completo
            for parent, slope in zip(node.parents, node.slopes):
                parent.grad += slope * node.grad


def as_value(number):
    """Envuelve un número en un Value; un Value lo deja como está."""
    return number if isinstance(number, Value) else Value(number)


def numeric_gradient(function, numbers, h=1e-5):
    """Las pendientes de `function(lista de números)`, a empujones: dos evaluaciones por número."""
    def nudged(k, change):
        return function([v + change * (j == k) for j, v in enumerate(numbers)])

    return [(nudged(k, h) - nudged(k, -h)) / (2 * h) for k in range(len(numbers))]
