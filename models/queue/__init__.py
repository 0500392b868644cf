"""What waits for whom, in which order, and finding a return by whatever is at hand."""

from . import sale_rma
from . import sale_rma_search
from . import sale_rma_form
from . import sale_rma_line
