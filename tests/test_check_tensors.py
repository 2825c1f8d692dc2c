"""Ejercicios del cuaderno 12: el hueco, respuestas buenas distintas y errores típicos."""
import numpy as np
import pytest
import tensorflow as tf

from helpers import check
from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG

RANKS, SHAPES = [0, 1, 2, 3, 2], [(), (1,), (2, 3), (100, 64, 48), (64, 48)]


def same(verdict, state, words):
    assert (verdict.state, words in verdict.hint) == (state, True), verdict


def but(answers, number, value):
    """Las mismas respuestas, con la `number` (desde 1) cambiada."""
    return [value if k == number - 1 else answer for k, answer in enumerate(answers)]


@pytest.mark.parametrize("ranks, shapes, state, words", [
    ([...] * 5, [...] * 5, UNTRIED, "cinco"), (RANKS, [...] * 5, UNTRIED, "cinco"), (RANKS, ..., UNTRIED, "cinco"),
    (RANKS, but(SHAPES, 4, (100, ..., 48)), UNTRIED, "cinco"),
    (RANKS, SHAPES, RIGHT, "longitud de la forma"), (tuple(RANKS), [list(s) for s in SHAPES], RIGHT, "longitud"),
    (np.array(RANKS), [tf.TensorShape(s) for s in SHAPES], RIGHT, "longitud"),
    (but(RANKS, 1, 1), SHAPES, CLOSE, "1, tf.constant(7): ¿cuántos índices"),
    (RANKS, but(SHAPES, 1, (1,)), CLOSE, "[7], con corchetes"), (RANKS, but(SHAPES, 1, (7,)), CLOSE, "tupla vacía"),
    (RANKS, but(SHAPES, 1, 0), CLOSE, "nada dentro"),
    (but(RANKS, 2, 0), SHAPES, CLOSE, "2, tf.constant([7]): los corchetes"),
    (RANKS, but(SHAPES, 2, ()), CLOSE, "vector"),
    (RANKS, but(SHAPES, 2, 1), CLOSE, "(1,), con coma"), (RANKS, but(SHAPES, 2, (7,)), CLOSE, "7 es el valor"),
    (but(RANKS, 3, 6), SHAPES, CLOSE, "cuántos números"), (but(RANKS, 3, 3), SHAPES, CLOSE, "cada fila"),
    (RANKS, but(SHAPES, 3, (3, 2)), CLOSE, "primero las filas"), (RANKS, but(SHAPES, 3, (6,)), CLOSE, "por índice"),
    (but(RANKS, 4, 4), SHAPES, CLOSE, "4, photos: eso sería con un canal"), (but(RANKS, 4, 2), SHAPES, CLOSE, "cuál"),
    (but(RANKS, 4, 100), SHAPES, CLOSE, "cuántas fotos"), (RANKS, but(SHAPES, 4, (100, 64, 48, 1)), CLOSE, "canal"),
    (RANKS, but(SHAPES, 4, (100, 48, 64)), CLOSE, "primero el alto"),
    (RANKS, but(SHAPES, 4, (64, 48, 100)), CLOSE, "lote"), (RANKS, but(SHAPES, 4, (64, 48)), CLOSE, "cuántas hay"),
    (but(RANKS, 5, 3), SHAPES, CLOSE, "5, photos[0]: al elegir"),
    (RANKS, but(SHAPES, 5, (1, 64, 48)), CLOSE, "photos[:1]"),
    (RANKS, but(SHAPES, 5, (48, 64)), CLOSE, "primero el alto"),
    (but(RANKS, 3, 9), SHAPES, WRONG, "no es 9"), (RANKS, but(SHAPES, 3, (9, 9)), WRONG, "no es (9, 9)"),
    (RANKS, but(SHAPES, 3, (9, 9, 9)), WRONG, "tiene 3 números"),
    (RANKS, but(SHAPES, 3, "ab"), WRONG, "tupla de números"),
    (RANKS, but(SHAPES, 3, None), WRONG, "tupla de números"), (but(RANKS, 1, "cero"), SHAPES, WRONG, "entero"),
    (RANKS[:4], SHAPES, WRONG, "ranks debe"), (RANKS, 5, WRONG, "shapes debe")])
