from . import portal
from . import portal_request
from . import guest
from . import thread
from . import withdrawal
from . import policy
from . import label
