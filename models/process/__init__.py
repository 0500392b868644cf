from . import sale_rma
from . import sale_rma_line
from . import sale_rma_line_expired
from . import sale_rma_plan
from . import sale_rma_plan_check
from . import sale_rma_plan_values