def test_shapes(ranks, shapes, state, words):
    same(check.tensors.shapes(ranks, shapes), state, words)


def with_variable(x):
    x = tf.Variable(x)
    with tf.GradientTape() as tape:
        f = x * tf.sin(x)
    return tape.gradient(f, x)


def with_watch(x):
    x = tf.constant(x, tf.float64)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        f = tf.math.multiply(x, tf.sin(x))
    return float(tape.gradient(f, x))


def unwatched(x):
    x = tf.constant(x)
    with tf.GradientTape() as tape:
        f = x * tf.sin(x)
    return tape.gradient(f, x)


def outside(x):
    x = tf.Variable(x)
    f = x * tf.sin(x)
    with tf.GradientTape() as tape:
        pass
    return tape.gradient(f, x)


def watched_too_late(x):
    x = tf.constant(x)
    with tf.GradientTape() as tape:
        f = x * tf.sin(x)
        tape.watch(x)
    return float(tape.gradient(f, x))


def whole(x):
    x = tf.constant(int(x))
    with tf.GradientTape() as tape:
        tape.watch(x)
        f = x * x
    return tape.gradient(f, x)


def leaving(f):
    def answer(x):
        x = tf.Variable(x)
        with tf.GradientTape() as tape:
            value = f(x)
        return tape.gradient(value, x)
    return answer


def twice(x):
    x = tf.Variable(x)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            f = x * tf.sin(x)
        slope = inner.gradient(f, x)
    return outer.gradient(slope, x)


def used_up(x):
    x = tf.Variable(x)
    with tf.GradientTape() as tape:
        f = x * tf.sin(x)
    tape.gradient(f, x)
    return tape.gradient(f, x)


def loose_number(x):
    with tf.GradientTape() as tape:
        f = x * tf.sin(x)
    return tape.gradient(f, x)


def factor_outside(x):
    x = tf.Variable(x)
    with tf.GradientTape() as tape:
        f = tf.sin(x)
    return x * tape.gradient(f, x)


@pytest.mark.parametrize("answer, state, words", [
    (lambda x: ..., UNTRIED, "puntos"), (..., UNTRIED, "puntos"),
    (with_variable, RIGHT, "dos caminos"), (with_watch, RIGHT, "dos caminos"),
    (tf.function(with_watch), RIGHT, "dos caminos"),
    (lambda x: np.sin(x) + x * np.cos(x), RIGHT, "dos caminos"),
    (lambda x: with_variable(x).numpy(), RIGHT, "dos caminos"),
    (unwatched, CLOSE, "es una constante"), (outside, CLOSE, "dentro del with"),
    (watched_too_late, CLOSE, "dentro del with"),
    (whole, CLOSE, "enteros"), (leaving(lambda x: x * np.sin(x)), CLOSE, "np.sin"),
    (leaving(lambda x: x.numpy() * tf.sin(x)), CLOSE, "uno de los dos factores"), (leaving(tf.sin), CLOSE, "sin la x"),
    (lambda x: x * tf.sin(x), CLOSE, "valor de la función"), (twice, CLOSE, "segunda derivada"),
    (lambda x: -with_variable(x), CLOSE, "signo"), (lambda x: [with_variable(x)], CLOSE, "lista"),
    (used_up, CLOSE, "se borra"), (loose_number, CLOSE, "número suelto"), (factor_outside, CLOSE, "fuera del with"),
    (lambda x: None, WRONG, "return"), (lambda x: 0, WRONG, "x = 1 se esperaba"),
    (with_variable(1.0), WRONG, "función"), (lambda: 0, WRONG, "se detiene")])
def test_slope(answer, state, words):
    same(check.tensors.slope(answer), state, words)


def gradients(w, b, x, y, cost=lambda error: tf.reduce_mean(error**2)):
    with tf.GradientTape() as tape:
        value = cost(w * x + b - y)
    return value, *tape.gradient(value, [w, b])


