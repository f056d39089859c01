"""In Chinese: the lessons' own words."""

from __future__ import annotations

__all__ = ["MESSAGES"]

COMMAND = {
    "list the lessons, or run one": "列出各课，或者运行其中一课",
    "Without a name, list the lessons. With one, run it: a few sentences, what its program prints, "
    "its pictures, and how the derivative is found by hand. Matplotlib draws the pictures; without "
    "it the lessons run, too.": "不给名字就列出各课；给出名字就运行那一课：几句话、程序的输出、图片，以及怎样"
    "手算导数。图片由 Matplotlib 绘制；没有它，各课也能运行。",
    "which lesson": "哪一课",
    "save the lesson's pictures in this folder": "把这一课的图片存到这个文件夹",
    "write the whole lesson to one HTML file, pictures included": "把整课写成一个 HTML 文件，图片也在其中",
    "say which lesson is to be run; chainrule lesson lists them": "请说明要运行哪一课；chainrule lesson 会列出各课",
    "name": "名字",
    "lesson": "课",
    "{title} – {shows}": "{title} – {shows}",
    "Run one by its name, for example: chainrule lesson tape": "按名字运行一课，例如：chainrule lesson tape",
    "there is no lesson {name}; did you mean {near}?": "没有叫 {name} 的课；是不是指 {near}？",
    "there is no lesson {name}; there are {names}": "没有叫 {name} 的课；有这些：{names}",
    "the lessons' programs are not installed with chainrule; install it anew, or run it in a copy of "
    "its repository": "各课的程序没有随 chainrule 安装；请重新安装，或者在它的仓库拷贝里运行",
    "{path} is to be a page; end it in .html": "{path} 应该是一个网页；文件名请以 .html 结尾",
    "{path} is a file; --out names a folder": "{path} 是一个文件；--out 要的是文件夹",
    "Wrote the page to {path}.": "网页已写入 {path}。",
    "--out FOLDER saves the pictures; --page OUT.html shows all on one page.": "用 --out 文件夹 "
    "可以保存图片；用 --page OUT.html 可以把全部内容放在一个网页上。",
    "This lesson has no pictures to save.": "这一课没有图片可存。",
    "There are no pictures, as matplotlib is not installed; {how}": "没有图片，因为没有安装 matplotlib；{how}",
}

SETTINGS = {
    "options of the lesson logistic": "logistic 一课的选项",
    "where the clouds lie (default: 1.7)": "两团点的位置（默认 1.7）",
    "how far both are moved (default: 1)": "两团点一起移动多远（默认 1）",
    "the learning rate (default: 0.01)": "学习率（默认 0.01）",
    "of the random numbers (default: 10)": "随机数的种子（默认 10）",
    "at most so many (default: 1000)": "最多迭代多少次（默认 1000）",
    "film the training, to be played in a browser; or OUT.gif": "把训练做成动画，在浏览器中播放；也可以是 OUT.gif",
    "train with every combination, such as mean-value=1,1.7,5 bias=-1,1,5": "用每一种组合来训练，"
    "例如 mean-value=1,1.7,5 bias=-1,1,5",
    "--film shows one training, and --sweep makes many; leave one out": "--film 只展示一次训练，--sweep 要训练许多次；"
    "请去掉其中一个",
    "{option} is for the lesson {name} alone": "{option} 只用于 {name} 这一课",
    "Wrote the film to {path}.": "动画已写入 {path}。",
    "training": "训练",
    "The points of the training, its first line dashed and its last one drawn through, and the curve "
    "of its loss.": "训练的点，虚线是最初的直线，实线是最后的直线，还有损失曲线。",
    "The points of each training, its first line dashed and its last one drawn through, and the "
    "curve of its loss.": "每次训练的点，虚线是最初的直线，实线是最后的直线，还有损失曲线。",
    "The lesson's five steps with settings of your own: mean_value {mean_value}, bias {bias}, lr "
    "{lr}, seed {seed}.": "用你自己的设置走这五步：mean_value {mean_value}，bias {bias}，lr {lr}，种子 {seed}。",
    "The lesson's five steps with every combination of these settings, each begun from the same "
    "random numbers. Training stops where more than 99% of the points are right.": "用这些设置的每一种组合走这五步，"
    "都从同样的随机数开始。分对的点超过 99% 时，训练停止。",
    "What each training came to": "每次训练的结果",
    "Look at one of them, iteration by iteration:": "挑一个，逐次迭代地看：",
}

