import ctypes, errno, mmap, os, platform, signal, socket, struct, sys, time
libc = ctypes.CDLL(None, use_errno=True)
ARM = platform.machine() == 'aarch64'
def call(x64, arm64, *arguments):
    number = arm64 if ARM else x64
    result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(each) if isinstance(each, int) else each for each in arguments])
    return result, ctypes.get_errno()
def says(escaped):
    print('ESCAPED' if escaped else 'HELD', flush=True)
    os._exit(0)
def attempt(act):
    try:
        says(act() is not False)
    except OSError:
        says(False)