def right(w, b, x, y, learning_rate):
    cost, slope_w, slope_b = gradients(w, b, x, y)
    w.assign_sub(learning_rate * slope_w)
    b.assign_sub(learning_rate * slope_b)
    return cost


def by_hand(w, b, x, y, rate):
    error = w * x + b - y
    cost = float(tf.reduce_mean(tf.square(error)))
    new_b = b - rate * 2 * tf.reduce_mean(error)
    w.assign(w - rate * 2 * tf.reduce_mean(error * x))
    b.assign(new_b)
    return cost


def moving(move, **options):
    """Un paso que mueve con `move(variable, η, pendiente)`."""
    def answer(w, b, x, y, lr):
        cost, *slopes = gradients(w, b, x, y, **options)
        for variable, slope in zip((w, b), slopes):
            move(variable, lr, slope)
        return cost
    return answer


def only(name):
    def answer(w, b, x, y, lr):
        cost, slope_w, slope_b = gradients(w, b, x, y)
        w.assign_sub(lr * slope_w) if name == "w" else b.assign_sub(lr * slope_b)
        return cost
    return answer


def rebinding(w, b, x, y, lr):
    cost, slope_w, slope_b = gradients(w, b, x, y)
    w = w - lr * slope_w
    b = b - lr * slope_b
    return cost


def stub(w, b, x, y, learning_rate):
    with tf.GradientTape() as tape:  # noqa: F841
        cost = ...
    return cost


def half_done(w, b, x, y, learning_rate):
    with tf.GradientTape() as tape:
        cost = tf.reduce_mean((w * x + b - y) ** 2)
    slopes = ...
    for variable, slope in zip([w, b], slopes):
        variable.assign_sub(learning_rate * slope)
    return tape and cost


def cost_outside(w, b, x, y, lr):
    cost = tf.reduce_mean((w * x + b - y) ** 2)
    with tf.GradientTape() as tape:
        pass
    for variable, slope in zip((w, b), tape.gradient(cost, [w, b])):
        variable.assign_sub(lr * slope)
    return cost


def two_requests(w, b, x, y, lr):
    with tf.GradientTape() as tape:
        cost = tf.reduce_mean((w * x + b - y) ** 2)
    w.assign_sub(lr * tape.gradient(cost, w))
    b.assign_sub(lr * tape.gradient(cost, b))
    return cost


def minus_equals(w, b, x, y, lr):
    cost, slope_w, slope_b = gradients(w, b, x, y)
    w -= lr * slope_w
    b -= lr * slope_b
    return cost


@pytest.mark.parametrize("answer, state, words", [
    (stub, UNTRIED, "puntos"), (..., UNTRIED, "puntos"), (half_done, UNTRIED, "por completar"),
    (right, RIGHT, "cinco líneas"), (by_hand, RIGHT, "cinco líneas"),
    (moving(lambda v, lr, s: v.assign_add(-lr * s)), RIGHT, "cinco líneas"),
    (lambda w, b, x, y, lr: right(w, b, x, y, lr).numpy(), RIGHT, "cinco líneas"),
    (rebinding, CLOSE, "assign_sub"), (minus_equals, CLOSE, "-="), (two_requests, CLOSE, "se borra"),
    (lambda w, b, x, y, lr: gradients(w, b, x, y)[0], CLOSE, "no se han movido"),
    (moving(lambda v, lr, s: v.assign_add(lr * s)), CLOSE, "Subes"),
    (moving(lambda v, lr, s: v.assign_sub(lr * lr * s)), CLOSE, "dos veces"),
    (moving(lambda v, lr, s: v.assign_sub(s)), CLOSE, "Falta la tasa"),
    (moving(lambda v, lr, s: v.assign(lr * s)), CLOSE, "assign pone"),
    (moving(lambda v, lr, s: v.assign(-lr * s)), CLOSE, "assign pone"),
    (moving(lambda v, lr, s: v.assign_sub(lr * s), cost=lambda error: tf.reduce_sum(error**2)), CLOSE, "reduce_mean"),
    (moving(lambda v, lr, s: v.assign_sub(lr * s), cost=lambda error: tf.reduce_mean(error**2) / 2), CLOSE, "sin el ½"),
    (only("w"), CLOSE, "b también"), (only("b"), CLOSE, "w también"), (cost_outside, CLOSE, "dentro del with"),
    (lambda *a: right(*a) and None, CLOSE, "return cost"), (lambda *a: [right(*a), 0], CLOSE, "un solo número"),
    (lambda w, b, x, y, lr: right(w, b, x, y, lr) * 0, CLOSE, "el de antes"),
    (moving(lambda v, lr, s: v.assign(1.0)), WRONG, "se esperaba"), (lambda w, b: w, WRONG, "se detiene"),
    (7, WRONG, "función")])