PAGES = {
    "Picture {name}: {seen}": "图片 {name}：{seen}",
    "What the program prints": "程序的输出",
    "The program, {name}": "程序 {name}",
    "To be typed": "请输入",
    "The derivation": "推导过程",
    "The graph": "计算图",
    "What to notice": "请注意",
}

TAPE = {
    "The tape": "记录带",
    "how slopes are found by noting down what is computed, and reading it backwards": "怎样求斜率："
    "记下计算的每一步，再倒着读",
    "How does y change when w does? Between the two stand other numbers, each computed from those "
    "before. The tape notes down every step while it is computed. Afterwards it reads its notes "
    "backwards, and multiplies and adds the slopes of the steps.": "w 变化时，y 怎样变化？两者之间还有"
    "别的数，每一个都由前面的数算出。记录带在计算的同时记下每一步；之后它倒着读这些记录，把各步的斜率相乘、相加。",
    "In this program w = 1 and x = 2, and then a = x + w, b = w + 1 and y = a·b. Work out the slope "
    "of y by w before you read on.": "在这个程序里，w = 1，x = 2，然后 a = x + w，b = w + 1，y = a·b。"
    "往下读之前，先自己算一算 y 对 w 的斜率。",
    "w reaches y along two paths, by a and by b. What comes back along the one is added to what "
    "comes back along the other: 2 + 3 = 5. Calling backward again adds in just the same way, which is why slopes "
    "grow from 5 to 20 until somebody clears them.": "w 有两条路通到 y：一条经过 a，一条经过 b。"
    "从一条路传回来的，要加上从另一条路传回来的：2 + 3 = 5。再次调用 backward 也同样会累加，"
    "所以斜率从 5 一直涨到 20，直到被清零。",
    "Notes that have been read are thrown away, to free their memory: a second reading is refused "
    "unless retain_graph=True was said. And only leaves, the numbers that you chose, keep their "
    "slope in .grad.": "读过的记录会被扔掉，好腾出内存；所以第二次读会被拒绝，除非事先说了 retain_graph=True。"
    "而且只有叶子（也就是你自己给定的数）会把斜率留在 .grad 里。",
    "What the tape has noted down, as a picture": "记录带记下的东西，画成图",
    "Above, each value as it was computed; below it, what came back to it. At w two arrows begin, so "
    "two slopes come back and are added.": "每格里，上面是算出来的值，下面是传回来的斜率。从 w 出发有两个箭头，"
    "所以有两个斜率传回来，加在一起。",
    "The same slope, by hand": "手算同一个斜率",
    "Automatic differentiation, quickly": "自动求导速览",
    "one layer, its loss, and the slopes of all its weights": "一层网络、它的损失，以及所有权重的斜率",
    "One layer of a network is a table of weights w, a row of offsets b, and z = x·w + b. A loss "
    "says how far the result is from what it should be. One call of backward gives the slope of "
    "that loss by every single weight.": "网络的一层就是一张权重表 w、一行偏置 b，以及 z = x·w + b。"
    "损失说明结果离应有的值有多远。调用一次 backward，就得到损失对每一个权重的斜率。",
    "The graph is printed from the loss back to the leaves: that is the direction in which backward "
    "walks. The slopes by b are (sigmoid(z) - y) / 3, where 3 is how many results there are. The "
    "formula is short because the loss and the sigmoid were made for each other, as the derivation "
    "shows.": "计算图是从损失往叶子打印的：backward 正是朝这个方向走。对 b 的斜率是 (sigmoid(z) - y) / 3，"
    "其中 3 是结果的个数。公式这么短，是因为这个损失和 S 形函数（sigmoid）正好相配，下面的推导会说明这一点。",
    "Inside no_grad nothing is noted down: use it when a trained model is only used. And where a "
    "result is a whole table, the slopes are those of the sum of its entries.": "在 no_grad 里面什么也不记："
    "只是使用训练好的模型时，就用它。如果结果是一整张表，求的就是各项之和的斜率。",
    "The loss of one result z that should be t": "结果是 z、应当是 t 时的损失",
    "The derivation and its graph": "推导过程和它的计算图",
    "the chain rule, written line by line beside the graph that it came from": "链式法则，一行一行写出来，"
    "旁边是与它对应的计算图",
    "The chain rule says: along every path from w to y multiply the slopes of its steps, and then "
    "add up the paths. Here are two paths, by a and by b. Read each line as the one above it, with one "
    "thing done; what was done stands beside it.": "链式法则说：从 w 到 y 的每一条路上，把各步的斜率相乘；"
    "再把各条路的结果相加。这里有两条路，分别经过 a 和 b。每一行都是上一行做了一件事的结果，做了什么写在旁边。",
    "The graph that it came from": "推导所依据的计算图",
    "The graph: w = 1 and x = 2 go into a = x + w = 3, w goes into b = w + 1 = 2 as well, and both "
    "go into y = a·b = 6. Backwards, 2 comes to a and 3 to b; at w the two meet: 2 + 3 = 5.": "计算图："
    "w = 1 和 x = 2 进入 a = x + w = 3，w 还进入 b = w + 1 = 2，两者再进入 y = a·b = 6。反向时，传到 a 的是 2，"
    "传到 b 的是 3；两者在 w 处相遇：2 + 3 = 5。",
    "Every product in the first line is a path through the graph, and every plus a place where two "
    "paths meet. The line ends in a formula, 2w + x + 1, which holds for all w and x; the tape knows "
    "no formula, only the number at this point. Both say 5.": "第一行里的每个乘积都是图中的一条路，每个加号都是"
    "两条路相遇的地方。推导得到的是公式 2w + x + 1，对所有的 w 和 x 都成立；记录带不知道公式，只知道这一点处的数。"
    "两者都说是 5。",
    "Walk through the graph in a browser, to and fro:": "在浏览器里沿着计算图来回走：",
    "Ask for a derivation of your own, or for one that is a little harder:": "也可以让它推导你自己的式子，或者"
    "稍难一点的：",
    "Slopes of functions": "函数的斜率",
    "slopes of curves, logistic regression from nothing, steps too short and too long": "曲线的斜率，"
    "从零开始的逻辑回归，太短和太长的步子",
    "The slope of a function is a function again. You write one with NumPy, as always; grad returns "
    "the other. A pupil can check it by walking a little and seeing how much the curve has risen.": "函数的斜率"
    "还是一个函数。你像平常一样用 NumPy 写前一个，grad 给出后一个。要验证它，只要沿曲线走一小步，看看升高了多少。",
    "tanh rises from -1 to 1, steepest at 0, where its slope is 1; the slope of the slope is "
    "positive on the left and negative on the right.": "tanh 从 -1 升到 1，在 0 处最陡，斜率为 1；"
    "斜率的斜率在左边为正，在右边为负。",
    "Four curves of the loss over 100 steps: with a step of 0.001 it hardly falls; with 0.3 it "
    "falls and flattens; with 10 it jumps to and fro; with the wrong loss it only grows.": "100 步中损失的"
    "四条曲线：步长 0.001 时几乎不降；0.3 时先下降再变平；10 时来回跳；用错误的损失时只会上升。",
    "Training is nothing but this: find the slope of the loss, walk a step downhill, and again. How "
    "long the step is has to be chosen. Too short wastes time, too long jumps across the valley; "
    "and a loss with the wrong sign makes the model worse with every step, however good the slopes "
    "are.": "训练无非就是：求损失的斜率，往下坡走一步，再来一遍。步子多长要自己选：太短浪费时间，太长会跳过山谷；"
    "而符号写错的损失，斜率求得再准，每一步也只会让模型更糟。",
    "The slope of tanh, by hand": "手算 tanh 的斜率",
}

