from . import sale_rma_repayment
