"""In Chinese: derivations: captions, notes, and what cannot be derived."""

from __future__ import annotations

__all__ = ["MESSAGES"]

MESSAGES: dict[str, str] = {
    # captions
    "chain rule": "链式法则",
    "local derivatives": "局部导数",
    "derivative": "求导",
    "simplify": "化简",
    "put back": "代回",
    "collect": "合并整理",
    "in terms of {name}": "用 {name} 表示",
    "the sum written out": "展开求和",
    "sum rule": "和的求导法则",
    "product rule": "乘积法则",
    "quotient rule": "商的求导法则",
    "power rule": "幂函数求导",
    "exponential rule": "指数函数求导",
    "case by case": "分段求导",
    "constant factor": "常数因子",
    "{caption}: {rules}": "{caption}：{rules}",
    # notes
    "The derivative is long, so it is shown by its parts: each line uses those above it.": (
        "导数较长，因此分部分给出：每一行用到它上面的各行。"
    ),
    "Each data point has an effect on what belongs to the others, so the derivative is shown by "
    "its parts: each line uses those above it.": (
        "每个数据点都会影响其他数据点的量，因此导数分部分给出：每一行用到它上面的各行。"
    ),
    "At this point {name} = {formula} has no value, so neither has the derivative.": (
        "在这一点，{name} = {formula} 没有定义，导数也就不存在。"
    ),
    "At this point the derivative of {name} is not finite.": "在这一点，{name} 的导数不是有限值。",
    "At this point two cases meet, so the number is a convention, the one that grad has.": (
        "这一点是两段的分界点，此处的数值只是约定，与 grad 的约定相同。"
    ),
    "At this point two cases meet. The number is that of the case written for this point; beside "
    "it the derivative may be another, and grad of grad may give a third.": (
        "这一点是两段的分界点。给出的数值属于式中包含这一点的那一段；"
        "在它旁边导数可能不同，对 grad 再求 grad 也可能得到别的值。"
    ),
    "At this point two cases meet. What is written holds beside it; here grad gives {value} by "
    "convention.": (
        "这一点是两段的分界点。上面写出的式子在它两侧成立；在这一点，grad 按约定给出 {value}。"
    ),
    "For the data points in order it is {values}.": "按数据点的顺序，其值为 {values}。",
    "{name} is the number of data points.": "{name} 是数据点的个数。",
    "There is no number at the end: no value was given for {names}.": (
        "最后没有数值：没有给出 {names} 的值。"
    ),
    # what cannot be derived
    "the formula depends on no variable, so there is nothing to derive by": (
        "公式不依赖任何变量，没有可以求导的变量"
    ),
    "a derivation is of a formula, as text, or of a Python function, not of {kind}": (
        "只能对文本形式的公式或 Python 函数写出推导，不能对 {kind}"
    ),
    "order is {order}, but 1 to {most} can be derived": "阶数为 {order}，只能求 1 到 {most} 阶导数",
    "the formula has one value for each data point; put sum( ) or mean( ) around it, or give "
    "{names} one value": (
        "公式对每个数据点各有一个值；请在外面加上 sum( ) 或 mean( )，或只给 {names} 一个值"
    ),
    "{name} has a value for each data point, so a second derivative by it is a matrix; derive by "
    "a variable with one value": (
        "{name} 对每个数据点各有一个值，对它的二阶导数是矩阵；请对只有一个值的变量求导"
    ),
    "the derivative is too long to be derived once more; ask for a lower order": (
        "导数太长，无法再次求导；请降低阶数"
    ),
    "{name} is a constant in formulas, not a variable; choose another name": (
        "{name} 在公式中是常数，不是变量；请换一个名字"
    ),
    "the lists have different lengths ({lengths}); each needs one value for each data point": (
        "各列表长度不同({lengths})；每个列表都要为每个数据点给出一个值"
    ),
    "{name} is given as {value}; give a finite number": "{name} 的值为 {value}；请给出有限的数",
    "{name} is given as {value}; give a number, or a list of numbers": (
        "{name} 的值为 {value}；请给出一个数，或一列数"
    ),
    "{name} is given an empty list; give a value for each data point": (
        "{name} 的列表是空的；请为每个数据点给出一个值"
    ),
    "{name} is given a table; give a number, or a list of numbers": (
        "{name} 的值是一个表；请给出一个数，或一列数"
    ),
    "{name} is given a value, but is no variable of the formula; it has {names}": (
        "给出了 {name} 的值，但它不是公式的变量；公式的变量有 {names}"
    ),
    "the formula has the variables {names}; say by which to derive (wrt)": (
        "公式有变量 {names}；请用 wrt 说明对哪一个求导"
    ),
    "{name} is no variable of the formula; did you mean {near}?": (
        "{name} 不是公式的变量；是否想写 {near}？"
    ),
    "{name} is no variable of the formula; it has {names}": (
        "{name} 不是公式的变量；公式的变量有 {names}"
    ),
    "the formula has the variables {names}; give their values by name, as in {given}": (
        "公式有变量 {names}；请按名字给出它们的值，例如 {given}"
    ),
    "the derivation of this formula could not be confirmed by numbers, so it is not shown; its "
    "slope can still be had from grad": (
        "这个公式的推导未能通过数值验证，因此不予显示；仍可用 grad 求出导数的值"
    ),
    "derivations do not know {function} here; write it with + - * / ** and the functions of "
    "formulas": "推导中不能使用 {function}；请用 + - * / ** 和公式中的函数来写",
    "the function asks whether a condition holds, which no derivation can tell before the numbers "
    "are known; write numpy.where(condition, a, b) instead of if": (
        "函数要判断条件是否成立，但在代入数值之前无法判断；请用 numpy.where(condition, a, b) 代替 if"
    ),
    "the function needs one of Python's own numbers where a derivation has a symbol; use NumPy's "
    "functions instead of those of math, and leave float( ) and int( ) out": (
        "函数需要 Python 的数，而推导中这里是符号；"
        "请用 NumPy 的函数代替 math 的函数，并去掉 float( ) 和 int( )"
    ),
    "the function takes a value apart, but a derivation is of single numbers": (
        "函数要把一个值拆开，但推导只处理单个的数"
    ),
    "a number of the formula is too large, or none at all": "公式中有一个数太大，或者不是数",
    "the formula has a value at none of the points tried, so its derivation cannot be checked; "
    "does it divide by zero, or take a root or logarithm of something negative?": (
        "在试过的各点上公式都没有定义，无法验证推导；是否除以了零，或者对负数取了根号或对数？"
    ),
    "{function} returned {kind}, but a derivation is of one number": (
        "{function} 返回了 {kind}，但推导的对象应是一个数"
    ),
    "{function} does not say which numbers it takes; derive a function of named parameters, such "
    "as lambda x, w: x*w": (
        "{function} 没有说明它的参数；请使用参数有名字的函数，例如 lambda x, w: x*w"
    ),
    "{name} is a constant in derivations; give the function's parameter another name": (
        "{name} 在推导中是常数；请给函数的参数换一个名字"
    ),
    "{function} cannot be read: run on symbols it raised {error}; it may use + - * / ** and the "
    "functions of NumPy that formulas have": (
        "无法读取 {function}：用符号运行时出现 {error}；"
        "可以使用 + - * / ** 以及公式中已有的 NumPy 函数"
    ),
    "the formula is too long for a derivation: {operations} operations, nested {depth} deep, are "
    "the most; give parts of it names (a = …; b = …), or ask for the slope alone": (
        "公式太长，无法写出推导：最多 {operations} 个运算、{depth} 层嵌套；"
        "请给其中的部分起名字(a = …; b = …)，或只求导数的值"
    ),
    "the formula divides by zero, whatever its variables are": "无论变量取何值，公式都除以零",
    "{formula} cannot be derived by its exponent: that takes the logarithm of its base, which must "
    "be greater than 0": "{formula} 不能对指数求导：这需要对底数取对数，而底数必须大于 0",
}
