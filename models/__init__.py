# what our models share
from . import mixins

# the document
from . import sale_rma_reason
from . import sale_rma_ground
from . import sale_rma
from . import sale_rma_reference
from . import sale_rma_api
from . import sale_rma_api_values
from . import sale_rma_proposed_lines
from . import sale_rma_state
from . import sale_rma_lock
from . import sale_rma_expiry
from . import sale_rma_overdue
from . import sale_rma_read
from . import sale_rma_state_table
from . import sale_rma_hooks
from . import sale_rma_unchangeable
from . import sale_rma_customer
from . import sale_rma_history
from . import sale_rma_clock
from . import sale_rma_line
from . import sale_rma_line_limits
from . import sale_rma_line_reason
from . import sale_rma_import
from . import res_company
from . import res_config_settings
from . import sale_order
from . import sale_order_returnable
from . import sale_order_line
from . import sale_order_line_item
from . import sale_order_line_return_window
from . import stock_location
from . import stock_move

# what is done with it, a room for each capability
from . import rights
from . import receipt
from . import refund
from . import process
from . import counter
from . import exchange
from . import mail
from . import portal
from . import withdrawal
from . import claim
from . import recall
from . import privacy
from . import bulk
from . import policy
from . import repayment
from . import queue
from . import report
from . import label
from . import api
from . import desk
from . import speed
