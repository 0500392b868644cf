from . import sale_rma_line
from . import stock_warehouse
