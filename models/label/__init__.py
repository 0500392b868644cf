from . import res_company
from . import res_config_settings
from . import sale_rma_label
from . import sale_rma_label_ask
from . import sale_rma
