from . import sale_rma_access
from . import sale_rma_activity
from . import sale_rma_cached
from . import sale_rma_posting
from . import sale_rma_protected
from . import sale_rma_incoming
from . import sale_rma_evidence
