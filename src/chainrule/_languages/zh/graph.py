"""In Chinese: pictures of graphs, and walking through them."""

from __future__ import annotations

__all__ = ["MESSAGES"]

MESSAGES: dict[str, str] = {
    # Drawing graphs.
    "The graph of a computation": "计算图",
    "There is nothing in this graph.": "这张图是空的。",
    "differentiated by": "求导的变量",
    "constant": "常数",
    "operation": "运算",
    "output": "输出",
    "several values in one": "合并的多个值",
    "value, computed forward": "前向计算的值",
    "gradient, flowing back": "反向传播的梯度",
    "backward has not run: no gradients yet": "尚未反向传播：还没有梯度",
    "{count} of the {total} values are not drawn one by one, but stand together in stacks of "
    "cards.": "共 {total} 个值，其中 {count} 个没有逐个画出，而是合并为叠放的卡片。",
    "Where edges lie close, what flows back is said when one is pointed at.": (
        "边过密处不标注回传的梯度；把指针移到边上即可看到。"
    ),
    "{first} to {last}": "{first} 至 {last}",
    "{times} more like {name}": "再有 {times} 个，同 {name}",
    "{times} more like {first} to {last}": "再有 {times} 组，同 {first} 至 {last}",
    "{count} values": "{count} 个值",
    "{what}: {said}": "{what}：{said}",
    "sum of {count}: {total}": "{count} 项之和：{total}",
    "Back from {user} to {node}: {flow}.": "从 {user} 传回 {node}：{flow}。",
    "{count} gradients": "{count} 个梯度",
    "the picture cannot have {scale} pixels for each of its units: that makes {pixels:.3g} pixels "
    "in all; choose a scale above 0, and not too large": (
        "图片无法按每单位 {scale} 像素绘制：总共将有 {pixels:.3g} 个像素；请选大于 0 且不太大的比例"
    ),
    "two nodes of the graph have the same key; give each node one of its own": (
        "图中有两个节点的 key 相同；请让每个节点的 key 各不相同"
    ),
    "the graph's node {key} is used by {user}, which does not come after it; list the nodes in "
    "the order of computation": "节点 {key} 被 {user} 使用，后者却没有排在它之后；请按计算顺序列出节点",
    # Reading and stepping through graphs.
    "The graph of {what}": "{what} 的计算图",
    "the point gives {name} {what}, which is no number": "该点给 {name} 的 {what} 不是一个数",
    "Gradients are those of the sum of all outputs.": "所示梯度是全部输出之和的梯度。",
    "The output is an array: gradients are those of the sum of its elements.": (
        "输出是数组：所示梯度是其各元素之和的梯度。"
    ),
    "wrt names {name}, which is not among what the graph begins with: {leaves}": (
        "wrt 中的 {name} 不是这张图的起点；图的起点有：{leaves}"
    ),
    "what {f} returned": "{f} 的返回值",
    "what {f} returned does not depend on its arguments by any step": (
        "{f} 的返回值没有经过任何一步依赖于它的参数"
    ),
    "{f} was given no numbers to differentiate by; pass it numbers, or arrays of floats: arrays of "
    "integers count as indices": "传给 {f} 的参数中没有可以求导的数；请传入数或浮点数组：整数数组视为下标",
    "names gives each name its tensor, but {name} is of type {kind}": (
        "names 应给每个名字一个张量，但 {name} 的类型是 {kind}"
    ),
    'names of tensors are a dict: names={{"x": x, "w": w}}': (
        '张量的名字用字典给出：names={{"x": x, "w": w}}'
    ),
    "names of a function's arguments are a list of texts, as long as the arguments: {count}": (
        "函数参数的名字用文字列表给出，个数与参数相同：{count} 个"
    ),
    "draw several tensors by giving them as one tuple: draw_graph((y, z))": (
        "要画几个张量，请把它们作为一个元组给出：draw_graph((y, z))"
    ),
    (
        "this tensor has no graph: nothing that it was computed from requires a gradient "
        "(requires_grad=True), or it was computed under no_grad() or detached"
    ): (
        "这个张量没有计算图：参与计算的张量都不需要梯度（requires_grad=True），"
        "或者它是在 no_grad() 下算出的，或已被 detach"
    ),
    (
        "this tensor is a leaf: no operation made it, so there is no graph yet; draw what is "
        "computed from it"
    ): "这个张量是叶子：它不是由运算得到的，所以还没有计算图；请画由它算出的张量",
    (
        "this is a tensor of PyTorch's own; draw_graph reads those of chainrule.torch: run the "
        "program with `python -m chainrule run`, or import chainrule.torch as torch"
    ): (
        "这是 PyTorch 自己的张量；draw_graph 读的是 chainrule.torch 的张量："
        "请用 `python -m chainrule run` 运行程序，或者 import chainrule.torch as torch"
    ),
    (
        "a plain {kind} has no graph: it does not remember how it was computed; give the function "
        "and its arguments: draw_graph(f, x)"
    ): "普通的 {kind} 没有计算图：它不记得自己是怎样算出的；请给出函数和参数：draw_graph(f, x)",
    (
        "draw_graph draws tensors, functions with their arguments, and derivations, but was given "
        "something of type {kind}"
    ): "draw_graph 可以画张量、带参数的函数和推导过程，但得到的是 {kind} 类型的对象",
    "backward has not run": "尚未反向传播",
    "gradients computed for this picture; .grad is as it was": (
        "梯度是为这张图计算的；.grad 没有变化"
    ),
    "gradients are those of the sum of the output's elements": "所示梯度是输出各元素之和的梯度",
    (
        "backward has freed what the graph kept, and leaves are shown as they are now: to see all "
        "that flows, draw it before, with gradients=True"
    ): (
        "反向传播已释放计算图保存的数值，叶子按现在的值显示：要看到全部回传的梯度，请在此之前用 gradients=True 画图"
    ),
    (
        "nothing was freed: .grad is of a pass that retained the graph, or of an earlier one that "
        "brought the same"
    ): "计算图没有被释放：.grad 来自保留了计算图的反向传播，或来自更早的、结果相同的一次",
    "some numbers were written to since: they are shown as they are now": (
        "有些数值此后被改写：这里显示的是现在的值"
    ),
    ".grad is {grad}, of earlier passes": ".grad 为 {grad}，来自以前的反向传播",
    ".grad is {grad}, not of this pass alone": ".grad 为 {grad}，不只来自这一次反向传播",
    ".grad is {grad}: {times} passes added up": ".grad 为 {grad}：{times} 次反向传播累加而成",
    "no point was given, so there are no numbers": "没有给出取值点，所以没有数值",
    "the point says nothing of {names}; give each a number": "取值点中缺少 {names}；请给每个一个数",
    "the point has lists of {sizes} values, but each data point has one in each": (
        "取值点中的列表分别有 {sizes} 个值，但每个数据点在每个列表中应各有一个"
    ),
    "hooks were not called for this picture": "为画这张图没有调用钩子函数",
    "gradients are left out": "未画出梯度",
    "the point of a derivation is one dict: draw_graph(d, {example})": (
        "推导的取值点是一个字典：draw_graph(d, {example})"
    ),
    "start": "开始",
    "forward": "前向传播",
    "backward": "反向传播",
    "end": "结束",
    "What goes in: {values}.": "输入：{values}。",
    "{line}: its value is not known.": "{line}：它的值未知。",
    "The way back starts at the output: {values}.": "反向传播从输出开始：{values}。",
    "{flow} flows back from {user} to {node}.": "{flow}，从 {user} 回传到 {node}。",
    "All of it together: {total}.": "全部加起来：{total}。",
    "{node} has {total} so far.": "{node} 目前得到 {total}。",
    "The gradients: {values}.": "得到的梯度：{values}。",
    "walk through the graph": "逐步浏览计算图",
    "to the start": "回到开头",
    "one step back": "后退一步",
    "one step forward": "前进一步",
    "to the end": "跳到结尾",
    "step {n} of {last}": "第 {n} 步，共 {last} 步",
    "All steps": "全部步骤",
    "Keys: ← → step, Home and End, space plays and pauses.": (
        "按键：← → 逐步移动，Home、End 到首尾，空格播放或暂停。"
    ),
    "Without JavaScript the picture is shown whole; the steps are listed below.": (
        "没有 JavaScript 时显示完整的图；各步骤列在下面。"
    ),
    "draw_graph runs {f} with the arguments given after it, which do not fit: {error}": (
        "draw_graph 用随后给出的参数运行 {f}，但这些参数不合适：{error}"
    ),
    "{path} does not say what to write; end it in .svg, .png, .dot or .html": (
        "{path} 没有说明要写什么；文件名请以 .svg、.png、.dot 或 .html 结尾"
    ),
}
