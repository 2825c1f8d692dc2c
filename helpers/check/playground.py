"""Ejercicios del cuaderno 11, Patio de juegos: las misiones del tablero y un generador de datos."""
from dataclasses import dataclass

import numpy as np

from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG, Verdict, unfinished
from helpers.runtime import CourseError
from helpers.sandbox import POINTS, Session, Settings

STEPS, STARTS = 4000, 10  # cada respuesta se entrena desde cero: diez arranques de 4000 pasos
RECORD = 3                # neuronas; lo comprueba test_check_playground.py


@dataclass(frozen=True)
class Mission:
    """Una misión: lo que se pide de los controles (`broken`) y la pérdida de prueba a la que hay que llegar.

    last: si cuenta la pérdida del final, en la mitad de los arranques; si no, basta que uno llegue una vez.
    """
    title: str
    goal: float
    broken: object  # función Settings → lo que incumple, o ""
    last: bool = False

    def reached(self, session):
        """¿Ha llegado ya?"""
        if self.last:
            return session.epoch >= epochs(session.settings) and np.median(session.losses()[1]) <= self.goal
        return session.losses()[1].min() < self.goal

    def missing(self, session):
        """Lo que le falta a una sesión del tablero, o «» si la misión está conseguida."""
        return self.broken(session.settings) or ("" if self.reached(session) else "falta entrenar")


