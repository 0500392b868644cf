from . import sale_rma_job
from . import sale_rma_job_actions
from . import sale_rma_job_line
from . import sale_rma_job_run
from . import sale_rma_job_operations
from . import sale_rma
