"""In Chinese: the commands: their help, options and what they print."""

from __future__ import annotations

__all__ = ["MESSAGES"]

MESSAGES: dict[str, str] = {
    # All commands together.
    "there is no language {lang} here; choose one of {known}": "这里没有语言 {lang}；可选的有 {known}",
    "From the slope of a formula to a model trained on a table.": "从一个公式的斜率，到一张表格训练出的模型。",
    "usage: ": "用法： ",
    "arguments": "参数",
    "options": "选项",
    "commands": "命令",
    "options of every command": "所有命令共有的选项",
    "example:": "例子：",
    "examples:": "例子：",
    "show this help and stop": "显示这份帮助后退出",
    "the language of what is printed (default: the system's, or en)": "输出所用的语言（默认：系统的语言，否则为 en）",
    "print only what was asked for: no notes, no hints": "只输出所求的结果，不输出说明和提示",
    "tell on standard error what is done, and how long it takes": "在标准错误输出中说明做了什么、用时多久",
    "print one JSON object for programs, with all digits": "输出一个供程序读取的 JSON 对象，数字不舍入",
    "print the version and stop": "显示版本号后退出",
    "chainrule (run from its sources, not installed)": "chainrule（直接由源代码运行，未安装）",
    "{message}; see {command} --help": "{message}；参见 {command} --help",
    "chainrule {command} has no answer in JSON; leave out --json": "chainrule {command} 没有 JSON 形式的输出；请去掉 --json",
    "--quiet and --verbose contradict each other; leave one out": "--quiet 与 --verbose 相互矛盾；请去掉其中一个",
    "interrupted by Ctrl-C; nothing was left half-written.": "已被 Ctrl-C 中断；没有留下写了一半的文件。",
    "chainrule: note:": "chainrule: 提示：",
    "{what}: {seconds} s": "{what}：{seconds} 秒",
    # What argparse says.
    "argument {name}: {message}": "参数 {name}：{message}",
    "the following arguments are required: {names}": "缺少必需的参数：{names}",
    "unrecognized arguments: {names}": "无法识别的参数：{names}",
    "expected one argument": "后面应有一个值",
    "expected at least one argument": "后面至少应有一个值",
    "invalid choice: {value} (choose from {choices})": "没有 {value} 这一项（可选：{choices}）",
    "invalid choice: {value}, maybe you meant {near}? (choose from {choices})": "没有 {value} 这一项，是否想写 {near}？（可选：{choices}）",
    "ambiguous option: {option} could match {options}": "选项 {option} 不明确，可能是 {options}",
    "ignored explicit argument {value}": "这个选项不带值，却给了 {value}",
    # What the operating system refuses.
    "{path} cannot be used: {reason}": "无法使用 {path}：{reason}",
    "the operating system refused: {reason}": "操作系统拒绝了这一操作：{reason}",
    "No such file or directory": "没有这个文件或文件夹",
    "No such folder": "没有这个文件夹",
    "Permission denied": "权限不够",
    "Operation not permitted": "不允许这样操作",
    "Is a directory": "这是一个文件夹",
    "Not a directory": "这不是文件夹",
    "File exists": "文件已经存在",
    "File name too long": "文件名太长",
    "Filename too long": "文件名太长",
    "Invalid argument": "参数无效",
    "No space left on device": "磁盘空间已满",
    "Disk quota exceeded": "超出了磁盘配额",
    "Read-only file system": "文件系统是只读的",
    "Too many open files": "打开的文件太多",
    "Input/output error": "读写出错",
}