MODELS = {
    "Logistic regression in five steps": "逻辑回归五步走",
    "a line learns to tell two clouds of points apart": "一条直线学会分开两团点",
    "Two clouds of points in the plane, a hundred in each. A straight line is to tell them apart, "
    "and nobody says where it should lie: it starts at random and learns. Five steps do it: data, "
    "model, loss, optimiser, training.": "平面上有两团点，每团一百个。要用一条直线把它们分开，但没有人说直线该在哪里："
    "它从随机的位置开始，自己学。一共五步：数据、模型、损失、优化器、训练。",
    "The two clouds and the line, twice: after the first step it lies almost level and a few points "
    "are on the wrong side; at iteration 990 it runs slantwise between the clouds.": "两团点和直线，共两幅："
    "走完第一步时，直线几乎是水平的，有些点在错误的一侧；到第 990 次迭代，直线斜着从两团点之间穿过。",
    "The model adds up z = w0·x0 + w1·x1 + b for a point and turns z into a probability p. The loss "
    "is small where the right class is probable. Its slopes are as simple as can be: for every "
    "point the error p - t, where t is its class, 0 or 1, times what went in. A point that is right "
    "and sure moves the line no more; a point that is wrong moves it most.": "模型对一个点算出 z = w0·x0 + w1·x1 + b，再把 z 变成概率 p。"
    "正确类别的概率大，损失就小。损失的斜率简单得不能再简单：每个点的误差 p - t（t 是它的类别，0 或 1），乘以它的输入。"
    "分对而且有把握的点不再推动直线；分错的点推得最多。",
    "Where p - t comes from, with two points": "p - t 是怎么来的：以两个点为例",
    "A forgotten zero_grad()": "忘了 zero_grad()",
    "what happens when slopes are never cleared": "斜率从不清零会怎样",
    "backward adds to the slopes that are there already. A training loop that forgets zero_grad() "
    "therefore walks down the sum of all slopes so far, like a ball that rolls without friction. "
    "What do you expect: will it be faster, slower, or wrong?": "backward 会加到已有的斜率上。所以忘了 "
    "zero_grad() 的训练循环，是沿着到目前为止所有斜率之和往下走，像一个没有摩擦的球在滚动。你猜会怎样：更快、更慢，还是出错？",
    "The loss over 300 iterations, twice. With zero_grad() it falls and flattens. Without, it "
    "swings: where the clouds lie apart down to the bottom and out again, where they overlap far "
    "above its start.": "300 次迭代中的损失，共两幅。有 zero_grad() 时先下降再变平。没有时来回摆动："
    "两团点分开时摆到谷底又摆出去，两团点重叠时远远高过起点。",
    "The first step is the same, and for some iterations the mistake even looks like an "
    "improvement. A falling loss is no proof that a program is right: look at it for long enough, "
    "and on data that are not easy.": "第一步是一样的，而且有一阵子，这个错误看上去甚至像是改进。损失下降并不证明程序正确："
    "要看得够久，还要用不那么容易的数据来看。",
    "Homework: other data": "作业：换一换数据",
    "clouds that overlap, lie far apart, or lie far from the origin": "两团点重叠、相距很远，或者远离原点",
    "The lesson's clouds lie at 1.7 and -1.7, both moved by a bias of 1. What changes if they lie "
    "closer, or farther apart, or if both are moved far away? Guess for each of the five settings "
    "before you look.": "课上的两团点在 1.7 和 -1.7 处，又都平移了 1（bias）。如果它们靠得更近、离得更远，"
    "或者一起移到远处，会有什么变化？看之前，先对五种设置逐一猜一猜。",
    "Five settings on the same scale, each with its line after 990 iterations, and the five curves "
    "of the loss. With mean 1 the clouds overlap; with mean 5 they lie far apart; with bias 5 the "
    "line still cuts off some points.": "同一比例下的五种设置，各有 990 次迭代之后的直线，还有五条损失曲线。"
    "mean_value 为 1 时两团点重叠；为 5 时相距很远；bias 为 5 时直线仍然切掉了一些点。",
    "Overlap cannot be learnt away: with mean 1 no straight line is right for all points. With mean "
    "5 even the random start is right, while the loss still falls, as the model becomes surer. And "
    "a large bias slows the start: the line begins near the origin and has far to travel.": "重叠是学不掉的："
    "mean_value 为 1 时，没有一条直线能把所有点分对。mean_value 为 5 时，连随机的起点都是对的，不过损失还在下降，"
    "因为模型越来越有把握。而 bias 很大时起步慢：直线从原点附近出发，要走很远的路。",
    "Why a large bias slows it: the slope by b, with two points": "为什么 bias 很大会变慢：以两个点为例，看对 b 的斜率",
    "Moving the line is b's work. But its slope is the plain sum of the errors, while in that of w "
    "every error is multiplied by x. With points at 7 and 3, and weights of 0, the errors are 0.5 "
    "and -0.5: they cancel in the slope by b, and leave 0.5·7 - 0.5·3 = 2 in that by w. So w moves "
    "first, and b follows slowly.": "移动直线是 b 的事。可是对 b 的斜率只是误差之和，而在对 w 的斜率里，每个误差都乘以 x。"
    "点在 7 和 3 处、权重都为 0 时，误差是 0.5 和 -0.5：在对 b 的斜率里互相抵消，在对 w 的斜率里却剩下 "
    "0.5·7 - 0.5·3 = 2。所以 w 先动，b 慢慢跟上。",
    "One seed is one story. Of 50 seeds, a mean of 1 brings none above 99%. A mean of 1.7 brings 27, "
    "29 and 21, with a bias of -1, 1 and 5. A mean of 5 brings all: with a bias of -1 or 1 a third "
    "before the first step and half within 4 steps, with a bias of 5 half within 90. Try other data, "
    "and other seeds:": "一个随机种子只是一个故事。用 50 个种子来试：mean_value 为 1 时，准确率没有一次超过 99%；"
    "为 1.7 时，bias 为 -1、1、5 的分别有 27、29、21 次超过；为 5 时全都超过：bias 为 -1 或 1 时，有三分之一在第一步之前"
    "就已超过，一半在 4 步之内超过；bias 为 5 时，一半在 90 步之内超过。换些数据和种子再试：",
    "Homework: why can it tell two classes apart?": "作业：它为什么能分开两个类别？",
    "one point followed through the model, then all of them": "先跟着一个点走过模型，再看所有的点",
    "Why can logistic regression tell two classes apart at all? Follow one point. The model adds up "
    "z = w0·x0 + w1·x1 + b. Where z = 0 there is a straight line; on one side of it z is positive, "
    "on the other negative, and the farther away, the larger in size.": "逻辑回归究竟为什么能分开两个类别？跟着一个点看。"
    "模型算出 z = w0·x0 + w1·x1 + b。z = 0 的地方是一条直线；在它的一侧 z 为正，另一侧为负，离得越远，绝对值越大。",
    "The sigmoid p = 1/(1 + e^(-z)) then squeezes every z, however large, between 0 and 1. That is "
    "why p can be read as a probability: the probability of class 1.": "然后 S 形函数（sigmoid）"
    "p = 1/(1 + e^(-z)) 把每个 z，不管多大，都压到 0 和 1 之间。所以 p 可以当作概率来读：属于类别 1 的概率。",
    "Left: the plane, coloured by p; p = 0.5 is a straight line, p = 0.1 and p = 0.9 run beside it. "
    "Right: the same points on the sigmoid, class 0 low on the left, class 1 high on the right, cut "
    "at p = 0.5, which is z = 0.": "左：按 p 着色的平面；p = 0.5 是一条直线，p = 0.1 和 p = 0.9 在它两旁。"
    "右：同样的点落在 S 形曲线上，类别 0 在左下，类别 1 在右上，在 p = 0.5 即 z = 0 处分开。",
    "p is at least 0.5 exactly where z is at least 0, because the sigmoid only rises. So cutting at "
    "0.5 cuts the plane along the line z = 0: one class on each side. Training moves this line "
    "until the points lie on their sides, and makes the weights larger the surer it becomes, so "
    "that p changes more sharply across the line.": "S 形函数只升不降，所以 p 不小于 0.5 恰好就是 z 不小于 0。"
    "于是在 0.5 处分开，就是沿直线 z = 0 把平面切开：一侧一个类别。训练移动这条直线，直到各个点都在自己的一侧；"
    "模型越有把握，权重就越大，p 在直线附近也就变化得越急。",
    "It also says when it cannot: two classes that no straight line parts, such as a ring around a "
    "disc, need other inputs, for example the squares of the coordinates.": "由此也知道它什么时候做不到：没有直线能分开的"
    "两个类别，比如一个圆环围着一个圆盘，就需要别的输入，例如坐标的平方。",
    "The sigmoid only rises: its slope is p·(1 - p), which is never negative": "S 形函数只升不降：它的斜率是 "
    "p·(1 - p)，从不为负",
    "Linear regression in five steps": "线性回归五步走",
    "the same for a number instead of a class, and against the formula": "同样的五步，不求类别而求数值，再与公式对照",
    "The same five steps, for a number instead of a class. Twenty points lie around the line y = 2x "
    "+ 5, moved up or down by noise. The model is w·x + b without a sigmoid, because y may be any "
    "number; the loss is the mean of the squared distances.": "同样的五步，不过求的是数值而不是类别。二十个点在直线 "
    "y = 2x + 5 附近，被噪声上下移动。模型是 w·x + b，不要 S 形函数，因为 y 可以是任何数；损失是距离平方的平均。",
    "Left: twenty points and the line at iterations 0, 50 and 500; it starts level and ends among "
    "the points. Right: the loss falls from 280 to 0.93 and stays.": "左：二十个点，以及第 0、50、500 次迭代时的直线；"
    "它开始时是水平的，最后落在点中间。右：损失从 280 降到 0.93，然后不再变。",
    "The loss does not fall to 0: what is left is the noise, which no line can follow. Here one "
    "could do without training, since a formula gives the best line at once; that both agree is a "
    "good test. For logistic regression there is no such formula.": "损失不会降到 0：剩下的是噪声，没有直线能跟上它。"
    "其实这里可以不训练，因为有公式直接给出最好的直线；两者一致，是个很好的检验。逻辑回归就没有这样的公式。",
    "The slope of the squared distances, with two points": "距离平方的斜率：以两个点为例",
}

