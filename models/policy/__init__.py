from . import sale_rma_policy
from . import sale_rma_policy_match
from . import sale_rma_policy_floor
from . import sale_rma_policy_evaluate
from . import sale_order_line
from . import sale_rma_line
from . import sale_rma
from . import sale_rma_request
