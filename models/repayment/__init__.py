from . import sale_rma_repayment
from . import sale_rma_repayment_plan
from . import sale_rma
from . import account_move
from . import account_partial_reconcile
from . import payment_transaction
from . import sale_order
