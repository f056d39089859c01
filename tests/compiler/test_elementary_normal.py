"""The normal distribution of printed Numba sources, against numbers of fifty digits, rounded."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

pytest.importorskip("numba", reason="the functions are compiled by Numba")

from numba import njit

from chainrule.compiler.kernels import elementary

both = pytest.mark.parametrize("dtype", [np.float64, np.float32])

X = [-1e20, -37.5, -25.0, -6.25, -1.0, -0.51, -1e-9, 0.0]
X += [1e-300, 0.3, 0.5, 0.75, 1.5, 3.0, 5.5, 8.0, 26.0, 1e20]
RIGHT = {
    "erf": """
    -1.0 -1.0 -1.0 -1.0 -0.8427007929497149 -0.5292436198411704 -1.1283791670955127e-09 0.0
    1.1283791670955126e-300 0.3286267594591274 0.5204998778130465 0.7111556336535151
    0.9661051464753108 0.9999779095030014 0.9999999999999927 1.0 1.0 1.0
""",
    "erfc": """
    2.0 2.0 2.0 2.0 1.8427007929497148 1.5292436198411705 1.0000000011283792 1.0 1.0
    0.6713732405408726 0.4795001221869535 0.28884436634648486 0.033894853524689274
    2.209049699858544e-05 7.357847917974398e-15 1.1224297172982926e-29 5.663192408856143e-296
    0.0
""",
    "erfcx": """
    inf inf 5.4335189393274735e+271 1.8435638986039354e+17 5.008980080762283 1.98352040253667
    1.0000000011283792 1.0 1.0 0.7345993345676551 0.6156903441929259 0.5069376502931449
    0.3215854164543175 0.17900115118138996 0.10096221839949909 0.06998516620088092
    0.021683584850562907 5.6418958354775626e-21
""",
    "ndtr": """
    0.0 4.605353009581955e-308 3.056696706382561e-138 2.0522634252189388e-10 0.15865525393145705
    0.3050257308975194 0.49999999960105773 0.5 0.5 0.6179114221889527 0.6914624612740131
    0.7733726476231318 0.9331927987311419 0.9986501019683699 0.9999999810104375
    0.9999999999999993 1.0 1.0
""",
    "log_ndtr": """
    -5e+39 -707.6689893175072 -316.63940800802027 -22.30690763600825 -1.8410216450092636
    -1.1873591423347094 -0.6931471813578298 -0.6931471805599453 -0.6931471805599453
    -0.4814101615884812 -0.3689464152886564 -0.25699426683836524 -0.06914345561223398
    -0.0013508099647481938 -1.8989562646189464e-08 -6.220960574271786e-16
    -2.4760633155033892e-149 -0.0
""",
}


def compiled(name: str, x: np.ndarray) -> np.ndarray:
    function = getattr(elementary, name)

    @njit(**elementary.SUMS)
    def values(x, y):
        for i in range(x.size):
            y[i] = function(x[i])
        return y

    return values(x, np.empty_like(x))


@pytest.mark.parametrize("name", RIGHT)
def test_numbers_of_fifty_digits(name: str) -> None:
    y, right = compiled(name, np.array(X)), np.array(RIGHT[name].split(), float)
    normal = abs(right) > 1e-307
    np.testing.assert_allclose(y[normal], right[normal], rtol=2.3e-15)
    np.testing.assert_allclose(y[~normal], right[~normal], atol=1e-320)


@pytest.mark.parametrize("name", RIGHT)
def test_float32_agrees_with_float64(name: str) -> None:
    x = np.linspace(-9, 9, 20_001).astype(np.float32)
    y, right = compiled(name, x), compiled(name, x.astype(np.float64))
    assert y.dtype == np.float32
    kept = (abs(right) > 1e-37) & (abs(right) < 1e38)
    np.testing.assert_allclose(y[kept], right[kept], rtol=1.2e-6)


@both
@pytest.mark.parametrize("name", ["erf", "erfc"])
def test_dense_numbers_agree_with_the_c_library(name: str, dtype: Any) -> None:
    x = np.linspace(-5, 9, 40_001).astype(dtype)
    right = np.array([getattr(math, name)(number) for number in x.tolist()])
    np.testing.assert_allclose(compiled(name, x), right, rtol=8 * np.finfo(dtype).eps)


@both
def test_ends(dtype: Any) -> None:
    x = np.array([-np.inf, np.inf, np.nan], dtype)
    ends = {"erf": [-1, 1], "erfc": [2, 0], "erfcx": [np.inf, 0], "ndtr": [0, 1]}
    for name, right in {**ends, "log_ndtr": [-np.inf, 0]}.items():
        np.testing.assert_array_equal(compiled(name, x), [*right, np.nan], err_msg=name)
    assert np.signbit(compiled("erf", np.array([-0.0], dtype)))
