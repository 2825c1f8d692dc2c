"""Ejercicios del cuaderno 05, Optimizadores."""
import numpy as np

from helpers.check.grading import RIGHT, grade_function, grade_value


def momentum(answer):
    """`answer(w, velocity, g, learning_rate, momentum)` devuelve (w, velocity) tras un paso."""
    def rule(w, v, g, lr, beta, sign=-1, keep=True, nesterov=False, average=False, use_lr=True, old_v=False,
             only_change=False, friction=True):
        push = sign * (lr if use_lr else 1) * ((1 - beta) if average else 1) * g
        new_v = (beta if friction else 1) * v * keep + push
        move = beta * new_v + push if nesterov else v if old_v else new_v
        return (0 if only_change else w) + move, new_v

    def no_rate_inside(w, v, g, lr, beta):  # la forma de PyTorch: la tasa, fuera de la velocidad
        new_v = beta * v + g
        return w - lr * new_v, new_v

    def opposite(w, v, g, lr, beta):  # la velocidad, cuesta arriba, y se resta
        new_v = beta * v + lr * g
        return w - new_v, new_v

    cases = [(1.0, 0.0, 2.0, 0.1, 0.9), (1.0, -0.5, 2.0, 0.1, 0.9), (-3.0, 0.4, -1.0, 0.5, 0.5),
             (np.array([1.0, -2.0]), np.array([0.3, 0.1]), np.array([4.0, -1.0]), 0.02, 0.8)]
    mistakes = [
        ("Subes: al gradiente se le pone un menos, v ← βv − ηg.", {"sign": 1}),
        ("La bola no recuerda: falta sumar β por la velocidad que ya tenía.", {"keep": False}),
        ("Eso es NAG, que mira más adelante. Momentum solo suma la velocidad nueva.", {"nesterov": True}),
        ("Sobra el factor (1 − β): el empujón entra entero, −ηg.", {"average": True}),
        ("Falta la tasa de aprendizaje η multiplicando el gradiente.", {"use_lr": False}),
        ("Mueves con la velocidad vieja: primero se actualiza v y después w.", {"old_v": True}),
        ("Eso es solo el cambio: súmaselo a w.", {"only_change": True}),
        ("Falta el rozamiento: la velocidad anterior se multiplica por β.", {"friction": False})]
    return grade_function(
        answer, rule, cases,
        [(hint, lambda *a, change=change: rule(*a, **change)) for hint, change in mistakes]
        + [("Esa es la forma de PyTorch, con la tasa fuera de la velocidad. Aquí va dentro: v ← βv − ηg.",
            no_rate_inside),
           ("El orden: primero la posición nueva y después la velocidad.", lambda *a: rule(*a)[::-1]),
           ("Tu velocidad apunta cuesta arriba. Aquí lleva ya el signo: v ← βv − ηg, y después w + v.", opposite)],
        "Dos líneas, y la bola ya tiene inercia.")


