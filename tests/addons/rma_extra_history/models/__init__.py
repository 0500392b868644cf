from . import sale_rma
