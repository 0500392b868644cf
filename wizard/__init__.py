from . import account_move_reversal
from . import sale_rma_close
from . import sale_rma_withdrawal_check
from . import sale_rma_create
from . import sale_rma_process
from . import sale_rma_process_line
from . import sale_rma_process_line_proposal
from . import sale_rma_privacy
