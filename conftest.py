"""How nbval runs the notebooks, wherever pytest is called from."""

import nbval.kernel
from nbval.plugin import IPyNbFile


def started_again(start):
    """Two kernels that start at once may be given the same free port; the one that dies of it is
    started anew."""

    def begin(*args, **kwargs):
        try:
            return start(*args, **kwargs)
        except RuntimeError:
            return start(*args, **kwargs)

    return begin


def without_bars(get_message):
    """nbval keeps what a cell clears; only progress bars are updated in place, and cleared."""

    def get(*args, **kwargs):
        while True:
            message = get_message(*args, **kwargs)
            passing = message["msg_type"] in ("update_display_data", "clear_output")
            if not passing and not message["content"].get("transient"):
                return message

    return get


nbval.kernel.start_new_kernel = started_again(nbval.kernel.start_new_kernel)
IPyNbFile.get_kernel_message = without_bars(IPyNbFile.get_kernel_message)
