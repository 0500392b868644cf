from . import sale_rma
from . import sale_rma_line
from . import sale_rma_refund
from . import sale_order_line
from . import stock_lot
from . import stock_quant
from . import product_product
from . import product_template
