// OpenBLAS's products and thread controls, and LAPACK's C interface.
#include <cblas.h>
#include <lapacke.h>
