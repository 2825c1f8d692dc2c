"""helpers/autodiff.py: valores y pendientes frente a TensorFlow y a los empujones, reutilización, orden y errores."""
import ast
import itertools
import json
import math
import random
from pathlib import Path

import numpy as np
import pytest

from helpers.autodiff import Value, numeric_gradient

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
UNARY = ["exp", "log", "tanh", "relu", "sigmoid"]


def random_expression(seed, tool):
    """Una expresión al azar de 3 entradas y 15 operaciones, con las mismas decisiones para cualquier `tool`."""
    choose = random.Random(seed)

    def build(inputs):
        nodes = list(inputs)
        for _ in range(15):
            a, b = choose.choice(nodes), choose.choice(nodes)
            kind = choose.randrange(11)
            if kind < 5:
                nodes.append(tool(UNARY[kind], a))
            else:
                nodes.append([lambda: a + b, lambda: a - b, lambda: a * b, lambda: a / (b * b + 0.5),
                              lambda: 2 - a * 0.5 + 3, lambda: (1 / (a**2 + 1)) ** 3][kind - 5]())
            nodes[-1] = tool("tanh", nodes[-1])  # que no crezca sin medida
        return sum(nodes[1:], nodes[0])

    return build


def own(name, a):
    return (a * a + 0.1).log() if name == "log" else getattr(a, name)()


def plain(name, a):
    return {"exp": math.exp, "log": lambda v: math.log(v * v + 0.1), "tanh": math.tanh,
            "relu": lambda v: max(v, 0.0), "sigmoid": lambda v: 1 / (1 + math.exp(-v))}[name](a)


@pytest.mark.parametrize("seed", range(25))
def test_against_nudges(seed):
    numbers = [0.7, -1.3, 0.4]
    values = [Value(v) for v in numbers]
    result = random_expression(seed, own)(values)
    result.backward()
    expected = random_expression(seed, plain)(numbers)
    assert result.data == pytest.approx(expected, rel=1e-12)
    slopes = numeric_gradient(lambda v: random_expression(seed, plain)(v), numbers)
    assert [v.grad for v in values] == pytest.approx(slopes, rel=1e-5, abs=1e-8)


def test_against_tensorflow():
    import tensorflow as tf

    def theirs(name, a):
        return {"exp": tf.exp, "log": lambda v: tf.math.log(v * v + 0.1), "tanh": tf.tanh, "relu": tf.nn.relu,
                "sigmoid": tf.sigmoid}[name](a)

    for seed in range(25):
        numbers = [-0.6, 1.1, 0.3]
        values = [Value(v) for v in numbers]
        result = random_expression(seed, own)(values)
        result.backward()
        inputs = [tf.Variable(v, dtype=tf.float64) for v in numbers]
        with tf.GradientTape() as tape:
            expected = random_expression(seed, theirs)(inputs)
        slopes = tape.gradient(expected, inputs, unconnected_gradients="zero")
        assert result.data == pytest.approx(float(expected), rel=1e-6)
        assert [v.grad for v in values] == pytest.approx([float(s) for s in slopes], rel=1e-6, abs=1e-12)


def test_micrograd_example():
    """La expresión del README de micrograd, con los resultados que publica."""
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c = c + c + 1
    c = c + 1 + c + -a
    d = d + d * 2 + (b + a).relu()
    d = d + 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g = g + 10.0 / f
    g.backward()
    assert [round(v, 4) for v in (g.data, a.grad, b.grad)] == [24.7041, 138.8338, 645.5773]


def test_both_sides():
    x = Value(3.0)
    for result, value, slope in [(x + 2, 5, 1), (2 + x, 5, 1), (x - 2, 1, 1), (2 - x, -1, -1), (x * 2, 6, 2),
                                 (2 * x, 6, 2), (x / 2, 1.5, 0.5), (6 / x, 2, -2 / 3), (-x, -3, -1), (x**2, 9, 6),
                                 (x**0, 1, 0), (x**-1, 1 / 3, -1 / 9), (np.float64(2) * x, 6, 2),
                                 (x + np.float32(1), 4, 1), (x - np.int64(1), 2, 1)]:
        result.backward()
        assert isinstance(result, Value)
        assert (result.data, x.grad) == pytest.approx((value, slope))


