"""What if a training loop forgets zero_grad()? The slopes add up, step after step.

The first step is the same. From the second on, each step goes down the sum of all slopes so far,
not the slope where it stands, like a ball that rolls without friction. So it falls faster at
first, and for a while the loss is lower than it should be: do not be deceived. At the bottom of
the valley the old slopes still push. It rolls through and up the other side, until the new slopes
have used up the old ones, and back again: it swings, and never comes to rest. Where the clouds lie
apart the valley is wide and flat, and its swing leads through a very low loss around iteration
150, but out again as well. Where they overlap the sides are steep, and it ends far above its start.
"""

import matplotlib.pyplot as plt
import torch

from logistic_regression import LogisticRegression, training, two_clouds
from pictures import ACCENT, CLASS_1, save


def losses_of(mean_value, clear):
    torch.manual_seed(10)
    train_x, train_y = two_clouds(mean_value)
    steps = training(LogisticRegression(), train_x, train_y, iterations=301, clear=clear)
    return [loss.item() for _, loss, _ in steps]


figure, panels = plt.subplots(1, 2, figsize=(9, 4.2))
SEEN = {
    1.7: "clouds apart: it swings, to the bottom and out",
    1: "clouds that overlap: it swings, far above its start",
}
for axes, mean_value in zip(panels, SEEN, strict=True):
    cleared = losses_of(mean_value, clear=True)
    forgotten = losses_of(mean_value, clear=False)
    print(f"--- mean_value {mean_value}: the loss")
    print("iteration  with zero_grad()  without")
    for iteration in (0, 1, 2, 5, 10, 20, 40, 60, 150, 300):
        print(f"{iteration:9}  {cleared[iteration]:16.4f}  {forgotten[iteration]:7.4f}")
    axes.plot(forgotten, color=CLASS_1, label="without")
    axes.plot(cleared, color=ACCENT, label="with zero_grad()")
    axes.set(title=SEEN[mean_value], xlabel="iteration", xlim=(0, 300), ylim=(0, None))
panels[0].set_ylabel("loss")
panels[0].legend()
save(figure, "forgotten_zero_grad.png")