def adam(answer):
    """`answer(w, g, m, v, t, learning_rate)` devuelve (w, m, v) tras el paso t (ε de cualquiera de las dos formas)."""
    def rule(w, g, m, v, t, lr, sign=-1, root=True, inside=False, correct=(True, True), square=None, swap=False,
             power=None, later=0, use_m=True, old=False, return_hats=False, keras=False, epsilon=1e-7):
        b1, b2 = (0.999, 0.9) if swap else (0.9, 0.999)
        old_m, old_v = m, v
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * (square(g) if callable(square) else g**2)
        c1, c2 = (1 - b**((power or t) + later) if fix else 1 for b, fix in zip((b1, b2), correct))
        m_hat, v_hat = (old_m / c1, old_v / c2) if old else (m / c1, v / c2)
        if keras:
            epsilon = epsilon / np.sqrt(c2)
        below = np.sqrt(v_hat + epsilon) if inside else (np.sqrt(v_hat) if root else v_hat) + epsilon
        new_w = w + sign * lr * (m_hat if use_m else g) / below
        return (new_w, m_hat, v_hat) if return_hats else (new_w, m, v)

    cases = [(1.0, 2.0, 0.0, 0.0, 1, 0.1), (1.0, 1e-4, 0.0, 0.0, 1, 0.1), (-2.0, -3.0, 0.5, 4.0, 7, 0.01),
             (np.array([1.0, -1.0]), np.array([0.5, 20.0]), np.array([0.2, -3.0]), np.array([0.1, 9.0]), 3, 0.2)]
    mistakes = [
        ("Subes: el paso se resta a w.", {"sign": 1}),
        ("Falta la raíz cuadrada de v̂.", {"root": False}),
        ("En Adam ε va fuera de la raíz: √v̂ + ε. Con gradientes muy pequeños se nota.", {"inside": True}),
        ("Falta corregir el arranque: divide m por 1 − β₁ᵗ y v por 1 − β₂ᵗ.", {"correct": (False, False)}),
        ("Falta corregir m: divídela por 1 − β₁ᵗ.", {"correct": (False, True)}),
        ("Falta corregir v: divídela por 1 − β₂ᵗ.", {"correct": (True, False)}),
        ("Falta el cuadrado: v es la media de g².", {"square": np.abs}),
        ("Falta el cuadrado: v es la media de g².", {"square": np.positive}),
        ("Has cambiado las β: 0.9 es la de m y 0.999 la de v.", {"swap": True}),
        ("Falta elevar las β a t al corregir: 1 − βᵗ, no 1 − β.", {"power": 1}),
        ("t ya es el número de este paso: no le sumes 1.", {"later": 1}),
        ("Mueves con las medias viejas: primero se actualizan m y v, y después se corrigen.", {"old": True}),
        ("El paso usa la media m̂, no el gradiente de ahora: eso es RMSprop con corrección.", {"use_m": False}),
        ("La posición está bien. Devuelve m y v sin corregir: son las que se guardan para el paso siguiente.",
         {"return_hats": True}),
        ("Falta ε: con gradientes muy pequeños se nota.", {"epsilon": 0}),
        ("Aquí ε = 10⁻⁷, como en Keras. (El artículo usa 10⁻⁸.)", {"epsilon": 1e-8})]
    orders = [(1, 2, 0), (0, 2, 1), (2, 1, 0)]
    verdict = grade_function(answer, rule, cases,
                             [(hint, lambda *a, change=change: rule(*a, **change)) for hint, change in mistakes]
                             + [("El orden de las salidas es w, m, v.",
                                 lambda *a, order=order: tuple(rule(*a)[k] for k in order)) for order in orders],
                             praise := "Eso es Adam entero. Lo demás es repetirlo.")
    other = grade_function(answer, lambda *a: rule(*a, keras=True), cases, praise=praise)
    return other if other.state == RIGHT else verdict


def first_step(answer):
    """Tamaño del primer paso de Adam con g = 250 y η = 0.1."""
    hints = [("Eso es ηg, el paso de SGD. Adam divide por el tamaño del gradiente.", 25),
             ("Eso sale sin corregir las medias. Con la corrección, m̂ = g y v̂ = g².", 0.1 * 0.1 / 0.001**0.5),
             ("Ese es el paso si solo corriges v: también m se corrige.", 0.01),
             ("Ese es el paso si solo corriges m: también v se corrige.", 0.1 / 0.001**0.5),
             ("Falta la raíz: se divide por √v̂, no por v̂.", 0.1 / 250),
             ("Eso es en unidades de η. ¿Y η, cuánto vale?", 1),
             ("En Python el decimal se escribe con punto: 0.1.", (0, 1))]
    return grade_value(abs(answer) if isinstance(answer, (int, float)) else answer, 0.1, hints,
                       "Siempre η (salvo por ε), mientras el gradiente no sea diminuto.", tolerance=2e-3)


def five_steps(answer):
    """w tras 5 pasos de Momentum en f(w) = w², desde 1, con η = 0.1 y β = 0.9 (cuatro decimales)."""
    def ball(steps=5, beta=0.9, slope=2, nesterov=False, average=False):
        w, v = 1.0, 0.0
        for _ in range(steps):
            push = -0.1 * slope * w * ((1 - beta) if average else 1)
            v = beta * v + push
            w += beta * v + push if nesterov else v
        return w

    return grade_value(answer, ball(), [
        ("Eso son 4 pasos.", ball(steps=4)), ("Eso son 6 pasos.", ball(steps=6)),
        ("Eso es SGD: la bola no ha guardado su velocidad.", ball(beta=0)),
        ("Eso es NAG. Se pregunta por Momentum.", ball(nesterov=True)),
        ("La derivada de w² es 2w, no w.", ball(slope=1)),
        ("Sobra el factor (1 − β): el empujón entra entero.", ball(average=True)),
        ("Vas bien. Da cuatro decimales.", -0.58), ("Vas bien. Da cuatro decimales.", -0.6),
        ("En Python el decimal se escribe con punto.", (0, 5804)),
        ("El valor está bien y el signo no: a estas alturas la bola ya está al otro lado del mínimo.", -ball())],
        "En cinco pasos ya se ha pasado del mínimo, y aún se aleja por el otro lado.", tolerance=1e-4)