REGRESSIONS = {
    "A straight line, Wx + b, can be any number, large or small, of both signs. What is to be "
    "predicted often cannot: a price is positive, a probability lies between 0 and 1. So one does "
    "not set the line equal to the thing itself but to something made of it that can be any number "
    "too. The third of these regressions is the logistic one.": "一条直线 Wx + b 可以是任何数，可大可小，可正可负。要预测的东西却往往不行：价格是正的，概率在 0 和 1 之间。"
    "所以不让直线等于它本身，而让直线等于由它变来的、同样可以取任何数的东西。这三种回归中的第三种就是逻辑回归。",
    "From the log-odds to the sigmoid": "从对数几率到 S 形函数",
    "Of 100 days with p = 0.8 of rain, some 80 are wet and 20 dry: the odds p/(1 - p) are 4 to 1. Odds "
    "are positive; their logarithm is any number. Set it equal to the line and solve for p, one "
    "thing at a time:": "下雨的概率 p = 0.8，就是 100 天里有大约 80 天下雨、20 天不下：几率 p/(1 - p) 是 4 比 1。"
    "几率是正的，它的对数可以是任何数。让它等于直线，再解出 p，一次只做一件事：",
    "the log-odds are the line": "对数几率就是直线",
    "exponentiate both sides": "两边取 e 的指数",
    "times 1 − p": "两边乘以 1 − p",
    "multiply out": "展开",
    "every p to the left": "把含 p 的项移到左边",
    "factor out p": "提出 p",
    "divide by the sum": "两边除以这个和",
    "cancel: the sigmoid": "约分：S 形函数",
    "All three, trained on data drawn at random": "三种回归，都用随机生成的数据训练",
    "Above, points and what was learnt from them: a straight line, a curve that grows ever steeper, "
    "and a sigmoid between the classes at 0 and 1. Below, what is set equal to the line, y, ln y "
    "and ln(p/(1-p)): all three are straight.": "上排：数据点和从中学到的：一条直线、一条越来越陡的曲线，"
    "以及在类别 0 和 1 之间的 S 形曲线。下排：等于直线的东西，y、ln y 和 ln(p/(1-p))：三个都是直的。",
    "Apart from a factor of 2, all three slopes have one form: the error, times what went in. And W "
    "always says what one more unit of x does: it adds W to y; it multiplies y by e^W; it multiplies the odds "
    "by e^W.": "不计因子 2，三个斜率的形式相同：误差乘以输入。而 W 总是说明 x 增加一个单位会怎样：y 增加 W；y 乘以 e^W；"
    "几率乘以 e^W。",
    "The three regressions": "三种回归",
    "regression": "回归",
    "equal to Wx+b": "等于 Wx+b 的",
    "so y or p is": "所以 y 或 p 是",
    "when one uses it": "什么时候用",
    "slope of a point's loss by W": "一个点的损失对 W 的斜率",
    "linear": "线性回归",
    "y is any number, such as a temperature": "y 可以是任何数，例如气温",
    "log-linear": "对数线性回归",
    "y is positive and grows by a factor, such as a price or bacteria": "y 是正数，按倍数增长，例如价格或者细菌",
    "log-odds": "对数几率回归",
    "p is the probability of one of two classes, such as ill or healthy": "p 是两个类别之一的概率，例如患病或健康",
    "Three regressions": "三种回归放在一起",
    "linear, log-linear and log-odds side by side, and the algebra behind the sigmoid": "线性、对数线性、"
    "对数几率三种回归并排看，以及 S 形函数背后的代数",
}

MESSAGES: dict[str, str] = COMMAND | SETTINGS | PAGES | TAPE | MODELS | REGRESSIONS
