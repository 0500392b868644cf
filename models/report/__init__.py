"""The numbers to steer by: what was sold, came back, was given back, and how long it took."""

from . import sale_rma_line
from . import sale_rma
from . import sale_rma_report
from . import sale_rma_report_columns
from . import sale_rma_report_query
from . import sale_rma_report_rates
from . import product_rate
from . import res_partner
