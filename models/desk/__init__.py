"""The returns desk: parcels are scanned, what is in them is graded and put where it belongs."""

from . import sale_rma_grade
from . import sale_rma_disposition
from . import sale_rma_check
from . import sale_rma_scrap_ground
from . import product_category
from . import sale_rma_inspection
from . import sale_rma_inspection_moves
from . import sale_rma_inspection_ways
from . import sale_rma_parcel
from . import sale_rma_parcel_state
from . import sale_rma_parcel_scan
from . import sale_rma_parcel_step
from . import sale_rma_parcel_steps
from . import sale_rma_parcel_finish
from . import sale_rma
from . import sale_rma_line
from . import stock_move
from . import stock_scrap
from . import stock_warehouse
from . import ir_ui_menu
