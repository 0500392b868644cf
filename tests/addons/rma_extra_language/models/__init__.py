from . import sale_rma_withdrawal_words
