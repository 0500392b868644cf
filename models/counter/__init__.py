"""Orders that were handed over and paid at the till (`pos_sale`, which is no dependency)."""

from . import sale_order_line
from . import sale_rma
from . import sale_rma_refund
