"""What methods of tensors take, as PyTorch's error messages write it.

Each group is the names of methods and, set in, the ways to call them. A `!` stands before the only
way that is told of a method which has others, too. A method in place, whose name ends in `_`, takes
what the other one takes. Methods that take nothing are left out: they are the hot ones, and Python
itself says of them what is wrong.
"""

from __future__ import annotations

__all__ = ["ways_of"]

TABLE = """\
aminmax
    (*, int dim = None, bool keepdim = False)
copysign
    (Tensor other)
    (Number other)
cov
    (*, int correction = 1, Tensor fweights = None, Tensor aweights = None)
cummax cummin logcumsumexp
    (int dim)
diff
    (int n = 1, int dim = -1, Tensor prepend = None, Tensor append = None)
dist
    (Tensor other, Number p = 2)
bincount
    (Tensor weights = None, int minlength = 0)
float_power
    (Tensor exponent)
    (Number exponent)
fmax fmin gcd igamma igammac lcm ldexp logaddexp2 nextafter
    (Tensor other)
heaviside
    (Tensor values)
histc
    (int bins = 100, Number min = 0, Number max = 0)
mode
    (int dim = -1, bool keepdim = False)
mvlgamma
    (int p)
nan_to_num
    (float nan = None, float posinf = None, float neginf = None)
nanmean nansum
    (tuple of ints dim = None, bool keepdim = False, *, torch.dtype dtype = None)
nanmedian
    ()
    (int dim, bool keepdim = False)
nanquantile quantile
    (Tensor q, int dim = None, bool keepdim = False, *, str interpolation = "linear")
    (float q, int dim = None, bool keepdim = False, *, str interpolation = "linear")
polygamma
    (int n)
renorm
    (Number p, int dim, Number maxnorm)
add sub
    !(Tensor other, *, Number alpha = 1)
addcdiv addcmul
    !(Tensor tensor1, Tensor tensor2, *, Number value = 1)
addmm
    !(Tensor mat1, Tensor mat2, *, Number beta = 1, Number alpha = 1)
addmv
    !(Tensor mat, Tensor vec, *, Number beta = 1, Number alpha = 1)
all any
    ()
    (tuple of ints dim = None, bool keepdim = False)
    (int dim, bool keepdim = False)
allclose isclose
    (Tensor other, float rtol = 1e-05, float atol = 1e-08, bool equal_nan = False)
amax amin
    (tuple of ints dim = [], bool keepdim = False)
arctan2 atan2 equal expand_as hypot inner is_same_size logaddexp logical_and logical_or
logical_xor matmul maximum minimum mul reshape_as type_as vdot view_as
    (Tensor other)
argmax argmin
    (int dim = None, bool keepdim = False)
argsort sort
    (*, bool stable, int dim = -1, bool descending = False)
    (int dim = -1, bool descending = False)
baddbmm
    !(Tensor batch1, Tensor batch2, *, Number beta = 1, Number alpha = 1)
bernoulli_
    (Tensor p, *, torch.Generator generator = None)
    (float p = 0.5, *, torch.Generator generator = None)
bitwise_and bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor eq floor_divide fmod
ge greater greater_equal gt le less less_equal lt multiply ne not_equal remainder true_divide
xlogy
    (Tensor other)
    (Number other)
bmm mm
    (Tensor mat2)
bool byte cdouble cfloat char clone double float half int long short
    (*, torch.memory_format memory_format = None)
broadcast_to
    (tuple of ints size)
chunk
    (int chunks, int dim = 0)
clamp clip
    (Tensor min = None, Tensor max = None)
    (Number min = None, Number max = None)
clamp_max
    (Tensor max)
    (Number max)
clamp_min
    (Tensor min)
    (Number min)
copy_
    !(Tensor other, bool non_blocking = False)
count_nonzero
    (int dim = None)
    (tuple of ints dim)
cumprod cumsum
    (int dim, *, torch.dtype dtype = None)
diag tril triu
    (int diagonal = 0)
diagonal
    (int offset = 0, int dim1 = 0, int dim2 = 1)
div
    (Tensor other)
    (Tensor other, *, str rounding_mode)
    (Number other, *, str rounding_mode)
divide
    (Tensor other)
    (Tensor other, *, str rounding_mode)
    (Number other)
    (Number other, *, str rounding_mode)
dot
    (Tensor tensor)
expand
    (tuple of ints size, *, bool implicit = False)
fill_
    (Tensor value)
    (Number value)
flatten
    (int start_dim = 0, int end_dim = -1)
flip permute tile
    (tuple of ints dims)
gather
    (int dim, Tensor index, *, bool sparse_grad = False)
ger outer
    (Tensor vec2)
hsplit vsplit
    (int sections)
    (tuple of ints indices)
index_add
    (int dim, Tensor index, Tensor source, *, Number alpha = 1)
index_copy
    (int dim, Tensor index, Tensor source)
index_fill
    (int dim, Tensor index, Tensor value)
    (int dim, Tensor index, Number value)
index_put
    (tuple of Tensors indices, Tensor values, bool accumulate = False)
index_select
    (int dim, Tensor index)
kthvalue
    (int k, int dim = -1, bool keepdim = False)
lerp
    (Tensor end, Tensor weight)
    (Tensor end, Number weight)
log_softmax softmax
    (int dim, torch.dtype dtype = None)
logit
    (float eps = None)
logsumexp
    (tuple of ints dim, bool keepdim = False)
masked_fill
    (Tensor mask, Tensor value)
    (Tensor mask, Number value)
masked_select
    (Tensor mask)
max min
    ()
    (Tensor other)
    (int dim, bool keepdim = False)
mean sum
    (*, torch.dtype dtype = None)
    (tuple of ints dim, bool keepdim = False, *, torch.dtype dtype = None)
median
    ()
    (int dim, bool keepdim = False)
moveaxis movedim
    (int source, int destination)
    (tuple of ints source, tuple of ints destination)
mv
    (Tensor vec)
narrow
    (int dim, Tensor start, int length)
    (int dim, int start, int length)
new_ones new_zeros
    (tuple of ints size, *, object dtype = None, object device = None, bool requires_grad = False)
new_tensor
    (object data, *, torch.dtype dtype = None, object device = None, bool requires_grad = False)
nonzero
    ()
    (*, bool as_tuple)
normal_
    (float mean = 0.0, float std = 1.0, *, Generator generator = None)
numpy
    (*, bool force = False)
pow
    (Tensor exponent)
    (Number exponent)
prod
    (*, torch.dtype dtype = None)
    (int dim, bool keepdim = False, *, torch.dtype dtype = None)
random_
    (*, torch.Generator generator = None)
    (int from, int to, *, torch.Generator generator = None)
    (int to, *, torch.Generator generator = None)
repeat
    (tuple of ints repeats)
requires_grad_
    (bool requires_grad = True)
reshape
    (tuple of ints shape)
roll
    (tuple of ints shifts, tuple of ints dims = [])
rot90
    (int k = 1, tuple of ints dims = [0, 1])
round
    ()
    (*, int decimals)
scatter
    (int dim, Tensor index, Tensor src)
    (int dim, Tensor index, Tensor src, *, str reduce)
    (int dim, Tensor index, Number value)
    (int dim, Tensor index, Number value, *, str reduce)
scatter_add
    (int dim, Tensor index, Tensor src)
select
    (int dim, int index)
size stride
    (int dim = None)
squeeze
    ()
    (int dim)
    (tuple of ints dim)
std var
    (tuple of ints dim, bool unbiased = True, bool keepdim = False)
    (tuple of ints dim = None, *, Number correction = None, bool keepdim = False)
    (bool unbiased = True)
subtract
    (Tensor other, *, Number alpha = 1)
    (Number other, Number alpha = 1)
swapaxes
    (int axis0, int axis1)
swapdims transpose transpose_
    (int dim0, int dim1)
take
    (Tensor index)
take_along_dim
    (Tensor indices, int dim = None)
tensor_split
    (tuple of ints indices, int dim = 0)
    (Tensor tensor_indices_or_sections, int dim = 0)
    (int sections, int dim = 0)
topk
    (int k, int dim = -1, bool largest = True, bool sorted = True)
unbind
    (int dim = 0)
uniform_
    (float from = 0.0, float to = 1.0, *, Generator generator = None)
unsqueeze
    (int dim)
view
    (torch.dtype dtype)
    (tuple of ints size)
where
    (Tensor condition, Tensor other)
    (Tensor condition, Number other)
"""


def ways() -> dict[str, tuple[str, ...]]:
    """Return the ways to call each method of the table."""
    found: dict[str, tuple[str, ...]] = {}
    names: list[str] = []
    ended = True
    for line in TABLE.splitlines():
        if line.startswith(" "):
            found |= {name: (*found.get(name, ()), line.strip()) for name in names}
            ended = True
        else:
            names = line.split() if ended else names + line.split()
            ended = False
    return found


WAYS = ways()


def ways_of(method: str) -> tuple[str, ...]:
    """Return the ways to call a method, each in parentheses; none if the table lacks it.

    >>> ways_of("mul_")
    ('(Tensor other)',)
    """
    return WAYS.get(method) or WAYS.get(method.removesuffix("_"), ())