def epochs(settings):
    """Las épocas que caben en STEPS pasos, 2000 como mucho."""
    return min(2000, STEPS * settings.batch // POINTS)


def _wrong_data(settings, name, noise):
    if (settings.data, settings.noise) != (name, noise):
        return (f"La misión es con los datos «{name}» y ruido {noise:g}; has elegido «{settings.data}» y ruido "
                f"{settings.noise:g}.")
    return ""


def _circle(s):
    return _wrong_data(s, "círculo", 0) or (s.layers and "Quita las capas ocultas: ponlas todas a 0.") or ""


def _spiral(s):
    total = sum(s.layers)
    return _wrong_data(s, "espiral", 0) or (
        f"Son {total} neuronas ocultas, y se puede con 8 o menos. ¿Y si los rasgos ayudan más?" if total > 8 else "")


def _clouds(s):
    small = sum(s.layers) < 20 or s.activation == "lineal"
    return _wrong_data(s, "dos nubes", 2) or (
        "Deja la red grande: al menos 20 neuronas ocultas, y que no sean lineales." if small else "")


CIRCLE = Mission("<b>1. Círculo</b> sin ruido y sin capas ocultas: pérdida de prueba menor que 0.02.", 0.02, _circle)
SPIRAL = Mission("<b>2. Espiral</b> sin ruido: menor que 0.02 con 8 neuronas ocultas o menos. ¿Cuál es tu récord?",
                 0.02, _spiral)
CLOUDS = Mission("<b>3. Dos nubes</b> con ruido 2 y 20 neuronas o más: 0.32 o menos tras 4000 pasos (400 épocas con "
                 "minilotes de 20).", 0.32, _clouds, last=True)
MISSIONS = [CIRCLE, SPIRAL, CLOUDS]


def circle(answer):
    """Misión 1. answer: el tablero, o unos Settings."""
    def why(s, session):
        squares = {"x₁²", "x₂²"} & set(s.features)
        if not squares:
            return ("Sin capas ocultas la red solo suma rasgos, cada uno con su peso. ¿Qué rasgos son pequeños cerca "
                    "del centro y grandes lejos, hacia cualquier lado?")
        if len(squares) == 1:
            return "Con un solo cuadrado la frontera son dos rectas: una franja. Falta el otro."
    return _attempt(CIRCLE, answer, why, lambda _: "Dos rasgos bien elegidos valen por una capa entera.")


def spiral(answer):
    """Misión 2. answer: el tablero, o unos Settings."""
    def why(s, session):
        if not s.layers:
            return "Con estos rasgos y sin neuronas ocultas no se enrolla una espiral. Añade alguna."
        if s.activation == "lineal":
            return "Con activación lineal, las capas se funden en una sola (cuaderno 07). Falta algo que doble."
        if not {"sen x₁", "sen x₂"} <= set(s.features):
            return ("Con esos rasgos harían falta más neuronas. Al salir del centro, la espiral sube y baja: ¿qué "
                    "rasgos lo hacen también?")

    def praise(total):
        compared = ("Nuestro récord son 3." if total > RECORD else
                    "Igualas nuestro récord." if total == RECORD else "¡Nuestro récord eran 3!")
        return f"Con {total} neuronas ocultas. {compared}"

    return _attempt(SPIRAL, answer, why, praise)


def noise(answer):
    """Misión 3. answer: el tablero, o unos Settings."""
    def why(s, session):
        train, test = map(np.median, session.losses())
        if s.penalty == "ninguna":
            return (f"Entrenamiento {train:.2f}, prueba {test:.2f}: memoriza el ruido. ¿Qué control le cobra los pesos "
                    "grandes?")
        if train > 0.4:
            return f"Ni siquiera aprende los de entrenamiento ({train:.2f}): la multa es demasiado grande."
        if test > 1.5 * train:
            return f"Entrenamiento {train:.2f}, prueba {test:.2f}: todavía memoriza. Sube la multa."
    return _attempt(CLOUDS, answer, why, lambda _: "La misma red grande, y el ruido ya no le sale a cuenta.",
                    penalty_helps=True)


def _attempt(mission, answer, why, praise, penalty_helps=False):
    """Entrena desde cero lo que diga `answer` y da el veredicto. why(settings, session): la causa, si se conoce."""
    if answer is None or unfinished(answer):
        return Verdict(UNTRIED, "Consíguela en el tablero y escribe board donde están los puntos suspensivos.")
    try:
        s = Settings(**answer) if isinstance(answer, dict) else getattr(answer, "settings", answer)
    except (CourseError, TypeError) as error:
        return Verdict(WRONG, f"Con esos valores no hay tablero. {error}")
    if mission.title in getattr(answer, "done", {}):  # el tablero ya la vio cumplida
        return Verdict(RIGHT, praise(answer.done[mission.title]))
    if not isinstance(s, Settings):
        return Verdict(WRONG, "Se esperaba el tablero (board) o unos playground.Settings(…).")
    if broken := mission.broken(s):
        return Verdict(CLOSE, broken)
    session, limit = Session(s, starts=STARTS, seed=0), epochs(s)
    best = np.inf
    while session.epoch < limit and not mission.reached(session):
        session.run(min(max(1, limit // 40), limit - session.epoch), every=limit)
        best = min(best, session.losses()[1].min())
    if mission.reached(session):
        return Verdict(RIGHT, praise(sum(s.layers)))
    hint = why(s, session)
    if not hint and not penalty_helps and s.penalty != "ninguna":
        hint = "La regularización encoge los pesos, y esta misión los necesita grandes. No hay ruido que olvidar."
    if not hint and (s.learning_rate <= 0.003 or s.optimizer == "SGD" and s.learning_rate <= 0.03):
        hint = "Va despacio: en 4000 pasos no le da tiempo. Sube la tasa de aprendizaje."
    if not hint and s.learning_rate >= (0.3 if s.optimizer != "SGD" else 3):
        hint = "Da pasos tan grandes que salta por encima de la solución. Baja la tasa."
    told = (f"la mediana de {STARTS} redes termina en {np.median(session.losses()[1]):.3f}" if mission.last else
            f"la mejor de {STARTS} redes llega a {best:.3f}")
    return Verdict(CLOSE, hint or f"Entrenada desde cero, {told}. Cambia una sola cosa cada vez y vuelve a probar.")


def _board_class(x):
    """La clase de cada punto en el tablero de ajedrez de casillas de lado 2."""
    return (np.floor(x / 2).sum(axis=1) % 2).astype(int)


def checkerboard(answer):
    """`answer(n, rng)` devuelve x (n, 2), al azar entre −4 y 4, e y (n,): 1 en las casillas de suma impar."""
    if answer is None or unfinished(answer):
        return Verdict(UNTRIED, "Escribe tu respuesta donde están los puntos suspensivos.")
    if not callable(answer):
        return Verdict(WRONG, "Se esperaba una función: pasa su nombre, sin paréntesis.")
    n = 400
    try:
        made = answer(n, np.random.default_rng(0))
    except Exception as error:  # el error de quien aprende se le cuenta
        if "ellipsis" in str(error):
            return Verdict(UNTRIED, "Todavía queda un ... por completar.")
        return Verdict(WRONG, f"Con n = {n} tu función se detiene: {type(error).__name__}: {error}")
    if unfinished(made):
        return Verdict(UNTRIED, "Escribe tu respuesta donde están los puntos suspensivos.")
    if not isinstance(made, (tuple, list)) or len(made) != 2:
        return Verdict(WRONG, "La función devuelve dos cosas: return x, y.")
    x, y = np.asarray(made[0]), np.asarray(made[1])
    hint = _points_hint(x, y, n) or _classes_hint(x, y)
    return Verdict(CLOSE, hint) if hint else Verdict(RIGHT, "Ya puedes dárselo al tablero.")


def _points_hint(x, y, n):
    """Lo que está mal en las formas o en el reparto de los puntos."""
    if x.shape != (n, 2):
        return (f"x está traspuesta: se esperaba ({n}, 2), un ejemplo por fila." if x.shape == (2, n) else
                f"x debe tener forma ({n}, 2), y tiene {x.shape}.")
    if y.shape != (n,):
        return f"La forma de y debe ser ({n},), y es {y.shape}."
    if np.unique(x).size < n:
        return "Los puntos caen siempre en los mismos sitios: hacen falta decimales al azar. Mira rng.uniform."
    if np.abs(x).max() > 4 or np.ptp(x, axis=0).min() < 7:
        return f"Las coordenadas van de −4 a 4, y las tuyas, de {x.min():.1f} a {x.max():.1f}.".replace("-", "−")
    counts = np.histogram2d(*x.T, bins=4, range=[[-4, 4]] * 2)[0]
    if counts.min() < n / 16 / 4:
        return "Hay casillas casi vacías: todas deben recibir más o menos los mismos puntos."
    return ""


def _classes_hint(x, y):
    """Lo que está mal en las clases."""
    right = _board_class(x)
    if np.array_equal(y, right):
        return ""
    if np.array_equal(y, 1 - right):
        return "Las clases están al revés: la casilla impar es la 1."
    if np.array_equal(y, np.trunc(x / 2).astype(int).sum(axis=1) % 2):
        return ("Alrededor del cero las casillas salen el doble de anchas: astype(int) redondea hacia cero, y "
                "np.floor, hacia abajo.")
    if np.array_equal(y, np.floor(x).sum(axis=1) % 2):
        return "Tus casillas miden 1 de lado, y se piden de lado 2."
    if np.array_equal(y, np.floor(x / 2).sum(axis=1)) or not set(np.unique(y)) <= {0, 1}:
        return "y debe tener solo ceros y unos: quédate con el resto de dividir entre 2."
    wrong = int(np.flatnonzero(y != right)[0])
    return f"El punto ({x[wrong, 0]:.2f}, {x[wrong, 1]:.2f}) debería ser de la clase {right[wrong]}."
