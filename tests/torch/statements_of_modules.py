"""Statements about layers, losses, optimisers and functions of functions."""

from __future__ import annotations

from tests.torch.writer import MISTAKE, Writer, finite, floating, wanted

ACTIVATIONS = ["ReLU()", "Tanh()", "Sigmoid()", "GELU()", "ELU()", "LeakyReLU(0.1)", "SiLU()"]
ACTIVATIONS += ["Softplus()", "Softmax(dim=-1)", "LogSoftmax(dim=-1)", "Identity()", "PReLU()"]
ACTIVATIONS += ["Hardtanh()", "ReLU6()", "SELU()", "Softsign()", "LogSigmoid()", "Dropout(0.5)"]
FUNCTIONS = ["relu", "gelu", "elu", "silu", "softplus", "leaky_relu", "logsigmoid", "selu", "relu6"]
FUNCTIONS += ["hardtanh", "softsign", "tanhshrink", "softshrink", "mish", "celu", "hardswish"]
PAIRED = ["mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "binary_cross_entropy_with_logits"]
REDUCTIONS = ["", "", ", reduction='sum'", ", reduction='none'", ", reduction='mean'"]


def single(x: object) -> bool:
    return str(getattr(x, "dtype", "")) == "torch.float32"


def of_kind(w: Writer, kind: type) -> str | None:
    """The name of a module, or of an optimiser, that the program has."""
    names = [name for name, value in w.names.items() if isinstance(value, kind)]
    return w.one_of(names) if names else None


def layer(w: Writer, n: int) -> str:
    k = w.one_of([1, 2, 3])
    bias = w.one_of(["", "", ", bias=False"])
    how = [f"Linear({n}, {k}{bias})"] * 4 + [w.one_of(ACTIVATIONS)] * 3
    how += [f"LayerNorm({n}{w.one_of(['', ', elementwise_affine=False'])})", f"BatchNorm1d({n})"]
    how += [f"BatchNorm1d({n}, affine=False)", f"BatchNorm1d({n}, momentum=None)", "Flatten()"]
    return f"torch.nn.{w.one_of(how)}"


def network(w: Writer, n: int) -> str:
    middle, act = w.one_of([2, 3]), f"torch.nn.{w.one_of(ACTIVATIONS)}"
    last = w.one_of([f", torch.nn.Linear({middle}, 1)", "", f", torch.nn.LayerNorm({middle})"])
    return f"torch.nn.Sequential(torch.nn.Linear({n}, {middle}), {act}{last})"


def seeded(w: Writer, statement: str) -> str:
    return f"torch.manual_seed({w.one_of(range(9))}); {statement}"


def module(w: Writer) -> list[str] | None:
    """A module, and its first call."""
    a = w.pick(single, lambda x: x.ndim > 0)
    if a is None or not finite(w.names[a]):
        return None  # of inf gelu is nan in PyTorch, if there are several
    n = max(w.names[a].shape[-1:] or (1,))
    n = n if n and not w.chance(MISTAKE) else 2
    made = network(w, n) if w.chance(0.5) else layer(w, n)
    m = w.new()
    return [seeded(w, f"{m} = {made}"), seeded(w, f"{w.new()} = {m}({a})")]


def with_module(w: Writer) -> str | None:
    m = of_kind(w, w.torch.nn.Module)
    a = w.pick(single, lambda x: x.ndim > 0)
    if m is None or a is None or not finite(w.names[a]):
        return None
    how = [seeded(w, f"{w.new()} = {m}({a})")] * 6
    how += [f"{m}.eval()", f"{m}.train()", f"{m}.zero_grad()", f"{m}.requires_grad_(False)"]
    how += [f"{m}.zero_grad(set_to_none=False)", f"{w.new()} = [*{m}.state_dict().values()]"]
    how += [f"{w.new()} = {m}.weight", f"{w.new()} = [*{m}.parameters()]", f"{m}.requires_grad_()"]
    how += [f"{m}.load_state_dict({m}.state_dict())", f"{w.new()} = {m}.training"]
    how += [f"{w.new()} = [name for name, _ in {m}.named_parameters()]"]
    how += [f"{m}.register_forward_hook(lambda m, i, o: o * 2)"]
    how += [f"torch.nn.utils.clip_grad_norm_({m}.parameters(), {w.one_of([0.1, 1.0])})"]
    how += [f"{w.new()} = torch.nn.utils.parameters_to_vector({m}.parameters())"]
    how += [f"({m}({a}) ** 2).sum().backward()"] * 4
    return w.one_of(how)


def functional(w: Writer) -> str | None:
    a = w.pick(floating)
    if a is None:
        return None
    x, f = w.names[a], "torch.nn.functional"
    n = x.shape[-1] if x.ndim else 1
    names = FUNCTIONS if finite(x) else [name for name in FUNCTIONS if name != "gelu"]
    how = [f"{f}.{w.one_of(names)}({a})"] * 4
    how += [f"{f}.{w.one_of(['softmax', 'log_softmax', 'softmin'])}({a}, {w.axis(x)})"] * 2
    how += [f"{f}.layer_norm({a}, ({n},))", f"{f}.normalize({a}, dim={w.axis(x)})"]
    how += [f"{f}.dropout({a}, {w.one_of([0.0, 0.2, 0.5])})", f"{f}.glu({a})"]
    b = w.partner(a, lambda y: y.shape == x.shape)
    if b is not None:
        # Of whole numbers huber_loss raises late in PyTorch; at nan the slope of abs is 0 there.
        usual = floating(w.names[b]) and finite(x) and finite(w.names[b])
        pair = w.one_of([p for p in PAIRED if usual or p not in ("huber_loss", "l1_loss")])
        how += [f"{f}.{pair}({a}, {b}{w.one_of(REDUCTIONS)})"] * 4
        how += [f"{f}.cosine_similarity({a}, {b}, dim={w.axis(x)})"]
        how += [f"{f}.kl_div({a}, {b}{w.one_of(REDUCTIONS)})"]
    if x.ndim == 2 and n:
        target = [w.one_of(range(n)) for _ in range(x.shape[0])]
        name = w.one_of(["cross_entropy", "cross_entropy", "nll_loss", "multi_margin_loss"])
        how += [f"{f}.{name}({a}, torch.tensor({target}){w.one_of(REDUCTIONS)})"] * 4
        if not target and name == "multi_margin_loss":
            del how[-4:]  # of no rows PyTorch's mean is whatever stood in memory
    if x.ndim and x.shape[0]:
        places = [w.one_of(range(x.shape[0])) for _ in range(w.one_of([1, 2, 3]))]
        how += [f"{f}.embedding(torch.tensor({places}), {a})"]
        how += [f"{f}.one_hot(torch.tensor({places}), {x.shape[0]})"]
    return seeded(w, f"{w.new()} = {w.one_of(how)}")


# ------------------------------------------------------------------------------------ optimisers


def settings(w: Writer) -> tuple[str, str]:
    """An optimiser's name and its options."""
    lr = f"lr={w.one_of([0.5, 0.1, 0.01])}"
    options = {
        "SGD": ["momentum=0.9", "weight_decay=0.1", "momentum=0.9, nesterov=True", "maximize=True"],
        "Adam": ["weight_decay=0.1", "amsgrad=True", "betas=(0.5, 0.9)", "maximize=True"],
        "AdamW": ["weight_decay=0.1", "amsgrad=True", "eps=1e-3"],
        "RMSprop": ["momentum=0.9", "centered=True", "alpha=0.9", "weight_decay=0.1"],
        "Adagrad": ["lr_decay=0.1", "weight_decay=0.1", "initial_accumulator_value=0.1"],
    }
    name = w.one_of(list(options))
    return name, lr + "".join(f", {one}" for one in options[name][:3] if w.chance(0.25))


def optimiser(w: Writer) -> str | list[str] | None:
    m = of_kind(w, w.torch.nn.Module)
    a = w.pick(wanted, lambda x: x.is_leaf)
    if m is not None and w.chance(0.6):
        given = f"{m}.parameters()"
    elif a is not None:
        given = f"[{a}]"
    else:
        return None
    name, options = settings(w)
    return f"{w.new()} = torch.optim.{name}({given}, {options})"


def training(w: Writer) -> str | None:
    o = of_kind(w, w.torch.optim.Optimizer)
    if o is None:
        return None
    group = f"{o}.param_groups[0]"
    how = [f"{o}.step()"] * 4 + [f"{o}.zero_grad()"] * 2
    how += [
        f"{o}.zero_grad(set_to_none=False)",
        f"{group}['lr'] = 0.05",
        f"{w.new()} = {group}['lr']",
    ]
    how += [f"{w.new()} = sorted({o}.state_dict())", f"{o}.load_state_dict({o}.state_dict())"]
    schedule = w.one_of(
        ["StepLR({}, 1, 0.5)", "ExponentialLR({}, 0.9)", "LambdaLR({}, lambda k: 0.9**k)",
         "CosineAnnealingLR({}, 4)", "MultiStepLR({}, [1, 2])", "LinearLR({}, 0.5, 1.0, 3)"]
    )  # fmt: skip
    how += [f"s = torch.optim.lr_scheduler.{schedule.format(o)}"] * 2
    if "s" in w.names:
        how += ["s.step()"] * 4 + [f"{w.new()} = s.get_last_lr()"]
    loss = f"sum((p * p).sum() for p in {group}['params'])"
    how += [f"for _ in range(3): {o}.zero_grad(); {loss}.backward(); {o}.step()"] * 4
    how += [f"({loss}).backward()"] * 3
    return w.one_of(how)


# ------------------------------------------------------------------------ functions of functions

# PyTorch lays the examples out in an order that each operation chooses: not compared.
ROWS = ".clone(memory_format=torch.contiguous_format)"


def inside(w: Writer, a: str) -> str:
    """The body of a function of `t`, which stands for `a` or a row of it: numbers of its shape."""
    b = w.one_of([w.number(), w.partner(a, floating, lambda x: not x.requires_grad) or "t", "t"])
    how = [f"t * {b}", f"t.sin() * {b}", "t.exp()", "t * t", f"torch.tanh(t + {b})", "t ** 3"]
    how += ["torch.sigmoid(t)", f"(t - {b}) ** 2", "t / (t * t + 1)", "torch.nn.functional.gelu(t)"]
    return w.one_of(how)


def functions(w: Writer) -> str | None:
    a = w.pick(floating, lambda x: 0 < x.numel() < 13)  # of none, chunks fail in PyTorch
    if a is None or not w.names[a].numel():
        return None
    body, f = inside(w, a), "torch.func"
    number = f"lambda t: ({body}).{w.one_of(['sum', 'sum', 'mean'])}()"
    same = f"lambda t: {body}"
    how = [f"{f}.grad({number})({a})"] * 3 + [f"{f}.grad_and_value({number})({a})"]
    how += [f"{f}.jacrev({same})({a}){ROWS}", f"{f}.vjp({same}, {a})[1](torch.ones_like({a}))"]
    tame = all(finite(w.names[name]) for name in w.tensors())
    if w.names[a].ndim and not wanted(w.names[a]) and tame:  # 0 * nan is met in another order
        # Of a number PyTorch's forward mode may be float64; and its results lead nowhere, or are
        # views of several.
        how += [f"{f}.jacfwd({same})({a}){ROWS}", f"{f}.hessian({number})({a}){ROWS}"]
        how += [f"{f}.jvp({same}, ({a},), (torch.ones_like({a}),))"]
        how += [f"{f}.linearize({same}, {a})[1](torch.ones_like({a}))"]
    if w.names[a].ndim:
        row = w.one_of(["t.sin()", "t * 2", "t.sum()", "t * t", "t.mean()", "torch.softmax(t, -1)"])
        dims = w.one_of(["", "", ", in_dims=-1", ", out_dims=-1", ", chunk_size=1"])
        how += [f"{f}.vmap(lambda t: {row}{dims})({a}){ROWS}"] * 3
        how += [f"{f}.vmap({f}.grad(lambda t: (t * t.cos()).sum()){dims})({a}){ROWS}"] * 2
        how += [f"{f}.vmap({f}.jacrev(lambda t: t * t), chunk_size=2)({a}){ROWS}"]
        how += [f"{f}.grad(lambda t: {f}.vmap(lambda r: (r * r).sum())(t).sum())({a})"]
        how += [
            f"torch.vmap(torch.dot)({a}, {a} * 1)",
            f"{f}.vmap(lambda t: t if t.sum() > 0 else -t)({a})",
        ]
    how += [f"{f}.vmap(lambda t: t.item())({a})"]
    return f"{w.new()} = {w.one_of(how)}"
