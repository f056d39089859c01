"""In Chinese: statements, how derivations are laid out, and `chainrule derive`."""

from __future__ import annotations

__all__ = ["MESSAGES"]

MESSAGES: dict[str, str] = {
    # formulas/statements.py
    "there are {count} statements; {most} are the most that are read": (
        "共有 {count} 条语句；最多只读 {most} 条"
    ),
    "line {line}: {mistake}": "第 {line} 行：{mistake}",
    '"{name}" at position {position} is used before it is given; put the statement {name} = … '
    "first": "第 {position} 个字符处的“{name}”在定义之前就被使用；请把语句 {name} = … 放到前面",
    '"{name}" at position {position} stands in its own formula; give the result another name': (
        "第 {position} 个字符处的“{name}”出现在它自己的公式里；请给结果换一个名字"
    ),
    '"{formula}" at position {position} has no name, so nothing can use it; write a name before '
    "it, as in a = {formula}": (
        "第 {position} 个字符处的“{formula}”没有名字，后面无法使用；"
        "请在前面写上名字，例如 a = {formula}"
    ),
    '"{name}" at position {position} cannot be a name; write one such as z before the =': (
        "第 {position} 个字符处的“{name}”不能作名字；请在 = 前写一个名字，例如 z"
    ),
    '"{name}" at position {position} has a meaning in formulas already; choose another name': (
        "第 {position} 个字符处的“{name}”在公式中已有含义；请换一个名字"
    ),
    '"{name}" at position {position} is given a second time; choose another name': (
        "第 {position} 个字符处的“{name}”被第二次定义；请换一个名字"
    ),
    '"{name}" at position {position} is given here and has values already; leave out one of the '
    "two": "第 {position} 个字符处定义的“{name}”已经给了数值；请去掉其中一个",
    "{formula} adds over rows, and nothing inside has rows; give a variable several values, such "
    "as x=[1,2]": (
        "{formula} 要对各行求和，但里面没有按行取值的变量；请给某个变量多个值，例如 x=[1,2]"
    ),
    "{name} is given and never used; take its statement out, or use it in a later one": (
        "定义了 {name} 却没有用到；请去掉这条语句，或在后面的语句中使用它"
    ),
    # derivation/writing
    "there is no alphabet {alphabet}; choose one of {known}": (
        "没有名为 {alphabet} 的字符集；可选：{known}"
    ),
    "if": "若",
    "otherwise": "其他",
    # derivation/worked.py
    "the lines cannot be checked: their first relation was solved at too few of the points tried": (
        "无法检验各行：在所试的点中，能解出第一个关系式的太少"
    ),
    "the first line has no left side; give it one": "第一行没有左边；请写上左边",
    "the sign {sign} of line {number} is neither = nor ≈": (
        "第 {number} 行的符号 {sign} 既不是 = 也不是 ≈"
    ),
    "line {number} does not follow: {line} is not so where the first line holds, as at {point}": (
        "第 {number} 行推不出来：第一行成立时 {line} 并不成立，例如在 {point} 处"
    ),
    "{name} stands in a line, but neither in the first nor in what is given": (
        "某一行中出现了 {name}，但它既不在第一行，也不在已知条件中"
    ),
    # cli/derive.py
    "write how a derivative is found, line by line": "逐行写出求导的过程",
    "Write the derivation of the derivative of a formula as a course writes it: values named in "
    "order, the chain rule, each local derivative, simplified step by step, and numbers if they "
    "are given. The formula may be several statements; their names then decide the steps. sum( ) "
    "and mean( ) go over the values of a variable that has several.": (
        "像课本一样写出公式的求导过程：依次给中间值命名，写出链式法则和各个局部导数，逐步化简，"
        "给出数值时再代入数值。公式可以是几条语句，这时由它们的名字决定步骤。"
        "sum( ) 与 mean( ) 遍历有多个值的变量。"
    ),
    'such as "x*exp(-x)", or statements: "a = x+1; a*x"': (
        '例如 "x*exp(-x)"，或几条语句："a = x+1; a*x"'
    ),
    "the variable to differentiate by (needed where there are several)": (
        "对哪个变量求导（有多个变量时必须给出）"
    ),
    "numbers for the variables, such as x=2,w=pi/2; several for rows: x=[1,2,3]": (
        "变量的数值，例如 x=2,w=pi/2；按行取多个值：x=[1,2,3]"
    ),
    "which derivative: 2 for that of the derivative, and so on (default: 1)": (
        "第几阶导数：2 表示导数的导数，依此类推（默认：1）"
    ),
    "how it is written (default: text, or as the ending of --out says)": (
        "书写格式（默认：text，或由 --out 的扩展名决定）"
    ),
    "write the derivation to this file": "把推导写入该文件",
    "draw the graph of the values and their derivatives (.svg, .png, .html, .dot)": (
        "画出各个值及其导数的计算图（.svg、.png、.html、.dot）"
    ),
    "deriving": "推导",
    "Wrote the derivation to {path}.": "已将推导写入 {path}。",
    "--order: {text} is not a whole number of at least 1": "--order：{text} 不是至少为 1 的整数",
    "--at: {name} has a value already": "--at：{name} 已经有值了",
    "--at: {text} gives no name a value; write such as x=2,w=1": (
        "--at：{text} 没有给任何变量赋值；请写成 x=2,w=1 这样"
    ),
    "--at: {name} has no value; write such as {name}=2": (
        "--at：{name} 没有值；请写成 {name}=2 这样"
    ),
    "--at: several values of {name} go in brackets: {name}=[{text}]": (
        "--at：{name} 的多个值要放在方括号里：{name}=[{text}]"
    ),
    "--at: the value of {name}: {mistake}": "--at：{name} 的值：{mistake}",
    "--at: {name} is {number}; give a finite number": "--at：{name} 是 {number}；请给出有限的数",
    # formulas/misreadings.py
    '"{name}" at position {position} cannot be a name here; choose another': (
        "第 {position} 个字符处的“{name}”在这里不能作名字；请换一个"
    ),
}
