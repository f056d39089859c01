"""In Chinese: formulas and what is wrong with them."""

from __future__ import annotations

__all__ = ["MESSAGES"]

MESSAGES: dict[str, str] = {
    "the formula is empty; write one such as tanh(x)": "公式是空的；请写一个公式，例如 tanh(x)",
    "the formula has {length} characters; {most} are the most that are read": "公式有 {length} 个字符；最多读取 {most} 个",
    "the formula is nested too deeply to be read; use fewer parentheses": "公式嵌套太深，无法读取；请少用几层括号",
    '"{part}" at position {position} {what}': "第 {position} 个字符处的“{part}”{what}",
    "; write {instead}": "；请写成 {instead}",
    " (did you mean {near}?)": "（是否想写 {near}？）",
    " and ": " 和 ",
    "is not in the grammar of formulas": "不在公式的语法之中",
    "is not in the grammar of formulas; write only what stands on its right": "不在公式的语法之中；请只写它右边的部分",
    'closes nothing; take it out, or write a "("': "没有与之配对的“(”；请去掉它，或补上“(”",
    'is never closed; write a ")"': "没有配对；请补上“)”",
    "lacks an operator": "缺少运算符",
    "lacks an operator; write * to multiply": "缺少运算符；相乘请写 *",
    "cannot stand there": "不能出现在那里",
    '"{text}" ends where a number or a name should follow': "“{text}”没有写完，后面应有一个数或名称",
    "is a variable; none can stand here": "是变量；这里不能有变量",
    "is a variable beside {kept}; no more than {count} can stand here": "是 {kept} 之外的又一个变量；这里最多只能有 {count} 个",
    "compares more than two; use one where( ) for each": "比较了两个以上的数；每次比较请各用一个 where( )",
    "has a dot; write {name} without what stands before it": "带有点号；请只写 {name}，去掉它前面的部分",
    "names an argument; write the values alone": "写了参数名；请只写值",
    "is too large; numbers go up to 1.8e308": "太大；数最大到 1.8e308",
    "is a function; write {name}( ) around its argument": "是函数；请写成 {name}( )，括号里是自变量",
    "is not a function; write {name}*( ) to multiply": "不是函数；相乘请写 {name}*( )",
    "is not a function known here; did you mean {near}?": "不是这里认识的函数；是否想写 {near}？",
    "is not a function known here; known are {known}": "不是这里认识的函数；认识的有 {known}",
    "has {count} values inside": "的括号里有 {count} 个值",
    "; {name} takes {number}": "；{name} 需要 {number} 个",
    "is not a condition; write a comparison such as x > 0": "不是条件；请写一个比较式，例如 x > 0",
    "is a comparison; it can only be the condition of where( )": "是比较式；它只能作 where( ) 的条件",
    ", ": "、",
}
