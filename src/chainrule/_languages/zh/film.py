"""In Chinese: the film of a training and the homework's grid."""

from __future__ import annotations

__all__ = ["MESSAGES"]

MESSAGES: dict[str, str] = {
    # lessons.training
    "{name} is {value}; give a number from -1000000 to 1000000": (
        "{name} 为 {value}；请给出 -1000000 到 1000000 之间的数"
    ),
    "lr, the learning rate, is {value}; give a number above 0": (
        "学习率 lr 为 {value}；请给出大于 0 的数"
    ),
    "the seed is {value}; give a whole number from 0 to 2**64 - 1": (
        "随机种子为 {value}；请给出 0 到 2**64 - 1 之间的整数"
    ),
    "the film of a training": "一次训练的动画",
    # lessons.findings
    "{beginning} {end}": "{beginning}{end}",
    "Too large a step: after iteration {n} the weights are beyond the range of float32, and there "
    "is no loss any more.": (
        "步长太大：第 {n} 次迭代之后，权重超出了 float32 的范围，损失已无法计算。"
    ),
    "Too large a step: the loss rises, from {first} to {last}, instead of falling.": (
        "步长太大：损失不降反升，从 {first} 升到 {last}。"
    ),
    "Too large a step: the loss jumps to and fro, up to {loss}, and does not settle.": (
        "步长太大：损失来回跳动，最高达 {loss}，不能稳定下来。"
    ),
    "Large steps: the loss jumps to and fro, up to {loss}, and yet the accuracy is above 99% in "
    "iteration {n}.": (
        "步长很大：损失来回跳动，最高达 {loss}，不过第 {n} 次迭代时准确率仍超过 99%。"
    ),
    "The clouds overlap: even the line half-way between them is right for {middle} only; training "
    "ends at {last}.": (
        "两团点相互重叠：即使是两团正中间的那条直线，准确率也只有 {middle}；训练结束时为 {last}。"
    ),
    "Far apart, by {apart} times their spread:": "两团相距很远，是各自标准差的 {apart} 倍：",
    "right for {part} of the points before the first step.": "还没有迈出第一步，准确率已是 {part}。",
    "above 99% after {count} steps.": "走 {count} 步后准确率超过 99%。",
    "Far apart, but far from the origin too, where the first line runs ({first} right): above 99% "
    "only after {n} steps.": (
        "两团相距很远，但离原点也很远，而最初的直线靠近原点（准确率 {first}）：走了 {n} 步准确率才超过 99%。"
    ),
    "A lucky start: the first line is right for {part} of the points, before any step.": (
        "起点碰巧很好：还没有迈出第一步，最初的直线准确率已是 {part}。"
    ),
    "The clouds touch: above 99% in iteration {n}, though the line half-way between them is right "
    "for {middle} only.": (
        "两团点相互接触：第 {n} 次迭代时准确率超过 99%，而两团正中间的那条直线只有 {middle}。"
    ),
    "Learns steadily: from {first} to above 99% in {count} steps.": (
        "稳步学习：用 {count} 步，准确率从 {first} 升到 99% 以上。"
    ),
    "A slow start: the first line, near the origin, has both clouds on one side ({first} right);": (
        "起步缓慢：最初的直线靠近原点，两团点都在它的同一侧（准确率 {first}）；"
    ),
    "A slow start: the first line has most points on the wrong side ({first} right);": (
        "起步缓慢：最初的直线把大多数点分到了错误的一侧（准确率 {first}）；"
    ),
    "iteration {n} has {last} right, and {middle} could be.": (
        "第 {n} 次迭代时准确率为 {last}，而本可达到 {middle}。"
    ),
    "Too small a step, or too few: the loss is still on its way down;": (
        "步长太小，或者步数太少：损失还在下降；"
    ),
    "Just misses: the loss hardly falls any more;": "差一点：损失几乎不再下降；",
    # lessons.homework
    "above 99%": "超过 99%",
    "never": "从未",
    "{setting}: {finding}": "{setting}：{finding}",
    "there is no setting {name} to sweep; there are {names}": (
        "没有可供遍历的设置 {name}；可用的有 {names}"
    ),
    "{name} has no values to sweep; give some": "{name} 没有可供遍历的值；请给出一些",
    "these are {count} trainings; sweep at most {most}": (
        "这一共是 {count} 次训练；最多可以遍历 {most} 次"
    ),
    "{word} is no setting to sweep; write it as mean-value=1,1.7,5": (
        "{word} 不是可供遍历的设置；请写成 mean-value=1,1.7,5 的形式"
    ),
    "{name} is given twice; give it once": "{name} 给出了两次；请只给一次",
    # drawing.film
    "{path} is no film that can be written here; end it in .html or .gif": (
        "{path} 不是可以写出的动画；请以 .html 或 .gif 结尾"
    ),
    "Logistic regression: the film of a training": "逻辑回归：一次训练的动画",
    "the points and the line": "数据点与直线",
    "loss and accuracy": "损失与准确率",
    "loss": "损失",
    "accuracy": "准确率",
    "iteration": "迭代",
    "On the line both classes are equally probable: w0·x + w1·y + b = 0. Each iteration measures "
    "the line shown and then takes a step; the lesson's program prints the weights after that "
    "step.": (
        "在这条直线上，两个类别的概率相等：w0·x + w1·y + b = 0。"
        "每次迭代先计算图中直线的损失和准确率，再走一步；课程的程序打印的是走完这一步之后的权重。"
    ),
    "The training as a table": "以表格查看训练过程",
    "The film needs JavaScript; without it there is the table below.": (
        "播放动画需要 JavaScript；没有它时，请看下面的表格。"
    ),
    "{count} iterations": "迭代 {count} 次",
    "{count} iterations a second": "每秒迭代 {count} 次",
    "back to iteration 0": "回到第 0 次迭代",
    "one iteration back": "后退一次迭代",
    "one iteration forward": "前进一次迭代",
    "Play": "播放",
    "Pause": "暂停",
    "speed": "速度",
    "Keys: space plays and pauses, ← → step, with shift by ten; Home, End; + − for the speed.": (
        "按键：空格播放或暂停，← → 单步（同时按 Shift 为十步），Home 到开头，End 到结尾，+ − 调节速度。"
    ),
    "on the wrong side": "分错的点",
    "iteration {n} of {last}": "第 {n} 次迭代，共到第 {last} 次",
    "Iteration {n} of {last}: loss {loss}, accuracy {accuracy}, {wrong} of {all} points on the "
    "wrong side.": (
        "第 {n} 次迭代（最后为第 {last} 次）：损失 {loss}，准确率 {accuracy}，{all} 个点中有 {wrong} 个分错。"
    ),
    "Two clouds of {count} points each in the plane, and the line that learns to part them; the "
    "table below has the numbers.": (
        "平面上的两团点，每团 {count} 个，以及学着把它们分开的直线；数值见下面的表格。"
    ),
    "The loss over the iterations; the table below has the numbers.": (
        "损失随迭代的变化；数值见下面的表格。"
    ),
    "The accuracy over the iterations; the table below has the numbers.": (
        "准确率随迭代的变化；数值见下面的表格。"
    ),
    "loss in each iteration": "每次迭代的损失",
    "accuracy in each iteration": "每次迭代的准确率",
    "{first} right in iteration 0": "第 0 次迭代时准确率 {first}",
    "{first} right, then {last} in iteration {n}": "准确率 {first}，第 {n} 次迭代时 {last}",
    "what it shows": "说明什么",
    "the first line": "最初的直线",
    "the last line": "最后的直线",
    "iteration {n}": "第 {n} 次迭代",
    "loss {loss}": "损失 {loss}",
    "accuracy {part}": "准确率 {part}",
    "class {n}": "类别 {n}",
    "both classes equally probable": "两个类别概率相等",
    "{count} iterations would take too long; give at most {most}": "迭代 {count} 次费时太久；请最多迭代 {most} 次",
    "{count} iterations are no training; give at least 1": "迭代 {count} 次谈不上训练；请至少迭代 1 次",
}
