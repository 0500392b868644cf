from . import sale_rma
from . import sale_rma_line
from . import sale_rma_request
