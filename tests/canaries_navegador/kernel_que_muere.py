# Debe fallar: el kernel ha muerto
import os

from helpers import widgets

armed = False


def draw(n):
    if armed:
        os._exit(1)


# %%
widgets.explore(draw, n=widgets.slider("n", 0, 5))

# %%
armed = True
