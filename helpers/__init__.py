"""Lo que comparten los cuadernos de «Del perceptrón a las GAN».

- runtime: arranque, semillas, dispositivo y tamaños
- data: datos reales listos para usar
- plots: figuras con descripción de texto
- widgets: controles interactivos y avisos de progreso
- check: afirmaciones comprobadas y ejercicios que responden
- progress: los ejercicios que llevas hechos
- optim, autodiff, nn: la versión limpia de lo que construyen los cuadernos 05, 09 y 10
- sandbox, playground: las redes pequeñas y el tablero del patio de juegos del cuaderno 11
"""
