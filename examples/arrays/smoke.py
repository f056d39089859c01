"""Smoke in a wind: which wind, blowing once, turns a disc of smoke into a bar?

A fluid on a square whose sides meet: np.roll is a step to the neighbour. In each time step the
flow is made free of sources (its pressure is relaxed), then carries itself and the smoke along
(each cell takes what was upstream). The gradient of the last picture goes back through all steps
to the wind at the start. Method: Stam (1999), Stable Fluids.
"""

import autograd.numpy as np
from autograd import value_and_grad

SIZE, STEPS, RELAXATIONS = 20, 6, 12
PLACE = np.arange(SIZE)


def without_sources(u, v):
    """Take the part away from the flow that a pressure would push out of the cells."""
    source = (np.roll(u, -1, 0) - np.roll(u, 1, 0) + np.roll(v, -1, 1) - np.roll(v, 1, 1)) / 2
    pressure = np.zeros((SIZE, SIZE))
    for _ in range(RELAXATIONS):
        around = [np.roll(pressure, shift, axis) for shift in (1, -1) for axis in (0, 1)]
        pressure = (sum(around) - source) / 4
    u = u - (np.roll(pressure, -1, 0) - np.roll(pressure, 1, 0)) / 2
    v = v - (np.roll(pressure, -1, 1) - np.roll(pressure, 1, 1)) / 2
    return u, v


def carried(what, u, v):
    """Return what the flow brings to each cell: the numbers upstream, between four cells."""
    x, y = PLACE[:, None] - u, PLACE - v
    left, low = np.floor(x), np.floor(y)
    right_part, high_part = x - left, y - low
    i, j = left.astype(int) % SIZE, low.astype(int) % SIZE
    right, high = (i + 1) % SIZE, (j + 1) % SIZE
    return (1 - right_part) * ((1 - high_part) * what[i, j] + high_part * what[i, high]) + (
        right_part * ((1 - high_part) * what[right, j] + high_part * what[right, high])
    )


def blown(wind, smoke):
    u, v = wind
    for _ in range(STEPS):
        u, v = without_sources(u, v)
        u, v, smoke = carried(u, u, v), carried(v, u, v), carried(smoke, u, v)
    return smoke


def picture(smoke):
    return "\n".join("".join(" .:oO#"[min(5, int(6 * c))] for c in row) for row in smoke)


def main():
    x, y = PLACE[:, None] - SIZE / 2 + 0.5, PLACE - SIZE / 2 + 0.5
    smoke = np.exp(-(((x**2 + y**2) / 18) ** 2))
    target = np.exp(-((x / 2.2) ** 4) - (y / 7.5) ** 4)

    def loss(wind):
        return np.mean((blown(wind, smoke) - target) ** 2)

    wind = [np.zeros((SIZE, SIZE)), np.zeros((SIZE, SIZE))]
    for step in range(61):
        value, (gu, gv) = value_and_grad(loss)(wind)
        if step % 20 == 0:
            print(f"step {step:2}   mean square {value:.5f}")
        wind = [wind[0] - 40 * gu, wind[1] - 40 * gv]
    print(picture(blown(wind, smoke)[4:16]))


if __name__ == "__main__":
    main()
