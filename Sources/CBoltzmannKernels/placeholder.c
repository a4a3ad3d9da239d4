#include "boltzmann_kernels.h"
