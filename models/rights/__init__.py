from . import sale_rma_program
from . import sale_rma
from . import ir_default
from . import sale_order
from . import sale_rma_access_token
from . import sale_rma_documents
