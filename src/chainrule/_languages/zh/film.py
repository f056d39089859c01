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
    "the seed is {value}; give a whole number from 0 on": "随机种子为 {value}；请给出非负整数",
    "{count} iterations are no training; give at least 1": "迭代 {count} 次谈不上训练；请至少迭代 1 次",
}
