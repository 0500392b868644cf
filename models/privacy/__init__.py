from . import sale_rma_withdrawal
from . import sale_rma_erasure
from . import sale_rma_personal_data
from . import res_company