def test_step(answer, state, words):
    same(check.tensors.step(answer), state, words)


def signed(*specs):
    return lambda function: tf.function(function, input_signature=list(specs))


def wrapped(function, **options):
    """El factor entra como tensor, pero cada longitud obliga."""
    compiled = tf.function(function, **options)
    return lambda x, factor: compiled(x, tf.constant(factor, tf.float32))


VECTOR, NUMBER = tf.TensorSpec([None]), tf.TensorSpec([])


@pytest.mark.parametrize("answer, state, words", [
    (lambda function: ..., UNTRIED, "puntos"), (..., UNTRIED, "puntos"), (None, UNTRIED, "puntos"),
    (lambda function: tf.function(function, input_signature=...), UNTRIED, "por completar"),
    (signed(VECTOR, NUMBER), RIGHT, "un solo trazado"), (signed(tf.TensorSpec(None), NUMBER), RIGHT, "un solo"),
    (lambda function: tf.function(input_signature=(VECTOR, NUMBER))(function), RIGHT, "un solo trazado"),
    (lambda function: wrapped(function, input_signature=[VECTOR, NUMBER]), RIGHT, "un solo trazado"),
    (lambda function: function, CLOSE, "no hay grafo"), (tf.function, CLOSE, "8 veces"),
    (lambda function: tf.function(function, reduce_retracing=True), CLOSE, "input_signature"),
    (wrapped, CLOSE, "pon None"), (signed(VECTOR), CLOSE, "falta un TensorSpec"),
    (lambda function: tf.function(function, input_signature=VECTOR), CLOSE, "lista de TensorSpec"),
    (lambda function: tf.function(function, input_signature=[[None], []]), CLOSE, ""),
    (signed(tf.TensorSpec([2]), NUMBER), CLOSE, "(3,)"), (signed(VECTOR, tf.TensorSpec([1])), CLOSE, "número suelto"),
    (signed(NUMBER, VECTOR), CLOSE, "None donde"), (signed(tf.TensorSpec([None], tf.int32), NUMBER), CLOSE, "float32"),
    (lambda function: None, WRONG, "return"), (lambda function: function(tf.zeros(2), 1.0), WRONG, "sin llamarla"),
    (lambda function: lambda x, factor: factor, WRONG, "lo mismo"), (lambda: 0, WRONG, "Al compilar"),
    (lambda function: lambda x: x, WRONG, "Con x de forma (2,)"), (7, WRONG, "función")])
def test_compile_once(answer, state, words):
    same(check.tensors.compile_once(answer), state, words)


def test_only_factors_retrace():
    """Longitudes libres y factor de Python: un trazado por factor."""
    def answer(function):
        by_factor = {}
        return lambda x, factor: by_factor.setdefault(
            factor, tf.function(lambda v: function(v, factor), input_signature=[VECTOR]))(x)

    same(check.tensors.compile_once(answer), CLOSE, "los factores, números de Python, sí")


def test_the_tape_is_left_as_it_was():
    before = tf.GradientTape.gradient, tf.GradientTape.watch, tf.get_logger().level
    check.tensors.slope(unwatched)
    check.tensors.compile_once(tf.function)
    assert before == (tf.GradientTape.gradient, tf.GradientTape.watch, tf.get_logger().level)
