"""Linear regression in the same five steps: data, model, loss, optimiser, training.

Twenty points around the line y = 2 x + 5. What differs from logistic regression: the model needs
no sigmoid, because y is any number, and the loss is the mean of the squared distances.
"""

import matplotlib.pyplot as plt
import torch
import torch.nn as nn

from pictures import ACCENT, CLASS_0, CLASS_1, GREY, save

torch.manual_seed(10)

# Step 1, the data: points of the line, moved up or down by noise.
x = torch.rand(20, 1) * 10
y = 2 * x + (5 + torch.randn(20, 1))


# Step 2, the model: w x + b.
class LinearRegression(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Linear(1, 1)

    def forward(self, x):
        return self.features(x)


net = LinearRegression()
loss_fn = nn.MSELoss()  # step 3, the loss
optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)  # step 4, the optimiser

losses = []
lines = {}  # w and b at some of the iterations
for iteration in range(501):  # step 5, the training
    y_pred = net(x)
    loss = loss_fn(y_pred, y)
    losses.append(loss.item())
    if iteration in (0, 50, 500):
        w, b = net.features.weight.item(), net.features.bias.item()
        lines[iteration] = w, b
        print(f"Iteration: {iteration:3}  w: {w:.4f}  b: {b:.4f}  Loss: {loss.item():.4f}")
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()

# For this loss there is a formula, too: how x and y vary together, by how x varies alone.
x_off, y_off = x - x.mean(), y - y.mean()
best_w = (x_off * y_off).sum() / (x_off**2).sum()
best_b = y.mean() - best_w * x.mean()
print(f"By formula:     w: {best_w:.4f}  b: {best_b:.4f}")

figure, (plane, curve) = plt.subplots(1, 2, figsize=(10, 4.6), width_ratios=[3, 2])
colours = {0: GREY, 50: CLASS_1, 500: ACCENT}
for iteration, (w, b) in lines.items():
    plane.axline((0, b), slope=w, color=colours[iteration], label=f"iteration {iteration}")
with torch.no_grad():
    plane.vlines(x.flatten(), y.flatten(), net(x).flatten(), color=ACCENT, linewidth=1)
plane.scatter(x, y, color=CLASS_0, zorder=3)
plane.set(title="the line finds the points", xlabel="x", ylabel="y", xlim=(0, 10.5))
plane.legend(loc="center right")
curve.semilogy(losses, color=GREY, linewidth=1)
for iteration, colour in colours.items():
    curve.plot(iteration, losses[iteration], "o", color=colour, clip_on=False, zorder=3)
curve.set(title="what is left of the loss is the noise", xlabel="iteration", ylabel="loss")
curve.set_xlim(0, 500)
save(figure, "linear_regression.png")