def test_functions_at_known_points():
    for name, point, value, slope in [("exp", 0, 1, 1), ("log", 2, math.log(2), 0.5), ("tanh", 0, 0, 1),
                                      ("relu", 2, 2, 1), ("relu", -2, 0, 0), ("relu", 0, 0, 0),
                                      ("sigmoid", 0, 0.5, 0.25), ("sigmoid", -1000, 0, 0), ("sigmoid", 1000, 1, 0)]:
        x = Value(point)
        result = getattr(x, name)()
        result.backward()
        assert (result.data, x.grad) == pytest.approx((value, slope)), name


def test_a_number_used_twice_adds():
    x = Value(3.0)
    (x * x + x).backward()
    assert x.grad == 7
    (x + x + x).backward()
    assert x.grad == 3


def test_backward_starts_from_zero():
    x = Value(3.0)
    square = x * x
    result = square + x
    for _ in range(2):
        result.backward()
        assert (x.grad, square.grad, result.grad) == (7, 1, 1)


def test_order():
    """Cada nodo va antes que sus padres y sale una sola vez; un nodo compartido espera a recibirlo todo."""
    x = Value(3.0)
    square = x * x
    result = (square + square) * (square - x)
    nodes = result.ancestors()
    place = {node: k for k, node in enumerate(nodes)}
    assert len(place) == len(nodes) and nodes[0] is result and nodes[-1] is x
    assert all(place[node] < place[parent] for node in nodes for parent in node.parents)
    result.backward()
    assert x.grad == pytest.approx(8 * 27 - 6 * 9)


def test_paths_are_not_walked_one_by_one():
    x = Value(1.0)
    result = x
    for _ in range(200):  # 2^200 caminos de x al final
        result = result * 0.5 + result * 0.5
    result.backward()
    assert x.grad == 1 and len(result.ancestors()) == 1001


def test_long_chains():
    x = Value(1.0)
    total = sum((x for _ in range(5000)), Value(0.0))  # más larga que el límite de recursión de Python
    total.backward()
    assert x.grad == 5000


def test_only_ancestors_are_touched():
    x, stranger = Value(2.0), Value(5.0)
    stranger.grad = 0.25
    (x * 3).backward()
    assert stranger.grad == 0.25 and stranger * 1 is not stranger


def test_repr():
    x = Value(3)
    assert repr(x) == "Value(3, grad=0)"
    (x * -4).backward()
    assert repr(x) == "Value(3, grad=-4)"


@pytest.mark.parametrize("wrong, words", [
    (lambda x: x + "texto", "no con str"), (lambda x: [1] - x, "no con list"), (lambda x: x * None, "no con NoneType"),
    (lambda x: x / "2", "no con str"), (lambda x: x ** Value(2), "exponente"), (lambda x: Value("3"), "no con str"),
    (lambda x: x + 1j, "no con complex"), (lambda x: x * np.ones(2), "no con ndarray")])
def test_type_errors(wrong, words):
    with pytest.raises(TypeError, match=words):
        wrong(Value(1.0))


def test_domain_errors():
    with pytest.raises(ValueError, match="-2 no se puede elevar a 0.5"):
        Value(-2.0) ** 0.5
    assert (Value(-2.0) ** 3).data == -8
    assert (Value(0.25) ** 0.5).data == 0.5
    with pytest.raises(ZeroDivisionError):  # en 0, la raíz tiene pendiente infinita
        Value(0.0) ** 0.5
    with pytest.raises(ValueError):
        Value(-1.0).log()
    with pytest.raises(ZeroDivisionError):
        Value(1.0) / 0


def test_numeric_gradient():
    assert numeric_gradient(lambda v: v[0] ** 2 * v[1], [3.0, 2.0]) == pytest.approx([12, 9], abs=1e-8)


def notebook_class():
    """La clase Value que se construye en el cuaderno 09, con los métodos que allí se le añaden."""
    notebook = json.loads(next(NOTEBOOKS.glob("09_*.ipynb")).read_text("utf-8"))
    scope = {"itertools": itertools, "math": math}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and "solucion" not in cell["metadata"].get("tags", []):
            for node in ast.parse("".join(cell["source"]).replace("...", "None")).body:
                if isinstance(node, ast.ClassDef | ast.FunctionDef) or ast.unparse(node).startswith("Value."):
                    exec(ast.unparse(node), scope)
    return scope["Value"]


@pytest.mark.parametrize("seed", range(10))
def test_twin_of_the_notebook(seed):
    results = []
    for kind in (Value, notebook_class()):
        values = [kind(v) for v in (0.7, -1.3, 0.4)]
        result = random_expression(seed, own)(values)
        result.backward()
        results.append([result.data, *(v.grad for v in values)])
    assert results[0] == pytest.approx(results[1], rel=1e-12)
    assert type(result) is not Value
