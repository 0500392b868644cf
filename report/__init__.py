from . import sale_rma_slip
