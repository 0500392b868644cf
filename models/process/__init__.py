from . import sale_rma_line
