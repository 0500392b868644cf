from . import sale_rma
from . import sale_rma_line
from . import sale_rma_upload
from . import sale_rma_customer_actions
from . import sale_rma_request
from . import sale_rma_guest_request
from . import ir_http
from . import res_partner
