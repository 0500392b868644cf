from . import account_move
from . import sale_rma
from . import sale_rma_line
from . import product_product
