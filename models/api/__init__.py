from . import sale_rma_call
from . import sale_order
from . import sale_rma
from . import sale_rma_returnable
from . import sale_rma_follow
from . import sale_rma_line
