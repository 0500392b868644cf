from . import portal
from . import portal_request
from . import portal_follow
from . import guest
from . import thread
from . import withdrawal
from . import policy
from . import label
