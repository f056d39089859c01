"""What methods of tensors take, as PyTorch's error messages write it.

Each group is the names of methods and, set in, the ways to call them. A `!` stands before the only
way that is told of a method which has others, too. A method in place, whose name ends in `_`, takes
what the other one takes. Methods that take nothing are left out: they are the hot ones, and Python
itself says of them what is wrong.
"""

from __future__ import annotations

__all__ = ["ways_of"]

TABLE = """\
add sub
    !(Tensor other, *, Number alpha = 1)
addbmm
    !(Tensor batch1, Tensor batch2, *, Number beta = 1, Number alpha = 1)
addcdiv addcmul
    !(Tensor tensor1, Tensor tensor2, *, Number value = 1)
addmm
    !(Tensor mat1, Tensor mat2, *, Number beta = 1, Number alpha = 1)
addmv
    !(Tensor mat, Tensor vec, *, Number beta = 1, Number alpha = 1)
addr
    !(Tensor vec1, Tensor vec2, *, Number beta = 1, Number alpha = 1)
all any
    ()
    (tuple of ints dim = None, bool keepdim = False)
    (int dim, bool keepdim = False)
allclose isclose
    (Tensor other, float rtol = 1e-05, float atol = 1e-08, bool equal_nan = False)
amax amin
    (tuple of ints dim = [], bool keepdim = False)
aminmax
    (*, int dim = None, bool keepdim = False)
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
bincount
    (Tensor weights = None, int minlength = 0)
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
cauchy_
    (float median = 0, float sigma = 1, *, torch.Generator generator = None)
cholesky
    (bool upper = False)
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
copysign
    (Tensor other)
    (Number other)
count_nonzero
    (int dim = None)
    (tuple of ints dim)
cov
    (*, int correction = 1, Tensor fweights = None, Tensor aweights = None)
cross
    (Tensor other, int dim = None)
cummax cummin logcumsumexp
    (int dim)
cumprod cumsum
    (int dim, *, torch.dtype dtype = None)
diag tril triu
    (int diagonal = 0)
diag_embed
    (int offset = 0, int dim1 = -2, int dim2 = -1)
diagflat
    (int offset = 0)
diagonal
    (int offset = 0, int dim1 = 0, int dim2 = 1)
diagonal_scatter
    (Tensor src, int offset = 0, int dim1 = 0, int dim2 = 1)
diff
    (int n = 1, int dim = -1, Tensor prepend = None, Tensor append = None)
dist
    (Tensor other, Number p = 2)
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
exponential_
    (float lambd = 1, *, torch.Generator generator = None)
fill_
    (Tensor value)
    (Number value)
fill_diagonal_
    (Number fill_value, bool wrap = False)
flatten
    (int start_dim = 0, int end_dim = -1)
flip permute tile
    (tuple of ints dims)
float_power
    (Tensor exponent)
    (Number exponent)
fmax fmin gcd igamma igammac lcm ldexp logaddexp2 nextafter
    (Tensor other)
gather
    (int dim, Tensor index, *, bool sparse_grad = False)
geometric_
    (float p, *, torch.Generator generator = None)
ger outer
    (Tensor vec2)
heaviside
    (Tensor values)
histc
    (int bins = 100, Number min = 0, Number max = 0)
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
kron
    (Tensor other)
kthvalue
    (int k, int dim = -1, bool keepdim = False)
lerp
    (Tensor end, Tensor weight)
    (Tensor end, Number weight)
log_normal_
    (float mean = 1, float std = 2, *, torch.Generator generator = None)
log_softmax softmax
    (int dim, torch.dtype dtype = None)
logit
    (float eps = None)
logsumexp
    (tuple of ints dim, bool keepdim = False)
masked_fill
    (Tensor mask, Tensor value)
    (Tensor mask, Number value)
masked_scatter
    (Tensor mask, Tensor source)
masked_select
    (Tensor mask)
matrix_power
    (int n)
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
mode
    (int dim = -1, bool keepdim = False)
moveaxis movedim
    (int source, int destination)
    (tuple of ints source, tuple of ints destination)
multinomial
    (int num_samples, bool replacement = False, *, torch.Generator generator = None)
mv
    (Tensor vec)
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
pinverse
    (float rcond = 1e-15)
polygamma
    (int n)
pow
    (Tensor exponent)
    (Number exponent)
prod
    (*, torch.dtype dtype = None)
    (int dim, bool keepdim = False, *, torch.dtype dtype = None)
put
    (Tensor index, Tensor source, bool accumulate = False)
qr
    (bool some = True)
random_
    (*, torch.Generator generator = None)
    (int from, int to, *, torch.Generator generator = None)
    (int to, *, torch.Generator generator = None)
renorm
    (Number p, int dim, Number maxnorm)
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
select_scatter
    (Tensor src, int dim, int index)
size stride
    (int dim = None)
slice_scatter
    (Tensor src, int dim = 0, int start = None, int end = None, int step = 1)
split_with_sizes
    (tuple of ints split_sizes, int dim = 0)
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
sum_to_size
    (tuple of ints size)
svd
    (bool some = True, bool compute_uv = True)
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
unfold
    (int dimension, int size, int step)
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
