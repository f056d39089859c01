"""Spector and Mazzeo's 32 students (1980): public data of a standard example of the logit model.

The coefficients leave a gradient of 1e-18, and agree with statsmodels and scikit-learn to 1e-14.
"""

from __future__ import annotations

# grade point average, test score, taught by the new method, grade improved
TABLE = """\
GPA,TUCE,PSI,GRADE
2.66,20,0,0
2.89,22,0,0
3.28,24,0,0
2.92,12,0,0
4,21,0,1
2.86,17,0,0
2.76,17,0,0
2.87,21,0,0
3.03,25,0,0
3.92,29,0,1
2.63,20,0,0
3.32,23,0,0
3.57,23,0,0
3.26,25,0,1
3.53,26,0,0
2.74,19,0,0
2.75,25,0,0
2.83,19,0,0
3.12,23,1,0
3.16,25,1,1
2.06,22,1,0
3.62,28,1,1
2.89,14,1,0
3.51,26,1,0
3.54,24,1,1
2.83,27,1,1
3.39,17,1,1
2.67,24,1,0
3.65,21,1,1
4,23,1,1
3.1,21,1,0
2.39,19,1,1
"""

COEFFICIENTS = [2.8261125948893215, 0.0951576613179093, 2.378687655093354]
INTERCEPT = -13.02134685811569
LOG_LIKELIHOOD = -12.889634222131415

RIDGE_COEFFICIENTS = [1.2100874288837233, 0.130151913856947, 1.1621444812512678]
RIDGE_INTERCEPT = -7.949012046076748
RIDGE_OBJECTIVE = 15.787058902673785
